//! What the user adds to a draft by hand.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::discount::Discount;
use super::number::InvoiceNumber;
use super::reservation::Selection;
use crate::billing::{Line, LineKind};
use crate::instant::Length;
use crate::money::{Amount, Currency, Measure, Price, Tax};
use crate::rule::ProjectId;

/// Something on a draft that is not from tracked time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Item {
    /// A fee or an expense.
    Charge(Charge),
    /// A discount on the whole.
    Discount(Discount),
    /// What was paid before the invoice was written.
    Prepaid(Decimal),
    /// Credit of the client.
    Credit(Credit),
    /// A sentence.
    Note(String),
}

/// A client's credit from another invoice. It counts as paid in advance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credit {
    /// The invoice that was overpaid.
    pub of: InvoiceNumber,
    /// The amount; on a draft, at most.
    pub amount: Decimal,
}

impl Item {
    /// Returns whether a draft of a selection holds it, in a currency. A fee without a project is held by all projects of a
    /// client, and what reduces or explains a whole invoice by any.
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// Which of the two.
    pub kind: LineKind,
    /// What it is for.
    pub description: String,
    /// The number of them.
    pub quantity: Decimal,
    /// What one costs, before tax.
    pub price: Price,
    /// The project that it is for.
    pub project: Option<ProjectId>,
    /// The civil day of it.
    pub day: Option<NaiveDate>,
    /// How it is taxed, where that is not as the project or the client is.
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
