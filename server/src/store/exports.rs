//! What only an export asks for.

use std::collections::HashMap;

use anyhow::Result;
use keeptab_core::activity::{Seq, SourceId};
use keeptab_core::entry::Entry;
use keeptab_core::instant::{Instant, Length};
use rusqlite::Row;

use super::entries::{self, COLUMNS};
use super::facts::ranks;
use super::spans::clock_times;
use super::{At, NewApply, NewClaim, NewCredit, NewInvoice, NewPayment, NewSeries, NewUndone, Origin, Store};

/// An entry with all that is kept of it.
#[derive(Clone, Debug)]
pub struct EntryRow {
    /// The entry.
    pub entry: Entry,
    /// What an imported one is known by.
    pub fingerprint: Option<String>,
    /// When it was made.
    pub made_at: Instant,
    /// Which fact it is.
    pub origin: Option<Origin>,
    /// The save that made it.
    pub apply: Option<i64>,
    /// The place of the entry that it replaces.
    pub place: Option<(Instant, Origin)>,
    /// Whether the import that brought it was taken back.
    pub undone: bool,
}

fn origin(device: Option<String>, n: Option<i64>) -> Option<Origin> {
    let (device, n) = device.zip(n)?;
    Some(Origin { device, n })
}

/// An editor or a browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceRow {
    /// Names it.
    pub id: SourceId,
    /// The machine.
    pub device: String,
    /// Its name on it.
    pub name: String,
    /// The highest number that was taken.
    pub taken: Seq,
}

