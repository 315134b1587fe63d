//! Time entries: time that brings its own seconds, imported or typed in.

use chrono::NaiveDate;

use crate::instant::{Length, Span};
use crate::rule::ProjectId;

/// Time that was not captured here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Names it within the store.
    pub id: u64,
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
