//! Items that the user adds to a draft.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::discount::Discount;
use super::home_tax::ExchangeRate;
use super::number::InvoiceNumber;
use super::reservation::Selection;
use crate::billing::{Line, LineKind};
use crate::instant::Length;
use crate::money::{Amount, Currency, Measure, Price, Tax};
use crate::rule::ProjectId;

/// An item of a draft that is not tracked time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Item {
    /// A fee or an expense.
    Charge(Charge),
    /// A discount on the whole.
    Discount(Discount),
    /// An amount that was paid before the invoice was written.
    Prepaid(Decimal),
    /// Credit that the client has from another invoice.
    Credit(Credit),
    /// The rate at which the tax is converted; the last one counts.
    Exchange(ExchangeRate),
    /// A note.
    Note(String),
}

/// A client's credit from another invoice. It counts as paid in advance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Credit {
    /// The invoice that was overpaid.
    pub of: InvoiceNumber,
    /// The amount; on a draft, the most that is used.
    pub amount: Decimal,
}

/// Numbers the items of a draft behind `time` lines of time: a fee or an expense has the number of its line, and all
/// else comes behind the lines, in the order in which it was added.
#[must_use]
pub fn numbers<'a>(time: usize, items: impl Iterator<Item = &'a Item> + Clone) -> Vec<usize> {
    let mut line = time;
    let mut other = time + items.clone().filter(|item| item.is_line()).count();
    let number = |item: &Item| {
        let next = if item.is_line() { &mut line } else { &mut other };
        *next += 1;
        *next
    };
    items.map(number).collect()
}

impl Item {
    /// Returns true for a fee or an expense.
    #[must_use]
    pub fn is_line(&self) -> bool {
        matches!(self, Self::Charge(_))
    }

    /// Returns whether the item fits a draft of a selection and a currency. A fee or an expense of a project fits
    /// unless other projects were chosen; one without a project fits unless any project was chosen. All other items fit
    /// any draft in the currency.
    #[must_use]
    pub fn fits(&self, selection: &Selection, currency: Currency) -> bool {
        let holds = |charge: &Charge| match (&charge.project, &selection.projects) {
            (Some(project), Some(chosen)) => chosen.is_empty() || chosen.contains(project),
            (None, Some(chosen)) => chosen.is_empty(),
            (_, None) => true,
        };
        selection.takes(currency) && !matches!(self, Self::Charge(charge) if !holds(charge))
    }
}

/// A fee or an expense.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Charge {
    /// Fee or expense.
    pub kind: LineKind,
    /// The description.
    pub description: String,
    /// The quantity.
    pub quantity: Decimal,
    /// The price of one, before tax.
    pub price: Price,
    /// The project that it is for.
    pub project: Option<ProjectId>,
    /// Its civil day, if any.
    pub day: Option<NaiveDate>,
    /// The tax, if it differs from that of the project or the client.
    pub tax: Option<Tax>,
}

impl Charge {
    /// Returns it as a line.
    #[must_use]
    pub fn line(&self, tax: Tax, currency: Currency) -> Line {
        Line {
            kind: self.kind,
            project: self.project.clone(),
            description: self.description.clone(),
            note: None,
            period: self.day.map(|day| (day, day)),
            quantity: self.quantity,
            unit: Measure::Each,
            price: self.price,
            amount: Amount::rounded(self.quantity * self.price.value(), currency),
            tax: self.tax.unwrap_or(tax),
            tracked: Length::ZERO,
            rounding: None,
        }
    }
}
