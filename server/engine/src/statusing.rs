//! Contents of the status bar.

mod totals;

use std::fmt;

use anyhow::Result;
use keeptab_core::billing::{Tally, Terms};
use keeptab_core::budget::Budget;
use keeptab_core::instant::{Instant, Span};
use keeptab_core::money::{Amount, Currency};
use keeptab_core::rule::ProjectId;
use keeptab_core::timeline::{ProjectIndex, Tag};
use keeptab_store::StoredSign;
use schemars::JsonSchema;
use serde::Serialize;

use super::Engine;
use super::away::Gap;
use super::budgeting::Spent;
use super::ledger::Ledger;
use super::timing::Timed;
use totals::Totals;

/// The state of time tracking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Time runs for a project.
    Tracking,
    /// No heartbeat came for longer than the idle timeout.
    Idle,
    /// The person paused it.
    Paused,
    /// Time runs for no project, or is private.
    Unassigned,
    /// An error.
    Error,
}

/// An amount with its currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Money {
    /// The amount.
    pub(super) amount: Amount,
    /// Its currency.
    pub(super) currency: Currency,
}

/// The status bar's contents: `keeptab/status`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The state of time tracking.
    pub state: State,
    /// The client of the project in front.
    client: Option<String>,
    /// The project in front.
    project: Option<ProjectId>,
    /// The text of the bar.
    pub text: String,
    /// The details, in words.
    tooltip: String,
    /// The time today, of all projects.
    today_seconds: i64,
    /// The time today of the project in front.
    project_today_seconds: i64,
    /// The money that is not billed yet, by currency.
    unbilled: Vec<Money>,
    /// The project's budget, if it has one.
    budget: Option<Budget>,
    /// Idle time with work after it that ended within the last hour: a call, perhaps. Null if the person called it a break.
    away: Option<Gap>,
    /// The timer that runs by hand.
    timer: Option<Timed>,
    /// The reason for the state, if it needs one.
    reason: Option<String>,
    /// False before there is a business or a project.
    set_up: bool,
}

impl Status {
    /// Returns true if time runs for no project.
    #[must_use]
    pub fn is_unassigned(&self) -> bool {
        self.state == State::Unassigned
    }

    /// Returns true if there is an error.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.state == State::Error
    }

    /// The status of a host that cannot do its work.
    #[must_use]
    pub fn error(reason: &str) -> Self {
        Self {
            state: State::Error,
            client: None,
            project: None,
            text: "keeptab: error".into(),
            tooltip: reason.to_owned(),
            today_seconds: 0,
            project_today_seconds: 0,
            unbilled: Vec::new(),
            budget: None,
            away: None,
            timer: None,
            reason: Some(reason.to_owned()),
            set_up: true,
        }
    }

    /// Returns whether the two look the same in a status bar that shows minutes.
    #[must_use]
    pub fn looks_like(&self, other: &Self) -> bool {
        (
            self.state,
            &self.text,
            &self.tooltip,
            &self.away,
            &self.timer,
            &self.reason,
            self.set_up,
        ) == (
            other.state,
            &other.text,
            &other.tooltip,
            &other.away,
            &other.timer,
            &other.reason,
            other.set_up,
        )
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", self.text, self.tooltip)
    }
}

/// The totals of the days before today, cached until the past changes.
pub struct UnbilledBefore {
    today: Instant,
    revision: i64,
    tally: Tally,
    /// The totals of this week before today.
    week: Totals,
    /// The time of projects with a budget.
    pub(super) spent: Spent,
}

