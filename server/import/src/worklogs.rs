//! Worklogs of Jira and Tempo as JSON, as their interfaces answer: `{worklogs: […]}`, `{results: […]}`, or an array alone.
//!
//! Source: Jira's REST API 3 (`issue/KEY/worklog`), Tempo's REST API 4 (`worklogs`).

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::conventions::Conventions;
use super::json::{Element, Step, elements};
use super::table::hand_over;
use super::value::{self, Moment};
use super::{Draft, Each, Found, Importer, Input, When};

/// The worklogs under a key, or of an array.
pub(super) struct Worklogs(Vec<Step>);

impl Worklogs {
    /// Returns a reader of a JSON file that begins so, if it has worklogs: of the array under a key, or of a file that is one.
    pub(super) fn of(head: &str) -> Option<Box<dyn Importer>> {
        let is_json = head.starts_with(['[', '{']);
        let key = ["worklogs", "results"].into_iter();
        let key = key.filter(|key| head.starts_with('{') && head.contains(&format!("\"{key}\"")));
        let worklogs = Self(key.map(Step::Key).take(1).collect());
        (is_json && head.contains("\"timeSpentSeconds\"")).then(|| Box::new(worklogs) as Box<dyn Importer>)
    }
}

impl Importer for Worklogs {
    fn read(&mut self, input: Input, conventions: &Conventions, each: Each<'_>) -> Result<()> {
        elements(input, &self.0, &mut |element: Element| {
            let found = element.value.and_then(|value| worklog(&value, conventions));
            hand_over(each, element.line, found)
        })
    }
}

fn worklog(value: &Value, conventions: &Conventions) -> Result<Found> {
    let seconds = value.get("timeSpentSeconds").filter(|seconds| seconds.is_number());
    let length = value::seconds(&seconds.context("it has no timeSpentSeconds")?.to_string())?;
    let text = |path: &[&str]| {
        let found = path.iter().try_fold(value, |value, key| value.get(key));
        found.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let when = if let Some(started) = value.get("started").and_then(Value::as_str) {
        match value::moment(started, conventions)? {
            Moment::Exact(start) => When::Exact(start, start + length),
            Moment::Clock(start) => When::Clock(start, start + chrono::TimeDelta::milliseconds(length.millis())),
        }
    } else {
        let day = value::date(&text(&["startDate"]), conventions)?;
        match value::time(&text(&["startTime"])) {
            Ok(time) => {
                let start = day.and_time(time);
                When::Clock(start, start + chrono::TimeDelta::milliseconds(length.millis()))
            }
            Err(_) => When::Day(day),
        }
    };
    let mut draft = Draft::at(when);
    draft.length = Some(length);
    draft.user = text(&["author", "displayName"]);
    draft.task = text(&["issue", "key"]);
    // `ACME-7` is an issue of the project ACME.
    draft.project = draft
        .task
        .rsplit_once('-')
        .map_or_else(String::new, |(project, _)| project.to_owned());
    draft.description = match value.get("comment").or(value.get("description")) {
        Some(Value::String(text)) => text.clone(),
        Some(document) => words(document),
        None => String::new(),
    };
    if let Some(billable) = value.get("billableSeconds").and_then(Value::as_u64) {
        draft.billable = Some(billable > 0);
    }
    Ok(draft.into())
}

/// Returns the words of a comment, which Jira keeps as a document of nested nodes.
fn words(node: &Value) -> String {
    let own = node.get("text").and_then(Value::as_str).unwrap_or_default();
    let inner = node.get("content").and_then(Value::as_array);
    let inner = inner.into_iter().flatten().map(words).filter(|words| !words.is_empty());
    let inner: Vec<String> = inner.collect();
    format!("{own}{}", inner.join(" "))
}
