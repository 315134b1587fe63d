//! From time to lines: rates, rounding, quantities, amounts.
//!
//! Tracked milliseconds never change; rounding makes new values. One piece of work has one price: a policy cuts
//! the time of a key (project, rate, currency, tax, unit) into parts and rounds each once, however lines group it. A
//! line's quantity is quantised first and its amount is made from the quantity, so printed quantity × printed rate is
//! always the printed amount.

mod alone;
mod collect;
mod keyed;
mod natural;
mod rounding;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::calendar::Calendar;
use crate::entry::EntryId;
use crate::instant::{Length, Span};
use crate::money::{Amount, Currency, Measure, Price, Tax, Unit, scaled};
use crate::rule::ProjectId;
use crate::timeline::ProjectIndex;

pub use alone::Alone;
use collect::Collected;
pub use collect::{Tally, Worth, worth};
pub use rounding::{Held, Place, Rounding, Share};

/// The direction in which time is rounded to an increment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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

/// The part of a key's time that is rounded once. Lines that share a part share its rounded length.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Per {
    /// All time of a key.
    #[default]
    Line,
    /// Each civil day of it.
    Day,
    /// Each stretch of it without a gap. An entry is one.
    Session,
    /// Each note of it. Time without a note is one part.
    Note,
}

/// The rounding of a project's time before it is billed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Policy {
    /// The step; zero rounds nothing.
    pub increment: Length,
    /// The direction.
    pub mode: Mode,
    /// The part of the time that is rounded at once.
    pub per: Per,
    /// The least that is billed for each part; zero sets no minimum.
    pub minimum: Length,
}

impl Policy {
    /// Rounds one length; zero stays zero.
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

/// The grouping of time into lines, within a project and a rate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Grouping {
    /// One line for all of it.
    #[default]
    Project,
    /// One line per civil day.
    Day,
    /// One line per note; time without a note is a line of its own.
    Note,
}

/// A rate and the day from which it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// The first day; `None` if the rate has always held.
    pub from: Option<NaiveDate>,
    /// The price of one unit.
    pub price: Price,
    /// The unit.
    pub unit: Unit,
}

/// A project's terms of billing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The project.
    pub project: ProjectId,
    /// The project's name, which is the description of its lines.
    pub name: String,
    /// True if its time may be billed at all.
    pub billable: bool,
    /// Its rates, in the order of their first days.
    pub rates: Vec<Rate>,
    /// The length of a day for daily rates.
    pub hours_per_day: Decimal,
    /// The decimals of quantities; 2 for hours and 4 for days unless set.
    pub quantity_decimals: Option<u32>,
    /// The currency of the rates.
    pub currency: Currency,
    /// The tax on its lines.
    pub tax: Tax,
    /// The rounding of its time.
    pub policy: Policy,
    /// The grouping of its time into lines.
    pub grouping: Grouping,
}

impl Terms {
    /// Returns the rate that holds on a day.
    #[must_use]
    pub fn rate_on(&self, day: NaiveDate) -> Option<Rate> {
        let holds = |rate: &&Rate| rate.from.is_none_or(|from| from <= day);
        self.rates.iter().rfind(holds).copied()
    }

    /// Returns the rounding of its time to quantities of `unit`, with the place of a key's first line.
    #[must_use]
    pub fn rounding(&self, unit: Unit) -> Rounding {
        let place = Place {
            decimals: rounding::decimals(unit, self.quantity_decimals),
            before: Length::ZERO,
            parts: Vec::new(),
        };
        Rounding {
            policy: self.policy,
            hours_per_day: self.hours_per_day,
            place: Some(place),
        }
    }
}

/// Time that may be billed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// The project, by its place in the list of terms.
    pub project: ProjectIndex,
    /// True if the user lets it be billed; its project may still say no.
    pub billable: bool,
    /// The note, if any.
    pub note: Option<Arc<str>>,
    /// The rate of the work itself, by the hour and in the project's currency; it replaces the project's rate.
    pub rate: Option<Price>,
    /// The time.
    pub time: Time,
}

