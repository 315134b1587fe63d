//! Totals per client, project, day, week or month.

mod chart;

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use anyhow::Result;
use chrono::NaiveDate;
use keeptab_core::billing::{Time, Work, worth};
use keeptab_core::budget::Budget;
use keeptab_core::calendar::{Month, Range, Week};
use keeptab_core::instant::{Instant, Length};
use keeptab_core::invoice::Issued;
use keeptab_core::money::{Amount, Currency};
use keeptab_core::plain::counted;
use keeptab_core::rule::ProjectId;
use keeptab_core::timeline::Tag;
use schemars::JsonSchema;
use serde::Serialize;

use super::Engine;
use super::ledger::{Grain, Ledger};
use super::view::table;

/// The meaning of a report's row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// A client.
    Client,
    /// A project.
    #[default]
    Project,
    /// A project on a day.
    Day,
    /// A project in a week.
    Week,
    /// A project in a month.
    Month,
}

/// Totals of a range.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The first day; `None` for all time.
    from: Option<NaiveDate>,
    /// The last day.
    to: Option<NaiveDate>,
    /// The time zone in which days begin and end.
    time_zone: String,
    /// The rows, by period, client and project.
    pub rows: Vec<Row>,
    /// Time of no project.
    pub unassigned_seconds: i64,
    /// Private time; not in the total.
    pub private_seconds: i64,
    /// The rows and unassigned time.
    pub total_seconds: i64,
    /// The budgets of its projects, as used up to now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    budgets: Vec<Budget>,
    /// Further notes to the reader.
    #[serde(skip)]
    notes: Vec<String>,
}

impl Report {
    /// Returns the days, weeks or months of the rows, with the seconds of each.
    #[must_use]
    pub fn periods(&self) -> Vec<(String, i64)> {
        let mut periods = BTreeMap::<String, i64>::new();
        for row in &self.rows {
            if let Some(day) = &row.day {
                *periods.entry(day.clone()).or_default() += row.seconds;
            }
        }
        periods.into_iter().collect()
    }

    /// Returns the days that it is of.
    fn title(&self) -> String {
        match (self.from, self.to) {
            (Some(from), Some(to)) if from == to => from.format("%a %-d %b %Y").to_string(),
            (Some(from), Some(to)) => format!("{} – {}", from.format("%a %-d %b"), to.format("%a %-d %b %Y")),
            _ => "all time".into(),
        }
    }
}

/// One row of a report.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// The client's id.
    pub client: Option<String>,
    /// The project's id; `None` in a report by client.
    pub project: Option<ProjectId>,
    /// The day, week or month.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<String>,
    /// All of it.
    pub seconds: i64,
    /// Billable seconds, invoiced ones included.
    pub billable_seconds: i64,
    /// Invoiced seconds.
    pub invoiced_seconds: i64,
    /// The amount that an invoice of it would print.
    pub amount: Option<Amount>,
    /// The currency of the amount.
    pub currency: Option<Currency>,
    /// The invoiced part of the amount.
    #[serde(skip)]
    pub invoiced_amount: Option<Amount>,
}

/// Rows, time outside of them, and the sum of both.
pub(super) struct Tallied {
    pub(super) rows: Vec<Row>,
    pub(super) unassigned_seconds: i64,
    pub(super) private_seconds: i64,
    pub(super) total_seconds: i64,
}

/// A day, week or month of a report by one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Period {
    Day(NaiveDate),
    Week(Week),
    Month(Month),
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => day.fmt(f),
            Self::Week(week) => week.fmt(f),
            Self::Month(month) => month.fmt(f),
        }
    }
}

/// The sort key of rows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    period: Option<Period>,
    client: Option<String>,
    project: Option<ProjectId>,
    currency: Option<Currency>,
}

#[derive(Default)]
struct Sums {
    all: Length,
    billable: Length,
    invoiced: Length,
    amount: Option<Amount>,
    invoiced_amount: Option<Amount>,
}

impl Sums {
    fn add_amount(&mut self, amount: Amount) {
        self.amount = Some(self.amount.map_or(amount, |sum| sum + amount));
    }
}

impl Engine {
    /// Adds a range up.
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    pub fn report(&mut self, range: Option<Range>, by: By, now: Instant) -> Result<Report> {
        let calendar = self.config.calendar;
        let (first, last) = calendar.week_of(calendar.day_of(now));
        let range = range.unwrap_or(Range::Days(first, last)).resolved(&calendar, now)?;
        let days = range.days(&calendar, now);
        let grain = match by {
            By::Client | By::Project | By::Month => self.coarsest(),
            By::Day | By::Week => Grain::Day,
        };
        let ledger = self.totals_ledger(range.span(&calendar, now), days, grain, now)?;
        let tallied = self.tallied(&ledger, by)?;
        let spent = self.spent(&ledger)?;
        let budgets = self.budgets(|project| spent.has(project), None, now)?;
        Ok(Report {
            from: days.map(|(first, _)| first),
            to: days.map(|(_, last)| last),
            time_zone: calendar.zone.name().to_owned(),
            rows: tallied.rows,
            unassigned_seconds: tallied.unassigned_seconds,
            private_seconds: tallied.private_seconds,
            total_seconds: tallied.total_seconds,
            budgets,
            notes: self.notes(&ledger, now)?,
        })
    }

