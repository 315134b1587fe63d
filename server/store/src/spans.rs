//! The instants that entries and invoices hold: how they are written, and which of them reach into a span.

use anyhow::{Context as _, Result};
use chrono::Days;
use keeptab_core::activity::PersonId;
use keeptab_core::entry::{Beside, Entry, EntryId, Held, Taken};
use keeptab_core::instant::{Instant, Length, Span};
use rusqlite::{Connection, Row};

use super::invoices::span;
use super::{Store, entries};

/// A holder of instants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// An invoice, as the store numbers them.
    Invoice(i64),
    /// An invoice of another home, by its number.
    Elsewhere(String),
    /// An entry.
    Entry(Box<Entry>, Option<super::BatchId>),
}

/// Encodes the free instants of an entry; `None` if its whole span is free.
pub(super) fn write(span: Option<Span>, free: &[Span]) -> Option<String> {
    if free.len() == usize::from(span.is_some()) && free.first().copied() == span {
        return None;
    }
    let one = |span: &Span| format!("{}-{}", span.start().millis(), span.end().millis());
    Some(free.iter().map(one).collect::<Vec<_>>().join(","))
}

/// Reads the free instants of an entry.
pub(super) fn read(whole: Option<Span>, beside: Beside, text: Option<&str>) -> Result<Vec<Span>> {
    let Some(text) = text else {
        return Ok(whole.filter(|_| beside != Beside::All).into_iter().collect());
    };
    let one = |part: &str| {
        // The start may be negative.
        let at = part
            .get(1..)
            .and_then(|rest| rest.find('-'))
            .context("free instants cannot be read")?
            + 1;
        span(part[..at].parse()?, part[at + 1..].parse()?)
    };
    text.split(',').filter(|part| !part.is_empty()).map(one).collect()
}

/// Returns the instants that live invoices bill and that reach into a span, in order.
pub(super) fn held(connection: &Connection, person: PersonId, within: Span) -> Result<Vec<(Held, Holder)>> {
    let mut held = Vec::new();
    let mut statement = connection.prepare_cached(CLAIMS)?;
    let mut rows = statement.query((person.0, within.start().millis(), within.end().millis()))?;
    while let Some(row) = rows.next()? {
        let entry: Option<i64> = row.get(4)?;
        held.push((
            Held {
                span: span(row.get(2)?, row.get(3)?)?,
                entry: entry.map(EntryId),
            },
            Holder::Invoice(row.get(0)?),
        ));
    }
    for (span, number) in elsewhere(connection, person, within)? {
        held.push((Held { span, entry: None }, Holder::Elsewhere(number)));
    }
    Ok(held)
}

/// Live claims do not overlap: at most one that begins before the span reaches into it.
pub(super) const CLAIMS: &str = "SELECT invoice, line, start_at, end_at, entry
    FROM claim_span JOIN claim ON claim.id = claim_span.claim
    WHERE claim_span.person = ?1 AND claim_span.live = 1 AND start_at < ?3 AND start_at >= coalesce((
        SELECT max(start_at) FROM claim_span WHERE person = ?1 AND live = 1 AND start_at <= ?2), ?2)
    AND end_at > ?2 ORDER BY start_at";

/// Returns the captured time that invoices of other homes bill and that reaches into a span.
pub(super) fn elsewhere(connection: &Connection, person: PersonId, within: Span) -> Result<Vec<(Span, String)>> {
    let sql = "SELECT start_at, end_at, invoice FROM elsewhere JOIN batch ON batch.id = elsewhere.batch
               WHERE end_at > ?2 AND start_at < ?3 AND person = ?1 AND finished_at IS NOT NULL AND undone_at IS NULL";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map((person.0, within.start().millis(), within.end().millis()), |row| {
        Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?))
    })?;
    rows.map(|row| {
        let (start, end, number) = row?;
        Ok((span(start, end)?, number))
    })
    .collect()
}

