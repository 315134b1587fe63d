//! The state of an issued invoice: sent, paid, credited. Derived from its events, for the day asked.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::content::Issued;
use super::number::InvoiceNumber;
use super::paying::PayError;
use super::payment::{Payment, PaymentKind, down_to, parts, split, with_tax};
use super::totals::TaxSubtotal;
use crate::money::{Amount, Tax};

/// The state of an issued invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
    /// Nothing is owed any more, and more was written off than paid.
    WrittenOff,
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
            Self::WrittenOff => "written-off",
            Self::Cancelled => "cancelled",
        }
    }
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
    /// Its bases and taxes.
    pub taxes: Vec<TaxSubtotal>,
    /// True if the time stays billed.
    pub kept: bool,
}

/// A discount for early payment that can be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The last day on which it can be taken.
    pub until: NaiveDate,
    /// The amount, with tax.
    pub amount: Amount,
}

/// The discounts for early payment of an invoice, one at least.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grants(Vec<Grant>);

impl Grants {
    /// Returns all of them.
    #[must_use]
    pub fn all(&self) -> &[Grant] {
        &self.0
    }

    /// Returns the one that is all that is left to pay; else the largest that can still be taken on the day, or else the one
    /// that could be taken last.
    #[must_use]
    pub fn of(&self, day: NaiveDate, rest: Option<Amount>) -> Option<Grant> {
        let grants = || self.0.iter().copied();
        let fits = grants().find(|grant| Some(grant.amount) == rest);
        let in_time = || {
            grants()
                .filter(|grant| day <= grant.until)
                .max_by_key(|grant| grant.amount)
        };
        fits.or_else(in_time)
            .or_else(|| grants().max_by_key(|grant| grant.until))
    }
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
    /// Returns the money that came in since it was issued, less what went back or was used as credit.
    #[must_use]
    pub fn paid(&self, invoice: &Issued) -> Amount {
        self.sum_of(invoice, PaymentKind::Money)
    }

    /// Returns the sum of the payments of a kind; that of a discount or a write-off is never negative.
    #[must_use]
    pub fn sum_of(&self, invoice: &Issued, kind: PaymentKind) -> Amount {
        let zero = Amount::zero(invoice.content().currency);
        self.of_kind(kind).fold(zero, |sum, payment| sum + payment.amount)
    }

    /// Returns the sums of a discount or a write-off by tax.
    #[must_use]
    pub fn taxes_of(&self, kind: PaymentKind) -> Vec<TaxSubtotal> {
        parts(self.of_kind(kind))
    }

    fn of_kind(&self, kind: PaymentKind) -> impl Iterator<Item = &Payment> {
        self.payments.iter().filter(move |payment| payment.kind == kind)
    }

    /// Returns what takes a discount or a write-off down to a smaller sum.
    pub(super) fn less(&self, invoice: &Issued, kind: PaymentKind, sum: Amount, day: NaiveDate) -> Payment {
        let currency = invoice.content().currency;
        let old = self.taxes_of(kind);
        let sums: BTreeMap<Tax, Amount> = old.iter().map(|part| (part.tax, with_tax(part))).collect();
        let new = split(sum, &sums, currency);
        let new: Vec<Amount> = old
            .iter()
            .map(|old| {
                let same = new.iter().find(|new| new.tax == old.tax);
                same.map_or(Amount::zero(currency), with_tax)
            })
            .collect();
        Payment::waived(kind, day, down_to(&old, &new, currency), currency)
    }

    /// Returns the sums with tax that it bills by tax, less what credit notes took back.
    pub(super) fn claimed(&self, invoice: &Issued) -> BTreeMap<Tax, Amount> {
        let mut claimed = BTreeMap::new();
        if self.is_cancelled(invoice) {
            return claimed;
        }
        for subtotal in &invoice.content().totals.taxes {
            claimed.insert(subtotal.tax, with_tax(subtotal));
        }
        for subtotal in self.credits.iter().flat_map(|credit| &credit.taxes) {
            if let Some(sum) = claimed.get_mut(&subtotal.tax) {
                *sum = *sum - with_tax(subtotal);
            }
        }
        claimed
    }

    /// Returns the discounts for early payment that can be taken: of what credit notes left, and once.
    ///
    /// # Errors
    ///
    /// If the invoice grants none, or it was taken.
    pub fn grants(&self, invoice: &Issued) -> Result<Grants, PayError> {
        let (content, number) = (invoice.content(), || invoice.number().clone());
        if !self.sum_of(invoice, PaymentKind::Discount).is_zero() {
            return Err(PayError::DiscountTaken(number()));
        }
        let zero = Amount::zero(content.currency);
        let credited = self.credits.iter().fold(zero, |sum, credit| sum + credit.gross);
        let left = if self.is_cancelled(invoice) {
            zero
        } else {
            content.totals.due - credited
        };
        let grant = |discount: &super::CashDiscount| Grant {
            until: discount.until(&invoice.paper()),
            amount: discount.of_part(content, left),
        };
        let grants: Vec<Grant> = content.cash_discounts().iter().map(grant).collect();
        if grants.iter().all(|grant| grant.amount <= zero) {
            return Err(PayError::NoDiscount(number()));
        }
        Ok(Grants(grants))
    }

    /// Returns the discount that closes the invoice by itself: one that can still be taken on the day and is all that is left
    /// to pay. Zero if there is none.
    pub(super) fn granted(&self, invoice: &Issued, day: NaiveDate, rest: Amount) -> Amount {
        let fits = |grant: &Grant| day <= grant.until && grant.amount == rest;
        let found = self.grants(invoice).is_ok_and(|grants| grants.0.iter().any(fits));
        if found {
            rest
        } else {
            Amount::zero(invoice.content().currency)
        }
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
        let settled = self.payments.iter().fold(zero, |sum, payment| sum + payment.amount);
        // If lines were cancelled one by one, rounded taxes may leave a cent on the invoice: nobody owes it.
        if self.is_cancelled(invoice) {
            return zero - totals.prepaid - settled;
        }
        let credited = self.credits.iter().fold(zero, |sum, credit| sum + credit.gross);
        totals.due - credited - settled
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
            let written_off = self.sum_of(invoice, PaymentKind::WriteOff);
            if written_off > self.paid(invoice) + invoice.content().totals.prepaid {
                Status::WrittenOff
            } else {
                Status::Paid
            }
        } else if self.payments.iter().fold(zero, |sum, payment| sum + payment.amount) > zero {
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
