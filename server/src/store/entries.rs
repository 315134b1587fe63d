//! Time entries: time that brings its own seconds.

use anyhow::Result;
use chrono::NaiveDate;
use keeptab_core::activity::PersonId;
use keeptab_core::entry::{Entry, EntryId};
use keeptab_core::instant::Length;
use keeptab_core::rule::ProjectId;
use keeptab_core::timesheet::NewEntryLine;
use rusqlite::{Row, Transaction, params};

use super::Store;
use super::invoices::span;

impl Store {
    /// Returns the entries of civil days from the first to the last, or of all time.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub fn entries(&self, days: Option<(NaiveDate, NaiveDate)>) -> Result<Vec<Entry>> {
        let sql = "SELECT id, project, day, start_at, end_at, length, note, billable, billed_elsewhere FROM standing
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
}

/// Adds an entry as a part of an apply.
pub(super) fn add(transaction: &Transaction<'_>, apply: i64, person: PersonId, entry: &NewEntryLine) -> Result<()> {
    let sql = "INSERT INTO entry (person, apply, project, day, start_at, end_at, length, note, billable)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    transaction.prepare_cached(sql)?.execute(params![
        person.0,
        apply,
        entry.project.as_ref().map(ProjectId::as_str),
        entry.day.to_string(),
        entry.span.map(|span| span.start().millis()),
        entry.span.map(|span| span.end().millis()),
        entry.length.millis(),
        entry.note,
        entry.billable,
    ])?;
    Ok(())
}

/// Lets the entry that was just added be billed elsewhere where the one in whose place it stands is.
pub(super) fn inherit(transaction: &Transaction<'_>, replaced: EntryId) -> Result<()> {
    let sql = "UPDATE entry SET billed_elsewhere = (SELECT billed_elsewhere FROM entry WHERE id = ?2) WHERE id = ?1";
    let added = transaction.last_insert_rowid();
    transaction.prepare_cached(sql)?.execute((added, replaced.0))?;
    Ok(())
}

/// Takes an entry away as a part of an apply.
pub(super) fn void(transaction: &Transaction<'_>, apply: i64, entry: EntryId) -> Result<()> {
    let sql = "INSERT INTO void (entry, apply) VALUES (?1, ?2)";
    transaction.prepare_cached(sql)?.execute((entry.0, apply))?;
    Ok(())
}

/// Returns the first and last day as they are compared in the database; of all time, what sorts before and after any.
fn bounds(days: Option<(NaiveDate, NaiveDate)>) -> (String, String) {
    days.map_or((String::new(), "~".into()), |(first, last)| {
        (first.to_string(), last.to_string())
    })
}
