//! The timesheet: the text document in which a week is reviewed.
//!
//! [`Sheet`] is the text as it was written, with exact bounds; [`print()`] shows it to the minute; [`parse`] reads the
//! user's text; [`review`] and [`changes`] merge that text with the present ledger, as corrections.
//!
//! The parser is written by hand: a line has three fields, and the next line is where the parser recovers, so a parser
//! library would not help.

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
mod usual;

use chrono::NaiveDate;
use schemars::JsonSchema;
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
pub use usual::usual;

/// The number of a written text of the timesheet; increases with each text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Revision(pub u64);

/// Shown as `r1842`.
impl std::fmt::Display for Revision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "r{}", self.0)
    }
}

/// Captured time after review. Pieces are in order and never overlap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The span.
    pub span: Span,
    /// The assignment.
    pub to: To,
    /// The note, if any.
    pub note: Option<String>,
    /// True if it may be billed.
    pub billable: bool,
    /// The number of the invoice that bills it.
    pub billed: Option<String>,
    /// The text shown if it has no note: the workspace root of unassigned time.
    pub hint: Option<String>,
}

/// The content above the days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// The revision of the text.
    pub revision: Revision,
    /// The week's unbilled amounts, by currency.
    pub unbilled: Vec<(Currency, Amount)>,
    /// The doubts to clear up, one line each.
    pub doubts: Vec<String>,
    /// The gaps that are usual breaks, all in one line: `Mon 12:10-13:00`.
    pub usual: Vec<String>,
}

/// A week as it was written, to the millisecond.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// The week.
    pub week: Week,
    /// The calendar that its times are shown in.
    pub calendar: Calendar,
    /// The revision of the text.
    pub revision: Revision,
    /// The length of all its time except private time.
    pub total: Length,
    /// Its unbilled amounts, by currency.
    pub unbilled: Vec<(Currency, Amount)>,
    /// The doubts to clear up, one line each.
    pub doubts: Vec<String>,
    /// The gaps that are usual breaks, all in one line. Sheets of earlier versions have none.
    #[serde(default)]
    pub usual: Vec<String>,
    /// The days that have lines, in order.
    pub days: Vec<Day>,
}

/// A civil day of a sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Day {
    /// The date.
    pub date: NaiveDate,
    /// Clock lines by their start, then folded lines, then entries.
    pub lines: Vec<Line>,
}

impl Day {
    /// Returns the length of all its time except private time.
    #[must_use]
    pub fn total(&self) -> Length {
        let counted = self.lines.iter().filter(|line| line.to != To::Private);
        counted.map(|line| line.time.length()).sum()
    }
}

/// A line of a sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    /// The time: clock times or a length.
    pub time: LineTime,
    /// The assignment.
    pub to: To,
    /// The note, if any.
    pub note: Option<String>,
    /// The text shown if it has no note. It is not a note.
    pub hint: Option<String>,
    /// True if it may be billed.
    pub billable: bool,
    /// The number of the invoice that bills it.
    pub billed: Option<String>,
}

impl Line {
    /// Returns the text in the note's place.
    #[must_use]
    pub fn shown_note(&self) -> Option<&str> {
        self.note.as_deref().or(self.hint.as_deref())
    }
}

/// The time of a line, exactly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LineTime {
    /// Captured time: `09:02-10:47`.
    Clock(Span),
    /// Stretches under a minute, folded: `~0:04`.
    Short(Vec<Span>),
    /// A time entry: `+0:45`, or `+13:00-14:30` if it has clock times.
    Entry {
        /// The entry.
        id: EntryId,
        /// Its clock times, if it has any.
        span: Option<Span>,
        /// Its length, which may differ from that of the span.
        length: Length,
        /// The counted length, if something else holds some of its clock times.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        counted: Option<Length>,
    },
}

impl LineTime {
    /// Returns the counted length.
    #[must_use]
    pub fn length(&self) -> Length {
        match self {
            Self::Clock(span) => span.length(),
            Self::Short(spans) => spans.iter().map(|span| span.length()).sum(),
            Self::Entry { length, counted, .. } => counted.unwrap_or(*length),
        }
    }
}

/// A change that a saved sheet makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Corrects captured time.
    Correct(Span, Change),
    /// Replaces an entry.
    Replace {
        /// The replaced entry.
        entry: EntryId,
        /// The new entry.
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
    /// The project, or `None` if it is unassigned.
    pub project: Option<ProjectId>,
    /// Its clock times, if it has any.
    pub span: Option<Span>,
    /// Its length, which may differ from that of the span.
    pub length: Length,
    /// The note, if any.
    pub note: Option<String>,
    /// True if it may be billed.
    pub billable: bool,
    /// True if it counts beside all other time. An entry that replaces such an entry does, too.
    pub beside: bool,
}
