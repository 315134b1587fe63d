//! Calendars (iCalendar, RFC 5545): events as entries. Days, cancelled events and events that repeat are named and left.

mod zone;

use std::ops::ControlFlow;

use anyhow::{Context as _, Result, anyhow};
use chrono::{LocalResult, NaiveDateTime, TimeDelta, TimeZone as _};
use chrono_tz::Tz;

use super::conventions::Conventions;
use super::lines::whole_lines;
use super::table::hand_over;
use super::tool::{Form, Tool, reader};
use super::value::{self, Moment};
use super::{Draft, Each, Found, Importer, Input, When, solidtime};
use zone::Zones;

pub(super) const TOOL: Tool = Tool {
    name: "ics",
    forms: &[Form::Text(|head, _| {
        head.starts_with("BEGIN:VCALENDAR").then_some(Ics).and_then(reader)
    })],
};

/// The events.
pub(super) struct Ics;

const UNFINISHED: &str = "the event has no end in the file";

/// A property of an event: its name, its parameters and its value.
struct Property {
    name: String,
    parameters: String,
    value: String,
}

impl Importer for Ics {
    fn read(&mut self, input: Input, conventions: &Conventions, each: Each<'_>) -> Result<()> {
        // A line that begins with a space goes on with the one before.
        let (mut pending, mut event): (String, Option<(u64, Vec<Property>)>) = (String::new(), None);
        let (mut depth, mut zones) = (0_u32, Zones::default());
        let mut take = |number: u64, line: &str| {
            let Some(property) = property(line) else {
                return ControlFlow::Continue(());
            };
            match (&*property.name, &*property.value, &mut event) {
                ("BEGIN", "VEVENT", open) => {
                    depth = 0;
                    if let Some((begun, _)) = open.replace((number, Vec::new())) {
                        return hand_over(each, begun, Err(anyhow!(UNFINISHED)));
                    }
                }
                ("END", "VEVENT", _) => {
                    depth = 0;
                    if let Some((begun, properties)) = event.take() {
                        return hand_over(each, begun, entry(&properties, &zones, conventions));
                    }
                }
                // An alarm inside an event has properties of the same names.
                ("BEGIN", _, Some(_)) => depth += 1,
                ("END", _, Some(_)) => depth = depth.saturating_sub(1),
                (_, _, Some((_, properties))) if depth == 0 => properties.push(property),
                (_, _, None) => zones.take(&property),
                _ => {}
            }
            ControlFlow::Continue(())
        };
        let mut begun = 0;
        whole_lines(input, |number, line| {
            if let Some(more) = line.strip_prefix([' ', '\t']) {
                pending.push_str(more);
                return ControlFlow::Continue(());
            }
            let whole = std::mem::replace(&mut pending, line.to_owned());
            let at = std::mem::replace(&mut begun, number);
            take(at, &whole)
        })?;
        let is_done = take(begun, &pending).is_break();
        if let (Some((begun, _)), false) = (event, is_done) {
            let _ = hand_over(each, begun, Err(anyhow!(UNFINISHED)));
        }
        Ok(())
    }
}

fn property(line: &str) -> Option<Property> {
    let mut quoted = false;
    let colon = line.find(|letter: char| {
        quoted ^= letter == '"';
        letter == ':' && !quoted
    })?;
    let (head, value) = (line.get(..colon)?, line.get(colon + 1..)?);
    let (name, parameters) = head.split_once(';').unwrap_or((head, ""));
    Some(Property {
        name: name.to_ascii_uppercase(),
        parameters: parameters.to_owned(),
        value: value.to_owned(),
    })
}

fn entry(properties: &[Property], zones: &Zones, conventions: &Conventions) -> Result<Found> {
    let find = |name: &str| properties.iter().find(|property| property.name == name);
    let text = |name: &str| find(name).map_or_else(String::new, |property| plain(&property.value));
    if text("STATUS").eq_ignore_ascii_case("cancelled") {
        return Ok(Found::Left("cancelled events".to_owned()));
    }
    if find("RRULE").is_some() || find("RDATE").is_some() {
        return Ok(Found::Left("events that repeat".to_owned()));
    }
    let start = find("DTSTART").context("it has no start")?;
    if !start.value.contains('T') {
        return Ok(Found::Left("whole days".to_owned()));
    }
    let start = moment(start, zones, conventions)?;
    let end = match (find("DTEND"), find("DURATION")) {
        (Some(end), _) => moment(end, zones, conventions)?,
        (None, Some(duration)) => {
            let (length, _) = value::length(duration.value.trim_start_matches('+'), None, conventions)?;
            match start {
                Moment::Exact(start) => Moment::Exact(start + length),
                Moment::Clock(start) => Moment::Clock(start + TimeDelta::milliseconds(length.millis())),
            }
        }
        (None, None) => start,
    };
    let mut draft = Draft::at(solidtime::when(start, end)?);
    draft.description = text("SUMMARY");
    draft.tags = properties
        .iter()
        .filter(|property| property.name == "CATEGORIES")
        .flat_map(|property| property.value.split(','))
        .map(|tag| plain(tag.trim()))
        .collect();
    if let When::Exact(from, to) = draft.when
        && from == to
    {
        return Ok(Found::Left("events without a length".to_owned()));
    }
    Ok(draft.into())
}

/// Reads `20240314T090000`, in UTC, in the zone that a parameter names, or by the clock of the file. A name that is none of
/// IANA's is a zone that the calendar defines.
fn moment(property: &Property, zones: &Zones, conventions: &Conventions) -> Result<Moment> {
    let zone = property
        .parameters
        .split(';')
        .find_map(|parameter| parameter.strip_prefix("TZID="));
    let at = value::moment(&property.value, conventions)?;
    let (Moment::Clock(local), Some(name)) = (at, zone) else {
        return Ok(at);
    };
    let name = name.trim_matches('"');
    if let Ok(zone) = name.parse::<Tz>() {
        return instant(zone, local).with_context(|| format!("`{}` is not an instant", property.value));
    }
    let offset = zones.offset(name, local);
    let at = offset.and_then(|offset| offset.from_local_datetime(&local).single());
    at.map(|at| Moment::Exact(at.into()))
        .with_context(|| format!("`{name}` is not a time zone"))
}

/// Returns the instant of a clock time; of a doubled hour the first, of a missing one none.
fn instant(zone: Tz, local: NaiveDateTime) -> Option<Moment> {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Some(Moment::Exact(at.into())),
        LocalResult::None => None,
    }
}

/// Removes the backslashes of a text.
fn plain(text: &str) -> String {
    let (mut plain, mut escaped) = (String::new(), false);
    for letter in text.chars() {
        match letter {
            'n' | 'N' if escaped => plain.push(' '),
            _ if escaped => plain.push(letter),
            '\\' => {
                escaped = true;
                continue;
            }
            _ => plain.push(letter),
        }
        escaped = false;
    }
    plain
}
