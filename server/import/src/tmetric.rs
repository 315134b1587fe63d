//! `TMetric`: the columns of its detailed report.

use super::tool::{Form, Tool};

pub(super) const TOOL: Tool = Tool {
    name: "tmetric",
    forms: &[Form::Columns {
        needed: &["day", "time entry", "start time", "end time", "duration"],
        columns: &[
            ("date", &["day"]),
            ("start", &["start time"]),
            ("end", &["end time"]),
            ("duration", &["duration"]),
            ("client", &["client"]),
            ("project", &["project"]),
            ("note", &["time entry"]),
            ("tags", &["tags"]),
            ("user", &["user"]),
            ("billable", &["billable"]),
            ("billed", &["invoiced"]),
            ("amount", &["billable amount"]),
            ("currency", &["billable currency"]),
        ],
    }],
};
