//! Pairs the lines of the text with the written lines.

use std::collections::{HashMap, HashSet, VecDeque};
use std::ops::Range;

use chrono::{Datelike as _, NaiveDate};

use super::{Place, Resolved};
use crate::calendar::Calendar;
use crate::correction::To;
use crate::instant::{Length, Span};
use crate::timesheet::print::short_date;
use crate::timesheet::problem::{Problem, ProblemKind};
use crate::timesheet::text::{DayHeader, Item, Parsed, TimeText};
use crate::timesheet::{Line, LineTime, Sheet};

/// The written lines and the lines of the text, paired.
pub(super) struct Pairing<'a> {
    pub(super) base: Vec<Written<'a>>,
    pub(super) mine: Vec<Mine<'a>>,
    /// The place of each day's header in the text.
    headers: HashMap<NaiveDate, (usize, Range<usize>)>,
    /// The place of the sheet's header.
    top: (usize, Range<usize>),
}

/// A written line.
pub(super) struct Written<'a> {
    pub(super) day: NaiveDate,
    pub(super) line: &'a Line,
    pub(super) shown: TimeText,
    place: Place,
    /// Its match in the user's text.
    pub(super) fate: Fate,
}

/// The match of a written line in the user's text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// No line: deleted, or replaced by other clock times.
    Gone,
    /// The unchanged line.
    Kept,
    /// This line of the text, which has other fields.
    Became(usize),
}

/// A line of the text that can be read.
pub(super) struct Mine<'a> {
    pub(super) source: usize,
    pub(super) range: Range<usize>,
    pub(super) time_range: Range<usize>,
    pub(super) to_range: Range<usize>,
    pub(super) day: NaiveDate,
    pub(super) shown: TimeText,
    pub(super) to: &'a To,
    /// The text in the note's place.
    typed: Option<&'a str>,
    /// Its note: the typed text, unless that is a printed hint.
    pub(super) note: Option<&'a str>,
    pub(super) billable: bool,
    /// The index of the written line that it keeps or changes.
    pub(super) written: Option<usize>,
    pub(super) unchanged: bool,
    /// Its exact clock times, once they are resolved.
    pub(super) span: Option<Span>,
    /// Its exact length, once it is resolved.
    pub(super) length: Option<Length>,
}

impl Mine<'_> {
    pub(super) fn place(&self) -> (usize, Range<usize>) {
        (self.source, self.range.clone())
    }

    pub(super) fn is_entry(&self) -> bool {
        matches!(self.shown, TimeText::Entry(_) | TimeText::EntryAt(..))
    }
}

impl<'a> Pairing<'a> {
    /// Reads the days of the text, and pairs its lines with the written ones.
    pub(super) fn of(base: &'a Sheet, mine: &'a Parsed, problems: &mut Vec<Problem>) -> Self {
        let top = mine
            .header()
            .map_or((0, 0..0), |(line, header)| (line, header.week.range.clone()));
        let mut pairing = Self {
            base: written(base),
            mine: Vec::new(),
            headers: HashMap::new(),
            top,
        };
        pairing.read(base, mine, problems);
        pairing.pair();
        let hints = pairing.base.iter().filter(|written| written.line.note.is_none());
        let hints: HashSet<&str> = hints.filter_map(|written| written.line.hint.as_deref()).collect();
        for mine in &mut pairing.mine {
            mine.note = match mine
                .written
                .filter(|_| mine.unchanged)
                .and_then(|written| pairing.base.get(written))
            {
                Some(written) => written.line.note.as_deref(),
                None => mine.typed.filter(|typed| !hints.contains(typed)),
            };
        }
        pairing
    }

    /// Returns the place for problems of a day.
    pub(super) fn day_place(&self, day: NaiveDate) -> (usize, Range<usize>) {
        self.headers.get(&day).unwrap_or(&self.top).clone()
    }

