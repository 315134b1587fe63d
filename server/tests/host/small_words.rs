//! What a new user reads first: hints before a config, seconds beside an amount, times of the doctor, numbers of imports.

use serde_json::{Value, json};

use super::import::fixture;
use crate::harness::{Home, Trace};

#[test]
fn a_status_before_any_config_names_the_next_step() {
    let home = Home::empty();
    let said = home.cli(["status"]).ok();
    assert!(said.contains("hint: `keeptab init`"), "{said}");
    let home = Home::jane();
    assert!(!home.cli(["status"]).ok().contains("hint"));
}

#[test]
fn seconds_that_are_worth_something_are_shown() {
    let home = Home::jane();
    home.plugin("test")
        .record(&Trace::new().work("/work/acme/api/a.rs", 0..=36));
    let report = home.cli(["report", "--all"]).ok();
    assert!(report.contains("0:00:36") && report.contains("0.95"), "{report}");
    home.cli(["add", "acme/api", "0:45", "--day", "2025-03-04"]).json();
    let report = home.cli(["report", "--all", "--by", "day"]).ok();
    assert!(report.contains("0:00:36") && report.contains(" 0:45 "), "{report}");
}

#[test]
fn the_doctor_has_the_times_of_the_business_and_no_warning_is_ok() {
    let home = Home::jane();
    home.plugin("test")
        .record(&Trace::new().work("/work/acme/api/a.rs", 0..=3_600));
    home.write_config(&(home.config() + "\n[project.own]\nrate = \"80\"\n"));
    let checks = home.cli(["doctor"]).json();
    let all = |what: &str| -> Vec<&Value> {
        let checks = checks.as_array().expect("checks").iter();
        checks.filter(|check| check["what"] == what).collect()
    };
    // 09:00 UTC in Berlin.
    let says = all("tracking")[0]["says"].as_str().expect("words");
    assert!(says.ends_with("at 2025-03-03 10:00"), "{says}");
    let config = all("config");
    let warned: Vec<&&Value> = config.iter().filter(|check| check["warning"] == json!(true)).collect();
    assert_eq!(warned.len(), 1, "{checks}");
    let text = home.cli(["doctor"]).ok();
    let marks = |word: &str| {
        text.lines()
            .filter(|line| line.contains("config:") && line.starts_with(word))
            .count()
    };
    assert_eq!((marks("warning"), marks("ok")), (1, 1), "{text}");
}

#[test]
fn an_import_that_brings_nothing_uses_up_no_number() {
    let home = Home::jane();
    let toggl = fixture("toggl-classic.csv");
    let toggl = toggl.to_str().expect("a path");
    let import = |words: &[&str]| home.cli(["import"].iter().chain(words)).json();
    let zone = ["--time-zone", "Europe/Berlin", "--yes"];
    let first = import(&[&[toggl], &zone[..]].concat());
    assert_eq!(first["batch"], 1, "{first}");
    for _ in 0..2 {
        assert_eq!(import(&[&[toggl], &zone[..]].concat())["batch"], Value::Null);
    }
    let harvest = fixture("harvest.csv");
    let harvest = harvest.to_str().expect("a path");
    assert_eq!(import(&[&[harvest], &zone[..]].concat())["batch"], 2);
}
