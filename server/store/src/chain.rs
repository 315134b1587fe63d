//! The hash chain in the store: each record that is only ever added gets a link in the transaction that writes it.
//!
//! Triggers write the links, so no code can forget one. EXPORT.md documents the bytes.

mod audit;
mod functions;
mod kinds;
mod whole;

use std::collections::HashMap;

use anyhow::{Context as _, Result};
use keeptab_core::chain::{Field, Hash, Record};
use keeptab_core::instant::Instant;
use rusqlite::{Connection, OptionalExtension as _, Transaction};

use super::Store;
pub use audit::{Fault, NamedRecord};
pub(super) use audit::{audit, follow};
pub(super) use functions::register;
use kinds::{KINDS, Kind};
pub(super) use whole::{Strand, keep_keys, remove_changed};

/// The kind of the link before records that are older than their links.
const BEGIN: &str = "begin/1";

/// A link, as exports carry it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its place, from 1.
    pub n: i64,
    /// The kind of the record, with the version of its form.
    pub kind: String,
    /// The record in its canonical form.
    pub record: String,
    /// The hash.
    pub hash: Vec<u8>,
}

impl Store {
    /// Returns the place of a hash in the chain, from 1; `None` if no link has it.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn link_of(&self, hash: &Hash) -> Result<Option<u64>> {
        let sql = "SELECT n FROM link WHERE hash = ?1 ORDER BY n LIMIT 1";
        let found: Option<i64> = self
            .connection
            .query_row(sql, [hash.bytes()], |row| row.get(0))
            .optional()?;
        Ok(found.map(u64::try_from).transpose()?)
    }
}

/// Returns true if the chain is empty.
pub(super) fn is_empty(connection: &Connection) -> Result<bool> {
    Ok(connection.query_row("SELECT NOT EXISTS (SELECT 1 FROM link)", [], |row| row.get(0))?)
}

/// Removes the triggers that write links, so that a migration can change the tables and an import can bring links along.
pub(super) fn remove_triggers(transaction: &Transaction<'_>) -> Result<()> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'linked\\_%' ESCAPE '\\'";
    let mut statement = transaction.prepare(sql)?;
    let names: Vec<String> = statement
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for name in names {
        transaction.execute_batch(&format!("DROP TRIGGER \"{name}\""))?;
    }
    Ok(())
}

/// Creates the triggers that write links, after linking each record without a link of the present version: first one
/// link with the number of these records, then the records by kind, in the order of their ids.
pub(super) fn install(transaction: &Transaction<'_>, now: Instant) -> Result<()> {
    link_older(transaction, now, |_| true)?;
    make_triggers(transaction)
}

/// Creates the triggers for a chain that was imported with its records. A record that it lacks stays without a link,
/// so that verification names it.
pub(super) fn resume(transaction: &Transaction<'_>, now: Instant) -> Result<()> {
    link_older(transaction, now, |is_linked| is_linked)?;
    make_triggers(transaction)
}

fn make_triggers(transaction: &Transaction<'_>) -> Result<()> {
    for kind in KINDS {
        transaction.execute_batch(&kind.triggers())?;
    }
    Ok(())
}

/// Links records without a link of the present version, if `takes` agrees; its argument is true if the record has an
/// earlier link.
fn link_older(transaction: &Transaction<'_>, now: Instant, takes: impl Fn(bool) -> bool) -> Result<()> {
    let mut older = Vec::new();
    for kind in KINDS {
        let linked = kind.linked(transaction)?;
        kind.each(transaction, |record| {
            let last = linked.get(&kind.identity(&record)).and_then(|links| links.last());
            let is_older = last.is_none_or(|(version, _)| *version != kind.version);
            if is_older && takes(last.is_some()) {
                older.push((kind.tag(), record.to_string()));
            }
            Ok(())
        })?;
    }
    if older.is_empty() {
        return Ok(());
    }
    let mut begin = Record::default();
    begin.put("at", Field::Integer(now.millis()));
    begin.put("records", Field::Integer(i64::try_from(older.len())?));
    append(transaction, BEGIN, &begin.to_string())?;
    for (kind, record) in older {
        append(transaction, &kind, &record)?;
    }
    Ok(())
}

fn append(connection: &Connection, kind: &str, record: &str) -> Result<()> {
    let last = "SELECT hash FROM link ORDER BY n DESC LIMIT 1";
    let last: Option<Vec<u8>> = connection
        .prepare_cached(last)?
        .query_row([], |row| row.get(0))
        .optional()?;
    let last = last.map_or(Some(Hash::ZERO), |bytes| Hash::from_bytes(&bytes));
    let hash = last.context("a link of the chain is damaged")?.link(kind, record);
    let sql = "INSERT INTO link (kind, record, hash) VALUES (?1, ?2, ?3)";
    connection.prepare_cached(sql)?.execute((kind, record, hash.bytes()))?;
    Ok(())
}

/// Returns the number of the invoice that a record is about.
pub(super) fn number_in(record: &str) -> Option<String> {
    Record::parse(record)?.get("invoice").map(ToString::to_string)
}

/// The links of one kind by the identity of their record, oldest first, each with the version of its form.
type Linked = HashMap<String, Vec<(u32, String)>>;

impl Kind {
    /// Reads the links of all versions of the kind.
    fn linked(&self, connection: &Connection) -> Result<Linked> {
        let mut linked = Linked::new();
        let sql = "SELECT kind, record FROM link WHERE kind GLOB ?1 ORDER BY n";
        let mut statement = connection.prepare(sql)?;
        let mut rows = statement.query([format!("{}/*", self.name)])?;
        while let Some(row) = rows.next()? {
            let (kind, text): (String, String) = (row.get(0)?, row.get(1)?);
            let version = kind.rsplit('/').next().and_then(|version| version.parse().ok());
            let record = Record::parse(&text).unwrap_or_default();
            let links = linked.entry(self.identity(&record)).or_default();
            links.push((version.unwrap_or_default(), text));
        }
        Ok(linked)
    }

    /// Calls `each` on all records as the tables hold them, in the order of their ids.
    fn each(&self, connection: &Connection, mut each: impl FnMut(Record) -> Result<()>) -> Result<()> {
        let mut statement = connection.prepare(&self.all())?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let mut record = Record::default();
            for (place, (name, _)) in self.fields.iter().enumerate() {
                functions::put(&mut record, name, row.get_ref(place)?)?;
            }
            each(record)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
