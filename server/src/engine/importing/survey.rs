//! What the rows of a file tell only together, and what nobody but the user can tell.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde::Serialize;

use super::{ImportRequest, is_table};
use crate::import::{Conventions, Draft, Found, Input, Mapping, Recognised, Source, When};

/// More people than this in one file are not people.
const MOST_USERS: usize = 500;
/// Rows that tell how the others are likely to be read.
const SAMPLE: usize = 1_000;

/// What has to be said of files before they can be imported.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Survey {
    /// The tools.
    pub sources: Vec<String>,
    /// Whether some clock times have no zone, and the user named none.
    pub needs_zone: bool,
    /// The zone that is taken then.
    pub zone: String,
    /// Whether the order of dates has to be asked for.
    pub is_ambiguous: bool,
    /// Whose rows there are, where the user has to choose.
    pub users: Vec<String>,
    /// The columns of a table of nobody that is known, and what they seem to be.
    #[serde(skip)]
    pub unknown: Option<(Vec<String>, Mapping)>,
}

impl Survey {
    /// Adds what one file says.
    pub(super) fn add(&mut self, surveyed: &Surveyed, source: Source, request: &ImportRequest) {
        self.sources.push(source.to_string());
        self.needs_zone |= surveyed.needs_zone && request.zone.is_none();
        self.is_ambiguous |= surveyed.is_ambiguous;
        if request.user.is_none() && surveyed.users.len() > 1 {
            for user in surveyed.users.keys().filter(|user| !user.is_empty()) {
                if !self.users.contains(user) {
                    self.users.push(user.clone());
                }
            }
        }
    }
}

/// What one file says.
#[derive(Default)]
pub(super) struct Surveyed {
    /// How its rows are to be read.
    pub(super) conventions: Conventions,
    /// Whether some clock times have no zone.
    pub(super) needs_zone: bool,
    /// Whether dates read either way.
    pub(super) is_ambiguous: bool,
    /// Whose rows there are, and how many.
    pub(super) users: BTreeMap<String, u64>,
    /// Whether all of the file was asked.
    pub(super) is_whole: bool,
}

/// Reads a whole file for what its rows tell together.
pub(super) fn survey(file: &Path, source: &mut Recognised, request: &ImportRequest) -> Result<Surveyed> {
    skim(file, source, request, usize::MAX)
}

/// Reads the first rows of a file for how all of it is likely to be read.
pub(super) fn sample(file: &Path, source: &mut Recognised, request: &ImportRequest) -> Result<Surveyed> {
    skim(file, source, request, SAMPLE)
}

fn skim(file: &Path, source: &mut Recognised, request: &ImportRequest, rows: usize) -> Result<Surveyed> {
    let conventions = Conventions::with_order(request.order);
    let mut surveyed = Surveyed {
        is_whole: true,
        ..Surveyed::default()
    };
    if !is_table(source.source) {
        return Ok(surveyed);
    }
    let mut count = 0;
    source.importer.read(Input::open(file)?, &conventions, &mut |row| {
        if count == rows {
            surveyed.is_whole = false;
            return ControlFlow::Break(());
        }
        count += 1;
        if let Found::Entry(draft) = &row.found {
            surveyed.take(draft);
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

    /// Ends with what the rows told of their conventions while they were read.
    pub(super) fn settle(&mut self, seen: &Conventions) {
        self.is_ambiguous = seen.is_ambiguous();
        self.conventions = seen.settled();
    }

    /// Returns what only the user can say, and did not.
    pub(super) fn lacking(&self, file: &Path, request: &ImportRequest) -> Option<Lacking> {
        if self.is_ambiguous {
            return Some(Lacking::Order(file.to_owned()));
        }
        let users: Vec<String> = self.users.keys().filter(|user| !user.is_empty()).cloned().collect();
        let is_there = |wanted: &String| users.iter().any(|user| user.to_lowercase() == wanted.to_lowercase());
        match &request.user {
            None if self.users.len() > 1 => Some(Lacking::User(users)),
            Some(wanted) if !self.users.is_empty() && !is_there(wanted) => {
                Some(Lacking::NoSuchUser(wanted.clone(), users))
            }
            _ => None,
        }
    }
}

/// What only the user can say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lacking {
    /// The order of dates.
    Order(PathBuf),
    /// Whose rows are wanted.
    User(Vec<String>),
    /// Somebody who has no rows is wanted.
    NoSuchUser(String, Vec<String>),
}

impl fmt::Display for Lacking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Order(file) => write!(
                f,
                "the dates in {} read either way, and no row tells which is meant\nhint: say it with --dates dmy or --dates mdy",
                file.display()
            ),
            Self::User(users) => write!(
                f,
                "the file has the time of several people: {}\nhint: say whose is wanted, such as --user '{}'",
                users.join(", "),
                users.first().map_or("", String::as_str)
            ),
            Self::NoSuchUser(wanted, users) => write!(
                f,
                "the file has no time of `{wanted}`\nhint: it has that of {}",
                users.join(", ")
            ),
        }
    }
}

impl std::error::Error for Lacking {}
