//! The appendix of an invoice: the work in detail.

use chrono::NaiveDate;
use schemars::JsonSchema;
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Appendix {
    /// The zone of its days, such as `Europe/Berlin`.
    pub time_zone: String,
    /// The rows, by day, project and note, with the lengths from which the lines were made.
    pub rows: Vec<AppendixRow>,
}

/// The work for a project on a day, under one note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AppendixRow {
    /// The civil day of the work.
    pub day: NaiveDate,
    /// The tracked length.
    pub length: Length,
    /// The project's name.
    pub project: String,
    /// The index of the row's key among the keys (project, rate, unit). The remainder of rounding a row is carried to
    /// the next row of its key, so that their hours add up to the key's quantity if no policy rounds it.
    #[serde(default, skip_serializing_if = "is_first")]
    pub key: usize,
    /// The note, if any.
    pub note: Option<String>,
    /// The files and pages behind it, the longest first; empty if paths are hidden.
    pub paths: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_first(key: &usize) -> bool {
    *key == 0
}
