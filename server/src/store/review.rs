//! Corrections and entries: what the user adds to what was captured.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use chrono::NaiveDate;
use keeptab_core::correction::{ApplyId, Change, Correction, To};
use keeptab_core::entry::{Entry, EntryId};
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::rule::ProjectId;
use rusqlite::{OptionalExtension as _, Row, params};

use super::invoices::span;
use super::{Store, immediate, touch_past};

/// An entry as it is made; the store names it.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// The project, or nothing where it is unassigned.
    pub project: Option<ProjectId>,
    /// The civil day it counts for.
    pub day: NaiveDate,
    /// Its clock times, where it has any.
    pub span: Option<Span>,
    /// How long it is.
    pub length: Length,
    /// What was done.
    pub note: Option<String>,
    /// Whether it may be billed.
    pub billable: bool,
}

impl Store {
    /// Keeps corrections as one apply, all or none.
    ///
    /// # Errors
    ///
    /// Where the database cannot be written.
    pub fn apply(&mut self, changes: &[(Span, Change)], now: Instant) -> Result<ApplyId> {
        let person = self.person;
        let transaction = immediate(&mut self.connection)?;
        transaction.execute("INSERT INTO apply (made_at) VALUES (?1)", [now.millis()])?;
        let apply = transaction.last_insert_rowid();
        for (span, change) in changes {
            let sql = "INSERT INTO correction (apply, person, start_at, end_at, change) VALUES (?1, ?2, ?3, ?4, ?5)";
            let change = serde_json::to_string(change)?;
            transaction.execute(
                sql,
                params![apply, person.0, span.start().millis(), span.end().millis(), change],
            )?;
        }
        touch_past(&transaction)?;
        transaction.commit()?;
        Ok(ApplyId(apply))
    }

    /// Returns the latest apply that stands, with the spans it touches.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub fn latest_apply(&self) -> Result<Option<(ApplyId, Vec<Span>)>> {
        let sql = "SELECT id FROM apply WHERE undone_at IS NULL ORDER BY id DESC LIMIT 1";
        let Some(apply) = self
            .connection
            .query_row(sql, [], |row| row.get::<_, i64>(0))
            .optional()?
        else {
            return Ok(None);
        };
        let mut statement = self
            .connection
            .prepare("SELECT start_at, end_at FROM correction WHERE apply = ?1")?;
        let rows = statement.query_map([apply], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let spans = rows.map(|row| row.map_err(Into::into).and_then(|(start, end)| span(start, end)));
        Ok(Some((ApplyId(apply), spans.collect::<Result<_>>()?)))
    }

    /// Takes an apply back whole.
    ///
    /// # Errors
    ///
    /// Where the database cannot be written.
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
    /// Where the database cannot be read.
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

    /// Keeps an entry.
    ///
    /// # Errors
    ///
    /// Where the database cannot be written.
    pub fn add_entry(&mut self, entry: &NewEntry) -> Result<EntryId> {
        let person = self.person;
        let transaction = immediate(&mut self.connection)?;
        let sql = "INSERT INTO entry (person, project, day, start_at, end_at, length, note, billable)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        transaction.execute(
            sql,
            params![
                person.0,
                entry.project.as_ref().map(ProjectId::as_str),
                entry.day.to_string(),
                entry.span.map(|span| span.start().millis()),
                entry.span.map(|span| span.end().millis()),
                entry.length.millis(),
                entry.note,
                entry.billable,
            ],
        )?;
        let id = transaction.last_insert_rowid();
        touch_past(&transaction)?;
        transaction.commit()?;
        Ok(EntryId(id))
    }

    /// Returns the entries of civil days from the first to the last, or of all time.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub fn entries(&self, days: Option<(NaiveDate, NaiveDate)>) -> Result<Vec<Entry>> {
        let sql = "SELECT id, project, day, start_at, end_at, length, note, billable, billed_elsewhere FROM entry
                   WHERE person = ?1 AND day >= ?2 AND day <= ?3 ORDER BY day, id";
        let (first, last) = bounds(days);
        let mut statement = self.connection.prepare_cached(sql)?;
        let row = |row: &Row<'_>| {
            let times = (row.get::<_, Option<i64>>(3)?, row.get::<_, Option<i64>>(4)?);
            let rest = (row.get(6)?, row.get(7)?, row.get(8)?);
            Ok((
                row.get(0)?,
                row.get::<_, Option<String>>(1)?,
                row.get::<_, String>(2)?,
                times,
                row.get(5)?,
                rest,
            ))
        };
        let rows = statement.query_map((self.person.0, first, last), row)?;
        let mut entries = Vec::new();
        for row in rows {
            let (id, project, day, (start, end), length, (note, billable, billed_elsewhere)) = row?;
            entries.push(Entry {
                id: EntryId(id),
                project: project.map(ProjectId::new),
                day: day.parse()?,
                span: start.zip(end).and_then(|(start, end)| span(start, end).ok()),
                length: Length::from_millis(length),
                note,
                billable,
                billed_elsewhere,
            });
        }
        Ok(entries)
    }

    /// Returns which entries of civil days from the first to the last, or of all time, live invoices bill, each with its
    /// invoice and line.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub fn claimed_entries(&self, days: Option<(NaiveDate, NaiveDate)>) -> Result<Vec<(EntryId, i64, usize)>> {
        let sql = "SELECT entry.id, invoice, line FROM entry JOIN claim ON claim.entry = entry.id
                   WHERE live = 1 AND day >= ?1 AND day <= ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map(bounds(days), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get::<_, i64>(2)?))
        })?;
        let mut claimed = Vec::new();
        for row in rows {
            let (entry, invoice, line) = row?;
            claimed.push((EntryId(entry), invoice, usize::try_from(line)?));
        }
        Ok(claimed)
    }

    /// Returns the projects that entries and corrections name.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub fn named_projects(&self) -> Result<BTreeSet<ProjectId>> {
        let mut named = BTreeSet::new();
        let mut statement = self
            .connection
            .prepare("SELECT DISTINCT project FROM entry WHERE project IS NOT NULL")?;
        for project in statement.query_map([], |row| row.get::<_, String>(0))? {
            named.insert(ProjectId::new(project?));
        }
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

/// Returns the first and last day as they are compared in the database; of all time, what sorts before and after any.
fn bounds(days: Option<(NaiveDate, NaiveDate)>) -> (String, String) {
    days.map_or((String::new(), "~".into()), |(first, last)| {
        (first.to_string(), last.to_string())
    })
}
