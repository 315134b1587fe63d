//! What only keeptab's own export brings: corrections and invoices.

use anyhow::Result;
use keeptab_core::correction::Change;
use keeptab_core::instant::{Instant, Span};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use super::super::super::Store;
use super::super::BatchId;
use super::Stage;

/// A correction of an export.
#[derive(Clone, Debug)]
pub struct NewCorrection {
    /// The save that it came with, as the export numbers them.
    pub apply: i64,
    /// When that was.
    pub made_at: Instant,
    /// The instants it speaks of.
    pub span: Span,
    /// What becomes of them.
    pub change: Change,
}

/// An invoice of an export.
#[derive(Clone, Debug)]
pub struct NewInvoice {
    /// Its number.
    pub number: String,
    /// `invoice` or `credit`.
    pub kind: String,
    /// The invoice that it cancels.
    pub cancels: Option<String>,
    /// The client's id.
    pub client: String,
    /// The civil day of issue.
    pub issue_date: String,
    /// When it was issued.
    pub issued_at: Instant,
    /// The civil day on which it was sent.
    pub sent_on: Option<String>,
    /// What only the user sees.
    pub note: Option<String>,
    /// All that it says.
    pub content: String,
}

/// What a line of an invoice of an export bills.
#[derive(Clone, Debug)]
pub struct NewClaim {
    /// The invoice's number.
    pub invoice: String,
    /// The line.
    pub line: i64,
    /// The stretch.
    pub span: Option<Span>,
    /// The entry, as the export numbers them.
    pub entry: Option<i64>,
    /// Whether it is billed still.
    pub live: bool,
}

/// A line of an invoice of an export that a credit note took back.
#[derive(Clone, Debug)]
pub struct NewCredit {
    /// The invoice's number.
    pub invoice: String,
    /// The line.
    pub line: i64,
    /// The credit note's number.
    pub credit_note: String,
}

/// A payment of an export.
#[derive(Clone, Debug)]
pub struct NewPayment {
    /// The invoice's number.
    pub invoice: String,
    /// How much.
    pub amount: String,
    /// When.
    pub day: String,
    /// When that was noted.
    pub made_at: Instant,
}

/// The counter of a run of numbers of an export.
#[derive(Clone, Debug)]
pub struct NewSeries {
    /// The seller's name in numbers.
    pub org: String,
    /// The month.
    pub month: i64,
    /// The next number.
    pub next: i64,
    /// The day of the last one.
    pub last_date: Option<String>,
    /// The first number.
    pub first: i64,
}

impl Stage<'_> {
    /// Takes a correction.
    pub fn correction(&mut self, correction: NewCorrection) {
        self.staged.corrections.push(correction);
    }

    /// Takes an invoice.
    pub fn invoice(&mut self, invoice: NewInvoice) {
        self.staged.invoices.push(invoice);
    }

    /// Takes what a line of an invoice bills.
    pub fn claim(&mut self, claim: NewClaim) {
        self.staged.claims.push(claim);
    }

    /// Takes a line that a credit note took back.
    pub fn credit(&mut self, credit: NewCredit) {
        self.staged.credits.push(credit);
    }

    /// Takes a payment.
    pub fn payment(&mut self, payment: NewPayment) {
        self.staged.payments.push(payment);
    }

    /// Takes a counter.
    pub fn series(&mut self, series: NewSeries) {
        self.staged.series.push(series);
    }
}

impl Store {
    /// Returns whether an invoice was ever issued here.
    pub(in crate::store) fn has_invoices(&self) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM invoice)";
        Ok(self.connection.query_row(sql, [], |row| row.get(0))?)
    }
}

/// Returns whether a correction is there already.
pub(super) fn is_there(connection: &Connection, correction: &NewCorrection) -> Result<bool> {
    let sql = "SELECT 1 FROM correction JOIN apply ON apply.id = correction.apply
               WHERE end_at = ?2 AND start_at = ?1 AND made_at = ?3 AND change = ?4 AND undone_at IS NULL LIMIT 1";
    let row = params![
        correction.span.start().millis(),
        correction.span.end().millis(),
        correction.made_at.millis(),
        serde_json::to_string(&correction.change)?,
    ];
    Ok(connection
        .prepare_cached(sql)?
        .query_row(row, |_| Ok(()))
        .optional()?
        .is_some())
}

