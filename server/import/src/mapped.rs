//! Any other table: the user says which column is what.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use anyhow::{Error, Result, bail};
use chrono::{Days, NaiveDateTime, NaiveTime, TimeDelta};
use keeptab_core::instant::Length;
use serde::{Deserialize, Serialize};

use super::header::{Column, Header};
use super::table::{Cells, Layout, is_sum};
use super::value::Moment;
use super::{Bare, Draft, Found, When, value};

/// The fields that a column may hold, with the column names that are guessed.
const KEYS: [(&str, &[&str]); 18] = [
    (
        "date",
        &[
            "date",
            "day",
            "datum",
            "tag",
            "start date",
            "spent date",
            "work date",
            "fecha",
            "data",
        ],
    ),
    (
        "start",
        &[
            "start",
            "start time",
            "started",
            "from",
            "begin",
            "von",
            "beginn",
            "start date time",
        ],
    ),
    ("end", &["end", "stop", "end time", "ended", "to", "bis", "ende"]),
    (
        "hours",
        &[
            "hours",
            "hrs",
            "stunden",
            "heures",
            "time (hours)",
            "time (decimal)",
            "duration (decimal)",
        ],
    ),
    (
        "duration",
        &[
            "duration",
            "time",
            "dauer",
            "durée",
            "time spent",
            "time tracked",
            "tracked",
            "duration (h)",
        ],
    ),
    (
        "client",
        &["client", "customer", "kunde", "company", "client name", "customer name"],
    ),
    ("project", &["project", "projekt", "projet", "job", "project name"]),
    ("task", &["task", "activity", "service", "tätigkeit", "task name"]),
    (
        "note",
        &[
            "note",
            "notes",
            "description",
            "comment",
            "comments",
            "beschreibung",
            "work description",
        ],
    ),
    ("tags", &["tags", "labels"]),
    ("billable", &["billable", "billable?", "abrechenbar"]),
    ("billed", &["billed", "invoiced", "invoiced?", "abgerechnet"]),
    ("rate", &["rate", "hourly rate", "billable rate", "stundensatz"]),
    ("amount", &["amount", "billable amount", "betrag"]),
    ("currency", &["currency", "währung"]),
    (
        "user",
        &["user", "person", "member", "employee", "name", "benutzer", "user name"],
    ),
    (
        "minutes",
        &["minutes", "minuten", "time (minutes)", "duration (minutes)"],
    ),
    (
        "seconds",
        &[
            "seconds",
            "sekunden",
            "time (seconds)",
            "duration (seconds)",
            "time spent (seconds)",
        ],
    ),
];

/// The fields that hold a length, with the unit of a number without one.
const LENGTHS: [(&str, Option<Bare>); 4] = [
    ("hours", Some(Bare::Hours)),
    ("minutes", Some(Bare::Minutes)),
    ("seconds", Some(Bare::Seconds)),
    ("duration", None),
];

/// The columns of a table by field: `date=Day,hours=Hrs,project=Job`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mapping(BTreeMap<String, String>);

impl Mapping {
    /// Guesses a mapping from the names of columns.
    pub(super) fn guess(header: &Header) -> Self {
        let find = |(key, names): &(&str, &[&str])| {
            let index = header.any(names).0?;
            Some(((*key).to_owned(), header.written().get(index)?.clone()))
        };
        Self(KEYS.iter().filter_map(find).collect())
    }

    /// Maps those of some columns that a table has.
    pub(super) fn of(header: &Header, columns: &[(&str, &[&str])]) -> Self {
        let written = |(key, names): &(&str, &[&str])| {
            let index = header.any(names).0?;
            Some(((*key).to_owned(), header.written().get(index)?.clone()))
        };
        Self(columns.iter().filter_map(written).collect())
    }

    /// Returns the number of columns that the mapping names.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns those of some columns that it does not name: an import drops them.
    #[must_use]
    pub fn dropped(&self, columns: &[String]) -> Vec<String> {
        let is_named = |column: &&String| self.0.values().any(|name| name.eq_ignore_ascii_case(column));
        columns.iter().filter(|column| !is_named(column)).cloned().collect()
    }

