//! Super Productivity: the columns of its worklog export, from its own source.

use super::tool::{Form, Tool};

pub(super) const TOOL: Tool = Tool {
    name: "super-productivity",
    forms: &[Form::Columns {
        needed: &["date", "titles"],
        columns: &[
            // Start and end are those of the day, not of the task.
            ("date", &["date"]),
            ("duration", &["worked", "time spent"]),
            ("project", &["projects"]),
            ("note", &["titles"]),
            ("tags", &["tags"]),
        ],
    }],
};
