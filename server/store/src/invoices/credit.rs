//! The clients' credit, by the invoice that was overpaid.

use anyhow::{Result, bail};
use keeptab_core::instant::Instant;
use keeptab_core::invoice::{Credit, DraftId, InvoiceNumber, Issued, Item, Payment};
use keeptab_core::money::{Amount, Currency};
use rusqlite::{Connection, Transaction};
use rust_decimal::Decimal;

use super::drafts::insert_item;
use super::life::insert_payment;
use super::{Store, read};
use crate::immediate;

/// A client's credit from one invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overpaid {
    /// The client's id.
    pub client: String,
    /// The invoice.
    pub number: InvoiceNumber,
    /// The currency.
    pub currency: Currency,
    /// The amount, above 0.
    pub amount: Amount,
}

impl Store {
    /// Returns the credit of all clients, oldest invoice first.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn credit(&self) -> Result<Vec<Overpaid>> {
        overpaid(&self.connection)
    }

    /// Returns a client's credit in a currency that no draft holds, as items.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn free_credit(&self, client: &str, currency: Currency) -> Result<Vec<Item>> {
        free(&self.connection, client, currency)
    }

    /// Puts a client's credit in a currency that no draft holds on a draft. Returns whether there was any.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn take_credit(&mut self, draft: DraftId, client: &str, currency: Currency) -> Result<bool> {
        let transaction = immediate(&mut self.connection)?;
        let items = free(&transaction, client, currency)?;
        for item in &items {
            insert_item(&transaction, draft, item)?;
        }
        transaction.commit()?;
        Ok(!items.is_empty())
    }
}

fn overpaid(connection: &Connection) -> Result<Vec<Overpaid>> {
    // Only a credit note or payments above what was due leave credit. Their exact sum is computed from the invoice itself.
    let sql = "SELECT number FROM invoice AS i
               WHERE id IN (SELECT cancels FROM invoice)
               OR (SELECT total(amount) FROM payment WHERE payment.invoice = i.id) > 0.0001 + CAST(coalesce(
                   i.content ->> '$.totals.due', i.content ->> '$.totals.gross', 0) AS REAL)
               ORDER BY id";
    let mut statement = connection.prepare_cached(sql)?;
    let numbers = statement.query_map([], |row| row.get::<_, String>(0))?;
    let mut found = Vec::new();
    for number in numbers {
        let row = read::by_number(connection, &number?.parse()?)?;
        let (content, amount) = (row.invoice.content(), row.standing.credit(&row.invoice));
        if !amount.is_zero() {
            found.push(Overpaid {
                client: content.client.clone(),
                number: row.invoice.number().clone(),
                currency: content.currency,
                amount,
            });
        }
    }
    Ok(found)
}

fn free(connection: &Connection, client: &str, currency: Currency) -> Result<Vec<Item>> {
    let mut statement = connection.prepare_cached("SELECT item FROM item ORDER BY id")?;
    let items = statement.query_map([], |row| row.get::<_, String>(0))?;
    let mut held: Vec<Credit> = Vec::new();
    for item in items {
        if let Item::Credit(credit) = serde_json::from_str(&item?)? {
            held.push(credit);
        }
    }
    let own = overpaid(connection)?
        .into_iter()
        .filter(|overpaid| overpaid.client == client && overpaid.currency == currency);
    let free = own.filter_map(|overpaid| {
        let held = held.iter().filter(|credit| credit.of == overpaid.number);
        let held = held.map(|credit| credit.amount).sum();
        let amount = overpaid.amount.value().checked_sub(held)?;
        let of = overpaid.number;
        Some(Credit { of, amount }).filter(|credit| credit.amount > Decimal::ZERO)
    });
    Ok(free.map(Item::Credit).collect())
}

/// Books the credit that an invoice uses: it leaves the invoices that were overpaid.
pub(super) fn book(transaction: &Transaction<'_>, (id, invoice): (i64, &Issued), now: Instant) -> Result<()> {
    let content = invoice.content();
    for item in &content.items {
        let Item::Credit(credit) = item else { continue };
        let row = read::by_number(transaction, &credit.of)?;
        let of = row.invoice.content();
        let is_own = of.client == content.client && of.currency == content.currency;
        let amount = Amount::rounded(credit.amount, content.currency);
        if !is_own || amount > row.standing.credit(&row.invoice) || amount <= Amount::zero(content.currency) {
            bail!(
                "the credit of {} was used or returned meanwhile\nhint: look at it again",
                credit.of
            );
        }
        let back = Amount::zero(content.currency) - amount;
        let payment = Payment::of_money(invoice.issue_date(), back);
        let payment = insert_payment(transaction, row.id, &payment, now)?;
        let sql = "INSERT INTO used (payment, invoice) VALUES (?1, ?2)";
        transaction.execute(sql, (payment, id))?;
    }
    Ok(())
}
