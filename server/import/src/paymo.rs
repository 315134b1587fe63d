//! Paymo: a table.
//!
//! Written down without a real export at hand: a column that is named otherwise is read only with `--map`.

use super::tool::{Form, Tool};

pub(super) const TOOL: Tool = Tool {
    name: "paymo",
    forms: &[Form::Columns {
        needed: &["task list", "task", "project", "user"],
        columns: &[
            ("date", &["date"]),
            ("start", &["start", "start time"]),
            ("end", &["end", "end time"]),
            ("duration", &["duration", "hours", "time"]),
            ("client", &["client"]),
            ("project", &["project"]),
            ("task", &["task"]),
            ("note", &["description", "notes"]),
            ("user", &["user"]),
            ("billable", &["billable"]),
            ("billed", &["billed", "invoiced"]),
            ("rate", &["hourly rate", "price per hour"]),
            ("amount", &["amount", "price"]),
        ],
    }],
};
