//! Constraints of the database, and upgrades of an older one.

use keeptab_core::instant::{Instant, Length};
use rusqlite::Connection;
use tempfile::TempDir;

use super::{NewEntry, Store};

const NOW: Instant = Instant::from_millis(1_794_816_000_000);

fn open(folder: &TempDir) -> Store {
    Store::open(&folder.path().join("keeptab.db"), NOW).unwrap()
}

/// An invoice with a line, its claim, a payment and a document.
const INVOICE: &str = "
    INSERT INTO invoice (id, number, kind, client, issue_date, issued_at, content)
        VALUES (1, 'JDS-202611-0001', 'invoice', 'acme', '2026-11-16', 0, '{}');
    INSERT INTO entry (id, person, day, start_at, end_at, length, billable, made_at)
        VALUES (1, 1, '2026-11-16', 300, 400, 100, 1, 0), (2, 1, '2026-11-16', 500, 600, 100, 1, 0);
    INSERT INTO claim (id, invoice, line, person, length) VALUES (1, 1, 0, 1, 100), (3, 1, 0, 1, 0);
    INSERT INTO claim (id, invoice, line, person, entry, length) VALUES (2, 1, 0, 1, 1, 100);
    INSERT INTO claim_span (claim, person, start_at, end_at) VALUES (1, 1, 100, 200), (2, 1, 300, 400);
    INSERT INTO apply (id, made_at) VALUES (1, 0);
    INSERT INTO payment (id, invoice, amount, day) VALUES (1, 1, '1.00', '2026-11-17');
    INSERT INTO document (invoice, format, sha256, bytes) VALUES (1, 'pdf', 'x', x'00');
    INSERT INTO credit (invoice, line, credit_note) VALUES (1, 0, 1);
    INSERT INTO asset (sha256, bytes) VALUES ('x', x'00');
";

#[test]
fn nothing_that_was_issued_is_changed_or_deleted_by_anybody() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    store.connection.execute_batch(INVOICE).unwrap();
    for sql in [
        "UPDATE invoice SET number = 'JDS-202611-0002'",
        "UPDATE invoice SET content = '{ }'",
        "UPDATE invoice SET issue_date = '2026-11-17'",
        "UPDATE invoice SET client = 'globex'",
        "UPDATE invoice SET cancels = 1",
        "DELETE FROM invoice",
        "UPDATE claim SET length = 300",
        "UPDATE claim SET live = 0, line = 5",
        "DELETE FROM claim",
        "UPDATE claim_span SET end_at = 300",
        "UPDATE claim_span SET live = 0",
        "DELETE FROM claim_span",
        // An entry that is billed is not billed again, nor taken away, nor is one that is not there.
        "INSERT INTO claim (invoice, line, person, entry, length) VALUES (1, 1, 1, 1, 100)",
        "INSERT INTO void (entry, apply) VALUES (1, 1)",
        "INSERT INTO claim (invoice, line, person, entry, length) VALUES (1, 1, 1, 99, 100)",
        "UPDATE document SET bytes = x'01'",
        "DELETE FROM document",
        "UPDATE payment SET amount = '2.00'",
        "DELETE FROM payment",
        "UPDATE credit SET line = 1",
        "DELETE FROM credit",
        "UPDATE asset SET bytes = x'01'",
        "DELETE FROM asset",
        // Time that is billed is not billed again, not even a millisecond of it.
        "INSERT INTO claim_span (claim, person, start_at, end_at) VALUES (3, 1, 199, 300)",
        "INSERT INTO claim_span (claim, person, start_at, end_at) VALUES (3, 1, 0, 101)",
        "INSERT INTO claim_span (claim, person, start_at, end_at) VALUES (3, 1, 150, 151)",
        "INSERT INTO claim_span (claim, person, start_at, end_at) VALUES (3, 1, 0, 1000)",
        // Nor is the time of a billed entry.
        "INSERT INTO claim_span (claim, person, start_at, end_at) VALUES (3, 1, 250, 301)",
        "INSERT INTO claim_span (claim, person, start_at, end_at) VALUES (3, 1, 399, 500)",
        // Nor is a line taken back twice.
        "INSERT INTO credit (invoice, line, credit_note) VALUES (1, 0, 1)",
    ] {
        assert!(store.connection.execute(sql, []).is_err(), "{sql}");
    }
    for sql in [
        "INSERT INTO claim_span (claim, person, start_at, end_at) VALUES (3, 1, 200, 300)",
        "INSERT INTO claim (invoice, line, person, entry, length) VALUES (1, 1, 1, 2, 100)",
        "UPDATE invoice SET sent_on = '2026-11-17', note = 'x'",
        // A claim that was released frees its time, and is never live again.
        "UPDATE claim SET live = 0 WHERE id = 1",
        "UPDATE claim SET live = 0 WHERE id = 2",
        "INSERT INTO claim_span (claim, person, start_at, end_at) VALUES (3, 1, 100, 200), (3, 1, 300, 400)",
        "INSERT INTO void (entry, apply) VALUES (1, 1)",
    ] {
        assert!(store.connection.execute(sql, []).is_ok(), "{sql}");
    }
    assert!(
        store
            .connection
            .execute("UPDATE claim SET live = 1 WHERE id = 1", [])
            .is_err()
    );
}

