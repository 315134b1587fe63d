//! Facts that only all rows of a file tell, and facts that only the user can tell.

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
        if request.user.is_none() && surveyed.users.len() > 1 {
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
    /// True if all rows of the file were read.
    pub(super) is_whole: bool,
}

/// Reads a whole file for the facts that its rows tell together.
pub(super) fn survey(file: &Path, source: &mut Recognised, request: &ImportRequest) -> Result<Surveyed> {
    skim(file, source, request, usize::MAX)
}

/// Reads the first rows of a file, from which the rest is guessed.
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

    /// Finishes with the conventions that the rows showed while they were read.
    pub(super) fn settle(&mut self, seen: &Conventions) {
        self.is_ambiguous = seen.is_ambiguous();
        self.conventions = seen.settled();
    }

    /// Returns the fact that only the user can tell, if it is missing.
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

/// A fact that only the user can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lacking {
    /// The order of dates.
    Order(PathBuf),
    /// The user whose rows are wanted.
    User(Vec<String>),
    /// The wanted user has no rows.
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
