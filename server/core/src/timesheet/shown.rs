//! Lengths as rows show them: on a sheet, on its paper, in its CSV and behind an invoice.

use std::collections::BTreeMap;
use std::iter::Sum;
use std::ops::{Add, Sub};

use rust_decimal::Decimal;

use super::{Day, Sheet};
use crate::correction::To;
use crate::instant::Length;

const MINUTE: i64 = 60_000;
const HUNDREDTH: i64 = 36_000;

/// A length as it is shown: in whole minutes, and in hundredths of an hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shown {
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

    /// Returns the whole minutes, which print as `7:23`.
    #[must_use]
    pub fn minutes(self) -> Length {
        Length::from_minutes(self.minutes)
    }

    /// Returns hours, with two decimals.
    #[must_use]
    pub fn hours(self) -> Decimal {
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

/// Rounds rows one after the other. The remainder of a row is carried to the next row of its key, so that the rows of a
/// key add up to their exact length rounded half up. If all of them have whole minutes, each is shown exactly.
#[derive(Clone, Debug)]
pub struct Carry<K>(BTreeMap<K, Length>);

impl<K: Ord> Carry<K> {
    /// Returns the shown length of the next row of a key.
    pub fn next(&mut self, key: K, length: Length) -> Shown {
        let sum = self.0.entry(key).or_default();
        let before = Shown::of(*sum);
        *sum += length;
        Shown::of(*sum) - before
    }
}

impl<K> Default for Carry<K> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl Sheet {
    /// Returns the shown length of each line of each day. Remainders are carried from the week's first line on, by
    /// assignment and by whether the line may be billed.
    #[must_use]
    pub fn shown(&self) -> Vec<Vec<Shown>> {
        let mut carry = Carry::<(&To, bool)>::default();
        self.days
            .iter()
            .map(|day| {
                let lines = day.lines.iter();
                lines
                    .map(|line| carry.next((&line.to, line.billable), line.time.length()))
                    .collect()
            })
            .collect()
    }

    /// Returns the sum of the week's lines as shown, without private time.
    #[must_use]
    pub fn shown_total(&self) -> Length {
        let days = self.days.iter().zip(self.shown());
        days.map(|(day, lines)| day.shown(&lines)).sum()
    }
}

impl Day {
    /// Returns the sum of the day's lines as shown, without private time.
    #[must_use]
    pub fn shown(&self, lines: &[Shown]) -> Length {
        let shown = self.lines.iter().zip(lines);
        let counted = shown.filter(|(line, _)| line.to != To::Private);
        counted.map(|(_, shown)| *shown).sum::<Shown>().minutes()
    }
}
