//! What an invoice says, before and after it is issued.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::number::InvoiceNumber;
use super::party::{Language, Party, Problem, problems};
use crate::billing::Line;
use crate::money::{Amount, Currency, Tax};

/// The base and the tax of one (category, rate).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxSubtotal {
    /// The category and rate.
    pub tax: Tax,
    /// The sum of its lines (EN 16931 BT-116).
    pub base: Amount,
    /// base × rate, rounded half up (BR-CO-17).
    pub amount: Amount,
}

/// The sums of an invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// The sum of the rounded lines (BR-CO-10).
    pub net: Amount,
    /// One subtotal a (category, rate).
    pub taxes: Vec<TaxSubtotal>,
    /// The sum of the tax subtotals (BR-CO-14).
    pub tax: Amount,
    /// net + tax (BR-CO-15).
    pub gross: Amount,
}

impl Totals {
    /// Adds lines up.
    #[must_use]
    pub fn of(lines: &[Line], currency: Currency) -> Self {
        let mut bases = BTreeMap::<Tax, Amount>::new();
        for line in lines {
            let base = bases.entry(line.tax).or_insert_with(|| Amount::zero(currency));
            *base = *base + line.amount;
        }
        let subtotal = |(tax, base): (Tax, Amount)| TaxSubtotal {
            tax,
            base,
            amount: Amount::rounded(base.value() * tax.rate() / Decimal::ONE_HUNDRED, currency),
        };
        let taxes: Vec<TaxSubtotal> = bases.into_iter().map(subtotal).collect();
        let sum = |amounts: &mut dyn Iterator<Item = Amount>| {
            amounts.fold(Amount::zero(currency), |sum, amount| sum + amount)
        };
        let net = sum(&mut lines.iter().map(|line| line.amount));
        let tax = sum(&mut taxes.iter().map(|subtotal| subtotal.amount));
        Self {
            net,
            taxes,
            tax,
            gross: net + tax,
        }
    }
}

/// All that an invoice says but its number and dates. Stored as it is when the invoice is issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Who bills.
    pub seller: Party,
    /// Who is billed.
    pub buyer: Party,
    /// The client's id in the config.
    pub client: String,
    /// The one currency.
    pub currency: Currency,
    /// What is billed.
    pub lines: Vec<Line>,
    /// The sums.
    pub totals: Totals,
    /// The first and last civil day of the work.
    pub period: (NaiveDate, NaiveDate),
    /// Days from the issue date to the due date.
    pub payment_days: u32,
    /// The account to pay to.
    pub iban: Option<String>,
    /// The buyer's own reference.
    pub buyer_reference: Option<String>,
    /// The language.
    pub language: Language,
}

impl Content {
    /// Returns what keeps it from being a valid invoice.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let taxes: Vec<Tax> = self.totals.taxes.iter().map(|subtotal| subtotal.tax).collect();
        let table = format!("client.{}", self.client);
        problems(&self.seller, &self.buyer, &table, &taxes)
    }

    fn due_date(&self, issue_date: NaiveDate) -> NaiveDate {
        issue_date + Days::new(self.payment_days.into())
    }
}

/// Names a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DraftId(pub i64);

/// An invoice that is not one yet: it has no number and is computed anew until it is issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Names it.
    pub id: DraftId,
    /// What it would say if it were issued now.
    pub content: Content,
}

impl Draft {
    /// Returns it as it would be printed on a day.
    #[must_use]
    pub fn paper(&self, issue_date: NaiveDate) -> Paper<'_> {
        Paper {
            number: None,
            issue_date,
            due_date: self.content.due_date(issue_date),
            content: &self.content,
        }
    }
}

/// Where an issued invoice stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It has its number.
    Issued,
    /// It was sent.
    Sent,
    /// It was paid.
    Paid,
    /// A credit note cancelled it.
    Cancelled,
}

/// An invoice with its number. Nothing about it changes any more but where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    number: InvoiceNumber,
    issue_date: NaiveDate,
    due_date: NaiveDate,
    content: Content,
}

impl Issued {
    /// Gives a content its number and its dates.
    #[must_use]
    pub fn new(number: InvoiceNumber, issue_date: NaiveDate, content: Content) -> Self {
        Self {
            number,
            issue_date,
            due_date: content.due_date(issue_date),
            content,
        }
    }

    /// Returns the number.
    #[must_use]
    pub fn number(&self) -> &InvoiceNumber {
        &self.number
    }

    /// Returns what it says.
    #[must_use]
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// Returns it as it is printed.
    #[must_use]
    pub fn paper(&self) -> Paper<'_> {
        Paper {
            number: Some(&self.number),
            issue_date: self.issue_date,
            due_date: self.due_date,
            content: &self.content,
        }
    }
}

/// An invoice or a draft as it is printed.
#[derive(Clone, Copy, Debug)]
pub struct Paper<'a> {
    /// The number; a draft has none.
    pub number: Option<&'a InvoiceNumber>,
    /// The civil day of issue in the business's zone.
    pub issue_date: NaiveDate,
    /// The day by which it is to be paid.
    pub due_date: NaiveDate,
    /// All that it says.
    pub content: &'a Content,
}
