//! Tools whose exports are tables that a mapping reads: their columns by field.
//!
//! Everhour's columns are those of its time report. The columns of Tempo, `ClickUp` and Hamster (TSV, version 3) were
//! written down without a real export at hand: a column that is named otherwise is read only with `--map`.

use super::header::Header;
use super::mapped::Mapping;
use super::source::Source;

/// A tool, the columns that no other tool has together, and its columns by field.
type Preset = (Source, &'static [&'static str], &'static [(&'static str, &'static str)]);

const PRESETS: [Preset; 4] = [
    (
        Source::Everhour,
        &["date", "project", "member", "time", "billable time"],
        &[
            ("date", "date"),
            ("duration", "time"),
            ("project", "project"),
            ("client", "client"),
            ("task", "task"),
            ("user", "member"),
            ("note", "comments"),
            ("billable", "billable"),
            ("amount", "billable amount"),
        ],
    ),
    (
        Source::Tempo,
        &["issue key", "hours", "work date"],
        &[
            ("date", "work date"),
            ("hours", "hours"),
            ("client", "account customer"),
            ("project", "project name"),
            ("task", "issue key"),
            ("note", "work description"),
            ("user", "full name"),
        ],
    ),
    (
        Source::Clickup,
        &["time entry id", "start", "stop", "space name", "list name"],
        &[
            // Milliseconds since 1970.
            ("start", "start"),
            ("end", "stop"),
            ("client", "space name"),
            ("project", "list name"),
            ("task", "task name"),
            ("note", "description"),
            ("tags", "time labels"),
            ("user", "username"),
            ("billable", "billable"),
        ],
    ),
    (
        Source::Hamster,
        &["activity", "start time", "end time", "duration minutes", "category"],
        &[
            ("start", "start time"),
            ("end", "end time"),
            ("minutes", "duration minutes"),
            ("project", "category"),
            ("task", "activity"),
            ("note", "description"),
            ("tags", "tags"),
        ],
    ),
];

/// Returns the tool that writes such a header, with its mapping.
pub(super) fn find(header: &Header, fits: &impl Fn(Source) -> bool) -> Option<(Source, Mapping)> {
    let (source, _, columns) = PRESETS
        .iter()
        .find(|(source, needed, _)| fits(*source) && header.has(needed))?;
    Some((*source, Mapping::of(header, columns)))
}
