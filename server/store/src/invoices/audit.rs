//! Stored claims, series and bytes that `verify` checks.

use anyhow::{Context as _, Result};
use keeptab_core::billing::Claim;
use keeptab_core::entry::EntryId;
use keeptab_core::instant::Length;
use keeptab_core::invoice::{InvoiceNumber, Org};

use super::Store;
use super::documents::checksum;
use crate::spans::clock_times;

/// A claim with all that is known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditedClaim {
    /// The line's place.
    pub line: usize,
    /// The claimed time.
    pub claim: Claim,
    /// The length of the claim.
    pub length: Length,
    /// True if it still bills its time.
    pub live: bool,
}

/// A series of numbers as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeriesRow {
    /// The org.
    pub org: Org,
    /// Year and month as one number: 202611.
    pub month: i64,
    /// The first counter.
    pub first: u32,
    /// The next counter.
    pub next: u32,
}

impl Store {
    /// Returns the claims of an invoice, by line, in the order in which they were made.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn claims_of(&self, invoice: i64) -> Result<Vec<AuditedClaim>> {
        let sql = "SELECT line, claim.length, claim.live, entry, entry.day,
                       (SELECT start_at FROM claim_span WHERE claim = claim.id),
                       (SELECT end_at FROM claim_span WHERE claim = claim.id)
                   FROM claim LEFT JOIN entry ON entry.id = claim.entry WHERE invoice = ?1 ORDER BY line, claim.id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([invoice])?;
        let mut claims = Vec::new();
        while let Some(row) = rows.next()? {
            let entry = row.get::<_, Option<i64>>(3)?.zip(row.get::<_, Option<String>>(4)?);
            let claim = match entry {
                Some((entry, day)) => Claim::Entry(EntryId(entry), day.parse()?),
                None => Claim::Span(clock_times(row, 5, 6)?.context("the database holds a claim of nothing")?),
            };
            let length = match claim {
                Claim::Span(span) => span.length(),
                Claim::Entry(..) => Length::from_millis(row.get(1)?),
            };
            claims.push(AuditedClaim {
                line: usize::try_from(row.get::<_, i64>(0)?)?,
                claim,
                length,
                live: row.get(2)?,
            });
        }
        Ok(claims)
    }

    /// Returns the number of live claims that overlap another: 0, unless another program wrote to the file.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn doubled_claims(&self) -> Result<usize> {
        let sql = "SELECT person, start_at, end_at FROM claim_span WHERE live = 1 ORDER BY person, start_at";
        let mut statement = self.connection.prepare(sql)?;
        let rows = statement.query_map([], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
        })?;
        let (mut doubled, mut last) = (0, None);
        for row in rows {
            let (person, start, end) = row?;
            let overlaps = last.is_some_and(|(whose, until)| whose == person && start < until);
            doubled += usize::from(overlaps);
            let until = last
                .filter(|(whose, _)| *whose == person)
                .map_or(end, |(_, until): (i64, i64)| until.max(end));
            last = Some((person, until));
        }
        Ok(doubled)
    }

    /// Returns all runs of numbers.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn all_series(&self) -> Result<Vec<SeriesRow>> {
        let mut statement = self
            .connection
            .prepare("SELECT org, month, first, next FROM series ORDER BY org, month")?;
        let rows = statement.query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?;
        rows.map(|row| {
            let (org, month, first, next) = row?;
            Ok(SeriesRow {
                org: org.parse()?,
                month,
                first,
                next,
            })
        })
        .collect()
    }

    /// Returns the formats of an invoice's stored documents, each with whether its bytes still have their checksum.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn documents(&self, number: &InvoiceNumber) -> Result<Vec<(String, bool)>> {
        let sql = "SELECT format, sha256, bytes FROM document JOIN invoice ON invoice.id = document.invoice
                   WHERE number = ?1 ORDER BY format";
        let mut statement = self.connection.prepare(sql)?;
        let rows = statement.query_map([number.to_string()], |row| {
            let (sha256, bytes) = (row.get::<_, String>(1)?, row.get::<_, Vec<u8>>(2)?);
            Ok((row.get(0)?, checksum(&bytes) == sha256))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
