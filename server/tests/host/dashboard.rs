//! The week as a picture: from a shell and from an editor, and changed through it.

use std::fs;

use serde_json::{Value, json};

use crate::harness::{Home, Trace};

/// A user with an hour for Acme and half an hour in a folder of no project.
fn after_work() -> Home {
    let home = Home::jane();
    let trace = Trace::new()
        .work("/work/acme/api/a.rs", 0..=3_600)
        .work("/scratch/<b>\"quoted\" it's/b.rs", 3_601..=5_400);
    home.plugin("before").record(&trace);
    home
}

/// Returns the week with time in it.
fn week(home: &Home) -> String {
    let report = home.cli(["report", "--all", "--by", "week"]).json();
    report["rows"][0]["day"].as_str().expect("a week").to_owned()
}

/// Returns the first day of the document with time in it, and its first block.
fn first_block(document: &Value) -> (String, Value) {
    let days = document["weeks"][0]["days"].as_array().expect("days");
    let day = days.iter().find(|day| !day["blocks"].is_null()).expect("a day");
    (
        day["date"].as_str().expect("a date").to_owned(),
        day["blocks"][0].clone(),
    )
}

#[test]
fn a_shell_gets_a_file_the_document_or_text_bars() {
    let home = after_work();
    let week = week(&home);
    let written = home.cli(["dashboard", &week]).ok();
    let path = written.trim().lines().last().expect("a path").to_owned();
    assert_eq!(path, home.folder().join("dashboard.html").to_str().expect("a path"));
    let page = fs::read_to_string(&path).expect("a page");
    assert!(page.starts_with("<!DOCTYPE html>") && page.len() < 300_000);
    assert!(!page.contains("<b>\\\"quoted"));

    let elsewhere = home.user().join("out/week.html");
    let elsewhere = elsewhere.to_str().expect("a path");
    let told = home.cli(["dashboard", &week, "--output", elsewhere]).json();
    assert_eq!(told["files"], json!([elsewhere]));
    assert!(fs::metadata(elsewhere).is_ok());

    let document = home.cli(["dashboard", &week]).json();
    assert_eq!(document["week"], week.as_str());
    let (_, block) = first_block(&document);
    assert!(block[3]["key"].is_string(), "{block}");

    let text = home.cli(["dashboard", &week, "--text"]).ok();
    assert!(text.contains("a acme/api") && text.contains("? unassigned"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
}

#[test]
fn a_shell_changes_a_line_by_its_time() {
    let home = after_work();
    let document = home.cli(["dashboard", &week(&home)]).json();
    let (day, block) = first_block(&document);
    let clock = |at: &Value| {
        let minutes = at.as_i64().expect("seconds") / 60;
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    };
    let line = format!("{}-{}", clock(&block[0]), clock(&block[1]));
    let change = |words: &[&str]| home.cli(["change", &line, "--day", &day]).args(words);
    assert!(change(&[]).fails(2).contains("--to"));
    assert!(
        change(&["--erase", "--note", "x"])
            .fails(2)
            .contains("cannot be used with")
    );
    let unknown = change(&["--to", "acme/apo"]).fails(1);
    assert!(
        unknown.contains("unknown project acme/apo\nhint: did you mean acme/api?"),
        "{unknown}"
    );
    let nowhere = home.cli(["change", "00:01-00:02", "--day", &day, "--erase"]).fails(1);
    assert!(nowhere.contains(&format!("hint: its lines are {line}")), "{nowhere}");
    let done = change(&["--to", "globex/web", "--note", "-- a call"]).ok();
    assert_eq!(done, "2 changes applied; `keeptab undo` takes that back\n");
    let report = home.cli(["report", "--all"]).json();
    assert_eq!(report["rows"][0]["project"], "globex/web");
    home.cli(["undo"]).ok();
    assert_eq!(home.cli(["report", "--all"]).json()["rows"][0]["project"], "acme/api");
}

#[test]
fn an_editor_shows_the_page_and_changes_a_block_of_it() {
    let home = after_work();
    let week = week(&home);
    let mut host = home.plugin("test");
    let page = host.execute("keeptab.dashboard", &[&week, "--page"]).expect("a page");
    assert!(page["data"]["page"].as_str().expect("HTML").contains("\"key\""));
    let document = host
        .execute("keeptab.dashboard", &[&week, "--data"])
        .expect("a document")["data"]
        .clone();
    let (day, block) = first_block(&document);
    let (key, day) = (block[3]["key"].as_str().expect("a key"), format!("--day={day}"));
    let changed = host
        .execute("keeptab.change", &[key, &day, "--to=?"])
        .expect("a change");
    assert_eq!(
        (&changed["told"]["undo"], &changed["data"]["changes"]),
        (&json!("keeptab.undo"), &json!(1))
    );
    // What was there is there no more.
    let stale = host
        .execute("keeptab.change", &[key, &day, "--erase"])
        .expect_err("an old key");
    let (message, hint) = (&stale["data"]["message"], &stale["data"]["hint"]);
    assert!(
        message.as_str().expect("words").contains("changed meanwhile"),
        "{stale}"
    );
    assert!(hint.is_string(), "{stale}");
    host.execute("keeptab.undo", &[]).expect("an undo");
    let again = host
        .execute("keeptab.dashboard", &[&week, "--data"])
        .expect("a document")["data"]
        .clone();
    assert_eq!(again["weeks"], document["weeks"]);
}

#[test]
fn an_editor_without_an_eye_for_pages_opens_the_browser() {
    let home = after_work();
    let mut host = home.plugin("test");
    let told = host.execute("keeptab.dashboard", &[]).expect("a file");
    let shown = host.answer("window/showDocument", |_| json!({ "success": true }));
    assert_eq!(shown["external"], true);
    let path = told["data"]["files"][0].as_str().expect("a path");
    assert_eq!(shown["uri"], format!("file://{path}"));
}
