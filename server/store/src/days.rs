//! UTC days: their revisions and cached results.

use anyhow::Result;
use keeptab_core::activity::Actor;
use keeptab_core::instant::{Instant, Length, Span};
use rusqlite::{OptionalExtension as _, Row, Transaction};

use super::Store;
use super::events::WEAK_KIND;

/// A UTC day: days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UtcDay(pub(super) i64);

const LENGTH: i64 = 86_400_000;

impl UtcDay {
    /// Returns the day of an instant.
    #[must_use]
    pub fn of(at: Instant) -> Self {
        Self(at.millis().div_euclid(LENGTH))
    }

    /// Returns the day before.
    #[must_use]
    pub fn before(self) -> Self {
        Self(self.0 - 1)
    }

    /// Returns the day after.
    #[must_use]
    pub fn after(self) -> Self {
        Self(self.0 + 1)
    }

    /// Returns its span.
    #[must_use]
    pub fn span(self) -> Span {
        let start = Instant::from_millis(self.0.saturating_mul(LENGTH));
        Span::new(start, start + Length::from_millis(LENGTH)).unwrap_or(Span::ALL)
    }
}

/// A computed day as the cache stores it.
#[derive(Clone, Debug)]
pub struct CachedDay {
    /// The day.
    pub day: UtcDay,
    /// The revision of the day and its neighbours when it was computed.
    pub revision: i64,
    /// The hash of the config it was computed with.
    pub config: i64,
    /// The encoded result.
    pub bytes: Vec<u8>,
}

impl Store {
    /// Returns the days with events from the first to the last. Each comes with the summed revision of itself and its
    /// two neighbours, and with its cached result, if any.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn days(&self, first: UtcDay, last: UtcDay) -> Result<Vec<(UtcDay, i64, Option<CachedDay>)>> {
        let sql = "SELECT day.day,
                       (SELECT sum(near.revision) FROM day AS near WHERE near.day BETWEEN day.day - 1 AND day.day + 1),
                       day_cache.revision, day_cache.config, day_cache.stretches
                   FROM day LEFT JOIN day_cache ON day_cache.day = day.day
                   WHERE day.day BETWEEN ?1 AND ?2 ORDER BY day.day";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((first.0, last.0))?;
        let mut days = Vec::new();
        while let Some(row) = rows.next()? {
            let day = UtcDay(row.get(0)?);
            let cached = match row.get::<_, Option<i64>>(2)? {
                Some(revision) => Some(CachedDay {
                    day,
                    revision,
                    config: row.get(3)?,
                    bytes: row.get(4)?,
                }),
                None => None,
            };
            days.push((day, row.get(1)?, cached));
        }
        Ok(days)
    }

    /// Stores the results of some days. It is only a cache: another host's write takes precedence.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn cache_days(&mut self, days: &[CachedDay]) -> Result<()> {
        let transaction = super::immediate(&mut self.connection)?;
        {
            let sql = "INSERT OR REPLACE INTO day_cache (day, revision, config, stretches) VALUES (?1, ?2, ?3, ?4)";
            let mut insert = transaction.prepare_cached(sql)?;
            for day in days {
                insert.execute((day.day.0, day.revision, day.config, &day.bytes))?;
            }
        }
        transaction.commit()?;
        Ok(())
    }

    /// Returns the sum of the revisions of some days, the day before and the day after.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn revision_of(&self, first: UtcDay, last: UtcDay) -> Result<i64> {
        let sql = "SELECT coalesce(sum(revision), 0) FROM day WHERE day BETWEEN ?1 - 1 AND ?2 + 1";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row((first.0, last.0), |row| row.get(0))?)
    }

    /// Returns true if there is an event after an instant, up to another.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn any_event(&self, after: Instant, until: Instant) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM event WHERE at > ?1 AND at <= ?2)";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row((after.millis(), until.millis()), |row| row.get(0))?)
    }

    /// Returns the sum of the revisions of the day before and of the past, and the number of events from the day on.
    /// Removing events raises the revision of the past.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn events_from(&self, day: UtcDay) -> Result<(i64, usize)> {
        let sql = "SELECT coalesce((SELECT revision FROM day WHERE day = ?1 - 1), 0)
                           + coalesce((SELECT CAST(value AS INTEGER) FROM setting WHERE key = 'past'), 0),
                       coalesce((SELECT sum(events) FROM day WHERE day >= ?1), 0)";
        let row = |row: &Row<'_>| Ok((row.get(0)?, row.get::<_, i64>(1)?));
        let (before, count) = self.connection.prepare_cached(sql)?.query_row([day.0], row)?;
        Ok((before, usize::try_from(count)?))
    }

    /// Returns the last strong heartbeat of an actor before an instant.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn strong_before(&self, at: Instant, actor: Actor) -> Result<Option<Instant>> {
        let sql = "SELECT at FROM event WHERE at < ?1 AND sign < 32 AND sign % 2 = ?2 AND sign / 2 <> ?3
                   ORDER BY at DESC LIMIT 1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let agent = i64::from(actor == Actor::Agent);
        let found: Option<i64> = statement
            .query_row((at.millis(), agent, WEAK_KIND), |row| row.get(0))
            .optional()?;
        Ok(found.map(Instant::from_millis))
    }
}

/// The events that came to a day.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Came {
    /// The number of them.
    pub(super) events: usize,
    /// The sum of their hashes.
    pub(super) sum: i64,
}

/// Raises the revisions of days in the transaction that touches them, and counts and sums the events that came to each.
pub(super) fn touch(transaction: &Transaction<'_>, days: impl IntoIterator<Item = (UtcDay, Came)>) -> Result<()> {
    let sql = "INSERT INTO day (day, revision, events, sum) VALUES (?1, 1, ?2, ?3)
               ON CONFLICT DO UPDATE SET revision = revision + 1, events = events + excluded.events,
                   sum = sum + excluded.sum";
    let mut statement = transaction.prepare_cached(sql)?;
    for (day, came) in days {
        statement.execute((day.0, i64::try_from(came.events)?, came.sum))?;
    }
    Ok(())
}
