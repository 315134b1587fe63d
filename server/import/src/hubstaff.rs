//! Hubstaff: a table.
//!
//! Written down without a real export at hand: a column that is named otherwise is read only with `--map`.

use super::tool::{Form, Tool};

pub(super) const TOOL: Tool = Tool {
    name: "hubstaff",
    forms: &[Form::Columns {
        needed: &["date", "member", "project", "time", "activity"],
        columns: &[
            ("date", &["date"]),
            ("duration", &["time"]),
            ("client", &["client"]),
            ("project", &["project"]),
            ("task", &["task", "to-do"]),
            ("note", &["notes"]),
            ("user", &["member"]),
            ("amount", &["spent", "amount"]),
            ("currency", &["currency"]),
        ],
    }],
};