/// Worked time, captured or entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    /// A stretch of the timeline.
    Captured(Span),
    /// An entry, which brings its own length.
    Entry(EntryId, NaiveDate, Length),
}

impl Time {
    /// Returns its length.
    #[must_use]
    pub fn length(self) -> Length {
        match self {
            Self::Captured(span) => span.length(),
            Self::Entry(_, _, length) => length,
        }
    }
}

/// A piece of time that an invoice bills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// A stretch of the timeline.
    Span(Span),
    /// An entry on its day.
    Entry(EntryId, NaiveDate),
}

/// The origin of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LineKind {
    /// From tracked time.
    #[default]
    Time,
    /// A fixed fee, added by hand.
    Fee,
    /// An expense, added by hand.
    Expense,
}

/// A line of an invoice: a group of time with one key (project, rate, currency, tax category, unit, and the day or note
/// that it is grouped by), or a fee or an expense added by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    /// The origin.
    #[serde(default)]
    pub kind: LineKind,
    /// The project. A fee or an expense may have none.
    pub project: Option<ProjectId>,
    /// The description on the invoice.
    pub description: String,
    /// The note, if lines are grouped by notes.
    #[serde(default)]
    pub note: Option<String>,
    /// The first and last civil day of it (EN 16931 BT-134, BT-135).
    #[serde(default)]
    pub period: Option<(NaiveDate, NaiveDate)>,
    /// The quantity, in units.
    pub quantity: Decimal,
    /// The unit of the quantity.
    pub unit: Measure,
    /// The price of one unit.
    pub price: Price,
    /// quantity × price, rounded half up to the currency's decimals.
    pub amount: Amount,
    /// The tax.
    pub tax: Tax,
    /// The tracked time before any rounding; zero for a fee or an expense.
    pub tracked: Length,
    /// The rounding that made the quantity from the time; `None` for a fee, an expense, or a line stored by the first
    /// version.
    #[serde(default)]
    pub rounding: Option<Rounding>,
}

impl Line {
    /// Returns the share of the amount for a part of the tracked time; for all of it, the printed amount.
    #[must_use]
    pub fn share(&self, part: Length, currency: Currency) -> Amount {
        if part >= self.tracked {
            return self.amount;
        }
        let share = Decimal::from(part.millis()) / Decimal::from(self.tracked.millis());
        let decimals = self.rounding.as_ref().map_or(self.quantity.scale(), Rounding::decimals);
        let quantity = scaled(self.quantity * share, decimals);
        Amount::rounded(quantity * self.price.value(), currency)
    }
}

/// A line with the stretches of the timeline that it bills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedLine {
    /// The line as printed.
    pub line: Line,
    /// The claimed time: stretches in order, without overlap, and entries.
    pub claims: Vec<Claim>,
}

/// The reason why time is not on an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Reason {
    /// Its project is not billable.
    #[serde(rename = "not billable")]
    NotBillable,
    /// It belongs to no project.
    #[serde(rename = "unassigned")]
    Unassigned,
    /// Its quantity rounds to zero.
    #[serde(rename = "zero")]
    Zero,
    /// Another invoice or tool billed it.
    #[serde(rename = "billed elsewhere")]
    BilledElsewhere,
    /// Its day lies before the project's first rate.
    #[serde(rename = "no rate")]
    NoRate,
    /// Its project has another currency than the invoice.
    #[serde(rename = "other currency")]
    OtherCurrency,
    /// An open draft reserves it.
    #[serde(rename = "reserved")]
    Reserved,
    /// It lies ahead.
    #[serde(rename = "to come")]
    ToCome,
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
            Self::OtherCurrency => "other currency",
            Self::Reserved => "reserved",
            Self::ToCome => "to come",
        }
    }
}

