//! Time that credit notes released with its share of the discounts.

use anyhow::Result;
use keeptab_core::entry::EntryId;
use keeptab_core::instant::Length;
use keeptab_core::invoice::{BilledTime, Content, InvoiceNumber, Released};
use rusqlite::Connection;

use super::Store;
use crate::entries;
use crate::spans::clock_times;

impl Store {
    /// Returns the lines of a client's invoices that credit notes released and that had a share of the discounts, in the
    /// order of the credit notes.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn released(&self, client: &str) -> Result<Vec<Released>> {
        released(&self.connection, client)
    }
}

pub(super) fn released(connection: &Connection, client: &str) -> Result<Vec<Released>> {
    let sql = "SELECT note.content, invoice.id, invoice.number
               FROM invoice AS note JOIN invoice ON invoice.id = note.cancels WHERE note.client = ?1 ORDER BY note.id";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([client], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let mut found = Vec::new();
    for row in rows {
        let (content, invoice, number): (String, i64, String) = row?;
        let content: Content = serde_json::from_str(&content)?;
        let number: InvoiceNumber = number.parse()?;
        let shares = content.kind.credited().map(|credited| credited.shares.as_slice());
        for (line, share) in shares.unwrap_or_default() {
            let line = i64::try_from(*line)?;
            let only = "invoice.id = ?1 AND claim.line = ?2 AND ?3 IS NOT NULL";
            let later = "invoice.id > ?1 AND ?2 IS NOT NULL AND invoice.client = ?3";
            found.push(Released {
                number: number.clone(),
                currency: content.currency,
                share: *share,
                time: billed(connection, only, (invoice, line, client))?,
                again: billed(connection, later, (invoice, line, client))?,
            });
        }
    }
    Ok(found)
}

/// Returns the time of claims, live or not.
fn billed(connection: &Connection, only: &str, row: (i64, i64, &str)) -> Result<Vec<BilledTime>> {
    let sql = format!(
        "SELECT claim.id, claim.entry, claim.length, start_at, end_at FROM invoice JOIN claim ON claim.invoice = invoice.id
         LEFT JOIN claim_span ON claim_span.claim = claim.id WHERE {only} ORDER BY claim.id, start_at"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(row)?;
    let mut billed: Vec<BilledTime> = Vec::new();
    let mut last = None;
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        if last.replace(id) != Some(id) {
            let entry = row.get::<_, Option<i64>>(1)?.map(EntryId);
            let entry = entry.map(|entry| entries::one(connection, entry)).transpose()?;
            billed.push(BilledTime {
                entry: entry.map(|entry| entry.place),
                length: Length::from_millis(row.get(2)?),
                spans: Vec::new(),
            });
        }
        if let (Some(billed), Some(span)) = (billed.last_mut(), clock_times(row, 3, 4)?) {
            billed.spans.push(span);
        }
    }
    Ok(billed)
}
