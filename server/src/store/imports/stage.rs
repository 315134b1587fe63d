//! What an import brings, in temporary tables: the database is not locked while a long file is read.

mod commit;
mod extras;

use std::collections::HashMap;

use anyhow::{Context as _, Result};
use chrono::NaiveDate;
use keeptab_core::activity::Seq;
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::rule::ProjectId;
use rusqlite::{Transaction, params};

use super::super::events::{NewSign, code, parts};
use super::super::open::{LARGE_CACHE, USUAL_CACHE, keep_pages};
use super::super::{NewEvent, Store};

pub use extras::{NewClaim, NewCorrection, NewCredit, NewInvoice, NewPayment, NewSeries};

/// An entry as it will be kept.
#[derive(Clone, Debug)]
pub struct NewEntry<'e> {
    /// What all rows that are equal have in common. Which of them it is, is counted here.
    pub fingerprint: &'e str,
    /// Whether time of ours that carries no fingerprint may be the same.
    pub is_own: bool,
    /// Its number in keeptab's own export.
    pub number: Option<i64>,
    /// The project.
    pub project: Option<&'e ProjectId>,
    /// The civil day.
    pub day: NaiveDate,
    /// Its clock times.
    pub span: Option<Span>,
    /// How long it is.
    pub length: Length,
    /// What was done.
    pub note: Option<&'e str>,
    /// Whether it may be billed.
    pub billable: bool,
    /// Whether another tool billed it, where it is known.
    pub billed: Option<bool>,
}

/// An editor or a browser of an import.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NewSource {
    /// The machine; this one unless given.
    pub device: Option<String>,
    /// Its name.
    pub name: String,
}

/// A heartbeat or boundary of an import, with its number.
#[derive(Clone, Debug)]
pub struct NewImported {
    /// The place of its source, as [`Stage::source`] returned it.
    pub source: u32,
    /// The event; its number has to be the same each time the same is imported.
    pub event: NewEvent,
}

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    /// Entries.
    pub entries: u64,
    /// How long they are.
    pub length: Length,
    /// Heartbeats and boundaries.
    pub events: u64,
    /// Corrections.
    pub corrections: u64,
    /// Invoices.
    pub invoices: u64,
    /// Entries that another tool billed or released meanwhile.
    pub updated: u64,
}

const DROP: &str = "
    DROP TABLE IF EXISTS temp.staged_entry;
    DROP TABLE IF EXISTS temp.staged_event;";
const TABLES: &str = "
    CREATE TABLE temp.staged_entry (
        n           INTEGER PRIMARY KEY,
        fingerprint TEXT NOT NULL UNIQUE,
        own         INTEGER,
        number      INTEGER,
        project     TEXT,
        day         TEXT NOT NULL,
        start_at    INTEGER,
        end_at      INTEGER,
        length      INTEGER NOT NULL,
        note        TEXT,
        billable    INTEGER NOT NULL,
        billed      INTEGER
    ) STRICT;
    CREATE TABLE temp.staged_event (
        at       INTEGER NOT NULL,
        source   INTEGER NOT NULL,
        seq      INTEGER NOT NULL,
        sign     INTEGER NOT NULL,
        kind     INTEGER,
        text     TEXT,
        root     TEXT,
        language TEXT,
        PRIMARY KEY (at, source, seq)
    ) STRICT, WITHOUT ROWID;";

/// What an import brings, while it is read.
pub struct Stage<'s> {
    transaction: Transaction<'s>,
    staged: &'s mut Staged,
    /// How often a fingerprint came, where it came more than once.
    repeated: HashMap<String, u32>,
}

/// What was staged and is not in a table.
#[derive(Debug, Default)]
pub(in crate::store) struct Staged {
    sources: Vec<(NewSource, Seq)>,
    corrections: Vec<NewCorrection>,
    invoices: Vec<NewInvoice>,
    claims: Vec<NewClaim>,
    credits: Vec<NewCredit>,
    payments: Vec<NewPayment>,
    series: Vec<NewSeries>,
}

