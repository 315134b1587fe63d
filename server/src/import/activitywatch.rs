//! `ActivityWatch`'s export: the buckets of editors and browsers. They go through keeptab's own counting.

use anyhow::{Context as _, Result};
use chrono::DateTime;
use keeptab_core::activity::{Actor, Kind};
use keeptab_core::instant::{Instant, Length};
use serde_json::Value;

use super::conventions::Conventions;
use super::json::{Element, Step, elements};
use super::table::hand_over;
use super::{Each, Found, Importer, Input, Sighting, value};

/// The export.
pub(super) struct Activitywatch;

const PATH: [Step; 3] = [Step::Key("buckets"), Step::Any, Step::Key("events")];

impl Importer for Activitywatch {
    fn read(&mut self, input: Input, _: &Conventions, each: Each<'_>) -> Result<()> {
        elements(input, &PATH, &mut |element: Element| {
            let found = element
                .value
                .and_then(|value| event(element.name, element.kind, &value));
            hand_over(each, element.line, found)
        })
    }
}

fn event(bucket: &str, kind: &str, value: &Value) -> Result<Found> {
    let is_page = kind == "web.tab.current" || kind.is_empty() && bucket.starts_with("aw-watcher-web");
    let editors = [
        "aw-watcher-vscode",
        "aw-watcher-vim",
        "aw-watcher-nvim",
        "aw-watcher-emacs",
        "aw-watcher-jetbrains",
    ];
    let is_editor =
        kind == "app.editor.activity" || kind.is_empty() && editors.iter().any(|name| bucket.starts_with(name));
    if !is_page && !is_editor {
        // Window titles and presence do not name a file.
        return Ok(Found::Aside);
    }
    let event = value.as_object().context("it is not an event")?;
    let timestamp = event
        .get("timestamp")
        .and_then(Value::as_str)
        .context("it has no timestamp")?;
    let at = DateTime::parse_from_rfc3339(timestamp).with_context(|| format!("`{timestamp}` is not an instant"))?;
    let at = Instant::from(at);
    let duration = event.get("duration").filter(|duration| duration.is_number());
    let duration = duration.map_or(Ok(Length::ZERO), |duration| value::seconds(&duration.to_string()))?;
    let data = event.get("data").and_then(Value::as_object).context("it has no data")?;
    let text = |key: &str| data.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    Ok(Found::Heartbeat(Box::new(Sighting {
        bucket: bucket.to_owned(),
        at,
        until: at + duration,
        target: text(if is_page { "url" } else { "file" }).map(str::to_owned),
        kind: if is_page { Kind::Visit } else { Kind::Edit },
        actor: Actor::Human,
        is_private: data.get("incognito").and_then(Value::as_bool).unwrap_or_default(),
        language: text("language").filter(|_| is_editor).map(str::to_lowercase),
    })))
}
