//! The tax of an invoice in the currency in which it is owed, if that is another one than the invoice's.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::content::Content;
use super::totals::TaxSubtotal;
use crate::money::{Amount, Currency, TaxCategory, number};

/// An exchange rate as it is published: the price of one unit of a currency. `EUR=1.0850` is the European Central Bank's
/// form for an invoice in USD, `USD=3.6921` that of a bank in Warsaw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExchangeRate {
    /// The currency of which one unit is priced.
    pub one: Currency,
    /// The price in the other currency: above 0, at most a million, with ten decimals at most.
    pub price: Decimal,
}

/// The total tax of an invoice in the currency in which it is owed (BT-6, BT-111; Directive 2006/112/EC art. 230).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HomeTax {
    /// The currency (BT-6).
    pub currency: Currency,
    /// The amount (BT-111), rounded half up to the decimals of that currency.
    pub amount: Amount,
    /// The exchange rate, as the user gave it.
    pub rate: ExchangeRate,
}

/// An exchange rate that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ExchangeError {
    /// The text is no rate.
    #[error("`{0}` is not an exchange rate\nhint: write what one unit costs, such as EUR=1.0850")]
    Form(String),
    /// The invoice is in the currency of its tax: no conversion is needed.
    #[error(
        "the invoice is in {0}, the currency of its tax\nhint: it needs no exchange rate; `keeptab invoice item remove` takes it off a draft"
    )]
    Same(Currency),
    /// The rate is of a third currency.
    #[error("an exchange rate of {one} does not convert {from} to {to}\nhint: write it as {to}=… or {from}=…")]
    Other {
        /// The currency of the rate.
        one: Currency,
        /// The currency of the invoice.
        from: Currency,
        /// The currency of the tax.
        to: Currency,
    },
}

impl FromStr for ExchangeRate {
    type Err = ExchangeError;

    fn from_str(text: &str) -> Result<Self, ExchangeError> {
        let wrong = || ExchangeError::Form(text.to_owned());
        let (one, price) = text.split_once('=').ok_or_else(wrong)?;
        let one = one.trim();
        let one = one.strip_prefix("1 ").unwrap_or(one).trim();
        let price = number(price).map_err(|_| wrong())?;
        let most = Decimal::from(1_000_000);
        if price <= Decimal::ZERO || price > most || price.scale() > 10 {
            return Err(wrong());
        }
        Ok(Self {
            one: one.parse().map_err(|_| wrong())?,
            price,
        })
    }
}

impl fmt::Display for ExchangeRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.one, self.price)
    }
}

impl HomeTax {
    /// Converts the tax of an invoice in `from` to `to`.
    ///
    /// # Errors
    ///
    /// If both are the same currency, or if the rate is of neither.
    pub fn of(tax: Amount, from: Currency, to: Currency, rate: ExchangeRate) -> Result<Self, ExchangeError> {
        if from == to {
            return Err(ExchangeError::Same(from));
        }
        let one = rate.one;
        if one != from && one != to {
            return Err(ExchangeError::Other { one, from, to });
        }
        Ok(Self {
            currency: to,
            amount: Amount::zero(to),
            rate,
        }
        .again(tax))
    }

    /// Returns it for another amount of tax at the same rate.
    #[must_use]
    pub fn again(self, tax: Amount) -> Self {
        let Self { currency, rate, .. } = self;
        let value = if rate.one == currency {
            tax.value().checked_div(rate.price)
        } else {
            tax.value().checked_mul(rate.price)
        };
        Self {
            amount: Amount::rounded(value.unwrap_or_default(), currency),
            ..self
        }
    }
}

impl Content {
    /// Returns whether the law requires the tax in `home` beside that in the currency of the invoice, and it is not known.
    #[must_use]
    pub fn lacks_home_tax(&self, home: Currency) -> bool {
        let owes = |subtotal: &TaxSubtotal| subtotal.tax.category() == TaxCategory::S && !subtotal.amount.is_zero();
        self.totals.taxes.iter().any(owes) && self.currency != home && self.home_tax.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn convert(tax: &str, from: &str, to: &str, rate: &str) -> Result<String, ExchangeError> {
        let from: Currency = from.parse().unwrap();
        let tax = Amount::rounded(tax.parse().unwrap(), from);
        let home = HomeTax::of(tax, from, to.parse().unwrap(), rate.parse()?)?;
        assert_eq!(home.again(tax), home);
        Ok(format!("{} {}", home.currency, home.amount))
    }

    #[test]
    fn the_rate_is_of_either_currency() {
        let check = |tax, from, to, rate, expected: &str| {
            assert_eq!(convert(tax, from, to, rate).as_deref(), Ok(expected));
        };
        check("190.00", "USD", "EUR", "EUR=1.0850", "EUR 175.12");
        check("190.00", "USD", "PLN", "USD=3.6921", "PLN 701.50");
        check("19000", "JPY", "EUR", "1 EUR = 163.20", "EUR 116.42");
        check("0.00", "USD", "EUR", "EUR=1.0850", "EUR 0.00");
        // Half a cent goes up.
        check("0.01", "USD", "EUR", "USD=0.5", "EUR 0.01");
    }

    #[test]
    fn other_rates_are_refused() {
        let pair: [Currency; 2] = ["EUR".parse().unwrap(), "USD".parse().unwrap()];
        let other = ExchangeError::Other {
            one: "CHF".parse().unwrap(),
            from: pair[1],
            to: pair[0],
        };
        assert_eq!(convert("1.00", "USD", "EUR", "CHF=1.05"), Err(other));
        assert_eq!(
            convert("1.00", "EUR", "EUR", "EUR=1"),
            Err(ExchangeError::Same(pair[0]))
        );
        for text in [
            "",
            "1.085",
            "EUR",
            "EUR=",
            "EUR=0",
            "EUR=-1",
            "EUR=1.085 USD",
            "XXQ=2",
            "EUR=1000001",
        ] {
            assert_eq!(
                text.parse::<ExchangeRate>(),
                Err(ExchangeError::Form(text.to_owned())),
                "{text}"
            );
        }
    }
}
