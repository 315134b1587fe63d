//! The database is removed or replaced under running hosts. Events acknowledged after that lie in the file at its path,
//! and events acknowledged before are kept.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::harness::{Home, Host, Trace, files_below};

/// Returns the files in which an open database was saved.
fn kept(home: &Home) -> Vec<PathBuf> {
    let mut files = files_below(&home.folder());
    files.retain(|file| {
        let name = file.file_name().expect("a name").to_string_lossy();
        (name.starts_with("keeptab.removed-") || name.starts_with("keeptab.replaced-")) && name.ends_with(".db")
    });
    files
}

/// Returns the number of events of a database that no host has open. It must be intact and private.
fn events_in(database: &Path) -> u64 {
    let mode = fs::metadata(database).expect("a database").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let connection = Connection::open(database).expect("a database");
    let whole: String = connection
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .expect("a check");
    assert_eq!(whole, "ok");
    let count: i64 = connection
        .query_row("SELECT count(*) FROM event", [], |row| row.get(0))
        .expect("a count");
    count.try_into().expect("a count")
}

fn work(after: u64) -> Trace {
    let minute = i64::try_from(after).expect("a number") * 60;
    Trace::after(after).work("/work/acme/api/a.rs", minute..=minute + 540)
}

#[track_caller]
fn is_told(host: &mut Host, how: &str) {
    host.wait_for("window/showMessage", |told| {
        told["message"]
            .as_str()
            .is_some_and(|text| text.contains(how) && text.contains("keeptab.re"))
    });
}

/// Removes the database in some way under two hosts, and checks ten events of each before and ten after.
fn removed(remove: impl FnOnce(&Home)) {
    let home = Home::jane();
    let mut hosts = [home.plugin("nvim-1"), home.plugin("nvim-2")];
    for host in &mut hosts {
        host.record(&work(0));
    }
    remove(&home);
    for host in &mut hosts {
        host.record(&work(10));
        is_told(host, "was re");
    }
    assert_eq!(home.events(), 20);
    let kept = kept(&home);
    assert_eq!(kept.len(), 1, "{kept:?}");
    // It may hold commits of a host that had not noticed the removal yet.
    assert!((20..=40).contains(&events_in(&kept[0])));
    // The kept file is put back.
    fs::rename(&kept[0], home.database()).expect("put back");
    for host in &mut hosts {
        host.record(&work(20));
    }
    assert!(home.events() >= 40);
    home.cli(["report", "--all"]).ok();
}

#[test]
fn what_a_removed_database_held_is_written_to_another_file() {
    removed(|home| fs::remove_file(home.database()).expect("removed"));
}

#[test]
fn the_log_may_go_with_the_database() {
    removed(|home| {
        for end in ["db", "db-wal", "db-shm"] {
            fs::remove_file(home.database().with_extension(end)).expect("removed");
        }
    });
}

#[test]
fn a_command_that_makes_a_new_database_takes_no_log_for_its_own() {
    removed(|home| {
        fs::remove_file(home.database()).expect("removed");
        home.cli(["status"]).ok();
        assert_eq!(home.events(), 0);
    });
}

#[test]
fn a_backup_that_is_put_in_the_place_of_the_database_is_gone_on_with() {
    let home = Home::jane();
    let mut host = home.plugin("nvim-1");
    host.record(&work(0));
    let backup = home.folder().join("backup");
    let connection = Connection::open(home.database()).expect("a database");
    let name = backup.to_str().expect("a path");
    connection.execute("VACUUM INTO ?1", [name]).expect("a backup");
    drop(connection);
    host.record(&work(10));
    fs::rename(&backup, home.database()).expect("replaced");
    host.record(&work(20));
    is_told(&mut host, "was replaced");
    assert_eq!(home.events(), 20);
    let kept = kept(&home);
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert!((20..=30).contains(&events_in(&kept[0])));
    assert_eq!(home.cli(["doctor"]).json()[0]["ok"], true);
}

#[test]
fn what_cannot_be_kept_is_not_acknowledged_until_it_can() {
    let home = Home::jane();
    let mut host = home.plugin("nvim-1");
    host.record(&work(0));
    fs::remove_file(home.database()).expect("removed");
    fs::create_dir(home.database()).expect("a folder in its place");
    host.send_events(work(10).events());
    let status = host.wait_for("keeptab/status", |status| status["state"] == "error");
    assert!(
        status["reason"]
            .as_str()
            .is_some_and(|reason| reason.contains("is a folder")),
        "{status}"
    );
    host.execute("keeptab.report", &["--all"]).expect_err("no database");
    fs::remove_dir(home.database()).expect("away");
    host.taken(20);
    host.wait_for("keeptab/status", |status| status["state"] != "error");
    assert_eq!(home.events(), 10);
}
