//! The one `SQLite` file: everything that is kept. Nothing else names `rusqlite`.

mod cause;
mod chain;
mod copy;
#[cfg(test)]
mod damaged;
mod days;
mod device;
mod entries;
mod events;
mod examine;
mod exports;
mod facts;
mod forget;
mod imports;
mod invoices;
mod migrations;
mod months;
mod open;
mod place;
mod restore;
mod review;
mod roots;
mod salvage;
mod sheets;
mod spans;
mod sums;
mod swap;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use keeptab_core::activity::{DeviceId, PersonId, SourceId};
use keeptab_core::instant::Instant;
use open::Opened;
use place::FileId;
use rusqlite::{Connection, ErrorCode, OptionalExtension as _, Transaction, TransactionBehavior};

pub use cause::{Trouble, brief, chain as chain_of, trouble};
pub use chain::{Fault, Link, NamedRecord};
pub use copy::copy;
pub use days::{CachedDay, UtcDay};
pub use events::{NewEvent, NewSign, StoredEvent, StoredSign, Taken};
pub use examine::{Damage, examine};
pub use exports::EntryRow;
pub use forget::{Forgotten, Removed, Scope};
pub use imports::{
    Amounts, At, Batch, BatchId, By, Fate, Landings, NewApply, NewClaim, NewCorrection, NewCredit, NewElsewhere,
    NewEntry, NewImported, NewInvoice, NewPart, NewPayment, NewSeries, NewSource, NewUndone, NewVoid, Origin, Overlap,
    OwnEntry, Stage, Undone,
};
pub use invoices::{
    AuditedClaim, Cancel, Claimed, DraftRow, GivenBack, InvoiceRow, Issue, ItemRow, Overpaid, checksum,
};
pub use migrations::{Lost, older_database};
pub use months::{EntryMonth, Form, KnownMonth};
pub use place::Moved;
pub use restore::{Candidate, Carried, Contents, Refusal, is_unreadable};
pub use review::Applied;
pub use salvage::{Salvaged, salvage};
pub use sheets::Written;
pub use spans::Holder;
pub use swap::{Held, put_in_place};

/// An open store. Every host and every command has its own; they meet in the file.
pub struct Store {
    connection: Connection,
    path: PathBuf,
    /// The file that is open, and its write-ahead log.
    file: FileId,
    log: Option<FileId>,
    /// The reason why the store cannot be written, in words; `None` if it can.
    unwritable: Option<String>,
    person: PersonId,
    device: DeviceId,
    known: device::Known,
    sources: HashMap<String, SourceId>,
    staged: imports::Staged,
}

/// The id of a touched thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityId(pub i64);

impl Store {
    /// Opens the store, creating it if it does not exist.
    ///
    /// # Errors
    ///
    /// If the file is not a keeptab database, is of a newer version, or cannot be read. Such a file is never
    /// overwritten.
    pub fn open(path: &Path, now: Instant) -> Result<Self> {
        let opened = open::open(path, now)?;
        Self::of(path, opened).map_err(|error| cause::explained(path, error))
    }

    /// Opens the store, read-only if it cannot be written.
    ///
    /// # Errors
    ///
    /// If it cannot be read either.
    pub fn open_or_read(path: &Path, now: Instant) -> Result<Self> {
        match Self::open(path, now) {
            Err(error) if cause::allows_reading(&error) => {
                let opened = open::open_to_read(path).and_then(|opened| Self::of(path, opened));
                let unwritable = Some(cause::unwritable(path, &error));
                opened.map(|store| Self { unwritable, ..store }).map_err(|_| error)
            }
            opened => opened,
        }
    }

    fn of(path: &Path, mut opened: Opened) -> Result<Self> {
        let (person, device, known) = open::identify(&mut opened.connection, path)?;
        Ok(Self {
            connection: opened.connection,
            path: path.to_owned(),
            file: opened.file,
            log: opened.log,
            unwritable: None,
            person,
            device,
            known,
            sources: HashMap::new(),
            staged: imports::Staged::default(),
        })
    }

