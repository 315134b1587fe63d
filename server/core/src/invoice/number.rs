//! Invoice numbers: `ORG-YYYYMM-XXXX`.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The business's short name in its invoice numbers: one to twelve capital letters and digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Org(String);

impl Org {
    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Org {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        let fits = (1..=12).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(NumberError::Org(text.to_owned()))
        }
    }
}

impl TryFrom<String> for Org {
    type Error = NumberError;

    fn try_from(text: String) -> Result<Self, NumberError> {
        text.parse()
    }
}

impl From<Org> for String {
    fn from(org: Org) -> Self {
        org.0
    }
}

/// A run of numbers: one org in one month of issue.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Series {
    org: Org,
    year: i32,
    month: u32,
}

impl Series {
    /// Returns the series of an issue date, which is a civil day in the business's zone.
    #[must_use]
    pub fn of(org: Org, issue_date: NaiveDate) -> Self {
        Self {
            org,
            year: issue_date.year(),
            month: issue_date.month(),
        }
    }

    /// Returns the org.
    #[must_use]
    pub fn org(&self) -> &Org {
        &self.org
    }

    /// Returns year and month as one number: 202611.
    #[must_use]
    pub fn month(&self) -> i64 {
        i64::from(self.year) * 100 + i64::from(self.month)
    }
}

/// The number of an invoice or a credit note. Four digits at least; it grows past 9999.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct InvoiceNumber {
    series: Series,
    counter: u32,
}

impl InvoiceNumber {
    /// Makes the number of a counter in its series; counters begin with 1.
    #[must_use]
    pub fn new(series: Series, counter: u32) -> Self {
        Self { series, counter }
    }

    /// Returns the series.
    #[must_use]
    pub fn series(&self) -> &Series {
        &self.series
    }

    /// Returns the counter.
    #[must_use]
    pub fn counter(&self) -> u32 {
        self.counter
    }
}

impl fmt::Display for InvoiceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Series { org, year, month } = &self.series;
        write!(f, "{}-{year:04}{month:02}-{:04}", org.as_str(), self.counter)
    }
}

impl FromStr for InvoiceNumber {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        let error = || NumberError::Number(text.to_owned());
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let mut parts = text.split('-');
        let (Some(org), Some(month), Some(counter), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(error());
        };
        if !(digits(month) && month.len() == 6 && digits(counter) && counter.len() >= 4) {
            return Err(error());
        }
        let year = month[..4].parse().map_err(|_| error())?;
        let month = month[4..].parse().map_err(|_| error())?;
        let date = NaiveDate::from_ymd_opt(year, month, 1).ok_or_else(error)?;
        let counter = counter.parse().map_err(|_| error())?;
        let number = Self::new(Series::of(org.parse().map_err(|_| error())?, date), counter);
        if counter == 0 || number.to_string() != text {
            return Err(error());
        }
        Ok(number)
    }
}

impl TryFrom<String> for InvoiceNumber {
    type Error = NumberError;

    fn try_from(text: String) -> Result<Self, NumberError> {
        text.parse()
    }
}

impl From<InvoiceNumber> for String {
    fn from(number: InvoiceNumber) -> Self {
        number.to_string()
    }
}

/// A text that names no invoice.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NumberError {
    /// Not an org.
    #[error("`{0}` cannot stand in an invoice number\nhint: org is 1 to 12 capital letters and digits, such as JDS")]
    Org(String),
    /// Not a number.
    #[error("`{0}` is not an invoice number\nhint: write it as JDS-202611-0001; `keeptab invoice list` shows them")]
    Number(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(counter: u32) -> InvoiceNumber {
        let date = NaiveDate::from_ymd_opt(2026, 11, 30).unwrap();
        InvoiceNumber::new(Series::of("JDS".parse().unwrap(), date), counter)
    }

    #[test]
    fn counters_have_four_digits_and_grow() {
        assert_eq!(number(1).to_string(), "JDS-202611-0001");
        assert_eq!(number(10_000).to_string(), "JDS-202611-10000");
    }

    #[test]
    fn numbers_read_back_as_written() {
        for counter in [1, 42, 9999, 10_000, u32::MAX] {
            assert_eq!(number(counter).to_string().parse(), Ok(number(counter)));
        }
        for bad in [
            "JDS-202611-001",
            "JDS-202613-0001",
            "jds-202611-0001",
            "JDS-202611-00001",
            "JDS-202611-0000",
            "x",
        ] {
            assert!(bad.parse::<InvoiceNumber>().is_err(), "{bad}");
        }
    }
}
