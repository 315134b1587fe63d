//! Checks the shape of the sources: what each crate and module may name, and that PROTOCOL.md agrees with the code.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest as _, Sha256};

fn root() -> PathBuf {
    // Read at run time: a build of another clone would name that clone.
    #[expect(clippy::disallowed_methods, reason = "the test runner says so")]
    Path::new(&std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("..")
}

/// All Rust files below a folder, with their path from there.
fn sources(folder: &Path) -> Vec<(String, String)> {
    files(folder, &["rs"])
}

/// All files below a folder whose names end so, with their path from there.
fn files(folder: &Path, extensions: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|end| extensions.iter().any(|extension| end == *extension))
            {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!found.is_empty());
    found
}

/// Returns the code of a source, without comments.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim_start().starts_with("//"))
}

/// The module of a source: `lsp/outbox.rs` and `lsp.rs` are both `lsp`.
fn module(name: &str) -> &str {
    name.split(['/', '.']).next().unwrap()
}

/// Returns the manifests of all crates of the workspace, by the crate's folder, such as `server/store`.
fn manifests() -> Vec<(String, String)> {
    let workspace = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let (_, members) = workspace.split_once("members = [").unwrap();
    let (members, _) = members.split_once(']').unwrap();
    let folders = members.split('"').skip(1).step_by(2);
    let manifest = |folder: &str| fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap();
    folders.map(|folder| (folder.to_owned(), manifest(folder))).collect()
}

/// Returns what a crate depends on, its tests aside.
fn dependencies(manifest: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut counts = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            counts = line.ends_with("dependencies]") && line != "[dev-dependencies]";
        } else if counts {
            found.extend(line.split(['.', ' ']).next().filter(|name| !name.is_empty()));
        }
    }
    found
}

/// Returns the rows of the table in ARCHITECTURE.md whose first column has that heading: the name in the first cell, and
/// the names in the last one, which it may use.
fn arrows(heading: &str) -> BTreeMap<String, Vec<String>> {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let head = format!("| {heading} | what it does | may use |");
    let (_, table) = page.split_once(&head).expect("the table is there");
    let names = |cell: &str| {
        cell.split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").collect();
        (names(cells[0])[0].clone(), names(cells[cells.len() - 1]))
    })
    .collect()
}

/// Cargo refuses circles; this holds that the arrows between the crates are those of ARCHITECTURE.md, no more and no less.
#[test]
fn crates_depend_on_what_the_architecture_says() {
    let mut said = arrows("crate");
    for (folder, manifest) in manifests() {
        let mut may = said
            .remove(&folder)
            .unwrap_or_else(|| panic!("{folder} is not in ARCHITECTURE.md"));
        let uses = dependencies(&manifest).into_iter();
        let mut uses: Vec<String> = uses
            .filter_map(|name| Some(name.strip_prefix("keeptab-")?.to_owned()))
            .collect();
        may.sort();
        uses.sort();
        assert_eq!(uses, may, "{folder}");
    }
    assert!(said.is_empty(), "there is no {said:?}");
}

#[test]
fn modules_name_only_what_the_architecture_says() {
    let said = arrows("module");
    for (name, text) in sources(&root().join("server/src")) {
        let own = module(&name);
        let may = said
            .get(own)
            .unwrap_or_else(|| panic!("{own} is not in ARCHITECTURE.md"));
        for line in code(&text).filter(|_| own != "main") {
            for (at, word) in line.match_indices("crate::") {
                let rest = line[at + word.len()..].chars();
                let other: String = rest
                    .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
                    .collect();
                assert!(other == own || may.contains(&other), "{name} names {other}: {line}");
            }
        }
    }
}

#[test]
fn each_heavy_library_has_one_crate() {
    let homes = [
        ("csv-core", "server/import"),
        ("encoding_rs", "server/import"),
        ("fontdb", "server/engine"),
        ("gix", "server/repository"),
        ("ignore", "server/watch"),
        ("notify", "server/watch"),
        ("open", "server"),
        ("rusqlite", "server/store"),
        ("toml_edit", "server/config"),
        ("toml_parser", "server/config"),
        ("tower-lsp", "server"),
        ("typst", "server/document"),
    ];
    for (folder, manifest) in manifests().iter().filter(|(folder, _)| !folder.starts_with("tests/")) {
        for (library, home) in homes {
            let depends = dependencies(manifest).contains(&library);
            assert_eq!(depends, folder == home, "{folder}, {library}");
        }
    }
    for (name, text) in sources(&root().join("server/src")) {
        for (word, home) in [("tower_lsp", "lsp"), ("open::that", "cli"), ("csv::", "cli")] {
            let named = code(&text).any(|line| line.contains(word));
            assert!(
                !named || module(&name) == home,
                "{name} names {word}, which belongs to {home}"
            );
        }
    }
}

