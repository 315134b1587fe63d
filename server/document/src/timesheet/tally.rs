//! Lengths as they are shown, and what they add up to.

use std::collections::BTreeMap;
use std::iter::Sum;
use std::ops::{Add, Sub};

use keeptab_core::instant::Length;
use rust_decimal::Decimal;

use super::{TimesheetPaper, TimesheetRow};

const MINUTE: i64 = 60_000;
const HUNDREDTH: i64 = 36_000;

/// A length as it is shown: in whole minutes, and in hundredths of an hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Shown {
    minutes: i64,
    hundredths: i64,
}

impl Shown {
    /// Rounds a length half up, as the quantities of invoices are.
    fn of(length: Length) -> Self {
        let in_units = |unit: i64| length.millis().saturating_add(unit / 2).div_euclid(unit);
        Self {
            minutes: in_units(MINUTE),
            hundredths: in_units(HUNDREDTH),
        }
    }

    /// Shows hours and minutes: `7:23`.
    pub(super) fn duration(self) -> String {
        Length::from_minutes(self.minutes).to_string()
    }

    /// Shows hours, with two decimals.
    pub(super) fn hours(self) -> Decimal {
        Decimal::new(self.hundredths, 2)
    }
}

impl Add for Shown {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            minutes: self.minutes.saturating_add(other.minutes),
            hundredths: self.hundredths.saturating_add(other.hundredths),
        }
    }
}

impl Sub for Shown {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            minutes: self.minutes.saturating_sub(other.minutes),
            hundredths: self.hundredths.saturating_sub(other.hundredths),
        }
    }
}

impl Sum for Shown {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}

/// A row, and its length as it is shown.
pub(super) struct Tallied<'a> {
    pub(super) row: &'a TimesheetRow,
    pub(super) shown: Shown,
}

/// The rows of a timesheet by day.
pub(super) struct Tally<'a>(Vec<Tallied<'a>>);

impl<'a> Tally<'a> {
    /// Puts the rows in order, and says how long each is shown to be.
    pub(super) fn of(paper: &'a TimesheetPaper) -> Self {
        let mut rows: Vec<&TimesheetRow> = paper.rows.iter().collect();
        rows.sort_by_key(|row| row.day);
        let mut sums = BTreeMap::<(&str, bool), Length>::new();
        let tallied = rows.into_iter().map(|row| {
            let sum = sums.entry((&row.project, row.billable)).or_default();
            let before = Shown::of(*sum);
            *sum += row.length;
            Tallied {
                row,
                shown: Shown::of(*sum) - before,
            }
        });
        Self(tallied.collect())
    }

    /// Returns all rows.
    pub(super) fn rows(&self) -> &[Tallied<'a>] {
        &self.0
    }

    /// Returns the rows of each day that has any.
    pub(super) fn days(&self) -> impl Iterator<Item = &[Tallied<'a>]> {
        self.0.chunk_by(|a, b| a.row.day == b.row.day)
    }

    /// Returns the projects by name, and their sums.
    pub(super) fn projects(&self) -> BTreeMap<&'a str, Shown> {
        let mut projects = BTreeMap::new();
        for tallied in &self.0 {
            let sum: &mut Shown = projects.entry(tallied.row.project.as_str()).or_default();
            *sum = *sum + tallied.shown;
        }
        projects
    }

    /// Returns the sum of the rows that are billable, or of those that are not.
    pub(super) fn sum(&self, billable: bool) -> Shown {
        let rows = self.0.iter().filter(|tallied| tallied.row.billable == billable);
        rows.map(|tallied| tallied.shown).sum()
    }
}

/// Adds up what rows show.
pub(super) fn total(rows: &[Tallied<'_>]) -> Shown {
    rows.iter().map(|tallied| tallied.shown).sum()
}
