//! From the minutes of the text to exact instants.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::pair::{Mine, Pairing, Written};
use crate::calendar::Calendar;
use crate::clock::{Clock, ClockError};
use crate::instant::{Instant, Length, Span};
use crate::timesheet::LineTime;
use crate::timesheet::print::short_date;
use crate::timesheet::problem::{Problem, ProblemKind};
use crate::timesheet::text::TimeText;

/// Resolves every line. An unchanged line keeps its exact time. A bound takes the exact instant of a written bound that
/// shows the same minute; otherwise it is the start of its minute.
pub(super) fn resolve(pairing: &mut Pairing<'_>, calendar: &Calendar, problems: &mut Vec<Problem>) {
    let bounds = Bounds::of(&pairing.base, calendar);
    for mine in &mut pairing.mine {
        let written = mine.written.and_then(|written| pairing.base.get(written));
        let exact = match written.filter(|written| mine.unchanged || written.shown == mine.shown) {
            Some(written) => Ok(kept(written)),
            None => changed(mine, written, &bounds, calendar),
        };
        match exact {
            Ok((span, length)) => (mine.span, mine.length) = (span, Some(length)),
            Err((kind, message, hint)) => {
                let place = (mine.source, mine.time_range.clone());
                problems.push(Problem::error(kind, place, message, hint));
            }
        }
    }
}

type Exact = (Option<Span>, Length);
type Wrong = (ProblemKind, String, String);

fn kept(written: &Written<'_>) -> Exact {
    match &written.line.time {
        LineTime::Clock(span) => (Some(*span), span.length()),
        LineTime::Short(_) => (None, written.line.time.length()),
        LineTime::Entry { span, length, .. } => (*span, *length),
    }
}

fn changed(
    mine: &Mine<'_>,
    written: Option<&Written<'_>>,
    bounds: &Bounds,
    calendar: &Calendar,
) -> Result<Exact, Wrong> {
    let span = |start, end| bounds.span(calendar, mine.day, start, end);
    match mine.shown {
        TimeText::Clock(start, end) => span(start, end).map(|span| (Some(span), span.length())),
        TimeText::Short(_) => {
            let (message, hint) = match written {
                Some(written) => (
                    format!("folded visits are {} long, and that cannot be changed", written.shown),
                    "delete the line, or write one with clock times",
                ),
                None => (
                    "folded visits cannot be added".to_owned(),
                    "write a line with clock times, or +0:45 for time without",
                ),
            };
            Err((ProblemKind::Folded, message, hint.to_owned()))
        }
        TimeText::Entry(length) | TimeText::EntryAt(_, _, Some(length)) if length.is_zero() => {
            let message = "there is no time in this entry".to_owned();
            Err((ProblemKind::Entry, message, "write it as +0:45".to_owned()))
        }
        TimeText::Entry(length) => Ok((None, length)),
        TimeText::EntryAt(start, end, length) => {
            let new = span(start, end)?;
            // A bound that shows the same minute as before stays the same.
            let span = match written.map(|written| (written.shown, &written.line.time)) {
                Some((TimeText::EntryAt(old_start, old_end, _), LineTime::Entry { span: Some(old), .. })) => {
                    let start = if old_start == start { old.start() } else { new.start() };
                    let end = if old_end == end { old.end() } else { new.end() };
                    Span::new(start, end).unwrap_or(new)
                }
                _ => new,
            };
            Ok((Some(span), length.unwrap_or(span.length())))
        }
    }
}

/// The exact bounds that the written lines show.
struct Bounds {
    /// The exact bounds by minute: start and end of captured time, start and end of entries.
    shown: HashMap<(NaiveDate, Clock), [Option<Instant>; 4]>,
}

const START: usize = 0;
const END: usize = 1;
const ENTRY_START: usize = 2;
const ENTRY_END: usize = 3;

impl Bounds {
    fn of(base: &[Written<'_>], calendar: &Calendar) -> Self {
        let mut shown: HashMap<_, [Option<Instant>; 4]> = HashMap::new();
        for written in base {
            let (span, start, end) = match &written.line.time {
                LineTime::Clock(span) => (*span, START, END),
                LineTime::Entry { span: Some(span), .. } => (*span, ENTRY_START, ENTRY_END),
                LineTime::Short(_) | LineTime::Entry { span: None, .. } => continue,
            };
            for (at, which) in [(span.start(), start), (span.end(), end)] {
                let clock = Clock::of(calendar, written.day, at);
                let bounds = shown.entry((written.day, clock)).or_default();
                if let Some(bound) = bounds.get_mut(which) {
                    bound.get_or_insert(at);
                }
            }
        }
        Self { shown }
    }

    fn span(&self, calendar: &Calendar, day: NaiveDate, start: Clock, end: Clock) -> Result<Span, Wrong> {
        let from = self.bound(calendar, day, start, [START, END, ENTRY_END, ENTRY_START])?;
        let to = self.bound(calendar, day, end, [END, START, ENTRY_START, ENTRY_END])?;
        let whole = calendar.day(day);
        let outside = |clock| outside(calendar, day, clock);
        if from < whole.start() || from >= whole.end() {
            return Err(outside(start));
        }
        let span = Span::new(from, to).ok_or_else(|| {
            let hint = past_midnight(calendar, day, end).unwrap_or_else(|| {
                let last = Clock::of(calendar, day, whole.end());
                format!("a line ends after it begins; what is after {last} stands under the next day")
            });
            (ProblemKind::Time, format!("{end} is not after {start}"), hint)
        })?;
        if to > whole.end() { Err(outside(end)) } else { Ok(span) }
    }

    /// Returns the instant of a bound: the first in `order` that is shown at its minute, or else the minute itself.
    fn bound(&self, calendar: &Calendar, day: NaiveDate, clock: Clock, order: [usize; 4]) -> Result<Instant, Wrong> {
        let shown = self.shown.get(&(day, clock));
        let shown = shown.and_then(|bounds| order.iter().find_map(|which| *bounds.get(*which)?));
        if let Some(at) = shown {
            return Ok(at);
        }
        clock.instant(calendar, day).map_err(|error| match error {
            ClockError::Missing(after) => (
                ProblemKind::Time,
                format!("{clock} does not exist on {}: the clock jumps over it", short_date(day)),
                format!("write {after}, the first time after it"),
            ),
            ClockError::Once => (
                ProblemKind::Time,
                format!("{clock} does not come twice on {}", short_date(day)),
                "write it without the b, which marks the second pass of a doubled hour".to_owned(),
            ),
        })
    }
}

fn outside(calendar: &Calendar, day: NaiveDate, clock: Clock) -> Wrong {
    let whole = calendar.day(day);
    let (start, end) = (
        Clock::of(calendar, day, whole.start()),
        Clock::of(calendar, day, whole.end()),
    );
    let hint = past_midnight(calendar, day, clock);
    (
        ProblemKind::Time,
        format!(
            "{clock} is not on {}, which goes from {start} to {end}",
            short_date(day)
        ),
        hint.unwrap_or_else(|| "write it under its own day, split where the day ends".to_owned()),
    )
}

/// Returns a hint at the same time after midnight, if that is still on the day.
fn past_midnight(calendar: &Calendar, day: NaiveDate, clock: Clock) -> Option<String> {
    let clock = clock.next_day();
    let at = clock.instant(calendar, day).ok()?;
    (at <= calendar.day(day).end()).then(|| format!("times past midnight count on: write {clock}"))
}
