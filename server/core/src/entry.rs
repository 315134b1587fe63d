//! Time entries: time that brings its own seconds, imported or typed in.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::instant::{Length, Span};
use crate::rule::ProjectId;

/// Names an entry within the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EntryId(pub i64);

/// Time that was not captured here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Names it.
    pub id: EntryId,
    /// The project, or nothing where it is unassigned.
    pub project: Option<ProjectId>,
    /// The civil day it counts for.
    pub day: NaiveDate,
    /// Its clock times, where it has any; captured time under them is not counted again.
    pub span: Option<Span>,
    /// How long it is, whatever the span says.
    pub length: Length,
    /// What was done.
    pub note: Option<String>,
    /// Whether it may be billed.
    pub billable: bool,
    /// Whether another tool billed it; then it never is again.
    pub billed_elsewhere: bool,
}
