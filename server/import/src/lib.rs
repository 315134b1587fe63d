//! Records of other tools, read as a stream of rows: memory does not grow with the file.
//!
//! [`recognise`] finds the tool by the file's shape. Each tool is a small file of its own behind one trait,
//! [`Importer`]; tools that write tables only map columns to fields ([`table::Layout`]). The engine decides a row's
//! zone, its project, and whether it was imported before.

mod archive;
mod conventions;
mod file;
mod header;
mod input;
mod json;
mod lines;
mod mapped;
mod records;
mod solidtime_export;
mod source;
mod table;
mod tool;
mod value;
mod workbook;
mod worklogs;

use std::ops::ControlFlow;

use anyhow::Result;
use chrono::{NaiveDate, NaiveDateTime};
use keeptab_core::activity::{Actor, Kind};
use keeptab_core::entity::Entity;
use keeptab_core::instant::{Instant, Length};
use keeptab_core::money::Currency;
use rust_decimal::Decimal;

pub use activitywatch::{AWAY, WINDOWS};
pub use conventions::{Bare, Conventions, DateOrder};
pub use file::File;
pub use input::Input;
pub use mapped::Mapping;
pub use own::{
    ApplyRecord, AssetRecord, ClaimRecord, CorrectionRecord, CreditRecord, DocumentRecord, ElsewhereRecord,
    EntryRecord, EventRecord, FORMAT, InvoiceRecord, LinkRecord, Own, PART, PaymentRecord, RootRecord, SeriesRecord,
    SourceRecord, UndoneRecord, VoidRecord,
};
pub use source::{Recognised, Unknown, Wish, recognise};

/// Declares the tools: their modules, and [`Source`].
macro_rules! tools {
    ($($module:ident::$name:ident),+ $(,)?) => {
        $(mod $module;)+

        /// A tool whose files can be read.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Source {
            $(
                #[doc = concat!("`", stringify!($name), "`.")]
                $name,
            )+
            /// A table whose columns the user names.
            Mapped,
        }

        /// All tools.
        const TOOLS: &[(Source, &tool::Tool)] = &[$((Source::$name, &$module::TOOL)),+];
    };
}

// One that asks for more comes before another that would read the same file.
tools! {
    toggl::Toggl,
    harvest::Harvest,
    clockify::Clockify,
    kimai::Kimai,
    solidtime::Solidtime,
    tempo::Tempo,
    jira::Jira,
    activitywatch::Activitywatch,
    wakatime::Wakatime,
    ics::Ics,
    timewarrior::Timewarrior,
    watson::Watson,
    timeclock::Timeclock,
    org::Org,
    bartib::Bartib,
    gtimelog::Gtimelog,
    timedot::Timedot,
    everhour::Everhour,
    clickup::Clickup,
    hamster::Hamster,
    tmetric::Tmetric,
    timecamp::Timecamp,
    hubstaff::Hubstaff,
    freshbooks::Freshbooks,
    paymo::Paymo,
    super_productivity::SuperProductivity,
    own::Keeptab,
}

/// Reads the files of one tool.
pub trait Importer: Send {
    /// Passes every row to `each` in the order of the file, until `each` breaks. A row that cannot be read is passed
    /// as [`Found::Refused`], and reading goes on.
    ///
    /// # Errors
    ///
    /// If the file cannot be read any further.
    fn read(&mut self, input: Input, conventions: &Conventions, each: Each<'_>) -> Result<()>;
}

/// Takes rows.
pub type Each<'e> = &'e mut dyn FnMut(Row) -> ControlFlow<()>;

/// One row, with the line on which it begins, from 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The line.
    pub line: u64,
    /// The content of the row.
    pub found: Found,
}

/// The content of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// Time that brings its own seconds.
    Entry(Box<Draft>),
    /// Evidence of work at an instant.
    Heartbeat(Box<Sighting>),
    /// A record of keeptab's own export that no other tool has.
    Own(Box<Own>),
    /// Time that was still running when the file was written: it has no length yet.
    Running,
    /// A row that is not time and is left out on purpose.
    Aside,
    /// A row that another tool counts as time and that is left out, with its kind: a break, a holiday, a sum.
    Left(String),
    /// A row that cannot be read, with the reason.
    Refused(String),
}

