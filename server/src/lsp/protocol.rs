//! keeptab's own messages; PROTOCOL.md describes them, and a test ties it to this file.

use std::path::PathBuf;

use keeptab_engine::{Undo, in_shell};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tower_lsp::ls_types::notification::Notification;
use tower_lsp::ls_types::request::Request;

/// The notification by which a plugin tells what it saw.
pub(super) const ACTIVITY: &str = "keeptab/activity";

/// The notification by which a plugin tells the other names of workspace roots.
pub(super) const ROOTS: &str = "keeptab/roots";

/// `keeptab/taken`: all events up to a number are committed.
#[derive(Debug)]
pub(super) enum TakenNotice {}

/// The params of `keeptab/taken`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Taken")]
pub(super) struct TakenParams {
    /// The number of the last committed event of this source.
    pub(super) seq: u64,
}

impl Notification for TakenNotice {
    type Params = TakenParams;
    const METHOD: &'static str = "keeptab/taken";
}

/// `keeptab/status`: the status bar's contents.
#[derive(Debug)]
pub(super) enum StatusNotice {}

impl Notification for StatusNotice {
    type Params = Value;
    const METHOD: &'static str = "keeptab/status";
}

/// `keeptab/offer`: a proposed action for the user.
#[derive(Debug)]
pub(super) enum OfferNotice {}

/// The params of `keeptab/offer`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Offer")]
pub(super) struct OfferParams {
    /// A sentence about what the user may want to do.
    pub(super) text: String,
    /// The name of the button.
    pub(super) action: String,
    /// The command that does it, such as `keeptab.assign`.
    pub(super) command: String,
    /// The words of the command.
    pub(super) words: Vec<String>,
}

impl Notification for OfferNotice {
    type Params = OfferParams;
    const METHOD: &'static str = "keeptab/offer";
}

/// `keeptab/told`: the result of a command that asked questions, or of saving a timesheet.
#[derive(Debug)]
pub(super) enum ToldNotice {}

/// The params of `keeptab/told`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(super) struct Told {
    /// A sentence. Further lines say more, or the whole is a table.
    pub(super) text: String,
    /// The command that takes it back, such as `keeptab.undo`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) undo: Option<String>,
    /// The files that were written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) files: Vec<PathBuf>,
}

impl Told {
    pub(super) fn new(text: &str, undo: Option<Undo>, files: &[PathBuf]) -> Self {
        Self {
            text: text.trim_start_matches('\n').replace("\nhint: ", " — "),
            undo: undo.map(|undo| undo.command.to_owned()),
            files: files.to_owned(),
        }
    }

    /// Returns it as the shell prints it, for clients without buttons.
    pub(super) fn in_shell(&self) -> String {
        let undo = self.undo.is_some().then_some(Undo::LATEST);
        let mut text = in_shell(&self.text, undo);
        // Some texts end with the paths of their files.
        for file in self.files.iter().map(|file| file.display().to_string()) {
            if !text.lines().any(|line| line == file) {
                text.push('\n');
                text.push_str(&file);
            }
        }
        text
    }
}

impl Notification for ToldNotice {
    type Params = Told;
    const METHOD: &'static str = "keeptab/told";
}

/// The answer of a command. A command that asks first answers null, and tells its outcome later.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub(super) struct CommandAnswer {
    /// The answer as the shell prints it, for clients that show text alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<String>,
    /// A file to open in the place of a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) path: Option<PathBuf>,
    /// The change that was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) told: Option<Told>,
    /// The output of the command with `--json`; `keeptab schema` has its types.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) data: Option<Value>,
}

impl CommandAnswer {
    /// A text, with what `--json` prints.
    pub(super) fn new(text: &str, data: impl Serialize) -> Self {
        Self {
            text: Some(text.to_owned()),
            data: serde_json::to_value(data).ok(),
            ..Self::default()
        }
    }

    /// A file to open.
    pub(super) fn to_open(path: PathBuf) -> Self {
        Self {
            path: Some(path),
            ..Self::default()
        }
    }
}

/// Adds the schemas of what editors receive.
#[cfg(test)]
pub fn types(generator: &mut schemars::SchemaGenerator) {
    generator.subschema_for::<TakenParams>();
    generator.subschema_for::<keeptab_engine::Status>();
    generator.subschema_for::<OfferParams>();
    generator.subschema_for::<Told>();
    generator.subschema_for::<keeptab_present::flow::Pick>();
    generator.subschema_for::<keeptab_present::flow::Input>();
    generator.subschema_for::<CommandAnswer>();
}

/// `keeptab/pick`: lets the user choose.
#[derive(Debug)]
pub(super) enum PickRequest {}

impl Request for PickRequest {
    type Params = keeptab_present::flow::Pick;
    type Result = Option<String>;
    const METHOD: &'static str = "keeptab/pick";
}

/// `keeptab/input`: asks the user for a text.
#[derive(Debug)]
pub(super) enum InputRequest {}

impl Request for InputRequest {
    type Params = keeptab_present::flow::Input;
    type Result = Option<String>;
    const METHOD: &'static str = "keeptab/input";
}
