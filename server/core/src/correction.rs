//! Corrections: what the user changed in review. Append-only.

use serde::{Deserialize, Serialize};

use crate::instant::{Instant, Span};
use crate::rule::ProjectId;
use crate::timeline::{Effect, NoteId, Tag};

/// What a correction does to the instants in its span.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "lowercase")]
pub enum Change {
    /// Retags instants that are counted.
    Assign {
        /// What they become.
        to: To,
    },
    /// Counts instants that are not.
    Fill {
        /// What they become.
        to: To,
    },
    /// Uncounts all in its span, later arrivals too.
    Erase,
    /// Gives them a note, or takes it away.
    Note {
        /// The text on the invoice line or in the timesheet; empty where there is to be no note.
        text: String,
    },
    /// Marks them billable or not.
    Billable {
        /// Whether they are.
        billable: bool,
    },
}

/// What a correction credits time to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum To {
    /// A project.
    Project(ProjectId),
    /// No project.
    Unassigned,
    /// Nobody's business.
    Private,
}

/// Names the corrections of one save: undo takes back one apply whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ApplyId(pub i64);

/// One change to the timeline, applied in the order of (`made_at`, id).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Names it; rises with each that is stored.
    pub id: u64,
    /// The save that it came with.
    pub apply: ApplyId,
    /// When it was made.
    pub made_at: Instant,
    /// The instants it speaks of.
    pub span: Span,
    /// What becomes of them.
    pub change: Change,
}

impl Correction {
    /// Returns what it does to the timeline; `tag` names the project's place in the caller's list.
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