    /// Returns whether nothing can be written.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.unwritable.is_some()
    }

    /// Returns an error of this store with its cause and a fitting hint.
    #[must_use]
    pub fn explained(&self, error: anyhow::Error) -> anyhow::Error {
        cause::of_store(&self.path, self.unwritable.as_deref(), error)
    }

    /// Runs several queries on one snapshot of the database.
    ///
    /// # Errors
    ///
    /// If the database cannot be read, or `look` fails.
    pub fn snapshot<T>(&self, look: impl FnOnce(&Self) -> Result<T>) -> Result<T> {
        if !self.connection.is_autocommit() {
            return look(self);
        }
        let transaction = self.connection.unchecked_transaction()?;
        let found = look(self)?;
        transaction.commit()?;
        Ok(found)
    }

    /// Returns the path of the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the revision of the past: every transaction that touches time before today raises it, in any host.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn past_revision(&self) -> Result<i64> {
        Ok(self
            .setting("past")?
            .and_then(|value| value.parse().ok())
            .unwrap_or_default())
    }

    /// Checks the file's structure from end to end and returns the faults.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn integrity(&self) -> Result<Vec<String>> {
        let mut statement = self.connection.prepare("PRAGMA integrity_check")?;
        let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
        let lines: Vec<String> = rows.collect::<rusqlite::Result<_>>()?;
        Ok(lines.into_iter().filter(|line| line != "ok").collect())
    }

    /// Returns the text of the config in force.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn config_in_force(&self) -> Result<Option<String>> {
        let sql = "SELECT text FROM config ORDER BY id DESC LIMIT 1";
        Ok(self.connection.query_row(sql, [], |row| row.get(0)).optional()?)
    }

    /// Returns the targets of the symbolic links of the config in force, as they were written with it.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn links_in_force(&self) -> Result<Option<String>> {
        let sql = "SELECT links FROM config ORDER BY id DESC LIMIT 1";
        let links = self.connection.query_row(sql, [], |row| row.get(0)).optional()?;
        Ok(links.flatten())
    }

    /// Puts a config in force, with the targets of its symbolic links and with the names that history may need once
    /// they are gone from the file.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn put_config_in_force(
        &mut self,
        text: &str,
        links: &str,
        names: &[(&str, &str, &str)],
        now: Instant,
    ) -> Result<()> {
        let transaction = immediate(&mut self.connection)?;
        let current: Option<String> = transaction
            .query_row("SELECT text FROM config ORDER BY id DESC LIMIT 1", [], |row| row.get(0))
            .optional()?;
        if current.as_deref() == Some(text) {
            // A store of an earlier version has none.
            let sql = "UPDATE config SET links = ?1 WHERE id = (SELECT max(id) FROM config) AND links IS NULL";
            transaction.execute(sql, [links])?;
        } else {
            let sql = "INSERT INTO config (text, links, since) VALUES (?1, ?2, ?3)";
            transaction.execute(sql, (text, links, now.millis()))?;
            for (kind, id, name) in names {
                transaction.execute(
                    "INSERT INTO definition (kind, id, name) VALUES (?1, ?2, ?3)
                     ON CONFLICT DO UPDATE SET name = excluded.name",
                    (kind, id, name),
                )?;
            }
            touch_past(&transaction)?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Returns, once, what entries lost that were older than the rule that no instant counts twice.
    ///
    /// # Errors
    ///
    /// If the database cannot be read or written.
    pub fn take_lost(&mut self) -> Result<Vec<Lost>> {
        let Some(text) = self.setting(migrations::LOST)?.filter(|_| !self.is_read_only()) else {
            return Ok(Vec::new());
        };
        self.set_setting(migrations::LOST, None)?;
        Ok(serde_json::from_str(&text).unwrap_or_default())
    }

    /// Returns the value of a setting, which holds for every host.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn setting(&self, key: &str) -> Result<Option<String>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT value FROM setting WHERE key = ?1")?;
        Ok(statement.query_row([key], |row| row.get(0)).optional()?)
    }

    /// Keeps a value for every host, or forgets it.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn set_setting(&mut self, key: &str, value: Option<&str>) -> Result<()> {
        match value {
            Some(value) => {
                let sql = "INSERT INTO setting (key, value) VALUES (?1, ?2)
                           ON CONFLICT DO UPDATE SET value = excluded.value";
                self.connection.execute(sql, (key, value))?;
            }
            None => {
                self.connection.execute("DELETE FROM setting WHERE key = ?1", [key])?;
            }
        }
        Ok(())
    }

    /// Stores when something happened, unless it happened after `since` in any host. Returns true if it was stored.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn keep_once_since(&mut self, key: &str, at: Instant, since: Instant) -> Result<bool> {
        let sql = "INSERT INTO setting (key, value) VALUES (?1, ?2)
                   ON CONFLICT DO UPDATE SET value = excluded.value WHERE CAST(setting.value AS INTEGER) <= ?3";
        let kept = self
            .connection
            .execute(sql, (key, at.millis().to_string(), since.millis()))?;
        Ok(kept > 0)
    }

    /// Returns whether tracking is paused, for every host.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn paused(&self) -> Result<bool> {
        Ok(self.setting("paused")?.is_some())
    }

    /// Pauses or resumes tracking, for every host.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn set_paused(&mut self, paused: bool) -> Result<()> {
        self.set_setting("paused", paused.then_some("1"))
    }
}

/// Raises the revision of the past.
fn touch_past(transaction: &Connection) -> Result<()> {
    let sql = "INSERT INTO setting (key, value) VALUES ('past', '1')
               ON CONFLICT DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)";
    transaction.execute(sql, [])?;
    Ok(())
}

/// Begins a transaction that holds the one write lock from its start, so that it never fails half way.
fn immediate(connection: &mut Connection) -> Result<Transaction<'_>> {
    let begun = connection.transaction_with_behavior(TransactionBehavior::Immediate);
    begun.map_err(|error| match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => anyhow::Error::from(error)
            .context("the database is locked\nhint: another program holds keeptab.db open; close it and try again"),
        _ => error.into(),
    })
}

#[cfg(test)]
mod tests;
