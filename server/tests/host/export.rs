//! An export is complete or leaves the older one unchanged, is readable by the user alone, and runs in no spreadsheet.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use serde_json::Value;

use crate::harness::{Home, Trace};

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("a file").file_name().into_string().expect("a name"))
        .collect();
    names.sort();
    names
}

/// Empties the index of entities: `SQLite` still reads, and finds less.
fn damage(database: &Path) {
    let connection = Connection::open(database).expect("a database");
    let number = |sql: &str| -> usize {
        let number: i64 = connection.query_row(sql, [], |row| row.get(0)).expect("a number");
        usize::try_from(number).expect("a small number")
    };
    let root = number("SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_entity_1'");
    let size = number("PRAGMA page_size");
    connection
        .pragma_update(None, "wal_checkpoint", "TRUNCATE")
        .expect("a checkpoint");
    drop(connection);
    let mut bytes = fs::read(database).expect("a database");
    let cells = (root - 1) * size + 3;
    bytes[cells..cells + 2].fill(0);
    fs::write(database, bytes).expect("a database");
}

#[test]
fn an_export_of_a_damaged_database_leaves_the_older_one_as_it_was() {
    let home = Home::jane();
    home.plugin("test")
        .record(&Trace::new().work("/work/acme/api/a.rs", 0..=3_600));
    let folder = home.user().join("export");
    let words = ["export", folder.to_str().expect("a path")];
    home.cli(words).ok();
    let whole = fs::read(folder.join("keeptab.json")).expect("an export");
    damage(&home.database());
    for csv in [false, true] {
        let refused = home.cli(words.into_iter().chain(csv.then_some("--csv"))).fails(1);
        assert!(refused.contains("keeptab doctor"), "{refused}");
        assert!(fs::read(folder.join("keeptab.json")).expect("an export") == whole);
        assert_eq!(names(&folder), ["keeptab.json"]);
    }
}

/// Runs a command with a limit on the size of a file, in KiB; the system kills a program that writes more.
#[cfg(target_os = "linux")]
fn killed_at(home: &Home, kib: u32, words: [&str; 2]) -> Option<i32> {
    use std::os::unix::process::ExitStatusExt as _;
    use std::process::{Command, Stdio};
    let program = home.program();
    let mut shell = Command::new("bash");
    shell.args(["-c", &format!("ulimit -c 0 -f {kib}; exec \"$0\" \"$@\"")]);
    shell.arg(program.get_program()).args(words);
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    let status = shell.stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.expect("a shell").signal()
}

#[cfg(target_os = "linux")]
#[test]
fn an_export_that_is_killed_in_the_middle_leaves_the_older_one_as_it_was() {
    let home = Home::jane();
    let work =
        |hours: std::ops::Range<i64>| Trace::new().work("/work/acme/api/a.rs", hours.start * 3_600..=hours.end * 3_600);
    home.plugin("test").record(&work(0..12));
    let folder = home.user().join("export");
    let words = ["export", folder.to_str().expect("a path")];
    home.cli(words).ok();
    let whole = fs::read(folder.join("keeptab.json")).expect("an export");
    home.plugin("test-2").record(&work(24..36));
    let half = u32::try_from(whole.len() / 2_048).expect("a size");
    assert!(half > 64, "SQLite's own files have room: {half}");
    assert!(killed_at(&home, half, words).is_some());
    assert!(fs::read(folder.join("keeptab.json")).expect("an export") == whole);
    // The next export removes the leftovers of that one.
    assert_eq!(names(&folder).len(), 2);
    home.cli(words).ok();
    assert_eq!(names(&folder), ["keeptab.json"]);
    assert!(fs::read(folder.join("keeptab.json")).expect("an export").len() > whole.len());
}

#[cfg(unix)]
#[test]
fn an_export_is_the_users_alone_and_goes_through_no_link() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let home = Home::jane();
    home.cli(["add", "acme/api", "1:00", "--day", "2025-03-04"]).ok();
    let folder = home.user().join("export");
    fs::create_dir(&folder).expect("a folder");
    let other = home.user().join("other");
    fs::write(&other, "mine").expect("a file");
    symlink(&other, folder.join("keeptab.json")).expect("a link");
    home.cli(["export", folder.to_str().expect("a path")]).ok();
    assert_eq!(fs::read_to_string(&other).expect("a file"), "mine");
    let mode = fs::metadata(folder.join("keeptab.json"))
        .expect("an export")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn no_cell_of_an_export_is_a_formula_and_all_texts_come_back() {
    let home = Home::jane();
    let notes = ["=HYPERLINK(\"x\")", "'=1", "'twas", "-5", "+49 30", "@SUM(A1)"];
    for note in notes {
        home.cli([
            "add",
            "acme/api",
            "0:10",
            "--day",
            "2025-03-04",
            &format!("--note={note}"),
        ])
        .ok();
    }
    let exported = |home: &Home| -> Vec<Value> {
        let all: Vec<Value> = serde_json::from_str(&home.cli(["export"]).ok()).expect("an export");
        all.into_iter().filter(|record| record.get("entry").is_some()).collect()
    };
    for raw in [false, true] {
        let folder = home.user().join(format!("tables-{raw}"));
        let to = folder.to_str().expect("a path");
        home.cli(["export", "--csv", to].into_iter().chain(raw.then_some("--raw")))
            .ok();
        let table = fs::read_to_string(folder.join("entries.csv")).expect("a table");
        assert_eq!(table.contains(",\"=HYPERLINK"), raw, "{table}");
        assert_eq!(table.contains(",\"'=HYPERLINK"), !raw, "{table}");
        let other = Home::empty();
        other.write_config(&home.config());
        let said = other.cli(["import", to, "--yes"]).json();
        assert_eq!(said["refusedRows"], 0, "{said}");
        assert_eq!(exported(&other), exported(&home));
    }
}
