//! What an invoice says, before and after it is issued.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::appendix::Appendix;
use super::item::Item;
use super::kind::Kind;
use super::number::InvoiceNumber;
use super::party::{Language, Party, Problem, problems};
use super::stationery::Stationery;
use super::totals::{Allowance, Totals};
use crate::billing::{Grouping, Line};
use crate::calendar::Calendar;
use crate::money::{Currency, Tax};

/// All that an invoice says but its number and dates. Stored as it is when the invoice is issued; what earlier versions
/// did not store reads as not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// An invoice, or a credit note with what it credits. The amounts of both are positive.
    #[serde(default)]
    pub kind: Kind,
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
    /// How time became lines: by day, each line of time has one day as its period; by note, each has its note.
    #[serde(default)]
    pub grouping: Grouping,
    /// Discounts on the whole, one a (category, rate) that they reduce.
    #[serde(default)]
    pub allowances: Vec<Allowance>,
    /// What the user added by hand to the draft that this was, as it was added: what a credit note gives back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Item>,
    /// The sums.
    pub totals: Totals,
    /// The first and last civil day of the work (BT-73, BT-74).
    pub period: (NaiveDate, NaiveDate),
    /// Days from the issue date to the due date.
    pub payment_days: u32,
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
    /// The terms of payment in words (BT-20), beside the due date.
    #[serde(default)]
    pub terms: Option<String>,
    /// Whatever else is to be said (BT-22), a paragraph each.
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
    /// Whose days the work was counted in: what its quantities are derived from again.
    #[serde(default)]
    pub calendar: Option<Calendar>,
}

impl Content {
    /// Returns what keeps it from being a valid invoice.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let taxes: Vec<Tax> = self.totals.taxes.iter().map(|subtotal| subtotal.tax).collect();
        let table = format!("client.{}", self.client);
        problems(&self.seller, &self.buyer, &table, &taxes)
    }

    /// Returns it as a draft would be printed on a day.
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
        self.content.paper(issue_date)
    }
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
