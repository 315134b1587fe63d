//! Timewarrior: what `timew export` prints. The first tag is the project.

use anyhow::{Context as _, Result};
use chrono::NaiveDateTime;
use keeptab_core::instant::Instant;
use serde_json::Value;

use super::conventions::Conventions;
use super::json::{Element, elements};
use super::table::hand_over;
use super::{Draft, Each, Found, Importer, Input, When};

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

fn interval(value: &Value) -> Result<Found> {
    let interval = value.as_object().context("it is not an interval")?;
    let text = |key: &str| interval.get(key).and_then(Value::as_str);
    let start = instant(text("start").context("it has no start")?)?;
    let Some(end) = text("end") else {
        return Ok(Found::Running);
    };
    let mut draft = Draft::at(When::Exact(start, instant(end)?));
    let tags = interval.get("tags").and_then(Value::as_array);
    let mut tags = tags.into_iter().flatten().filter_map(Value::as_str);
    tags.next().unwrap_or_default().clone_into(&mut draft.project);
    draft.task = tags.collect::<Vec<_>>().join(", ");
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
