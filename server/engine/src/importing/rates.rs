//! The rates that rows bring, and the amounts of a file beside those of keeptab.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use keeptab_config::Config;
use keeptab_core::instant::Length;
use keeptab_core::money::{Amount, Currency, Price, Unit};
use keeptab_core::rule::ProjectId;
use keeptab_import::Draft;
use rust_decimal::Decimal;
use rust_decimal::RoundingStrategy::MidpointAwayFromZero;
use schemars::JsonSchema;
use serde::Serialize;

use super::names::Proposal;

/// The most rates of a project that are told apart.
const MOST_RATES: usize = 50;

/// The steps in which people set rates, the coarsest first, in cents.
const STEPS: [i64; 8] = [10_000, 5_000, 1_000, 500, 100, 50, 10, 5];

/// The money of a project in an import.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MoneyPart {
    /// The rates by the hour that the file has, the lowest first.
    pub file_rates: Vec<String>,
    /// The rate of the config on the last day, if the project is in it.
    pub configured_rate: Option<String>,
    /// The sum of the file's amounts.
    pub file_amount: Option<String>,
    /// The same rows as keeptab bills them, without rounding of time.
    pub amount: Option<String>,
}

/// The rates and amounts by project.
#[derive(Default)]
pub(super) struct Rates {
    projects: BTreeMap<ProjectId, Sums>,
}

#[derive(Default)]
struct Sums {
    rates: BTreeSet<Decimal>,
    /// The lengths of the rows with an amount by the price of an hour; `None` is the new project's own.
    lengths: BTreeMap<Option<Decimal>, Length>,
    amount: Decimal,
    has_amount: bool,
    last: Option<NaiveDate>,
    currency: Option<Currency>,
}

impl Rates {
    /// Takes a billable row of a project and returns the price of an hour that it brings: the file's own rate, or the one
    /// that its amount follows from. `configured` is the rate of the config on its day.
    pub(super) fn take(
        &mut self,
        id: &ProjectId,
        draft: &Draft,
        (day, length): (NaiveDate, Length),
        config: &Config,
    ) -> Option<Decimal> {
        let project = config.project(id);
        let configured = project.and_then(|project| {
            let rate = project.terms.rate_on(day)?;
            (rate.unit == Unit::Hour).then(|| rate.price.value())
        });
        let sums = self.projects.entry(id.clone()).or_default();
        sums.currency = sums.currency.or(draft.currency);
        sums.last = sums.last.max(Some(day));
        let follows = || {
            let said = draft.length.unwrap_or(length);
            let known = configured.iter().chain(&sums.rates);
            following(draft.amount?, said, draft.currency, known.copied())
        };
        let rate = draft.own_rate.or_else(follows);
        // An amount that belongs to no second brings no rate.
        let rate = rate.filter(|rate| Price::try_from(rate.normalize()).is_ok());
        if let Some(rate) = rate
            && sums.rates.len() < MOST_RATES
        {
            sums.rates.insert(rate.normalize());
        }
        let is_its = match (draft.currency, project) {
            (Some(currency), Some(project)) => currency == project.terms.currency,
            _ => true,
        };
        let rate = rate.filter(|_| is_its);
        if let Some(amount) = draft.amount {
            sums.has_amount = true;
            sums.amount += amount;
            *sums.lengths.entry(rate.or(configured)).or_default() += length;
        }
        // The config's rate needs no other one in its place.
        rate.filter(|rate| draft.own_rate.is_some() || Some(*rate) != configured)
    }

    /// Returns the money of a project.
    pub(super) fn part(&self, id: &ProjectId, proposal: Option<&Proposal>, config: &Config) -> MoneyPart {
        let Some(sums) = self.projects.get(id) else {
            return MoneyPart::default();
        };
        // A new project is in the config once it is imported.
        let configured = config.project(id).filter(|_| proposal.is_none());
        let terms = configured.map(|project| &project.terms);
        let rate = terms.zip(sums.last).and_then(|(terms, day)| terms.rate_on(day));
        let currency = terms.map(|terms| terms.currency).or(sums.currency);
        let of_new = proposal.and_then(Proposal::hourly);
        let here = currency.map(|currency| {
            let amounts = sums.lengths.iter().map(|(rate, length)| {
                let hours = Decimal::from(length.millis()) / Decimal::from(3_600_000);
                let hours = hours.round_dp_with_strategy(2, MidpointAwayFromZero);
                Amount::rounded(hours * rate.or(of_new).unwrap_or_default(), currency).value()
            });
            Amount::rounded(amounts.sum(), currency).to_string()
        });
        MoneyPart {
            file_rates: sums.rates.iter().map(Decimal::to_string).collect(),
            configured_rate: rate
                .filter(|rate| rate.unit == Unit::Hour)
                .map(|rate| rate.price.value().normalize().to_string()),
            file_amount: sums.has_amount.then(|| {
                currency.map_or_else(
                    || sums.amount.to_string(),
                    |currency| Amount::rounded(sums.amount, currency).to_string(),
                )
            }),
            amount: here.filter(|_| sums.has_amount),
        }
    }
}

/// Returns the price of an hour from which an amount follows: a known one, or else the roundest. Amounts are rounded to
/// the currency's minor unit, so that short rows fit many prices.
fn following(
    amount: Decimal,
    length: Length,
    currency: Option<Currency>,
    mut known: impl Iterator<Item = Decimal>,
) -> Option<Decimal> {
    if length.is_zero() || amount.is_zero() {
        return None;
    }
    let hours = Decimal::from(length.millis()).checked_div(Decimal::from(3_600_000))?;
    let half = Decimal::new(5, currency.map_or(2, |currency| currency.exponent()) + 1);
    let (low, high) = ((amount - half).checked_div(hours)?, (amount + half).checked_div(hours)?);
    if let Some(known) = known.find(|rate| low <= *rate && *rate <= high) {
        return Some(known);
    }
    let exact = amount.checked_div(hours)?;
    let round = |step: &i64| {
        let step = Decimal::new(*step, 2);
        let rate = (exact / step).round() * step;
        (low <= rate && rate <= high && !rate.is_zero()).then_some(rate)
    };
    let rate = STEPS.iter().find_map(round);
    Some(
        rate.unwrap_or_else(|| exact.round_dp_with_strategy(2, MidpointAwayFromZero))
            .normalize(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_of_an_amount_is_a_known_one_or_the_roundest() {
        let rate = |amount: &str, seconds: i64, known: &[&str]| {
            let known = known.iter().map(|rate| rate.parse().unwrap());
            let amount = amount.parse().unwrap();
            following(amount, Length::from_secs(seconds), None, known).map(|rate| rate.to_string())
        };
        assert_eq!(rate("26.67", 1200, &[]).as_deref(), Some("80"));
        assert_eq!(rate("90", 3600, &[]).as_deref(), Some("90"));
        assert_eq!(rate("764.00", 8 * 3600, &[]).as_deref(), Some("95.5"));
        assert_eq!(rate("82.37", 3600, &[]).as_deref(), Some("82.37"));
        // A minute fits many rates.
        assert_eq!(rate("1.37", 60, &["82.37"]).as_deref(), Some("82.37"));
        assert_eq!(rate("1.37", 60, &["95"]).as_deref(), Some("82"));
        assert_eq!(rate("0", 3600, &[]), None);
        assert_eq!(rate("5", 0, &[]), None);
    }
}
