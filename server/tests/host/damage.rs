//! A damaged database is reported, by `doctor` with all of its problems, and no program uses it silently.

use std::fs;

use crate::harness::{Home, Trace};

/// A home with weeks of work and an invoice, damaged from the second page on.
fn damaged() -> Home {
    let home = Home::jane();
    home.plugin("test")
        .record(&Trace::new().work("/work/acme/api/a.rs", 0..=600_000));
    home.cli(["invoice", "issue", "acme"]).ok();
    home.cli(["doctor"]).ok();
    let mut bytes = fs::read(home.database()).expect("a database");
    let middle = bytes.len() / 2;
    bytes[8_192..middle]
        .iter_mut()
        .step_by(7)
        .for_each(|byte| *byte ^= 0x55);
    fs::write(home.database(), bytes).expect("a database");
    home
}

#[test]
fn doctor_lists_what_is_damaged_with_a_remedy() {
    let home = damaged();
    let checks = home.cli(["doctor"]).fails_with_json(1);
    let checks = checks.as_array().expect("a list");
    let problems = checks
        .iter()
        .filter(|check| check["what"] == "database" && check["ok"] == false);
    let hints: Vec<&serde_json::Value> = problems.map(|check| &check["hint"]).collect();
    assert!(!hints.is_empty(), "{checks:?}");
    assert!(hints.iter().all(|hint| hint.is_string()), "{checks:?}");
    // All other checks still run.
    let backups = checks.iter().find(|check| check["what"] == "backups");
    assert_eq!(backups.expect("backups")["ok"], true);
}

#[test]
fn nothing_goes_on_over_damage_in_silence() {
    let home = damaged();
    let before = fs::read(home.database()).expect("a database");
    for words in [&["status"][..], &["add", "acme/api", "0:45"], &["invoice", "verify"]] {
        let ran = home.cli(words).run();
        assert_eq!(ran.code, Some(1), "{words:?}: {ran:?}");
        assert!(
            ran.stderr.contains("damaged") || ran.stdout.contains("damaged") || ran.stderr.contains("malformed"),
            "{ran:?}"
        );
    }
    assert_eq!(fs::read(home.database()).expect("a database"), before);
}

#[test]
fn what_is_salvaged_is_restored() {
    let home = damaged();
    let new = home.user().join("new.db");
    let path = new.to_str().expect("a path");
    let before = fs::read(home.database()).expect("a database");
    let salvaged = home.cli(["salvage", "--to", path]).json();
    assert_eq!(fs::read(home.database()).expect("a database"), before);
    home.cli(["salvage", "--to", path]).fails(1);
    let found = salvaged["rows"]["event"].as_u64().expect("a count");
    assert!(found > 1_000, "{salvaged}");
    let restored = home.cli(["restore", path, "--yes"]).json();
    assert_eq!(restored["done"], true);
    // The open database itself is not read as a file by a command of the palette.
    let mut host = home.plugin("test");
    let own = home.database();
    let own = own.to_str().expect("a path");
    let other = home.user().join("other.db");
    let to = format!("--to={}", other.display());
    host.execute("keeptab.salvage", &[own, &to]).expect_err("a refusal");
    host.execute("keeptab.salvage", &[path, &to]).expect("a salvage");
    assert_eq!(home.events(), found);
    let checks = host.execute("keeptab.doctor", &[]).expect("a check");
    assert!(checks["data"].is_array(), "{checks}");
}

/// Events of no thing, such as those of a pause, have no row to be replaced.
#[test]
fn a_home_with_a_pause_and_no_files_is_salvaged() {
    let home = Home::jane();
    home.cli(["pause"]).ok();
    let new = home.user().join("new.db");
    let salvaged = home.cli(["salvage", "--to", new.to_str().expect("a path")]).json();
    assert_eq!(salvaged["rows"]["event"], 1, "{salvaged}");
    assert_eq!(salvaged["rows"]["entity"], 0, "{salvaged}");
}