impl Engine {
    /// Computes the status bar's contents.
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    pub fn status(&mut self, now: Instant) -> Result<Status> {
        self.follow_file(now)?;
        self.look_at_roots()?;
        let today = self.today(now);
        let day = self.config.calendar.day_of(now);
        let ledger = self.ledger(today, Some((day, day)), now)?;
        let current = self.current(now)?;
        let paused = self.store.paused()?;
        let state = match current {
            _ if paused => State::Paused,
            None => State::Idle,
            Some(Tag::Project(_)) => State::Tracking,
            Some(Tag::Unassigned | Tag::Private) => State::Unassigned,
        };
        let totals = self.totals(&ledger)?;
        let (unassigned, total) = (totals.unassigned, totals.all());
        let project = match current {
            Some(Tag::Project(index)) => Some(&self.config.projects[index.0]),
            _ => None,
        };
        let id = project.map(|project| project.terms.project.clone());
        let of_project = id.as_ref().map(|id| totals.of(id)).unwrap_or_default();
        let client = project.and_then(|project| project.client.clone());
        let text = match (state, &id) {
            (State::Tracking, Some(id)) => format!("{id} {of_project}"),
            (State::Unassigned, _) if current == Some(Tag::Private) => format!("private · {total}"),
            (State::Unassigned, _) => format!("unassigned {unassigned}"),
            (State::Paused, _) => format!("paused · {total}"),
            _ => format!("idle · {total}"),
        };
        let timer = self.timer()?;
        let text = match &timer {
            Some(timer) => format!("{} {} by hand", timer.project, now - timer.since),
            None => text,
        };
        let before = self.before(today, now)?;
        let unbilled = self.unbilled(before.tally.clone(), &ledger);
        let week = totals.clone().and(&before.week);
        let budgets = self.budgets_of_week(&totals, &week, &before);
        let budget = id
            .as_ref()
            .and_then(|id| budgets.iter().find(|budget| budget.project == *id));
        let budget = budget.cloned();
        let text = match budget.as_ref().filter(|budget| budget.is_near()) {
            Some(budget) => format!("{text} · {} % of budget", budget.percent()),
            None => text,
        };
        let tooltip = self.tooltip(&totals, &week, &unbilled, &budgets);
        self.unbilled = Some(before);
        let away = self.offered_gap(day, &ledger, now)?;
        let reason = self.broken();
        let tooltip = if self.has_words() {
            tooltip
        } else {
            format!("{tooltip}\nhint: `keeptab init` sets up your business, clients and projects")
        };
        Ok(Status {
            state,
            client,
            project: id,
            text: if reason.is_some() {
                format!("{text} (config broken)")
            } else {
                text
            },
            tooltip,
            today_seconds: total.whole_seconds(),
            project_today_seconds: of_project.whole_seconds(),
            unbilled,
            budget,
            away,
            timer: timer.map(|timer| self.timed(&timer)),
            reason,
            set_up: self.config.business.is_some() || !self.config.projects.is_empty(),
        })
    }

    /// Returns the project the person is working on; `None` once no strong heartbeat came for the idle timeout. The
    /// last heartbeat decides between projects, weak ones too: the next key will count to the thing in front.
    pub(super) fn current(&mut self, now: Instant) -> Result<Option<Tag>> {
        let worked = self.store.last_strong(now)?;
        if worked.is_none_or(|worked| now - worked.at > self.config.counting.idle_timeout) {
            return Ok(None);
        }
        match self.store.last_heartbeat(now)?.map(|last| last.sign) {
            Some(StoredSign::Heartbeat(_, _, entity)) => self.tag(entity).map(Some),
            _ => Ok(None),
        }
    }

    /// Adds up the days before today, unless that was done.
    pub(super) fn before(&mut self, today: Span, now: Instant) -> Result<UnbilledBefore> {
        let revision = self.store.past_revision()?;
        let known = self.unbilled.take();
        if let Some(known) = known.filter(|known| known.today == today.start() && known.revision == revision) {
            return Ok(known);
        }
        let mut before = UnbilledBefore {
            today: today.start(),
            revision,
            tally: Tally::default(),
            week: Totals::default(),
            spent: Spent::default(),
        };
        let calendar = self.config.calendar;
        let day = calendar.day_of(now);
        let (first, _) = calendar.week_of(day);
        let Some(yesterday) = day.pred_opt() else {
            return Ok(before);
        };
        if let Some(past) = Span::new(Instant::EARLIEST, today.start()) {
            let days = Some((chrono::NaiveDate::MIN, yesterday));
            let ledger = self.totals_ledger(past, days, self.coarsest(), now)?;
            before.tally = self.tally(before.tally, &ledger);
            before.spent = self.spent(&ledger)?;
        }
        if first <= yesterday {
            let ledger = self.ledger(calendar.days(first, yesterday), Some((first, yesterday)), now)?;
            before.week = self.totals(&ledger)?;
        }
        Ok(before)
    }

    /// Adds up what could be invoiced now, by currency.
    fn unbilled(&self, before: Tally, today: &Ledger) -> Vec<Money> {
        let money = |(currency, amount): (Currency, Amount)| Money { amount, currency };
        let amounts = self.tally(before, today).amounts(|project| self.terms_of(project));
        amounts
            .into_iter()
            .filter(|(_, amount)| !amount.is_zero())
            .map(money)
            .collect()
    }

    /// Returns true if the config names a business or a project.
    pub(super) fn has_words(&self) -> bool {
        self.config.business.is_some() || !self.config.projects.is_empty()
    }

    pub(super) fn tally(&self, mut tally: Tally, ledger: &Ledger) -> Tally {
        let terms = |project| self.terms_of(project);
        tally.add(&ledger.work(), terms, &self.config.calendar);
        tally
    }

    pub(super) fn terms_of(&self, project: ProjectIndex) -> Option<&Terms> {
        self.config.projects.get(project.0).map(|project| &project.terms)
    }
}
