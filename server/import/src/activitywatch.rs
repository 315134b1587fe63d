//! `ActivityWatch`'s export: the buckets of editors and browsers. They go through keeptab's own counting.

use std::collections::BTreeMap;
use std::mem;
use std::ops::ControlFlow;

use anyhow::{Context as _, Result};
use chrono::DateTime;
use keeptab_core::activity::{Actor, Kind};
use keeptab_core::instant::{Instant, Length};
use serde_json::Value;

use super::conventions::Conventions;
use super::json::{Element, Step, elements};
use super::table::hand_over;
use super::tool::{Form, Tool, reader};
use super::{Each, File, Found, Importer, Input, Sighting, value};

pub(super) const TOOL: Tool = Tool {
    name: "activitywatch",
    forms: &[Form::Text(|head, file| {
        let has_buckets = head.starts_with('{') && head.contains("\"buckets\"");
        has_buckets.then(|| Activitywatch::of(file)).and_then(reader)
    })],
};

/// The kind of rows that are titles of windows.
pub const WINDOWS: &str = "titles of windows";
/// The kind of rows during which nobody was there.
pub const AWAY: &str = "away from the keyboard";

/// The export. Events of pages and editors last while the page is in front, also if nobody is there: they are cut to the
/// stretches in which the AFK watcher saw the person.
pub(super) struct Activitywatch {
    file: File,
}

const PATH: [Step; 3] = [Step::Key("buckets"), Step::Any, Step::Key("events")];

impl Activitywatch {
    /// Makes a reader of a file, which it reads twice: buckets stand in any order.
    pub(super) fn of(file: &File) -> Self {
        Self { file: file.clone() }
    }
}

impl Importer for Activitywatch {
    fn read(&mut self, input: Input, _: &Conventions, each: Each<'_>) -> Result<()> {
        let presence = Presence::read(self.file.open(None)?)?;
        elements(input, &PATH, &mut |element: Element| {
            let line = element.line;
            let found = element
                .value
                .and_then(|value| event(element.name, element.kind, &value));
            let seen = match found {
                Ok(Found::Heartbeat(seen)) => seen,
                found => return hand_over(each, line, found),
            };
            match presence.of(&seen.bucket) {
                None => hand_over(each, line, Ok(Found::Heartbeat(seen))),
                Some(present) => {
                    let parts = cut(&seen, present);
                    if parts.is_empty() {
                        return hand_over(each, line, Ok(Found::Left(AWAY.to_owned())));
                    }
                    let mut parts = parts.into_iter();
                    parts.try_for_each(|seen| hand_over(each, line, Ok(Found::Heartbeat(Box::new(seen)))))
                }
            }
        })
    }
}

/// The stretches in which the person was there, by the name of the machine.
struct Presence {
    machines: BTreeMap<String, Vec<(Instant, Instant)>>,
    /// Those of all machines.
    all: Vec<(Instant, Instant)>,
}

impl Presence {
    fn read(input: Input) -> Result<Self> {
        let mut machines = BTreeMap::<String, Vec<(Instant, Instant)>>::new();
        elements(input, &PATH, &mut |element: Element| {
            if is_afk(element.name, element.kind)
                && let Ok(value) = &element.value
                && let Ok((at, until)) = times(value)
            {
                let spans = machines.entry(machine(element.name).to_owned()).or_default();
                let status = value.get("data").and_then(|data| data.get("status"));
                if status.and_then(Value::as_str) == Some("not-afk") {
                    spans.push((at, until));
                }
            }
            ControlFlow::Continue(())
        })?;
        let all = machines.values().flatten().copied().collect();
        for spans in machines.values_mut() {
            *spans = joined(mem::take(spans));
        }
        Ok(Self {
            machines,
            all: joined(all),
        })
    }

    /// Returns the stretches of a bucket's machine, or of all where its name does not tell; `None` without an AFK bucket.
    fn of(&self, bucket: &str) -> Option<&[(Instant, Instant)]> {
        match self.machines.get(machine(bucket)) {
            Some(spans) => Some(spans),
            None if self.machines.is_empty() => None,
            None => Some(&self.all),
        }
    }
}