/// Returns the holders of the instants of a span, without some entries.
pub(super) fn holders(
    connection: &Connection,
    person: PersonId,
    within: Span,
    except: &[EntryId],
) -> Result<Vec<(Span, Holder)>> {
    let clip = |(span, holder): (Span, Holder)| Some((span.intersect(within)?, holder));
    let claims = held(connection, person, within)?.into_iter();
    let claims = claims.filter(|(held, _)| held.entry.is_none_or(|entry| !except.contains(&entry)));
    let mut holders: Vec<(Span, Holder)> = claims.filter_map(|(held, holder)| clip((held.span, holder))).collect();
    for (entry, batch) in entries::near(connection, person, within)? {
        if except.contains(&entry.id) {
            continue;
        }
        for span in entry.free.clone() {
            holders.extend(clip((span, Holder::Entry(Box::new(entry.clone()), batch))));
        }
    }
    Ok(holders)
}

/// Returns the instants of a span that a new entry gets, if it replaces some entries.
pub(super) fn free(connection: &Connection, person: PersonId, span: Span, except: &[EntryId]) -> Result<Vec<Span>> {
    let holders = holders(connection, person, span, except)?;
    let taken: Taken = holders.into_iter().map(|(span, _)| span).collect();
    Ok(taken.free(span))
}

impl Store {
    /// Returns the instants that live invoices bill and that reach into a span: those of this home, in order, then those of
    /// others.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn held(&self, within: Span) -> Result<Vec<Held>> {
        let held = held(&self.connection, self.person, within)?;
        Ok(held.into_iter().map(|(held, _)| held).collect())
    }

    /// Returns the holders of the instants of a span, without some entries: invoices first, then entries.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn holders(&self, within: Span, except: &[EntryId]) -> Result<Vec<(Span, Holder)>> {
        holders(&self.connection, self.person, within, except)
    }

    /// Returns the captured time that invoices of other homes bill and that reaches into a span, with their numbers.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn elsewhere(&self, within: Span) -> Result<Vec<(Span, String)>> {
        elsewhere(&self.connection, self.person, within)
    }

    /// Returns the entries with clock times that reach into a span.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn entries_near(&self, within: Span) -> Result<Vec<Entry>> {
        let near = entries::near(&self.connection, self.person, within)?;
        Ok(near.into_iter().map(|(entry, _)| entry).collect())
    }
}

/// Returns clock times of a row.
pub(super) fn clock_times(row: &Row<'_>, start: usize, end: usize) -> rusqlite::Result<Option<Span>> {
    let times = row.get::<_, Option<i64>>(start)?.zip(row.get::<_, Option<i64>>(end)?);
    Ok(times.and_then(|(start, end)| Span::new(Instant::from_millis(start), Instant::from_millis(end))))
}

/// The longest distance between an entry's civil day and the UTC day of its start: zones and `day_start` move it by
/// less than two days.
pub(super) const APART: Days = Days::new(2);
/// Entries longer than this have an index of their own.
pub(super) const LONG: Length = Length::from_minutes(24 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    fn at(start: i64, end: i64) -> Span {
        Span::new(Instant::from_millis(start), Instant::from_millis(end)).unwrap()
    }

    #[test]
    fn free_instants_read_back_as_they_were_written() {
        let whole = at(-100, 100);
        for free in [vec![whole], vec![], vec![at(-100, -40), at(-7, 3)], vec![at(5, 6)]] {
            let text = write(Some(whole), &free);
            assert_eq!(text.is_none(), free == [whole]);
            assert_eq!(read(Some(whole), Beside::No, text.as_deref()).unwrap(), free);
        }
        assert_eq!(write(None, &[]), None);
        assert!(read(None, Beside::No, None).unwrap().is_empty());
        assert!(read(Some(whole), Beside::All, None).unwrap().is_empty());
        assert!(read(Some(whole), Beside::No, Some("5")).is_err());
        assert!(read(Some(whole), Beside::No, Some("ü-6")).is_err());
    }
}