    /// Adds a ledger up in rows.
    pub(super) fn tallied(&self, ledger: &Ledger, by: By) -> Result<Tallied> {
        let mut sums = BTreeMap::<Key, Sums>::new();
        self.add_open(ledger, by, &mut sums);
        self.add_claims(ledger, by, &mut sums)?;
        let mut clock = Clock::default();
        let rows = sums.into_iter().map(|(key, sums)| {
            let seconds = clock.seconds(sums.all);
            // The cut of the milliseconds must not tell a part from the whole.
            let part = |part: Length| {
                if part == sums.all {
                    seconds
                } else {
                    part.whole_seconds()
                }
            };
            Row {
                client: key.client,
                project: key.project,
                day: key.period.map(|period| period.to_string()),
                seconds,
                billable_seconds: part(sums.billable),
                invoiced_seconds: part(sums.invoiced),
                amount: sums.amount,
                currency: key.currency.filter(|_| sums.amount.is_some()),
                invoiced_amount: sums.invoiced_amount,
            }
        });
        let rows: Vec<Row> = rows.collect();
        let unassigned_seconds = clock.seconds(ledger.unassigned());
        Ok(Tallied {
            rows,
            unassigned_seconds,
            private_seconds: ledger.captured(Tag::Private).whole_seconds(),
            total_seconds: clock.total.whole_seconds(),
        })
    }

    /// Adds unbilled work, at the amount that an invoice would print for each row.
    fn add_open(&self, ledger: &Ledger, by: By, sums: &mut BTreeMap<Key, Sums>) {
        let mut pieces = Vec::<(Option<Period>, usize, Work)>::new();
        for work in ledger.work() {
            self.each_period(work.time, by, |period, time| {
                pieces.push((period, work.project.0, Work { time, ..work.clone() }));
            });
        }
        // Within a row they stay in the order of the timeline.
        pieces.sort_by_key(|(period, project, _)| (*period, *project));
        for group in pieces.chunk_by(|one, next| (one.0, one.1) == (next.0, next.1)) {
            let Some((period, index, _)) = group.first() else {
                continue;
            };
            let (period, index) = (*period, *index);
            let work = || group.iter().map(|(.., work)| work);
            let project = &self.config.projects[index];
            let worth = worth(work(), &project.terms, &self.config.calendar);
            let key = Key {
                period,
                client: project.client.clone(),
                project: (by != By::Client).then(|| project.terms.project.clone()),
                currency: (project.terms.billable).then_some(project.terms.currency),
            };
            let sums = sums.entry(key).or_default();
            sums.all += work().map(|work| work.time.length()).sum();
            sums.billable += worth.billable;
            worth.amount.into_iter().for_each(|amount| sums.add_amount(amount));
        }
    }

    /// Adds what live invoices bill, at their own rates.
    fn add_claims(&self, ledger: &Ledger, by: By, sums: &mut BTreeMap<Key, Sums>) -> Result<()> {
        let mut invoices = HashMap::<i64, Issued>::new();
        let mut groups = BTreeMap::<(Option<Period>, i64, usize), Length>::new();
        for (invoice, line, time) in claimed_times(ledger) {
            if let std::collections::hash_map::Entry::Vacant(vacant) = invoices.entry(invoice) {
                vacant.insert(self.store.invoice_numbered(invoice)?);
            }
            self.each_period(time, by, |period, time| {
                *groups.entry((period, invoice, line)).or_default() += time.length();
            });
        }
        for ((period, invoice, line), length) in groups {
            let content = invoices[&invoice].content();
            let Some(line) = content.lines.get(line) else { continue };
            let key = Key {
                period,
                client: Some(content.client.clone()),
                project: line
                    .project
                    .as_ref()
                    .filter(|_| by != By::Client)
                    .map(|id| self.config.present(id)),
                currency: Some(content.currency),
            };
            let sums = sums.entry(key).or_default();
            sums.all += length;
            sums.billable += length;
            sums.invoiced += length;
            let share = line.share(length, content.currency);
            sums.add_amount(share);
            sums.invoiced_amount = Some(sums.invoiced_amount.map_or(share, |sum| sum + share));
        }
        Ok(())
    }