impl Store {
    /// Begins to take what an import brings, in the place of what the last one staged.
    ///
    /// # Errors
    ///
    /// Where the temporary files cannot be written.
    pub fn stage(&mut self) -> Result<Stage<'_>> {
        self.staged = Staged::default();
        keep_pages(&self.connection, LARGE_CACHE)?;
        self.connection.execute_batch(DROP)?;
        self.connection.execute_batch(TABLES)?;
        Ok(Stage {
            transaction: self.connection.transaction()?,
            staged: &mut self.staged,
            repeated: HashMap::new(),
        })
    }

    /// Forgets what was staged, and the memory that it took.
    ///
    /// # Errors
    ///
    /// Where the temporary files cannot be written.
    pub fn unstage(&mut self) -> Result<()> {
        self.staged = Staged::default();
        self.connection.execute_batch(DROP)?;
        keep_pages(&self.connection, USUAL_CACHE)
    }

    /// Returns how much is staged.
    ///
    /// # Errors
    ///
    /// Where the temporary files cannot be read.
    pub fn staged_sizes(&self) -> Result<Amounts> {
        let (entries, length) = self.pair("SELECT count(*), coalesce(sum(length), 0) FROM temp.staged_entry", &[])?;
        let (events, _) = self.pair("SELECT count(*), 0 FROM temp.staged_event", &[])?;
        Ok(Amounts {
            entries,
            length,
            events,
            corrections: self.staged.corrections.len() as u64,
            invoices: self.staged.invoices.len() as u64,
            updated: 0,
        })
    }

    fn pair(&self, sql: &str, parameters: &[&dyn rusqlite::ToSql]) -> Result<(u64, Length)> {
        let row = self
            .connection
            .query_row(sql, parameters, |row| Ok((row.get(0)?, row.get(1)?)));
        let (count, length): (i64, i64) = row?;
        Ok((count.try_into()?, Length::from_millis(length)))
    }

    /// Returns how much is staged, and how much of it is in the database already.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub fn staged(&self) -> Result<(Amounts, Amounts)> {
        let all = self.staged_sizes()?;
        let pair = |sql: &str, parameters: &[&dyn rusqlite::ToSql]| self.pair(sql, parameters);
        let sql = format!(
            "SELECT count(*), coalesce(sum(length), 0) FROM temp.staged_entry AS staged WHERE {}",
            commit::IS_THERE
        );
        let (entries, length) = pair(&sql, &[&self.person.0])?;
        let sql = format!(
            "SELECT count(*), 0 FROM temp.staged_entry AS staged WHERE {}",
            commit::IS_BILLED_ANEW
        );
        let (updated, _) = pair(&sql, &[])?;
        let mut there = Amounts {
            entries,
            length,
            updated,
            ..Amounts::default()
        };
        for (place, (source, _)) in self.staged.sources.iter().enumerate() {
            let sql = "SELECT count(*), 0 FROM temp.staged_event AS staged WHERE source = ?1 AND EXISTS (
                           SELECT 1 FROM main.event WHERE at = staged.at AND seq = staged.seq AND source = ?2)";
            if let Some(known) = self.known_source(source)? {
                there.events += pair(sql, &[&i64::try_from(place)?, &known])?.0;
            }
        }
        let is_there = |correction: &&NewCorrection| extras::is_there(&self.connection, correction);
        let corrections = self.staged.corrections.iter().map(|correction| is_there(&correction));
        there.corrections = corrections
            .collect::<Result<Vec<_>>>()?
            .into_iter()
            .filter(|is| *is)
            .count() as u64;
        if self.has_invoices()? {
            there.invoices = all.invoices;
        }
        Ok((all, there))
    }
}

