//! Documents of an export: the files that invoices are printed with, the rendered documents, and the links of the hash
//! chain.

use std::collections::{BTreeMap, HashMap};

use anyhow::Result;
use keeptab_core::chain::{Field, Hash, Record};
use rusqlite::{Connection, Transaction, params};

use super::super::super::chain::{self, Fault, Link, NamedRecord};
use super::super::super::{Store, checksum};
use super::bills::Fate;
use super::extras::At;
use super::{NewInvoice, Stage};

/// The staging tables: parts of files as they come, and links.
pub(super) const TABLES: &str = "
    CREATE TABLE stage.asset (
        sha256 TEXT NOT NULL, part INTEGER NOT NULL, file INTEGER NOT NULL, line INTEGER NOT NULL, bytes BLOB NOT NULL,
        PRIMARY KEY (sha256, part)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE stage.document (
        invoice TEXT NOT NULL, format TEXT NOT NULL, sha256 TEXT NOT NULL, part INTEGER NOT NULL,
        file INTEGER NOT NULL, line INTEGER NOT NULL, bytes BLOB NOT NULL,
        PRIMARY KEY (invoice, format, part)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE stage.link (n INTEGER PRIMARY KEY, kind TEXT NOT NULL, record TEXT NOT NULL, hash BLOB NOT NULL) STRICT;";

/// A part of a file.
#[derive(Clone, Copy, Debug)]
pub struct NewPart<'p> {
    /// The record's place.
    pub at: At,
    /// The SHA-256 of the whole.
    pub sha256: &'p str,
    /// The place of the part, from 0.
    pub part: u32,
    /// The bytes.
    pub bytes: &'p [u8],
}

impl Stage<'_> {
    /// Takes a part of a file that invoices are printed with; the same one twice is once.
    ///
    /// # Errors
    ///
    /// If the temporary files cannot be written.
    pub fn asset(&mut self, part: NewPart<'_>) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO stage.asset (sha256, part, file, line, bytes) VALUES (?1, ?2, ?3, ?4, ?5)";
        let NewPart {
            at,
            sha256,
            part,
            bytes,
        } = part;
        let row = params![sha256, part, at.file, i64::try_from(at.line)?, bytes];
        self.transaction.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    /// Takes a part of the document of an invoice in a format; the same one twice is once.
    ///
    /// # Errors
    ///
    /// If the temporary files cannot be written.
    pub fn document(&mut self, (invoice, format): (&str, &str), part: NewPart<'_>) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO stage.document (invoice, format, sha256, part, file, line, bytes)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let NewPart {
            at,
            sha256,
            part,
            bytes,
        } = part;
        let row = params![invoice, format, sha256, part, at.file, i64::try_from(at.line)?, bytes];
        self.transaction.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    /// Takes a link of the hash chain; the same one twice is once.
    ///
    /// # Errors
    ///
    /// If the temporary files cannot be written.
    pub fn link(&mut self, link: &Link) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO stage.link (n, kind, record, hash) VALUES (?1, ?2, ?3, ?4)";
        let row = params![link.n, link.kind, link.record, link.hash];
        self.transaction.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }
}

impl Store {
    /// Returns the faults of the staged hash chain, and the staged invoices that differ from it, if this home takes
    /// both.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn staged_faults(&self) -> Result<Vec<Fault>> {
        let restores = self.staged_invoices()?.iter().any(|(_, fate)| *fate == Fate::Restored);
        if !restores || !has_links(&self.connection)? {
            return Ok(Vec::new());
        }
        let mut faults = chain::follow(&self.connection, "stage.link")?.faults;
        let linked = linked_contents(&self.connection)?;
        for invoice in &self.staged.invoices {
            faults.extend(compare(invoice, linked.get(&invoice.number)));
        }
        Ok(faults)
    }
}

/// Returns the hashes of the contents of invoices by their numbers, as the staged links have them.
fn linked_contents(connection: &Connection) -> Result<HashMap<String, Field>> {
    let mut statement = connection.prepare("SELECT record FROM stage.link WHERE kind GLOB 'invoice/*' ORDER BY n")?;
    let mut rows = statement.query([])?;
    let mut linked = HashMap::new();
    while let Some(row) = rows.next()? {
        let record = Record::parse(&row.get::<_, String>(0)?).unwrap_or_default();
        if let (Some(Field::Text(number)), Some(content)) = (record.get("invoice"), record.get("content")) {
            linked.insert(number.clone(), content.clone());
        }
    }
    Ok(linked)
}