impl Store {
    /// Returns all sources in the order in which they count.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn sources(&self) -> Result<Vec<SourceRow>> {
        let sql = "SELECT source.id, uuid, name, taken FROM source JOIN device ON device.id = source.device
                   ORDER BY source.id";
        self.all(sql, |row| {
            let taken: i64 = row.get(3)?;
            Ok(SourceRow {
                id: SourceId(row.get(0)?),
                device: row.get(1)?,
                name: row.get(2)?,
                taken: Seq(taken.try_into()?),
            })
        })
    }

    /// Calls `each` on every entry, standing or not, in the order in which they came.
    ///
    /// # Errors
    ///
    /// If the database cannot be read, or what `each` says.
    pub fn export_entries(&self, mut each: impl FnMut(EntryRow) -> Result<()>) -> Result<()> {
        let sql = format!(
            "SELECT {COLUMNS}, fingerprint, made_at, (SELECT uuid FROM device WHERE id = entry.device), n, apply, place_at,
                 (SELECT uuid FROM device WHERE id = place_device), place_n,
                 EXISTS (SELECT 1 FROM batch WHERE batch.id = entry.batch AND undone_at IS NOT NULL)
             FROM entry WHERE person = ?1
                 AND NOT EXISTS (SELECT 1 FROM batch WHERE batch.id = entry.batch AND finished_at IS NULL)
             ORDER BY id"
        );
        let ranks = ranks(&self.connection)?;
        let mut statement = self.connection.prepare(&sql)?;
        let mut rows = statement.query([self.person.0])?;
        while let Some(row) = rows.next()? {
            let place = row.get::<_, Option<i64>>(21)?.map(Instant::from_millis);
            each(EntryRow {
                entry: entries::read(row, &ranks)?,
                fingerprint: row.get(16)?,
                made_at: Instant::from_millis(row.get(17)?),
                origin: origin(row.get(18)?, row.get(19)?),
                apply: row.get(20)?,
                place: place.zip(origin(row.get(22)?, row.get(23)?)),
                undone: row.get(24)?,
            })?;
        }
        Ok(())
    }

    /// Returns all saves, oldest first.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn export_applies(&self) -> Result<Vec<NewApply>> {
        let sql =
            "SELECT id, (SELECT uuid FROM device WHERE device.id = apply.device), n, made_at, undone_at IS NOT NULL
                   FROM apply ORDER BY id";
        self.all(sql, |row| {
            Ok(NewApply {
                number: row.get(0)?,
                origin: origin(row.get(1)?, row.get(2)?),
                made_at: Instant::from_millis(row.get(3)?),
                undone: row.get(4)?,
            })
        })
    }

    /// Returns which entries saves took away, as pairs of the entry and the save.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn export_voids(&self) -> Result<Vec<(i64, i64)>> {
        self.all("SELECT entry, apply FROM void ORDER BY entry, apply", |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
    }

    /// Returns the origins of corrections that stand, by their ids.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn correction_origins(&self) -> Result<HashMap<u64, Origin>> {
        let sql = "SELECT correction.id, uuid, n FROM correction JOIN device ON device.id = correction.device";
        let known = self.all(sql, |row| {
            let id = u64::try_from(row.get::<_, i64>(0)?)?;
            Ok(origin(row.get(1)?, row.get(2)?).map(|origin| (id, origin)))
        })?;
        Ok(known.into_iter().flatten().collect())
    }

    /// Returns the facts of imports that were taken back: their first and last.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn export_undone(&self) -> Result<Vec<NewUndone>> {
        let sql = "SELECT uuid, first_n, last_n FROM batch JOIN device ON device.id = batch.device
                   WHERE undone_at IS NOT NULL AND first_n IS NOT NULL ORDER BY batch.id";
        self.all(sql, |row| {
            Ok(NewUndone {
                device: row.get(0)?,
                first: row.get(1)?,
                last: row.get(2)?,
            })
        })
    }

    /// Returns all invoices, oldest first.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn export_invoices(&self) -> Result<Vec<NewInvoice>> {
        let sql = "SELECT number, kind, (SELECT number FROM invoice AS other WHERE other.id = invoice.cancels), client,
                       issue_date, issued_at, sent_on, note, content FROM invoice ORDER BY id";
        self.all(sql, |row| {
            Ok(NewInvoice {
                at: At::default(),
                number: row.get(0)?,
                kind: row.get(1)?,
                cancels: row.get(2)?,
                client: row.get(3)?,
                issue_date: row.get(4)?,
                issued_at: Instant::from_millis(row.get(5)?),
                sent_on: row.get(6)?,
                note: row.get(7)?,
                content: row.get(8)?,
            })
        })
    }

    /// Returns what the lines of all invoices bill or billed.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn export_claims(&self) -> Result<Vec<NewClaim>> {
        let sql = "SELECT number, line, entry, claim.live, length, claim.id, start_at, end_at FROM claim
                   JOIN invoice ON invoice.id = claim.invoice LEFT JOIN claim_span ON claim_span.claim = claim.id
                   ORDER BY claim.id, start_at";
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        let mut claims: Vec<NewClaim> = Vec::new();
        let mut last = None;
        while let Some(row) = rows.next()? {
            let id: i64 = row.get(5)?;
            if last.replace(id) != Some(id) {
                claims.push(NewClaim {
                    at: At::default(),
                    invoice: row.get(0)?,
                    line: row.get(1)?,
                    entry: row.get(2)?,
                    live: row.get(3)?,
                    length: Some(Length::from_millis(row.get(4)?)),
                    spans: Vec::new(),
                });
            }
            if let (Some(claim), Some(span)) = (claims.last_mut(), clock_times(row, 6, 7)?) {
                claim.spans.push(span);
            }
        }
        Ok(claims)
    }

    /// Returns the lines that credit notes took back.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn export_credits(&self) -> Result<Vec<NewCredit>> {
        let sql = "SELECT invoice.number, line, other.number FROM credit
                   JOIN invoice ON invoice.id = credit.invoice JOIN invoice AS other ON other.id = credit.credit_note
                   ORDER BY credit.invoice, line";
        self.all(sql, |row| {
            Ok(NewCredit {
                at: At::default(),
                invoice: row.get(0)?,
                line: row.get(1)?,
                credit_note: row.get(2)?,
            })
        })
    }

    /// Returns all payments.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn export_payments(&self) -> Result<Vec<NewPayment>> {
        let sql = "SELECT number, amount, day, made_at FROM payment JOIN invoice ON invoice.id = payment.invoice ORDER BY payment.id";
        self.all(sql, |row| {
            Ok(NewPayment {
                at: At::default(),
                invoice: row.get(0)?,
                amount: row.get(1)?,
                day: row.get(2)?,
                made_at: Instant::from_millis(row.get(3)?),
            })
        })
    }

    /// Returns the counters of all runs of numbers.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn export_series(&self) -> Result<Vec<NewSeries>> {
        self.all(
            "SELECT org, month, next, last_date, first FROM series ORDER BY org, month",
            |row| {
                Ok(NewSeries {
                    org: row.get(0)?,
                    month: row.get(1)?,
                    next: row.get(2)?,
                    last_date: row.get(3)?,
                    first: row.get(4)?,
                })
            },
        )
    }

    fn all<T>(&self, sql: &str, mut each: impl FnMut(&Row<'_>) -> Result<T>) -> Result<Vec<T>> {
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(each(row)?);
        }
        Ok(all)
    }
}
