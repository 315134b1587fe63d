use std::fs;
use std::path::Path;

use rusqlite::types::Value;

use super::*;
use crate::damaged::{MONDAY, Noise, places, worked};

/// All that a sum or a link is about, as far as it can be read.
fn contents(path: &Path) -> Result<Vec<Vec<Value>>> {
    let connection = open::connect(path)?;
    let mut rows = Vec::new();
    for sql in [
        "SELECT at, source, seq, sign, kind, text FROM event LEFT JOIN entity ON entity.id = entity ORDER BY 1, 2, 3",
        "SELECT number, kind, client, issue_date, issued_at, content FROM invoice ORDER BY 1",
        "SELECT id, invoice, line, person, length FROM claim ORDER BY 1",
        "SELECT claim, start_at, end_at FROM claim_span ORDER BY 1, 2",
        "SELECT id, invoice, amount, day FROM payment ORDER BY 1",
        "SELECT invoice, format, sha256, bytes FROM document ORDER BY 1",
    ] {
        let mut statement = connection.prepare(sql)?;
        let columns = statement.column_count();
        let read = statement.query_map([], |row| (0..columns).map(|column| row.get(column)).collect())?;
        rows.extend(read.collect::<rusqlite::Result<Vec<Vec<Value>>>>()?);
    }
    Ok(rows)
}

/// Law: either damage is reported, or all contents are read as they were written.
#[test]
fn random_bytes_anywhere_are_told_or_harm_nothing_that_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keeptab.db");
    worked(&path);
    assert_eq!(examine(&path), []);
    let (good, written) = (fs::read(&path).unwrap(), contents(&path).unwrap());
    let mut noise = Noise(21);
    let (mut told, mut silent) = (0, 0);
    for length in [1, 64, 4_096] {
        for _ in 0..places() {
            let at = noise.below(good.len() - length);
            let mut bytes = good.clone();
            bytes[at..at + length].fill_with(|| noise.byte());
            for end in ["db-wal", "db-shm"] {
                let _ = fs::remove_file(path.with_extension(end));
            }
            fs::write(&path, bytes).unwrap();
            if examine(&path).is_empty() {
                silent += 1;
                assert_eq!(contents(&path).unwrap(), written, "{length} bytes at {at}");
            } else {
                told += 1;
            }
        }
    }
    assert!(told > silent, "{told} told, {silent} not");
}

#[test]
fn a_day_whose_events_are_not_those_that_were_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keeptab.db");
    worked(&path);
    let connection = open::connect(&path).unwrap();
    let day = MONDAY.div_euclid(86_400_000);
    for damage in [
        "UPDATE event SET sign = sign + 2 WHERE seq = 1",
        "DELETE FROM event WHERE seq = 2",
        "UPDATE entity SET text = '/elsewhere' WHERE text = '/work/acme/api/7.rs'",
    ] {
        assert_eq!(sums::wrong_days(&connection).unwrap(), []);
        connection.execute_batch("BEGIN").unwrap();
        assert_eq!(connection.execute(damage, []).unwrap(), 1);
        let wrong = sums::wrong_days(&connection).unwrap();
        assert_eq!(wrong.first(), Some(&crate::UtcDay(day)), "{damage}");
        connection.execute_batch("ROLLBACK").unwrap();
    }
    // The migration sums the days that an earlier version did not.
    connection.execute_batch("UPDATE day SET sum = 0").unwrap();
    assert_eq!(sums::wrong_days(&connection).unwrap().len(), 4);
    let transaction = connection.unchecked_transaction().unwrap();
    sums::fill(&transaction).unwrap();
    assert_eq!(sums::wrong_days(&transaction).unwrap(), []);
}

#[test]
fn the_hash_of_an_event_is_the_same_for_ever() {
    let hash = |entity| {
        sums::Summed {
            key: (MONDAY, 1 << 24, 7),
            sign: 2,
            entity,
        }
        .hash()
    };
    expect_test::expect!["1521299231 4164853097"].assert_eq(&format!(
        "{} {}",
        hash(None),
        hash(Some((0, "/work/a.rs")))
    ));
}
