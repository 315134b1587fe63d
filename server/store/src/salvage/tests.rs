use std::collections::BTreeSet;
use std::fs;

use rusqlite::Connection;

use super::*;
use crate::damaged::{Noise, places, worked};
use crate::{Candidate, open};

const NOW: Instant = Instant::from_millis(1_794_900_000_000);

/// The events and the invoices of whole pages, as text.
fn on_pages(pages: &Pages, is_whole: impl Fn(u32) -> bool) -> BTreeSet<String> {
    let trees = shape::follow(pages);
    let of = |table: &str| -> Vec<Row> {
        let named = trees
            .tables
            .iter()
            .filter(|(number, name)| *name == table && is_whole(**number));
        named.flat_map(|(number, _)| rows_of(pages, *number)).collect()
    };
    let events = of("event").into_iter().map(|row| format!("{:?}", &row.values[..4]));
    let invoices = of("invoice").into_iter().map(|row| format!("{:?}", &row.values[1..]));
    events.chain(invoices).collect()
}

/// The events and the invoices that a database has.
fn in_database(connection: &Connection) -> BTreeSet<String> {
    let mut rows = BTreeSet::new();
    for (sql, columns) in [
        ("SELECT at, source, seq, sign FROM event", 4),
        (
            "SELECT number, kind, cancels, client, issue_date, issued_at, content, sent_on, note FROM invoice",
            9,
        ),
    ] {
        let mut statement = connection.prepare(sql).unwrap();
        let row = |row: &rusqlite::Row<'_>| (0..columns).map(|column| row.get(column)).collect();
        let read = statement.query_map([], row).unwrap();
        rows.extend(read.map(|values: rusqlite::Result<Vec<Value>>| format!("{:?}", values.unwrap())));
    }
    rows
}

#[test]
fn all_of_whole_pages_is_found_wherever_others_are_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let (path, new) = (folder.path().join("keeptab.db"), folder.path().join("new.db"));
    worked(&path);
    let good = fs::read(&path).unwrap();
    let pages = Pages::read(&path).unwrap();
    let all = in_database(&open::connect(&path).unwrap());
    assert_eq!(
        on_pages(&pages, |_| true),
        all,
        "a whole file is read as SQLite reads it"
    );
    let mut noise = Noise(7);
    let mut lost = 0;
    for length in [1, 64, 4_096] {
        for _ in 0..places() {
            let at = noise.below(good.len() - length);
            let mut bytes = good.clone();
            bytes[at..at + length].fill_with(|| noise.byte());
            for end in ["db-wal", "db-shm"] {
                let _ = fs::remove_file(path.with_extension(end));
            }
            fs::write(&path, &bytes).unwrap();
            salvage(&path, &new, NOW).unwrap();
            assert_eq!(
                fs::read(&path).unwrap(),
                bytes,
                "nothing is written to the damaged file"
            );
            let damaged = at / 4_096 + 1..=(at + length - 1) / 4_096 + 1;
            let whole = on_pages(&pages, |number| !damaged.contains(&(number as usize)));
            let found = in_database(&open::connect(&new).unwrap());
            let missing: Vec<&String> = whole.difference(&found).collect();
            assert_eq!(missing, [] as [&String; 0], "{length} bytes at {at}");
            lost += all.difference(&found).count();
            // The salvaged file can be restored.
            Candidate::open(&new, NOW).unwrap_or_else(|error| panic!("{length} bytes at {at}: {error:#}"));
            for end in ["db", "db-wal", "db-shm"] {
                let _ = fs::remove_file(new.with_extension(end));
            }
        }
    }
    assert!(lost > 0, "no page was damaged that holds something");
}

#[test]
fn rows_in_a_log_that_nobody_wrote_back_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = (folder.path().join("keeptab.db"), folder.path().join("copy.db"));
    worked(&path);
    let connection = open::connect(&path).unwrap();
    let sql = "INSERT INTO payment (invoice, amount, day) VALUES (1, '1.23', '2026-11-21')";
    connection.execute(sql, []).unwrap();
    // Taken while it is open: the log is not written back yet.
    fs::copy(&path, &copy).unwrap();
    fs::copy(folder.path().join("keeptab.db-wal"), folder.path().join("copy.db-wal")).unwrap();
    let new = folder.path().join("new.db");
    let salvaged = salvage(&copy, &new, NOW).unwrap();
    assert_eq!(salvaged.rows["payment"], 21);
    assert_eq!(salvaged.incomplete, [] as [&str; 0]);
    assert!(
        salvage(&copy, &new, NOW).is_err(),
        "a file that is there is not overwritten"
    );
}

#[test]
fn what_is_lost_is_named_and_its_numbers_stay_taken() {
    let folder = tempfile::tempdir().unwrap();
    let (path, new) = (folder.path().join("keeptab.db"), folder.path().join("new.db"));
    worked(&path);
    let connection = open::connect(&path).unwrap();
    let triggers = "DROP TRIGGER invoice_kept; PRAGMA foreign_keys = OFF; DELETE FROM invoice WHERE id = 40;
                    DELETE FROM event WHERE seq = 5";
    connection.execute_batch(triggers).unwrap();
    connection.close().unwrap();
    let salvaged = salvage(&path, &new, NOW).unwrap();
    assert_eq!(salvaged.lost, ["JDS-202611-0040"]);
    assert_eq!(salvaged.incomplete, ["2026-11-16"]);
    let next = "SELECT next FROM series";
    let next: i64 = open::connect(&new)
        .unwrap()
        .query_row(next, [], |row| row.get(0))
        .unwrap();
    assert_eq!(next, 41);
}
