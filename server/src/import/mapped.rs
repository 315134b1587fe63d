//! Any other table: the user says which column is what.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use anyhow::{Error, Result, bail};
use chrono::Days;
use keeptab_core::instant::Length;
use serde::{Deserialize, Serialize};

use super::header::{Column, Header};
use super::table::{Cells, Layout};
use super::value::{Moment, moment};
use super::{Draft, Found, When};

/// The fields that a column may hold, with the column names that are guessed.
const KEYS: [(&str, &[&str]); 15] = [
    ("date", &["date", "day", "datum", "tag", "start date"]),
    ("start", &["start", "start time", "from", "begin", "von", "beginn"]),
    ("end", &["end", "stop", "end time", "to", "bis", "ende"]),
    ("hours", &["hours", "hrs", "stunden", "heures", "time (hours)"]),
    ("duration", &["duration", "time", "dauer", "durée", "time spent"]),
    ("client", &["client", "customer", "kunde", "company"]),
    ("project", &["project", "projekt", "projet", "job"]),
    ("task", &["task", "activity", "service", "tätigkeit"]),
    (
        "note",
        &["note", "notes", "description", "comment", "comments", "beschreibung"],
    ),
    ("billable", &["billable", "billable?", "abrechenbar"]),
    ("billed", &["billed", "invoiced", "invoiced?", "abgerechnet"]),
    ("rate", &["rate", "hourly rate", "billable rate", "stundensatz"]),
    ("currency", &["currency", "währung"]),
    ("user", &["user", "person", "member", "employee", "name", "benutzer"]),
    ("minutes", &["minutes", "minuten"]),
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

    /// Returns whether it names no column.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns whether a table has all its columns.
    pub(super) fn fits(&self, header: &Header) -> bool {
        self.0
            .values()
            .all(|name| header.column(&name.to_lowercase()).is_there())
    }

    /// Finds its columns in a table.
    pub(super) fn layout(&self, header: &Header) -> Result<Mapped> {
        let column = |key: &str| -> Result<Column> {
            let Some(name) = self.0.get(key) else {
                return Ok(Column(None));
            };
            let found = header.column(&name.to_lowercase());
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
            hours: column("hours")?,
            duration: column("duration")?,
            minutes: column("minutes")?,
            client: column("client")?,
            project: column("project")?,
            task: column("task")?,
            note: column("note")?,
            billable: column("billable")?,
            billed: column("billed")?,
            rate: column("rate")?,
            currency: column("currency")?,
            user: column("user")?,
            header_currency: header.currency(),
        };
        let has_length = [mapped.hours, mapped.duration, mapped.minutes, mapped.end];
        if !mapped.date.or(mapped.start).is_there() || !has_length.iter().any(|column| column.is_there()) {
            let hint = "write it as --map date=Day,hours=Hrs,project=Job";
            bail!("a mapping needs a date or a start, and hours, a duration, minutes or an end\nhint: {hint}");
        }
        Ok(mapped)
    }
}

impl FromStr for Mapping {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut columns = BTreeMap::new();
        for part in text.split(',') {
            let keys = KEYS.map(|(key, _)| key).join(", ");
            let Some((key, name)) = part.split_once('=') else {
                bail!("`{part}` maps no column\nhint: write it as date=Day,hours=Hrs; it can map {keys}");
            };
            let key = key.trim().to_lowercase();
            if !KEYS.iter().any(|(known, _)| *known == key) {
                bail!("there is nothing called `{key}` to map\nhint: it can map {keys}");
            }
            columns.insert(key, name.trim().to_owned());
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
    hours: Column,
    duration: Column,
    minutes: Column,
    client: Column,
    project: Column,
    task: Column,
    note: Column,
    billable: Column,
    billed: Column,
    rate: Column,
    currency: Column,
    user: Column,
    header_currency: Option<keeptab_core::money::Currency>,
}

impl Layout for Mapped {
    fn row(&self, cells: &Cells<'_>) -> Result<Found> {
        let (when, is_running) = self.when(cells)?;
        let mut draft = Draft::at(when);
        if cells.is_filled(self.hours) {
            draft.length = Some(super::table::hours(cells, self.hours)?);
            draft.exact = Length::from_secs(36);
        } else if cells.is_filled(self.minutes) {
            let minutes = super::value::decimal(cells.text(self.minutes), cells.conventions())?;
            let seconds = minutes * rust_decimal::Decimal::from(60);
            draft.length = Some(super::value::seconds(&seconds.to_string())?);
            draft.exact = Length::from_secs(60);
        } else if let Some((length, exact)) = cells.length(self.duration)? {
            (draft.length, draft.exact) = (Some(length), exact);
        } else if is_running {
            return Ok(Found::Running);
        }
        draft.client = cells.owned(self.client);
        draft.project = cells.owned(self.project);
        draft.task = cells.owned(self.task);
        draft.description = cells.owned(self.note);
        draft.user = cells.owned(self.user);
        draft.billable = cells.flag(self.billable)?;
        draft.billed = cells.flag(self.billed)?;
        draft.own_rate = cells.price(self.rate);
        draft.rate = draft.own_rate;
        draft.currency = cells.text(self.currency).parse().ok().or(self.header_currency);
        Ok(draft.into())
    }
}

impl Mapped {
    /// Returns when a row was, and whether it has neither an end nor anything in its place.
    fn when(&self, cells: &Cells<'_>) -> Result<(When, bool)> {
        if !cells.is_filled(self.start) {
            return Ok((When::Day(cells.date(self.date)?), true));
        }
        // A start that is a clock time alone is on the day of the date.
        let at = |column: Column| -> Result<Moment> {
            if self.date.is_there() && !cells.text(column).contains(['-', '/', 'T']) {
                let time = cells.time(column)?;
                return Ok(Moment::Clock(cells.date(self.date)?.and_time(time)));
            }
            moment(cells.text(column), cells.conventions())
        };
        let start = at(self.start)?;
        if !cells.is_filled(self.end) {
            return Ok(match start {
                Moment::Clock(start) => (When::Day(start.date()), true),
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
