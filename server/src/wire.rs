//! Events as editors and browsers send them; PROTOCOL.md describes them, and a test ties it to this file.

use keeptab_core::activity::{Actor, Cause, Kind, Seq};
use keeptab_core::instant::Instant;
use keeptab_engine::{Activity, RootNames, What};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

/// An event of `keeptab/activity`.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Event")]
pub struct WireEvent {
    /// Its number, from 1. It rises within a source and is never used twice.
    seq: u64,
    /// Epoch milliseconds. Default: the present.
    at: Option<i64>,
    /// The kind of the event.
    kind: WireKind,
    /// The file or page. Without it, the folder decides: `cwd`, else `root`.
    uri: Option<String>,
    /// The workspace root.
    root: Option<String>,
    /// The folder of work without a file, such as a terminal's own.
    cwd: Option<String>,
    /// The language of the file.
    language: Option<String>,
    /// The actor. Default: the person.
    #[serde(default)]
    actor: Actor,
    /// True to keep the instant alone.
    #[serde(default)]
    private: bool,
}

/// The kind of an event.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "EventKind")]
#[serde(rename_all = "lowercase")]
enum WireKind {
    /// A change of text.
    Edit,
    /// A move of the cursor or the view by the person, or a switch to a file.
    Navigate,
    /// A file was saved.
    Save,
    /// The window is in front. Counts no time.
    Focus,
    /// A step of the debugger.
    Debug,
    /// A task began or ended.
    Task,
    /// A page was read.
    Visit,
    /// A file changed outside of editors.
    Outside,
    /// The window went to the back. Proves nothing.
    Blur,
    /// The machine slept: a boundary.
    Suspend,
    /// The screen was locked: a boundary.
    Lock,
}

/// Adds the schemas of what editors send.
#[cfg(test)]
pub fn types(generator: &mut schemars::SchemaGenerator) {
    generator.subschema_for::<WireEvent>();
    generator.subschema_for::<WireRoot>();
}

/// Reads `events` from the params. Also returns the number of unreadable ones, which are left out; their sequence
/// numbers still count as taken.
pub fn activities(params: Option<Value>, now: Instant) -> (Vec<Activity>, usize) {
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

/// The names of a workspace root: an entry of `keeptab/roots`. Each is a URI or an absolute path.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Root")]
struct WireRoot {
    /// The root as events name it.
    root: String,
    /// Its path without symbolic links.
    real: Option<String>,
    /// In a git worktree: its counterpart in the main working tree of the repository.
    repository: Option<String>,
}

/// Reads `roots` from the params. Also returns the number of unreadable ones, which are left out.
pub fn roots(params: Option<Value>) -> (Vec<RootNames>, usize) {
    let roots = match params {
        Some(Value::Object(mut params)) => params.remove("roots"),
        _ => None,
    };
    let Some(Value::Array(roots)) = roots else {
        return (Vec::new(), 1);
    };
    let count = roots.len();
    let read = roots.into_iter().filter_map(|root| WireRoot::deserialize(root).ok());
    let read: Vec<RootNames> = read
        .map(|root| RootNames {
            root: root.root,
            real: root.real,
            repository: root.repository,
        })
        .collect();
    let unread = count - read.len();
    (read, unread)
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
                cwd: self.cwd,
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
            assert_eq!(activities(params.clone(), Instant::from_millis(0)).0, []);
            assert_eq!(roots(params), (Vec::new(), 1));
        }
    }

    #[test]
    fn a_root_that_cannot_be_read_is_left_out() {
        let params = json!({ "roots": [
            { "root": "file:///w", "real": "/mnt/w", "unknown": 1 },
            { "real": "/mnt/w" },
            7,
        ]});
        let (read, unread) = roots(Some(params));
        assert_eq!(unread, 2);
        let root = RootNames {
            root: "file:///w".into(),
            real: Some("/mnt/w".into()),
            repository: None,
        };
        assert_eq!(read, [root]);
    }
}