/// Writes the corrections that are not there, each save of them as an apply of the batch, in their order.
pub(super) fn write_corrections(
    transaction: &Transaction<'_>,
    corrections: &[NewCorrection],
    batch: BatchId,
    person: u32,
) -> Result<u64> {
    let mut written = 0;
    let mut apply: Option<(i64, i64)> = None;
    for correction in corrections {
        if is_there(transaction, correction)? {
            continue;
        }
        let id = match apply {
            Some((number, id)) if number == correction.apply => id,
            _ => {
                let sql = "INSERT INTO apply (made_at, batch) VALUES (?1, ?2)";
                transaction.execute(sql, (correction.made_at.millis(), batch.0))?;
                transaction.last_insert_rowid()
            }
        };
        apply = Some((correction.apply, id));
        let sql = "INSERT INTO correction (apply, person, start_at, end_at, change) VALUES (?1, ?2, ?3, ?4, ?5)";
        transaction.prepare_cached(sql)?.execute(params![
            id,
            person,
            correction.span.start().millis(),
            correction.span.end().millis(),
            serde_json::to_string(&correction.change)?,
        ])?;
        written += 1;
    }
    Ok(written)
}

/// What of invoices is to be restored.
pub(super) struct Bills<'b> {
    pub(super) invoices: &'b [NewInvoice],
    pub(super) claims: &'b [NewClaim],
    pub(super) credits: &'b [NewCredit],
    pub(super) payments: &'b [NewPayment],
    pub(super) series: &'b [NewSeries],
}

/// Restores invoices with what they bill, so that nothing of it is billed again. Only where there are none.
pub(super) fn write_bills(transaction: &Transaction<'_>, bills: &Bills<'_>, person: u32) -> Result<u64> {
    for invoice in bills.invoices {
        let sql = "INSERT INTO invoice (number, kind, cancels, client, issue_date, issued_at, content, sent_on, note)
                   VALUES (?1, ?2, (SELECT id FROM invoice WHERE number = ?3), ?4, ?5, ?6, ?7, ?8, ?9)";
        transaction.execute(
            sql,
            params![
                invoice.number,
                invoice.kind,
                invoice.cancels,
                invoice.client,
                invoice.issue_date,
                invoice.issued_at.millis(),
                invoice.content,
                invoice.sent_on,
                invoice.note
            ],
        )?;
    }
    for claim in bills.claims {
        let sql = "INSERT INTO claim (invoice, line, person, start_at, end_at, entry, live)
                   SELECT id, ?2, ?3, ?4, ?5, (
                       SELECT entry.id FROM stage.entry JOIN main.entry USING (fingerprint) WHERE number = ?6
                   ), ?7 FROM invoice WHERE number = ?1";
        transaction.prepare_cached(sql)?.execute(params![
            claim.invoice,
            claim.line,
            person,
            claim.span.map(|span| span.start().millis()),
            claim.span.map(|span| span.end().millis()),
            claim.entry,
            claim.live
        ])?;
    }
    for credit in bills.credits {
        let sql = "INSERT INTO credit (invoice, line, credit_note)
                   SELECT invoice.id, ?2, other.id FROM invoice, invoice AS other
                   WHERE invoice.number = ?1 AND other.number = ?3";
        transaction.execute(sql, (&credit.invoice, credit.line, &credit.credit_note))?;
    }
    for payment in bills.payments {
        let sql =
            "INSERT INTO payment (invoice, amount, day, made_at) SELECT id, ?2, ?3, ?4 FROM invoice WHERE number = ?1";
        transaction.execute(
            sql,
            (
                &payment.invoice,
                &payment.amount,
                &payment.day,
                payment.made_at.millis(),
            ),
        )?;
    }
    for series in bills.series {
        let sql = "INSERT INTO series (org, month, next, last_date, first) VALUES (?1, ?2, ?3, ?4, ?5)
                   ON CONFLICT DO UPDATE SET next = max(next, excluded.next), last_date = excluded.last_date";
        transaction.execute(
            sql,
            (&series.org, series.month, series.next, &series.last_date, series.first),
        )?;
    }
    Ok(bills.invoices.len() as u64)
}
