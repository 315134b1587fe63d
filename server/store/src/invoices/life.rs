//! Life of an issued invoice: sent, paid, noted. The invoice itself never changes.

use anyhow::{Result, bail};
use chrono::NaiveDate;
use keeptab_core::instant::Instant;
use keeptab_core::invoice::InvoiceNumber;
use keeptab_core::money::Amount;
use rust_decimal::Decimal;

use super::{InvoiceRow, Store, read};
use crate::immediate;

impl Store {
    /// Marks an invoice as sent on a day; later calls do not change the day.
    ///
    /// # Errors
    ///
    /// If there is no such invoice.
    pub fn mark_sent(&mut self, number: &InvoiceNumber, day: NaiveDate) -> Result<InvoiceRow> {
        let sql = "UPDATE invoice SET sent_on = ?2 WHERE number = ?1 AND sent_on IS NULL";
        self.connection.execute(sql, (number.to_string(), day.to_string()))?;
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

    /// Records a payment for an invoice, or a refund if the amount is negative. Without an amount, all that is owed is
    /// paid.
    ///
    /// # Errors
    ///
    /// If the payment exceeds what is owed or the refund exceeds what was paid, if nothing is owed and no amount is
    /// given, or if the number is a credit note's. The transaction is immediate, so that concurrent payments see each
    /// other.
    pub fn pay(
        &mut self,
        number: &InvoiceNumber,
        amount: Option<Decimal>,
        day: NaiveDate,
        now: Instant,
    ) -> Result<InvoiceRow> {
        let transaction = immediate(&mut self.connection)?;
        let row = read::by_number(&transaction, number)?;
        let content = row.invoice.content();
        let (currency, owed) = (content.currency, row.standing.owed(&row.invoice));
        if let Some(credited) = content.kind.credited() {
            let original = &credited.number;
            bail!(
                "{number} is a credit note\nhint: what goes back is noted on {original}: `keeptab invoice pay {original}`"
            );
        }
        let amount = match amount {
            None if owed.is_zero() => {
                bail!("nothing is owed on {number}\nhint: `keeptab invoice show {number}` lists what was paid")
            }
            None => owed,
            Some(value) => {
                let amount = Amount::rounded(value, currency);
                if amount.value() != value || amount.is_zero() {
                    let decimals = currency.exponent();
                    bail!(
                        "{value} is no amount of {currency}\nhint: write it with a point and {decimals} decimals at most"
                    );
                }
                amount
            }
        };
        let zero = Amount::zero(currency);
        let paid = row.standing.paid(&row.invoice);
        if amount > zero && amount > owed {
            let left = if owed > zero { owed } else { zero };
            bail!(
                "{amount} is more than the {currency} {left} owed on {number}\nhint: pay {left}, or leave --amount out"
            );
        }
        if amount < zero && zero - amount > paid + content.totals.prepaid {
            bail!(
                "{currency} {paid} was paid on {number}, so {} cannot go back\nhint: an amount below 0 is money returned",
                zero - amount
            );
        }
        let sql = "INSERT INTO payment (invoice, amount, day, made_at) VALUES (?1, ?2, ?3, ?4)";
        transaction.execute(sql, (row.id, amount.to_string(), day.to_string(), now.millis()))?;
        let row = read::by_number(&transaction, number)?;
        transaction.commit()?;
        Ok(row)
    }
}
