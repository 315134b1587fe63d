//! Date order and decimal mark of a file, which single rows leave open and the whole file may decide.

use std::cell::Cell;
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use anyhow::{Error, bail};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The order of a date's parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DateOrder {
    /// 31.12.2026
    Dmy,
    /// 12/31/2026
    Mdy,
    /// 2026-12-31
    Ymd,
}

impl FromStr for DateOrder {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "dmy" => Ok(Self::Dmy),
            "mdy" => Ok(Self::Mdy),
            "ymd" => Ok(Self::Ymd),
            _ => bail!("`{text}` is not an order of dates\nhint: write dmy, mdy or ymd"),
        }
    }
}

impl fmt::Display for DateOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dmy => "dmy",
            Self::Mdy => "mdy",
            Self::Ymd => "ymd",
        })
    }
}

/// The unit of the numbers in a column of lengths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bare {
    /// `2` is two hours.
    Hours,
    /// `2` is two minutes.
    Minutes,
    /// `2` is two seconds.
    Seconds,
}

/// The most minutes of a day: a larger number of them is a number of seconds.
const DAY: u64 = 24 * 60;

/// The known conventions of a file, and counts from its rows while they are read.
#[derive(Clone, Debug, Default)]
pub struct Conventions {
    /// The order of dates, if known.
    pub order: Option<DateOrder>,
    /// True if decimals follow a comma; `None` if unknown.
    pub comma: Option<bool>,
    /// The unit of lengths that are plain numbers, if known.
    pub bare: Option<Bare>,
    day_first: Cell<u64>,
    month_first: Cell<u64>,
    either: Cell<u64>,
    with_comma: Cell<u64>,
    with_dot: Cell<u64>,
    /// The number of lengths with decimals.
    broken: Cell<u64>,
    /// The number of lengths with a unit, or in the form of a clock.
    with_unit: Cell<u64>,
    /// The number of plain lengths that their clock times show to be hours.
    as_hours: Cell<u64>,
    /// The number of plain lengths that their clock times show to be seconds.
    as_seconds: Cell<u64>,
    /// The largest length that is a whole number.
    largest: Cell<u64>,
}

impl Conventions {
    /// Makes conventions with the date order that the user gave.
    #[must_use]
    pub fn with_order(order: Option<DateOrder>) -> Self {
        Self {
            order,
            ..Self::default()
        }
    }

    /// Makes conventions with the unit of plain numbers.
    #[cfg(test)]
    pub(super) fn with_unit(bare: Bare) -> Self {
        Self {
            bare: Some(bare),
            ..Self::default()
        }
    }

    /// Counts a date that reads only one way, or both.
    pub(super) fn saw_date(&self, day_first: bool, month_first: bool) {
        let count = match (day_first, month_first) {
            (true, false) => &self.day_first,
            (false, true) => &self.month_first,
            (true, true) => &self.either,
            (false, false) => return,
        };
        count.set(count.get() + 1);
    }

    /// Takes note of a number whose decimals stand after a comma, or after a dot.
    pub(super) fn saw_decimal(&self, comma: bool) {
        let count = if comma { &self.with_comma } else { &self.with_dot };
        count.set(count.get() + 1);
    }

    /// Takes note of a length with decimals.
    pub(super) fn saw_broken(&self) {
        self.broken.set(self.broken.get() + 1);
    }

    /// Takes note of a length with a unit, or as a clock.
    pub(super) fn saw_unit(&self) {
        self.with_unit.set(self.with_unit.get() + 1);
    }

    /// Takes note of a length that is a whole number.
    pub(super) fn saw_whole(&self, number: u64) {
        self.largest.set(self.largest.get().max(number));
    }

    /// Takes note of a length that is a whole number, beside the seconds between its clock times.
    pub(super) fn saw_span(&self, number: u64, seconds: u64) {
        let hours = number.saturating_mul(3600).abs_diff(seconds);
        let count = match hours.cmp(&number.abs_diff(seconds)) {
            Ordering::Less => &self.as_hours,
            Ordering::Greater => &self.as_seconds,
            Ordering::Equal => return,
        };
        count.set(count.get() + 1);
    }

    /// Returns true if some date reads both ways and the other dates do not decide.
    #[must_use]
    pub fn is_ambiguous(&self) -> bool {
        self.order.is_none() && self.either.get() > 0 && self.day_first.get() == self.month_first.get()
    }

    /// Returns true if the rows confirm the conventions by which they were read, so that none was misread or wrongly
    /// refused.
    #[must_use]
    pub fn hold(&self) -> bool {
        let one_way = self.day_first.get() == 0 || self.month_first.get() == 0;
        let (order, comma) = self.told();
        one_way && (order.is_none() || order == self.order) && comma == self.comma && self.told_unit() == self.bare
    }

    /// Returns the conventions that the rows showed, for reading them again. A single row that contradicts all others
    /// is wrong.
    #[must_use]
    pub fn settled(&self) -> Self {
        let (order, comma) = self.told();
        Self {
            order: self.order.or(order),
            comma: self.comma.or(comma),
            bare: self.bare.or(self.told_unit()),
            ..Self::default()
        }
    }

    /// Returns the order of dates and the mark before decimals by most rows.
    fn told(&self) -> (Option<DateOrder>, Option<bool>) {
        let order = match self.day_first.get().cmp(&self.month_first.get()) {
            Ordering::Less => Some(DateOrder::Mdy),
            Ordering::Greater => Some(DateOrder::Dmy),
            Ordering::Equal => None,
        };
        let comma = match self.with_comma.get().cmp(&self.with_dot.get()) {
            Ordering::Less => Some(false),
            Ordering::Greater => Some(true),
            Ordering::Equal => None,
        };
        (order, comma)
    }

    /// Returns the unit of plain numbers by the whole column: by the clock times beside them, else by decimals, which only
    /// hours have. A number among lengths with units that is more than the minutes of a day counts seconds.
    fn told_unit(&self) -> Option<Bare> {
        match self.as_hours.get().cmp(&self.as_seconds.get()) {
            Ordering::Greater => Some(Bare::Hours),
            Ordering::Less => Some(Bare::Seconds),
            Ordering::Equal if self.broken.get() > 0 && self.with_unit.get() == 0 => Some(Bare::Hours),
            Ordering::Equal if self.with_unit.get() > 0 && self.largest.get() > DAY => Some(Bare::Seconds),
            Ordering::Equal => None,
        }
    }
}
