//! Everhour: the columns of its time report.

use super::tool::{Form, Tool};

pub(super) const TOOL: Tool = Tool {
    name: "everhour",
    forms: &[Form::Columns {
        needed: &["date", "project", "member", "time", "billable time"],
        columns: &[
            ("date", &["date"]),
            ("duration", &["time"]),
            ("project", &["project"]),
            ("client", &["client"]),
            ("task", &["task"]),
            ("user", &["member"]),
            ("note", &["comments"]),
            ("billable", &["billable"]),
            ("amount", &["billable amount"]),
        ],
    }],
};
