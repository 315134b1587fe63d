//! What became of an issued invoice: sent, paid, credited. All of it is derived from what happened, on the day asked.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::content::Issued;
use super::number::InvoiceNumber;
use crate::money::Amount;

/// Where an issued invoice stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It has its number.
    Issued,
    /// It was sent.
    Sent,
    /// Some of it was paid.
    PartPaid,
    /// Nothing of it is owed any more.
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

/// Money that came in; less than nothing where it went back, or was used as credit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Payment {
    /// The civil day.
    pub day: NaiveDate,
    /// The amount.
    pub amount: Amount,
    /// The invoice that it was paid on in advance, if it was used as credit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_by: Option<InvoiceNumber>,
}

/// What a credit note took back of an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditedBy {
    /// The credit note.
    pub number: InvoiceNumber,
    /// The places of the lines that it took back.
    pub lines: Vec<usize>,
    /// What it comes to, with tax.
    pub gross: Amount,
    /// True if the time stays billed all the same.
    pub kept: bool,
}

/// What happened to an issued invoice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The day on which it was sent.
    pub sent_on: Option<NaiveDate>,
    /// What was paid, in the order in which it was noted.
    pub payments: Vec<Payment>,
    /// What was taken back, in the order of issue.
    pub credits: Vec<CreditedBy>,
    /// What only the user sees.
    pub note: Option<String>,
}

impl Standing {
    /// Returns what was paid since it was issued.
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

    /// Returns what the client still owes; less than nothing is owed to the client. A credit note is not owed: it counts
    /// with its invoice.
    #[must_use]
    pub fn owed(&self, invoice: &Issued) -> Amount {
        let content = invoice.content();
        let totals = &content.totals;
        let zero = Amount::zero(content.currency);
        if content.kind.credited().is_some() {
            return zero;
        }
        // Of an invoice that is cancelled line by line, a cent may be left by the rounding of taxes: nobody owes it.
        if self.is_cancelled(invoice) {
            return zero - totals.prepaid - self.paid(invoice);
        }
        let credited = self.credits.iter().fold(zero, |sum, credit| sum + credit.gross);
        totals.due - credited - self.paid(invoice)
    }

    /// Returns what the client paid on it and does not owe: its credit, 0 or more.
    #[must_use]
    pub fn credit(&self, invoice: &Issued) -> Amount {
        let zero = Amount::zero(invoice.content().currency);
        (zero - self.owed(invoice)).max(zero)
    }

    /// Returns where it stands.
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

    /// Returns whether something should have been paid before a day.
    #[must_use]
    pub fn is_overdue(&self, invoice: &Issued, today: NaiveDate) -> bool {
        let owed = self.owed(invoice) > Amount::zero(invoice.content().currency);
        owed && invoice.due_date() < today
    }
}
