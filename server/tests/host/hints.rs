//! Errors that name what can be done, and changes that name what they changed.

use crate::harness::Home;

#[test]
fn undo_names_what_it_takes_back_and_passes_no_import_over() {
    let home = Home::jane();
    home.cli(["add", "acme/api", "1:30", "--day", "2026-11-16"]).ok();
    let file = home.user().join("history.csv");
    let rows = "Date,Project,Hours\n2024-03-04,Old,2\n";
    std::fs::write(&file, rows).expect("a file");
    let import = [
        "import",
        file.to_str().expect("a path"),
        "--map",
        "date=Date,project=Project,hours=Hours",
        "--yes",
    ];
    home.cli(import).ok();
    let total = || home.cli(["report", "--all"]).json()["totalSeconds"].clone();
    let before = total();
    // The import is the latest change: what was done before it is not taken back in its place.
    let error = home.cli(["undo"]).fails(1);
    assert!(
        error.contains("import 1") && error.contains("`keeptab import --undo 1`"),
        "{error}"
    );
    assert_eq!(total(), before);
    home.cli(["import", "--undo", "1"]).ok();
    let undone = home.cli(["undo"]).json();
    assert_eq!(undone["what"], "1:30 on 2026-11-16 for acme/api", "{undone}");
    assert_eq!(total(), 0);
}

#[test]
fn undo_takes_back_what_an_export_of_another_home_brought_last() {
    let (from, to) = (Home::jane(), Home::jane());
    from.cli(["add", "acme/api", "1:30", "--day", "2026-11-16"]).ok();
    let file = from.user().join("keeptab.json");
    let file = file.to_str().expect("a path");
    from.cli(["export", from.user().to_str().expect("a path")]).ok();
    to.cli(["add", "acme/api", "0:30", "--day", "2026-11-17"]).ok();
    to.cli(["import", file, "--yes"]).ok();
    assert_eq!(to.cli(["report", "--all"]).json()["totalSeconds"], 7_200);
    // The export brought a change with its own time; the latest of all is this home's.
    assert_eq!(to.cli(["undo"]).json()["what"], "0:30 on 2026-11-17 for acme/api");
    assert_eq!(to.cli(["report", "--all"]).json()["totalSeconds"], 5_400);
}

#[test]
fn what_cannot_be_says_what_can() {
    let home = Home::jane();
    let error = home.cli(["client", "add", "Foo Bar", "--name", "Foo"]).fails(1);
    assert!(error.contains("such as foo-bar"), "{error}");
    let error = home.cli(["assign", "/work/else", "acme/app"]).fails(1);
    assert!(error.contains("projects are ") && error.contains("acme/api"), "{error}");
    let text = home.user().join("hours.csv");
    std::fs::write(&text, "Date,Hours\n2024-03-04,2\n").expect("a file");
    let error = home.cli(["restore", text.to_str().expect("a path")]).fails(1);
    assert!(error.contains("is no backup") && !error.contains("salvage"), "{error}");
    let seen = home.cli(["explain", "--at", "3:30-3:35"]).ok();
    assert_eq!(seen.trim().lines().count(), 1, "{seen}");
    home.cli(["project", "add", "acme/new", "--client", "acme"]).ok();
    home.cli(["add", "acme/new", "1:00"]).ok();
    let error = home.cli(["invoice", "issue", "acme", "--project", "acme/new"]).fails(1);
    assert!(error.contains("[project.\"acme/new\"]"), "{error}");
}

#[test]
fn an_error_is_data_for_a_program() {
    let home = Home::jane();
    for (words, exit, code) in [
        (&["report", "--week", "soon"][..], 2, "usage"),
        (&["invoice", "issue", "nobody"], 1, "unknown-client"),
        (&["add", "acme/app", "1:00"], 1, "unknown-project"),
        (&["invoice", "show", "JDS-202611-0001"], 1, "unknown-invoice"),
        (&["invoice", "discard", "7"], 1, "unknown-invoice"),
        (&["invoice", "issue", "acme"], 1, "nothing-to-bill"),
        (&["undo"], 1, "failed"),
    ] {
        let error = home.cli(words).fails_with_json(exit);
        assert_eq!(error["code"], code, "{words:?}: {error}");
        let message = error["message"].as_str().expect("a message");
        assert!(!message.is_empty() && !message.contains("hint: "), "{words:?}: {error}");
        // The words for people are the same.
        if code != "usage" {
            let said = home.cli(words).fails(exit);
            let hint = error["hint"].as_str().map(|hint| format!("\nhint: {hint}"));
            assert_eq!(said.trim(), format!("error: {message}{}", hint.unwrap_or_default()));
        }
    }
    let empty = Home::empty();
    let error = empty.cli(["invoice", "draft", "acme"]).fails_with_json(1);
    assert_eq!(error["code"], "no-business", "{error}");
    // A config that was never valid names nobody: its error is the reason.
    empty.write_config("[business]\nname = 1\n");
    for words in [&["invoice", "draft", "acme"][..], &["add", "acme/api", "1:00"]] {
        let error = empty.cli(words).fails_with_json(1);
        let message = error["message"].as_str().expect("a message");
        assert!(
            message.starts_with("the config is broken: keeptab.toml:"),
            "{words:?}: {error}"
        );
    }

    std::fs::write(home.database(), "this is no database, and never was one").expect("a file");
    let error = home.cli(["invoice", "list"]).fails_with_json(1);
    assert_eq!(error["code"], "damaged", "{error}");
}

#[test]
fn an_editor_gets_the_hint_of_an_error_apart() {
    let home = Home::jane();
    let mut host = home.plugin("test");
    let error = host
        .execute("keeptab.add", &["acme/app", "1:00"])
        .expect_err("no such project");
    let data = &error["data"];
    assert_eq!(data["code"], "unknown-project", "{error}");
    let (message, hint) = (data["message"].as_str(), data["hint"].as_str());
    let line = format!("{} — {}", message.expect("a message"), hint.expect("a hint"));
    assert_eq!(error["message"], line.as_str());
}
