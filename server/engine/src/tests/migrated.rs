//! Homes of earlier versions with invoices that were issued and rendered then.

use keeptab_store::{checksum, older_database};
use serde_json::Value;

use super::entries::Desk;
use super::*;

/// Members that the first version did not store.
const SINCE_2: [&str; 9] = [
    "kind",
    "grouping",
    "allowances",
    "bic",
    "order_reference",
    "terms",
    "notes",
    "appendix",
    "stationery",
];

/// Returns an invoice's content as a version stored it.
fn as_stored(content: &str, version: usize) -> String {
    let mut content: Value = serde_json::from_str(content).unwrap();
    let lines = content["lines"].as_array_mut().unwrap();
    for line in lines {
        let line = line.as_object_mut().unwrap();
        if version == 1 {
            for name in ["kind", "note", "period", "rounding"] {
                line.remove(name);
            }
        } else if let Some(rounding) = line["rounding"].as_object_mut() {
            // Shared parts came later.
            rounding.remove("place");
        }
    }
    let members = content.as_object_mut().unwrap();
    members.remove("items");
    if version == 1 {
        for name in SINCE_2 {
            members.remove(name);
        }
        members.remove("calendar");
    }
    serde_json::to_string_pretty(&content).unwrap()
}

/// Returns the content of an invoice for an hour of captured time and one of an entry.
fn content() -> String {
    let mut desk = Desk::new();
    desk.capture(0, 60, "/w/api/a.rs");
    desk.add(Some(120), 60, false).unwrap();
    desk.issue().unwrap();
    let invoices = desk.engine.store.export_invoices().unwrap();
    invoices[0].content.clone()
}

/// Rows of a version: that invoice, its claims, a payment, and its PDF.
fn rows(content: &str, version: usize) -> String {
    let quoted = content.replace('\'', "''");
    let (status, issued) = if version == 1 {
        (", status", ", 'issued'")
    } else {
        ("", "")
    };
    let (start, end) = (at(0).millis(), at(60).millis());
    let (from, to) = (at(120).millis(), at(180).millis());
    let sha256 = checksum(PDF);
    format!(
        "INSERT INTO person (id, name) VALUES (1, 'me');
         INSERT INTO device (id, uuid) VALUES (1, 'here');
         INSERT INTO series (org, month, next, last_date) VALUES ('JDS', 202611, 2, '2026-11-19');
         INSERT INTO invoice (id, number, kind, client, issue_date, issued_at, content{status})
             VALUES (1, 'JDS-202611-0001', 'invoice', 'acme', '2026-11-19', {end}, '{quoted}'{issued});
         INSERT INTO entry (id, person, day, start_at, end_at, length, project, billable)
             VALUES (1, 1, '2026-11-16', {from}, {to}, 3600000, 'api', 1);
         INSERT INTO claim (id, invoice, line, person, start_at, end_at) VALUES (1, 1, 0, 1, {start}, {end});
         INSERT INTO claim (id, invoice, line, person, entry) VALUES (2, 1, 0, 1, 1);
         INSERT INTO payment (id, invoice, amount, day) VALUES (1, 1, '20.00', '2026-11-19');
         INSERT INTO document (invoice, format, sha256, bytes) VALUES (1, 'pdf', '{sha256}', CAST('{}' AS BLOB));",
        String::from_utf8_lossy(PDF)
    )
}

const PDF: &[u8] = b"%PDF-1.7 as another version rendered it";

#[test]
fn invoices_of_earlier_versions_verify_and_their_documents_are_as_they_were() {
    let content = content();
    for version in 1..=3 {
        let stored = as_stored(&content, version);
        let folder = home();
        let path = Home::at(folder.path().to_owned(), None).database();
        older_database(&path, version, &rows(&stored, version)).unwrap();
        let mut engine = open(&folder);
        let found = engine.verify(None, None).unwrap();
        assert!(found.holds(), "{version}: {found}");
        assert_eq!((found.invoices, found.documents), (1, 1));
        // An invoice, two claims with their time, a payment and a document are attested from now on.
        assert_eq!(found.chain.older.as_ref().map(|older| older.records), Some(7));
        let invoice = engine.store.export_invoices().unwrap().remove(0);
        assert_eq!(invoice.content, stored);
        let number = invoice.number.parse().unwrap();
        let file = engine.render(&number, &[], at(4_000)).unwrap().files.remove(0);
        assert_eq!(fs::read(file).unwrap(), PDF);
        // It can be cancelled, and numbers go on.
        let cancelled = engine
            .ask(at(4 * 24 * 60), |engine, now| {
                engine.cancel(&number, None, false, None, None, now)
            })
            .unwrap();
        assert_eq!(cancelled.json()["number"], "JDS-202611-0002");
        let found = engine.verify(None, None).unwrap();
        assert!(found.holds(), "{version}: {found}");
    }
}
