//! Databases of versions 1 to 5: their entries get their instants, and issued invoices stay unchanged.

use std::path::Path;

use keeptab_core::entry::Beside;
use keeptab_core::instant::Instant;
use rusqlite::Connection;

use super::*;
use crate::Store;

const HOUR: i64 = 3_600_000;
/// 2026-11-16T00:00:00Z.
const DAY: i64 = 1_794_787_200_000;

fn at(quarter: i64) -> i64 {
    DAY + quarter * HOUR / 4
}

/// Makes a database of a version with two invoices, captured time that one of them bills, and entries that meet it and one
/// another. Their times are quarters of an hour.
fn old(path: &Path, version: usize) {
    older_database(
        path,
        version,
        "INSERT INTO person (id, name) VALUES (1, 'me');
             INSERT INTO device (id, uuid) VALUES (1, 'here');
             INSERT INTO apply (id, made_at) VALUES (1, 5), (2, 6);
             UPDATE apply SET undone_at = 7 WHERE id = 2;
             INSERT INTO correction (apply, person, start_at, end_at, change) VALUES (1, 1, 0, 9, '{\"change\":\"erase\"}');",
    ).unwrap();
    let connection = Connection::open(path).unwrap();
    let status = if version == 1 { ", status" } else { "" };
    let issued = if version == 1 { ", 'issued'" } else { "" };
    for number in 1..=3 {
        let sql = format!(
            "INSERT INTO invoice (id, number, kind, client, issue_date, issued_at, content{status})
             VALUES ({number}, 'JDS-202611-000{number}', 'invoice', 'acme', '2026-11-16', 0, '{{ \"as it was\": {number} }}'{issued})"
        );
        connection.execute(&sql, []).unwrap();
    }
    let entry = "INSERT INTO entry (id, person, apply, day, start_at, end_at, length, billable)
                 VALUES (?1, 1, ?2, '2026-11-16', ?3, ?4, ?5, 1)";
    let entries = [
        (1, 1, Some((36, 44)), 8),  // Billed.
        (2, 1, Some((40, 48)), 8),  // Half of it is billed.
        (3, 1, Some((46, 52)), 6),  // Half an hour is the entry's before.
        (4, 1, Some((42, 46)), 4),  // Billed as well, over the first.
        (5, 1, None, 3),            // Without clock times.
        (6, 1, Some((56, 64)), 4),  // An hour of break, over captured time that is billed.
        (7, 2, Some((36, 80)), 44), // Taken back.
        (8, 1, Some((70, 72)), 2),  // Cancelled.
    ];
    for (id, apply, times, quarters) in entries {
        let (start, end) = times.map(|(start, end)| (at(start), at(end))).unzip();
        connection
            .execute(entry, (id, apply, start, end, quarters * HOUR / 4))
            .unwrap();
    }
    let claim = "INSERT INTO claim (invoice, line, person, entry, live) VALUES (?1, 0, 1, ?2, ?3)";
    for (invoice, entry, live) in [(1, 1, 1), (2, 4, 1), (3, 8, 0)] {
        connection.execute(claim, (invoice, entry, live)).unwrap();
    }
    let captured = "INSERT INTO claim (invoice, line, person, start_at, end_at) VALUES (1, 0, 1, ?1, ?2)";
    connection.execute(captured, (at(56), at(60))).unwrap();
}

fn free(store: &Store, id: i64) -> Vec<(i64, i64)> {
    let entries = store.entries(None).unwrap();
    let entry = entries.iter().find(|entry| entry.id.0 == id).unwrap();
    let quarter = |at: Instant| (at.millis() - DAY) / (HOUR / 4);
    entry
        .free
        .iter()
        .map(|span| (quarter(span.start()), quarter(span.end())))
        .collect()
}

