//! The price of a piece of time by itself, before an invoice rounds it with the rest.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{Per, Terms};
use crate::instant::Length;
use crate::money::{Amount, Price, Unit};

/// A piece of time at its rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alone {
    /// The quantity, in units.
    pub quantity: Decimal,
    /// The unit of the quantity.
    pub unit: Unit,
    /// The price of one unit.
    pub price: Price,
    /// Quantity × price.
    pub amount: Amount,
    /// True if the policy rounds it together with other time, so that an invoice may add more or less for it.
    pub shared: bool,
}

impl Terms {
    /// Returns the price of a piece of a day by itself; `None` if it cannot be billed or rounds to zero. `own` is the
    /// piece's own hourly rate, which replaces the project's.
    ///
    /// A policy per session treats the piece as one session. A policy per line, day or note leaves its length as it is,
    /// because only the whole is rounded.
    #[must_use]
    pub fn alone(&self, day: NaiveDate, length: Length, own: Option<Price>) -> Option<Alone> {
        let own = own.map(|price| (price, Unit::Hour));
        let rate = own.or_else(|| self.rate_on(day).map(|rate| (rate.price, rate.unit)));
        let (price, unit) = rate.filter(|_| self.billable)?;
        let rounds = !(self.policy.increment.is_zero() && self.policy.minimum.is_zero());
        let shared = rounds && self.policy.per != Per::Session;
        let billed = if shared { length } else { self.policy.round(length) };
        let rounding = self.rounding(unit);
        let quantity = rounding.quantity(Length::ZERO, billed, unit);
        (!quantity.is_zero()).then(|| Alone {
            quantity,
            unit,
            price,
            amount: Amount::rounded(quantity * price.value(), self.currency),
            shared,
        })
    }
}
