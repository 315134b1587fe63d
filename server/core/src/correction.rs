//! Corrections: the user's changes in review. Append-only.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::instant::{Instant, Span};
use crate::rule::ProjectId;
use crate::timeline::{Effect, NoteId, Tag};

/// The effect of a correction on the instants in its span.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "lowercase")]
pub enum Change {
    /// Retags instants that are counted.
    Assign {
        /// The new assignment.
        to: To,
    },
    /// Counts instants that were not counted.
    Fill {
        /// The new assignment.
        to: To,
    },
    /// Uncounts all in its span, later arrivals too.
    Erase,
    /// Sets or removes their note.
    Note {
        /// The text on the invoice line or in the timesheet; an empty text removes the note.
        text: String,
    },
    /// Marks them billable or not.
    Billable {
        /// True if they are billable.
        billable: bool,
    },
}

/// The assignment of time by a correction.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum To {
    /// A project.
    Project(ProjectId),
    /// No project.
    Unassigned,
    /// Private time.
    Private,
}

/// The id of the corrections of one save. Undo reverts all of them at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ApplyId(pub i64);

/// One change to the timeline, applied in the order of (`made_at`, id).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Its id; increases with each stored correction.
    pub id: u64,
    /// The save that made this correction.
    pub apply: ApplyId,
    /// The instant at which it was made.
    pub made_at: Instant,
    /// The span that it changes.
    pub span: Span,
    /// The change.
    pub change: Change,
}

impl Correction {
    /// Returns its effect on the timeline; `tag` maps an assignment to the caller's tag.
    #[must_use]
    pub fn effect(&self, tag: impl FnOnce(&To) -> Tag) -> Effect {
        match &self.change {
            Change::Assign { to } => Effect::Assign(tag(to)),
            Change::Fill { to } => Effect::Fill(tag(to)),
            Change::Erase => Effect::Erase,
            Change::Note { text } => Effect::Note((!text.is_empty()).then_some(NoteId(self.id))),
            Change::Billable { billable } => Effect::Billable(*billable),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_note_takes_the_note_away() {
        let effect = |text: &str| {
            let correction = Correction {
                id: 7,
                apply: ApplyId(1),
                made_at: Instant::from_millis(0),
                span: Span::ALL,
                change: Change::Note { text: text.to_owned() },
            };
            correction.effect(|_| Tag::Unassigned)
        };
        assert_eq!(effect("call with Sam"), Effect::Note(Some(NoteId(7))));
        assert_eq!(effect(""), Effect::Note(None));
    }
}
