//! Time entries: time that brings its own seconds, imported or typed in, and the instants that each of them counts.

mod counting;
mod rows;
mod taken;

use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::instant::{Instant, Length, Span};
use crate::money::Price;
use crate::rule::ProjectId;

pub use counting::{Counted, Held, count, counted_length};
pub use rows::{Landed, Overlaps, Row, land};
pub use taken::Taken;

/// Names an entry within the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EntryId(pub i64);

/// Orders entries that meet: of two that count one instant the first one keeps it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// When it was made.
    pub made_at: Instant,
    /// The device, by the order of the devices' names, so that every machine orders alike.
    pub device: u32,
    /// Its number on the device.
    pub n: u64,
}

/// Tells if an entry counts beside time that is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Beside {
    /// It does not: it counts the instants that are free.
    #[default]
    No,
    /// Beside earlier rows of its file. A claim on it holds no spans.
    Rows,
    /// Beside everything, as the user said: it holds no instants, and none are taken from it.
    All,
}

/// Time that was not captured here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Names it.
    pub id: EntryId,
    /// The project, or `None` if it is unassigned.
    pub project: Option<ProjectId>,
    /// The civil day it counts for.
    pub day: NaiveDate,
    /// Its clock times, if it has any.
    pub span: Option<Span>,
    /// How long it is, whatever the span says.
    pub length: Length,
    /// What was done.
    pub note: Option<String>,
    /// The price of an hour in the currency of its project, if it brings its own.
    pub rate: Option<Price>,
    /// True if it may be billed.
    pub billable: bool,
    /// True if another tool billed it; then it never is again.
    pub billed_elsewhere: bool,
    /// True if it counts beside other time.
    pub beside: Beside,
    /// Names the rows of one file that overlap one another, if it is one of them: they take nothing from each other.
    pub rows: Option<Arc<str>>,
    /// The instants of its span that were free when it was written, in order.
    pub free: Vec<Span>,
    /// Where it stands among entries. A replacement stands at the place of the entry that it replaces.
    pub place: Place,
}

impl Entry {
    /// Returns an entry whose whole span was free.
    #[must_use]
    pub fn new(id: EntryId, day: NaiveDate, span: Option<Span>, length: Length) -> Self {
        Self {
            id,
            project: None,
            day,
            span,
            length,
            note: None,
            rate: None,
            billable: true,
            billed_elsewhere: false,
            beside: Beside::No,
            rows: None,
            free: span.into_iter().collect(),
            place: Place::default(),
        }
    }
}
