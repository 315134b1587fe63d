//! Tempo: worklogs as its interface answers, and as a table.
//!
//! The table was written down without a real export at hand: a column that is named otherwise is read only with `--map`.

use super::tool::{Form, Tool};
use super::worklogs::Worklogs;

pub(super) const TOOL: Tool = Tool {
    name: "tempo",
    forms: &[
        Form::Text(|head, _| Worklogs::of(head).filter(|_| head.contains("\"tempoWorklogId\""))),
        Form::Columns {
            needed: &["issue key", "hours", "work date"],
            columns: &[
                ("date", &["work date"]),
                ("hours", &["hours"]),
                ("client", &["account customer"]),
                ("project", &["project name"]),
                ("task", &["issue key"]),
                ("note", &["work description"]),
                ("user", &["full name"]),
            ],
        },
    ],
};
