//! keeptab's own messages; PROTOCOL.md describes them, and a test ties it to this file.

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
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct TakenParams {
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

/// `keeptab/offer`: something that the user may want to do.
#[derive(Debug)]
pub(super) enum OfferNotice {}

/// The params of `keeptab/offer`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct OfferParams {
    /// The question.
    pub(super) text: String,
    /// The name of the button.
    pub(super) action: String,
    /// The command that does it, such as `keeptab.assign`.
    pub(super) command: String,
    /// Its words.
    pub(super) words: Vec<String>,
}

impl Notification for OfferNotice {
    type Params = OfferParams;
    const METHOD: &'static str = "keeptab/offer";
}

/// `keeptab/pick`: lets the user choose.
#[derive(Debug)]
pub(super) enum PickRequest {}

impl Request for PickRequest {
    type Params = crate::flow::Pick;
    type Result = Option<String>;
    const METHOD: &'static str = "keeptab/pick";
}

/// `keeptab/input`: asks the user for a text.
#[derive(Debug)]
pub(super) enum InputRequest {}

impl Request for InputRequest {
    type Params = crate::flow::Input;
    type Result = Option<String>;
    const METHOD: &'static str = "keeptab/input";
}
