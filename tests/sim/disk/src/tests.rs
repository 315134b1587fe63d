//! The disk keeps what was synced, and loses what was not.

use std::fs;

use keeptab_system::home::write_whole;
use rusqlite::Connection;

use super::*;

/// Opens a database as keeptab does; `synchronous` says how.
fn open(disk: &Disk, synchronous: &str) -> Connection {
    let connection = Connection::open(disk.root().join("a.db")).unwrap();
    let mode: String = connection
        .pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))
        .unwrap();
    assert_eq!(mode, "wal");
    connection.pragma_update(None, "synchronous", synchronous).unwrap();
    connection
        .execute_batch("CREATE TABLE IF NOT EXISTS a (n INTEGER PRIMARY KEY, text TEXT)")
        .unwrap();
    connection
}

fn rows(connection: &Connection) -> i64 {
    connection
        .query_row("SELECT count(*) FROM a", [], |row| row.get(0))
        .unwrap()
}

fn insert(connection: &Connection) -> bool {
    let sql = "INSERT INTO a (text) VALUES (hex(zeroblob(3000)))";
    connection.execute(sql, []).is_ok()
}

#[test]
fn a_failure_of_the_power_loses_no_commit_that_was_synced_and_some_that_was_not() {
    let mut lost = 0;
    for seed in 0..40 {
        let disk = Disk::new(seed).unwrap();
        for synchronous in ["FULL", "NORMAL"] {
            let connection = open(&disk, synchronous);
            disk.settle().unwrap();
            let before = rows(&connection);
            for _ in 0..20 {
                assert!(insert(&connection));
            }
            disk.kill();
            drop(connection);
            let _ = disk.end();
            disk.fail_power().unwrap();
            let connection = open(&disk, synchronous);
            let whole: String = connection
                .query_row("PRAGMA integrity_check", [], |row| row.get(0))
                .unwrap();
            assert_eq!(whole, "ok", "{seed}");
            let left = rows(&connection) - before;
            if synchronous == "FULL" {
                assert_eq!(left, 20, "{seed}");
            } else {
                lost += 20 - left;
            }
        }
    }
    assert!(lost > 40, "{lost} of 800 lost");
}

#[test]
fn a_killed_program_loses_no_commit() {
    for nth in 0..60 {
        let disk = Disk::new(nth).unwrap();
        let connection = open(&disk, "NORMAL");
        disk.begin(Some((nth, Fault::Kill)));
        let mut committed = 0;
        while !disk.seen().is_dead {
            committed += i64::from(insert(&connection));
        }
        drop(connection);
        assert!(disk.end().is_dead);
        let left = rows(&open(&disk, "NORMAL"));
        assert!(
            left == committed || left == committed + 1,
            "{nth}: {left} of {committed}"
        );
    }
}

#[test]
fn a_refused_change_fails_the_transaction_and_no_other() {
    for nth in 0..30 {
        let disk = Disk::new(nth).unwrap();
        let connection = open(&disk, "FULL");
        let mut committed = 0;
        for _ in 0..5 {
            disk.begin(Some((nth, Fault::Refuse)));
            committed += i64::from(insert(&connection));
            let _ = disk.end();
            committed += i64::from(insert(&connection));
        }
        assert_eq!(rows(&connection), committed, "{nth}");
    }
}

#[test]
fn a_file_is_old_or_new_if_it_is_synced_before_it_is_renamed() {
    let mut seen = [0; 2];
    for seed in 0..40 {
        let disk = Disk::new(seed).unwrap();
        let place = disk.root().join("a");
        write_whole(&place, b"old").unwrap();
        disk.settle().unwrap();
        disk.begin(Some((4, Fault::Kill)));
        let _ = write_whole(&place, b"new");
        let _ = disk.end();
        disk.fail_power().unwrap();
        match &*fs::read(&place).unwrap() {
            b"old" => seen[0] += 1,
            b"new" => seen[1] += 1,
            other => panic!("{seed}: {other:?}"),
        }
    }
    assert!(seen.iter().all(|count| *count > 4), "{seen:?}");
}

#[test]
fn a_file_that_is_renamed_without_a_sync_may_lose_its_bytes() {
    let damaged = (0..40).filter(|seed| {
        let disk = Disk::new(*seed).unwrap();
        let (new, place) = (disk.root().join("new"), disk.root().join("a"));
        fs::write(&place, b"old").unwrap();
        disk.settle().unwrap();
        fs::write(&new, b"new").unwrap();
        keeptab_system::disk::rename(&new, &place).unwrap();
        disk.fail_power().unwrap();
        !matches!(&*fs::read(&place).unwrap(), b"old" | b"new")
    });
    assert!(damaged.count() > 5);
}

#[test]
fn a_seed_repeats_a_run() {
    let run = |seed| {
        let disk = Disk::new(seed).unwrap();
        let connection = open(&disk, "NORMAL");
        assert!((0..9).all(|_| insert(&connection)));
        disk.kill();
        drop(connection);
        let _ = disk.end();
        disk.fail_power().unwrap();
        rows(&open(&disk, "NORMAL"))
    };
    assert!((0..8).all(|seed| run(seed) == run(seed)));
}
