//! Drafts, invoices, numbers, claims and rendered documents.

mod audit;
mod claims;
mod credit;
mod documents;
mod drafts;
mod issue;
mod life;
mod read;
mod released;

use anyhow::{Context as _, Result};
use keeptab_core::entry::EntryId;
use keeptab_core::instant::{Instant, Span};

use super::Store;

pub use audit::AuditedClaim;
pub(super) use claims::Claiming;
pub use credit::Overpaid;
pub use documents::checksum;
pub use drafts::{DraftRow, ItemRow};
pub use issue::{Cancel, GivenBack, Issue};
pub use read::InvoiceRow;

/// A stretch of the timeline that a live invoice bills, captured or of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// The invoice, as the store numbers them.
    pub invoice: i64,
    /// The line's place on it.
    pub line: usize,
    /// The billed instants.
    pub span: Span,
    /// The billed entry, or `None` if it is captured time.
    pub entry: Option<EntryId>,
}

impl Store {
    /// Returns the live claims that reach into a span, in order.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn claims(&self, within: Span) -> Result<Vec<Claimed>> {
        let mut statement = self.connection.prepare_cached(super::spans::CLAIMS)?;
        let row = (self.person.0, within.start().millis(), within.end().millis());
        let rows = statement.query_map(row, |row| {
            let entry = row.get::<_, Option<i64>>(4)?;
            Ok((row.get(0)?, row.get::<_, i64>(1)?, row.get(2)?, row.get(3)?, entry))
        })?;
        let mut claims = Vec::new();
        for row in rows {
            let (invoice, line, start, end, entry) = row?;
            claims.push(Claimed {
                invoice,
                line: usize::try_from(line)?,
                span: span(start, end)?,
                entry: entry.map(EntryId),
            });
        }
        Ok(claims)
    }
}

pub(super) fn span(start: i64, end: i64) -> Result<Span> {
    Span::new(Instant::from_millis(start), Instant::from_millis(end)).context("the database holds an empty span")
}