    /// Returns the changed lines of captured time with clock times, each with its span and index.
    pub(super) fn edited(&self) -> impl Iterator<Item = (Span, usize, &Mine<'a>)> {
        let lines = self.mine.iter().enumerate();
        let edited = lines.filter(|(_, mine)| !mine.unchanged && matches!(mine.shown, TimeText::Clock(..)));
        edited.filter_map(|(index, mine)| Some((mine.span?, index, mine)))
    }

    /// Returns the lines whose time is clear.
    pub(super) fn resolved(&self) -> Vec<Resolved> {
        let resolved = |mine: &Mine<'_>| {
            Some(Resolved {
                line: mine.source,
                day: mine.day,
                written: mine
                    .written
                    .and_then(|written| self.base.get(written))
                    .map(|written| written.place),
                unchanged: mine.unchanged,
                span: mine.span,
                length: mine.length?,
            })
        };
        self.mine.iter().filter_map(resolved).collect()
    }

    fn read(&mut self, base: &'a Sheet, parsed: &'a Parsed, problems: &mut Vec<Problem>) {
        let mut day = None;
        let mut under_day = false;
        for (source, line) in parsed.lines.iter().enumerate() {
            let time = match &line.item {
                Item::Day(header) => {
                    under_day = true;
                    day = day_of(base, header, (source, line.range.clone()), problems);
                    if let Some(day) = day {
                        self.headers.entry(day).or_insert((source, line.range.clone()));
                    }
                    continue;
                }
                Item::Time(time) => time,
                _ => continue,
            };
            if !under_day {
                let message = "this line belongs to no day";
                let hint = "write a day above it, such as Mon 16 Nov";
                problems.push(Problem::error(
                    ProblemKind::Day,
                    (source, line.range.clone()),
                    message,
                    hint,
                ));
            }
            let (Some(day), Some(shown), Some(to)) = (day, &time.time, &time.to) else {
                continue;
            };
            self.mine.push(Mine {
                source,
                range: line.range.clone(),
                time_range: shown.range.clone(),
                to_range: to.range.clone(),
                day,
                shown: shown.value,
                to: &to.value,
                typed: time.note.as_ref().map(|note| note.value.as_str()),
                note: None,
                billable: time.mark.is_none(),
                written: None,
                unchanged: false,
                span: None,
                length: None,
            });
        }
    }

    /// Pairs lines that are alike, first by all of their fields, then by fewer.
    fn pair(&mut self) {
        let any = |_: &TimeText| true;
        let entry = |time: &TimeText| matches!(time, TimeText::Entry(_) | TimeText::EntryAt(..));
        let short = |time: &TimeText| matches!(time, TimeText::Short(_));
        self.pair_by(any, |day, time, to, note, billable| {
            (Some(day), Some(time), Some(to), Some(note), Some(billable))
        });
        for mine in &mut self.mine {
            mine.unchanged = mine.written.is_some();
        }
        for written in &mut self.base {
            if written.fate != Fate::Gone {
                written.fate = Fate::Kept;
            }
        }
        self.pair_by(short, |day, time, to, _, _| {
            (Some(day), Some(time), Some(to), None, None)
        });
        self.pair_by(short, |day, time, _, _, _| (Some(day), Some(time), None, None, None));
        self.pair_by(short, |day, _, to, _, _| (Some(day), None, Some(to), None, None));
        self.pair_by(entry, |day, time, to, note, _| {
            (Some(day), Some(time), Some(to), Some(note), None)
        });
        self.pair_by(entry, |day, time, to, _, _| {
            (Some(day), Some(time), Some(to), None, None)
        });
        self.pair_by(entry, |day, time, _, _, _| (Some(day), Some(time), None, None, None));
        self.pair_by(entry, |day, _, to, note, _| {
            (Some(day), None, Some(to), Some(note), None)
        });
        self.pair_by(entry, |_, time, to, note, _| {
            (None, Some(time), Some(to), Some(note), None)
        });
    }

    /// Pairs the remaining lines by some of their fields, in order. Billed lines come first, so that of two equal lines
    /// the unbilled one counts as deleted.
    fn pair_by(
        &mut self,
        which: impl Fn(&TimeText) -> bool,
        key: impl Fn(NaiveDate, TimeText, &'a To, Option<&'a str>, bool) -> Key<'a>,
    ) {
        let mut left: HashMap<Key<'a>, VecDeque<usize>> = HashMap::new();
        for billed in [true, false] {
            for (index, written) in self.base.iter().enumerate() {
                let line = written.line;
                if written.fate == Fate::Gone && which(&written.shown) && line.billed.is_some() == billed {
                    let key = key(written.day, written.shown, &line.to, line.shown_note(), line.billable);
                    left.entry(key).or_default().push_back(index);
                }
            }
        }
        if left.is_empty() {
            return;
        }
        for (index, mine) in self.mine.iter_mut().enumerate() {
            if mine.written.is_some() || !which(&mine.shown) {
                continue;
            }
            let key = key(mine.day, mine.shown, mine.to, mine.typed, mine.billable);
            mine.written = left.get_mut(&key).and_then(VecDeque::pop_front);
            if let Some(written) = mine.written.and_then(|written| self.base.get_mut(written)) {
                written.fate = Fate::Became(index);
            }
        }
    }
}

