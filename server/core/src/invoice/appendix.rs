//! The work in detail, as it is printed behind an invoice.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::instant::Length;

/// The detail of the work on an invoice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AppendixPolicy {
    /// No appendix.
    #[default]
    None,
    /// Days, projects, notes and hours: no path leaves the machine.
    Hours,
    /// The files and pages behind each row, too.
    Full,
}

/// The work that an invoice bills, row by row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appendix {
    /// The zone of its days, such as `Europe/Berlin`.
    pub time_zone: String,
    /// The rows, by day, project and note. Their lengths are those that the lines were made from.
    pub rows: Vec<AppendixRow>,
}

/// What was done for a project on a day, under one note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppendixRow {
    /// The civil day that it counts to.
    pub day: NaiveDate,
    /// How long it was, as it was tracked.
    pub length: Length,
    /// The project's name.
    pub project: String,
    /// Counts the keys of the lines: (project, rate, unit). What rounding takes from a row is carried to the next of its
    /// key, so that their hours come to the quantity of a key that no policy rounds.
    #[serde(default, skip_serializing_if = "is_first")]
    pub key: usize,
    /// What was done.
    pub note: Option<String>,
    /// The files and pages behind it, the longest first; none where paths are hidden.
    pub paths: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_first(key: &usize) -> bool {
    *key == 0
}
