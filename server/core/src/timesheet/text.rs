//! A sheet as the user wrote it: every line, each field with its place.

use std::fmt;
use std::ops::Range;

use chrono::{NaiveDate, Weekday};

use super::problem::Problem;
use super::{LineTime, Stamp};
use crate::calendar::{Calendar, Week};
use crate::clock::Clock;
use crate::correction::To;
use crate::instant::Length;

/// A parsed text. Holds all of its lines, even those with problems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    text: String,
    /// The lines, in order; at least one.
    pub lines: Vec<SourceLine>,
    /// The problems found in reading, in order.
    pub problems: Vec<Problem>,
}

impl Parsed {
    pub(super) fn new(text: &str, lines: Vec<SourceLine>, problems: Vec<Problem>) -> Self {
        Self {
            text: text.to_owned(),
            lines,
            problems,
        }
    }

    /// Returns the text that was read.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns a part of the text; empty if the text has no such part.
    #[must_use]
    pub fn slice(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// Returns the header with its line: the first comment that names a week.
    #[must_use]
    pub fn header(&self) -> Option<(usize, &Header)> {
        let mut lines = self.lines.iter().enumerate();
        lines.find_map(|(line, source)| match &source.item {
            Item::Header(header) => Some((line, header)),
            _ => None,
        })
    }

    /// Returns the stamp that the header ends in.
    #[must_use]
    pub fn stamp(&self) -> Option<Stamp> {
        let (_, header) = self.header()?;
        header.stamp.as_ref().map(|token| token.value)
    }
}

/// A line of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceLine {
    /// Its bytes, without the line break.
    pub range: Range<usize>,
    /// Its content.
    pub item: Item,
}

/// The content of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// Blank.
    Blank,
    /// `# 2026-W47 … r1842-3f9a`.
    Header(Header),
    /// Any other line that begins with `#`.
    Comment,
    /// `Mon 16 Nov   5:23`.
    Day(DayHeader),
    /// `09:02-10:47  acme/api  GET /orders pagination`.
    Time(TimeLine),
    /// Anything else.
    Unreadable,
}

/// A part of a line with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token<T> {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// Its value.
    pub value: T,
}

/// The header of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The week.
    pub week: Token<Week>,
    /// The stamp, if any.
    pub stamp: Option<Token<Stamp>>,
}

/// The header of a day. Its total is shown and not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayHeader {
    /// The day of the week; `None` if it cannot be read.
    pub weekday: Option<Token<Weekday>>,
    /// The day of the month and the month, from 1, if given.
    pub date: Option<Token<(u32, u32)>>,
    /// The bytes of the total, if given.
    pub total: Option<Range<usize>>,
}

/// A line with time. A field that is missing or cannot be read is `None`, and has a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeLine {
    /// The time.
    pub time: Option<Token<TimeText>>,
    /// The assignment.
    pub to: Option<Token<To>>,
    /// The bytes of the `!` that marks it not billable.
    pub mark: Option<Range<usize>>,
    /// The note, or the hint that was printed in its place.
    pub note: Option<Token<String>>,
}

/// The time of a line as the text shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimeText {
    /// `09:02-10:47`.
    Clock(Clock, Clock),
    /// `~0:04`.
    Short(Length),
    /// `+0:45`.
    Entry(Length),
    /// `+13:00-14:30`, or `+13:00-14:30=1:20` if the length differs from that of the clock times.
    EntryAt(Clock, Clock, Option<Length>),
}

impl TimeText {
    /// Returns the text that shows a line's exact time.
    #[must_use]
    pub fn of(time: &LineTime, calendar: &Calendar, day: NaiveDate) -> Self {
        let minutes = |length: Length| Length::from_minutes(length.millis().max(0) / 60_000);
        let clock = |at| Clock::of(calendar, day, at);
        match time {
            LineTime::Clock(span) => Self::Clock(clock(span.start()), clock(span.end())),
            LineTime::Short(_) => Self::Short(minutes(time.length())),
            LineTime::Entry { span, length, .. } => {
                let clocks = span.map(|span| (span, clock(span.start()), clock(span.end())));
                match clocks.filter(|(_, start, end)| start.is_readable() && end.is_readable()) {
                    Some((span, start, end)) => {
                        let other = (span.length() != *length).then(|| minutes(*length));
                        Self::EntryAt(start, end, other)
                    }
                    None => Self::Entry(minutes(*length)),
                }
            }
        }
    }
}

impl fmt::Display for TimeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clock(start, end) => write!(f, "{start}-{end}"),
            Self::Short(length) => write!(f, "~{length}"),
            Self::Entry(length) => write!(f, "+{length}"),
            Self::EntryAt(start, end, None) => write!(f, "+{start}-{end}"),
            Self::EntryAt(start, end, Some(length)) => write!(f, "+{start}-{end}={length}"),
        }
    }
}
