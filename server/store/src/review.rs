//! Corrections: the user's changes to captured time, each save as one apply.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use keeptab_core::correction::{ApplyId, Change, Correction, To};
use keeptab_core::entry::EntryId;
use keeptab_core::instant::{Instant, Span};
use keeptab_core::rule::ProjectId;
use keeptab_core::timesheet::Edit;
use rusqlite::{OptionalExtension as _, Row, params};

use super::facts::Numbers;
use super::invoices::span;
use super::{Store, entries, immediate, touch_past};

/// An apply that was not taken back.
#[derive(Clone, Debug)]
pub struct Applied {
    /// The apply's id.
    pub id: ApplyId,
    /// The instant at which it was made.
    pub made_at: Instant,
    /// The spans that it touches.
    pub spans: Vec<Span>,
    /// The entries that it made.
    pub made: Vec<EntryId>,
}

impl Store {
    /// Stores corrections and changes of entries as one apply, all or none. Returns it with the entries that it made,
    /// in the order of the edits.
    ///
    /// # Errors
    ///
    /// If an invoice bills an entry that is taken away, or the database cannot be written.
    pub fn apply(&mut self, edits: &[Edit], now: Instant) -> Result<(ApplyId, Vec<EntryId>)> {
        self.settle_device()?;
        let (person, device) = (self.person, self.device);
        let transaction = immediate(&mut self.connection)?;
        let mut numbers = Numbers::take(&transaction, device, edits.len() + 1 - voids(edits))?;
        let sql = "INSERT INTO apply (made_at, device, n) VALUES (?1, ?2, ?3)";
        transaction.execute(sql, (now.millis(), device.0, numbers.next()))?;
        let apply = transaction.last_insert_rowid();
        // Removed entries free their instants for the new ones.
        for edit in edits {
            if let Edit::Void(entry) | Edit::Replace { entry, .. } = edit {
                let hint = "an invoice bills it; a credit note has to release it first";
                entries::void(&transaction, apply, *entry)
                    .with_context(|| format!("an entry cannot be changed\nhint: {hint}"))?;
            }
        }
        let mut made = Vec::new();
        for edit in edits {
            let (entry, replaced) = match edit {
                Edit::Void(_) => continue,
                Edit::Correct(span, change) => {
                    let sql = "INSERT INTO correction (apply, person, start_at, end_at, change, device, n)
                               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
                    let change = serde_json::to_string(change)?;
                    let (start, end) = (span.start().millis(), span.end().millis());
                    let row = params![apply, person.0, start, end, change, device.0, numbers.next()];
                    transaction.prepare_cached(sql)?.execute(row)?;
                    continue;
                }
                Edit::Replace { entry, with } => (with, Some(*entry)),
                Edit::Add(entry) => (entry, None),
            };
            let by = (person, device, numbers.next());
            made.push(entries::add(&transaction, (apply, now), by, entry, replaced)?);
        }
        touch_past(&transaction)?;
        transaction.commit()?;
        Ok((ApplyId(apply), made))
    }

    /// Returns the latest apply that is not undone.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn latest_apply(&self) -> Result<Option<Applied>> {
        let sql = "SELECT id, made_at FROM apply WHERE undone_at IS NULL ORDER BY made_at DESC, id DESC LIMIT 1";
        let Some((apply, made_at)) = self
            .connection
            .query_row(sql, [], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)))
            .optional()?
        else {
            return Ok(None);
        };
        let mut statement = self
            .connection
            .prepare("SELECT start_at, end_at FROM correction WHERE apply = ?1")?;
        let rows = statement.query_map([apply], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let spans = rows.map(|row| row.map_err(Into::into).and_then(|(start, end)| span(start, end)));
        let spans = spans.collect::<Result<_>>()?;
        let mut statement = self.connection.prepare("SELECT id FROM entry WHERE apply = ?1")?;
        let made = statement.query_map([apply], |row| row.get(0).map(EntryId))?;
        Ok(Some(Applied {
            id: ApplyId(apply),
            made_at: Instant::from_millis(made_at),
            spans,
            made: made.collect::<rusqlite::Result<_>>()?,
        }))
    }

    /// Undoes an apply as a whole.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn undo(&mut self, apply: ApplyId, now: Instant) -> Result<()> {
        let transaction = immediate(&mut self.connection)?;
        transaction.execute("UPDATE apply SET undone_at = ?2 WHERE id = ?1", (apply.0, now.millis()))?;
        touch_past(&transaction)?;
        transaction.commit()?;
        Ok(())
    }

    /// Returns the corrections that reach into a span, in the order in which they were made.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn corrections(&self, within: Span) -> Result<Vec<Correction>> {
        let sql = "SELECT correction.id, apply, made_at, start_at, end_at, change FROM correction
                   JOIN apply ON apply.id = correction.apply
                   WHERE undone_at IS NULL AND person = ?1 AND start_at < ?3 AND end_at > ?2
                   ORDER BY made_at, correction.id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let row = |row: &Row<'_>| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
                row.get::<_, String>(5)?,
            ))
        };
        let rows = statement.query_map((self.person.0, within.start().millis(), within.end().millis()), row)?;
        let mut corrections = Vec::new();
        for row in rows {
            let (id, apply, made_at, start, end, change) = row?;
            corrections.push(Correction {
                id: u64::try_from(id)?,
                apply: ApplyId(apply),
                made_at: Instant::from_millis(made_at),
                span: span(start, end)?,
                change: serde_json::from_str(&change).context("a correction cannot be read")?,
            });
        }
        Ok(corrections)
    }

    /// Returns the projects that entries and corrections name.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn named_projects(&self) -> Result<BTreeSet<ProjectId>> {
        let mut named = self.projects_of_entries()?;
        for correction in self.corrections(Span::ALL)? {
            if let Change::Assign {
                to: To::Project(project),
            }
            | Change::Fill {
                to: To::Project(project),
            } = correction.change
            {
                named.insert(project);
            }
        }
        Ok(named)
    }
}

/// Counts the edits that make no fact of their own: the apply takes an entry away.
fn voids(edits: &[Edit]) -> usize {
    edits.iter().filter(|edit| matches!(edit, Edit::Void(_))).count()
}
