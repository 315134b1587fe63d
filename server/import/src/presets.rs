//! Tools whose exports are tables that a mapping reads: their columns by field.
//!
//! Everhour's columns are those of its time report, `TMetric`'s those of a detailed report, Super Productivity's those of
//! its own source (worklog export). The others were written down without a real export at hand: a column that is named
//! otherwise is read only with `--map`.

use super::header::Header;
use super::mapped::Mapping;
use super::source::Source;

/// A tool, the columns that no other tool has together, and its columns by field, each with its names.
type Preset = (
    Source,
    &'static [&'static str],
    &'static [(&'static str, &'static [&'static str])],
);

const PRESETS: [Preset; 10] = [
    (
        Source::Everhour,
        &["date", "project", "member", "time", "billable time"],
        &[
            ("date", &["date"]),
            ("duration", &["time"]),
            ("project", &["project"]),
            ("client", &["client"]),
            ("task", &["task"]),
            ("user", &["member"]),
            ("note", &["comments"]),
            ("billable", &["billable"]),
            ("amount", &["billable amount"]),
        ],
    ),
    (
        Source::Tempo,
        &["issue key", "hours", "work date"],
        &[
            ("date", &["work date"]),
            ("hours", &["hours"]),
            ("client", &["account customer"]),
            ("project", &["project name"]),
            ("task", &["issue key"]),
            ("note", &["work description"]),
            ("user", &["full name"]),
        ],
    ),
    (
        Source::Clickup,
        &["time entry id", "start", "stop", "space name", "list name"],
        &[
            // Milliseconds since 1970.
            ("start", &["start"]),
            ("end", &["stop"]),
            ("client", &["space name"]),
            ("project", &["list name"]),
            ("task", &["task name"]),
            ("note", &["description"]),
            ("tags", &["time labels"]),
            ("user", &["username"]),
            ("billable", &["billable"]),
        ],
    ),
    (
        Source::Hamster,
        &["activity", "start time", "end time", "duration minutes", "category"],
        &[
            ("start", &["start time"]),
            ("end", &["end time"]),
            ("minutes", &["duration minutes"]),
            ("project", &["category"]),
            ("task", &["activity"]),
            ("note", &["description"]),
            ("tags", &["tags"]),
        ],
    ),
    (
        Source::Tmetric,
        &["day", "time entry", "start time", "end time", "duration"],
        &[
            ("date", &["day"]),
            ("start", &["start time"]),
            ("end", &["end time"]),
            ("duration", &["duration"]),
            ("client", &["client"]),
            ("project", &["project"]),
            ("note", &["time entry"]),
            ("tags", &["tags"]),
            ("user", &["user"]),
            ("billable", &["billable"]),
            ("billed", &["invoiced"]),
            ("amount", &["billable amount"]),
            ("currency", &["billable currency"]),
        ],
    ),
    (
        Source::Timecamp,
        &["date", "person", "project", "task", "note"],
        &[
            ("date", &["date"]),
            ("start", &["start time", "start", "from"]),
            ("end", &["end time", "end", "to"]),
            ("duration", &["time", "duration", "time tracked"]),
            ("hours", &["hours", "duration (decimal)"]),
            ("client", &["client"]),
            ("project", &["project"]),
            ("task", &["task"]),
            ("note", &["note"]),
            ("tags", &["tags"]),
            ("user", &["person"]),
            ("billable", &["billable"]),
            ("billed", &["invoiced"]),
        ],
    ),
    (
        Source::Hubstaff,
        &["date", "member", "project", "time", "activity"],
        &[
            ("date", &["date"]),
            ("duration", &["time"]),
            ("client", &["client"]),
            ("project", &["project"]),
            ("task", &["task", "to-do"]),
            ("note", &["notes"]),
            ("user", &["member"]),
            ("amount", &["spent", "amount"]),
            ("currency", &["currency"]),
        ],
    ),
    (
        Source::Freshbooks,
        &["team member", "service", "client", "project", "date"],
        &[
            ("date", &["date"]),
            ("duration", &["hours", "duration", "time"]),
            ("client", &["client"]),
            ("project", &["project"]),
            ("task", &["service"]),
            ("note", &["notes", "note"]),
            ("user", &["team member"]),
            ("billable", &["billable"]),
            ("billed", &["billed"]),
            ("rate", &["rate"]),
            ("amount", &["amount"]),
        ],
    ),
    (
        Source::Paymo,
        &["task list", "task", "project", "user"],
        &[
            ("date", &["date"]),
            ("start", &["start", "start time"]),
            ("end", &["end", "end time"]),
            ("duration", &["duration", "hours", "time"]),
            ("client", &["client"]),
            ("project", &["project"]),
            ("task", &["task"]),
            ("note", &["description", "notes"]),
            ("user", &["user"]),
            ("billable", &["billable"]),
            ("billed", &["billed", "invoiced"]),
            ("rate", &["hourly rate", "price per hour"]),
            ("amount", &["amount", "price"]),
        ],
    ),
    (
        Source::SuperProductivity,
        &["date", "titles"],
        &[
            // Start and end are those of the day, not of the task.
            ("date", &["date"]),
            ("duration", &["worked", "time spent"]),
            ("project", &["projects"]),
            ("note", &["titles"]),
            ("tags", &["tags"]),
        ],
    ),
];

/// Returns the tool that writes such a header, with its mapping.
pub(super) fn find(header: &Header, fits: &impl Fn(Source) -> bool) -> Option<(Source, Mapping)> {
    let own = PRESETS
        .iter()
        .filter(|(source, needed, _)| fits(*source) && header.has(needed));
    let mut found = own.map(|(source, _, columns)| (*source, Mapping::of(header, columns)));
    found.find(|(_, mapping)| mapping.is_enough())
}
