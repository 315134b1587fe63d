//! Effect of a config edit: the hours and money that it moves, without touching what is invoiced.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use keeptab_config::{Config, Severity};
use keeptab_core::calendar::Range;
use keeptab_core::instant::{Instant, Length};
use keeptab_core::money::Amount;
use keeptab_core::rule::ProjectId;
use keeptab_system::plain::{self, LONGEST_TEXT};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

use super::Engine;
use super::reporting::{By, Report};
use super::view::table;

/// Idle timeouts that are shown side by side, in minutes.
const TIMEOUTS: [i64; 3] = [5, 10, 15];

/// The difference between two configs, over all time that is not invoiced.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Comparison {
    /// The projects whose time or money changes.
    pub moved: Vec<Moved>,
    /// The total of all time under the new config at some idle timeouts.
    idle: Vec<AtTimeout>,
    /// True if another config was given.
    #[serde(skip)]
    of_config: bool,
}

/// The change for a project.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Moved {
    /// The project; `None` for unassigned time.
    project: Option<ProjectId>,
    /// The time today.
    seconds_before: i64,
    /// The time by the other config.
    seconds_after: i64,
    /// The amount today.
    amount_before: Option<Amount>,
    /// The amount by the other config.
    amount_after: Option<Amount>,
    /// The currency, or both if it changes.
    currency: String,
}

/// The time at another idle timeout.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct AtTimeout {
    /// The timeout, in minutes.
    minutes: i64,
    /// The time that it would count.
    seconds: i64,
}

impl Engine {
    /// Compares the config in force with a file, or computes only the timeouts if none is named.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or is no valid config, or the store cannot be read.
    pub fn compare(&mut self, path: Option<&Path>, now: Instant) -> Result<Comparison> {
        let new = match path {
            Some(path) => {
                let text = plain::read_text(path, LONGEST_TEXT);
                let text = text.with_context(|| format!("{} cannot be read", path.display()))?;
                let (config, findings) = self.read_config(&text)?;
                let error = findings.iter().find(|finding| finding.severity == Severity::Error);
                match (config, error) {
                    (Some(config), _) => config,
                    (None, Some(error)) => bail!("{}:{error}", path.display()),
                    (None, None) => bail!("{} cannot be read", path.display()),
                }
            }
            None => self.config.clone(),
        };
        let moved = self.moved_by(&new, now)?;
        let mut idle = Vec::new();
        for minutes in TIMEOUTS {
            let mut config = new.clone();
            config.counting.idle_timeout = Length::from_minutes(minutes);
            let report = self.under(&config, |engine| engine.report(Some(Range::All), By::Project, now))?;
            let seconds = report.total_seconds;
            idle.push(AtTimeout { minutes, seconds });
        }
        Ok(Comparison {
            moved,
            idle,
            of_config: path.is_some(),
        })
    }

    /// Returns the projects whose time or money another config moves.
    pub(super) fn moved_by(&mut self, new: &Config, now: Instant) -> Result<Vec<Moved>> {
        let before = self.report(Some(Range::All), By::Project, now)?;
        let after = self.under(new, |engine| engine.report(Some(Range::All), By::Project, now))?;
        Ok(difference(&before, &after))
    }

    /// Runs a query as if another config were in force.
    fn under<T>(&mut self, config: &Config, ask: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let config = std::mem::replace(&mut self.config, config.clone());
        let tags = std::mem::take(&mut self.tags);
        self.keeps_days = false;
        let answer = ask(self);
        self.keeps_days = true;
        self.config = config;
        self.tags = tags;
        answer
    }
}

