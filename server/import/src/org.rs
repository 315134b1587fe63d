//! Org: the `CLOCK:` lines of headings. The outermost heading is the project, the innermost one says what was done.
//!
//! Source: Org's manual (clocking commands). Times are by the clock, without a zone.

mod table;

use std::ops::ControlFlow;

use anyhow::{Context as _, Result, bail};

use super::conventions::Conventions;
use super::lines::lines;
use super::table::hand_over;
use super::tool::{Form, Tool, reader};
use super::value::{self, Moment};
use super::{Draft, Each, Found, Importer, Input, solidtime};

use table::{ClockTables, has_table};

pub(super) const TOOL: Tool = Tool {
    name: "org",
    forms: &[
        Form::Text(|head, _| {
            let has_clock = head.lines().any(|line| line.trim_start().starts_with("CLOCK: ["));
            let has_heading = head.lines().any(|line| line.starts_with("* "));
            (has_clock && has_heading).then_some(Org).and_then(reader)
        }),
        Form::Text(|head, _| has_table(head).then_some(ClockTables).and_then(reader)),
    ],
};

/// Words before a heading that say how far it is.
const STATES: [&str; 8] = [
    "TODO",
    "DONE",
    "NEXT",
    "WAITING",
    "HOLD",
    "STARTED",
    "CANCELLED",
    "CANCELED",
];

/// The file.
pub(super) struct Org;

impl Importer for Org {
    fn read(&mut self, input: Input, conventions: &Conventions, each: Each<'_>) -> Result<()> {
        let mut headings: Vec<(usize, Heading)> = Vec::new();
        lines(input, |number, line| {
            let stars = line.bytes().take_while(|byte| *byte == b'*').count();
            if stars > 0 && line.as_bytes().get(stars) == Some(&b' ') {
                headings.retain(|(level, _)| *level < stars);
                headings.push((stars, Heading::of(line.get(stars..).unwrap_or_default())));
                return ControlFlow::Continue(());
            }
            let Some(clock) = line.trim_start().strip_prefix("CLOCK:") else {
                return ControlFlow::Continue(());
            };
            hand_over(each, number, entry(clock, &headings, conventions))
        })
    }
}

struct Heading {
    text: String,
    tags: Vec<String>,
}

impl Heading {
    /// Reads a heading without its state, its priority and its tags.
    fn of(text: &str) -> Self {
        let mut text = text.trim();
        for state in STATES {
            text = text
                .strip_prefix(state)
                .filter(|rest| rest.starts_with(' '))
                .unwrap_or(text)
                .trim_start();
        }
        if let Some((mark, rest)) = text.split_once("] ")
            && mark.starts_with("[#")
        {
            text = rest.trim_start();
        }
        let last = text.rsplit(' ').next().unwrap_or_default();
        let is_tags = last.len() > 2 && last.starts_with(':') && last.ends_with(':');
        let tags = if is_tags { last } else { "" };
        Self {
            text: text.strip_suffix(tags).unwrap_or(text).trim().to_owned(),
            tags: tags
                .split(':')
                .filter(|tag| !tag.is_empty())
                .map(str::to_owned)
                .collect(),
        }
    }
}

/// Reads `[2024-03-04 Mon 09:00]--[2024-03-04 Mon 10:30] =>  1:30`.
fn entry(clock: &str, headings: &[(usize, Heading)], conventions: &Conventions) -> Result<Found> {
    let mut stamps = clock
        .split('[')
        .skip(1)
        .map(|stamp| stamp.split(']').next().unwrap_or_default());
    let Some(start) = stamps.next() else {
        bail!("it has no clock times");
    };
    let Some(end) = stamps.next() else {
        return Ok(if clock.contains("=>") {
            Found::Left("clock without times".into())
        } else {
            Found::Running
        });
    };
    let mut draft = Draft::at(solidtime::when(stamp(start, conventions)?, stamp(end, conventions)?)?);
    if let Some((_, outermost)) = headings.first() {
        outermost.text.clone_into(&mut draft.project);
    }
    if headings.len() > 1
        && let Some((_, innermost)) = headings.last()
    {
        innermost.text.clone_into(&mut draft.description);
    }
    draft.tags = headings
        .iter()
        .flat_map(|(_, heading)| heading.tags.iter().cloned())
        .collect();
    Ok(draft.into())
}

/// Reads `2024-03-04 Mon 09:00`; the day of the week is in any language.
fn stamp(text: &str, conventions: &Conventions) -> Result<Moment> {
    let mut words = text.split_whitespace();
    let day = words.next().context("it has no date")?;
    let time = words.next_back().context("it has no clock time")?;
    Ok(Moment::Clock(
        value::date(day, conventions)?.and_time(value::time(time)?),
    ))
}
