//! The problems of a sheet, with their places.

use std::ops::Range;

use serde::Serialize;

/// A problem in a sheet that the user should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 0.
    pub line: usize,
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// The severity.
    pub severity: Severity,
    /// The kind.
    pub kind: ProblemKind,
    /// The message: lower case, no full stop.
    pub message: String,
    /// The next step for the user.
    pub hint: String,
}

/// The severity of a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Prevents the sheet from being applied.
    Error,
    /// Does not prevent it.
    Warning,
}

/// The kind of a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// A line that cannot be read.
    Unreadable,
    /// The header: missing, of another week, or of another text.
    Header,
    /// A day that the week does not have, or a line without a day.
    Day,
    /// A time that the day does not have, or that ends before it begins.
    Time,
    /// Lines that overlap.
    Overlap,
    /// More time than the day has.
    LongDay,
    /// A project that the config does not have.
    Project,
    /// Time that is still unassigned.
    Unassigned,
    /// A folded line that was changed or added.
    Folded,
    /// An entry that cannot be: a private one, or one without time.
    Entry,
    /// Time that an invoice bills.
    Billed,
    /// Time that changed after the sheet was written.
    Changed,
}

impl ProblemKind {
    /// Returns its name, as a diagnostic's code.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Header => "header",
            Self::Day => "day",
            Self::Time => "time",
            Self::Overlap => "overlap",
            Self::LongDay => "long-day",
            Self::Project => "project",
            Self::Unassigned => "unassigned",
            Self::Folded => "folded",
            Self::Entry => "entry",
            Self::Billed => "billed",
            Self::Changed => "changed",
        }
    }
}

impl Problem {
    /// Makes an error.
    #[must_use]
    pub fn error(
        kind: ProblemKind,
        (line, range): (usize, Range<usize>),
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self {
            line,
            range,
            severity: Severity::Error,
            kind,
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// Turns it into a warning.
    #[must_use]
    pub fn as_warning(self) -> Self {
        Self {
            severity: Severity::Warning,
            ..self
        }
    }

    /// Returns whether it prevents the sheet from being applied.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Shown as message and hint, as errors are.
impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}\nhint: {}", self.message, self.hint)
    }
}