pub(super) fn difference(before: &Report, after: &Report) -> Vec<Moved> {
    #[derive(Clone, Default, PartialEq)]
    struct Sum {
        seconds: i64,
        amount: Option<Amount>,
        currency: Option<String>,
    }
    let sums = |report: &Report| {
        let mut sums = BTreeMap::<Option<ProjectId>, Sum>::new();
        for row in &report.rows {
            let sum = sums.entry(row.project.clone()).or_default();
            sum.seconds += row.seconds;
            if let Some(amount) = row.amount {
                sum.amount = Some(sum.amount.map_or(amount, |sum| sum + amount));
                sum.currency = row.currency.map(|currency| currency.to_string());
            }
        }
        sums.entry(None).or_default().seconds = report.unassigned_seconds;
        sums
    };
    let (before, after) = (sums(before), sums(after));
    let mut projects: Vec<&Option<ProjectId>> = before.keys().chain(after.keys()).collect();
    projects.sort();
    projects.dedup();
    let moved = projects.into_iter().filter_map(|project| {
        let old = before.get(project).cloned().unwrap_or_default();
        let new = after.get(project).cloned().unwrap_or_default();
        let currency = match (&old.currency, &new.currency) {
            (Some(old), Some(new)) if old != new => format!("{old} → {new}"),
            (old, new) => new.clone().or_else(|| old.clone()).unwrap_or_default(),
        };
        // A second more or less is the cut of the milliseconds, not a move.
        let same = (old.seconds - new.seconds).abs() <= 1 && old.amount == new.amount && old.currency == new.currency;
        (!same).then(|| Moved {
            project: project.clone(),
            seconds_before: old.seconds,
            seconds_after: new.seconds,
            amount_before: old.amount,
            amount_after: new.amount,
            currency,
        })
    });
    moved.collect()
}

impl Moved {
    fn name(&self) -> String {
        self.project
            .as_ref()
            .map_or_else(|| "unassigned".into(), ToString::to_string)
    }

    /// Returns the change in words: `acme/api -1:20 (-126.67 EUR)`.
    pub(super) fn words(&self) -> String {
        let seconds = self.seconds_after - self.seconds_before;
        let sign = if seconds < 0 { '-' } else { '+' };
        let time = format!(" {sign}{}", Length::from_secs(seconds.abs()));
        let value = |amount: Option<Amount>| amount.map_or(Decimal::ZERO, Amount::value);
        let money = value(self.amount_after) - value(self.amount_before);
        let time = if seconds == 0 { "" } else { &time };
        let money = if money.is_zero() {
            String::new()
        } else {
            format!(" ({money:+} {})", self.currency)
        };
        format!("{}{time}{money}", self.name())
    }
}

/// Describes in a line the time that an edit of the config moved.
#[must_use]
pub(super) fn sentence(moved: &[Moved]) -> Option<String> {
    let words: Vec<String> = moved.iter().map(Moved::words).collect();
    (!words.is_empty()).then(|| format!("This edit moves time that is not invoiced: {}", words.join(", ")))
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let amount = |amount: Option<Amount>| amount.map(|amount| amount.to_string()).unwrap_or_default();
        let row = |moved: &Moved| {
            let time = |seconds| Length::from_secs(seconds).to_string();
            vec![
                moved.name(),
                time(moved.seconds_before),
                time(moved.seconds_after),
                amount(moved.amount_before),
                amount(moved.amount_after),
                moved.currency.clone(),
            ]
        };
        if !self.moved.is_empty() {
            writeln!(f, "This would move time that is not invoiced:")?;
            let rows: Vec<Vec<String>> = self.moved.iter().map(row).collect();
            table(f, &["project", "now", "then", "now", "then", ""], &rows, &[1, 2, 3, 4])?;
            write!(f, "\n\n")?;
        } else if self.of_config {
            write!(f, "nothing would move\n\n")?;
        }
        write!(f, "All time, at an idle timeout of")?;
        let row = |at: &AtTimeout| vec![format!("{} min", at.minutes), Length::from_secs(at.seconds).to_string()];
        let rows: Vec<Vec<String>> = self.idle.iter().map(row).collect();
        table(f, &["", ""], &rows, &[0, 1])
    }
}
