//! Hamster: a table.
//!
//! Written down without a real export at hand: a column that is named otherwise is read only with `--map`.

use super::tool::{Form, Tool};

pub(super) const TOOL: Tool = Tool {
    name: "hamster",
    forms: &[Form::Columns {
        needed: &["activity", "start time", "end time", "duration minutes", "category"],
        columns: &[
            ("start", &["start time"]),
            ("end", &["end time"]),
            ("minutes", &["duration minutes"]),
            ("project", &["category"]),
            ("task", &["activity"]),
            ("note", &["description"]),
            ("tags", &["tags"]),
        ],
    }],
};
