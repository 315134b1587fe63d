//! Totals of ranges, just as `report` gives them.

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::{Datelike as _, Days, Months, NaiveDate};
use keeptab_core::calendar::{Month, Range};
use keeptab_core::instant::Instant;
use keeptab_core::money::{Amount, Currency};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

use super::names::Names;
use crate::Engine;
use crate::reporting::{By, Row, Tallied};
use crate::statusing::Money;

/// Months of the trend, the present one among them.
const MONTHS: u32 = 13;

/// The totals of a range.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Total {
    /// `week`, `month`, `year`, `all` or `range`.
    pub(super) kind: &'static str,
    /// As the shell takes it, such as `2026-W47`.
    pub(super) name: String,
    /// The first day; null for all time without any.
    from: Option<NaiveDate>,
    /// The last day.
    to: Option<NaiveDate>,
    /// A row for each project.
    projects: Vec<Sum>,
    /// A row for each client.
    clients: Vec<Sum>,
    /// The effective rates, by currency.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hourly: Vec<Hourly>,
    /// Time without a project.
    pub(super) unassigned_seconds: i64,
    /// Private time, which no row has.
    private_seconds: i64,
    /// All time except private time.
    #[serde(rename = "totalSeconds")]
    pub(super) seconds: i64,
}

/// A row: a client's or a project's.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Sum {
    /// The place of the client.
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<usize>,
    /// The place of the project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) project: Option<usize>,
    /// All of its time.
    pub(super) seconds: i64,
    /// The billable seconds.
    #[serde(skip_serializing_if = "is_zero")]
    billable: i64,
    /// The billed seconds.
    #[serde(skip_serializing_if = "is_zero")]
    invoiced: i64,
    /// The worth of the billable time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) amount: Option<Amount>,
    /// The unbilled part of the amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    unbilled: Option<Amount>,
    /// The currency of its amounts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) currency: Option<Currency>,
    /// The amount of an hour of all its time, also of time that is not billable; left out in weeks, of which there are many.
    #[serde(skip_serializing_if = "Option::is_none")]
    hourly: Option<Amount>,
}

/// The amount per hour in a currency, over all clients that pay in it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Hourly {
    /// The amount.
    amount: Amount,
    /// The currency.
    currency: Currency,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
fn is_zero(number: &i64) -> bool {
    *number == 0
}

impl Sum {
    fn of(row: &Row, names: &mut Names) -> Self {
        let open = |amount: Amount, currency| match row.invoiced_amount {
            Some(invoiced) => Amount::rounded(amount.value() - invoiced.value(), currency),
            None => amount,
        };
        Self {
            client: row.client.as_deref().map(|client| names.client(client)),
            project: row.project.as_ref().map(|project| names.project(project)),
            seconds: row.seconds,
            billable: row.billable_seconds,
            invoiced: row.invoiced_seconds,
            amount: row.amount,
            unbilled: row
                .amount
                .zip(row.currency)
                .map(|(amount, currency)| open(amount, currency))
                .filter(|amount| !amount.is_zero()),
            currency: row.currency,
            hourly: row
                .amount
                .zip(row.currency)
                .and_then(|(amount, currency)| hourly(amount.value(), row.seconds, currency)),
        }
    }
}

/// Returns the amount of an hour, rounded to the currency's decimals; `None` without time.
fn hourly(amount: Decimal, seconds: i64, currency: Currency) -> Option<Amount> {
    let hours = Decimal::from(seconds) / Decimal::from(3600);
    amount
        .checked_div(hours)
        .map(|hourly| Amount::rounded(hourly, currency))
}

/// Returns the amount of an hour by currency.
fn hourly_by_currency(rows: &[Sum]) -> Vec<Hourly> {
    let mut sums = BTreeMap::<Currency, (Decimal, i64)>::new();
    for row in rows {
        if let Some((amount, currency)) = row.amount.zip(row.currency) {
            let (sum, seconds) = sums.entry(currency).or_default();
            *sum += amount.value();
            *seconds += row.seconds;
        }
    }
    let hourly = |(currency, (amount, seconds))| {
        let amount = hourly(amount, seconds, currency)?;
        Some(Hourly { amount, currency })
    };
    sums.into_iter().filter_map(hourly).collect()
}

impl Total {
    /// Returns its unbilled amounts.
    pub(super) fn unbilled(&self) -> Vec<Money> {
        super::sums(
            self.projects
                .iter()
                .filter_map(|sum| Some((sum.currency?, sum.unbilled?))),
        )
    }

    /// Returns its rows by project.
    pub(super) fn rows(&self) -> &[Sum] {
        &self.projects
    }
}

impl Engine {
    /// Returns the totals of a range.
    pub(super) fn total(
        &mut self,
        kind: &'static str,
        name: String,
        range: Range,
        names: &mut Names,
        now: Instant,
    ) -> Result<Total> {
        let calendar = self.config.calendar;
        let days = range.days(&calendar, now);
        let ledger = self.ledger(range.span(&calendar, now), days, now)?;
        let by_project: Tallied = self.tallied(&ledger, By::Project)?;
        let by_client: Tallied = self.tallied(&ledger, By::Client)?;
        let mut sums = |tallied: &Tallied| tallied.rows.iter().map(|row| Sum::of(row, names)).collect();
        let (mut projects, mut clients): (Vec<Sum>, Vec<Sum>) = (sums(&by_project), sums(&by_client));
        let hourly = hourly_by_currency(&clients);
        if kind == "week" {
            projects
                .iter_mut()
                .chain(&mut clients)
                .for_each(|sum| sum.hourly = None);
        }
        Ok(Total {
            kind,
            name,
            from: days.map(|(from, _)| from),
            to: days.map(|(_, to)| to),
            hourly,
            projects,
            clients,
            unassigned_seconds: by_project.unassigned_seconds,
            private_seconds: by_project.private_seconds,
            seconds: by_project.total_seconds,
        })
    }

    /// Returns the months of the trend, oldest first, this year and the one before, and all time.
    pub(super) fn long_totals(&mut self, names: &mut Names, now: Instant) -> Result<Vec<Total>> {
        let today = self.config.calendar.day_of(now);
        let mut totals = Vec::new();
        for back in (0..MONTHS).rev() {
            let month = Month::of(Month::of(today).bounds().0 - Months::new(back));
            totals.push(self.total("month", month.to_string(), Range::Month(month), names, now)?);
        }
        for year in [today.year() - 1, today.year()] {
            let bounds = NaiveDate::from_ymd_opt(year, 1, 1).zip(NaiveDate::from_ymd_opt(year, 12, 31));
            if let Some((first, last)) = bounds {
                totals.push(self.total("year", year.to_string(), Range::Days(first, last), names, now)?);
            }
        }
        totals.push(self.total("all", "all".to_owned(), Range::All, names, now)?);
        Ok(totals)
    }
}

/// Returns the day that lies some weeks before another.
pub(super) fn weeks_before(day: NaiveDate, weeks: u32) -> NaiveDate {
    day.checked_sub_days(Days::new(u64::from(weeks) * 7)).unwrap_or(day)
}
