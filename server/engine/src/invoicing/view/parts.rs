//! The parts of an invoice in answers: lines, discounts, taxes, and items added by hand.

use chrono::NaiveDate;
use keeptab_core::billing::{Line, LineKind};
use keeptab_core::invoice::{Allowance, Covers, DraftId, HomeTax, InvoiceNumber, Item, TaxSubtotal};
use keeptab_core::money::{Amount, Currency, Measure, Price, TaxCategory};
use keeptab_core::rule::ProjectId;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

/// A range of days.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub(super) struct Period {
    /// The first day.
    pub(super) from: NaiveDate,
    /// The last day.
    pub(super) to: NaiveDate,
}

impl From<(NaiveDate, NaiveDate)> for Period {
    fn from((from, to): (NaiveDate, NaiveDate)) -> Self {
        Self { from, to }
    }
}

/// A line.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LineView {
    /// Its place, counted from 1: `cancel --lines` and `item remove` take it.
    pub(super) number: usize,
    /// Time, a fee or an expense.
    pub(super) kind: LineKind,
    /// The project; a fee may have none.
    pub(super) project: Option<ProjectId>,
    /// The text of the line.
    pub(super) description: String,
    /// The note, if lines are by note.
    pub(super) note: Option<String>,
    /// The first and last day of its work.
    pub(super) period: Option<Period>,
    /// The quantity, as it is printed.
    pub(super) quantity: Decimal,
    /// The unit of the quantity.
    pub(super) unit: Measure,
    /// The price of one unit.
    pub(super) rate: Price,
    /// quantity × rate, rounded half up.
    pub(super) amount: Amount,
    /// The tax category, as in EN 16931: `S`, `E`, `AE` and others.
    pub(super) tax_category: TaxCategory,
    /// The tax rate, in percent.
    pub(super) tax_rate: Decimal,
}

/// A discount.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AllowanceView {
    /// The reason, as it is printed.
    pub(super) reason: String,
    /// The percentage; `None` if an amount was given.
    pub(super) percent: Option<Decimal>,
    /// The sum that the percentage is of.
    pub(super) base: Amount,
    /// The amount that is taken off.
    pub(super) amount: Amount,
    /// The tax category of the lines that it reduces, as in EN 16931.
    pub(super) tax_category: TaxCategory,
    /// Their tax rate, in percent.
    pub(super) tax_rate: Decimal,
    /// The lines that it covers.
    pub(super) covers: Covers,
}

/// The tax of one category and rate.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct TaxView {
    /// The category, as in EN 16931.
    pub(super) category: TaxCategory,
    /// The rate, in percent.
    pub(super) rate: Decimal,
    /// The sum that is taxed.
    pub(super) base: Amount,
    /// The tax: base × rate, rounded half up.
    pub(super) amount: Amount,
}

/// The tax in the currency in which it is owed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct HomeTaxView {
    /// The currency in which the tax is owed.
    pub(super) currency: Currency,
    /// The amount of the tax.
    pub(super) amount: Amount,
    /// Such as `EUR=1.0850`.
    pub(super) rate: String,
}

impl From<&HomeTax> for HomeTaxView {
    fn from(home: &HomeTax) -> Self {
        Self {
            currency: home.currency,
            amount: home.amount,
            rate: home.rate.to_string(),
        }
    }
}

/// A credit note that takes back an invoice, or some of it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct CreditedView {
    /// The number of the credit note.
    pub(super) number: InvoiceNumber,
    /// The credited lines, from 1.
    pub(super) lines: Vec<usize>,
    /// The credited amount with tax.
    pub(super) gross: Amount,
}

/// An item that was added to a draft by hand.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct ItemView {
    /// The number that takes it off the draft: its line's, if it is one.
    pub(super) number: usize,
    #[serde(flatten)]
    pub(super) item: Item,
}

/// The items that a credit note gives back.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct GivenBackView {
    /// The draft that it is on again; `None` if it could not be billed with it.
    pub(super) draft: Option<DraftId>,
    /// The items.
    pub(super) items: Vec<Item>,
    /// Why it is on none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) because: Option<String>,
}

impl LineView {
    pub(super) fn of((place, line): (usize, &Line)) -> Self {
        Self {
            number: place + 1,
            kind: line.kind,
            project: line.project.clone(),
            description: line.description.clone(),
            note: line.note.clone(),
            period: line.period.map(Period::from),
            quantity: line.quantity,
            unit: line.unit,
            rate: line.price,
            amount: line.amount,
            tax_category: line.tax.category(),
            tax_rate: line.tax.rate(),
        }
    }
}

impl From<&Allowance> for AllowanceView {
    fn from(allowance: &Allowance) -> Self {
        Self {
            reason: allowance.reason.clone(),
            percent: allowance.percent,
            base: allowance.base,
            amount: allowance.amount,
            tax_category: allowance.tax.category(),
            tax_rate: allowance.tax.rate(),
            covers: allowance.covers,
        }
    }
}

impl From<&TaxSubtotal> for TaxView {
    fn from(subtotal: &TaxSubtotal) -> Self {
        Self {
            category: subtotal.tax.category(),
            rate: subtotal.tax.rate(),
            base: subtotal.base,
            amount: subtotal.amount,
        }
    }
}
