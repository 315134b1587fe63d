//! The demo's week, made of stretches of work that were recorded from a real editor.

use anyhow::{Context as _, Result};
use chrono::{Days, NaiveTime, TimeZone as _};
use keeptab_core::calendar::{Calendar, Week};
use keeptab_core::instant::{Instant, Length};
use serde_json::Value;

const PAGINATION: &str = include_str!("../../../../../tests/traces/acme-api-pagination.jsonl");
const TESTS: &str = include_str!("../../../../../tests/traces/acme-api-tests.jsonl");
const CHARTS: &str = include_str!("../../../../../tests/traces/acme-dashboard-charts.jsonl");
const CHECKOUT: &str = include_str!("../../../../../tests/traces/northwind-shop-checkout.jsonl");
const BUGFIX: &str = include_str!("../../../../../tests/traces/northwind-shop-bugfix.jsonl");
const SCRATCH: &str = include_str!("../../../../../tests/traces/scratch.jsonl");

/// Day of the week, first and last clock time, and the recording that is played in between.
const PLAN: [(u64, &str, &str, &str); 18] = [
    (0, "09:02", "10:47", PAGINATION),
    (0, "10:47", "12:10", CHARTS),
    (0, "13:00", "14:30", TESTS),
    (0, "14:30", "17:05", CHECKOUT),
    (1, "08:55", "12:20", CHECKOUT),
    (1, "13:10", "15:40", PAGINATION),
    (1, "15:40", "16:10", SCRATCH),
    (1, "16:10", "17:30", CHARTS),
    (2, "09:15", "11:50", BUGFIX),
    (2, "12:40", "17:20", CHARTS),
    (3, "09:00", "12:05", TESTS),
    (3, "13:00", "14:10", SCRATCH),
    (3, "14:10", "16:45", CHECKOUT),
    (4, "09:10", "11:05", CHARTS),
    (4, "11:05", "12:00", PAGINATION),
    (4, "12:45", "15:10", PAGINATION),
    (4, "15:10", "15:55", BUGFIX),
    (4, "15:55", "16:20", TESTS),
];

/// Pauses between two recordings, in seconds: thinking, reading, a coffee.
const PAUSES: [i64; 6] = [40, 190, 85, 420, 25, 260];

/// Returns the week's events in order, numbered from 1, as `keeptab/activity` takes them.
pub(super) fn events(calendar: &Calendar, week: Week) -> Result<Vec<Value>> {
    let mut events = Vec::new();
    let mut pauses = PAUSES.iter().cycle();
    for (day, from, to, recording) in PLAN {
        let recording = parse(recording)?;
        let length = recording
            .last()
            .and_then(|event| event["at"].as_i64())
            .unwrap_or_default();
        let mut start = at(calendar, week, day, from)?;
        let end = at(calendar, week, day, to)?;
        while start + Length::from_millis(length) <= end {
            for event in &recording {
                let mut event = event.clone();
                let offset = event["at"].as_i64().unwrap_or_default();
                event["at"] = (start + Length::from_millis(offset)).millis().into();
                event["seq"] = (events.len() + 1).into();
                events.push(event);
            }
            let pause = pauses.next().copied().unwrap_or_default();
            start = start + Length::from_millis(length) + Length::from_secs(pause);
        }
    }
    Ok(events)
}

fn parse(recording: &str) -> Result<Vec<Value>> {
    let lines = recording.lines().filter(|line| !line.trim().is_empty());
    lines
        .map(|line| serde_json::from_str(line).context("a recorded line is not JSON"))
        .collect()
}

fn at(calendar: &Calendar, week: Week, day: u64, clock: &str) -> Result<Instant> {
    let time = NaiveTime::parse_from_str(clock, "%H:%M")?;
    let local = (week.monday() + Days::new(day)).and_time(time);
    let at = calendar.zone.from_local_datetime(&local).earliest();
    Ok(at.context("the clock skips this time")?.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_week_is_in_order_and_numbered() {
        let events = events(&Calendar::new(chrono_tz::Europe::Berlin), "2026-W47".parse().unwrap()).unwrap();
        assert!(events.len() > 1000, "{} events", events.len());
        for pair in events.windows(2) {
            assert!(pair[0]["at"].as_i64() <= pair[1]["at"].as_i64());
            assert_eq!(pair[0]["seq"].as_u64().unwrap() + 1, pair[1]["seq"].as_u64().unwrap());
        }
    }
}
