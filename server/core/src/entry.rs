//! Time entries: time with a length of its own, imported or typed in, and the instants that each of them counts.

mod counting;
mod rows;
mod taken;

use std::sync::Arc;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::instant::{Instant, Length, Span};
use crate::money::Price;
use crate::rule::ProjectId;

pub use counting::{Counted, Held, count, counted_length};
pub use rows::{Landed, Overlaps, Row, land};
pub use taken::Taken;

/// The id of an entry within the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct EntryId(pub i64);

/// The order of entries that overlap: the first of two keeps the instants that both would count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The instant at which it was made.
    pub made_at: Instant,
    /// The device, by the order of the devices' names, so that every machine orders alike.
    pub device: u32,
    /// Its number on the device.
    pub n: u64,
}

/// The time that an entry may overlap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Beside {
    /// None: it counts only free instants.
    #[default]
    No,
    /// Earlier rows of its file. A claim on it holds no spans.
    Rows,
    /// All time, as the user said: it holds no instants, and loses none.
    All,
}

/// Time that was not captured here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: EntryId,
    /// The project, or `None` if it is unassigned.
    pub project: Option<ProjectId>,
    /// The civil day it counts for.
    pub day: NaiveDate,
    /// Its clock times, if it has any.
    pub span: Option<Span>,
    /// Its length, which may differ from that of the span.
    pub length: Length,
    /// The note, if any.
    pub note: Option<String>,
    /// The price of an hour in the currency of its project, if it brings its own.
    pub rate: Option<Price>,
    /// True if it may be billed.
    pub billable: bool,
    /// True if another tool billed it; it is then never billed here.
    pub billed_elsewhere: bool,
    /// The time that it may overlap.
    pub beside: Beside,
    /// The name that overlapping rows of one imported file share; they take no instants from each other. `None` for
    /// other entries.
    pub rows: Option<Arc<str>>,
    /// The instants of its span that were free when it was written, in order.
    pub free: Vec<Span>,
    /// Its place in the order of entries. A replacement keeps the place of the entry that it replaces.
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