/// Returns the machine's name at the end of a bucket's: `aw-watcher-afk_box`.
fn machine(bucket: &str) -> &str {
    bucket.split_once('_').map_or("", |(_, machine)| machine)
}

fn is_afk(bucket: &str, kind: &str) -> bool {
    kind == "afkstatus" || kind.is_empty() && bucket.starts_with("aw-watcher-afk")
}

/// Sorts stretches and joins those that touch.
fn joined(mut spans: Vec<(Instant, Instant)>) -> Vec<(Instant, Instant)> {
    spans.sort_unstable();
    let mut joined = Vec::<(Instant, Instant)>::new();
    for (start, end) in spans {
        match joined.last_mut() {
            Some((_, last)) if start <= *last => *last = end.max(*last),
            _ => joined.push((start, end)),
        }
    }
    joined
}

/// Returns the parts of a stretch in which the person was there.
fn cut(seen: &Sighting, present: &[(Instant, Instant)]) -> Vec<Sighting> {
    let from = present.partition_point(|(_, end)| *end < seen.at);
    let parts = present.iter().skip(from).take_while(|(start, _)| *start <= seen.until);
    let part = |(start, end): &(Instant, Instant)| Sighting {
        at: seen.at.max(*start),
        until: seen.until.min(*end),
        is_present: true,
        ..seen.clone()
    };
    parts.map(part).collect()
}

/// Returns the first and the last instant of an event.
fn times(value: &Value) -> Result<(Instant, Instant)> {
    let event = value.as_object().context("it is not an event")?;
    let timestamp = event
        .get("timestamp")
        .and_then(Value::as_str)
        .context("it has no timestamp")?;
    let at = DateTime::parse_from_rfc3339(timestamp).with_context(|| format!("`{timestamp}` is not an instant"))?;
    let at = Instant::from(at);
    let duration = event.get("duration").filter(|duration| duration.is_number());
    let duration = duration.map_or(Ok(Length::ZERO), |duration| value::seconds(&duration.to_string()))?;
    Ok((at, at + duration))
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
        // Presence names no file, and titles of windows only seem to.
        let is_window = kind == "currentwindow" || kind.is_empty() && bucket.starts_with("aw-watcher-window");
        return Ok(if is_window {
            Found::Left(WINDOWS.to_owned())
        } else {
            Found::Aside
        });
    }
    let (at, until) = times(value)?;
    let event = value.as_object().context("it is not an event")?;
    let data = event.get("data").and_then(Value::as_object).context("it has no data")?;
    let text = |key: &str| data.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    Ok(Found::Heartbeat(Box::new(Sighting {
        bucket: bucket.to_owned(),
        at,
        until,
        is_present: false,
        target: text(if is_page { "url" } else { "file" }).map(str::to_owned),
        kind: if is_page { Kind::Visit } else { Kind::Edit },
        actor: Actor::Human,
        is_private: data.get("incognito").and_then(Value::as_bool).unwrap_or_default(),
        language: text("language").filter(|_| is_editor).map(str::to_lowercase),
    })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_is_cut_to_where_the_person_was() {
        let at = Instant::from_millis;
        let present = joined(vec![(at(50), at(60)), (at(10), at(20)), (at(20), at(30))]);
        assert_eq!(present, [(at(10), at(30)), (at(50), at(60))]);
        let cuts = |from: i64, to: i64| -> Vec<(i64, i64)> {
            let seen = Sighting {
                bucket: String::new(),
                at: at(from),
                until: at(to),
                is_present: false,
                target: None,
                kind: Kind::Visit,
                actor: Actor::Human,
                is_private: false,
                language: None,
            };
            let cut = cut(&seen, &present);
            assert!(cut.iter().all(|part| part.is_present));
            cut.iter().map(|part| (part.at.millis(), part.until.millis())).collect()
        };
        assert_eq!(cuts(0, 100), [(10, 30), (50, 60)]);
        assert_eq!(cuts(15, 55), [(15, 30), (50, 55)]);
        assert_eq!(cuts(20, 20), [(20, 20)]);
        assert_eq!(cuts(31, 49), []);
        assert_eq!(cuts(70, 90), []);
    }
}
