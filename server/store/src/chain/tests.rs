//! Each stored value that is changed behind the triggers' back is named, and no record is without a link.

use std::path::Path;
use std::thread;

use rusqlite::Connection;
use tempfile::TempDir;

use super::*;
use crate::chain::audit::{Fault, NamedRecord};

const NOW: Instant = Instant::from_millis(1_794_816_000_000);

fn open(path: &Path) -> Store {
    Store::open(path, NOW).unwrap()
}

fn home() -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("keeptab.db"));
    (folder, store)
}

/// Two invoices and a credit note, with a row of each kind.
const ROWS: &str = r#"
    INSERT INTO invoice (id, number, kind, client, issue_date, issued_at, content) VALUES
        (1, 'JDS-202611-0001', 'invoice', 'acme', '2026-11-16', 5, '{"buyer":{"name":"Acme"},"lines":[{"a":1},{"a":2}]}'),
        (2, 'JDS-202611-0002', 'invoice', 'globex', '2026-11-16', 6, '{}');
    INSERT INTO invoice (id, number, kind, cancels, client, issue_date, issued_at, content)
        VALUES (3, 'JDS-202611-0003', 'credit', 1, 'acme', '2026-11-17', 7, '{}');
    INSERT INTO entry (id, person, day, start_at, end_at, length, project, note, billable)
        VALUES (1, 1, '2026-11-16', 500, 600, 100, 'api', 'call', 1), (2, 1, '2026-11-16', NULL, NULL, 90, NULL, NULL, 1);
    INSERT INTO claim (id, invoice, line, person, entry, length) VALUES
        (1, 1, 0, 1, NULL, 100), (2, 1, 1, 1, 1, 100), (3, 2, 0, 1, NULL, 100);
    INSERT INTO claim_span (claim, start_at, end_at, person) VALUES (1, 100, 200, 1), (2, 500, 600, 1), (3, 300, 400, 1);
    UPDATE claim SET live = 0 WHERE id = 1;
    INSERT INTO credit (invoice, line, credit_note) VALUES (1, 0, 3);
    INSERT INTO payment (id, invoice, amount, day, made_at) VALUES
        (1, 1, '1.00', '2026-11-17', 8), (2, 1, '1.00', '2026-11-17', 8);
    INSERT INTO document (invoice, format, sha256, bytes) VALUES (1, 'pdf', 'x', x'00');
    INSERT INTO asset (sha256, bytes) VALUES ('logo', x'00');
    UPDATE invoice SET sent_on = '2026-11-18' WHERE id = 1;
"#;

/// Rows of the kinds that came later.
const LATER: &str = "INSERT INTO used (payment, invoice) VALUES (1, 2)";

/// Rows that are in a record, by their tables.
const TABLES: &[&str] = &[
    "invoice",
    "credit",
    "claim",
    "claim_span",
    "payment",
    "used",
    "document",
    "asset",
    "link",
];

/// Columns of them that nothing rests on: what only the user sees.
const LEFT_OUT: &[(&str, &str)] = &[("invoice", "note")];

/// Columns of an entry that a claim rests on.
const OF_ENTRY: &[&str] = &["day", "start_at", "end_at", "length", "project", "note"];

/// Removes all guards of the rows.
fn unguard(connection: &Connection) {
    let sql = "SELECT group_concat('DROP TRIGGER \"' || name || '\";', '') FROM sqlite_schema WHERE type = 'trigger'";
    let drop: String = connection.query_row(sql, [], |row| row.get(0)).unwrap();
    connection.execute_batch(&drop).unwrap();
    connection
        .execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON")
        .unwrap();
}

fn faults(store: &Store) -> Vec<Fault> {
    store.chain().unwrap().faults
}

fn strings(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<rusqlite::Result<_>>().unwrap()
}

