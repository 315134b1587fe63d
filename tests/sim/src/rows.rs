//! All that a database holds for good, read without the engine.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

/// Rows by their key, each with the columns that never change.
pub type Rows = BTreeMap<String, String>;

/// Rows about invoices that are only ever added: they survive restores.
const LEDGER: [(&str, &str); 7] = [
    (
        "invoice",
        "SELECT number, id || kind || client || issue_date || content FROM invoice",
    ),
    (
        "payment",
        "SELECT id, invoice || '|' || amount || '|' || day FROM payment",
    ),
    (
        "claim",
        "SELECT id, invoice || '|' || line || '|' || coalesce(entry, '-') || '|' || length FROM claim",
    ),
    ("claim span", "SELECT claim || ' ' || start_at, end_at FROM claim_span"),
    ("credit", "SELECT invoice || ' ' || line, credit_note FROM credit"),
    ("document", "SELECT invoice || ' ' || format, sha256 FROM document"),
    ("link", "SELECT n, kind || ' ' || record || hex(hash) FROM link"),
];

/// Rows of events and entries. Entries of an import count once all of it is there.
const FACTS: [(&str, &str); 4] = [
    (
        "event",
        "SELECT name || ' ' || seq || ' ' || event.at, sign FROM event JOIN source ON source.id = source",
    ),
    (
        "entry",
        "SELECT entry.id, coalesce('import ' || batch, 'own') || '|' || day || '|' || coalesce(start_at, '-') || '|' || coalesce(end_at, '-') || '|' || length || '|'
             || coalesce(note, '-') || '|' || coalesce(free, '-')
         FROM entry LEFT JOIN batch ON batch.id = batch WHERE batch IS NULL OR finished_at IS NOT NULL",
    ),
    ("apply", "SELECT id, made_at FROM apply"),
    (
        "correction",
        "SELECT id, apply || '|' || start_at || '|' || end_at || '|' || change FROM correction",
    ),
];

/// The identities (device, n) in a home: each names one fact, in all homes.
const IDENTITIES: [&str; 3] = [
    "SELECT uuid || ' ' || n, 'entry ' || day || '|' || coalesce(start_at, '-') || '|' || length || '|' || coalesce(note, '-')
     FROM entry JOIN device ON device.id = device WHERE n IS NOT NULL",
    "SELECT uuid || ' ' || n, 'apply ' || made_at FROM apply JOIN device ON device.id = device WHERE n IS NOT NULL",
    "SELECT uuid || ' ' || n, 'correction ' || start_at || '|' || end_at || '|' || change
     FROM correction JOIN device ON device.id = device WHERE n IS NOT NULL",
];

/// The contents of a database at an instant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// Records about invoices.
    pub ledger: Rows,
    /// Events, entries and changes.
    pub facts: Rows,
    /// The facts by their identity.
    pub identities: Rows,
    /// The changes that were taken back.
    pub undone: BTreeSet<i64>,
    /// The numbers of invoices and credit notes.
    pub numbers: BTreeSet<String>,
}

/// Opens a database for looking at it: closing it changes nothing.
///
/// # Errors
///
/// If it cannot be opened.
pub fn open(path: &Path) -> Result<Connection> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(connection)
}

impl Contents {
    /// Reads a database.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn read(connection: &Connection) -> Result<Self> {
        let mut contents = Self::default();
        for (table, sql) in LEDGER {
            add(connection, table, sql, &mut contents.ledger)?;
        }
        for (table, sql) in FACTS {
            add(connection, table, sql, &mut contents.facts)?;
        }
        for sql in IDENTITIES {
            add(connection, "", sql, &mut contents.identities)?;
        }
        let mut undone = connection.prepare("SELECT id FROM apply WHERE undone_at IS NOT NULL")?;
        contents.undone = undone
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let mut numbers = connection.prepare("SELECT number FROM invoice")?;
        contents.numbers = numbers
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        Ok(contents)
    }
}

fn add(connection: &Connection, table: &str, sql: &str, rows: &mut Rows) -> Result<()> {
    let mut statement = connection.prepare(sql)?;
    let mut found = statement.query([])?;
    while let Some(row) = found.next()? {
        let [key, value] = [text(row.get_ref(0)?), text(row.get_ref(1)?)];
        rows.insert(format!("{table} {key}"), value);
    }
    Ok(())
}

fn text(value: rusqlite::types::ValueRef<'_>) -> String {
    use rusqlite::types::ValueRef;
    match value {
        ValueRef::Null => "-".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) | ValueRef::Blob(text) => String::from_utf8_lossy(text).into_owned(),
    }
}

/// Returns the first row that is gone or has another content.
#[must_use]
pub fn lost<'r>(before: &'r Rows, after: &'r Rows) -> Option<(&'r String, &'r String, Option<&'r String>)> {
    let other = |(key, value): &(&'r String, &'r String)| after.get(*key) != Some(*value);
    let (key, value) = before.iter().find(other)?;
    Some((key, value, after.get(key)))
}
