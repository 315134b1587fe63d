//! Watson: its frames as JSON, in UTC, and what `watson log` prints as CSV, by the clock, and as JSON.

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::conventions::Conventions;
use super::header::{Column, Header};
use super::json::{Element, elements};
use super::solidtime::when;
use super::table::{Cells, Layout, hand_over};
use super::tool::{Form, Tool, after_key, first_object, of_table, reader};
use super::{Draft, Each, Found, Importer, Input, When, value};

pub(super) const TOOL: Tool = Tool {
    name: "watson",
    forms: &[
        Form::Table(|header, titles, _| of_table(Log::of(header), titles)),
        Form::Text(|head, _| {
            let frames = head.strip_prefix('[')?.trim_start().starts_with('[');
            frames.then_some(Frames).and_then(reader)
        }),
        Form::Text(|head, _| {
            let object = first_object(head)?;
            let is_log = ["start", "project", "stop"]
                .iter()
                .all(|key| after_key(object, key).is_some());
            is_log.then_some(LogJson).and_then(reader)
        }),
    ],
};

/// The CSV.
pub(super) struct Log {
    start: Column,
    stop: Column,
    project: Column,
    tags: Column,
}

impl Log {
    pub(super) fn of(header: &Header) -> Option<Self> {
        header.is(&["id", "start", "stop", "project", "tags"]).then(|| Self {
            start: header.column("start"),
            stop: header.column("stop"),
            project: header.column("project"),
            tags: header.column("tags"),
        })
    }
}

impl Layout for Log {
    fn row(&self, cells: &Cells<'_>) -> Result<Found> {
        let mut draft = Draft::at(when(cells.moment(self.start)?, cells.moment(self.stop)?)?);
        draft.project = cells.owned(self.project);
        draft.tags = cells.tags(self.tags);
        Ok(draft.into())
    }
}

/// The JSON of `watson log --json`.
pub(super) struct LogJson;

impl Importer for LogJson {
    fn read(&mut self, input: Input, conventions: &Conventions, each: Each<'_>) -> Result<()> {
        elements(input, &[], &mut |element: Element| {
            let found = element.value.and_then(|value| logged(&value, conventions));
            hand_over(each, element.line, found)
        })
    }
}

/// Reads `{id, project, start, stop, tags}`, with instants in the zone of the user.
fn logged(value: &Value, conventions: &Conventions) -> Result<Found> {
    let frame = value.as_object().context("it is not a frame")?;
    let text = |key: &str| frame.get(key).and_then(Value::as_str);
    let start = value::moment(text("start").context("it has no start")?, conventions)?;
    let Some(stop) = text("stop") else {
        return Ok(Found::Running);
    };
    let mut draft = Draft::at(when(start, value::moment(stop, conventions)?)?);
    text("project")
        .context("it has no project")?
        .clone_into(&mut draft.project);
    let tags = frame.get("tags").and_then(Value::as_array);
    let tags = tags.into_iter().flatten().filter_map(Value::as_str);
    draft.tags = tags.map(str::to_owned).collect();
    Ok(draft.into())
}

/// The frames.
pub(super) struct Frames;

impl Importer for Frames {
    fn read(&mut self, input: Input, _: &Conventions, each: Each<'_>) -> Result<()> {
        elements(input, &[], &mut |element: Element| match element.value {
            Ok(value) => hand_over(each, element.line, frame(&value)),
            Err(error) => hand_over(each, element.line, Err(error)),
        })
    }
}

/// Reads `[start, stop, project, id, [tags], updated_at]`.
fn frame(value: &Value) -> Result<Found> {
    let parts = value.as_array().context("it is not a frame")?;
    let instant = |index: usize| {
        let seconds = parts.get(index).filter(|part| part.is_number());
        let seconds = seconds.context("a frame begins with two instants")?;
        value::epoch(&seconds.to_string())
    };
    let (start, stop) = (instant(0)?, instant(1)?);
    let mut draft = Draft::at(When::Exact(start, stop));
    let project = parts.get(2).and_then(Value::as_str);
    project.context("it has no project")?.clone_into(&mut draft.project);
    let tags = parts.get(4).and_then(Value::as_array);
    let tags = tags.into_iter().flatten().filter_map(Value::as_str);
    draft.tags = tags.map(str::to_owned).collect();
    Ok(draft.into())
}
