//! What only an export asks for.

use anyhow::Result;
use keeptab_core::activity::{Seq, SourceId};
use keeptab_core::entry::{Entry, EntryId};
use keeptab_core::instant::{Instant, Length};
use keeptab_core::rule::ProjectId;
use rusqlite::Row;

use super::invoices::span;
use super::{NewClaim, NewCredit, NewInvoice, NewPayment, NewSeries, Store};

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
    /// Where the database cannot be read.
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

    /// Calls `each` on every entry that stands, with the fingerprint of an imported one, in the order in which they came.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read, or what `each` says.
    pub fn export_entries(&self, mut each: impl FnMut(Entry, Option<String>) -> Result<()>) -> Result<()> {
        let sql = "SELECT id, project, day, start_at, end_at, length, note, billable, billed_elsewhere, fingerprint
                   FROM standing WHERE person = ?1 ORDER BY id";
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query([self.person.0])?;
        while let Some(row) = rows.next()? {
            let times = row.get::<_, Option<i64>>(3)?.zip(row.get(4)?);
            let entry = Entry {
                id: EntryId(row.get(0)?),
                project: row.get::<_, Option<String>>(1)?.map(ProjectId::new),
                day: row.get::<_, String>(2)?.parse()?,
                span: times.and_then(|(start, end)| span(start, end).ok()),
                length: Length::from_millis(row.get(5)?),
                note: row.get(6)?,
                billable: row.get(7)?,
                billed_elsewhere: row.get(8)?,
            };
            each(entry, row.get(9)?)?;
        }
        Ok(())
    }

    /// Returns all invoices, oldest first.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub fn export_invoices(&self) -> Result<Vec<NewInvoice>> {
        let sql = "SELECT number, kind, (SELECT number FROM invoice AS other WHERE other.id = invoice.cancels), client,
                       issue_date, issued_at, sent_on, note, content FROM invoice ORDER BY id";
        self.all(sql, |row| {
            Ok(NewInvoice {
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
    /// Where the database cannot be read.
    pub fn export_claims(&self) -> Result<Vec<NewClaim>> {
        let sql = "SELECT number, line, start_at, end_at, entry, live FROM claim
                   JOIN invoice ON invoice.id = claim.invoice ORDER BY claim.id";
        self.all(sql, |row| {
            let times = row.get::<_, Option<i64>>(2)?.zip(row.get(3)?);
            Ok(NewClaim {
                invoice: row.get(0)?,
                line: row.get(1)?,
                span: times.map(|(start, end)| span(start, end)).transpose()?,
                entry: row.get(4)?,
                live: row.get(5)?,
            })
        })
    }

    /// Returns the lines that credit notes took back.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub fn export_credits(&self) -> Result<Vec<NewCredit>> {
        let sql = "SELECT invoice.number, line, other.number FROM credit
                   JOIN invoice ON invoice.id = credit.invoice JOIN invoice AS other ON other.id = credit.credit_note
                   ORDER BY credit.invoice, line";
        self.all(sql, |row| {
            Ok(NewCredit {
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
    /// Where the database cannot be read.
    pub fn export_payments(&self) -> Result<Vec<NewPayment>> {
        let sql = "SELECT number, amount, day, made_at FROM payment JOIN invoice ON invoice.id = payment.invoice ORDER BY payment.id";
        self.all(sql, |row| {
            Ok(NewPayment {
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
    /// Where the database cannot be read.
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
