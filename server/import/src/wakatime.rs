//! `WakaTime`'s dumps: of heartbeats, which go through keeptab's own counting, and of days, whose sums become entries.

use anyhow::{Context as _, Result, bail};
use keeptab_core::activity::{Actor, Kind};
use serde_json::Value;

use super::conventions::Conventions;
use super::json::{Element, Step, elements};
use super::table::hand_over;
use super::tool::{Form, Tool, reader};
use super::{Draft, Each, Found, Importer, Input, Sighting, When, value};

pub(super) const TOOL: Tool = Tool {
    name: "wakatime",
    forms: &[
        Form::Text(|head, _| {
            let has_heartbeats = head.starts_with('{') && head.contains("\"heartbeats\"");
            has_heartbeats.then_some(Wakatime).and_then(reader)
        }),
        Form::Text(|head, _| {
            let has_days = head.starts_with('{') && head.contains("\"days\"");
            has_days.then_some(Days).and_then(reader)
        }),
    ],
};

/// The dump.
pub(super) struct Wakatime;

const PATH: [Step; 3] = [Step::Key("days"), Step::Any, Step::Key("heartbeats")];

impl Importer for Wakatime {
    fn read(&mut self, input: Input, _: &Conventions, each: Each<'_>) -> Result<()> {
        elements(input, &PATH, &mut |element: Element| match element.value {
            Ok(value) => hand_over(each, element.line, heartbeat(&value)),
            Err(error) => hand_over(each, element.line, Err(error)),
        })
    }
}

/// The dump of days.
pub(super) struct Days;

impl Importer for Days {
    fn read(&mut self, input: Input, conventions: &Conventions, each: Each<'_>) -> Result<()> {
        elements(input, &[Step::Key("days")], &mut |element: Element| {
            let line = element.line;
            match element.value.and_then(|day| projects(&day, conventions)) {
                Ok(found) => found.into_iter().try_for_each(|found| hand_over(each, line, Ok(found))),
                Err(error) => hand_over(each, line, Err(error)),
            }
        })
    }
}

/// Reads the sums of a day by project: `{date, projects: [{name, grand_total: {total_seconds}}]}`.
fn projects(day: &Value, conventions: &Conventions) -> Result<Vec<Found>> {
    let date = day.get("date").and_then(Value::as_str).context("it has no date")?;
    let date = value::date(date, conventions)?;
    let projects = day.get("projects").and_then(Value::as_array);
    let sum = |project: &Value| -> Result<Found> {
        let seconds = project.get("grand_total").and_then(|total| total.get("total_seconds"));
        let seconds = seconds
            .filter(|seconds| seconds.is_number())
            .context("a project has no sum")?;
        let mut draft = Draft::at(When::Day(date));
        draft.length = Some(value::seconds(&seconds.to_string())?);
        let name = project.get("name").and_then(Value::as_str).unwrap_or_default();
        // Time of no project has a name of its own.
        if name != "Unknown Project" {
            name.clone_into(&mut draft.project);
        }
        Ok(draft.into())
    };
    projects.into_iter().flatten().map(sum).collect()
}

fn heartbeat(value: &Value) -> Result<Found> {
    let heartbeat = value.as_object().context("it is not a heartbeat")?;
    let text = |key: &str| heartbeat.get(key).and_then(Value::as_str);
    let time = heartbeat.get("time").filter(|time| time.is_number());
    let at = value::epoch(&time.context("it has no time")?.to_string())?;
    let entity = text("entity").unwrap_or_default();
    if entity.is_empty() {
        bail!("it has no entity");
    }
    let (target, is_page) = match text("type").unwrap_or("file") {
        "file" => (Some(entity.to_owned()), false),
        "url" => (Some(entity.to_owned()), true),
        "domain" => (
            Some(format!("https://{}/", entity.trim_start_matches("https://"))),
            true,
        ),
        // The name of a program is not a file.
        _ => (None, false),
    };
    let category = text("category").unwrap_or_default();
    let is_write = heartbeat.get("is_write").and_then(Value::as_bool).unwrap_or_default();
    Ok(Found::Heartbeat(Box::new(Sighting {
        bucket: String::new(),
        at,
        until: at,
        is_present: false,
        target,
        kind: match (is_page, is_write) {
            (true, _) => Kind::Visit,
            (false, true) => Kind::Edit,
            (false, false) => Kind::Navigate,
        },
        actor: if category == "ai coding" {
            Actor::Agent
        } else {
            Actor::Human
        },
        is_private: false,
        language: text("language").map(str::to_lowercase),
    })))
}
