//! `FreshBooks`: a table.
//!
//! Written down without a real export at hand: a column that is named otherwise is read only with `--map`.

use super::tool::{Form, Tool};

pub(super) const TOOL: Tool = Tool {
    name: "freshbooks",
    forms: &[Form::Columns {
        needed: &["team member", "service", "client", "project", "date"],
        columns: &[
            ("date", &["date"]),
            ("duration", &["hours", "duration", "time"]),
            ("client", &["client"]),
            ("project", &["project"]),
            ("task", &["service"]),
            ("note", &["notes", "note"]),
            ("user", &["team member"]),
            ("billable", &["billable"]),
            ("billed", &["billed"]),
            ("rate", &["rate"]),
            ("amount", &["amount"]),
        ],
    }],
};