/// An entry as a tool wrote it, by the clock of a zone that is not known yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The user's name; empty if the file has none.
    pub user: String,
    /// The client's name, or empty.
    pub client: String,
    /// The project's name, or empty.
    pub project: String,
    /// True if `project` is one of keeptab's own ids.
    pub is_id: bool,
    /// The kind of work, or empty.
    pub task: String,
    /// The description of the work, or empty.
    pub description: String,
    /// The tags.
    pub tags: Vec<String>,
    /// True if one of the tags is the project.
    pub has_project_tag: bool,
    /// The day or the clock times.
    pub when: When,
    /// The time by which the row is recognised if it was imported before, where that is not `when`.
    pub known_as: Option<When>,
    /// The length, if the file gives it.
    pub length: Option<Length>,
    /// The precision of the file's lengths and clock times.
    pub exact: Length,
    /// True if it may be billed; `None` if the file does not say.
    pub billable: Option<bool>,
    /// True if the other tool billed it; `None` if the file does not say.
    pub billed: Option<bool>,
    /// The hourly rate, if the file has one.
    pub own_rate: Option<Decimal>,
    /// The currency of the rates.
    pub currency: Option<Currency>,
    /// The amount of the whole entry, if the file gives it.
    pub amount: Option<Decimal>,
    /// The reason why a cell of the row cannot be read as it stands, if the row is taken all the same.
    pub doubt: Option<String>,
}

/// The time of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// On a day, without clock times.
    Day(NaiveDate),
    /// By the clock of the file's zone.
    Clock(NaiveDateTime, NaiveDateTime),
    /// As instants, which need no zone.
    Exact(Instant, Instant),
}

impl Draft {
    /// Makes an empty entry at a time.
    #[must_use]
    pub fn at(when: When) -> Self {
        Self {
            user: String::new(),
            client: String::new(),
            project: String::new(),
            is_id: false,
            task: String::new(),
            description: String::new(),
            tags: Vec::new(),
            has_project_tag: false,
            when,
            known_as: None,
            length: None,
            exact: Length::from_secs(1),
            billable: None,
            billed: None,
            own_rate: None,
            currency: None,
            amount: None,
            doubt: None,
        }
    }

    /// Returns the seconds between its clock times, by the clock.
    fn seconds_between(&self) -> Option<u64> {
        let seconds = match self.when {
            When::Day(_) => return None,
            When::Clock(start, end) => (end - start).num_seconds(),
            When::Exact(start, end) => (end - start).millis() / 1000,
        };
        seconds.try_into().ok()
    }
}

impl From<Draft> for Found {
    fn from(draft: Draft) -> Self {
        Self::Entry(Box::new(draft))
    }
}

/// A heartbeat as a tool wrote it, or a stretch of them that the tool joined.
#[derive(Clone, Debug, PartialEq)]
pub struct Sighting {
    /// The editor or browser that saw it, within its tool.
    pub bucket: String,
    /// The instant of the first heartbeat.
    pub at: Instant,
    /// The instant of the last heartbeat of the stretch; equal to `at` for a single one.
    pub until: Instant,
    /// True if the person was seen all the while: the stretch has a heartbeat at each full minute.
    pub is_present: bool,
    /// The path or URL that was touched.
    pub target: Option<String>,
    /// The kind of work.
    pub kind: Kind,
    /// The person or an agent.
    pub actor: Actor,
    /// True if it is private.
    pub is_private: bool,
    /// The language of the file.
    pub language: Option<String>,
}

impl Sighting {
    /// Returns the entity that was touched.
    #[must_use]
    pub fn entity(&self) -> Entity {
        match &self.target {
            _ if self.is_private => Entity::Private,
            Some(target) => Entity::from_uri(target, None),
            None => Entity::unnamed(None),
        }
    }
}

#[cfg(test)]
mod tests;