/// Time that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The project, or `None` if the time is unassigned.
    pub project: Option<ProjectId>,
    /// Its length.
    pub length: Length,
    /// The reason.
    pub reason: Reason,
}

/// The bill for a range of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bill {
    /// The lines, ordered by project, then by the day or note of their group, then by rate.
    pub lines: Vec<ClaimedLine>,
    /// The time that is not on the lines.
    pub left_out: Vec<LeftOut>,
}

/// The reason why time cannot be billed together.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BillingError {
    /// One invoice has one currency.
    #[error("one invoice has one currency, and the projects have several: {}\nhint: draft one of each: {}", said(.0), ways(.0))]
    MixedCurrencies(BTreeMap<Currency, BTreeSet<ProjectId>>),
}

/// Names the projects of each currency: `EUR (acme/api), USD (acme/us)`.
fn said(currencies: &BTreeMap<Currency, BTreeSet<ProjectId>>) -> String {
    let name = |(currency, projects): (&Currency, &BTreeSet<ProjectId>)| {
        let projects: Vec<&str> = projects.iter().map(ProjectId::as_str).collect();
        format!("{currency} ({})", projects.join(", "))
    };
    currencies.iter().map(name).collect::<Vec<_>>().join(", ")
}

fn ways(currencies: &BTreeMap<Currency, BTreeSet<ProjectId>>) -> String {
    let way = |currency: &Currency| format!("`--currency {currency}`");
    currencies.keys().map(way).collect::<Vec<_>>().join(", ")
}

/// Bills the work of one project.
fn bill_project(terms: &Terms, work: &[Work], calendar: &Calendar, bill: &mut Bill) {
    let mut collected = Collected::default();
    for work in work {
        collected.add(work, terms, calendar);
    }
    let Collected { keys, mut left_out } = collected;
    let mut lines = Vec::new();
    for (key, keyed) in keys {
        let made = keyed.made(&terms.rounding(key.unit), key.unit);
        if made.is_empty() {
            *left_out.entry(Reason::Zero).or_default() += keyed.tracked();
        }
        lines.extend(made.into_iter().map(|made| (key, made)));
    }
    lines.sort_by(|(a, first), (b, second)| (&first.row, a).cmp(&(&second.row, b)));
    for (key, made) in lines {
        let line = Line {
            kind: LineKind::Time,
            project: Some(terms.project.clone()),
            description: terms.name.clone(),
            note: made.row.note.as_deref().map(str::to_owned),
            period: made.time.period,
            quantity: made.quantity,
            unit: key.unit.into(),
            price: key.price,
            amount: Amount::rounded(made.quantity * key.price.value(), terms.currency),
            tax: terms.tax,
            tracked: made.time.tracked,
            rounding: Some(made.rounding),
        };
        bill.lines.push(ClaimedLine {
            line,
            claims: made.time.claims,
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
/// If the lines come out in more than one currency. The error names the projects.
pub fn bill(work: &[Work], terms: &[Terms], calendar: &Calendar) -> Result<Bill, BillingError> {
    let mut by_project = BTreeMap::<ProjectIndex, Vec<Work>>::new();
    for work in work {
        by_project.entry(work.project).or_default().push(work.clone());
    }
    let mut bill = Bill::default();
    let mut currencies = BTreeMap::<Currency, BTreeSet<ProjectId>>::new();
    for (project, work) in by_project {
        let Some(terms) = terms.get(project.0) else { continue };
        let lines = bill.lines.len();
        bill_project(terms, &work, calendar, &mut bill);
        if bill.lines.len() > lines {
            currencies
                .entry(terms.currency)
                .or_default()
                .insert(terms.project.clone());
        }
    }
    if currencies.len() > 1 {
        return Err(BillingError::MixedCurrencies(currencies));
    }
    // The sort is stable, so the lines of a project keep their order.
    bill.lines.sort_by(|a, b| a.line.project.cmp(&b.line.project));
    Ok(bill)
}

#[cfg(test)]
mod tests;
