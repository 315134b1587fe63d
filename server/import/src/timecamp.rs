//! `TimeCamp`: a table.
//!
//! Written down without a real export at hand: a column that is named otherwise is read only with `--map`.

use super::tool::{Form, Tool};

pub(super) const TOOL: Tool = Tool {
    name: "timecamp",
    forms: &[Form::Columns {
        needed: &["date", "person", "project", "task", "note"],
        columns: &[
            ("date", &["date"]),
            ("start", &["start time", "start", "from"]),
            ("end", &["end time", "end", "to"]),
            ("duration", &["time", "duration", "time tracked"]),
            ("hours", &["hours", "duration (decimal)"]),
            ("client", &["client"]),
            ("project", &["project"]),
            ("task", &["task"]),
            ("note", &["note"]),
            ("tags", &["tags"]),
            ("user", &["person"]),
            ("billable", &["billable"]),
            ("billed", &["invoiced"]),
        ],
    }],
};
