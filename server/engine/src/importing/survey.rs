//! Facts that only all rows of a file tell, and facts that only the user can tell.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::ControlFlow;

use anyhow::Result;
use chrono::NaiveDate;
use keeptab_core::instant::Length;
use keeptab_core::plain;
use keeptab_import::{Conventions, Draft, File, Found, Mapping, Recognised, Source, When};
use serde::Serialize;

use super::landing::hms;
use super::tags::ProjectTags;
use super::{ImportRequest, is_table};

/// More people than this in one file are not people.
const MOST_USERS: usize = 500;
/// The most tags to choose from.
const MOST_TAGS: usize = 500;
/// The tags that a message names.
const SHOWN_TAGS: usize = 12;
/// The first rows, from which the reading of the others is guessed.
const SAMPLE: usize = 1_000;

/// The questions to answer before files can be imported.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Survey {
    /// The tools.
    pub sources: Vec<String>,
    /// True if some clock times have no zone, and the user named none.
    pub needs_zone: bool,
    /// The zone that is used in that case.
    pub zone: String,
    /// True if the order of dates has to be asked for.
    pub is_ambiguous: bool,
    /// The users in the files, if the user has to choose one.
    pub users: Vec<String>,
    /// The tags among which the user must choose the project.
    pub tags: BTreeSet<String>,
    /// A day with more than 24 hours, if the user did not say that this is right.
    pub long_day: Option<LongDay>,
    /// The columns of a table of an unknown tool, with a guessed mapping.
    #[serde(skip)]
    pub unknown: Option<(Vec<String>, Mapping)>,
}

impl Survey {
    /// Adds the facts about one file.
    pub(super) fn add(&mut self, surveyed: &Surveyed, source: Source, request: &ImportRequest) {
        self.sources.push(source.to_string());
        self.needs_zone |= surveyed.needs_zone && request.zone.is_none();
        self.is_ambiguous |= surveyed.is_ambiguous;
        self.tags.extend(surveyed.tags.iter().cloned());
        self.long_day = self.long_day.take().or_else(|| surveyed.long_day(request));
        if request.user.is_none() && surveyed.users.keys().filter(|user| !user.is_empty()).count() > 1 {
            for user in surveyed.users.keys().filter(|user| !user.is_empty()) {
                if !self.users.contains(user) {
                    self.users.push(user.clone());
                }
            }
        }
    }
}

/// The facts about one file.
#[derive(Default)]
pub(super) struct Surveyed {
    /// The conventions of its rows.
    pub(super) conventions: Conventions,
    /// True if some clock times have no zone.
    pub(super) needs_zone: bool,
    /// True if dates read either way and no row decides.
    pub(super) is_ambiguous: bool,
    /// The number of rows by user.
    pub(super) users: BTreeMap<String, u64>,
    /// The tags among which the user must choose the project.
    tags: BTreeSet<String>,
    /// The time without clock times by day.
    days: BTreeMap<NaiveDate, Length>,
    /// True if all rows of the file were read.
    pub(super) is_whole: bool,
}

/// Reads a whole file for the facts that its rows tell together: twice if its lengths are to be read otherwise.
pub(super) fn survey(source: &mut Recognised, request: &ImportRequest) -> Result<Surveyed> {
    let first = Conventions::with_order(request.order);
    let surveyed = skim(source, request, first, usize::MAX)?;
    match surveyed.conventions.bare {
        None => Ok(surveyed),
        Some(_) => skim(source, request, surveyed.conventions, usize::MAX),
    }
}

/// Reads the first rows of a file, from which the rest is guessed.
pub(super) fn sample(source: &mut Recognised, request: &ImportRequest) -> Result<Surveyed> {
    let conventions = Conventions::with_order(request.order);
    skim(source, request, conventions, SAMPLE)
}

fn skim(source: &mut Recognised, request: &ImportRequest, conventions: Conventions, rows: usize) -> Result<Surveyed> {
    let mut surveyed = Surveyed {
        is_whole: true,
        ..Surveyed::default()
    };
    if !is_table(source.source) {
        return Ok(surveyed);
    }
    let mut count = 0;
    let input = source.open()?;
    source.importer.read(input, &conventions, &mut |row| {
        if count == rows {
            surveyed.is_whole = false;
            return ControlFlow::Break(());
        }
        count += 1;
        if let Found::Entry(draft) = &row.found {
            surveyed.take(draft);
            if is_wanted(request.user.as_deref(), &draft.user) {
                surveyed.worked(draft);
            }
        }
        ControlFlow::Continue(())
    })?;
    surveyed.settle(&conventions);
    Ok(surveyed)
}

impl Surveyed {
    /// Takes an entry.
    pub(super) fn take(&mut self, draft: &Draft) {
        self.needs_zone |= matches!(draft.when, When::Clock(..));
        if let Some(count) = self.users.get_mut(&draft.user) {
            *count += 1;
        } else if self.users.len() < MOST_USERS {
            self.users.insert(draft.user.clone(), 1);
        }
    }

    /// Adds the length of an imported entry without clock times to its day.
    pub(super) fn worked(&mut self, draft: &Draft) {
        if let (When::Day(day), Some(length)) = (draft.when, draft.length) {
            *self.days.entry(day).or_default() += length;
        }
    }

