//! Time entries: time that brings its own seconds.

use std::collections::HashMap;

use anyhow::{Context as _, Result};
use chrono::{Datelike as _, NaiveDate};
use keeptab_core::activity::{DeviceId, PersonId};
use keeptab_core::entry::{Beside, Counted, Entry, EntryId, Place};
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::rule::ProjectId;
use keeptab_core::timesheet::NewEntryLine;
use rusqlite::{Connection, Row, Transaction, params};

use super::facts::ranks;
use super::{BatchId, Store, spans};

/// An entry that an invoice bills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedEntry {
    /// The entry.
    pub entry: EntryId,
    /// The invoice, as the store numbers them.
    pub invoice: i64,
    /// The line's place on it.
    pub line: usize,
    /// The part of the entry that is billed.
    pub counted: Counted,
}

/// The columns of an entry; its batch and its rate come last.
pub(super) const COLUMNS: &str =
    "id, project, day, start_at, end_at, length, note, billable, billed_elsewhere, beside, rows,
    free, coalesce(place_at, made_at), coalesce(place_device, device), coalesce(place_n, n), batch, rate";

impl Store {
    /// Returns the entries of civil days from the first to the last, or of all time.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn entries(&self, days: Option<(NaiveDate, NaiveDate)>) -> Result<Vec<Entry>> {
        let sql =
            format!("SELECT {COLUMNS} FROM standing WHERE person = ?1 AND day >= ?2 AND day <= ?3 ORDER BY day, id");
        let (first, last) = bounds(days);
        let ranks = ranks(&self.connection)?;
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query((self.person.0, first, last))?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            entries.push(read(row, &ranks)?);
        }
        Ok(entries)
    }

    /// Returns an entry, also one that was replaced or undone.
    ///
    /// # Errors
    ///
    /// If there is no such entry.
    pub fn entry(&self, id: EntryId) -> Result<Entry> {
        one(&self.connection, id)
    }

    /// Returns the entries of civil days from the first to the last, or of all time, that live invoices bill.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn claimed_entries(&self, days: Option<(NaiveDate, NaiveDate)>) -> Result<Vec<ClaimedEntry>> {
        let sql = "SELECT claim.entry, invoice, line, claim.length, start_at, end_at FROM (
                       SELECT entry.id AS nth FROM entry WHERE day >= ?1 AND day <= ?2
                   ) JOIN claim ON claim.entry = nth AND claim.live = 1
                   LEFT JOIN claim_span ON claim_span.claim = claim.id
                   ORDER BY claim.id, start_at";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(bounds(days))?;
        let mut claimed: Vec<ClaimedEntry> = Vec::new();
        while let Some(row) = rows.next()? {
            let entry = EntryId(row.get(0)?);
            if claimed.last().is_none_or(|last| last.entry != entry) {
                claimed.push(ClaimedEntry {
                    entry,
                    invoice: row.get(1)?,
                    line: usize::try_from(row.get::<_, i64>(2)?)?,
                    counted: Counted {
                        spans: Vec::new(),
                        length: Length::from_millis(row.get(3)?),
                    },
                });
            }
            if let (Some(last), Some(span)) = (claimed.last_mut(), spans::clock_times(row, 4, 5)?) {
                last.counted.spans.push(span);
            }
        }
        Ok(claimed)
    }
}

/// Reads an entry.
pub(super) fn read(row: &Row<'_>, ranks: &HashMap<i64, u32>) -> Result<Entry> {
    let span = spans::clock_times(row, 3, 4)?;
    let beside = match row.get::<_, i64>(9)? {
        0 => Beside::No,
        1 => Beside::Rows,
        _ => Beside::All,
    };
    let device: Option<i64> = row.get(13)?;
    Ok(Entry {
        id: EntryId(row.get(0)?),
        project: row.get::<_, Option<String>>(1)?.map(ProjectId::new),
        day: row.get_ref(2)?.as_str()?.parse()?,
        span,
        length: Length::from_millis(row.get(5)?),
        note: row.get(6)?,
        rate: row.get::<_, Option<String>>(16)?.map(|rate| rate.parse()).transpose()?,
        billable: row.get(7)?,
        billed_elsewhere: row.get(8)?,
        beside,
        rows: row.get::<_, Option<String>>(10)?.map(Into::into),
        free: spans::read(span, beside, row.get_ref(11)?.as_str_or_null()?)?,
        place: Place {
            made_at: Instant::from_millis(row.get(12)?),
            device: device.and_then(|id| ranks.get(&id).copied()).unwrap_or_default(),
            n: row.get::<_, Option<i64>>(14)?.unwrap_or_default().try_into()?,
        },
    })
}

