//! Entries as totals need them: without notes and clock times, or added up.

use std::collections::HashMap;

use chrono::NaiveDate;
use keeptab_config::Config;
use keeptab_core::entry::{Beside, EntryId};
use keeptab_core::instant::Length;
use keeptab_core::money::Price;
use keeptab_core::rule::ProjectId;
use keeptab_core::timeline::ProjectIndex;

use super::{Entered, Ledger};

/// The detail that totals need of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grain {
    /// The entries of a civil day.
    Day,
    /// The sums of a calendar month.
    Month,
}

/// The part of an entry that totals need, or the sum of entries that totals need not tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Summed {
    /// The entry; 0 for a sum.
    pub id: EntryId,
    /// The civil day it counts for; the first of the month for a sum.
    pub day: NaiveDate,
    /// Its project under the config in force.
    pub project: Option<ProjectIndex>,
    /// True if it may be billed here.
    pub billable: bool,
    /// True if another tool billed it.
    pub elsewhere: bool,
    /// True if it may overlap other time.
    pub beside: bool,
    /// The price of an hour, if it brings its own.
    pub rate: Option<Price>,
    /// The counted length.
    pub length: Length,
    /// The length that counts elsewhere.
    pub taken: Length,
    /// The number of entries.
    pub entries: usize,
    /// The number of those of which some counts elsewhere.
    pub shortened: usize,
    /// The invoice that bills it, as the store numbers them, and the line's place on it.
    pub claim: Option<(i64, usize)>,
}

impl Summed {
    pub(super) fn of(entered: &Entered, claim: Option<(i64, usize)>) -> Self {
        let Entered {
            entry,
            project,
            counted,
        } = entered;
        Self {
            id: entry.id,
            day: entry.day,
            project: *project,
            billable: entry.billable && !entry.billed_elsewhere,
            elsewhere: entry.billed_elsewhere,
            beside: entry.beside != Beside::No,
            rate: entry.rate,
            length: counted.length,
            taken: entered.taken(),
            entries: 1,
            shortened: usize::from(!entered.taken().is_zero()),
            claim,
        }
    }

    /// Returns false for an entry whose time is all held by others.
    pub(super) fn is_work(&self) -> bool {
        self.taken.is_zero() || !self.length.is_zero()
    }
}

impl Ledger {
    /// Returns all entries as totals need them.
    pub fn sums(&self) -> impl Iterator<Item = Summed> {
        let open = self.entries.iter().map(|entered| Summed::of(entered, None));
        let billed = self.claimed_entries.iter();
        let billed = billed.map(|billed| Summed::of(&billed.entered, Some((billed.invoice, billed.line))));
        open.chain(billed).chain(self.summed.iter().copied())
    }

    /// Returns the entries that no invoice bills as totals need them.
    pub fn open_sums(&self) -> impl Iterator<Item = Summed> {
        self.sums().filter(|summed| summed.claim.is_none())
    }
}

/// The places of projects in a config, each looked up once.
pub(super) struct Projects<'c> {
    config: &'c Config,
    known: HashMap<String, Option<ProjectIndex>>,
}

impl<'c> Projects<'c> {
    pub(super) fn new(config: &'c Config) -> Self {
        Self {
            config,
            known: HashMap::new(),
        }
    }

    /// Returns the place of the project that has an id, or had it.
    pub(super) fn index_of(&mut self, id: &str) -> Option<ProjectIndex> {
        if let Some(known) = self.known.get(id) {
            return *known;
        }
        let found = self.config.index_of(&ProjectId::new(id)).map(ProjectIndex);
        self.known.insert(id.to_owned(), found);
        found
    }
}
