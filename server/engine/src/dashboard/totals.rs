//! Totals of ranges, just as `report` gives them.

use anyhow::Result;
use chrono::{Datelike as _, Days, Months, NaiveDate};
use keeptab_core::calendar::{Month, Range};
use keeptab_core::instant::Instant;
use keeptab_core::money::{Amount, Currency};
use schemars::JsonSchema;
use serde::Serialize;

use super::names::Names;
use crate::Engine;
use crate::reporting::{By, Row, Tallied};
use crate::statusing::Money;

/// Months of the trend, the present one among them.
const MONTHS: u32 = 13;

/// The totals of a range.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Total {
    /// `week`, `month`, `year`, `all` or `range`.
    pub(super) kind: &'static str,
    /// As the shell takes it, such as `2026-W47`.
    pub(super) name: String,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    projects: Vec<Sum>,
    clients: Vec<Sum>,
    pub(super) unassigned_seconds: i64,
    private_seconds: i64,
    #[serde(rename = "totalSeconds")]
    pub(super) seconds: i64,
}

/// A row: a client's or a project's.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Sum {
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) project: Option<usize>,
    pub(super) seconds: i64,
    #[serde(skip_serializing_if = "is_zero")]
    billable: i64,
    #[serde(skip_serializing_if = "is_zero")]
    invoiced: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) amount: Option<Amount>,
    /// The unbilled part of the amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    unbilled: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) currency: Option<Currency>,
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
        }
    }
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
        Ok(Total {
            kind,
            name,
            from: days.map(|(from, _)| from),
            to: days.map(|(_, to)| to),
            projects: sums(&by_project),
            clients: sums(&by_client),
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

    /// Returns the seconds of each day from the first to today, without private time.
    pub(super) fn daily(&mut self, first: NaiveDate, now: Instant) -> Result<Vec<i64>> {
        let calendar = self.config.calendar;
        let today = calendar.day_of(now);
        let ledger = self.ledger(calendar.days(first, today), Some((first, today)), now)?;
        let count = usize::try_from((today - first).num_days() + 1).unwrap_or_default();
        let mut lengths = vec![keeptab_core::instant::Length::ZERO; count];
        let mut add = |day: NaiveDate, length| {
            let index = usize::try_from((day - first).num_days()).ok();
            if let Some(sum) = index.and_then(|index| lengths.get_mut(index)) {
                *sum += length;
            }
        };
        let open = ledger.open.iter();
        let open = open.filter(|stretch| stretch.tag.tag != keeptab_core::timeline::Tag::Private);
        let spans = open.map(|stretch| stretch.span);
        for span in spans.chain(ledger.claims.iter().map(|claim| claim.span)) {
            for (day, piece) in calendar.split(span) {
                add(day, piece.length());
            }
        }
        for entered in ledger.entered() {
            add(entered.entry.day, entered.counted.length);
        }
        Ok(lengths
            .into_iter()
            .map(keeptab_core::instant::Length::whole_seconds)
            .collect())
    }
}

/// Returns the day that lies some weeks before another.
pub(super) fn weeks_before(day: NaiveDate, weeks: u32) -> NaiveDate {
    day.checked_sub_days(Days::new(u64::from(weeks) * 7)).unwrap_or(day)
}