    /// Returns the column of lengths without a stated unit, `duration` or else `hours`; `None` if the mapping has
    /// neither.
    #[must_use]
    pub fn open_length(&self) -> Option<&str> {
        ["duration", "hours"]
            .iter()
            .find_map(|key| self.0.get(*key))
            .map(String::as_str)
    }

    /// Returns it with its lengths read as seconds.
    #[must_use]
    pub fn in_seconds(&self) -> Self {
        let mut columns = self.0.clone();
        if let Some(name) = columns.remove("duration").or_else(|| columns.remove("hours")) {
            columns.insert("seconds".to_owned(), name);
        }
        Self(columns)
    }

    /// Returns true if it says when and how long.
    pub(super) fn is_enough(&self) -> bool {
        let has = |key: &str| self.0.contains_key(key);
        (has("date") || has("start")) && (has("end") || LENGTHS.iter().any(|(key, _)| has(key)))
    }

    /// Returns whether a table has all its columns.
    pub(super) fn fits(&self, header: &Header) -> bool {
        self.0.values().all(|name| header.written_as(name).is_there())
    }

    /// Finds its columns in a table.
    pub(super) fn layout(&self, header: &Header) -> Result<Mapped> {
        let column = |key: &str| -> Result<Column> {
            let Some(name) = self.0.get(key) else {
                return Ok(Column(None));
            };
            let found = header.written_as(name);
            if !found.is_there() {
                let names = header.written().join(", ");
                bail!("the file has no column `{name}`\nhint: its columns are {names}");
            }
            Ok(found)
        };
        let mapped = Mapped {
            date: column("date")?,
            start: column("start")?,
            end: column("end")?,
            lengths: [
                (column("hours")?, Some(Bare::Hours)),
                (column("minutes")?, Some(Bare::Minutes)),
                (column("seconds")?, Some(Bare::Seconds)),
                (column("duration")?, None),
            ],
            client: column("client")?,
            project: column("project")?,
            task: column("task")?,
            note: column("note")?,
            tags: column("tags")?,
            billable: column("billable")?,
            billed: column("billed")?,
            rate: column("rate")?,
            amount: column("amount")?,
            currency: column("currency")?,
            user: column("user")?,
            header_currency: header.currency(),
        };
        if !self.is_enough() {
            let hint = "write it as --map date=Day,hours=Hrs,project=Job";
            bail!("a mapping needs a date or a start, and hours, minutes, seconds, a duration or an end\nhint: {hint}");
        }
        Ok(mapped)
    }
}

impl FromStr for Mapping {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut columns = BTreeMap::new();
        // A comma without a field after it belongs to the name of the column.
        let mut parts: Vec<String> = Vec::new();
        for part in text.split(',') {
            match parts.last_mut() {
                Some(last) if !part.contains('=') => {
                    last.push(',');
                    last.push_str(part);
                }
                _ => parts.push(part.to_owned()),
            }
        }
        for part in parts {
            let keys = KEYS.map(|(key, _)| key).join(", ");
            let Some((key, name)) = part.split_once('=') else {
                bail!("`{part}` maps no column\nhint: write it as date=Day,hours=Hrs; it can map {keys}");
            };
            let key = key.trim().to_lowercase();
            if !KEYS.iter().any(|(known, _)| *known == key) {
                bail!("there is nothing called `{key}` to map\nhint: it can map {keys}");
            }
            let name = name.trim();
            let quoted = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
            columns.insert(key, quoted.unwrap_or(name).to_owned());
        }
        Ok(Self(columns))
    }
}

impl fmt::Display for Mapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (key, name)) in self.0.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            write!(f, "{comma}{key}={name}")?;
        }
        Ok(())
    }
}

/// The columns of such a table.
pub(super) struct Mapped {
    date: Column,
    start: Column,
    end: Column,
    lengths: [(Column, Option<Bare>); 4],
    client: Column,
    project: Column,
    task: Column,
    note: Column,
    tags: Column,
    billable: Column,
    billed: Column,
    rate: Column,
    amount: Column,
    currency: Column,
    user: Column,
    header_currency: Option<keeptab_core::money::Currency>,
}

