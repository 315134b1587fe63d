//! Claims of invoice lines.

use anyhow::Result;
use keeptab_core::activity::PersonId;
use keeptab_core::entry::{Counted, EntryId};
use keeptab_core::instant::{Length, Span};
use rusqlite::{Transaction, params};

/// A claim as it will be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claiming {
    /// Its number; the next one unless given.
    pub(crate) id: Option<i64>,
    /// The invoice, as the store numbers them.
    pub(crate) invoice: i64,
    /// The line's place on it.
    pub(crate) line: i64,
    /// The entry that is billed, or `None` if it is captured time.
    pub(crate) entry: Option<EntryId>,
    /// The billed length.
    pub(crate) length: Length,
    /// The billed instants.
    pub(crate) spans: Vec<Span>,
    /// True if it is still billed.
    pub(crate) live: bool,
}

impl Claiming {
    /// Claims captured time.
    pub(super) fn captured((invoice, line): (i64, i64), span: Span) -> Self {
        Self {
            id: None,
            invoice,
            line,
            entry: None,
            length: span.length(),
            spans: vec![span],
            live: true,
        }
    }

    /// Claims the counted part of an entry.
    pub(super) fn entered((invoice, line): (i64, i64), entry: EntryId, counted: &Counted) -> Self {
        Self {
            id: None,
            invoice,
            line,
            entry: Some(entry),
            length: counted.length,
            spans: counted.spans.clone(),
            live: true,
        }
    }

    /// Writes it.
    ///
    /// # Errors
    ///
    /// If another live claim has the entry or one of the instants, or the entry is not there any more.
    pub(crate) fn write(&self, transaction: &Transaction<'_>, person: PersonId) -> Result<()> {
        let sql =
            "INSERT INTO claim (invoice, line, person, entry, length, live, id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let entry = self.entry.map(|entry| entry.0);
        transaction.prepare_cached(sql)?.execute(params![
            self.invoice,
            self.line,
            person.0,
            entry,
            self.length.millis(),
            self.live,
            self.id
        ])?;
        let claim = transaction.last_insert_rowid();
        let sql = "INSERT INTO claim_span (claim, start_at, end_at, person, live) VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut insert = transaction.prepare_cached(sql)?;
        for span in &self.spans {
            insert.execute((claim, span.start().millis(), span.end().millis(), person.0, self.live))?;
        }
        Ok(())
    }
}
