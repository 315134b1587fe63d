//! Mistakes in the config, with their places and the next step.

use std::fmt;
use std::ops::Range;

use serde::Serialize;

use super::fix::Fix;

/// The severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The config cannot come into force.
    Error,
    /// The config is valid, but may not mean what the user thinks.
    Warning,
}

/// One mistake in the config.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The severity.
    pub severity: Severity,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The mistake, and after a line break `hint:` with the next step.
    pub message: String,
    /// The place in bytes.
    #[serde(skip)]
    pub range: Range<usize>,
    /// The changes that would fix it, the likeliest first.
    #[serde(skip)]
    pub fixes: Vec<Fix>,
}

impl Finding {
    /// Makes a finding at a place in the text.
    #[must_use]
    pub fn new(severity: Severity, text: &str, range: Range<usize>, message: String) -> Self {
        let start = text.floor_char_boundary(range.start);
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |index| index + 1);
        Self {
            severity,
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            message,
            range: start..text.ceil_char_boundary(range.end).max(start),
            fixes: Vec::new(),
        }
    }

    /// Adds fixes.
    #[must_use]
    pub(super) fn with(self, fixes: impl IntoIterator<Item = Fix>) -> Self {
        let fixes = fixes.into_iter().collect();
        Self { fixes, ..self }
    }

    /// Returns the message shown away from the file: the mistake and its consequence in one line, then the hint.
    #[must_use]
    pub fn notice(&self) -> String {
        let (message, hint) = self
            .message
            .split_once('\n')
            .map_or((&*self.message, None), |(one, two)| (one, Some(two)));
        let hint = hint.map(|hint| format!("\n{hint}")).unwrap_or_default();
        let (line, column) = (self.line, self.column);
        format!("keeptab.toml:{line}:{column}: {message}. The last good config stays in force.{hint}")
    }
}

/// Shown as `12:8: error: the rate -5 is negative`, the hint on a line of its own.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let message = self.message.replace('\n', "\n  ");
        write!(f, "{}:{}: {severity}: {message}", self.line, self.column)
    }
}