#[test]
fn older_entries_get_their_instants_in_the_order_of_their_ids_and_billed_ones_keep_theirs() {
    for version in 1..=5 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keeptab.db");
        old(&path, version);
        let mut store = Store::open(&path, Instant::from_millis(DAY)).unwrap();
        assert_eq!(free(&store, 1), [(36, 44)]);
        assert_eq!(free(&store, 2), [(46, 48)]);
        assert_eq!(free(&store, 3), [(48, 52)]);
        assert_eq!(free(&store, 4), [(42, 46)]);
        assert_eq!(free(&store, 5), []);
        assert_eq!(free(&store, 6), [(60, 64)]);
        assert_eq!(free(&store, 8), [(70, 72)]);
        // If both are billed, the later counts beside the earlier, and its claim holds no instants.
        let beside: Vec<i64> = store
            .entries(None)
            .unwrap()
            .iter()
            .filter(|entry| entry.beside == Beside::Rows)
            .map(|entry| entry.id.0)
            .collect();
        assert_eq!(beside, [4]);
        let claims = |invoice| -> Vec<i64> {
            store
                .claims_of(invoice)
                .unwrap()
                .iter()
                .map(|claim| claim.length.millis() / (HOUR / 4))
                .collect()
        };
        assert_eq!((claims(1), claims(2), claims(3)), (vec![8, 4], vec![4], vec![2]));
        assert_eq!(store.doubled_claims().unwrap(), 0);
        let content = |id: i64| -> String {
            let sql = "SELECT content FROM invoice WHERE id = ?1";
            store.connection.query_row(sql, [id], |row| row.get(0)).unwrap()
        };
        assert_eq!(content(2), "{ \"as it was\": 2 }");
        assert_eq!(store.integrity().unwrap(), Vec::<String>::new());
        let dangling: i64 = store
            .connection
            .query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))
            .unwrap();
        assert_eq!(dangling, 0);
        // Facts have their numbers, each once and without a gap.
        let sql = "SELECT count(*), min(n), max(n) FROM (
                       SELECT n FROM entry UNION ALL SELECT n FROM apply UNION ALL SELECT n FROM correction)";
        let facts: (i64, i64, i64) = store
            .connection
            .query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .unwrap();
        assert_eq!(facts, (11, 1, 11));
        // The time that unbilled entries lose is reported once; the entry with a break loses none.
        let lost = store.take_lost().unwrap();
        let told: Vec<(i64, i64)> = lost
            .iter()
            .map(|lost| (lost.before.millis() / (HOUR / 4), lost.after.millis() / (HOUR / 4)))
            .collect();
        assert_eq!(told, [(8, 2), (6, 4)]);
        assert_eq!(store.take_lost().unwrap(), []);
    }
}

/// Returns the files beside a database that are neither it nor `SQLite`'s.
fn beside(path: &Path) -> Vec<std::path::PathBuf> {
    let files = std::fs::read_dir(path.parent().unwrap()).unwrap();
    let own = [
        "keeptab.db",
        "keeptab.db-wal",
        "keeptab.db-shm",
        "keeptab.db.lock",
        "keeptab.lock",
    ];
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.retain(|file| own.iter().all(|own| file.file_name().unwrap() != *own));
    files
}

#[test]
fn hosts_that_migrate_at_once_leave_one_backup_that_is_whole_and_private() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keeptab.db");
    old(&path, 5);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| Store::open(&path, Instant::from_millis(DAY)).unwrap());
        }
    });
    let backups = beside(&path);
    assert_eq!(backups, [folder.path().join("keeptab.v5.backup")]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&backups[0]).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let backup = Connection::open(&backups[0]).unwrap();
    let read =
        |pragma| -> rusqlite::types::Value { backup.pragma_query_value(None, pragma, |row| row.get(0)).unwrap() };
    assert_eq!(read("integrity_check"), "ok".to_owned().into());
    assert_eq!(read("user_version"), 5.into());
}

#[test]
fn a_migration_that_fails_leaves_one_backup_however_often_it_is_tried() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keeptab.db");
    old(&path, 5);
    // The next version cannot make its table.
    Connection::open(&path)
        .unwrap()
        .execute_batch("CREATE TABLE claim_span (a)")
        .unwrap();
    for _ in 0..3 {
        assert!(Store::open(&path, Instant::from_millis(DAY)).is_err());
    }
    assert_eq!(beside(&path), [folder.path().join("keeptab.v5.backup")]);
}

#[test]
#[cfg(target_os = "linux")]
fn a_home_whose_path_is_no_text_is_migrated() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9 %?#"));
    std::fs::create_dir(&home).unwrap();
    let path = home.join("keeptab.db");
    old(&path, 5);
    let store = Store::open(&path, Instant::from_millis(DAY)).unwrap();
    assert_eq!(store.entries(None).unwrap().len(), 7);
    assert_eq!(beside(&path), [home.join("keeptab.v5.backup")]);
    drop(store);
    assert!(super::super::open::open_to_read(&path).is_ok());
}
