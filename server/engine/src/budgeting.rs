//! The projects' budgets, and what is used of them.

use std::collections::{BTreeMap, HashSet};

use anyhow::Result;
use chrono::NaiveDate;
use keeptab_core::billing::Time;
use keeptab_core::budget::Budget;
use keeptab_core::instant::{Instant, Length};
use keeptab_core::invoice::Content;
use keeptab_core::rule::ProjectId;

use super::Engine;
use super::ledger::{Grain, Ledger};

/// The time of projects that have a budget, by civil day.
#[derive(Clone, Debug, Default)]
pub(super) struct Spent(BTreeMap<ProjectId, BTreeMap<NaiveDate, Length>>);

impl Spent {
    /// Returns true if a project has some time.
    pub(super) fn has(&self, project: &ProjectId) -> bool {
        self.0.contains_key(project)
    }

    /// Returns a project's time up to a day, the day included.
    fn until(&self, project: &ProjectId, last: NaiveDate) -> Length {
        let days = self.0.get(project);
        days.into_iter()
            .flat_map(|days| days.range(..=last))
            .map(|(_, length)| *length)
            .sum()
    }
}

impl Engine {
    /// Returns the least detail that totals of all time need: what is used of a budget is asked day by day.
    pub(super) fn coarsest(&self) -> Grain {
        let is_budgeted = self.config.projects.iter().any(|project| project.budget.is_some());
        if is_budgeted { Grain::Day } else { Grain::Month }
    }

    /// Returns the budgets of some projects as used up to a day, or up to now. The days before today are added up once.
    pub(super) fn budgets(
        &mut self,
        of: impl Fn(&ProjectId) -> bool,
        until: Option<NaiveDate>,
        now: Instant,
    ) -> Result<Vec<Budget>> {
        let budgeted = self.config.projects.iter().filter(|project| project.budget.is_some());
        if !budgeted.map(|project| &project.terms.project).any(&of) {
            return Ok(Vec::new());
        }
        let (today, day) = (self.today(now), self.config.calendar.day_of(now));
        let until = until.unwrap_or(day).min(day);
        let ledger = self.ledger(today, Some((day, day)), now)?;
        let of_today = self.spent(&ledger)?;
        let before = self.before(today, now)?;
        let used = |project: &ProjectId| before.spent.until(project, until) + of_today.until(project, until);
        let budgets = self.budgets_with(used).filter(|budget| of(&budget.project)).collect();
        self.unbilled = Some(before);
        Ok(budgets)
    }

    /// Returns the budget of a project as used up to now, given its time of today.
    pub(super) fn budget_now(&self, project: &ProjectId, before: &Spent, today: Length) -> Option<Budget> {
        let used = |project: &ProjectId| before.until(project, NaiveDate::MAX) + today;
        self.budgets_with(used).find(|budget| budget.project == *project)
    }

    /// Returns the budgets of a document's projects that are nearly or wholly used.
    pub(super) fn near_budgets(&mut self, content: &Content, now: Instant) -> Result<Vec<String>> {
        let has = |project: &ProjectId| content.lines.iter().any(|line| line.project.as_ref() == Some(project));
        let budgets = self.budgets(has, None, now)?;
        let near = budgets.iter().filter(|budget| budget.is_near());
        Ok(near.map(ToString::to_string).collect())
    }

    fn budgets_with(&self, used: impl Fn(&ProjectId) -> Length) -> impl Iterator<Item = Budget> {
        self.config.projects.iter().filter_map(move |project| {
            Some(Budget {
                agreed: project.budget?,
                project: project.terms.project.clone(),
                name: project.terms.name.clone(),
                used: used(&project.terms.project),
            })
        })
    }

    /// Adds up the time of projects that have a budget.
    pub(super) fn spent(&self, ledger: &Ledger) -> Result<Spent> {
        let projects = &self.config.projects;
        let mut spent = Spent::default();
        if projects.iter().all(|project| project.budget.is_none()) {
            return Ok(spent);
        }
        let open = ledger.work().into_iter();
        let open = open.map(|work| (projects[work.project.0].terms.project.clone(), work.time));
        let mut add = |project: &ProjectId, day: NaiveDate, length: Length| {
            let days = spent.0.entry(project.clone()).or_default();
            *days.entry(day).or_default() += length;
        };
        let budgeted = projects.iter().filter(|project| project.budget.is_some());
        let budgeted: HashSet<&ProjectId> = budgeted.map(|project| &project.terms.project).collect();
        for (project, time) in open.chain(self.billed(ledger)?) {
            if !budgeted.contains(&project) {
                continue;
            }
            match time {
                Time::Entry(_, day, length) => add(&project, day, length),
                Time::Captured(span) => {
                    let pieces = self.config.calendar.split(span);
                    pieces.for_each(|(day, piece)| add(&project, day, piece.length()));
                }
            }
        }
        Ok(spent)
    }
}
