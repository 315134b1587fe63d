//! Currencies, amounts, rates, quantities and taxes. `Decimal` throughout: no float ever touches money.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use rust_decimal::{Decimal, RoundingStrategy};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

mod written;

pub use written::number;

/// Currencies of ISO 4217 whose smallest unit is a hundredth.
const HUNDREDTHS: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF \
    CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR \
    ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR \
    MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP \
    STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW ZWG";
/// Currencies without a smaller unit.
const WHOLE: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
/// Currencies whose smallest unit is a thousandth.
const THOUSANDTHS: &str = "BHD IQD JOD KWD LYD OMR TND";

/// The number of decimals by code. A map, because an import looks up one in each row.
static EXPONENTS: LazyLock<HashMap<[u8; 3], u8>> = LazyLock::new(|| {
    let lists = [(HUNDREDTHS, 2), (WHOLE, 0), (THOUSANDTHS, 3)].into_iter();
    lists
        .flat_map(|(list, exponent)| list.split_ascii_whitespace().map(move |code| (code, exponent)))
        .filter_map(|(code, exponent)| Some((code.as_bytes().try_into().ok()?, exponent)))
        .collect()
});

/// A currency of ISO 4217.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Currency {
    code: [u8; 3],
    exponent: u8,
}

impl Currency {
    /// The euro.
    pub const EUR: Self = Self {
        code: *b"EUR",
        exponent: 2,
    };

    /// Returns the codes of all currencies.
    pub fn codes() -> impl Iterator<Item = &'static str> {
        [HUNDREDTHS, WHOLE, THOUSANDTHS]
            .into_iter()
            .flat_map(str::split_ascii_whitespace)
    }

    /// Returns the three letters.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.code).unwrap_or_default()
    }

    /// Returns the number of decimals of an amount: JPY 0, EUR 2, KWD 3.
    #[must_use]
    pub fn exponent(&self) -> u32 {
        self.exponent.into()
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let found = <[u8; 3]>::try_from(text.as_bytes()).ok().and_then(|code| {
            let exponent = *EXPONENTS.get(&code)?;
            Some(Self { code, exponent })
        });
        found.ok_or_else(|| MoneyError::Currency(text.to_owned()))
    }
}

impl TryFrom<String> for Currency {
    type Error = MoneyError;

    fn try_from(text: String) -> Result<Self, MoneyError> {
        text.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An amount, with exactly the decimals of its currency.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Amount(Decimal);

impl Amount {
    /// Rounds half up, away from zero, to the currency's decimals.
    #[must_use]
    pub fn rounded(value: Decimal, currency: Currency) -> Self {
        Self(scaled(value, currency.exponent()))
    }

    /// Returns zero in a currency: `0.00`.
    #[must_use]
    pub fn zero(currency: Currency) -> Self {
        Self::rounded(Decimal::ZERO, currency)
    }

    /// Returns the number.
    #[must_use]
    pub fn value(self) -> Decimal {
        self.0
    }

    /// Returns whether it is zero.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }
}

impl std::ops::Add for Amount {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl std::ops::Sub for Amount {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Rounds half up, away from zero, to exactly `decimals`. `Decimal::round_dp` would round half to even.
pub(crate) fn scaled(value: Decimal, decimals: u32) -> Decimal {
    let mut rounded = value.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(decimals);
    rounded
}

/// The unit of a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// An hour.
    Hour,
    /// A day of the agreed number of hours.
    Day,
}

/// The unit of a line's quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Measure {
    /// Hours.
    Hour,
    /// Days of the agreed number of hours.
    Day,
    /// Pieces: fees and expenses.
    Each,
}

impl Measure {
    /// Returns the code of UN/ECE Recommendation 20 (EN 16931 BT-130).
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Hour => "HUR",
            Self::Day => "DAY",
            Self::Each => "C62",
        }
    }
}

impl From<Unit> for Measure {
    fn from(unit: Unit) -> Self {
        match unit {
            Unit::Hour => Self::Hour,
            Unit::Day => Self::Day,
        }
    }
}

/// The price of one unit: 0 to 1,000,000,000, with at most four decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Decimal", into = "Decimal")]
pub struct Price(Decimal);

impl Price {
    /// Returns the number.
    #[must_use]
    pub fn value(self) -> Decimal {
        self.0
    }

    /// Returns the number with the decimals of a currency, or with more if it has more.
    #[must_use]
    pub fn shown(self, currency: Currency) -> Decimal {
        let mut value = self.0.normalize();
        value.rescale(value.scale().max(currency.exponent()));
        value
    }
}

impl TryFrom<Decimal> for Price {
    type Error = MoneyError;

    fn try_from(value: Decimal) -> Result<Self, MoneyError> {
        if value.is_sign_negative() && !value.is_zero() {
            return Err(MoneyError::NegativeRate(value));
        }
        if value > Decimal::from(MAX_PRICE) || value.scale() > 4 {
            return Err(MoneyError::UnlikelyRate(value));
        }
        Ok(Self(value))
    }
}

/// A rate above this is taken for a typing error; below it no line can overflow.
const MAX_PRICE: i64 = 1_000_000_000;

impl From<Price> for Decimal {
    fn from(price: Price) -> Self {
        price.0
    }
}

