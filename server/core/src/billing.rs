//! From time to lines: rates, rounding, quantities, amounts.
//!
//! Milliseconds are kept for ever; what is rounded here is a new value. A line's quantity is quantised first and its
//! amount is made from the quantity, so printed quantity × printed rate is always the printed amount.

mod alone;
mod collect;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::calendar::Calendar;
use crate::entry::EntryId;
use crate::instant::{Length, Span};
use crate::money::{Amount, Currency, Price, Tax, Unit, scaled};
use crate::rule::ProjectId;
use crate::timeline::ProjectIndex;

pub use alone::Alone;
use collect::Collected;
pub use collect::Tally;

/// Decimals of a quantity, in hours or days.
const QUANTITY_DECIMALS: u32 = 2;

/// Which way time is rounded to an increment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// To the nearest, halves up.
    #[default]
    Nearest,
    /// To the next above.
    Up,
    /// To the next below.
    Down,
}

/// What is rounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Per {
    /// The sum of a line.
    #[default]
    Line,
    /// Each civil day of it.
    Day,
    /// Each session of it.
    Session,
}

/// How a project's time is rounded before it is billed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// The step; none is zero.
    pub increment: Length,
    /// Which way.
    pub mode: Mode,
    /// What is rounded.
    pub per: Per,
    /// The least that is billed for each; none is zero.
    pub minimum: Length,
}

impl Policy {
    /// Rounds one length; none at all stays none.
    #[must_use]
    pub fn round(&self, length: Length) -> Length {
        if length.is_zero() {
            return length;
        }
        let step = self.increment.millis();
        let rounded = if step <= 0 {
            length.millis()
        } else {
            let (steps, rest) = (length.millis() / step, length.millis() % step);
            let one_more = match self.mode {
                Mode::Nearest => rest >= step - rest,
                Mode::Up => rest > 0,
                Mode::Down => false,
            };
            (steps + i64::from(one_more)).saturating_mul(step)
        };
        Length::from_millis(rounded).max(self.minimum)
    }
}

/// A rate and the day from which it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// The first day; nothing means always.
    pub from: Option<NaiveDate>,
    /// The price of one unit.
    pub price: Price,
    /// The unit.
    pub unit: Unit,
}

/// What billing needs to know of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The project.
    pub project: ProjectId,
    /// What the line is called.
    pub name: String,
    /// Whether its time may be billed at all.
    pub billable: bool,
    /// Its rates, in the order of their first days.
    pub rates: Vec<Rate>,
    /// The length of a day for daily rates.
    pub hours_per_day: Decimal,
    /// The currency of the rates.
    pub currency: Currency,
    /// How its lines are taxed.
    pub tax: Tax,
    /// How its time is rounded.
    pub policy: Policy,
}

impl Terms {
    /// Returns the rate that holds on a day.
    #[must_use]
    pub fn rate_on(&self, day: NaiveDate) -> Option<Rate> {
        let holds = |rate: &&Rate| rate.from.is_none_or(|from| from <= day);
        self.rates.iter().rfind(holds).copied()
    }

    /// Returns time, rounded by the policy, as a line's quantity: quantised to two decimals, half up.
    fn quantity(&self, billed: Length, unit: Unit) -> Decimal {
        let hours = Decimal::from(billed.millis()) / Decimal::from(3_600_000);
        let value = match unit {
            Unit::Hour => hours,
            Unit::Day => hours.checked_div(self.hours_per_day).unwrap_or_default(),
        };
        scaled(value, QUANTITY_DECIMALS)
    }
}

/// Time that may be billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    /// The project, by its place in the list of terms.
    pub project: ProjectIndex,
    /// Whether the user lets it be billed; its project may still say no.
    pub billable: bool,
    /// When and how long.
    pub time: Time,
}

/// When and how long somebody worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    /// A stretch of the timeline.
    Captured(Span),
    /// An entry, which brings its own length.
    Entry(EntryId, NaiveDate, Length),
}

impl Time {
    /// Returns how long it is.
    #[must_use]
    pub fn length(self) -> Length {
        match self {
            Self::Captured(span) => span.length(),
            Self::Entry(_, _, length) => length,
        }
    }
}

/// What an invoice bills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// A stretch of the timeline.
    Span(Span),
    /// An entry on its day.
    Entry(EntryId, NaiveDate),
}

/// One billed group of time: (project, rate, currency, tax category, unit) is its key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The project.
    pub project: ProjectId,
    /// What it is called on the invoice.
    pub description: String,
    /// How much, in units, with two decimals.
    pub quantity: Decimal,
    /// What the quantity counts.
    pub unit: Unit,
    /// The price of one unit.
    pub price: Price,
    /// quantity × price, rounded half up to the currency's decimals.
    pub amount: Amount,
    /// How it is taxed.
    pub tax: Tax,
    /// The time as it was tracked, before any rounding.
    pub tracked: Length,
}

