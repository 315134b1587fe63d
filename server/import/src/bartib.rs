//! bartib: an activity a line, `2024-03-04 09:00 - 2024-03-04 10:30 | project | description`.
//!
//! Source: the manual of bartib 1.1. A `|` and a backslash of a name are written after a backslash.

use anyhow::{Context as _, Result};

use super::conventions::Conventions;
use super::lines::lines;
use super::table::hand_over;
use super::tool::{Form, Tool, first_line, reader};
use super::value::{self, Moment};
use super::{Draft, Each, Found, Importer, Input, solidtime};

pub(super) const TOOL: Tool = Tool {
    name: "bartib",
    forms: &[Form::Text(|head, _| {
        is_activity(first_line(head)).then_some(Bartib).and_then(reader)
    })],
};

/// The activities.
pub(super) struct Bartib;

impl Importer for Bartib {
    fn read(&mut self, input: Input, conventions: &Conventions, each: Each<'_>) -> Result<()> {
        lines(input, |number, line| {
            if line.is_empty() || line.starts_with('#') {
                return std::ops::ControlFlow::Continue(());
            }
            hand_over(each, number, activity(line, conventions))
        })
    }
}

/// Returns true if a line is an activity.
fn is_activity(line: &str) -> bool {
    let mut parts = line.splitn(2, " | ");
    let (Some(times), Some(_)) = (parts.next(), parts.next()) else {
        return false;
    };
    let start = times.split(" - ").next().unwrap_or_default();
    matches!(value::moment(start, &Conventions::default()), Ok(Moment::Clock(_)))
}

fn activity(line: &str, conventions: &Conventions) -> Result<Found> {
    let fields = fields(line);
    let mut fields = fields.iter().map(|field| field.trim());
    let mut times = fields.next().unwrap_or_default().split(" - ");
    let start = value::moment(times.next().unwrap_or_default(), conventions)?;
    let project = fields.next().context("it has no project")?;
    let Some(end) = times.next() else {
        return Ok(Found::Running);
    };
    let mut draft = Draft::at(solidtime::when(start, value::moment(end, conventions)?)?);
    project.clone_into(&mut draft.project);
    fields.next().unwrap_or_default().clone_into(&mut draft.description);
    Ok(draft.into())
}

/// Splits a line at bars that have no backslash before them.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut field, mut escaped) = (Vec::new(), String::new(), false);
    for letter in line.chars() {
        match letter {
            _ if escaped => {
                field.push(letter);
                escaped = false;
            }
            '\\' => escaped = true,
            '|' => fields.push(std::mem::take(&mut field)),
            _ => field.push(letter),
        }
    }
    fields.push(field);
    fields
}
