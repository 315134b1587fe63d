//! Discounts for early payment.

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::content::{Content, Paper};
use crate::money::Amount;

/// The longest period, in days.
const MOST_DAYS: u32 = 3_650;

/// A discount that the buyer may take when it pays early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CashDiscount {
    /// The days from the issue date within which it may be taken.
    pub days: u32,
    /// The discount in per cent of the amount due, above 0 and below 100, with two decimals at most: the code has two.
    pub percent: Decimal,
    /// The amount that it is taken of, where that is not the amount due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Decimal>,
}

impl CashDiscount {
    /// Makes a discount of the amount due; `None` if a value is out of bounds.
    #[must_use]
    pub fn new(days: u32, percent: Decimal) -> Option<Self> {
        let percent = percent.normalize();
        let fits =
            days <= MOST_DAYS && percent > Decimal::ZERO && percent < Decimal::ONE_HUNDRED && percent.scale() <= 2;
        fits.then_some(Self {
            days,
            percent,
            base: None,
        })
    }

    /// Reads the code of XRechnung, a line such as `#SKONTO#TAGE=10#PROZENT=2.00#` (BR-DE-18), perhaps with a base:
    /// `#SKONTO#TAGE=10#PROZENT=2.00#BASISBETRAG=100.00#`.
    #[must_use]
    pub fn parse(line: &str) -> Option<Self> {
        let rest = line.trim().strip_prefix("#SKONTO#TAGE=")?.strip_suffix('#')?;
        let (days, rest) = rest.split_once("#PROZENT=")?;
        let (percent, base) = match rest.split_once("#BASISBETRAG=") {
            Some((percent, base)) => (percent, Some(base)),
            None => (rest, None),
        };
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        if !days.bytes().all(|byte| byte.is_ascii_digit()) || !is_number(percent) || !base.is_none_or(is_number) {
            return None;
        }
        let discount = Self::new(days.parse().ok()?, percent.parse().ok()?)?;
        let base = base.map(str::parse).transpose().ok()?;
        Some(Self { base, ..discount })
    }

    /// Returns the code of XRechnung, without a line break.
    #[must_use]
    pub fn code(&self) -> String {
        let base = self
            .base
            .map(|base| format!("BASISBETRAG={base:.2}#"))
            .unwrap_or_default();
        format!("#SKONTO#TAGE={}#PROZENT={:.2}#{base}", self.days, self.percent)
    }

    /// Returns the last day on which it may be taken.
    #[must_use]
    pub fn until(&self, paper: &Paper<'_>) -> NaiveDate {
        let until = paper.issue_date.checked_add_days(Days::new(self.days.into()));
        until.unwrap_or(NaiveDate::MAX)
    }

    /// Returns the amount to pay with the discount taken.
    #[must_use]
    pub fn reduced(&self, content: &Content) -> Amount {
        let due = content.totals.due;
        due - self.of_part(content, due)
    }

    /// Returns the discount if only a part of the amount due is left to pay, because credit notes took back the rest.
    #[must_use]
    pub fn of_part(&self, content: &Content, left: Amount) -> Amount {
        let due = content.totals.due.value();
        let base = match self.base {
            Some(base) => (base.saturating_mul(left.value())).checked_div(due).unwrap_or_default(),
            None => left.value(),
        };
        let discount = base.saturating_mul(self.percent) / Decimal::ONE_HUNDRED;
        Amount::rounded(discount, content.currency)
    }
}

impl Content {
    /// Returns the discounts for early payment: the config's, and those that the terms name in the code of XRechnung. There
    /// are none where nothing is due.
    #[must_use]
    pub fn cash_discounts(&self) -> Vec<CashDiscount> {
        if self.totals.due <= Amount::zero(self.currency) {
            return Vec::new();
        }
        let coded = self
            .terms
            .iter()
            .flat_map(|terms| terms.lines())
            .filter_map(CashDiscount::parse);
        let mut all: Vec<CashDiscount> = self.cash_discount.into_iter().chain(coded).collect();
        all.dedup();
        all
    }

    /// Returns the first line of the terms with an invalid discount code (XRechnung, `#SKONTO`): misspelt, or with a
    /// base above the total. `None` if there is none.
    #[must_use]
    pub fn wrong_discount(&self) -> Option<&str> {
        let gross = self.totals.gross.value();
        let is_wrong = |line: &&str| {
            let fits = CashDiscount::parse(line).is_some_and(|discount| discount.base.is_none_or(|base| base <= gross));
            line.contains("#SKONTO") && !fits
        };
        self.terms.as_ref()?.lines().find(is_wrong)
    }

    /// Returns the terms of payment without discount codes; `None` if no text is left.
    #[must_use]
    pub fn worded_terms(&self) -> Option<String> {
        let lines = self.terms.iter().flat_map(|terms| terms.lines());
        let worded: Vec<&str> = lines.filter(|line| CashDiscount::parse(line).is_none()).collect();
        let worded = worded.join("\n");
        (!worded.trim().is_empty()).then_some(worded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_read_and_written() {
        for (code, days, percent, base) in [
            ("#SKONTO#TAGE=10#PROZENT=2.00#", 10, "2", None),
            (
                "#SKONTO#TAGE=0#PROZENT=0.75#BASISBETRAG=100.50#",
                0,
                "0.75",
                Some("100.50"),
            ),
        ] {
            let discount = CashDiscount::parse(code).unwrap();
            assert_eq!(
                (discount.days, discount.percent),
                (days, percent.parse().unwrap()),
                "{code}"
            );
            assert_eq!(discount.base, base.map(|base| base.parse().unwrap()), "{code}");
            assert_eq!(discount.code(), code);
        }
        for other in [
            "",
            "#",
            "Pay soon",
            "#SKONTO#TAGE=10#PROZENT=2.00",
            "#SKONTO#TAGE=x#PROZENT=2.00#",
            "#SKONTO#TAGE=+1#PROZENT=2.00#",
            "#SKONTO#TAGE=10#PROZENT=-2.00#",
            "#SKONTO#TAGE=10#PROZENT=0.00#",
            "#SKONTO#TAGE=10#PROZENT=100.00#",
            "#SKONTO#TAGE=10#PROZENT=#",
            "#SKONTO#TAGE=10#PROZENT=2.001#",
            "#SKONTO#TAGE=10#PROZENT=2,00#",
            "2 % #SKONTO#TAGE=10#PROZENT=2.00#",
            "#SKONTO#TAGE=99999999999#PROZENT=2.00#",
            "#VERZUG#TAGE=10#PROZENT=2.00#",
        ] {
            assert_eq!(CashDiscount::parse(other), None, "{other}");
        }
    }
}
