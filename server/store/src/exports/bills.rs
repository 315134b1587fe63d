//! Invoices with all that belongs to them, as an export has them.

use anyhow::Result;
use keeptab_core::instant::{Instant, Length, Span};

use super::super::invoices::span;
use super::super::spans::clock_times;
use super::super::{At, Link, NewClaim, NewCredit, NewInvoice, NewPayment, NewSeries, Store};

impl Store {
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

    /// Returns the claims of the lines of all invoices, live or not.
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
                    id: Some(id),
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
        let sql = "SELECT number, amount, day, made_at, payment.id,
                       (SELECT number FROM invoice AS other WHERE other.id = used.invoice), payment.kind, reason, taxes
                   FROM payment JOIN invoice ON invoice.id = payment.invoice LEFT JOIN used ON used.payment = payment.id
                   ORDER BY payment.id";
        self.all(sql, |row| {
            Ok(NewPayment {
                at: At::default(),
                invoice: row.get(0)?,
                amount: row.get(1)?,
                day: row.get(2)?,
                made_at: Instant::from_millis(row.get(3)?),
                id: Some(row.get(4)?),
                used_by: row.get(5)?,
                kind: row.get(6)?,
                reason: row.get(7)?,
                taxes: row.get(8)?,
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

    /// Returns the captured time that invoices of other homes bill, with their numbers.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn export_elsewhere(&self) -> Result<Vec<(String, Span)>> {
        let sql = "SELECT invoice, start_at, end_at FROM elsewhere JOIN batch ON batch.id = elsewhere.batch
                   WHERE finished_at IS NOT NULL AND undone_at IS NULL ORDER BY start_at, end_at, invoice";
        self.all(sql, |row| Ok((row.get(0)?, span(row.get(1)?, row.get(2)?)?)))
    }

    /// Calls `each` on the files that invoices are printed with: their checksum and their bytes.
    ///
    /// # Errors
    ///
    /// If the database cannot be read, or `each` fails.
    pub fn export_assets(&self, mut each: impl FnMut(String, Vec<u8>) -> Result<()>) -> Result<()> {
        let mut statement = self
            .connection
            .prepare("SELECT sha256, bytes FROM asset ORDER BY sha256")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            each(row.get(0)?, row.get(1)?)?;
        }
        Ok(())
    }

    /// Calls `each` on the rendered documents: the number of the invoice, the format, the checksum and the bytes.
    ///
    /// # Errors
    ///
    /// If the database cannot be read, or `each` fails.
    pub fn export_documents(&self, mut each: impl FnMut([String; 3], Vec<u8>) -> Result<()>) -> Result<()> {
        let sql = "SELECT number, format, sha256, bytes FROM document JOIN invoice ON invoice.id = document.invoice
                   ORDER BY invoice.id, format";
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            each([row.get(0)?, row.get(1)?, row.get(2)?], row.get(3)?)?;
        }
        Ok(())
    }

    /// Calls `each` on the links of the hash chain, in order.
    ///
    /// # Errors
    ///
    /// If the database cannot be read, or `each` fails.
    pub fn export_links(&self, mut each: impl FnMut(Link) -> Result<()>) -> Result<()> {
        let mut statement = self
            .connection
            .prepare("SELECT n, kind, record, hash FROM link ORDER BY n")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            each(Link {
                n: row.get(0)?,
                kind: row.get(1)?,
                record: row.get(2)?,
                hash: row.get(3)?,
            })?;
        }
        Ok(())
    }
}
