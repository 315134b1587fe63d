//! Batches of imported history: staged beside the database, written piece by piece, visible once all of it is in, and
//! taken back whole.

mod stage;

use anyhow::{Context as _, Result, bail};
use chrono::NaiveDate;
use keeptab_core::instant::{Instant, Length};
use rusqlite::{OptionalExtension as _, Transaction};

use super::{Store, immediate, touch_past};

pub(super) use stage::Staged;
pub use stage::{
    Amounts, At, By, Fate, Landings, NewApply, NewClaim, NewCorrection, NewCredit, NewElsewhere, NewEntry, NewImported,
    NewInvoice, NewPart, NewPayment, NewSeries, NewSource, NewUndone, NewVoid, Origin, Overlap, OwnEntry, Stage,
};

/// The id of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BatchId(pub i64);

/// One import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The batch's id.
    pub id: BatchId,
    /// The tool.
    pub origin: String,
    /// The names of the files.
    pub files: String,
    /// The instant of the import.
    pub made_at: Instant,
    /// The number of its entries.
    pub entries: u64,
    /// The total length of its entries.
    pub length: Length,
    /// The number of its heartbeats.
    pub heartbeats: u64,
    /// The first and the last day with entries or heartbeats of it.
    pub days: Option<(NaiveDate, NaiveDate)>,
}

/// The result of undoing a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undone {
    /// The number of entries removed.
    pub entries: usize,
    /// The number of heartbeats removed.
    pub heartbeats: usize,
    /// The number of entries that were changed in review; their replacements stay.
    pub reviewed: usize,
}

impl Store {
    /// Returns the batches that stand, oldest first.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn batches(&self) -> Result<Vec<Batch>> {
        let sql = "SELECT id, origin, files, made_at,
                       (SELECT count(*) FROM entry WHERE batch = batch.id),
                       (SELECT coalesce(sum(length), 0) FROM entry WHERE batch = batch.id),
                       (SELECT count(*) FROM imported_event WHERE batch = batch.id),
                       (SELECT min(day) FROM entry WHERE batch = batch.id),
                       (SELECT max(day) FROM entry WHERE batch = batch.id),
                       (SELECT min(at) FROM imported_event WHERE batch = batch.id),
                       (SELECT max(at) FROM imported_event WHERE batch = batch.id)
                   FROM batch WHERE finished_at IS NOT NULL AND undone_at IS NULL ORDER BY id";
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        let mut batches = Vec::new();
        while let Some(row) = rows.next()? {
            let day = |text: Option<String>| text.map(|text| text.parse::<NaiveDate>()).transpose();
            let utc = |at: Option<i64>| at.map(|at| Instant::from_millis(at).to_utc().date_naive());
            let first = day(row.get(7)?)?.into_iter().chain(utc(row.get(9)?)).min();
            let last = day(row.get(8)?)?.into_iter().chain(utc(row.get(10)?)).max();
            batches.push(Batch {
                id: BatchId(row.get(0)?),
                origin: row.get(1)?,
                files: row.get(2)?,
                made_at: Instant::from_millis(row.get(3)?),
                entries: row.get::<_, i64>(4)?.try_into()?,
                length: Length::from_millis(row.get(5)?),
                heartbeats: row.get::<_, i64>(6)?.try_into()?,
                days: first.zip(last),
            });
        }
        Ok(batches)
    }

    /// Takes a batch back, all or nothing.
    ///
    /// # Errors
    ///
    /// If there is no such batch, or some of it is invoiced.
    pub fn undo_batch(&mut self, batch: BatchId, now: Instant) -> Result<Undone> {
        let transaction = immediate(&mut self.connection)?;
        let sql = "UPDATE batch SET undone_at = ?2 WHERE id = ?1 AND undone_at IS NULL AND finished_at IS NOT NULL";
        if transaction.execute(sql, (batch.0, now.millis()))? == 0 {
            bail!(
                "there is no import {}\nhint: `keeptab import --list` shows them",
                batch.0
            );
        }
        if let Some(number) = invoice_of(&transaction, batch)? {
            bail!("{number} bills some of that import\nhint: a credit note has to release it first");
        }
        let undone = remove(&transaction, batch)?;
        touch_past(&transaction)?;
        transaction.commit()?;
        Ok(undone)
    }

    /// Removes the records of imports that were interrupted.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn clear_unfinished(&mut self, now: Instant) -> Result<()> {
        let mut statement = self
            .connection
            .prepare("SELECT id FROM batch WHERE finished_at IS NULL AND undone_at IS NULL")?;
        let left: Vec<i64> = statement
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        drop(statement);
        for batch in left {
            let transaction = immediate(&mut self.connection)?;
            transaction.execute("UPDATE batch SET undone_at = ?2 WHERE id = ?1", (batch, now.millis()))?;
            remove(&transaction, BatchId(batch))?;
            touch_past(&transaction)?;
            transaction.commit()?;
        }
        Ok(())
    }
}

