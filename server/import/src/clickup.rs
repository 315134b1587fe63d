//! `ClickUp`: a table.
//!
//! Written down without a real export at hand: a column that is named otherwise is read only with `--map`.

use super::tool::{Form, Tool};

pub(super) const TOOL: Tool = Tool {
    name: "clickup",
    forms: &[Form::Columns {
        needed: &["time entry id", "start", "stop", "space name", "list name"],
        columns: &[
            // Milliseconds since 1970.
            ("start", &["start"]),
            ("end", &["stop"]),
            ("client", &["space name"]),
            ("project", &["list name"]),
            ("task", &["task name"]),
            ("note", &["description"]),
            ("tags", &["time labels"]),
            ("user", &["username"]),
            ("billable", &["billable"]),
        ],
    }],
};
