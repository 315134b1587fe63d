//! The sums of an invoice, as EN 16931 adds them up.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::discount::Covers;
use super::number::InvoiceNumber;
use crate::billing::Line;
use crate::money::{Amount, Currency, Tax};

/// A discount on the whole: the part that reduces the base of one (category, rate) (EN 16931 BG-20).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Allowance {
    /// The reason (BT-97; required by BR-33).
    pub reason: String,
    /// The rate in per cent of the base (BT-94), unless an amount was agreed.
    pub percent: Option<Decimal>,
    /// The base that it was taken from: the lines of that tax that it covers (BT-93).
    pub base: Amount,
    /// The amount (BT-92): at most the base, never negative.
    pub amount: Amount,
    /// The tax whose base it reduces (BT-95, BT-96).
    pub tax: Tax,
    /// The invoice that gave it first, if it was inherited with time that a credit note released.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<InvoiceNumber>,
    /// The lines that it reduces.
    #[serde(default, skip_serializing_if = "Covers::is_all")]
    pub covers: Covers,
}

impl Allowance {
    /// Returns true if it reduces a line.
    #[must_use]
    pub fn takes(&self, line: &Line) -> bool {
        self.tax == line.tax && self.covers.takes(line.kind)
    }
}

/// The base and the tax of one (category, rate).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TaxSubtotal {
    /// The category and rate.
    pub tax: Tax,
    /// The sum of its lines less its allowances (EN 16931 BT-116).
    pub base: Amount,
    /// base × rate, rounded half up (BR-CO-17).
    pub amount: Amount,
}

/// The sums of an invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(from = "Stored")]
pub struct Totals {
    /// The sum of the rounded lines (BT-106, BR-CO-10).
    pub lines: Amount,
    /// The sum of the allowances (BT-107, BR-CO-11).
    pub allowances: Amount,
    /// lines - allowances (BT-109, BR-CO-13).
    pub net: Amount,
    /// One subtotal per (category, rate), in the order of the taxes (BG-23).
    pub taxes: Vec<TaxSubtotal>,
    /// The sum of the tax subtotals (BT-110, BR-CO-14).
    pub tax: Amount,
    /// net + tax (BT-112, BR-CO-15).
    pub gross: Amount,
    /// The amount that was paid in advance (BT-113).
    pub prepaid: Amount,
    /// gross - prepaid (BT-115, BR-CO-16).
    pub due: Amount,
}

impl Totals {
    /// Adds lines up.
    #[must_use]
    pub fn of(lines: &[Line], currency: Currency) -> Self {
        Self::reduced(lines, &[], Amount::zero(currency), currency)
    }

    /// Adds lines up, less allowances and the amount paid in advance.
    #[must_use]
    pub fn reduced(lines: &[Line], allowances: &[Allowance], prepaid: Amount, currency: Currency) -> Self {
        let zero = Amount::zero(currency);
        let mut bases = BTreeMap::<Tax, Amount>::new();
        for line in lines {
            let base = bases.entry(line.tax).or_insert(zero);
            *base = *base + line.amount;
        }
        for allowance in allowances {
            let base = bases.entry(allowance.tax).or_insert(zero);
            *base = *base - allowance.amount;
        }
        let subtotal = |(tax, base): (Tax, Amount)| TaxSubtotal {
            tax,
            base,
            amount: Amount::rounded(base.value() * tax.rate() / Decimal::ONE_HUNDRED, currency),
        };
        let taxes: Vec<TaxSubtotal> = bases.into_iter().map(subtotal).collect();
        let sum = |amounts: &mut dyn Iterator<Item = Amount>| amounts.fold(zero, |sum, amount| sum + amount);
        let total = sum(&mut lines.iter().map(|line| line.amount));
        let reduced = sum(&mut allowances.iter().map(|allowance| allowance.amount));
        let net = total - reduced;
        let tax = sum(&mut taxes.iter().map(|subtotal| subtotal.amount));
        let gross = net + tax;
        Self {
            lines: total,
            allowances: reduced,
            net,
            taxes,
            tax,
            gross,
            prepaid,
            due: gross - prepaid,
        }
    }
}

/// The sums as they are stored; the first version had neither allowances nor payments in advance.
#[derive(Deserialize, JsonSchema)]
struct Stored {
    lines: Option<Amount>,
    allowances: Option<Amount>,
    net: Amount,
    taxes: Vec<TaxSubtotal>,
    tax: Amount,
    gross: Amount,
    prepaid: Option<Amount>,
    due: Option<Amount>,
}

impl From<Stored> for Totals {
    fn from(stored: Stored) -> Self {
        // Zero with the currency's decimals, because gross = net + tax (BR-CO-15).
        let nothing = stored.gross - stored.net - stored.tax;
        Self {
            lines: stored.lines.unwrap_or(stored.net),
            allowances: stored.allowances.unwrap_or(nothing),
            net: stored.net,
            taxes: stored.taxes,
            tax: stored.tax,
            gross: stored.gross,
            prepaid: stored.prepaid.unwrap_or(nothing),
            due: stored.due.unwrap_or(stored.gross),
        }
    }
}
