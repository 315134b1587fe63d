//! The content of an invoice, before and after it is issued.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::appendix::Appendix;
use super::cash_discount::CashDiscount;
use super::home_tax::HomeTax;
use super::item::Item;
use super::kind::Kind;
use super::month_end::{self, MonthEnd};
use super::number::InvoiceNumber;
use super::party::{Language, Party, Problem, problems};
use super::stationery::Stationery;
use super::totals::{Allowance, Totals};
use crate::billing::{Grouping, Line};
use crate::calendar::Calendar;
use crate::money::{Amount, Currency, Tax};

/// The content of an invoice, without its number and dates. Stored unchanged when the invoice is issued; fields that
/// earlier versions did not store read as absent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Content {
    /// An invoice, or a credit note with the lines that it credits. The amounts of both are positive.
    #[serde(default)]
    pub kind: Kind,
    /// The seller.
    pub seller: Party,
    /// The buyer.
    pub buyer: Party,
    /// The client's id in the config.
    pub client: String,
    /// The one currency.
    pub currency: Currency,
    /// The billed lines.
    pub lines: Vec<Line>,
    /// The seller's own name of the tax; `None` for the usual one of country and language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_name: Option<String>,
    /// The grouping of time into lines. By day, the period of each line of time is one day; by note, each line has its
    /// note.
    #[serde(default)]
    pub grouping: Grouping,
    /// Discounts on the whole: one allowance per (category, rate) that a discount reduces.
    #[serde(default)]
    pub allowances: Vec<Allowance>,
    /// The items that the user added to the draft, as they were added. A credit note gives them back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Item>,
    /// The sums.
    pub totals: Totals,
    /// The tax in the currency in which it is owed, if that is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home_tax: Option<HomeTax>,
    /// The first and last civil day of the work (BT-73, BT-74).
    pub period: (NaiveDate, NaiveDate),
    /// Days from the issue date to the due date.
    pub payment_days: u32,
    /// The month's end in the terms of payment, if it is in them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month_end: Option<MonthEnd>,
    /// The account to pay to, without spaces.
    pub iban: Option<String>,
    /// The bank of that account (BT-86).
    #[serde(default)]
    pub bic: Option<String>,
    /// The buyer's own reference (BT-10), such as a German *Leitweg-ID*.
    pub buyer_reference: Option<String>,
    /// The number of the buyer's order (BT-13).
    #[serde(default)]
    pub order_reference: Option<String>,
    /// The number of the contract (BT-12).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract_reference: Option<String>,
    /// The buyer's reference of the project (BT-11); of several projects, those of all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project_reference: Option<String>,
    /// The number under which the buyer knows the seller (BT-29).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier_number: Option<String>,
    /// The terms of payment in words (BT-20), beside the due date.
    #[serde(default)]
    pub terms: Option<String>,
    /// The discount for early payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cash_discount: Option<CashDiscount>,
    /// Further notes (BT-22), one paragraph each.
    #[serde(default)]
    pub notes: Vec<String>,
    /// The language.
    pub language: Language,
    /// The work in detail, printed behind the invoice.
    #[serde(default)]
    pub appendix: Option<Appendix>,
    /// The logo and the layout that it is printed with.
    #[serde(default)]
    pub stationery: Stationery,
    /// The calendar that the work was counted in. The quantities are derived from it again.
    #[serde(default)]
    pub calendar: Option<Calendar>,
}

impl Content {
    /// Returns the problems that keep it from being a valid invoice.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let taxes: Vec<Tax> = self.totals.taxes.iter().map(|subtotal| subtotal.tax).collect();
        let table = format!("client.{}", self.client);
        problems(&self.seller, &self.buyer, &table, &taxes)
    }

    /// Returns the unnumbered paper of a draft that is printed on a day.
    #[must_use]
    pub fn paper(&self, issue_date: NaiveDate) -> Paper<'_> {
        Paper {
            number: None,
            issue_date,
            due_date: self.due_date(issue_date),
            content: self,
        }
    }

    fn due_date(&self, issue_date: NaiveDate) -> NaiveDate {
        month_end::due(issue_date, self.payment_days, self.month_end)
    }
}

/// The id of a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct DraftId(pub i64);

/// An invoice before it is issued: it has no number and is computed anew until then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its id.
    pub id: DraftId,
    /// Its content if it were issued now.
    pub content: Content,
}

impl Content {
    /// Returns the credit that it uses, by the invoices that were overpaid, in the order in which it was added. It is a part of
    /// what was paid in advance (BT-113).
    #[must_use]
    pub fn prepayments(&self) -> Vec<(InvoiceNumber, Amount)> {
        let credit = |item: &Item| match item {
            Item::Credit(credit) => Some((credit.of.clone(), Amount::rounded(credit.amount, self.currency))),
            _ => None,
        };
        let mut sums: Vec<(InvoiceNumber, Amount)> = Vec::new();
        for (of, amount) in self.items.iter().filter_map(credit) {
            match sums.iter_mut().find(|(other, _)| *other == of) {
                Some((_, sum)) => *sum = *sum + amount,
                None => sums.push((of, amount)),
            }
        }
        sums
    }
}

impl Draft {
    /// Returns it as it would be printed on a day.
    #[must_use]
    pub fn paper(&self, issue_date: NaiveDate) -> Paper<'_> {
        self.content.paper(issue_date)
    }
}

/// An issued invoice, with its number. It never changes; only its payments and credits do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Issued {
    number: InvoiceNumber,
    issue_date: NaiveDate,
    due_date: NaiveDate,
    content: Content,
}

impl Issued {
    /// Gives a content its number and dates.
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

    /// Returns the civil day of issue in the business's zone.
    #[must_use]
    pub fn issue_date(&self) -> NaiveDate {
        self.issue_date
    }

    /// Returns the day by which it is to be paid.
    #[must_use]
    pub fn due_date(&self) -> NaiveDate {
        self.due_date
    }

    /// Returns the content.
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
    /// The content.
    pub content: &'a Content,
}
