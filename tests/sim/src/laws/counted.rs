//! No instant counts twice: all counted time fits into the instants at which somebody can have worked.

use keeptab_core::instant::{Instant, Length, Span, united};
use rusqlite::Connection;

use super::{each, said};
use crate::world::World;

/// The longest gap that counts, in milliseconds, by the config.
const IDLE: i64 = 15 * 60 * 1000;
/// Each row of a report is cut to the second.
const TOLERANCE: i64 = 2;

impl World {
    /// Compares the total of all time with a bound that is computed without the engine: the union of gaps between strong
    /// heartbeats, of fills, entries and claims, and the time of entries that need no instants of their own.
    pub(super) fn no_instant_counts_twice(&mut self, connection: &Connection) -> Result<(), String> {
        let Some(host) = (0..crate::plan::HOSTS).find(|host| self.hosts[usize::from(*host)].is_some()) else {
            return Ok(());
        };
        let report = self.report(host).map_err(said)?;
        let counted = ["totalSeconds", "privateSeconds"]
            .iter()
            .filter_map(|key| report[key].as_i64())
            .sum::<i64>();
        let bound = bound(connection)?;
        if counted > bound + TOLERANCE {
            return Err(format!(
                "{counted} s are counted, and only {bound} s can have been worked"
            ));
        }
        Ok(())
    }
}

/// Returns the most seconds that may count.
fn bound(connection: &Connection) -> Result<i64, String> {
    let mut spans = Vec::new();
    let mut add = |start: i64, end: i64| {
        spans.extend(Span::new(Instant::from_millis(start), Instant::from_millis(end)));
    };
    // Strong heartbeats of a person: even signs below the boundaries, except for focus.
    let mut last: Option<i64> = None;
    each(
        connection,
        "SELECT at FROM event WHERE sign < 32 AND sign % 2 = 0 AND sign <> 6 ORDER BY at",
        |row| {
            let at: i64 = row.get(0)?;
            if let Some(last) = last.filter(|last| at - last <= IDLE) {
                add(last, at);
            }
            last = Some(at);
            Ok(())
        },
    )?;
    let spans_of = [
        "SELECT start_at, end_at FROM correction JOIN apply ON apply.id = apply
         WHERE undone_at IS NULL AND change LIKE '%ill%'",
        "SELECT start_at, end_at FROM standing WHERE start_at IS NOT NULL AND beside = 0 AND rows IS NULL",
        "SELECT start_at, end_at FROM claim_span WHERE live = 1",
    ];
    for sql in spans_of {
        each(connection, sql, |row| {
            add(row.get(0)?, row.get(1)?);
            Ok(())
        })?;
    }
    let mut extra = 0;
    let sql = "SELECT sum(CASE WHEN start_at IS NULL OR beside <> 0 OR rows IS NOT NULL THEN length
                   ELSE max(0, length - (end_at - start_at)) END) FROM standing";
    each(connection, sql, |row| {
        extra = row.get::<_, Option<i64>>(0)?.unwrap_or_default();
        Ok(())
    })?;
    let union: Length = united(spans).into_iter().map(Span::length).sum();
    Ok((union + Length::from_millis(extra)).whole_seconds())
}
