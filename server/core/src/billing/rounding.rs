//! From time to quantities. A policy rounds the parts of a key's time, and each line has its share of them.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::collect::Group;
use super::{Claim, Policy};
use crate::calendar::Calendar;
use crate::instant::{Instant, Length, Span};
use crate::money::{Unit, scaled};

/// Decimals of a quantity of hours, and of days in lines of earlier versions.
const HOUR_DECIMALS: u32 = 2;
/// Decimals of a quantity of days: a minute of an eight-hour day is 0.0021.
const DAY_DECIMALS: u32 = 4;

/// The way from a line's time to its quantity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Rounding {
    /// The rounding of the time.
    pub policy: Policy,
    /// The length of a day of a daily rate.
    pub hours_per_day: Decimal,
    /// The line's place among those of its key. `None` in lines of earlier versions, which rounded each line alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

/// A line's place among the lines of its key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// The decimals of the quantity.
    pub decimals: u32,
    /// The rounded time of all lines before.
    pub before: Length,
    /// The parts that other lines share; all parts if the policy rounds per note.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Share>,
}

/// A line's share of a part that the policy rounds once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Share {
    /// The line's own share.
    pub of: Held,
    /// The exact length of the whole part.
    pub whole: Length,
    /// The length of it that the lines before hold.
    pub before: Length,
}

/// A line's share of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Held {
    /// The part is all time of the key; the share is all time of the line.
    Line,
    /// The part is a civil day; the share is the line's time on that day.
    Day(NaiveDate),
    /// The part is a session, which begins at this instant; the share is the line's time in it.
    Session(Instant),
    /// The part is a note; the share is this length, because claims carry no notes.
    Note(Length),
}

/// Returns the decimals of a quantity.
pub(super) fn decimals(unit: Unit, wanted: Option<u32>) -> u32 {
    wanted.unwrap_or(match unit {
        Unit::Hour => HOUR_DECIMALS,
        Unit::Day => DAY_DECIMALS,
    })
}

impl Rounding {
    /// Returns the quantity of a line. `before` is the key's rounded time before the line, `after` its rounded time
    /// with it.
    ///
    /// Both are rounded half up and then subtracted, so that the quantities of all lines add up to that of the whole. A
    /// quantity of days has no trailing zeros, except in lines of earlier versions.
    pub(super) fn quantity(&self, before: Length, after: Length, unit: Unit) -> Decimal {
        let decimals = self.decimals();
        let up_to = |rounded: Length| {
            let hours = Decimal::from(rounded.millis()) / Decimal::from(3_600_000);
            let units = match unit {
                Unit::Hour => hours,
                Unit::Day => hours.checked_div(self.hours_per_day).unwrap_or_default(),
            };
            scaled(units, decimals)
        };
        let quantity = up_to(after) - up_to(before);
        match (unit, &self.place) {
            (Unit::Day, Some(_)) => quantity.normalize(),
            _ => quantity,
        }
    }

    /// Returns the decimals of a quantity, at most.
    pub(super) fn decimals(&self) -> u32 {
        self.place.as_ref().map_or(HOUR_DECIMALS, |place| place.decimals)
    }

    /// Derives the tracked time and the quantity of a line again from its claims. Each claim has its length beside it.
    /// Needs no other line.
    #[must_use]
    pub fn again(&self, claims: &[(Claim, Length)], unit: Unit, calendar: &Calendar) -> (Length, Decimal) {
        let place = self.place.as_ref();
        let before = place.map(|place| place.before).unwrap_or_default();
        let told = place.map(|place| place.parts.as_slice()).unwrap_or_default();
        let pieces = Group::pieces(claims, calendar);
        let all: Length = pieces.iter().map(|piece| piece.length).sum();
        let (shared, alone): (Vec<_>, Vec<_>) = pieces
            .into_iter()
            .partition(|piece| told.iter().any(|share| share.has(piece.day, piece.claim)));
        let mut rounded = before;
        for share in told {
            let own = match share.of {
                Held::Line => all,
                Held::Note(own) => own,
                Held::Day(_) | Held::Session(_) => {
                    let own = shared.iter().filter(|piece| share.has(piece.day, piece.claim));
                    own.map(|piece| piece.length).sum()
                }
            };
            rounded += self.policy.share(share.whole, share.before, own);
        }
        rounded += Group::of(alone, self.policy.per).rounded(&self.policy);
        (all, self.quantity(before, rounded, unit))
    }
}

impl Share {
    /// Returns whether a piece of the line belongs to the part, as far as claims show it.
    fn has(&self, day: NaiveDate, claim: Claim) -> bool {
        match (self.of, claim) {
            (Held::Line | Held::Note(_), _) => true,
            (Held::Day(of), _) => of == day,
            (Held::Session(start), Claim::Span(span)) => {
                Span::new(start, start + self.whole).is_some_and(|session| session.contains(span.start()))
            }
            (Held::Session(_), Claim::Entry(..)) => false,
        }
    }
}

impl Policy {
    /// Returns the rounded length of a stretch: its share of the rounded part, in whole milliseconds. The shares of
    /// consecutive stretches add up to the rounded part.
    pub(super) fn share(&self, whole: Length, before: Length, own: Length) -> Length {
        let rounded = i128::from(self.round(whole).millis());
        let up_to = |held: Length| {
            let share = (rounded * i128::from(held.millis())).checked_div(whole.millis().into());
            Length::from_millis(share.and_then(|share| i64::try_from(share).ok()).unwrap_or_default())
        };
        up_to(before + own) - up_to(before)
    }
}
