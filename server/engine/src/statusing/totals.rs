//! Totals of the day and the week, for the status bar's tooltip.

use std::collections::BTreeMap;
use std::fmt;

use anyhow::Result;
use keeptab_core::budget::Budget;
use keeptab_core::instant::Length;
use keeptab_core::rule::ProjectId;

use super::{Money, UnbilledBefore};
use crate::Engine;
use crate::ledger::Ledger;
use crate::view::table;

/// Time by project, billed or not, and unassigned time.
#[derive(Clone, Debug, Default)]
pub(super) struct Totals {
    pub(super) by_project: BTreeMap<ProjectId, Length>,
    pub(super) unassigned: Length,
}

impl Totals {
    pub(super) fn all(&self) -> Length {
        self.by_project.values().copied().sum::<Length>() + self.unassigned
    }

    pub(super) fn of(&self, project: &ProjectId) -> Length {
        self.by_project.get(project).copied().unwrap_or_default()
    }

    /// Returns both together.
    pub(super) fn and(mut self, other: &Self) -> Self {
        for (project, length) in &other.by_project {
            *self.by_project.entry(project.clone()).or_default() += *length;
        }
        self.unassigned += other.unassigned;
        self
    }
}

impl Engine {
    pub(super) fn totals(&self, ledger: &Ledger) -> Result<Totals> {
        let mut by_project = self.claimed(ledger)?;
        for work in ledger.work() {
            let project = self.config.projects[work.project.0].terms.project.clone();
            *by_project.entry(project).or_default() += work.time.length();
        }
        Ok(Totals {
            by_project,
            unassigned: ledger.unassigned(),
        })
    }

    /// Shows the week's clients and projects, each with its time today, and budgets from 80 per cent on.
    pub(super) fn tooltip(&self, today: &Totals, week: &Totals, unbilled: &[Money], budgets: &[Budget]) -> String {
        let mut by_client: BTreeMap<&str, Vec<&ProjectId>> = BTreeMap::new();
        for project in week.by_project.keys() {
            by_client.entry(self.client_name(project)).or_default().push(project);
        }
        let row = |today: Length, week: Length, name: String| vec![today.to_string(), week.to_string(), name];
        let mut rows = Vec::new();
        for (client, projects) in by_client {
            let sum = |totals: &Totals| projects.iter().map(|project| totals.of(project)).sum();
            if !client.is_empty() {
                rows.push(row(sum(today), sum(week), client.to_owned()));
            }
            let indent = if client.is_empty() { "" } else { "  " };
            let one = |project: &&ProjectId| row(today.of(project), week.of(project), format!("{indent}{project}"));
            rows.extend(projects.iter().map(one));
        }
        if !week.unassigned.is_zero() {
            rows.push(row(today.unassigned, week.unassigned, "unassigned".into()));
        }
        rows.push(row(today.all(), week.all(), "in all".into()));
        let mut lines = vec![Table(rows).to_string().trim_start_matches('\n').to_owned()];
        lines.extend(
            unbilled
                .iter()
                .map(|money| format!("  {} {} unbilled", money.currency, money.amount)),
        );
        let near = budgets.iter().filter(|budget| budget.is_near());
        lines.extend(near.map(|budget| format!("  {budget}")));
        lines.join("\n")
    }

    /// Returns the budgets of the week's projects as used up to now.
    pub(super) fn budgets_of_week(&self, today: &Totals, week: &Totals, before: &UnbilledBefore) -> Vec<Budget> {
        let projects = week.by_project.keys();
        projects
            .filter_map(|project| self.budget_now(project, &before.spent, today.of(project)))
            .collect()
    }

    /// Returns the name of a project's client, or nothing.
    fn client_name(&self, project: &ProjectId) -> &str {
        let known = self
            .config
            .projects
            .iter()
            .find(|known| known.terms.project == *project);
        let client = known.and_then(|project| project.client.as_ref());
        let client = client.and_then(|client| self.config.clients.get(client));
        client.map_or("", |client| client.party.name.as_str())
    }
}

struct Table(Vec<Vec<String>>);

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        table(f, &["today", "week", ""], &self.0, &[0, 1])
    }
}
