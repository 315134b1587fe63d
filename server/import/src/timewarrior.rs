//! Timewarrior: the output of `timew export`, and the lines of its data files. Timewarrior sorts tags, so the place of
//! a tag does not make it the project.

use std::ops::ControlFlow;

use anyhow::{Context as _, Result};
use chrono::NaiveDateTime;
use keeptab_core::instant::Instant;
use serde_json::Value;

use super::conventions::Conventions;
use super::json::{Element, elements};
use super::lines::lines;
use super::table::hand_over;
use super::tool::{Form, Tool, after_key, first_object, reader};
use super::{Draft, Each, Found, Importer, Input, When};

pub(super) const TOOL: Tool = Tool {
    name: "timewarrior",
    forms: &[
        Form::Text(|head, _| {
            let start = after_key(first_object(head)?, "start")?.as_bytes();
            // `20240319T083000Z`, which no other tool writes.
            let is_export = matches!(start, [digits @ .., b'T', _, _, _, _, _, _, b'Z'] if digits.len() == 8);
            is_export.then_some(Timewarrior).and_then(reader)
        }),
        Form::Text(|head, _| head.starts_with("inc ").then_some(Data).and_then(reader)),
    ],
};

/// The intervals.
pub(super) struct Timewarrior;

impl Importer for Timewarrior {
    fn read(&mut self, input: Input, _: &Conventions, each: Each<'_>) -> Result<()> {
        elements(input, &[], &mut |element: Element| match element.value {
            Ok(value) => hand_over(each, element.line, interval(&value)),
            Err(error) => hand_over(each, element.line, Err(error)),
        })
    }
}

/// The lines of `~/.timewarrior/data/2024-03.data`: `inc 20240319T083000Z - 20240319T093000Z # tag "two words" # "note"`.
/// Source: the serialisation of Timewarrior 1.5 (`IntervalFactory`).
pub(super) struct Data;

impl Importer for Data {
    fn read(&mut self, input: Input, _: &Conventions, each: Each<'_>) -> Result<()> {
        lines(input, |number, line| {
            if line.is_empty() {
                return ControlFlow::Continue(());
            }
            hand_over(each, number, data(line))
        })
    }
}

fn data(line: &str) -> Result<Found> {
    let rest = line.strip_prefix("inc").context("it does not begin with inc")?;
    let mut parts = rest.splitn(3, " #");
    let mut times = parts.next().unwrap_or_default().split(" - ");
    let start = instant(times.next().unwrap_or_default().trim())?;
    let Some(end) = times.next() else {
        return Ok(Found::Running);
    };
    let mut draft = Draft::at(When::Exact(start, instant(end.trim())?));
    draft.tags = words(parts.next().unwrap_or_default());
    draft.has_project_tag = true;
    draft.description = words(parts.next().unwrap_or_default()).join(" ");
    Ok(draft.into())
}

/// Splits words, of which those with spaces are in quotation marks.
fn words(text: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted, mut escaped) = (Vec::new(), String::new(), false, false);
    for letter in text.chars() {
        match letter {
            _ if escaped => {
                word.push(letter);
                escaped = false;
            }
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            ' ' if !quoted => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            _ => word.push(letter),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

fn interval(value: &Value) -> Result<Found> {
    let interval = value.as_object().context("it is not an interval")?;
    let text = |key: &str| interval.get(key).and_then(Value::as_str);
    let start = instant(text("start").context("it has no start")?)?;
    let Some(end) = text("end") else {
        return Ok(Found::Running);
    };
    let mut draft = Draft::at(When::Exact(start, instant(end)?));
    let tags = interval.get("tags").and_then(Value::as_array);
    let tags = tags.into_iter().flatten().filter_map(Value::as_str);
    draft.tags = tags.map(str::to_owned).collect();
    draft.has_project_tag = true;
    text("annotation")
        .unwrap_or_default()
        .clone_into(&mut draft.description);
    Ok(draft.into())
}

/// Reads `20240319T083000Z`.
fn instant(text: &str) -> Result<Instant> {
    let at = NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%SZ");
    at.map(|at| at.and_utc().into())
        .with_context(|| format!("`{text}` is not an instant"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_data_has_tags_and_a_note() {
        let read = |line: &str| match data(line) {
            Ok(Found::Entry(draft)) => {
                let When::Exact(start, end) = draft.when else {
                    panic!("{draft:?}")
                };
                let seconds = (end - start).whole_seconds();
                format!("{seconds} {} / {}", draft.tags.join("|"), draft.description)
            }
            Ok(other) => format!("{other:?}"),
            Err(error) => format!("{error:#}"),
        };
        let times = "inc 20240319T083000Z - 20240319T093000Z";
        assert_eq!(read(times), "3600  / ");
        assert_eq!(read(&format!("{times} # acme \"two words\"")), "3600 acme|two words / ");
        assert_eq!(
            read(&format!("{times} # acme # \"a \\\"note\\\" # here\"")),
            "3600 acme / a \"note\" # here"
        );
        assert_eq!(read("inc 20240319T083000Z # acme"), "Running");
        assert_eq!(read("exc 20240319T083000Z"), "it does not begin with inc");
        assert!(read("inc then - now").starts_with("`then` is not an instant"));
    }
}