/// The simulator refuses and loses what files change; it must hear of all of it.
#[test]
fn files_beside_the_database_change_through_the_disk_alone() {
    for folder in ["server/system/src", "server/store/src", "server/engine/src"] {
        for (name, text) in sources(&root().join(folder)) {
            let (text, _) = text.split_once("#[cfg(test)]").unwrap_or((&text, ""));
            if name == "disk.rs" || name.contains("tests") {
                continue;
            }
            for word in [
                "fs::rename",
                "fs::hard_link",
                "fs::remove_file",
                "fs::write(",
                "fs::copy(",
            ] {
                assert!(!code(text).any(|line| line.contains(word)), "{folder}/{name}: {word}");
            }
        }
    }
}

/// Outside the output module, a foreign name could reach a terminal with its escapes.
#[test]
fn words_are_printed_by_the_output_alone() {
    for (name, text) in sources(&root().join("server")) {
        let Some(name) = name.strip_prefix("src/").or(name.contains("/src/").then_some(&*name)) else {
            continue;
        };
        // The import's percentage has no foreign text.
        let allowed = ["cli/output.rs", "cli/commands/import.rs"].contains(&name);
        let prints = |line: &str| line.contains("write") && (line.contains("stdout()") || line.contains("stderr()"));
        assert!(
            allowed || name.starts_with("browser") || !code(&text).any(prints),
            "{name} prints past cli/output"
        );
    }
}

#[test]
fn the_core_stays_pure() {
    let manifest = fs::read_to_string(root().join("server/core/Cargo.toml")).unwrap();
    for impure in ["tokio", "rusqlite", "tower", "notify", "anyhow", "tracing"] {
        assert!(!manifest.contains(impure), "the core depends on {impure}");
    }
    for (name, text) in sources(&root().join("server/core/src")) {
        for word in [
            "std::fs",
            "std::env",
            "std::net",
            "SystemTime",
            "Utc::now",
            "f64",
            "f32",
            "async ",
        ] {
            assert!(!code(&text).any(|line| line.contains(word)), "{name} names {word}");
        }
    }
}

#[test]
fn files_are_one_idea_each() {
    for (name, text) in sources(&root().join("server")) {
        let lines = text.lines().count();
        assert!(lines <= 500, "server/{name} has {lines} lines");
    }
}

/// npm before 10 ignores aliases in `overrides`, and a stand-in by a stranger is a dependency like any other.
#[test]
fn npm_packages_come_under_their_own_names() {
    for folder in [
        "editors/vscode",
        "editors/browser",
        "tests/vscode",
        "tests/browser",
        "tests/dashboard",
    ] {
        let manifest = fs::read_to_string(root().join(folder).join("package.json")).unwrap();
        assert!(!manifest.contains("\"npm:"), "{folder} takes a package by an alias");
    }
}

#[test]
fn the_protocol_page_is_as_the_code_is() {
    let mut hash = Sha256::new();
    for file in [
        "src/wire.rs",
        "src/lsp/protocol.rs",
        "src/lsp/command.rs",
        "src/browser/message.rs",
        "present/src/flow.rs",
    ] {
        hash.update(fs::read(root().join("server").join(file)).unwrap());
    }
    let hash = hash
        .finalize()
        .iter()
        .take(8)
        .fold(0, |hash: u64, byte| hash << 8 | u64::from(*byte));
    let page = fs::read_to_string(root().join("PROTOCOL.md")).unwrap();
    let line = format!("<!-- protocol: {hash:016x} -->");
    assert!(
        page.contains(&line),
        "the messages changed: read PROTOCOL.md again, then end it with {line}"
    );
}

/// SECURITY.md names tests as `path` › `name`, and promises no more than they show.
#[test]
fn the_tests_that_security_md_names_are_there() {
    let page = fs::read_to_string(root().join("SECURITY.md")).unwrap();
    let mut named = 0;
    for (at, arrow) in page.match_indices("` › `") {
        let (before, after) = (&page[..at], &page[at + arrow.len()..]);
        let path = before.rsplit('`').next().unwrap();
        let name = after.split('`').next().unwrap();
        let text = fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        let quoted = [format!("\"{name}\""), format!("`{name}${{where}}`")];
        let is_there = text.contains(&format!("fn {name}(")) || quoted.iter().any(|quoted| text.contains(quoted));
        assert!(is_there, "{path} has no test {name}");
        named += 1;
    }
    assert!(named >= 25, "SECURITY.md names {named} tests");
}

/// Names of what the host says to people, in the clients.
const SAID: [&str; 8] = [
    "text", "message", "summary", "tooltip", "title", "reason", "hint", "sentence",
];

/// The name at the end of an expression, such as `text` of `(told?.text.trim()`.
fn last_name(expression: &str) -> &str {
    let expression = expression.trim_end_matches('?').trim_end_matches(".trim()");
    let start = expression.rfind(|letter: char| !letter.is_alphanumeric() && letter != '_');
    &expression[start.map_or(0, |at| at + 1)..]
}

