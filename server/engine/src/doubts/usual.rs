//! Usual breaks: gaps at the time of day at which the person had breaks before.
//!
//! A sheet shows them in one line. Applying a text that still names a gap there takes it as a break, as an answer to its
//! question would. A gap that a saved text leaves out of the line is a question from then on.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use anyhow::Result;
use chrono::NaiveDate;
use keeptab_core::activity::{Actor, Strength};
use keeptab_core::clock::Clock;
use keeptab_core::correction::{Change, Correction};
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::timesheet::{self, Edit};
use keeptab_store::StoredSign;

use super::{About, Doubt};
use crate::Engine;

/// Breaks are compared within the four weeks that end with the sheet's.
const REMEMBERED: Length = Length::from_minutes(28 * 24 * 60);
/// The days with such a break that make a gap usual.
const OFTEN: usize = 3;
/// The bounds of such breaks, at either end.
const NEAR: Length = Length::from_minutes(30);

/// A gap at the time of day of earlier breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usual {
    /// The gap as the line names it: `Mon 12:10-13:00`.
    pub when: String,
    /// The question that it would be.
    pub doubt: Doubt,
}

/// A stretch by the clock of its day.
struct Times {
    day: NaiveDate,
    from: Length,
    to: Length,
}

impl Engine {
    /// Takes the usual breaks out of the doubts about a week.
    pub(super) fn usual(&self, found: &mut Vec<(Span, About)>, week: Span, now: Instant) -> Result<Vec<Usual>> {
        // An entry may lie ahead: the time before it is no gap yet.
        let may_be = |(gap, about): &(Span, About)| *about == About::Away && gap.end() <= now;
        if !self.config.folds_usual || !found.iter().any(may_be) {
            return Ok(Vec::new());
        }
        let (breaks, opened) = (self.breaks(week)?, self.opened(week)?);
        let mut usual = Vec::new();
        found.retain(|(gap, about)| {
            let when = self.when(*gap).1;
            let folds = may_be(&(*gap, about.clone())) && !opened.contains(&when) && self.is_usual(*gap, &breaks);
            if folds {
                let doubt = self.doubt(*gap, about.clone());
                usual.push(Usual { when, doubt });
            }
            !folds
        });
        Ok(usual)
    }

    /// Returns the gaps of a week that the person took out of the line, and has not put back since.
    fn opened(&self, week: Span) -> Result<BTreeSet<String>> {
        let named = |text: &str| -> BTreeSet<String> { text.lines().filter_map(timesheet::usual).flatten().collect() };
        let mut opened = BTreeSet::new();
        for (written, applied) in self.store.applied_sheets(self.week_at(week.start()))? {
            let kept = named(&applied);
            opened.extend(named(&written));
            opened.retain(|when| !kept.contains(when));
        }
        Ok(opened)
    }

    fn is_usual(&self, gap: Span, breaks: &[Times]) -> bool {
        let gap = self.times(gap);
        let near = |a: Length, b: Length| a.max(b) - a.min(b) <= NEAR;
        let alike = |at: &&Times| at.day != gap.day && near(at.from, gap.from) && near(at.to, gap.to);
        let days: BTreeSet<NaiveDate> = breaks.iter().filter(alike).map(|at| at.day).collect();
        days.len() >= OFTEN
    }

    /// Returns the gaps that the person answered as breaks in the four weeks that end with a week.
    fn breaks(&self, week: Span) -> Result<Vec<Times>> {
        let Some(weeks) = Span::new(week.end() - REMEMBERED, week.end()) else {
            return Ok(Vec::new());
        };
        let corrections = self.store.corrections(weeks)?;
        let mut breaks = Vec::new();
        for (place, Correction { span, change, .. }) in corrections.iter().enumerate() {
            let counts_again = |later: &Correction| {
                matches!(later.change, Change::Fill { .. }) && later.span.intersect(*span).is_some()
            };
            let is_break = *change == Change::Erase && self.is_away(*span) && !self.is_worked(*span)?;
            if is_break && !corrections.iter().skip(place).any(counts_again) {
                breaks.push(self.times(*span));
            }
        }
        Ok(breaks)
    }

    /// Returns true if the person worked within a stretch: what was erased is no gap, but a line.
    fn is_worked(&self, span: Span) -> Result<bool> {
        let mut worked = false;
        self.store.events_until(span, |event| {
            let strong = |kind: keeptab_core::activity::Kind| kind.strength() == Strength::Strong;
            worked = event.at > span.start()
                && matches!(event.sign, StoredSign::Heartbeat(kind, Actor::Human, _) if strong(kind));
            if worked {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })?;
        Ok(worked)
    }

    fn times(&self, span: Span) -> Times {
        let calendar = &self.config.calendar;
        let day = calendar.day_of(span.start());
        let clock = |at| Clock::of(calendar, day, at).length();
        Times {
            day,
            from: clock(span.start()),
            to: clock(span.end()),
        }
    }
}

/// Returns the edits that take usual breaks as breaks: those that a text names and does not fill otherwise.
pub(crate) fn answered(usual: &[Usual], named: &[String], edits: &[Edit]) -> Vec<Edit> {
    let touched = |gap: Span| {
        edits.iter().any(|edit| match edit {
            Edit::Correct(span, _) => span.intersect(gap).is_some(),
            Edit::Add(entry) | Edit::Replace { with: entry, .. } => {
                entry.span.is_some_and(|span| span.intersect(gap).is_some())
            }
            Edit::Void(_) => false,
        })
    };
    let named = usual.iter().filter(|usual| named.contains(&usual.when));
    let gaps = named.map(|usual| usual.doubt.span).filter(|gap| !touched(*gap));
    gaps.map(|gap| Edit::Correct(gap, Change::Erase)).collect()
}
