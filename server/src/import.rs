//! What other tools wrote down, read as a stream of rows: memory does not grow with the file.
//!
//! [`recognise`] tells by its shape which tool a file is of. Each tool is a small file of its own behind one trait,
//! [`Importer`]; those whose files are tables only say which column means what ([`table::Layout`]). What becomes of a row,
//! in which zone and whether it was there before, is the engine's.

mod activitywatch;
mod clockify;
mod conventions;
mod harvest;
mod header;
mod input;
mod json;
mod kimai;
mod mapped;
mod own;
mod records;
mod solidtime;
mod source;
mod table;
mod timeclock;
mod timewarrior;
mod toggl;
mod value;
mod wakatime;
mod watson;

use std::ops::ControlFlow;

use anyhow::Result;
use chrono::{NaiveDate, NaiveDateTime};
use keeptab_core::activity::{Actor, Kind};
use keeptab_core::entity::Entity;
use keeptab_core::instant::{Instant, Length};
use keeptab_core::money::Currency;
use rust_decimal::Decimal;
use rust_decimal::RoundingStrategy::MidpointAwayFromZero;

pub use conventions::{Conventions, DateOrder};
pub use input::Input;
pub use mapped::Mapping;
pub use own::{
    ApplyRecord, AssetRecord, ClaimRecord, CorrectionRecord, CreditRecord, DocumentRecord, ElsewhereRecord,
    EntryRecord, EventRecord, FORMAT, InvoiceRecord, LinkRecord, Own, PART, PaymentRecord, RootRecord, SeriesRecord,
    SourceRecord, UndoneRecord, VoidRecord,
};
pub use source::{Recognised, Source, Unknown, Wish, recognise};

/// Reads the files of one tool.
pub trait Importer: Send {
    /// Hands over every row in the order of the file, until `each` has enough. A row that cannot be read is handed over as
    /// [`Found::Refused`] and stops nothing.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read any further at all.
    fn read(&mut self, input: Input, conventions: &Conventions, each: Each<'_>) -> Result<()>;
}

/// Takes rows.
pub type Each<'e> = &'e mut dyn FnMut(Row) -> ControlFlow<()>;

/// One row, with the line on which it begins, from 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The line.
    pub line: u64,
    /// What stands there.
    pub found: Found,
}

/// What stands in a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// Time that brings its own seconds.
    Entry(Box<Draft>),
    /// An instant at which somebody was seen working.
    Heartbeat(Box<Sighting>),
    /// Something of keeptab's own export that no other tool has.
    Own(Box<Own>),
    /// Time that was still running when the file was written: it has no length yet.
    Running,
    /// Something that is no time and is left out on purpose.
    Aside,
    /// It cannot be read.
    Refused(String),
}

/// An entry as a tool wrote it: by the clock of a zone that is yet to be known.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Whose it is; empty where the file does not say.
    pub user: String,
    /// The client's name, or nothing.
    pub client: String,
    /// The project's name, or nothing.
    pub project: String,
    /// Whether `project` is one of keeptab's own ids.
    pub is_id: bool,
    /// The kind of work, or nothing.
    pub task: String,
    /// What was done, or nothing.
    pub description: String,
    /// When.
    pub when: When,
    /// How long, where the file says so itself.
    pub length: Option<Length>,
    /// How exact the file's lengths and clock times are.
    pub exact: Length,
    /// True if it may be billed, where the file says so.
    pub billable: Option<bool>,
    /// True if the other tool billed it, where the file says so.
    pub billed: Option<bool>,
    /// The price of an hour, as the file says it or as amounts tell it.
    pub rate: Option<Decimal>,
    /// The price of an hour, if the file itself has one.
    pub own_rate: Option<Decimal>,
    /// In which currency.
    pub currency: Option<Currency>,
}

/// When an entry was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// On a day, without clock times.
    Day(NaiveDate),
    /// By the clock of the file's zone.
    Clock(NaiveDateTime, NaiveDateTime),
    /// In no need of a zone.
    Exact(Instant, Instant),
}

impl Draft {
    /// Begins with when it was.
    #[must_use]
    pub fn at(when: When) -> Self {
        Self {
            user: String::new(),
            client: String::new(),
            project: String::new(),
            is_id: false,
            task: String::new(),
            description: String::new(),
            when,
            length: None,
            exact: Length::from_secs(1),
            billable: None,
            billed: None,
            rate: None,
            own_rate: None,
            currency: None,
        }
    }

    /// Returns what an hour costs by what all of it did, to the cent; nothing where either is not known.
    fn per_hour(&self, amount: Option<Decimal>) -> Option<Decimal> {
        let length = self.length.filter(|length| !length.is_zero())?;
        let rate = amount?.checked_mul(Decimal::from(3_600_000))?;
        Some(
            rate.checked_div(Decimal::from(length.millis()))?
                .round_dp_with_strategy(2, MidpointAwayFromZero)
                .normalize(),
        )
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
    /// Which editor or browser saw it, within its tool.
    pub bucket: String,
    /// When.
    pub at: Instant,
    /// Until when the tool saw the same again and again; `at`, where it was once.
    pub until: Instant,
    /// What was touched: a path or a URL.
    pub target: Option<String>,
    /// What kind of work it is evidence of.
    pub kind: Kind,
    /// Who did it.
    pub actor: Actor,
    /// True if it is nobody's business.
    pub is_private: bool,
    /// The language of the file.
    pub language: Option<String>,
}

impl Sighting {
    /// Returns what was touched.
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