impl Stage<'_> {
    /// Takes an entry.
    ///
    /// # Errors
    ///
    /// Where the temporary files cannot be written.
    pub fn entry(&mut self, entry: &NewEntry<'_>) -> Result<()> {
        let mut ordinal = self.repeated.get(entry.fingerprint).map_or(1, |last| last + 1);
        while !self.insert(entry, ordinal)? {
            ordinal += 1;
        }
        if ordinal > 1 {
            self.repeated.insert(entry.fingerprint.to_owned(), ordinal);
        }
        Ok(())
    }

    fn insert(&self, entry: &NewEntry<'_>, ordinal: u32) -> Result<bool> {
        let sql = "INSERT OR IGNORE INTO temp.staged_entry
                       (fingerprint, own, number, project, day, start_at, end_at, length, note, billable, billed)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
        let numbered = (ordinal > 1).then(|| format!("{}.{ordinal}", entry.fingerprint));
        let added = self.transaction.prepare_cached(sql)?.execute(params![
            numbered.as_deref().unwrap_or(entry.fingerprint),
            entry.is_own.then_some(ordinal),
            entry.number,
            entry.project.map(ProjectId::as_str),
            entry.day.to_string(),
            entry.span.map(|span| span.start().millis()),
            entry.span.map(|span| span.end().millis()),
            entry.length.millis(),
            entry.note,
            entry.billable,
            entry.billed,
        ])?;
        Ok(added > 0)
    }

    /// Returns the place of a source. Of sources that are new, the one that came first comes first.
    pub fn source(&mut self, source: NewSource, taken: Seq) -> u32 {
        let sources = &mut self.staged.sources;
        let place = sources.iter().position(|(known, _)| *known == source);
        let place = place.unwrap_or_else(|| {
            sources.push((source, taken));
            sources.len() - 1
        });
        if let Some((_, known)) = sources.get_mut(place) {
            *known = (*known).max(taken);
        }
        u32::try_from(place).unwrap_or(u32::MAX)
    }

    /// Takes a heartbeat or boundary; the same one twice is once.
    ///
    /// # Errors
    ///
    /// Where the temporary files cannot be written.
    pub fn event(&mut self, imported: &NewImported) -> Result<()> {
        let event = &imported.event;
        let seq = event.seq.context("an imported event has no number")?;
        let Some(sign) = code(&event.sign) else { return Ok(()) };
        let (entity, root, language) = match &event.sign {
            NewSign::Heartbeat {
                entity, root, language, ..
            } => (
                Some(parts(entity)),
                root.as_ref().map(|root| parts(root).1),
                language.as_deref(),
            ),
            NewSign::Boundary(_) | NewSign::Nothing => (None, None, None),
        };
        let sql = "INSERT OR IGNORE INTO temp.staged_event (at, source, seq, sign, kind, text, root, language)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        self.transaction.prepare_cached(sql)?.execute(params![
            event.at.millis(),
            imported.source,
            i64::try_from(seq.0)?,
            sign,
            entity.map(|(kind, _)| kind),
            entity.map(|(_, text)| text),
            root,
            language,
        ])?;
        Ok(())
    }

    /// Ends the reading; what was staged stays until the next one begins.
    ///
    /// # Errors
    ///
    /// Where the temporary files cannot be written.
    pub fn finish(self) -> Result<()> {
        self.transaction.commit()?;
        Ok(())
    }
}

impl Store {
    /// Calls `each` on the staged heartbeats of the person in the order of time, with the entity's kind and text.
    ///
    /// # Errors
    ///
    /// Where the temporary files cannot be read.
    pub fn staged_heartbeats(
        &self,
        mut each: impl FnMut(Instant, u32, Seq, keeptab_core::entity::Entity),
    ) -> Result<()> {
        let sql = "SELECT at, source, seq, kind, text FROM temp.staged_event
                   WHERE sign < 32 AND sign % 2 = 0 ORDER BY at, source, seq";
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let entity = super::super::events::entity_of(row.get(3)?, row.get(4)?);
            let seq: i64 = row.get(2)?;
            each(
                Instant::from_millis(row.get(0)?),
                row.get(1)?,
                Seq(seq.try_into()?),
                entity,
            );
        }
        Ok(())
    }
}