impl Line {
    /// Returns what of the amount falls on a part of the tracked time; on all of it, the amount as printed.
    #[must_use]
    pub fn share(&self, part: Length, currency: Currency) -> Amount {
        if part >= self.tracked {
            return self.amount;
        }
        let share = Decimal::from(part.millis()) / Decimal::from(self.tracked.millis());
        let quantity = scaled(self.quantity * share, QUANTITY_DECIMALS);
        Amount::rounded(quantity * self.price.value(), currency)
    }
}

/// A line with the stretches of the timeline that it bills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedLine {
    /// What is printed.
    pub line: Line,
    /// What is claimed: the stretches in order, without overlap.
    pub claims: Vec<Claim>,
}

/// Why time is not on an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Reason {
    /// Its project is not billable.
    #[serde(rename = "not billable")]
    NotBillable,
    /// It belongs to no project.
    #[serde(rename = "unassigned")]
    Unassigned,
    /// It rounds to nothing.
    #[serde(rename = "zero")]
    Zero,
    /// Another invoice or tool billed it.
    #[serde(rename = "billed elsewhere")]
    BilledElsewhere,
    /// Its day lies before the project's first rate.
    #[serde(rename = "no rate")]
    NoRate,
    /// An open draft reserves it.
    #[serde(rename = "reserved by a draft")]
    Reserved,
}

impl Reason {
    /// Returns the words for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::NotBillable => "not billable",
            Self::Unassigned => "unassigned",
            Self::Zero => "zero",
            Self::BilledElsewhere => "billed elsewhere",
            Self::NoRate => "no rate",
            Self::Reserved => "reserved by a draft",
        }
    }
}

/// Time that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The project, or nothing where the time is unassigned.
    pub project: Option<ProjectId>,
    /// How much.
    pub length: Length,
    /// Why.
    pub reason: Reason,
}

/// What a range of time comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bill {
    /// The lines, by project, then rate.
    pub lines: Vec<ClaimedLine>,
    /// What is not on them.
    pub left_out: Vec<LeftOut>,
}

/// Why time cannot be billed together.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BillingError {
    /// One invoice has one currency.
    #[error("the time is in several currencies: {0}\nhint: draft an invoice a currency, or give the projects one")]
    MixedCurrencies(String),
}

/// Bills the work of one project.
fn bill_project(terms: &Terms, work: &[Work], calendar: &Calendar, bill: &mut Bill) {
    let mut collected = Collected::default();
    for work in work {
        collected.add(work, terms, calendar);
    }
    let Collected {
        groups, mut left_out, ..
    } = collected;
    for (key, group) in groups {
        let quantity = group.quantity(key.unit, terms);
        if quantity.is_zero() {
            *left_out.entry(Reason::Zero).or_default() += group.tracked;
            continue;
        }
        let line = Line {
            project: terms.project.clone(),
            description: terms.name.clone(),
            quantity,
            unit: key.unit,
            price: key.price,
            amount: Amount::rounded(quantity * key.price.value(), terms.currency),
            tax: terms.tax,
            tracked: group.tracked,
        };
        bill.lines.push(ClaimedLine {
            line,
            claims: group.claims,
        });
    }
    let project = Some(terms.project.clone());
    bill.left_out
        .extend(left_out.into_iter().map(|(reason, length)| LeftOut {
            project: project.clone(),
            length,
            reason,
        }));
}

/// Bills work, in the order of the timeline, by the terms of its projects.
///
/// # Errors
///
/// Where the lines come out in more than one currency, naming the projects.
pub fn bill(work: &[Work], terms: &[Terms], calendar: &Calendar) -> Result<Bill, BillingError> {
    let mut by_project = BTreeMap::<ProjectIndex, Vec<Work>>::new();
    for work in work {
        by_project.entry(work.project).or_default().push(*work);
    }
    let mut bill = Bill::default();
    let mut currencies = BTreeMap::<Currency, BTreeSet<&str>>::new();
    for (project, work) in by_project {
        let Some(terms) = terms.get(project.0) else { continue };
        let lines = bill.lines.len();
        bill_project(terms, &work, calendar, &mut bill);
        if bill.lines.len() > lines {
            currencies
                .entry(terms.currency)
                .or_default()
                .insert(terms.project.as_str());
        }
    }
    if currencies.len() > 1 {
        let name = |(currency, projects): (Currency, BTreeSet<&str>)| {
            let projects: Vec<&str> = projects.into_iter().collect();
            format!("{currency} ({})", projects.join(", "))
        };
        let names: Vec<String> = currencies.into_iter().map(name).collect();
        return Err(BillingError::MixedCurrencies(names.join(", ")));
    }
    bill.lines.sort_by(|a, b| {
        a.line
            .project
            .cmp(&b.line.project)
            .then(a.line.price.cmp(&b.line.price))
    });
    Ok(bill)
}

#[cfg(test)]
mod tests;
