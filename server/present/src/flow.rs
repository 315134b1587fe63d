//! Conversations that need more than one answer, written once for every editor and for the shell.

mod added;
mod again;
mod answer;
mod assign;
mod call;
mod forget;
mod handwork;
mod import;
mod init;
mod invoice;
mod invoices;
mod known;
mod look;
mod missing;
mod payment;
mod period;
mod restore;
mod salvage;
mod write;

use std::fmt;
use std::path::{Path, PathBuf};

use keeptab_engine::Undo;
use schemars::JsonSchema;
use serde::Serialize;

pub use added::{add_client, add_project};
pub use again::Again;
pub use answer::Answer;
pub use assign::{assign, named_folder};
pub use call::Call;
pub use forget::forget;
pub use handwork::{add_time, count_gap, start_timer};
pub use import::{import, import_history};
pub use init::{Answers, ask_for_client, change_with, check_first, check_vat_id, init, init_with};
use invoice::pick_draft;
pub use invoice::{Wanted, create_invoice};
pub use invoices::{invoices, is_to_cancel};
pub use known::{Known, known};
pub use look::{review_week, totals, totals_of, week_as_pdf};
pub use missing::{Argument, Missing};
pub use restore::restore;
pub use salvage::salvage;
pub use write::{Writing, pick_writing};

/// Asks the user. `None` as an answer ends the conversation.
pub trait Ask: Sync {
    /// Lets the user choose one of some items.
    fn pick(&self, pick: Pick) -> impl Future<Output = Option<String>> + Send;
    /// Asks for a text; an empty one is an answer.
    fn input(&self, input: Input) -> impl Future<Output = Option<String>> + Send;
    /// Returns true if a proposed answer can be edited, and is not only taken or replaced.
    fn edits(&self) -> bool {
        true
    }
    /// Shows a document before the next question, where that can be done.
    fn show(&self, _document: &Path) {}
}

/// A choice: the params of `keeptab/pick`.
#[derive(Clone, Debug, Default, Serialize, serde::Deserialize, JsonSchema)]
pub struct Pick {
    /// The title.
    pub title: String,
    /// The text in the empty field.
    pub placeholder: String,
    /// The choices.
    pub items: Vec<Item>,
    /// A PDF to look at meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<PathBuf>,
}

/// One item of a choice.
#[derive(Clone, Debug, Serialize, serde::Deserialize, JsonSchema)]
pub struct Item {
    /// The label.
    pub label: String,
    /// The text beside the label.
    pub detail: String,
    /// The answer if this item is chosen.
    pub value: String,
}

/// A question: the params of `keeptab/input`.
#[derive(Clone, Debug, Serialize, serde::Deserialize, JsonSchema)]
pub struct Input {
    /// The title.
    pub title: String,
    /// The proposed answer.
    pub value: String,
    /// The question.
    pub prompt: String,
}

/// Shows the effect of a command, and asks for confirmation. `yes` is the label and the detail of the item that
/// confirms.
async fn is_sure(ask: &impl Ask, would: &(impl fmt::Display + Sync), question: &str, yes: (&str, &str)) -> bool {
    let choice = |(label, detail): (&str, &str), value: &str| Item {
        label: label.into(),
        detail: detail.into(),
        value: value.into(),
    };
    let pick = Pick {
        title: would.to_string(),
        placeholder: question.into(),
        items: vec![choice(("Leave All as It Is", ""), "no"), choice(yes, "yes")],
        ..Pick::default()
    };
    ask.pick(pick).await.as_deref() == Some("yes")
}

/// The result of a conversation.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// The text to show.
    pub text: String,
    /// The command that takes it back, if one does.
    pub undo: Option<Undo>,
    /// The files that were written.
    pub files: Vec<PathBuf>,
    /// The file to open.
    pub open: Option<PathBuf>,
    /// True if the file opens outside the editor.
    pub external: bool,
    /// The next step that the user may want.
    pub next: Option<Next>,
}

/// A next step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// The name of the button.
    pub action: &'static str,
    /// The command, such as `keeptab.invoice`.
    pub command: &'static str,
    /// Its words.
    pub words: Vec<String>,
}

impl Outcome {
    /// Tells a text.
    fn of(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// Makes the outcome of a result, with its sentence or else its whole text.
    #[must_use]
    pub fn told(result: impl Into<Answer>) -> Self {
        let answer = result.into();
        let text = match answer.summary.clone() {
            Some(summary) => summary,
            None => answer.to_string().trim_start_matches('\n').to_owned(),
        };
        Self {
            undo: answer.undo,
            files: answer.files,
            ..Self::of(text)
        }
    }
}
