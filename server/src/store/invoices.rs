//! Drafts, invoices, numbers, claims and rendered documents.

mod audit;
mod documents;
mod drafts;
mod issue;
mod life;
mod read;

use anyhow::{Context as _, Result};
use keeptab_core::instant::{Instant, Span};

use super::Store;

pub use audit::AuditedClaim;
pub use documents::checksum;
pub use drafts::{DraftRow, ItemRow};
pub use issue::{Cancel, GivenBack, Issue};
pub use read::InvoiceRow;

/// A stretch of the timeline that a live invoice bills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// The invoice, as the store numbers them.
    pub invoice: i64,
    /// The line's place on it.
    pub line: usize,
    /// What is billed.
    pub span: Span,
}

impl Store {
    /// Returns the live claims that reach into a span, in order.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub fn claims(&self, within: Span) -> Result<Vec<Claimed>> {
        // Live claims do not overlap: at most one that begins before the span reaches into it.
        let sql = "SELECT invoice, line, start_at, end_at FROM claim
                   WHERE person = ?1 AND live = 1 AND start_at IS NOT NULL AND start_at < ?3 AND start_at >= coalesce((
                       SELECT max(start_at) FROM claim
                       WHERE person = ?1 AND live = 1 AND start_at IS NOT NULL AND start_at <= ?2), ?2)
                   AND end_at > ?2 ORDER BY start_at";
        let mut statement = self.connection.prepare_cached(sql)?;
        let row = (self.person.0, within.start().millis(), within.end().millis());
        let rows = statement.query_map(row, |row| {
            Ok((row.get(0)?, row.get::<_, i64>(1)?, row.get(2)?, row.get(3)?))
        })?;
        let mut claims = Vec::new();
        for row in rows {
            let (invoice, line, start, end) = row?;
            claims.push(Claimed {
                invoice,
                line: usize::try_from(line)?,
                span: span(start, end)?,
            });
        }
        Ok(claims)
    }
}

pub(super) fn span(start: i64, end: i64) -> Result<Span> {
    Span::new(Instant::from_millis(start), Instant::from_millis(end)).context("the database holds an empty span")
}
