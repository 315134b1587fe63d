//! Life of an issued invoice: sent, paid, noted. The invoice itself never changes.

use anyhow::Result;
use chrono::NaiveDate;
use keeptab_core::instant::Instant;
use keeptab_core::invoice::{InvoiceNumber, PayError, Paying, Payment, PaymentKind, pay, take_back};
use rusqlite::{Connection, params};

use super::{InvoiceRow, Store, read};

impl Store {
    /// Marks an invoice as sent on a day; later calls do not change the day.
    ///
    /// # Errors
    ///
    /// If there is no such invoice.
    pub fn mark_sent(&mut self, number: &InvoiceNumber, day: NaiveDate) -> Result<InvoiceRow> {
        let sql = "UPDATE invoice SET sent_on = ?2 WHERE number = ?1 AND sent_on IS NULL";
        self.synced(|transaction| Ok(transaction.execute(sql, (number.to_string(), day.to_string()))?))?;
        self.invoice(number)
    }

    /// Sets or removes an invoice's note, which only the user sees.
    ///
    /// # Errors
    ///
    /// If there is no such invoice.
    pub fn annotate(&mut self, number: &InvoiceNumber, note: Option<&str>) -> Result<InvoiceRow> {
        let sql = "UPDATE invoice SET note = ?2 WHERE number = ?1";
        self.connection.execute(sql, (number.to_string(), note))?;
        self.invoice(number)
    }

    /// Records a payment for an invoice, and what it closes without money.
    ///
    /// # Errors
    ///
    /// If there is no such invoice, or [`pay`] refuses it. The transaction is immediate, so that concurrent payments see each
    /// other.
    pub fn pay(&mut self, number: &InvoiceNumber, paying: &Paying, day: NaiveDate, now: Instant) -> Result<InvoiceRow> {
        self.book(number, now, |row| pay(&row.invoice, &row.standing, paying, day))
    }

    /// Takes back all that was discounted or written off.
    ///
    /// # Errors
    ///
    /// If there is no such invoice, or nothing to take back.
    pub fn take_back(
        &mut self,
        number: &InvoiceNumber,
        kind: PaymentKind,
        day: NaiveDate,
        now: Instant,
    ) -> Result<InvoiceRow> {
        self.book(number, now, |row| {
            take_back(&row.invoice, &row.standing, kind, day).map(|payment| vec![payment])
        })
    }

    fn book(
        &mut self,
        number: &InvoiceNumber,
        now: Instant,
        payments: impl FnOnce(&InvoiceRow) -> Result<Vec<Payment>, PayError>,
    ) -> Result<InvoiceRow> {
        self.synced(|transaction| {
            let row = read::by_number(transaction, number)?;
            for payment in payments(&row)? {
                insert_payment(transaction, row.id, &payment, now)?;
            }
            read::by_number(transaction, number)
        })
    }
}

/// Writes a payment of an invoice. Returns its id.
pub(super) fn insert_payment(connection: &Connection, invoice: i64, payment: &Payment, now: Instant) -> Result<i64> {
    let kind = (payment.kind != PaymentKind::Money).then(|| payment.kind.word());
    let taxes = kind.map(|_| serde_json::to_string(&payment.taxes)).transpose()?;
    connection.execute(
        "INSERT INTO payment (invoice, amount, day, made_at, kind, reason, taxes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            invoice,
            payment.amount.to_string(),
            payment.day.to_string(),
            now.millis(),
            kind,
            payment.reason,
            taxes
        ],
    )?;
    Ok(connection.last_insert_rowid())
}
