//! The time of each day, for the months and the weekdays.

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::NaiveDate;
use keeptab_core::calendar::Range;
use keeptab_core::instant::{Instant, Length};
use keeptab_core::timeline::Tag;
use schemars::JsonSchema;
use serde::Serialize;

use super::names::Names;
use super::totals::weeks_before;
use crate::Engine;
use crate::reporting::By;

/// The least weeks, this one included.
const LEAST: u32 = 53;
/// The most weeks, about ten years: an import may have an entry of 1970.
const MOST: u32 = 522;

/// Seconds of each day, without private time.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct Daily {
    /// A Monday.
    first: NaiveDate,
    /// From the first day to today.
    seconds: Vec<i64>,
    /// The parts of the projects: the place of one, and for each of its days the place and the seconds, one after the other.
    projects: Vec<(usize, Vec<i64>)>,
}

impl Engine {
    /// Returns the seconds of each day up to today.
    pub(super) fn daily(&mut self, names: &mut Names, now: Instant) -> Result<Daily> {
        let calendar = self.config.calendar;
        let today = calendar.day_of(now);
        let ledger = self.ledger(Range::All.span(&calendar, now), None, now)?;
        let mut lengths = BTreeMap::<NaiveDate, Length>::new();
        let mut add = |day: NaiveDate, length| *lengths.entry(day).or_default() += length;
        let open = ledger.open.iter();
        let open = open.filter(|stretch| stretch.tag.tag != Tag::Private);
        let spans = open.map(|stretch| stretch.span);
        for span in spans.chain(ledger.claims.iter().map(|claim| claim.span)) {
            for (day, piece) in calendar.split(span) {
                add(day, piece.length());
            }
        }
        for entered in ledger.entered() {
            add(entered.entry.day, entered.counted.length);
        }
        let monday = calendar.week_of(today).0;
        let earliest = lengths.keys().next().map_or(monday, |day| calendar.week_of(*day).0);
        let first = earliest.clamp(weeks_before(monday, MOST - 1), weeks_before(monday, LEAST - 1));
        let place = |day: NaiveDate| Some((day - first).num_days()).filter(|place| *place >= 0);
        let mut projects = BTreeMap::<usize, BTreeMap<i64, i64>>::new();
        for row in self.tallied(&ledger, By::Day)?.rows {
            let day = row.day.as_deref().and_then(|day| day.parse().ok());
            let place = day.filter(|day| *day <= today).and_then(place);
            if let Some((project, place)) = row.project.as_ref().zip(place) {
                let days = projects.entry(names.project(project)).or_default();
                *days.entry(place).or_default() += row.seconds;
            }
        }
        let days = first.iter_days().take_while(|day| *day <= today);
        let seconds = days.map(|day| lengths.get(&day).copied().unwrap_or_default().whole_seconds());
        Ok(Daily {
            first,
            seconds: seconds.collect(),
            projects: projects
                .into_iter()
                .map(|(project, days)| {
                    (
                        project,
                        days.into_iter().flat_map(|(day, seconds)| [day, seconds]).collect(),
                    )
                })
                .collect(),
        })
    }
}
