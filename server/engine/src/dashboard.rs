//! The week as a picture: one document with all data of the page, and the page and the text made of it.

mod daily;
mod invoices;
mod names;
mod text;
mod tools;
mod totals;
mod week;

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::NaiveDate;
use keeptab_core::calendar::{Range, Week};
use keeptab_core::instant::Instant;
use keeptab_core::money::{Amount, Currency};
use schemars::JsonSchema;
use serde::Serialize;

use super::Engine;
use super::statusing::Money;
use daily::Daily;
use invoices::Invoices;
use names::Names;
use tools::Tools;
use totals::Total;
use week::WeekView;

/// The weeks in a page that cannot request more, the shown one included.
const WEEKS: u32 = 53;

/// The document that the page shows. Times of a day are seconds by the clock since its midnight.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "PackedDashboard")]
pub struct Dashboard {
    /// The instant at which it was made, in epoch milliseconds.
    made_at: i64,
    /// The present day.
    today: NaiveDate,
    /// The present clock time, in seconds since today's midnight.
    clock: i64,
    /// The name of the time zone, such as `Europe/Berlin`.
    time_zone: String,
    /// The name of the business; `None` before `keeptab init`.
    business: Option<String>,
    #[serde(flatten)]
    names: Names,
    /// The week to begin with.
    #[schemars(with = "String")]
    pub week: Week,
    /// The week with today in it.
    #[schemars(with = "String")]
    present: Week,
    /// Weeks with their blocks, oldest first.
    weeks: Vec<WeekView>,
    /// Ranges with their rows. The one that was asked for is of the kind `range`.
    totals: Vec<Total>,
    /// The time of each day.
    days: Daily,
    /// The tools of the weeks.
    tools: Tools,
    /// The invoices and drafts.
    invoices: Invoices,
    /// The unbilled amounts of all time.
    unbilled: Vec<Money>,
}

impl Dashboard {
    /// Leaves out a tenth of the weeks, the oldest, with their totals; returns false if only one is left.
    pub fn shorten(&mut self) -> bool {
        if self.weeks.len() <= 1 {
            return false;
        }
        let gone = (self.weeks.len() / 10).max(1);
        let names: Vec<String> = self.weeks.drain(..gone).map(|week| week.week.to_string()).collect();
        self.totals.retain(|total| !names.contains(&total.name));
        true
    }
}

impl Engine {
    /// Returns the dashboard around a week, by default the present one, with the totals of a further range.
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    pub fn dashboard(&mut self, week: Option<Week>, range: Option<Range>, now: Instant) -> Result<Dashboard> {
        let week = week.unwrap_or_else(|| self.week_at(now));
        self.document(week, 1, range, now)
    }

    /// Returns the dashboard of a year up to a week, by default the present one: for a page that cannot request more weeks.
    /// Nothing in it can be changed.
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    pub fn dashboard_of_year(&mut self, week: Option<Week>, range: Option<Range>, now: Instant) -> Result<Dashboard> {
        let week = week.unwrap_or_else(|| self.week_at(now));
        self.document(week, WEEKS, range, now)
    }

    fn document(&mut self, week: Week, weeks: u32, range: Option<Range>, now: Instant) -> Result<Dashboard> {
        let calendar = self.config.calendar;
        let today = calendar.day_of(now);
        let mut names = Names::of(&self.config);
        let mut totals = Vec::new();
        if let Some(range) = range {
            let range = range.resolved(&calendar, now)?;
            totals.push(self.total("range", "range".to_owned(), range, &mut names, now)?);
        }
        let keyed = weeks == 1;
        let mut views = Vec::new();
        for back in (0..weeks).rev() {
            let week = Week::of(totals::weeks_before(week.monday(), back));
            views.push(self.week_view(week, keyed, &mut names, now)?);
            totals.push(self.total("week", week.to_string(), Range::Week(week), &mut names, now)?);
        }
        if weeks > 1 {
            // There is nothing to show before the first tracked time.
            let first = views.iter().position(|view| view.seconds > 0);
            let first = first.unwrap_or(views.len()).min(views.len() - 1);
            let gone: Vec<String> = views.drain(..first).map(|view| view.week.to_string()).collect();
            totals.retain(|total| !gone.contains(&total.name));
        }
        let from = views.first().map_or(week.monday(), |view| view.first);
        let to = views.last().map_or(today, |view| view.last.min(today)).max(from);
        let tools = self.tools(from, to, &mut names, now)?;
        totals.extend(self.long_totals(&mut names, now)?);
        let unbilled = totals.last().map(Total::unbilled).unwrap_or_default();
        Ok(Dashboard {
            made_at: now.millis(),
            today,
            clock: week::clock(&calendar, today, now),
            time_zone: calendar.zone.name().to_owned(),
            business: self
                .config
                .business
                .as_ref()
                .map(|business| business.party.name.clone()),
            week,
            present: self.week_at(now),
            weeks: views,
            totals,
            days: self.daily(&mut names, now)?,
            tools,
            invoices: self.invoice_board(&mut names, now)?,
            unbilled,
            names,
        })
    }
}

/// Sums amounts by currency, without zero sums.
fn sums(amounts: impl Iterator<Item = (Currency, Amount)>) -> Vec<Money> {
    let mut sums = BTreeMap::<Currency, Amount>::new();
    for (currency, amount) in amounts.filter(|(_, amount)| !amount.is_zero()) {
        let sum = sums.entry(currency).or_insert_with(|| Amount::zero(currency));
        *sum = *sum + amount;
    }
    let money = |(currency, amount)| Money { amount, currency };
    sums.into_iter().map(money).collect()
}

#[cfg(test)]
mod tests;
