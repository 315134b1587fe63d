//! Discounts on the whole of an invoice, as allowances on the base of each of its taxes.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, RoundingStrategy};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::totals::Allowance;
use crate::billing::{Line, LineKind};
use crate::money::{Amount, Currency, Tax};

/// A discount as the user gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Discount {
    /// The reason for it.
    pub reason: String,
    /// The reduction.
    pub of: Reduction,
    /// The one tax whose lines it reduces; `None` reduces those of all taxes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax: Option<Tax>,
    /// The lines that it reduces.
    #[serde(default, skip_serializing_if = "Covers::is_all")]
    pub covers: Covers,
}

/// The lines that a discount reduces. Discounts of earlier versions reduce all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Covers {
    /// Time and fees: expenses are passed on as they are.
    Work,
    /// All lines.
    #[default]
    All,
}

impl Covers {
    /// Returns true if it reduces lines of a kind.
    #[must_use]
    pub fn takes(self, kind: LineKind) -> bool {
        self == Self::All || kind != LineKind::Expense
    }

    /// Returns true if it reduces all lines.
    #[must_use]
    pub fn is_all(&self) -> bool {
        *self == Self::All
    }
}

/// The reduction by a discount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Reduction {
    /// A percentage of the covered lines, above 0 up to 100.
    Percent(Decimal),
    /// An amount before tax. If the covered lines have several taxes, each tax has its share of it.
    Amount(Decimal),
}

/// A discount that cannot be given.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DiscountError {
    /// The discounts exceed the lines.
    #[error("the discounts come to more than the lines, {0}\nhint: remove one, or make it smaller")]
    TooMuch(Amount),
    /// The lines are expenses, and a discount that is being added covers none.
    #[error(
        "the discount covers no line: expenses are passed on as they are\nhint: `--with-expenses` discounts them as well"
    )]
    NoLine,
}

/// Turns discounts into allowances. Each is taken from the full amounts of the lines that it covers, not from what
/// another discount leaves.
///
/// # Errors
///
/// If the discounts exceed the lines that they are taken from.
pub fn allowances(lines: &[Line], discounts: &[Discount], currency: Currency) -> Result<Vec<Allowance>, DiscountError> {
    let zero = Amount::zero(currency);
    let mut allowances = Vec::<Allowance>::new();
    for discount in discounts {
        let mut own = BTreeMap::<Tax, Amount>::new();
        for line in lines.iter().filter(|line| discount.takes(line)) {
            let base = own.entry(line.tax).or_insert(zero);
            *base = *base + line.amount;
        }
        // A draft whose time is gone keeps its expenses, and a discount of time takes nothing off them.
        if own.is_empty() && discount.covers == Covers::Work {
            continue;
        }
        let whole = own.values().fold(zero, |sum, base| sum + *base);
        if let Reduction::Amount(all) = discount.of
            && all > whole.value()
        {
            return Err(DiscountError::TooMuch(whole));
        }
        let mut passed = Decimal::ZERO;
        let mut given = zero;
        for (tax, base) in own {
            let (percent, amount) = match discount.of {
                Reduction::Percent(percent) => {
                    let amount = Amount::rounded(base.value() * percent / Decimal::ONE_HUNDRED, currency);
                    (Some(percent), amount)
                }
                Reduction::Amount(all) => {
                    // Each share is the difference of two cumulative ones, so that the last ends at the whole.
                    passed += base.value();
                    let up_to_here = share(all, passed, whole.value(), currency);
                    let amount = up_to_here - given;
                    given = up_to_here;
                    (None, amount)
                }
            };
            allowances.push(Allowance {
                reason: discount.reason.clone(),
                percent,
                base,
                amount,
                tax,
                of: None,
                covers: discount.covers,
            });
            if exceed(&allowances, lines, tax) {
                return Err(DiscountError::TooMuch(whole));
            }
        }
    }
    allowances.retain(|allowance| !allowance.amount.is_zero());
    Ok(allowances)
}

impl Discount {
    pub(super) fn takes(&self, line: &Line) -> bool {
        self.tax.is_none_or(|tax| tax == line.tax) && self.covers.takes(line.kind)
    }
}

/// Returns true if some line of a tax has more discounts than its amount.
fn exceed(allowances: &[Allowance], lines: &[Line], tax: Tax) -> bool {
    let [work, all] = [Covers::Work, Covers::All].map(|covers| {
        let given = allowances.iter();
        let given = given.filter(|allowance| allowance.tax == tax && allowance.covers == covers);
        let lines = lines
            .iter()
            .filter(|line| line.tax == tax && covers.takes(line.kind))
            .map(|line| line.amount.value());
        let given: Decimal = given.map(|allowance| allowance.amount.value()).sum();
        (given, lines.sum::<Decimal>())
    });
    // Time and fees have both: all / lines + work / lines of work is at most 1.
    all.0 > all.1 || work.0 > work.1 || all.0 * work.1 + work.0 * all.1 > all.1 * work.1
}

/// Returns the share of an amount for a part of a whole, rounded down: it never exceeds the part if the amount is at
/// most the whole.
fn share(amount: Decimal, part: Decimal, whole: Decimal, currency: Currency) -> Amount {
    if part == whole {
        return Amount::rounded(amount, currency);
    }
    let exact = (amount * part).checked_div(whole).unwrap_or_default();
    let down = exact.round_dp_with_strategy(currency.exponent(), RoundingStrategy::ToZero);
    Amount::rounded(down, currency)
}