    /// Takes the tags of an entry of which the user has to say which is the project.
    pub(super) fn open(&mut self, tags: &[String]) {
        if self.tags.len() < MOST_TAGS {
            self.tags.extend(tags.iter().cloned());
        }
    }

    /// Reads a file for tags of which the user has to say which is the project.
    pub(super) fn look_at_tags(&mut self, source: &mut Recognised, tags: &ProjectTags) -> Result<()> {
        if source.source != Source::Timewarrior {
            return Ok(());
        }
        let input = source.open()?;
        source.importer.read(input, &Conventions::default(), &mut |row| {
            if let Found::Entry(mut draft) = row.found
                && !tags.choose(&mut draft)
            {
                self.open(&draft.tags);
            }
            ControlFlow::Continue(())
        })
    }

    /// Returns the fact that only all rows as they land show to be missing.
    pub(super) fn lacking_at_last(&self, file: &File, request: &ImportRequest) -> Option<Lacking> {
        if !self.tags.is_empty() {
            return Some(Lacking::ProjectTag(file.clone(), self.tags.iter().cloned().collect()));
        }
        self.long_day(request).map(|long| Lacking::LongDay(file.clone(), long))
    }

    /// Returns the longest day, if it has more than 24 hours and the user did not say that this is right.
    fn long_day(&self, request: &ImportRequest) -> Option<LongDay> {
        let (day, length) = self.days.iter().max_by_key(|(_, length)| **length)?;
        let is_long = *length > Length::from_minutes(24 * 60) && !request.has_long_days;
        is_long.then(|| LongDay {
            day: *day,
            length: *length,
            column: request
                .mapping
                .as_ref()
                .and_then(|mapping| mapping.open_length().map(str::to_owned)),
        })
    }

    /// Finishes with the conventions that the rows showed while they were read.
    pub(super) fn settle(&mut self, seen: &Conventions) {
        self.is_ambiguous = seen.is_ambiguous();
        self.conventions = seen.settled();
    }

    /// Returns the fact that only the user can tell, if it is missing.
    pub(super) fn lacking(&self, file: &File, request: &ImportRequest) -> Option<Lacking> {
        if self.is_ambiguous {
            return Some(Lacking::Order(file.clone()));
        }
        let users: Vec<String> = self.users.keys().filter(|user| !user.is_empty()).cloned().collect();
        let is_there = |wanted: &String| users.iter().any(|user| user.to_lowercase() == wanted.to_lowercase());
        match &request.user {
            None if users.len() > 1 => Some(Lacking::User(users)),
            Some(wanted) if !self.users.is_empty() && !is_there(wanted) => {
                Some(Lacking::NoSuchUser(wanted.clone(), users))
            }
            _ => None,
        }
    }
}

/// Returns true if the rows of a user are imported.
pub(super) fn is_wanted(wanted: Option<&str>, user: &str) -> bool {
    wanted.is_none_or(|wanted| user.is_empty() || user.to_lowercase() == wanted.to_lowercase())
}

/// A day with more than 24 hours of entries without clock times.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LongDay {
    /// The day.
    pub day: NaiveDate,
    /// Its hours.
    #[serde(skip)]
    pub length: Length,
    /// The column of the lengths, if it may count seconds.
    pub column: Option<String>,
}

/// A fact that only the user can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lacking {
    /// The order of dates.
    Order(File),
    /// The user whose rows are wanted.
    User(Vec<String>),
    /// The tag that is the project.
    ProjectTag(File, Vec<String>),
    /// A day has more than 24 hours.
    LongDay(File, LongDay),
    /// The wanted user has no rows.
    NoSuchUser(String, Vec<String>),
}

impl fmt::Display for Lacking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Order(file) => write!(
                f,
                "the dates in {file} read either way, and no row tells which is meant\nhint: say it with --dates dmy or --dates mdy"
            ),
            Self::User(users) => write!(
                f,
                "the file has the time of several people: {}\nhint: say whose is wanted, such as --user '{}'",
                users.join(", "),
                users.first().map_or("", String::as_str)
            ),
            Self::ProjectTag(file, tags) => {
                let tags: Vec<&str> = tags.iter().take(SHOWN_TAGS).map(String::as_str).collect();
                write!(
                    f,
                    "entries in {} have several tags, and none tells the project: {}\nhint: name the tags that are projects, such as --project-tag {}",
                    file,
                    tags.join(", "),
                    plain::shell(tags.first().copied().unwrap_or_default())
                )
            }
            Self::LongDay(file, LongDay { day, length, column }) => {
                let seconds = column
                    .as_ref()
                    .map(|column| format!("seconds={column} maps a column of seconds; "));
                write!(
                    f,
                    "{day} has {} hours in {}\nhint: {}--long-days takes them as they are",
                    hms(*length),
                    file,
                    seconds.unwrap_or_default()
                )
            }
            Self::NoSuchUser(wanted, users) => write!(
                f,
                "the file has no time of `{wanted}`\nhint: it has that of {}",
                users.join(", ")
            ),
        }
    }
}

impl std::error::Error for Lacking {}
