//! Discounts on the whole of an invoice, as allowances on the base of each of its taxes.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::totals::Allowance;
use crate::billing::Line;
use crate::money::{Amount, Currency, Tax};

/// A discount as the user gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discount {
    /// The reason for it.
    pub reason: String,
    /// The reduction.
    pub of: Reduction,
    /// The one tax whose lines it reduces; `None` reduces those of all taxes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax: Option<Tax>,
}

/// The reduction by a discount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reduction {
    /// A percentage of the lines, above 0 up to 100.
    Percent(Decimal),
    /// An amount before tax. If the lines have several taxes, each tax has its share of it.
    Amount(Decimal),
}

/// A discount that cannot be given.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DiscountError {
    /// The discounts exceed the lines.
    #[error("the discounts come to more than the lines, {0}\nhint: remove one, or make it smaller")]
    TooMuch(Amount),
}

/// Turns discounts into allowances. Each is taken from the full amounts of the lines, not from what another discount
/// leaves.
///
/// # Errors
///
/// If the discounts exceed the lines that they are taken from.
pub fn allowances(lines: &[Line], discounts: &[Discount], currency: Currency) -> Result<Vec<Allowance>, DiscountError> {
    let zero = Amount::zero(currency);
    let mut bases = BTreeMap::<Tax, Amount>::new();
    for line in lines {
        let base = bases.entry(line.tax).or_insert(zero);
        *base = *base + line.amount;
    }
    let mut allowances = Vec::new();
    let mut taken = BTreeMap::<Tax, Amount>::new();
    for discount in discounts {
        let mut passed = Decimal::ZERO;
        let mut given = zero;
        let taken_from = |tax: &Tax| discount.tax.is_none_or(|one| one == *tax);
        let own = bases.iter().filter(|(tax, _)| taken_from(tax));
        let whole = own.clone().fold(zero, |sum, (_, base)| sum + *base);
        if let Reduction::Amount(all) = discount.of
            && all > whole.value()
        {
            return Err(DiscountError::TooMuch(whole));
        }
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
            let sum = taken.entry(*tax).or_insert(zero);
            *sum = *sum + amount;
            if *sum > *base {
                return Err(DiscountError::TooMuch(whole));
            }
            if !amount.is_zero() {
                allowances.push(Allowance {
                    reason: discount.reason.clone(),
                    percent,
                    base: *base,
                    amount,
                    tax: *tax,
                    of: None,
                });
            }
        }
    }
    Ok(allowances)
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
