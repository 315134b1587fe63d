//! Ranges in words: one reader for every command.

use chrono::{Days, NaiveDate};
use serde_json::Value;

use crate::harness::Home;

fn days(report: &Value) -> (NaiveDate, NaiveDate) {
    let day = |key: &str| report[key].as_str().expect("a day").parse().expect("a day");
    (day("from"), day("to"))
}

#[test]
fn a_range_is_read_alike_by_every_command() {
    let home = Home::jane();
    let report = |words: &[&str]| home.cli(["report"].iter().chain(words)).json();
    let added = home.cli(["add", "acme/api", "0:30", "--day", "yesterday"]).json();
    assert_eq!(added["entries"].as_array().map(Vec::len), Some(1), "{added}");
    let today = days(&report(&["--today"])).0;
    let yesterday = today - Days::new(1);
    for words in [&["yesterday"][..], &["--day", "yesterday"], &["--from", "yesterday"]] {
        let report = report(words);
        assert_eq!(
            (days(&report), &report["totalSeconds"]),
            ((yesterday, yesterday), &1800.into()),
            "{words:?}"
        );
    }
    assert_eq!(
        days(&report(&["--from", "yesterday", "--to", "today"])),
        (yesterday, today)
    );
    // The latest Monday, and the week before this one.
    let this = days(&report(&[]));
    let (monday, _) = days(&report(&["monday"]));
    assert_eq!(monday, this.0);
    let last = days(&report(&["last"]));
    assert_eq!((last.0 + Days::new(7), last.1 + Days::new(7)), this);
    for words in [&["--week", "last"][..], &["-1"], &["--week", "-1"]] {
        assert_eq!(days(&report(words)), last, "{words:?}");
    }
    let number = this.0.format("%V").to_string();
    assert_eq!(days(&report(&["--week", &number])), this);
    let week = last.0.format("%G-W%V").to_string();
    assert_eq!(home.cli(["review", "last"]).json()["week"], week);
    // An invoice's `last` is the month before.
    home.cli(["add", "acme/api", "1:00", "--day", "2025-03-03"]).json();
    let draft = home.cli(["invoice", "draft", "acme", "2025-03"]).json();
    assert_eq!(draft["lines"][0]["quantity"], "1.00");
    home.cli(["invoice", "discard", "acme"]).json();
    let error = home.cli(["invoice", "draft", "acme", "-12"]).fails(1);
    assert!(error.contains("nothing to bill"), "{error}");
}

#[test]
fn an_error_lists_the_forms() {
    let home = Home::jane();
    for (words, forms) in [
        (
            &["report", "soon"][..],
            &["yesterday", "2026-W47", "2026-11", "last"][..],
        ),
        (&["report", "--day", "soon"], &["2026-11-16", "yesterday", "monday"]),
        (&["report", "--week", "soon"], &["2026-W47", "47", "last", "-1"]),
        (&["report", "--month", "soon"], &["2026-11", "last", "-1"]),
        (&["review", "soon"], &["2026-W47", "47", "last"]),
        (
            &["add", "acme/api", "0:30", "--day", "soon"],
            &["2026-11-16", "yesterday"],
        ),
    ] {
        let error = home.cli(words).fails(2);
        assert!(forms.iter().all(|form| error.contains(form)), "{error}");
    }
    let error = home.cli(["report", "--from", "today", "--to", "yesterday"]).fails(1);
    assert!(error.contains("hint: swap --from and --to"), "{error}");
}
