//! Payments of an invoice, and what closes one without money: a cash discount and a write-off.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::number::InvoiceNumber;
use super::totals::TaxSubtotal;
use crate::money::{Amount, Currency, Tax};

/// The kind of a payment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PaymentKind {
    /// Money that came in, or went back.
    #[default]
    Money,
    /// A discount for early payment, which the client took.
    Discount,
    /// An amount that the client is no longer asked for.
    WriteOff,
}

impl PaymentKind {
    /// Returns the word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Money => "money",
            Self::Discount => "discount",
            Self::WriteOff => "write-off",
        }
    }

    /// Returns the kind with that word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        let all = [Self::Money, Self::Discount, Self::WriteOff];
        all.into_iter().find(|kind| kind.word() == word)
    }
}

/// A payment; the amount is negative if money went back or was used as credit, or if a discount or a write-off was taken
/// back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// The civil day.
    pub day: NaiveDate,
    /// The amount, with tax.
    pub amount: Amount,
    /// The kind.
    pub kind: PaymentKind,
    /// The reason of a write-off, or of an entry that takes one back.
    pub reason: Option<String>,
    /// The bases and taxes that a discount or a write-off takes off; together they are the amount.
    pub taxes: Vec<TaxSubtotal>,
    /// The invoice that it prepaid, if it was used as credit.
    pub used_by: Option<InvoiceNumber>,
}

impl Payment {
    /// Makes a payment of money.
    #[must_use]
    pub fn of_money(day: NaiveDate, amount: Amount) -> Self {
        Self {
            day,
            amount,
            kind: PaymentKind::Money,
            reason: None,
            taxes: Vec::new(),
            used_by: None,
        }
    }

    /// Makes a discount or a write-off of its parts by tax.
    pub(super) fn waived(kind: PaymentKind, day: NaiveDate, taxes: Vec<TaxSubtotal>, currency: Currency) -> Self {
        let zero = Amount::zero(currency);
        Self {
            amount: taxes.iter().fold(zero, |sum, part| sum + part.base + part.amount),
            kind,
            taxes,
            ..Self::of_money(day, zero)
        }
    }
}

/// Returns the sums of a discount or a write-off by tax.
pub(super) fn parts<'p>(payments: impl Iterator<Item = &'p Payment>) -> Vec<TaxSubtotal> {
    let mut sums = BTreeMap::<Tax, TaxSubtotal>::new();
    for part in payments.flat_map(|payment| &payment.taxes) {
        let add = |sum: &mut TaxSubtotal| {
            sum.base = sum.base + part.base;
            sum.amount = sum.amount + part.amount;
        };
        sums.entry(part.tax).and_modify(add).or_insert(*part);
    }
    sums.into_values().filter(|part| !with_tax(part).is_zero()).collect()
}

/// Returns the sum of a part with its tax.
pub(super) fn with_tax(part: &TaxSubtotal) -> Amount {
    part.base + part.amount
}

/// Splits an amount with tax in proportion to the sums of each tax. A part is the share of the sums up to and with its own,
/// less the share of the sums before, so that the parts add up.
pub(super) fn split(amount: Amount, sums: &BTreeMap<Tax, Amount>, currency: Currency) -> Vec<TaxSubtotal> {
    let zero = Amount::zero(currency);
    let whole = sums.values().fold(zero, |whole, sum| whole + *sum);
    let mut up_to = zero;
    let mut given = zero;
    let mut parts = Vec::new();
    for (tax, sum) in sums {
        up_to = up_to + *sum;
        let share = (amount.value() * up_to.value()).checked_div(whole.value());
        let share = Amount::rounded(share.unwrap_or_default(), currency);
        parts.push(part(*tax, share - given, currency));
        given = share;
    }
    parts.retain(|part| !with_tax(part).is_zero());
    parts
}

/// Takes the tax out of a sum.
pub(super) fn part(tax: Tax, sum: Amount, currency: Currency) -> TaxSubtotal {
    let factor = Decimal::ONE_HUNDRED + tax.rate();
    let base = Amount::rounded(sum.value() * Decimal::ONE_HUNDRED / factor, currency);
    TaxSubtotal {
        tax,
        base,
        amount: sum - base,
    }
}

/// Returns what takes parts back down to smaller sums, one for each part: negative parts.
pub(super) fn down_to(parts: &[TaxSubtotal], sums: &[Amount], currency: Currency) -> Vec<TaxSubtotal> {
    let back = parts.iter().zip(sums).map(|(old, sum)| {
        let new = part(old.tax, *sum, currency);
        TaxSubtotal {
            tax: old.tax,
            base: new.base - old.base,
            amount: new.amount - old.amount,
        }
    });
    back.filter(|part| !part.base.is_zero() || !part.amount.is_zero())
        .collect()
}
