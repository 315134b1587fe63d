//! Corrections: what the user changed in review. Append-only.

use serde::{Deserialize, Serialize};

use crate::instant::{Instant, Span};
use crate::rule::ProjectId;

/// What a correction does to the instants in its span.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "lowercase")]
pub enum Change {
    /// Retags instants that are counted; nothing is "unassigned".
    Assign {
        /// The project they become.
        project: Option<ProjectId>,
    },
    /// Counts instants that are not.
    Fill {
        /// The project they become.
        project: Option<ProjectId>,
    },
    /// Uncounts all in its span, later arrivals too.
    Erase,
    /// Gives them a note.
    Note {
        /// The text on the invoice line or in the timesheet.
        text: String,
    },
    /// Marks them billable or not.
    Billable {
        /// Whether they are.
        billable: bool,
    },
}

/// One change to the timeline, applied in the order of (`made_at`, id).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Names it; rises with each that is stored.
    pub id: u64,
    /// The save that it came with: undo takes back one apply whole.
    pub apply: u64,
    /// When it was made.
    pub made_at: Instant,
    /// The instants it speaks of.
    pub span: Span,
    /// What becomes of them.
    pub change: Change,
}