    /// Returns notes about a range.
    pub(super) fn notes(&self, ledger: &Ledger, now: Instant) -> Result<Vec<String>> {
        let mut notes = Vec::new();
        let entries: usize = ledger.open_sums().map(|summed| summed.shortened).sum();
        if entries > 0 {
            let length: Length = ledger.open_sums().map(|summed| summed.taken).sum();
            notes.push(format!(
                "{length} of {} is counted already, and counts once",
                counted(entries, "entry")
            ));
        }
        let beside = ledger.sums().filter(|summed| summed.beside);
        let beside: usize = beside.map(|summed| summed.entries).sum();
        if beside > 0 {
            notes.push(format!("beside other time: {}", counted(beside, "entry")));
        }
        let elsewhere = ledger.open_sums().filter(|summed| summed.elsewhere);
        let elsewhere: Length = elsewhere.map(|summed| summed.length).sum();
        if !elsewhere.is_zero() {
            notes.push(format!(
                "{elsewhere} of it was invoiced elsewhere, and is not billed again"
            ));
        }
        let future = self.store.events_after(now)?;
        if future > 0 {
            notes.push(format!(
                "{} dated in the future: counted from then on",
                counted(future, "heartbeat")
            ));
        }
        Ok(notes)
    }

    /// Splits time at the limits of the report's rows.
    fn each_period(&self, time: Time, by: By, mut each: impl FnMut(Option<Period>, Time)) {
        let period = |day: NaiveDate| match by {
            By::Client | By::Project => None,
            By::Day => Some(Period::Day(day)),
            By::Week => Some(Period::Week(Week::of(self.config.calendar.week_of(day).1))),
            By::Month => Some(Period::Month(Month::of(day))),
        };
        match (by, time) {
            (By::Client | By::Project, _) => each(None, time),
            (_, Time::Entry(_, day, _)) => each(period(day), time),
            (_, Time::Captured(span)) => {
                let pieces = self.config.calendar.split(span);
                pieces.for_each(|(day, piece)| each(period(day), Time::Captured(piece)));
            }
        }
    }

    /// Returns the length that live invoices bill by project, for the status bar.
    pub(super) fn claimed(&self, ledger: &Ledger) -> Result<BTreeMap<ProjectId, Length>> {
        let mut sums = BTreeMap::new();
        for (project, time) in self.billed(ledger)? {
            *sums.entry(project).or_default() += time.length();
        }
        Ok(sums)
    }

    /// Returns the time that live invoices bill, with the present id of its project.
    pub(super) fn billed(&self, ledger: &Ledger) -> Result<Vec<(ProjectId, Time)>> {
        let mut invoices = HashMap::<i64, Vec<Option<ProjectId>>>::new();
        let mut billed = Vec::new();
        for (invoice, line, time) in claimed_times(ledger) {
            if let std::collections::hash_map::Entry::Vacant(vacant) = invoices.entry(invoice) {
                vacant.insert(self.store.line_projects(invoice)?);
            }
            if let Some(Some(project)) = invoices[&invoice].get(line) {
                billed.push((self.config.present(project), time));
            }
        }
        Ok(billed)
    }
}

/// Returns the time that live invoices bill, each with its invoice and line.
fn claimed_times(ledger: &Ledger) -> impl Iterator<Item = (i64, usize, Time)> {
    let captured = ledger
        .claims
        .iter()
        .map(|claim| (claim.invoice, claim.line, Time::Captured(claim.span)));
    let entered = ledger.sums().filter_map(|summed| {
        let (invoice, line) = summed.claim?;
        Some((invoice, line, Time::Entry(summed.id, summed.day, summed.length)))
    });
    captured.chain(entered)
}

/// Cuts milliseconds to seconds so that the seconds add up to those of the sum.
#[derive(Default)]
struct Clock {
    total: Length,
}

impl Clock {
    fn seconds(&mut self, length: Length) -> i64 {
        let before = self.total.whole_seconds();
        self.total += length;
        self.total.whole_seconds() - before
    }
}

/// Shown as a table.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.title())?;
        if self.rows.is_empty() && self.unassigned_seconds == 0 {
            return write!(f, "\nNothing was tracked. Open a file in your editor and work.");
        }
        let time = |seconds: i64| Length::from_secs(seconds).to_the_second();
        let row = |row: &Row| {
            let amount = row.amount.map(|amount| amount.to_string()).unwrap_or_default();
            vec![
                row.day.clone().unwrap_or_default(),
                row.client.clone().unwrap_or_else(|| "–".into()),
                row.project.as_ref().map(ToString::to_string).unwrap_or_default(),
                time(row.seconds),
                if row.invoiced_seconds > 0 {
                    time(row.invoiced_seconds)
                } else {
                    String::new()
                },
                amount,
                row.currency.map(|currency| currency.to_string()).unwrap_or_default(),
            ]
        };
        let mut rows: Vec<Vec<String>> = self.rows.iter().map(row).collect();
        let last = |name: &str, seconds| vec![String::new(), name.into(), String::new(), time(seconds)];
        if self.unassigned_seconds > 0 {
            rows.push(last("unassigned", self.unassigned_seconds));
        }
        rows.push(last("total", self.total_seconds));
        let head = ["", "client", "project", "time", "billed", "amount", ""];
        table(f, &head, &rows, &[3, 4, 5])?;
        let near = self.budgets.iter().filter(|budget| budget.is_near());
        near.into_iter().try_for_each(|budget| write!(f, "\n{budget}"))?;
        self.notes.iter().try_for_each(|note| write!(f, "\n{note}"))
    }
}