/// Returns an entry, standing or not.
pub(super) fn one(connection: &Connection, id: EntryId) -> Result<Entry> {
    let ranks = ranks(connection)?;
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM entry WHERE id = ?1"))?;
    let mut rows = statement.query([id.0])?;
    read(rows.next()?.context("the entry is not there")?, &ranks)
}

/// Returns the entries with clock times that reach into a span, each with the import that brought it.
pub(super) fn near(connection: &Connection, person: PersonId, within: Span) -> Result<Vec<(Entry, Option<BatchId>)>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM standing
         WHERE person = ?1 AND day >= ?4 AND day <= ?5 AND start_at < ?3 AND end_at > ?2
         UNION ALL
         SELECT {COLUMNS} FROM standing
         WHERE person = ?1 AND end_at - start_at > 86400000 AND start_at < ?3 AND end_at > ?2 AND (day < ?4 OR day > ?5)"
    );
    let day = |at: Instant| at.to_utc().date_naive();
    let first = day(within.start() - spans::LONG).checked_sub_days(spans::APART);
    let last = day(within.end()).checked_add_days(spans::APART);
    let ranks = ranks(connection)?;
    let mut statement = connection.prepare_cached(&sql)?;
    // Dates outside the years 0 to 9999 have another form.
    let written = |day: &NaiveDate| (0..10_000).contains(&day.year());
    let (earliest, latest) = bounds(None);
    let first = first.filter(written).map_or(earliest, |day| day.to_string());
    let last = last.filter(written).map_or(latest, |day| day.to_string());
    let (start, end) = (within.start().millis(), within.end().millis());
    let mut rows = statement.query(params![person.0, start, end, first, last])?;
    let mut near = Vec::new();
    while let Some(row) = rows.next()? {
        near.push((read(row, &ranks)?, row.get::<_, Option<i64>>(15)?.map(BatchId)));
    }
    Ok(near)
}

/// Adds an entry as a part of an apply, with the instants that are free. A replacement keeps the place of the other
/// entry, and with the same clock times its free instants.
pub(super) fn add(
    transaction: &Transaction<'_>,
    apply: (i64, Instant),
    (person, device, n): (PersonId, DeviceId, i64),
    entry: &NewEntryLine,
    replaced: Option<EntryId>,
) -> Result<EntryId> {
    let old = replaced.map(|id| one(transaction, id)).transpose()?;
    let mut beside = old.as_ref().map_or(Beside::No, |old| old.beside);
    if entry.beside {
        beside = Beside::All;
    }
    let free = match (entry.span, &old) {
        _ if beside == Beside::All => Vec::new(),
        (Some(span), Some(old)) if old.span == Some(span) => old.free.clone(),
        (Some(span), _) => spans::free(transaction, person, span, &[])?,
        (None, _) => Vec::new(),
    };
    let sql =
        "INSERT INTO entry (person, apply, project, day, start_at, end_at, length, note, billable, made_at, device, n,
                   beside, free)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";
    transaction.prepare_cached(sql)?.execute(params![
        person.0,
        apply.0,
        entry.project.as_ref().map(ProjectId::as_str),
        entry.day.to_string(),
        entry.span.map(|span| span.start().millis()),
        entry.span.map(|span| span.end().millis()),
        entry.length.millis(),
        entry.note,
        entry.billable,
        apply.1.millis(),
        device.0,
        n,
        code(beside),
        spans::write(entry.span.filter(|_| beside != Beside::All), &free),
    ])?;
    let added = transaction.last_insert_rowid();
    if let Some(old) = replaced {
        let sql = "UPDATE entry SET (billed_elsewhere, rows, rate, place_at, place_device, place_n) = (
                       SELECT billed_elsewhere, rows, rate, coalesce(place_at, made_at), coalesce(place_device, device),
                           coalesce(place_n, n) FROM entry WHERE id = ?2)
                   WHERE id = ?1";
        transaction.prepare_cached(sql)?.execute((added, old.0))?;
    }
    Ok(EntryId(added))
}

/// Returns the stored form of `beside`: 0 to 2.
pub(super) fn code(beside: Beside) -> i64 {
    match beside {
        Beside::No => 0,
        Beside::Rows => 1,
        Beside::All => 2,
    }
}

/// Takes an entry away as a part of an apply.
pub(super) fn void(transaction: &Transaction<'_>, apply: i64, entry: EntryId) -> Result<()> {
    let sql = "INSERT INTO void (entry, apply) VALUES (?1, ?2)";
    transaction.prepare_cached(sql)?.execute((entry.0, apply))?;
    Ok(())
}

/// Returns the first and last day as the database compares them; for all time, texts that sort before and after any
/// day.
fn bounds(days: Option<(NaiveDate, NaiveDate)>) -> (String, String) {
    days.map_or((String::new(), "~".into()), |(first, last)| {
        (first.to_string(), last.to_string())
    })
}
