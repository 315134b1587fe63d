//! Hostile text in names, folders, notes, files and documents.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use crate::harness::{Home, Trace, now};

/// Escapes of all kinds: a title, a colour by C0 and by C1, an overprint, a right-to-left override, an isolate.
const EVIL: &str = "a\u{1b}]0;gone\u{7}\u{1b}[31m\u{9b}1m\r\u{202e}b\u{2066}";

fn is_control(letter: char) -> bool {
    let bidi =
        matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    bidi || letter.is_control() && letter != '\n' && letter != '\t'
}

/// Returns a path in the form of a URI.
fn encoded(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
    let letter = |byte| {
        if plain(byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    path.bytes().map(letter).collect()
}

/// A user whose folders, projects, clients and notes have hostile names.
fn haunted() -> Home {
    let home = Home::jane();
    let escaped = EVIL.chars().map(|letter| format!("\\u{:04x}", u32::from(letter)));
    let name: String = escaped.collect();
    let glob = name.replace("\\u005b", "[[]");
    let more = format!(
        r#"
[client."evil"]
name = "{name}\nhint: a line of its own"
address = ["{name}"]
postcode = "1"
city = "{name}"
country = "DE"

[project."evil/{name}"]
client = "evil"
name = "{name}"
rate = "95.00"
paths = ["/work/{glob}/**"]
"#
    );
    let config = home.config() + &more;
    home.write_config(&config);
    let trace = Trace::new()
        .work(&encoded(&format!("/work/{EVIL}/a.rs")), 0..=3_600)
        .work(&encoded(&format!("/elsewhere/{EVIL}\n/b.rs")), 3_601..=7_200);
    home.plugin("test").record(&trace);
    home
}

#[test]
fn no_control_of_a_stranger_reaches_a_terminal() {
    let home = haunted();
    let project = format!("evil/{EVIL}");
    let table = home.user().join("rows.csv");
    fs::write(&table, format!("{EVIL},Start,{EVIL}\n1,{EVIL},3\n")).unwrap();
    let table = table.to_str().unwrap();
    let sheet = home.user().join("sheet.timesheet");
    fs::write(&sheet, format!("# {EVIL}\n{EVIL}\n  09:00-10:00 {EVIL}\n")).unwrap();
    let sheet = sheet.to_str().unwrap();
    let day = "2025-03-03";
    let commands: &[&[&str]] = &[
        &["add", &project, "1h", "--day", day, "--note", EVIL],
        &["start", &project],
        &["status"],
        &["stop"],
        &["report", "--all"],
        &["report", "--all", "--by", "day"],
        &["report", "--all", "--csv"],
        &["project"],
        &["client"],
        &["assign"],
        &["away", day],
        &["explain", &format!("/work/{EVIL}/a.rs")],
        &["explain", &format!("/nowhere/{EVIL}")],
        &["review", "2025-W10"],
        &["review", "--apply", sheet],
        &["change", day, EVIL],
        &["dashboard", "--text"],
        &["invoice", "draft", "evil"],
        &["invoice", "show", "1"],
        &["invoice", "issue", "evil", "--date", "2025-03-31"],
        &["invoice", "list"],
        &["invoice", "show", "JDS-202503-0001"],
        &["invoice", "verify"],
        &["invoice", "draft", EVIL],
        &["import", table, "--yes"],
        &["import", table, "--from", EVIL],
        &["import", EVIL],
        &["export", "-"],
        &["project", "add", EVIL],
        &["doctor"],
        &[EVIL],
        &["report", "--week", EVIL],
        &["install", "browser"],
    ];
    let mut printed = 0;
    for words in commands {
        for json in [false, true] {
            if json && words.contains(&"--csv") {
                continue;
            }
            let ran = home.cli(*words).args(json.then_some("--json")).run();
            // A pipe may get the raw text of CSV; a terminal may not, which another test checks.
            for text in [&ran.stdout, &ran.stderr] {
                let controls: Vec<char> = text.chars().filter(|letter| is_control(*letter)).collect();
                let is_data = words.contains(&"--csv");
                assert!(
                    is_data || controls.is_empty(),
                    "{words:?} printed {controls:?} in {text}"
                );
                printed += text.matches("\\u{1b}").count() + text.matches("\\u001b").count();
            }
            if json && ran.code == Some(0) {
                let _: Value = ran.stdout.lines().next().map_or(Value::Null, |_| {
                    serde_json::Deserializer::from_str(&ran.stdout)
                        .into_iter()
                        .next()
                        .unwrap()
                        .unwrap()
                });
            }
        }
    }
    assert!(printed > 20, "the names were shown {printed} times");
}

#[test]
fn json_says_the_same_as_ever() {
    let home = haunted();
    let report = home.cli(["report", "--all"]).json();
    let rows = report["rows"].as_array().unwrap();
    assert!(
        rows.iter().any(|row| row["project"] == format!("evil/{EVIL}")),
        "{report}"
    );
}

#[test]
#[cfg(unix)]
fn the_command_that_is_suggested_names_the_folder_and_runs_nothing() {
    for name in [
        "x $(touch p)",
        "it's `touch p`",
        "a; touch p #",
        "\u{1b}[31m\u{202e}!\"%\\",
    ] {
        let home = Home::jane();
        let root = format!("file://{}", encoded(&format!("/elsewhere/{name}")));
        // Only this week is listed.
        let event = |minute: i64| json!({ "at": now() - minute * 60_000, "kind": "edit", "uri": format!("{root}/b.rs"), "root": root });
        let trace = (0..10)
            .rev()
            .fold(Trace::new(), |trace, minute| trace.event(event(minute)));
        home.plugin("test").record(&trace);
        let listed = home.cli(["assign"]).ok();
        let (_, suggested) = listed.rsplit_once("\n`").expect("a command");
        let (suggested, _) = suggested.rsplit_once("PROJECT`").expect("its end");
        // The shell's own keeptab, with a project.
        let suggested = format!("keeptab() {{ \"$KEEPTAB\" \"$@\"; }}; {suggested} acme/api");
        let ran = Command::new("sh")
            .args(["-c", &suggested])
            .envs(
                home.program()
                    .get_envs()
                    .filter_map(|(name, value)| Some((name, value?))),
            )
            .env("KEEPTAB", home.program().get_program())
            .current_dir(home.user())
            .output()
            .unwrap();
        assert!(
            ran.status.success(),
            "{suggested}: {}",
            String::from_utf8_lossy(&ran.stderr)
        );
        let file = format!("{root}/b.rs");
        assert_eq!(home.cli(["explain", &file]).json()["project"], "acme/api", "{listed}");
        assert!(!home.user().join("p").exists());
    }
}

/// Opens a text in an editor, saves it by hand, and returns the host's messages.
fn saved(home: &Home, path: &std::path::Path, text: &str) -> Vec<Value> {
    let mut host = home.plugin("stranger");
    let uri = format!("file://{}", path.display());
    let document = json!({ "uri": uri, "languageId": "timesheet", "version": 1, "text": text });
    host.notify("textDocument/didOpen", &json!({ "textDocument": document }));
    let saving = json!({ "textDocument": { "uri": uri }, "reason": 1 });
    let edits = host.request("textDocument/willSaveWaitUntil", &saving);
    host.notify("textDocument/didSave", &json!({ "textDocument": { "uri": uri } }));
    let lenses = host.request("textDocument/codeLens", &json!({ "textDocument": { "uri": uri } }));
    // The answer comes after all earlier notifications are handled.
    host.execute("keeptab.status", &[]).expect("a status");
    let mut said = host.said().to_vec();
    said.push(json!([edits.unwrap_or_default(), lenses.unwrap_or_default()]));
    said
}

#[test]
fn a_timesheet_of_a_repository_changes_nothing() {
    let home = haunted();
    let written = home.cli(["review", "2025-W10"]).json();
    let text = written["text"].as_str().unwrap();
    let header = text.lines().next().unwrap();
    let before = home.cli(["report", "--all"]).json();
    let folder = home.user().join("repository");
    fs::create_dir(&folder).unwrap();
    // Even with the very header that was written, as somebody who saw it could copy it.
    for stamp in [header, "# 2025-W10  r1"] {
        let path = folder.join("weekly.timesheet");
        fs::write(&path, format!("{stamp}\n")).unwrap();
        let said = saved(&home, &path, &format!("{stamp}\n"));
        assert_eq!(said.last(), Some(&json!([null, null])), "{said:?}");
        assert!(
            !said.iter().any(|message| message["method"] == "window/showMessage"),
            "{said:?}"
        );
        assert_eq!(home.cli(["report", "--all"]).json(), before);
    }
}

#[test]
fn a_stamp_that_was_not_written_applies_nothing_and_says_so() {
    let home = haunted();
    let written = home.cli(["review", "2025-W10"]).json();
    let (path, text) = (written["path"].as_str().unwrap(), written["text"].as_str().unwrap());
    let (header, _) = text.split_once('\n').unwrap();
    let (rest, stamp) = header.rsplit_once(' ').unwrap();
    let (number, hash) = stamp.split_once('-').expect("a revision with its hash");
    assert_eq!(hash.len(), 4);
    let before = home.cli(["report", "--all"]).json();
    let other = if hash == "0000" { "0001" } else { "0000" };
    for forged in [format!("{number}-{other}"), number.to_owned(), "r999-3f9a".to_owned()] {
        let text = format!("{rest} {forged}\n");
        fs::write(path, &text).unwrap();
        let error = home.cli(["review", "--apply", path]).fails(1);
        assert!(error.contains("nothing was applied"), "{error}");
        let said = saved(&home, path.as_ref(), &text);
        let told = said.iter().find(|message| message["method"] == "window/showMessage");
        assert!(told.is_some_and(|message| message["params"]["type"] == 1), "{said:?}");
        assert_eq!(home.cli(["report", "--all"]).json(), before);
    }
}

#[test]
fn a_sheet_of_an_earlier_version_is_still_applied() {
    let home = haunted();
    let written = home.cli(["review", "2025-W10"]).json();
    let (path, text) = (written["path"].as_str().unwrap(), written["text"].as_str().unwrap());
    let (header, rest) = text.split_once('\n').unwrap();
    let (header, _) = header.rsplit_once('-').unwrap();
    let old = format!("{header}\n{rest}");
    let database = rusqlite::Connection::open(home.database()).unwrap();
    database.execute("UPDATE sheet SET text = ?1", [&old]).unwrap();
    fs::write(path, &old).unwrap();
    home.cli(["review", "--apply", path]).ok();
    fs::write(path, format!("{header}\n")).unwrap();
    home.cli(["review", "--apply", path]).ok();
    assert_eq!(home.cli(["report", "--all"]).json()["totalSeconds"], 0);
}

#[test]
fn a_config_of_a_repository_is_in_force_nowhere() {
    let home = Home::jane();
    let folder = home.user().join("repository");
    fs::create_dir(&folder).unwrap();
    let theirs = home
        .config()
        .replace("Acme Co", "Mallory")
        .replace("DE75512108001245126199", "GB00X");
    fs::write(folder.join("keeptab.toml"), &theirs).unwrap();
    let clients = home.cli(["client"]).json();
    let mut program = home.program();
    program.current_dir(&folder);
    assert_eq!(crate::harness::Cli::new(program).args(["client"]).json(), clients);
    // Opened, changed and saved in an editor, it is checked, and stays an example.
    let mut host = home.plugin("stranger");
    let uri = format!("file://{}/keeptab.toml", folder.display());
    let document = json!({ "uri": uri, "languageId": "toml", "version": 1, "text": theirs });
    host.notify("textDocument/didOpen", &json!({ "textDocument": document }));
    host.notify("textDocument/didSave", &json!({ "textDocument": { "uri": uri } }));
    host.execute("keeptab.status", &[]).expect("a status");
    assert!(home.config().contains("Acme Co"));
    assert_eq!(home.cli(["client"]).json(), clients);
}