fn compare(invoice: &NewInvoice, linked: Option<&Field>) -> Option<Fault> {
    let record = NamedRecord {
        kind: "invoice",
        invoice: Some(invoice.number.clone()),
        place: None,
    };
    let is = Field::Text(Hash::of(invoice.content.as_bytes()).to_string());
    match linked {
        None => Some(Fault::Unlinked { record }),
        Some(was) if *was == is => None,
        Some(was) => Some(Fault::Changed {
            record,
            field: "content".to_owned(),
            was: Some(was.clone()),
            is: Some(is),
        }),
    }
}

/// Returns whether any link is staged.
pub(super) fn has_links(connection: &Connection) -> Result<bool> {
    Ok(connection.query_row("SELECT EXISTS (SELECT 1 FROM stage.link)", [], |row| row.get(0))?)
}

/// Gives the chain, which is empty, the staged links.
pub(super) fn restore_links(transaction: &Transaction<'_>) -> Result<()> {
    let sql = "INSERT INTO main.link (n, kind, record, hash) SELECT n, kind, record, hash FROM stage.link ORDER BY n";
    transaction.execute(sql, [])?;
    Ok(())
}

/// Writes the files and documents of invoices that are here, as far as they are missing. Returns the refused ones.
pub(super) fn write(transaction: &Transaction<'_>, fates: &BTreeMap<String, Fate>) -> Result<Vec<(At, String)>> {
    let mut refused = Vec::new();
    let is_here = |fate: &Fate| matches!(fate, Fate::Restored | Fate::There);
    if fates.values().any(is_here) {
        assets(transaction, &mut refused)?;
    }
    let mut statement =
        transaction.prepare("SELECT invoice, format, sha256, file, line FROM stage.document WHERE part = 0")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (invoice, format, sha256): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let at = place(row.get(3)?, row.get(4)?);
        match fates.get(&invoice) {
            None => {
                refused.push((at, format!("it names {invoice}, which is not there")));
                continue;
            }
            Some(fate) if !is_here(fate) => continue,
            Some(_) => {}
        }
        let sql = "SELECT bytes FROM stage.document WHERE invoice = ?1 AND format = ?2 ORDER BY part";
        let bytes = joined(transaction, sql, &[&invoice, &format])?;
        if checksum(&bytes) != sha256 {
            refused.push((
                at,
                format!("the {format} of {invoice} is damaged; it is rendered again"),
            ));
            continue;
        }
        let sql = "INSERT OR IGNORE INTO document (invoice, format, sha256, bytes)
                   SELECT id, ?2, ?3, ?4 FROM invoice WHERE number = ?1";
        transaction.execute(sql, params![invoice, format, sha256, bytes])?;
    }
    Ok(refused)
}

fn assets(transaction: &Transaction<'_>, refused: &mut Vec<(At, String)>) -> Result<()> {
    let mut statement = transaction.prepare("SELECT sha256, file, line FROM stage.asset WHERE part = 0")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let sha256: String = row.get(0)?;
        let mut known = transaction.prepare_cached("SELECT 1 FROM asset WHERE sha256 = ?1")?;
        if known.exists([&sha256])? {
            continue;
        }
        let sql = "SELECT bytes FROM stage.asset WHERE sha256 = ?1 ORDER BY part";
        let bytes = joined(transaction, sql, &[&sha256])?;
        if checksum(&bytes) != sha256 {
            let why = format!("the file {sha256}, which invoices are printed with, is damaged");
            refused.push((place(row.get(1)?, row.get(2)?), why));
            continue;
        }
        transaction.execute(
            "INSERT INTO asset (sha256, bytes) VALUES (?1, ?2)",
            params![sha256, bytes],
        )?;
    }
    Ok(())
}

fn place(file: u32, line: i64) -> At {
    let line = u64::try_from(line).unwrap_or_default();
    At { file, line }
}

/// Returns the bytes of parts, one after the other.
fn joined(connection: &Connection, sql: &str, parameters: &[&dyn rusqlite::ToSql]) -> Result<Vec<u8>> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(parameters)?;
    let mut bytes = Vec::new();
    while let Some(row) = rows.next()? {
        bytes.extend_from_slice(row.get_ref(0)?.as_blob()?);
    }
    Ok(bytes)
}
