//! Jira: worklogs as its interface answers.

use super::tool::{Form, Tool};
use super::worklogs::Worklogs;

pub(super) const TOOL: Tool = Tool {
    name: "jira",
    forms: &[Form::Text(|head, _| Worklogs::of(head))],
};
