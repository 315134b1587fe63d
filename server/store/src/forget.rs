//! Forgetting: the records of a thing or a stretch of time leave the database, its free space and its backups, except
//! those that an invoice bills.
//!
//! Each forgetting is stored as a fact, so that a restored backup and a later import forget the same records. Forgotten
//! records cannot be recovered.

mod fact;
mod remove;

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use keeptab_core::entity::Entity;
use keeptab_core::instant::{Instant, Span};
use rusqlite::{Connection, Transaction};

use super::events::entity_of;
use super::facts::Numbers;
use super::{Store, device, immediate, open};
use fact::{Fact, Meant};

pub use fact::Scope;
pub use remove::Removed;

/// Number of attempts to empty the log while others read.
const TRIES: usize = 20;

impl Store {
    /// Forgets a scope. Parts of it can still be read in the free space of the file, and in backups: see
    /// [`Forgotten`].
    ///
    /// # Errors
    ///
    /// If the database cannot be written; then nothing is forgotten.
    pub fn forget(&mut self, scope: &Scope, now: Instant) -> Result<Removed> {
        self.settle_device()?;
        let (device, sql) = (self.device, "SELECT uuid FROM device WHERE id = ?1");
        let uuid: String = self.connection.query_row(sql, [device.0], |row| row.get(0))?;
        let transaction = immediate(&mut self.connection)?;
        let fact = Fact {
            origin: (uuid, Numbers::take(&transaction, device, 1)?.next()),
            made_at: now,
            meant: Meant::of(&transaction, scope)?,
            is_everywhere: false,
        };
        let removed = remove::remove(&transaction, &fact, &remove::billed(&transaction)?)?;
        fact::keep(&transaction, &fact)?;
        transaction.commit()?;
        Ok(removed)
    }

    /// Forgets a scope in a transaction that stays open until [`Store::have_again`] ends it. No other process writes
    /// meanwhile.
    ///
    /// # Errors
    ///
    /// If the database cannot be written; then no transaction is open.
    pub fn try_forgetting(&mut self, scope: &Scope, now: Instant) -> Result<Removed> {
        self.connection.execute_batch("BEGIN IMMEDIATE")?;
        let fact = |meant| Fact {
            origin: (String::new(), 0),
            made_at: now,
            meant,
            is_everywhere: false,
        };
        let removed = Meant::of(&self.connection, scope).and_then(|meant| {
            let billed = remove::billed(&self.connection)?;
            remove::remove(&self.connection, &fact(meant), &billed)
        });
        if removed.is_err() {
            self.have_again()?;
        }
        removed
    }

    /// Takes back all that [`Store::try_forgetting`] did.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn have_again(&mut self) -> Result<()> {
        Ok(self.connection.execute_batch("ROLLBACK")?)
    }

    /// Returns every file, folder and page with stored records.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn things(&self) -> Result<Vec<Entity>> {
        let mut statement = self.connection.prepare(
            "SELECT kind, text FROM entity WHERE kind < 3 AND NOT (kind = 2 AND text GLOB 'forgotten [0-9]*') ORDER BY text",
        )?;
        let things = statement.query_map([], |row| Ok(entity_of(row.get(0)?, row.get(1)?)))?;
        Ok(things.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns when each thing was forgotten that free space or a backup may still hold.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn forgotten_here_alone(&self) -> Result<Vec<Instant>> {
        let facts = fact::all(&self.connection)?.into_iter();
        Ok(facts
            .filter(|fact| !fact.is_everywhere)
            .map(|fact| fact.made_at)
            .collect())
    }
}

/// Forgets again the things that an import brought back.
pub(super) fn again(transaction: &Transaction<'_>) -> Result<()> {
    let Forgotten { facts, billed } = Forgotten::read(transaction)?;
    for fact in facts {
        remove::remove(transaction, &fact, &billed)?;
    }
    Ok(())
}

/// The forgotten facts of a database, for its copies.
pub struct Forgotten {
    facts: Vec<Fact>,
    billed: Vec<Span>,
}

impl Forgotten {
    /// Reads it from the database at a path.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn of(path: &Path) -> Result<Self> {
        let connection = open::connect(path)?;
        open::check(&connection)?;
        Self::read(&connection)
    }

    /// Reads the facts that a damaged database still holds, without the billed instants.
    pub(super) fn left_in(path: &Path) -> Result<Self> {
        let (facts, billed) = (fact::left(&open::connect(path)?)?, Vec::new());
        Ok(Self { facts, billed })
    }

    pub(super) fn read(connection: &Connection) -> Result<Self> {
        Ok(Self {
            facts: fact::all(connection)?,
            billed: remove::billed(connection)?,
        })
    }

    /// Returns whether nothing was ever forgotten.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.facts.is_empty()
    }

    /// Applies the facts to a copy of the database, and writes the result into an empty file. Returns false, and
    /// writes nothing, if the copy had all of them.
    ///
    /// # Errors
    ///
    /// If the copy is damaged or of a newer version, or if one of the files cannot be written.
    pub fn reach(&self, copy: &Path, to: &Path, now: Instant) -> Result<bool> {
        let mut connection = open::connect(copy)?;
        open::check(&connection)?;
        open::migrate(&mut connection, None, now)?;
        if !self.apply(&mut connection)? {
            return Ok(false);
        }
        open::copy_into(&connection, to)?;
        drop(connection);
        let connection = open::connect(to)?;
        let found: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        if found != "ok" {
            bail!("it is damaged: {found}");
        }
        device::mark_copy(&connection, to)?;
        connection.close().map_err(|(_, error)| error)?;
        Ok(true)
    }

    /// Applies the facts to a database. Returns true if one of them was new to it.
    pub(super) fn apply(&self, connection: &mut Connection) -> Result<bool> {
        let mut is_news = false;
        let transaction = immediate(connection)?;
        // In a backup this is the time that it bills and the time that was billed later.
        let mut billed = remove::billed(&transaction)?;
        billed.extend(&self.billed);
        billed.sort();
        for fact in &self.facts {
            if !fact::is_known(&transaction, fact)? {
                is_news = true;
                remove::remove(&transaction, fact, &billed)?;
                fact::keep(&transaction, fact)?;
            }
        }
        transaction.commit()?;
        Ok(is_news)
    }

    /// Rewrites the database at a path, so that no free space in it holds forgotten data, and empties its log.
    ///
    /// # Errors
    ///
    /// If it cannot be written, or others never stop reading.
    pub fn clean(path: &Path) -> Result<()> {
        let connection = open::connect(path)?;
        open::check(&connection)?;
        connection
            .execute_batch("VACUUM")
            .context("the database cannot be written anew")?;
        for _ in 0..TRIES {
            let busy: bool = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
            if !busy {
                return Ok(());
            }
        }
        bail!("the database is busy\nhint: close other programs that use it, and try again")
    }

    /// Notes in the database at a path that all of it has reached every copy.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn note_everywhere(&self, path: &Path, now: Instant) -> Result<()> {
        let mut connection = open::connect(path)?;
        open::check(&connection)?;
        let transaction: Transaction<'_> = immediate(&mut connection)?;
        for fact in &self.facts {
            let (uuid, n) = &fact.origin;
            let sql = "UPDATE forgotten SET reached_at = ?3 WHERE reached_at IS NULL AND n = ?2
                           AND device = (SELECT id FROM device WHERE uuid = ?1)";
            transaction.execute(sql, (uuid, n, now.millis()))?;
        }
        transaction.commit()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
