//! keeptab's own messages; PROTOCOL.md describes them, and a test ties it to this file.

use keeptab_core::activity::{Actor, Cause, Kind, Seq};
use keeptab_core::instant::Instant;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tower_lsp::ls_types::notification::Notification;
use tower_lsp::ls_types::request::Request;

use crate::engine::{Activity, What};

/// The notification by which a plugin tells what it saw.
pub(super) const ACTIVITY: &str = "keeptab/activity";

/// One event of `keeptab/activity` as it stands on the wire.
#[derive(Debug, Deserialize)]
struct WireEvent {
    seq: u64,
    at: Option<i64>,
    kind: WireKind,
    uri: Option<String>,
    root: Option<String>,
    language: Option<String>,
    #[serde(default)]
    actor: Actor,
    #[serde(default)]
    private: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum WireKind {
    Edit,
    Navigate,
    Save,
    Focus,
    Debug,
    Task,
    Visit,
    Outside,
    Blur,
    Suspend,
    Lock,
}

/// Reads the params of `keeptab/activity`. What cannot be read is left out, and its number still counts as taken.
pub(super) fn activities(params: Option<Value>, now: Instant) -> (Vec<Activity>, usize) {
    let events = match params {
        Some(Value::Object(mut params)) => params.remove("events"),
        _ => None,
    };
    let Some(Value::Array(events)) = events else {
        return (Vec::new(), 1);
    };
    let mut unread = events.len();
    let read = events.into_iter().filter_map(|event| {
        // No editor counts as far as the store cannot; such a number must not keep the rest from being taken.
        let seq = event
            .get("seq")
            .and_then(Value::as_u64)
            .filter(|seq| i64::try_from(*seq).is_ok())?;
        let read = WireEvent::deserialize(event).ok();
        unread -= usize::from(read.is_some());
        Some(read.map_or_else(
            || Activity {
                seq: Some(Seq(seq)),
                at: now,
                what: What::Nothing,
            },
            |event| event.activity(now),
        ))
    });
    let activities = read.collect();
    (activities, unread)
}

impl WireEvent {
    fn activity(self, now: Instant) -> Activity {
        let kind = match self.kind {
            WireKind::Edit => Ok(Kind::Edit),
            WireKind::Navigate => Ok(Kind::Navigate),
            WireKind::Save => Ok(Kind::Save),
            WireKind::Focus => Ok(Kind::Focus),
            WireKind::Debug => Ok(Kind::Debug),
            WireKind::Task => Ok(Kind::Task),
            WireKind::Visit => Ok(Kind::Visit),
            WireKind::Outside => Ok(Kind::Outside),
            WireKind::Blur => Err(What::Nothing),
            WireKind::Suspend => Err(What::Cut(Cause::Suspend)),
            WireKind::Lock => Err(What::Cut(Cause::Lock)),
        };
        let what = kind.map_or_else(
            |other| other,
            |kind| What::Work {
                kind,
                actor: self.actor,
                uri: self.uri,
                root: self.root,
                language: self.language,
                private: self.private,
            },
        );
        Activity {
            seq: Some(Seq(self.seq)),
            at: self.at.map_or(now, Instant::from_millis),
            what,
        }
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_cannot_be_read_is_left_out_and_its_number_is_taken() {
        let now = Instant::from_millis(7);
        let params = json!({ "events": [
            { "seq": 1, "kind": "edit", "uri": "file:///a" },
            { "seq": 2, "kind": "dance" },
            { "seq": "x" },
            7,
            { "seq": 3, "at": 5, "kind": "suspend", "unknown": true },
            { "seq": u64::MAX, "kind": "edit" },
        ]});
        let (activities, unread) = activities(Some(params), now);
        assert_eq!(unread, 4);
        let seqs: Vec<_> = activities.iter().map(|activity| activity.seq.unwrap().0).collect();
        assert_eq!(seqs, [1, 2, 3]);
        assert_eq!(activities[1].what, What::Nothing);
        assert_eq!(activities[2].at, Instant::from_millis(5));
    }

    #[test]
    fn params_of_any_shape_are_survived() {
        for params in [None, Some(json!([])), Some(json!({ "events": 3 })), Some(json!("x"))] {
            assert_eq!(activities(params, Instant::from_millis(0)).0, []);
        }
    }
}
