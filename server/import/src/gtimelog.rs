//! gtimelog: each line is the end of what it names, `2024-03-04 10:30: project: task`, and begins where the line before ends.
//! The first line of a day is the arrival; what ends in `**` is no work.
//!
//! Source: the documentation of gtimelog 0.12 (file formats). A day begins at 02:00 by its clock.

use std::ops::ControlFlow;

use anyhow::{Context as _, Result, bail};
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

use super::conventions::Conventions;
use super::lines::lines;
use super::table::hand_over;
use super::tool::{Form, Tool, first_line, reader};
use super::value::{self, Moment};
use super::{Draft, Each, Found, Importer, Input, When};

pub(super) const TOOL: Tool = Tool {
    name: "gtimelog",
    forms: &[Form::Text(|head, _| {
        is_entry(first_line(head)).then_some(Gtimelog).and_then(reader)
    })],
};

/// The hour at which a day begins.
const MIDNIGHT: i64 = 2;

/// The log.
pub(super) struct Gtimelog;

impl Importer for Gtimelog {
    fn read(&mut self, input: Input, conventions: &Conventions, each: Each<'_>) -> Result<()> {
        let mut last: Option<NaiveDateTime> = None;
        // True below a line without a time: nobody knows when the next one began.
        let mut is_lost = false;
        lines(input, |number, line| {
            if line.is_empty() || line.starts_with('#') {
                return ControlFlow::Continue(());
            }
            let found = entry(line, conventions).and_then(|(at, text)| {
                let since = last.filter(|since| day(*since) == day(at));
                if since.is_some_and(|since| at < since) {
                    bail!("it is before the line above it");
                }
                last = Some(at);
                let was_lost = std::mem::take(&mut is_lost);
                match since {
                    None => Ok(Found::Aside),
                    Some(_) if was_lost => bail!("the line above it has no time, so its beginning is unknown"),
                    Some(_) if text.is_empty() => bail!("it has no text"),
                    Some(since) => Ok(found(since, at, text)),
                }
            });
            is_lost |= entry(line, conventions).is_err();
            hand_over(each, number, found)
        })
    }
}

fn day(at: NaiveDateTime) -> NaiveDate {
    (at - TimeDelta::hours(MIDNIGHT)).date()
}

/// Returns true if a line is an entry.
fn is_entry(line: &str) -> bool {
    entry(line, &Conventions::default()).is_ok_and(|(_, text)| !text.is_empty())
}

/// Splits `2024-03-04 10:30: text`.
fn entry<'l>(line: &'l str, conventions: &Conventions) -> Result<(NaiveDateTime, &'l str)> {
    let (at, text) = line
        .split_once(": ")
        .or_else(|| line.strip_suffix(':').map(|at| (at, "")))
        .context("it has no text")?;
    match value::moment(at, conventions)? {
        Moment::Clock(at) => Ok((at, text.trim())),
        Moment::Exact(_) => bail!("`{at}` has a zone"),
    }
}

fn found(since: NaiveDateTime, at: NaiveDateTime, text: &str) -> Found {
    if text.ends_with("**") {
        return Found::Left("slack".to_owned());
    }
    let mut draft = Draft::at(When::Clock(since, at));
    // Tags follow a double dash.
    let (text, tags) = text.rsplit_once(" -- ").unwrap_or((text, ""));
    draft.tags = tags.split_whitespace().map(str::to_owned).collect();
    match text.split_once(": ") {
        Some((project, task)) => {
            project.trim().clone_into(&mut draft.project);
            task.trim().clone_into(&mut draft.description);
        }
        None => text.clone_into(&mut draft.description),
    }
    draft.into()
}
