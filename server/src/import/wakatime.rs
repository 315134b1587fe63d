//! `WakaTime`'s dump of heartbeats. They go through keeptab's own counting.

use anyhow::{Context as _, Result, bail};
use keeptab_core::activity::{Actor, Kind};
use serde_json::Value;

use super::conventions::Conventions;
use super::json::{Element, Step, elements};
use super::table::hand_over;
use super::{Each, Found, Importer, Input, Sighting, value};

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