#[test]
fn any_stored_value_that_is_changed_is_named() {
    let (_folder, store) = home();
    store.connection.execute_batch(ROWS).unwrap();
    store.connection.execute_batch(LATER).unwrap();
    assert_eq!(faults(&store), []);
    unguard(&store.connection);
    let columns = |table: &str| {
        strings(
            &store.connection,
            &format!("SELECT name FROM pragma_table_info('{table}')"),
        )
    };
    let mut places: Vec<(&str, String, String)> = Vec::new();
    for table in TABLES {
        let rows = match *table {
            "credit" => vec!["1".to_owned()],
            "claim_span" => strings(&store.connection, "SELECT 'claim = ' || claim FROM claim_span"),
            _ => strings(&store.connection, &format!("SELECT 'rowid = ' || rowid FROM {table}")),
        };
        for column in columns(table) {
            if !LEFT_OUT.contains(&(table, &column)) {
                places.extend(rows.iter().map(|row| (*table, column.clone(), row.clone())));
            }
        }
    }
    places.extend(
        OF_ENTRY
            .iter()
            .map(|column| ("entry", (*column).to_owned(), "id = 1".to_owned())),
    );
    for (table, column, row) in places {
        store.connection.execute_batch("SAVEPOINT change").unwrap();
        // Another value of the same type.
        let other = format!(
            "UPDATE {table} SET {column} = CASE
                 WHEN '{column}' = 'live' THEN 1 - {column}
                 WHEN '{column}' = 'entry' THEN 3 - coalesce({column}, 1)
                 WHEN typeof({column}) = 'integer' THEN {column} + 100
                 WHEN typeof({column}) = 'blob' THEN CAST({column} || x'01' AS BLOB)
                 WHEN typeof({column}) = 'null' AND (SELECT type FROM pragma_table_info('{table}') WHERE name = '{column}') = 'INTEGER' THEN 1
                 ELSE coalesce({column}, '') || 'x' END
             WHERE {row}"
        );
        assert_eq!(store.connection.execute(&other, []).unwrap(), 1, "{other}");
        let found = faults(&store);
        assert!(!found.is_empty(), "{table}.{column} where {row}");
        store
            .connection
            .execute_batch("ROLLBACK TO change; RELEASE change")
            .unwrap();
    }
    assert_eq!(faults(&store), []);
}