/// Returns whether a line of a client looks for words in what the host says. Lines and blanks are its form, not its words.
fn searches(line: &str) -> bool {
    let is_form = |argument: &str| ["\"\\n", "/\\s+/g"].iter().any(|form| argument.starts_with(form));
    let of_receiver = [
        ".match(",
        ".matchAll(",
        ".search(",
        ".includes(",
        ".indexOf(",
        ".startsWith(",
        ".endsWith(",
        ".replace(",
        ".replaceAll(",
        ".split(",
        ":find(",
        ":match(",
        ":gmatch(",
        ":gsub(",
    ];
    let by_receiver = of_receiver.iter().any(|method| {
        let mut found = line.match_indices(method);
        found.any(|(at, method)| SAID.contains(&last_name(&line[..at])) && !is_form(&line[at + method.len()..]))
    });
    let of_argument = [".test(", ".exec(", "vim.split(", "vim.startswith(", "vim.endswith("];
    let by_argument = of_argument.iter().any(|method| {
        let mut found = line.match_indices(method);
        found.any(|(at, method)| {
            let rest = line[at + method.len()..].trim_start_matches("vim.trim(");
            let end = rest.find([')', ',']).unwrap_or(rest.len());
            let after = rest[end..].trim_start_matches([')', ',', ' ']);
            SAID.contains(&last_name(rest[..end].trim_end_matches(".trim("))) && !is_form(after)
        })
    });
    let takes_apart = of_receiver
        .iter()
        .chain(&of_argument)
        .any(|method| line.contains(method));
    by_receiver || by_argument || takes_apart && line.contains("hint: ")
}

/// Clients read fields of an answer, never its words. The list of exceptions only gets shorter.
#[test]
fn no_client_searches_a_sentence_of_the_host() {
    let known = [
        // The totals are not fields of the status yet.
        ("editors/browser/src/popup.ts", ".exec(text) ?? []"),
        // The name of a table is not a field of an answer yet.
        ("editors/vscode/src/reply.ts", "title.split(/\\s{2,}/)"),
        // These are not the host's: the palette's own title, what the user types, and what is escaped.
        ("editors/vscode/src/commands.ts", "title.replace(/[…?]$/, \"\")"),
        ("server/present/src/page/words.js", ".exec(text.trim())"),
        (
            "editors/nvim/lua/keeptab/plain.lua",
            "text:gsub(\"[^\\n]+\", vim.fn.strtrans)",
        ),
    ];
    let mut left: Vec<&str> = known.iter().map(|(_, code)| *code).collect();
    for folder in [
        "editors/vscode/src",
        "editors/nvim/lua",
        "editors/browser/src",
        "server/present/src/page",
    ] {
        for (name, text) in files(&root().join(folder), &["ts", "js", "lua"]) {
            let path = format!("{folder}/{name}");
            for line in text.lines().filter(|line| searches(line)) {
                let line = line.trim();
                let is_known = known.iter().find(|(file, code)| *file == path && line.contains(code));
                let is_comment = ["//", "*", "/*", "--"].iter().any(|start| line.starts_with(start));
                assert!(is_known.is_some() || is_comment, "{path} searches a sentence: {line}");
                left.retain(|code| is_known.is_none_or(|(_, known)| known != code));
            }
        }
    }
    assert_eq!(left, Vec::<&str>::new(), "these are gone: take them off the list");
}

#[test]
fn a_search_of_a_sentence_is_seen() {
    for line in [
        r#"if (/takes that back/.test(told.text)) {"#,
        r#"const file = told.text.trim().split(" ").at(-1);"#,
        r#"if (answer?.text?.includes("was issued")) {"#,
        r#"local words = vim.split(vim.trim(told.text), "; ")"#,
        r#"if message:find("is paused") then"#,
        r#"return (line:gsub("^hint: ", ""))"#,
    ] {
        assert!(searches(line), "{line}");
    }
    for line in [
        r#"const [first = "", ...rest] = text.trim().split("\n");"#,
        r#"local lines = vim.split(vim.trim(told.text), "\n")"#,
        r#"const file = files.find((file) => file.endsWith(".pdf"));"#,
        r#"title.replace(/\s+/g, " ")"#,
    ] {
        assert!(!searches(line), "{line}");
    }
}

/// `tests/contributing` also builds and runs them.
#[test]
fn the_diffs_of_contributing_apply() {
    let page = fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    let diffs = page.split("```diff\n").skip(1);
    let diffs: String = diffs.map(|diff| diff.split("```").next().unwrap()).collect();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("contributing.diff");
    fs::write(&file, &diffs).unwrap();
    let checked = Command::new("git")
        .args(["apply", "--check"])
        .arg(&file)
        .current_dir(root())
        .output()
        .unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    // A command and an importer: a new file, and one line of a list, each.
    let lists: Vec<&str> = diffs
        .split("--- ")
        .skip(1)
        .filter(|part| !part.starts_with("/dev/null"))
        .collect();
    assert_eq!(lists.len(), 2);
    for list in lists {
        let added = list.lines().skip(2).filter(|line| line.starts_with('+')).count();
        assert_eq!(added, 1, "{list}");
    }
}