/// The fields by which lines are paired; `None` for a field that does not matter.
type Key<'a> = (
    Option<NaiveDate>,
    Option<TimeText>,
    Option<&'a To>,
    Option<Option<&'a str>>,
    Option<bool>,
);

fn written(base: &Sheet) -> Vec<Written<'_>> {
    let mut lines = Vec::new();
    for (day_place, day) in base.days.iter().enumerate() {
        for (line_place, line) in day.lines.iter().enumerate() {
            lines.push(Written {
                day: day.date,
                line,
                shown: TimeText::of(&line.time, &base.calendar, day.date),
                place: Place {
                    day: day_place,
                    line: line_place,
                },
                fate: Fate::Gone,
            });
        }
    }
    lines
}

impl Written<'_> {
    /// Returns the exact spans of captured time.
    pub(super) fn spans(&self) -> &[Span] {
        spans(self.line)
    }
}

/// Returns the exact spans of a line's captured time.
pub(super) fn spans(line: &Line) -> &[Span] {
    match &line.time {
        LineTime::Clock(span) => std::slice::from_ref(span),
        LineTime::Short(spans) => spans,
        LineTime::Entry { .. } => &[],
    }
}

/// Finds the day of a header in the sheet's week.
fn day_of(
    base: &Sheet,
    header: &DayHeader,
    place: (usize, Range<usize>),
    problems: &mut Vec<Problem>,
) -> Option<NaiveDate> {
    // A header that cannot be read has its problem already.
    let weekday = header.weekday.as_ref()?;
    let days = week(base.week.monday(), &base.calendar);
    let found = match &header.date {
        Some(date) => days.clone().find(|day| (day.day(), day.month()) == date.value),
        None => days.clone().find(|day| day.weekday() == weekday.value),
    };
    let (first, last) = (days.clone().next()?, days.last()?);
    let mut error = |message: String, hint| {
        problems.push(Problem::error(ProblemKind::Day, place.clone(), message, hint));
        None
    };
    match found {
        None => error(
            format!("this day is not in {}", base.week),
            format!("this sheet goes from {} to {}", short_date(first), short_date(last)),
        ),
        Some(day) if day.weekday() != weekday.value => error(
            format!("{} is a {}", day.format("%-d %b"), day.format("%A")),
            format!("write {}", short_date(day)),
        ),
        found => found,
    }
}

fn week(monday: NaiveDate, calendar: &Calendar) -> impl Iterator<Item = NaiveDate> + Clone {
    let (first, last) = calendar.week_of(monday);
    first.iter_days().take_while(move |day| *day <= last)
}
