//! Lengths as shown, and their sums.

use std::collections::BTreeMap;

use keeptab_core::timesheet::{Carry, Shown};

use super::{TimesheetPaper, TimesheetRow};

/// A row with its shown length.
pub(super) struct Tallied<'a> {
    pub(super) row: &'a TimesheetRow,
    pub(super) shown: Shown,
}

/// The rows of a timesheet by day.
pub(super) struct Tally<'a>(Vec<Tallied<'a>>);

impl<'a> Tally<'a> {
    /// Puts the rows in order, and computes the shown length of each.
    pub(super) fn of(paper: &'a TimesheetPaper) -> Self {
        let mut rows: Vec<&TimesheetRow> = paper.rows.iter().collect();
        rows.sort_by_key(|row| row.day);
        let mut carry = Carry::<(&str, usize, bool)>::default();
        let tallied = rows.into_iter().map(|row| Tallied {
            row,
            shown: carry.next((&row.project, row.key, row.billable), row.length),
        });
        Self(tallied.collect())
    }

    /// Returns all rows.
    pub(super) fn rows(&self) -> &[Tallied<'a>] {
        &self.0
    }

    /// Returns the rows of each day that has rows.
    pub(super) fn days(&self) -> impl Iterator<Item = &[Tallied<'a>]> {
        self.0.chunk_by(|a, b| a.row.day == b.row.day)
    }

    /// Returns the projects by name, and their sums.
    pub(super) fn projects(&self) -> BTreeMap<&'a str, Shown> {
        let mut projects = BTreeMap::new();
        for tallied in &self.0 {
            let sum: &mut Shown = projects.entry(tallied.row.project.as_str()).or_default();
            *sum = *sum + tallied.shown;
        }
        projects
    }

    /// Returns the sum of the billable rows, or of the others.
    pub(super) fn sum(&self, billable: bool) -> Shown {
        let rows = self.0.iter().filter(|tallied| tallied.row.billable == billable);
        rows.map(|tallied| tallied.shown).sum()
    }
}

/// Returns the sum of the shown lengths of rows.
pub(super) fn total(rows: &[Tallied<'_>]) -> Shown {
    rows.iter().map(|tallied| tallied.shown).sum()
}