#[test]
fn a_database_of_the_first_version_keeps_its_invoices_and_is_backed_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keeptab.db");
    let first = Connection::open(&path).unwrap();
    first.execute_batch(include_str!("schema.sql")).unwrap();
    first.pragma_update(None, "application_id", 0x6b74_6162).unwrap();
    first.pragma_update(None, "user_version", 1).unwrap();
    let content = r#"{"seller":{"name":"Jane","address":[],"postcode":null,"city":"Berlin","country":"DE","vat_id":null,
        "tax_number":null,"registration":null,"contact":null},"buyer":{"name":"Acme","address":[],"postcode":null,
        "city":"Wien","country":"AT","vat_id":null,"tax_number":null,"registration":null,"contact":null},"client":"acme",
        "currency":"EUR","lines":[{"project":"api","description":"api","quantity":"1.00","unit":"hour","price":"95.00",
        "amount":"95.00","tax":{"category":"O","rate":"0"},"tracked":3600000}],"totals":{"net":"95.00","taxes":[{"tax":
        {"category":"O","rate":"0"},"base":"95.00","amount":"0.00"}],"tax":"0.00","gross":"95.00"},
        "period":["2026-11-16","2026-11-16"],"payment_days":14,"iban":null,"buyer_reference":null,"language":"en"}"#;
    let sql = "INSERT INTO invoice (number, kind, client, issue_date, issued_at, content, status)
               VALUES ('JDS-202611-0001', 'invoice', 'acme', '2026-11-16', 0, ?1, 'issued')";
    first.execute(sql, [content]).unwrap();
    first
        .execute_batch(
            "INSERT INTO person (id, name) VALUES (1, 'me');
             INSERT INTO series (org, month, next, last_date) VALUES ('JDS', 202611, 2, '2026-11-16');
             INSERT INTO draft (client, start_at, end_at, made_at) VALUES ('acme', 0, 10, 0);
             INSERT INTO claim (invoice, line, person, start_at, end_at) VALUES (1, 0, 1, 0, 3600000);",
        )
        .unwrap();
    drop(first);

    let store = open(&folder);
    let rows = store.invoices().unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].standing.owed(&rows[0].invoice).to_string(), "95.00");
    let series = store.all_series().unwrap().remove(0);
    assert_eq!((series.first, series.next), (1, 2));
    assert_eq!(store.drafts().unwrap()[0].grouping, None);
    assert_eq!(store.claims_of(rows[0].id).unwrap().len(), 1);
    assert!(folder.path().join("keeptab.v1.backup").is_file());
    assert_eq!(store.integrity().unwrap(), Vec::<String>::new());
}

/// Stages an entry of half an hour.
fn stage(store: &mut Store) {
    let mut stage = store.stage().unwrap();
    stage.next_file();
    let entry = NewEntry {
        fingerprint: "1",
        line: 1,
        own: None,
        project: None,
        day: "2026-11-16".parse().unwrap(),
        span: None,
        length: Length::from_minutes(30),
        note: None,
        billable: true,
        rate: None,
        billed: None,
    };
    stage.entry(&entry).unwrap();
    stage.finish().unwrap();
}

#[test]
fn an_import_leaves_the_database_as_watchful_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    stage(&mut store);
    let committed = store.commit_staged(("toggl", "work.csv"), false, NOW, drop).unwrap();
    assert_eq!((committed.batch.is_some(), committed.amounts.entries), (true, 1));
    let orphan = "INSERT INTO entry (person, batch, day, length, billable) VALUES (1, 99, '2026-11-16', 0, 1)";
    let refused = store.connection.execute(orphan, []).unwrap_err().to_string();
    assert!(refused.contains("FOREIGN KEY"), "{refused}");
}

#[test]
fn no_entry_comes_into_a_batch_that_somebody_takes_away() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    stage(&mut store);
    let taken_away = "CREATE TRIGGER taken AFTER INSERT ON batch BEGIN DELETE FROM batch WHERE id = new.id; END";
    store.connection.execute_batch(taken_away).unwrap();
    let refused = store
        .commit_staged(("toggl", "work.csv"), false, NOW, drop)
        .unwrap_err();
    assert!(refused.to_string().contains("taken away"), "{refused}");
    let count = |sql| store.connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM entry"), 0);
    assert_eq!(count("PRAGMA foreign_keys"), 1);
}