impl Layout for Mapped {
    fn row(&self, cells: &Cells<'_>) -> Result<Found> {
        let dates = [self.date, self.start, self.project, self.client];
        if let Some(sum) = dates.iter().find(|column| is_sum(cells.text(**column))) {
            return Ok(Found::Left(cells.text(*sum).trim_end_matches(':').to_owned()));
        }
        let (when, is_open) = self.when(cells)?;
        let mut draft = Draft::at(when);
        let filled = self.lengths.iter().find(|(column, _)| cells.is_filled(*column));
        match (filled, is_open) {
            (Some((column, None)), false) => cells.measure(&mut draft, *column),
            (Some((column, bare)), _) => {
                if let Some((length, exact)) = cells.length(*column, *bare)? {
                    (draft.length, draft.exact) = (Some(length), exact);
                    draft.doubt = value::doubt(cells.text(*column));
                }
            }
            (None, true) => return Ok(Found::Running),
            (None, false) => {}
        }
        // A start and a length make an end.
        if let Some(length) = draft.length {
            match when {
                When::Exact(start, end) if start == end => draft.when = When::Exact(start, start + length),
                When::Clock(start, _) if is_open => {
                    draft.when = self.lasting(start, length);
                    // Keeptab 0.1 imported such a row without its clock times.
                    draft.known_as = Some(When::Day(start.date()));
                }
                _ => {}
            }
        }
        draft.client = cells.words(self.client);
        draft.project = cells.words(self.project);
        draft.task = cells.words(self.task);
        draft.description = cells.words(self.note);
        draft.tags = cells.tags(self.tags);
        draft.user = cells.owned(self.user);
        draft.billable = cells.flag(self.billable)?;
        draft.billed = cells.flag(self.billed)?;
        draft.currency = value::currency(cells.text(self.currency)).or(self.header_currency);
        draft.own_rate = cells.price(&mut draft, self.rate);
        draft.amount = cells.price(&mut draft, self.amount);
        Ok(draft.into())
    }
}

impl Mapped {
    /// Returns the time of a row that has a start and a length. A start at midnight is a day without a clock time, as
    /// spreadsheets write it, unless the row has its date in another column.
    fn lasting(&self, start: NaiveDateTime, length: Length) -> When {
        let day = When::Day(start.date());
        if start.time() == NaiveTime::MIN && !self.date.is_there() {
            return day;
        }
        let end = start.checked_add_signed(TimeDelta::milliseconds(length.millis()));
        end.map_or(day, |end| When::Clock(start, end))
    }

    /// Returns when a row was, and whether it has neither an end nor anything in its place.
    fn when(&self, cells: &Cells<'_>) -> Result<(When, bool)> {
        if !cells.is_filled(self.start) {
            return Ok(match value::since_1970(cells.text(self.date)) {
                Some(start) => (When::Exact(start, start), true),
                None => (When::Day(cells.date(self.date)?), true),
            });
        }
        // A start that is a clock time alone is on the day of the date.
        let at = |column: Column| -> Result<Moment> {
            let text = cells.text(column);
            if self.date.is_there() && (value::time(text).is_ok() || text.starts_with("24:00")) {
                return Ok(Moment::Clock(value::clock(cells.date(self.date)?, text)?));
            }
            value::moment(text, cells.conventions())
        };
        let start = at(self.start)?;
        if !cells.is_filled(self.end) {
            return Ok(match start {
                Moment::Clock(start) => (When::Clock(start, start), true),
                Moment::Exact(start) => (When::Exact(start, start), true),
            });
        }
        Ok(match (start, at(self.end)?) {
            (Moment::Clock(start), Moment::Clock(end)) if end < start && self.date.is_there() => {
                (When::Clock(start, end + Days::new(1)), false)
            }
            (start, end) => (super::solidtime::when(start, end)?, false),
        })
    }
}