#[test]
fn the_field_is_named_with_what_it_was() {
    let (_folder, store) = home();
    store.connection.execute_batch(ROWS).unwrap();
    unguard(&store.connection);
    let changed = |sql: &str| {
        store.connection.execute_batch("SAVEPOINT change").unwrap();
        store.connection.execute_batch(sql).unwrap();
        let found = faults(&store).into_iter().map(|fault| match fault {
            Fault::Changed { record, field, was, .. } => {
                let invoice = record.invoice.unwrap_or_default();
                format!(
                    "{} {invoice} {field} {}",
                    record.kind,
                    was.map(|was| was.to_string()).unwrap_or_default()
                )
            }
            Fault::Gone { record } => format!("{} {} gone", record.kind, record.invoice.unwrap_or_default()),
            Fault::Unlinked { record } => format!("{} {} unlinked", record.kind, record.invoice.unwrap_or_default()),
            other => format!("{other:?}"),
        });
        let found: Vec<String> = found.collect();
        store
            .connection
            .execute_batch("ROLLBACK TO change; RELEASE change")
            .unwrap();
        found
    };
    assert_eq!(
        changed("UPDATE invoice SET issue_date = '2026-11-30' WHERE id = 1"),
        ["invoice JDS-202611-0001 issueDate 2026-11-16"]
    );
    let buyer = changed("UPDATE invoice SET content = replace(content, 'Acme', 'Other') WHERE id = 1");
    assert_eq!(buyer.len(), 2, "{buyer:?}");
    assert!(
        buyer
            .iter()
            .any(|fault| fault.starts_with("invoice JDS-202611-0001 content.buyer ")),
        "{buyer:?}"
    );
    let line = changed(r#"UPDATE invoice SET content = replace(content, '"a":2', '"a":3') WHERE id = 1"#);
    assert!(
        line.iter()
            .any(|fault| fault.starts_with("invoice JDS-202611-0001 content.lines.1 ")),
        "{line:?}"
    );
    assert_eq!(
        changed("UPDATE payment SET amount = '2.00' WHERE id = 2"),
        ["payment JDS-202611-0001 amount 1.00"]
    );
    assert_eq!(
        changed("UPDATE claim_span SET end_at = 190 WHERE claim = 1"),
        ["span JDS-202611-0001 endAt 200"]
    );
    assert_eq!(
        changed("UPDATE claim SET live = 1 WHERE id = 1"),
        ["release JDS-202611-0001 gone"]
    );
    assert_eq!(
        changed("DELETE FROM payment WHERE id = 1"),
        ["payment JDS-202611-0001 gone"]
    );
    // The other records of an invoice are gone with its number, and only the invoice is reported.
    assert_eq!(
        changed("UPDATE invoice SET number = 'JDS-202611-0009' WHERE id = 2"),
        ["invoice JDS-202611-0002 gone", "invoice JDS-202611-0009 unlinked"]
            .into_iter()
            .rev()
            .collect::<Vec<_>>()
    );
    assert_eq!(
        changed("INSERT INTO payment (invoice, amount, day) VALUES (2, '9.00', '2026-11-17')"),
        ["payment JDS-202611-0002 unlinked"]
    );
    let gap = changed("DELETE FROM link WHERE n = 2");
    assert!(
        gap.contains(&"Gap { n: 2 }".to_owned()) && gap.contains(&"Broken { n: 3 }".to_owned()),
        "{gap:?}"
    );
}

#[test]
fn a_chain_that_was_written_anew_has_not_the_head_that_was_noted() {
    let (_folder, mut store) = home();
    store.connection.execute_batch(ROWS).unwrap();
    let noted = store.chain().unwrap();
    let head = noted.head.unwrap();
    assert_eq!(store.link_of(&head).unwrap(), Some(noted.links));
    let pay = "INSERT INTO payment (invoice, amount, day) VALUES (2, '9.00', '2026-11-17')";
    store.connection.execute(pay, []).unwrap();
    assert_eq!(store.link_of(&head).unwrap(), Some(noted.links));
    unguard(&store.connection);
    store
        .connection
        .execute_batch("UPDATE payment SET amount = '7.00' WHERE id = 1; DELETE FROM link")
        .unwrap();
    let transaction = store.connection.transaction().unwrap();
    install(&transaction, NOW).unwrap();
    transaction.commit().unwrap();
    let anew = store.chain().unwrap();
    assert_eq!(anew.faults, []);
    assert_eq!(anew.older.map(|(records, _)| records), Some(noted.links + 1));
    assert_eq!(store.link_of(&head).unwrap(), None);
}

#[test]
fn links_are_never_changed_nor_deleted_and_what_was_sent_stays_sent() {
    let (_folder, store) = home();
    store.connection.execute_batch(ROWS).unwrap();
    for sql in [
        "UPDATE link SET record = '{}' WHERE n = 1",
        "DELETE FROM link WHERE n = 1",
        "INSERT OR REPLACE INTO link (n, kind, record, hash) SELECT n, kind, '{}', hash FROM link WHERE n = 1",
        "UPDATE invoice SET sent_on = '2026-11-19' WHERE id = 1",
        "UPDATE invoice SET sent_on = NULL WHERE id = 1",
    ] {
        assert!(store.connection.execute(sql, []).is_err(), "{sql}");
    }
    let again = "UPDATE invoice SET sent_on = '2026-11-18', note = 'x' WHERE id = 1";
    store.connection.execute(again, []).unwrap();
    assert_eq!(faults(&store), []);
}

#[test]
fn a_record_without_its_link_is_named() {
    for kind in KINDS {
        let (_folder, store) = home();
        // The triggers of one kind are forgotten.
        let names = format!(
            "SELECT 'DROP TRIGGER ' || name FROM sqlite_schema WHERE name LIKE 'linked_{}_%'",
            kind.name
        );
        for drop in strings(&store.connection, &names) {
            store.connection.execute_batch(&drop).unwrap();
        }
        store.connection.execute_batch(ROWS).unwrap();
        store.connection.execute_batch(LATER).unwrap();
        let found = faults(&store);
        assert!(!found.is_empty(), "{}", kind.name);
        let of_kind = |fault: &Fault| matches!(fault, Fault::Unlinked { record: NamedRecord { kind: name, .. } } if *name == kind.name);
        assert!(found.iter().all(of_kind), "{}: {found:?}", kind.name);
    }
}

#[test]
fn hosts_that_write_at_once_keep_one_chain_and_one_that_is_killed_leaves_none_of_it() {
    let (folder, store) = home();
    store.connection.execute_batch(ROWS).unwrap();
    let before = store.chain().unwrap().links;
    let path = folder.path().join("keeptab.db");
    let hosts: Vec<_> = (0..2)
        .map(|host| {
            let path = path.clone();
            thread::spawn(move || {
                let mut store = open(&path);
                for index in 0..50 {
                    let transaction = crate::immediate(&mut store.connection).unwrap();
                    let pay =
                        "INSERT INTO payment (invoice, amount, day, made_at) VALUES (2, '1.00', '2026-11-17', ?1)";
                    transaction.execute(pay, [host * 1000 + index]).unwrap();
                    // Every fifth is ended before it commits.
                    if index % 5 != 0 {
                        transaction.commit().unwrap();
                    }
                }
            })
        })
        .collect();
    for host in hosts {
        host.join().unwrap();
    }
    let chain = store.chain().unwrap();
    assert_eq!((chain.links, chain.faults), (before + 80, vec![]));
}

/// The tables as each version had them.
const VERSIONS: &[&str] = &[
    include_str!("../schema.sql"),
    include_str!("../migrations/2_invoices.sql"),
    include_str!("../migrations/3_import.sql"),
    include_str!("../migrations/4_roots.sql"),
    include_str!("../migrations/5_links.sql"),
];

#[test]
fn older_records_are_linked_in_the_order_of_their_ids_and_attested_from_then_on() {
    for version in 1..=VERSIONS.len() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keeptab.db");
        let old = Connection::open(&path).unwrap();
        for sql in &VERSIONS[..version] {
            old.execute_batch(sql).unwrap();
        }
        old.pragma_update(None, "application_id", 0x6b74_6162).unwrap();
        old.pragma_update(None, "user_version", u32::try_from(version).unwrap())
            .unwrap();
        let status = if version == 1 {
            ("status, ", "'issued', ")
        } else {
            ("", "")
        };
        let invoice = format!(
            "INSERT INTO person (id, name) VALUES (1, 'me');
             INSERT INTO invoice (number, kind, client, {0}issue_date, issued_at, content) VALUES
                 ('JDS-202611-0001', 'invoice', 'acme', {1}'2026-11-16', 0, '{{}}'),
                 ('JDS-202611-0002', 'invoice', 'acme', {1}'2026-11-16', 0, '{{}}');
             INSERT INTO claim (invoice, line, person, start_at, end_at, live) VALUES (1, 0, 1, 0, 10, 0), (2, 0, 1, 0, 10, 1);
             INSERT INTO payment (invoice, amount, day) VALUES (2, '1.00', '2026-11-17');
             INSERT INTO document (invoice, format, sha256, bytes) VALUES (1, 'pdf', 'x', x'00');",
            status.0, status.1
        );
        old.execute_batch(&invoice).unwrap();
        drop(old);
        let store = open(&path);
        let chain = store.chain().unwrap();
        assert_eq!(chain.faults, []);
        assert_eq!((chain.older, chain.links), (Some((10, NOW)), 11));
        let kinds = strings(&store.connection, "SELECT kind FROM link ORDER BY n");
        assert_eq!(
            kinds,
            [
                "begin/1",
                "invoice/1",
                "invoice/1",
                "claim/1",
                "claim/1",
                "span/1",
                "span/1",
                "release/1",
                "freed/1",
                "payment/2",
                "document/1"
            ]
        );
        // Another start links none again.
        drop(store);
        assert_eq!(open(&path).chain().unwrap().links, 11);
    }
}