/// Returns the number of a live invoice that bills time of a batch.
fn invoice_of(transaction: &Transaction<'_>, batch: BatchId) -> Result<Option<String>> {
    let sql = "SELECT number FROM invoice JOIN claim ON claim.invoice = invoice.id
               WHERE live = 1 AND (
                   claim.entry IN (SELECT id FROM entry WHERE batch = ?1)
                   OR claim.entry IS NULL AND EXISTS (
                       SELECT 1 FROM imported_event JOIN claim_span ON at >= start_at AND at < end_at
                       WHERE batch = ?1 AND claim_span.claim = claim.id))
               LIMIT 1";
    Ok(transaction.query_row(sql, [batch.0], |row| row.get(0)).optional()?)
}

/// Removes all of a batch that nothing else names. An entry that review changed keeps its fingerprint, so that the same
/// file does not bring it a second time; one that a cancelled invoice names stays without one.
fn remove(transaction: &Transaction<'_>, batch: BatchId) -> Result<Undone> {
    let reviewed = "batch = ?1 AND id IN (SELECT entry FROM void JOIN apply ON apply.id = void.apply
                        WHERE undone_at IS NULL)";
    let sql = format!("SELECT count(*) FROM entry WHERE {reviewed}");
    let count: i64 = transaction.query_row(&sql, [batch.0], |row| row.get(0))?;
    let claimed = "id IN (SELECT entry FROM claim WHERE entry IS NOT NULL)";
    let void = "id IN (SELECT entry FROM void)";
    let sql = format!("DELETE FROM entry WHERE batch = ?1 AND NOT {claimed} AND NOT {void}");
    let mut entries = transaction.execute(&sql, [batch.0])?;
    let sql = format!("UPDATE entry SET fingerprint = NULL WHERE batch = ?1 AND NOT ({reviewed})");
    entries += transaction.execute(&sql, [batch.0])?;
    transaction.execute(
        "INSERT INTO day (day, revision, events, sum)
         SELECT event.at / 86400000 - (event.at % 86400000 < 0), 1, -count(*),
             -sum(event_hash(event.at, event.source, event.seq, sign, entity.kind, entity.text))
         FROM imported_event JOIN event USING (at, source, seq) LEFT JOIN entity ON entity.id = event.entity
         WHERE batch = ?1 GROUP BY 1
         ON CONFLICT DO UPDATE SET revision = revision + 1, events = events + excluded.events, sum = sum + excluded.sum",
        [batch.0],
    )?;
    let heartbeats = transaction.execute(
        "DELETE FROM event WHERE (at, source, seq) IN (SELECT at, source, seq FROM imported_event WHERE batch = ?1)",
        [batch.0],
    )?;
    transaction.execute("DELETE FROM imported_event WHERE batch = ?1", [batch.0])?;
    transaction.execute("DELETE FROM elsewhere WHERE batch = ?1", [batch.0])?;
    transaction.execute(
        "UPDATE apply SET undone_at = (SELECT undone_at FROM batch WHERE id = ?1) WHERE batch = ?1 AND undone_at IS NULL",
        [batch.0],
    )?;
    Ok(Undone {
        entries,
        heartbeats,
        reviewed: usize::try_from(count).context("a count is negative")?,
    })
}
