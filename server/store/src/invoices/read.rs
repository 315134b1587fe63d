//! Reading invoices with what became of them.

use anyhow::{Context as _, Result};
use keeptab_core::invoice::{CreditedBy, InvoiceNumber, Issued, Payment, PaymentKind, Standing};
use keeptab_core::money::Amount;
use keeptab_core::rule::ProjectId;
use rusqlite::{Connection, OptionalExtension as _, Row};

use super::Store;
use super::documents::{Assets, fill};
use crate::cause::NoInvoice;

/// An issued invoice and what became of it.
#[derive(Clone, Debug)]
pub struct InvoiceRow {
    /// As the store numbers them.
    pub id: i64,
    /// The invoice.
    pub invoice: Issued,
    /// Its state: sent, paid, credited.
    pub standing: Standing,
}

const COLUMNS: &str = "SELECT id, number, issue_date, content, sent_on, note FROM invoice";

impl Store {
    /// Returns all invoices and credit notes, oldest first.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn invoices(&self) -> Result<Vec<InvoiceRow>> {
        let mut statement = self.connection.prepare(&format!("{COLUMNS} ORDER BY id"))?;
        let rows = statement.query_map([], texts)?;
        let mut assets = Assets::new();
        rows.map(|texts| invoice(&self.connection, texts?, &mut assets))
            .collect()
    }

    /// Returns all invoices and credit notes, oldest first, each by itself: one that cannot be read hides no other.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn readable_invoices(&self) -> Result<Vec<Result<InvoiceRow>>> {
        let mut statement = self.connection.prepare(&format!("{COLUMNS} ORDER BY id"))?;
        let rows: Vec<Texts> = statement.query_map([], texts)?.collect::<rusqlite::Result<_>>()?;
        let mut assets = Assets::new();
        let rows = rows.into_iter();
        Ok(rows
            .map(|texts| invoice(&self.connection, texts, &mut assets))
            .collect())
    }

    /// Returns the invoice with a number.
    ///
    /// # Errors
    ///
    /// If there is no such invoice.
    pub fn invoice(&self, number: &InvoiceNumber) -> Result<InvoiceRow> {
        by_number(&self.connection, number)
    }

    /// Returns the invoice with the store's own id.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn invoice_numbered(&self, id: i64) -> Result<Issued> {
        let sql = format!("{COLUMNS} WHERE id = ?1");
        let texts = self.connection.query_row(&sql, [id], texts)?;
        issued(&self.connection, texts, &mut Assets::new())
    }

    /// Returns the project of each line of an invoice, without reading the rest of it.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn line_projects(&self, id: i64) -> Result<Vec<Option<ProjectId>>> {
        let sql = "SELECT line.value ->> '$.project' FROM invoice, json_each(invoice.content, '$.lines') AS line
                   WHERE invoice.id = ?1 ORDER BY line.key";
        let mut statement = self.connection.prepare_cached(sql)?;
        let projects = statement.query_map([id], |row| row.get::<_, Option<String>>(0))?;
        projects.map(|project| Ok(project?.map(ProjectId::new))).collect()
    }
}

/// Returns the invoice with a number, as a transaction sees it.
pub(super) fn by_number(connection: &Connection, number: &InvoiceNumber) -> Result<InvoiceRow> {
    let sql = format!("{COLUMNS} WHERE number = ?1");
    let found = connection.query_row(&sql, [number.to_string()], texts).optional()?;
    let texts = found.with_context(|| NoInvoice(number.to_string()))?;
    invoice(connection, texts, &mut Assets::new())
}

struct Texts {
    id: i64,
    number: String,
    issue_date: String,
    content: String,
    sent_on: Option<String>,
    note: Option<String>,
}

fn texts(row: &Row<'_>) -> rusqlite::Result<Texts> {
    Ok(Texts {
        id: row.get(0)?,
        number: row.get(1)?,
        issue_date: row.get(2)?,
        content: row.get(3)?,
        sent_on: row.get(4)?,
        note: row.get(5)?,
    })
}

fn issued(connection: &Connection, texts: Texts, assets: &mut Assets) -> Result<Issued> {
    let content = serde_json::from_str(&texts.content);
    let mut content = content.with_context(|| format!("invoice {} cannot be read", texts.number))?;
    fill(connection, &mut content, assets)?;
    Ok(Issued::new(texts.number.parse()?, texts.issue_date.parse()?, content))
}

fn invoice(connection: &Connection, mut texts: Texts, assets: &mut Assets) -> Result<InvoiceRow> {
    let id = texts.id;
    let standing = Standing {
        sent_on: texts.sent_on.take().map(|day| day.parse()).transpose()?,
        note: texts.note.take(),
        payments: payments(connection, id)?,
        credits: credits(connection, id)?,
    };
    let invoice = issued(connection, texts, assets)?;
    Ok(InvoiceRow { id, invoice, standing })
}

fn payments(connection: &Connection, invoice: i64) -> Result<Vec<Payment>> {
    let mut statement = connection.prepare_cached(
        "SELECT day, amount, number, payment.kind, reason, taxes FROM payment LEFT JOIN used ON used.payment = payment.id
         LEFT JOIN invoice ON invoice.id = used.invoice WHERE payment.invoice = ?1 ORDER BY payment.id",
    )?;
    let rows = statement.query_map([invoice], |row| {
        let texts: [Option<String>; 4] = [row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?];
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, texts))
    })?;
    rows.map(|row| {
        let (day, amount, [used_by, kind, reason, taxes]) = row?;
        let kind = kind
            .map(|kind| PaymentKind::of_word(&kind).with_context(|| format!("there is no payment of the kind {kind}")));
        Ok(Payment {
            day: day.parse()?,
            amount: serde_json::from_value::<Amount>(amount.into())?,
            kind: kind.transpose()?.unwrap_or_default(),
            reason,
            taxes: taxes
                .map(|taxes| serde_json::from_str(&taxes))
                .transpose()?
                .unwrap_or_default(),
            used_by: used_by.map(|number| number.parse()).transpose()?,
        })
    })
    .collect()
}

fn credits(connection: &Connection, invoice: i64) -> Result<Vec<CreditedBy>> {
    let sql = "SELECT id, number, issue_date, content, NULL, NULL FROM invoice WHERE cancels = ?1 ORDER BY id";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([invoice], texts)?;
    rows.map(|row| {
        let note = issued(connection, row?, &mut Assets::new())?;
        let content = note.content();
        let credited = content.kind.credited();
        Ok(CreditedBy {
            number: note.number().clone(),
            lines: credited.map(|credited| credited.lines.clone()).unwrap_or_default(),
            gross: content.totals.gross,
            taxes: content.totals.taxes.clone(),
            kept: credited.is_some_and(|credited| credited.kept),
        })
    })
    .collect()
}
