//! The state of an issued invoice: sent, paid, credited. Derived from its events, for the day asked.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::content::Issued;
use super::number::InvoiceNumber;
use crate::money::Amount;

/// The state of an issued invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It has its number.
    Issued,
    /// It was sent.
    Sent,
    /// Some of it was paid.
    PartPaid,
    /// Nothing is owed any more.
    Paid,
    /// Credit notes cancelled all of it.
    Cancelled,
}

impl Status {
    /// Returns the word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Sent => "sent",
            Self::PartPaid => "part-paid",
            Self::Paid => "paid",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Money received; negative if it was paid back or used as credit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Payment {
    /// The civil day.
    pub day: NaiveDate,
    /// The amount.
    pub amount: Amount,
    /// The invoice that it prepaid, if it was used as credit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_by: Option<InvoiceNumber>,
}

/// A credit note on an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditedBy {
    /// The credit note.
    pub number: InvoiceNumber,
    /// The places of the lines that it took back.
    pub lines: Vec<usize>,
    /// Its sum, with tax.
    pub gross: Amount,
    /// True if the time stays billed.
    pub kept: bool,
}

/// The events of an issued invoice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The day on which it was sent.
    pub sent_on: Option<NaiveDate>,
    /// The payments, in the order in which they were recorded.
    pub payments: Vec<Payment>,
    /// The credit notes, in the order of issue.
    pub credits: Vec<CreditedBy>,
    /// A note that only the user sees.
    pub note: Option<String>,
}

impl Standing {
    /// Returns the sum of the payments since it was issued.
    #[must_use]
    pub fn paid(&self, invoice: &Issued) -> Amount {
        let zero = Amount::zero(invoice.content().currency);
        self.payments.iter().fold(zero, |sum, payment| sum + payment.amount)
    }

    /// Returns whether credit notes took every line back.
    #[must_use]
    pub fn is_cancelled(&self, invoice: &Issued) -> bool {
        let credited = |line| self.credits.iter().any(|credit| credit.lines.contains(&line));
        !self.credits.is_empty() && (0..invoice.content().lines.len()).all(credited)
    }

    /// Returns the amount that the client owes; negative if it is owed to the client. Zero for a credit note, which
    /// counts with its invoice.
    #[must_use]
    pub fn owed(&self, invoice: &Issued) -> Amount {
        let content = invoice.content();
        let totals = &content.totals;
        let zero = Amount::zero(content.currency);
        if content.kind.credited().is_some() {
            return zero;
        }
        // If lines were cancelled one by one, rounded taxes may leave a cent on the invoice: nobody owes it.
        if self.is_cancelled(invoice) {
            return zero - totals.prepaid - self.paid(invoice);
        }
        let credited = self.credits.iter().fold(zero, |sum, credit| sum + credit.gross);
        totals.due - credited - self.paid(invoice)
    }

    /// Returns the client's credit: the amount paid beyond what is owed, 0 or more.
    #[must_use]
    pub fn credit(&self, invoice: &Issued) -> Amount {
        let zero = Amount::zero(invoice.content().currency);
        (zero - self.owed(invoice)).max(zero)
    }

    /// Returns its state.
    #[must_use]
    pub fn status(&self, invoice: &Issued) -> Status {
        let zero = Amount::zero(invoice.content().currency);
        let credits = invoice.content().kind.credited().is_some();
        if self.is_cancelled(invoice) {
            Status::Cancelled
        } else if !credits && self.owed(invoice) <= zero {
            Status::Paid
        } else if self.paid(invoice) > zero {
            Status::PartPaid
        } else if self.sent_on.is_some() {
            Status::Sent
        } else {
            Status::Issued
        }
    }

    /// Returns whether the client owes an amount whose due date lies before `today`.
    #[must_use]
    pub fn is_overdue(&self, invoice: &Issued, today: NaiveDate) -> bool {
        let owed = self.owed(invoice) > Amount::zero(invoice.content().currency);
        owed && invoice.due_date() < today
    }
}