impl FromStr for Price {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        number(text)?.try_into()
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// VAT categories of UNCL 5305, as EN 16931 takes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum TaxCategory {
    /// Standard rate.
    S,
    /// Zero rated.
    Z,
    /// Exempt, as for small businesses.
    E,
    /// Reverse charge: the customer owes the tax.
    AE,
    /// Export outside the tax area.
    G,
    /// Outside the scope of VAT.
    O,
}

impl TaxCategory {
    /// Returns the code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::S => "S",
            Self::Z => "Z",
            Self::E => "E",
            Self::AE => "AE",
            Self::G => "G",
            Self::O => "O",
        }
    }
}

impl FromStr for TaxCategory {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let all = [Self::S, Self::Z, Self::E, Self::AE, Self::G, Self::O];
        let found = all.into_iter().find(|category| category.code() == text);
        found.ok_or_else(|| MoneyError::TaxCategory(text.to_owned()))
    }
}

/// The VAT category and rate of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Tax {
    /// The category, as in EN 16931.
    category: TaxCategory,
    /// The rate, in percent.
    rate: Decimal,
}

impl Tax {
    /// Makes a tax from its category and its rate in per cent. Only category S has a rate above zero
    /// (EN 16931 BR-S-05, BR-Z-05, BR-E-05, BR-AE-05, BR-G-05).
    ///
    /// # Errors
    ///
    /// If the rate does not fit the category.
    pub fn new(category: TaxCategory, rate: Option<Decimal>) -> Result<Self, MoneyError> {
        let rate = rate.unwrap_or_default().normalize();
        let fits = match category {
            TaxCategory::S => rate > Decimal::ZERO && rate <= Decimal::ONE_HUNDRED,
            _ => rate.is_zero(),
        };
        if fits {
            Ok(Self { category, rate })
        } else {
            Err(MoneyError::TaxRate(category.code(), rate))
        }
    }

    /// No VAT: category O. The default until the config sets another.
    #[must_use]
    pub fn none() -> Self {
        Self {
            category: TaxCategory::O,
            rate: Decimal::ZERO,
        }
    }

    /// Returns the category.
    #[must_use]
    pub fn category(self) -> TaxCategory {
        self.category
    }

    /// Returns the rate in per cent.
    #[must_use]
    pub fn rate(self) -> Decimal {
        self.rate
    }
}

/// A value that money cannot have.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MoneyError {
    /// Not a code of ISO 4217.
    #[error("unknown currency `{0}`\nhint: write a code of ISO 4217, such as EUR, USD or JPY")]
    Currency(String),
    /// Not a decimal number.
    #[error("`{0}` is not a number\nhint: write it as 95.00 or 95,00")]
    Number(String),
    /// A number whose comma can be either mark.
    #[error("`{0}` could be {1} or {2}\nhint: write one of these")]
    Ambiguous(String, String, String),
    /// A rate below zero.
    #[error("the rate {0} is negative\nhint: a rate is zero or more; for a discount use a lower rate")]
    NegativeRate(Decimal),
    /// A rate that is taken for a typing error.
    #[error("the rate {0} cannot be right\nhint: a rate has at most four decimals and is at most 1000000000")]
    UnlikelyRate(Decimal),
    /// Not a category of EN 16931.
    #[error("unknown tax category `{0}`\nhint: S standard, Z zero, E exempt, AE reverse charge, G export, O no VAT")]
    TaxCategory(String),
    /// A rate that does not fit its category.
    #[error("a tax rate of {1} does not go with category {0}\nhint: S has a rate above 0 up to 100, the others none")]
    TaxRate(&'static str, Decimal),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::from_str_exact(text).unwrap()
    }

    #[test]
    fn currencies_know_their_decimals() {
        for (code, exponent) in [("JPY", 0), ("EUR", 2), ("KWD", 3)] {
            assert_eq!(code.parse::<Currency>().unwrap().exponent(), exponent);
        }
        for unknown in ["EURO", "eur", "XXX", "", "E R"] {
            assert!(unknown.parse::<Currency>().is_err(), "{unknown}");
        }
    }

    #[test]
    fn halves_round_away_from_zero() {
        let rounded = |text| Amount::rounded(decimal(text), "EUR".parse().unwrap()).to_string();
        assert_eq!(rounded("0.125"), "0.13");
        assert_eq!(rounded("-0.125"), "-0.13");
        assert_eq!(rounded("2.5"), "2.50");
        assert_eq!(rounded("0.1249999"), "0.12");
    }

    #[test]
    fn rates_are_never_negative_nor_absurd() {
        assert!("95.00".parse::<Price>().is_ok());
        assert!("0".parse::<Price>().is_ok());
        assert_eq!("-1".parse::<Price>(), Err(MoneyError::NegativeRate(decimal("-1"))));
        for odd in ["1e99", "1.23456", "99999999999", "abc", ""] {
            assert!(odd.parse::<Price>().is_err(), "{odd}");
        }
    }

    #[test]
    fn only_the_standard_category_has_a_rate() {
        assert!(Tax::new(TaxCategory::S, Some(decimal("19"))).is_ok());
        assert!(Tax::new(TaxCategory::S, None).is_err());
        assert!(Tax::new(TaxCategory::AE, Some(decimal("19"))).is_err());
        assert!(Tax::new(TaxCategory::AE, None).is_ok());
    }
}