/// Links that another program computed from the rows, knowing only EXPORT.md.
const LINKS: &[&str] = &[
    r#"invoice/1 {"client":"acme","content":"31121d5b83609b12b59222be398182a552b85225cc7d5be7e99d272883e118a0","content.buyer":"2e52492792c2f947fdc5ae0e84eaf1f9c30e49cb0cccd9d9246f2fd81e6cbaa3","content.lines.0":"015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862","content.lines.1":"7e8059f495589fcd981232cc11d00b00da3802c01d688fa1cf1f6bed6e5bb33c","invoice":"JDS-202611-0001","issueDate":"2026-11-16","issuedAt":5,"kind":"invoice"}"#,
    r#"invoice/1 {"client":"globex","content":"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","invoice":"JDS-202611-0002","issueDate":"2026-11-16","issuedAt":6,"kind":"invoice"}"#,
    r#"invoice/1 {"cancels":"JDS-202611-0001","client":"acme","content":"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","invoice":"JDS-202611-0003","issueDate":"2026-11-17","issuedAt":7,"kind":"credit"}"#,
    r#"claim/1 {"claim":1,"invoice":"JDS-202611-0001","length":100,"line":0,"person":1}"#,
    r#"claim/1 {"claim":2,"entryDay":"2026-11-16","entryEndAt":600,"entryLength":100,"entryNote":"7edb360f06acaef2cc80dba16cf563f199d347db4443da04da0c8173e3f9e4ed","entryProject":"api","entryStartAt":500,"invoice":"JDS-202611-0001","length":100,"line":1,"person":1}"#,
    r#"claim/1 {"claim":3,"invoice":"JDS-202611-0002","length":100,"line":0,"person":1}"#,
    r#"span/1 {"claim":1,"endAt":200,"invoice":"JDS-202611-0001","person":1,"startAt":100}"#,
    r#"span/1 {"claim":2,"endAt":600,"invoice":"JDS-202611-0001","person":1,"startAt":500}"#,
    r#"span/1 {"claim":3,"endAt":400,"invoice":"JDS-202611-0002","person":1,"startAt":300}"#,
    r#"release/1 {"claim":1,"invoice":"JDS-202611-0001"}"#,
    r#"freed/1 {"claim":1,"invoice":"JDS-202611-0001","startAt":100}"#,
    r#"credit/1 {"creditNote":"JDS-202611-0003","invoice":"JDS-202611-0001","line":0}"#,
    r#"payment/2 {"amount":"1.00","day":"2026-11-17","invoice":"JDS-202611-0001","madeAt":8,"payment":1}"#,
    r#"payment/2 {"amount":"1.00","day":"2026-11-17","invoice":"JDS-202611-0001","madeAt":8,"payment":2}"#,
    r#"document/1 {"bytes":"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d","format":"pdf","invoice":"JDS-202611-0001","sha256":"x"}"#,
    r#"asset/1 {"bytes":"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d","sha256":"logo"}"#,
    r#"sent/1 {"day":"2026-11-18","invoice":"JDS-202611-0001"}"#,
];

#[test]
fn bytes_of_the_first_version_stay_as_they_are() {
    let (_folder, store) = home();
    store.connection.execute_batch(ROWS).unwrap();
    let links = strings(&store.connection, "SELECT kind || ' ' || record FROM link ORDER BY n");
    assert_eq!(links, LINKS);
    assert_eq!(
        store.chain().unwrap().head.unwrap().to_string(),
        "36f2f4c9949c11511e7d5ff43a9e502e34437fe906a9ac91486abed07985fde3"
    );
    store.connection.execute_batch(LATER).unwrap();
    assert_eq!(
        strings(
            &store.connection,
            "SELECT kind || ' ' || record FROM link ORDER BY n DESC LIMIT 1"
        ),
        [r#"use/1 {"invoice":"JDS-202611-0001","payment":1,"usedBy":"JDS-202611-0002"}"#]
    );
}
