//! The timesheet: the text document in which a week is reviewed.
//!
//! [`Sheet`] is what was written, with exact bounds; [`print()`] shows it to the minute; [`parse`] reads what the user
//! made of it; [`review`] and [`changes`] merge that with what is in the ledger by now, as corrections.
//!
//! The parser is by hand: a line is a sentence of three fields, so the next line is where it recovers, and a parser
//! library would only stand between.

mod alter;
mod build;
mod format;
mod merge;
mod parse;
mod position;
mod print;
mod problem;
mod shown;
mod stamp;
mod text;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::calendar::{Calendar, Week};
use crate::correction::{Change, To};
use crate::entry::EntryId;
use crate::instant::{Length, Span};
use crate::money::{Amount, Currency};
use crate::rule::ProjectId;

pub use alter::{AlterError, Alteration, Revised, alter};
pub use format::format;
pub use merge::{Place, Resolved, Review, changes, review};
pub use parse::parse;
pub use position::Position;
pub use print::{money, print, print_line, target};
pub use problem::{Problem, ProblemKind, Severity};
pub use shown::{Carry, Shown};
pub use stamp::Stamp;
pub use text::{DayHeader, Header, Item, Parsed, SourceLine, TimeLine, TimeText, Token};

/// Numbers a written text of the timesheet; rises with each that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(pub u64);

/// Shown as `r1842`.
impl std::fmt::Display for Revision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "r{}", self.0)
    }
}

/// Captured time with what review made of it; pieces come in order and never overlap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// When.
    pub span: Span,
    /// What it is credited to.
    pub to: To,
    /// Its note.
    pub note: Option<String>,
    /// True if it may be billed.
    pub billable: bool,
    /// The number of the invoice that bills it.
    pub billed: Option<String>,
    /// What is shown where it has no note: the workspace root of unassigned time.
    pub hint: Option<String>,
}

/// What stands above the days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// Names the text.
    pub revision: Revision,
    /// What of the week can be billed, by currency.
    pub unbilled: Vec<(Currency, Amount)>,
    /// The queue of doubt, one line each.
    pub doubts: Vec<String>,
}

/// A week as it was written, to the millisecond.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// The week.
    pub week: Week,
    /// The calendar that its times are shown in.
    pub calendar: Calendar,
    /// Names the text.
    pub revision: Revision,
    /// All of its time but what is private.
    pub total: Length,
    /// What of it can be billed, by currency.
    pub unbilled: Vec<(Currency, Amount)>,
    /// The queue of doubt, one line each.
    pub doubts: Vec<String>,
    /// The days with anything in them, in order.
    pub days: Vec<Day>,
}

/// A civil day of a sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// Which.
    pub date: NaiveDate,
    /// By their start, then what is folded, then entries.
    pub lines: Vec<Line>,
}

impl Day {
    /// Returns all of its time but what is private.
    #[must_use]
    pub fn total(&self) -> Length {
        let counted = self.lines.iter().filter(|line| line.to != To::Private);
        counted.map(|line| line.time.length()).sum()
    }
}

/// A line of a sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// When, or how long.
    pub time: LineTime,
    /// What it is credited to.
    pub to: To,
    /// Its note.
    pub note: Option<String>,
    /// What is shown where it has no note, and is none.
    pub hint: Option<String>,
    /// True if it may be billed.
    pub billable: bool,
    /// The number of the invoice that bills it.
    pub billed: Option<String>,
}

impl Line {
    /// Returns what stands in the note's place.
    #[must_use]
    pub fn shown_note(&self) -> Option<&str> {
        self.note.as_deref().or(self.hint.as_deref())
    }
}

/// The time of a line, exactly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LineTime {
    /// Captured time: `09:02-10:47`.
    Clock(Span),
    /// Stretches under a minute, folded: `~0:04`.
    Short(Vec<Span>),
    /// A time entry: `+0:45`, or `+13:00-14:30` where it has clock times.
    Entry {
        /// Which.
        id: EntryId,
        /// Its clock times, where it has any.
        span: Option<Span>,
        /// How long it is, whatever the span says.
        length: Length,
        /// How long it counts, if something else holds some of its clock times.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        counted: Option<Length>,
    },
}

impl LineTime {
    /// Returns how long it counts.
    #[must_use]
    pub fn length(&self) -> Length {
        match self {
            Self::Clock(span) => span.length(),
            Self::Short(spans) => spans.iter().map(|span| span.length()).sum(),
            Self::Entry { length, counted, .. } => counted.unwrap_or(*length),
        }
    }
}

/// What a saved sheet changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Corrects captured time.
    Correct(Span, Change),
    /// Puts another entry in an entry's place.
    Replace {
        /// Which.
        entry: EntryId,
        /// What it becomes.
        with: NewEntryLine,
    },
    /// Takes an entry away.
    Void(EntryId),
    /// Adds an entry.
    Add(NewEntryLine),
}

/// A time entry as a line of the sheet gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntryLine {
    /// The civil day it counts for.
    pub day: NaiveDate,
    /// The project, or nothing where it is unassigned.
    pub project: Option<ProjectId>,
    /// Its clock times, where it has any.
    pub span: Option<Span>,
    /// How long it is, whatever the span says.
    pub length: Length,
    /// What was done.
    pub note: Option<String>,
    /// True if it may be billed.
    pub billable: bool,
    /// True if it counts beside all other time. An entry in the place of such a one does, too.
    pub beside: bool,
}
