//! The messages between the extension and its host. PROTOCOL.md specifies them, and a test ties it to this file.

use keeptab_core::instant::Instant;
use keeptab_engine::{Activity, Pages, Status};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::wire::{WireEvent, activities};

/// A message from the extension.
#[derive(Debug)]
pub(super) enum Said {
    /// Who it is.
    Hello { source: String },
    /// Events in the browser.
    Activity(Vec<Activity>),
    /// A request from the popup.
    Ask { id: u64, wish: Wish },
}

/// A request of the person in the popup.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Wish {
    /// Stop tracking in all editors and browsers.
    Pause,
    /// Go on.
    Resume,
    /// Count a page, with all below it, for a project.
    Count {
        /// The page.
        url: String,
        /// The project's id.
        project: String,
    },
}

/// A message of the extension.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "Said")]
#[serde(tag = "type", rename_all = "lowercase")]
enum Wire {
    /// Once and first.
    Hello {
        /// The name of this browser while it runs: `browser-` and 8 to 32 hexadecimal digits.
        source: String,
    },
    /// Events in the browser.
    Activity {
        /// The events, in the order of their numbers.
        #[schemars(with = "Vec<WireEvent>")]
        events: Value,
    },
    /// A request of the person.
    Ask {
        /// The number of the request.
        id: u64,
        /// The request.
        wish: Wish,
    },
}

/// Reads a message; `None` if it is invalid. Events that cannot be read are left out.
pub(super) fn read(body: &[u8], now: Instant) -> Option<Said> {
    Some(match serde_json::from_slice(body).ok()? {
        Wire::Hello { source } => Said::Hello { source },
        Wire::Ask { id, wish } => Said::Ask { id, wish },
        Wire::Activity { events } => {
            let (events, unread) = activities(Some(serde_json::json!({ "events": events })), now);
            if unread > 0 {
                tracing::warn!("{unread} events could not be read and were left out");
            }
            Said::Activity(events)
        }
    })
}

/// A message to the extension.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(super) enum Told {
    /// The rules on pages; sent at the beginning and whenever they change.
    Pages(Pages),
    /// The status, as editors get it.
    Status {
        /// The status.
        #[schemars(with = "Status")]
        status: Value,
    },
    /// All events up to a number are committed.
    Taken {
        /// The number of the last committed event.
        seq: u64,
    },
    /// The answer to a request.
    Answer {
        /// The number of the request.
        id: u64,
        /// False if the request failed.
        ok: bool,
        /// A sentence.
        text: String,
    },
    /// The present problem, in words; null if there is none.
    Trouble {
        /// The problem.
        text: Option<String>,
    },
}

/// Adds the schemas of what the extension sends.
#[cfg(test)]
pub fn said(generator: &mut schemars::SchemaGenerator) {
    generator.subschema_for::<Wire>();
}

/// Adds the schemas of what the extension receives.
#[cfg(test)]
pub fn told(generator: &mut schemars::SchemaGenerator) {
    generator.subschema_for::<Told>();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, expected: &str) {
        let said = read(body.as_bytes(), Instant::from_millis(0));
        assert_eq!(
            said.map_or_else(|| "unread".to_owned(), |said| format!("{said:?}")),
            expected,
            "{body}"
        );
    }

    #[test]
    fn what_is_said_is_read_and_anything_else_is_not() {
        check(
            r#"{"type":"hello","source":"browser-1"}"#,
            r#"Hello { source: "browser-1" }"#,
        );
        check(r#"{"type":"activity","events":[]}"#, "Activity([])");
        check(r#"{"type":"activity","events":7}"#, "Activity([])");
        check(r#"{"type":"ask","id":1,"wish":"pause"}"#, "Ask { id: 1, wish: Pause }");
        let count = r#"{"type":"ask","id":2,"wish":{"count":{"url":"https://a/b","project":"p"}}}"#;
        check(
            count,
            r#"Ask { id: 2, wish: Count { url: "https://a/b", project: "p" } }"#,
        );
        for body in [
            "",
            "{",
            "7",
            "null",
            "[]",
            "{}",
            r#"{"type":"hello"}"#,
            r#"{"type":"hello","source":7}"#,
            r#"{"type":"ask","id":-1,"wish":"pause"}"#,
            r#"{"type":"ask","id":1,"wish":"rm"}"#,
            r#"{"type":"ask","id":1,"wish":{"count":7}}"#,
            r#"{"type":"activity"}"#,
            &"[".repeat(100_000),
        ] {
            check(body, "unread");
        }
    }
}
