//! The lines of a timesheet with all that is known of them: as typed, as written, as in the ledger.

use std::collections::HashSet;

use chrono::{Datelike as _, NaiveDate};
use keeptab_core::billing::{Alone, Terms};
use keeptab_core::correction::To;
use keeptab_core::entry::EntryId;
use keeptab_core::instant::{Length, Span};
use keeptab_core::rule::ProjectId;
use keeptab_core::timesheet::{
    Carry, DayHeader, Item, Line, LineTime, Position, Problem, Resolved, TimeLine, TimeText,
};
use keeptab_engine::Offered;
use tower_lsp::ls_types;

use super::Sheet;

/// A line whose time is clear.
pub(super) struct Row<'s> {
    pub(super) resolved: &'s Resolved,
    pub(super) time: &'s TimeLine,
    /// The shown length: whole minutes, as on paper.
    pub(super) shown: Length,
    /// The line that it was written as.
    pub(super) written: Option<&'s Line>,
    /// The number of the invoice that bills it.
    pub(super) billed: Option<&'s str>,
}

impl Row<'_> {
    /// Returns the target that it is credited to.
    pub(super) fn to(&self) -> &To {
        self.time.to.as_ref().map_or(&To::Unassigned, |to| &to.value)
    }

    /// Returns the entry that it was written as.
    fn entry(&self) -> Option<EntryId> {
        match self.written?.time {
            LineTime::Entry { id, .. } => Some(id),
            LineTime::Clock(_) | LineTime::Short(_) => None,
        }
    }

    /// Returns whether the user lets it be billed.
    pub(super) fn billable(&self) -> bool {
        self.time.mark.is_none()
    }
}

impl Sheet {
    /// Returns the lines whose time is clear, in order.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let resolved = self.checked.review.lines.iter();
        let mut carry = Carry::default();
        resolved.filter_map(move |resolved| {
            let Item::Time(time) = &self.parsed.lines.get(resolved.line)?.item else {
                return None;
            };
            let written = resolved.written.and_then(|place| {
                let day = self.checked.base.days.get(place.day)?;
                day.lines.get(place.line)
            });
            let to = time.to.as_ref().map_or(&To::Unassigned, |to| &to.value);
            Some(Row {
                shown: carry.next((to, time.mark.is_none()), resolved.length).minutes(),
                billed: written.and_then(|written| self.billed(resolved.day, written)),
                resolved,
                time,
                written,
            })
        })
    }

    /// Returns the line of the text with a number, if its time is valid.
    pub(super) fn row(&self, line: usize) -> Option<Row<'_>> {
        self.rows().find(|row| row.resolved.line == line)
    }

    /// Returns the number of the invoice that bills a written line: then, or since.
    fn billed<'s>(&'s self, day: NaiveDate, written: &'s Line) -> Option<&'s str> {
        let now = self.checked.now.days.iter().find(|now| now.date == day);
        let now = now.and_then(|now| now.lines.iter().find(|line| line.time == written.time));
        now.unwrap_or(written).billed.as_deref()
    }

    /// Returns the lines that have an error.
    pub(super) fn faulty(&self) -> HashSet<usize> {
        let errors = self.checked.review.problems.iter().filter(|problem| problem.is_error());
        errors.map(|problem: &Problem| problem.line).collect()
    }

    /// Returns a project of the config.
    pub(super) fn project(&self, id: &ProjectId) -> Option<&Offered> {
        self.checked
            .projects
            .iter()
            .find(|project| &project.terms.project == id)
    }

    /// Returns the amount of a line by itself under its project's terms, if it is billable and not billed.
    pub(super) fn worth(&self, row: &Row<'_>) -> Option<(Alone, &Terms)> {
        let To::Project(id) = row.to() else { return None };
        let terms = &self.project(id)?.terms;
        let free = row.billable() && row.billed.is_none();
        let own = row.entry().and_then(|entry| self.checked.rates.get(&entry).copied());
        let alone = terms.alone(row.resolved.day, row.resolved.length, own);
        let alone = alone.filter(|_| free)?;
        Some((alone, terms))
    }

    /// Returns the line and the byte that the editor means.
    pub(super) fn place(&self, position: ls_types::Position) -> (usize, usize) {
        let count = |count| usize::try_from(count).unwrap_or(usize::MAX);
        let position = Position {
            line: count(position.line),
            utf16: count(position.character),
        };
        (position.line, self.parsed.byte(position))
    }

    /// Returns the civil day of the header above a line.
    pub(super) fn day_above(&self, line: usize) -> Option<NaiveDate> {
        let lines = self.parsed.lines.get(..=line)?;
        let header = lines.iter().rev().find_map(|line| match &line.item {
            Item::Day(header) => Some(header),
            _ => None,
        })?;
        self.day(header)
    }

    /// Returns the civil day of a header.
    pub(super) fn day(&self, header: &DayHeader) -> Option<NaiveDate> {
        let base = &self.checked.base;
        let (first, last) = base.calendar.week_of(base.week.monday());
        let mut days = first.iter_days().take_while(|day| *day <= last);
        match &header.date {
            Some(date) => days.find(|day| (day.day(), day.month()) == date.value),
            None => days.find(|day| Some(day.weekday()) == header.weekday.as_ref().map(|token| token.value)),
        }
    }

    /// Returns the exact stretches of a line, as far as it has clock times.
    pub(super) fn stretches(&self, line: usize) -> Vec<Span> {
        if let Some(row) = self.row(line) {
            return match (row.resolved.span, row.written.map(|written| &written.time)) {
                (Some(span), _) => vec![span],
                (None, Some(LineTime::Short(spans))) => spans.clone(),
                _ => Vec::new(),
            };
        }
        // A line without a project yet has its minutes.
        let typed = match self.parsed.lines.get(line).map(|line| &line.item) {
            Some(Item::Time(time)) => time.time.as_ref().map(|time| time.value),
            _ => None,
        };
        let (Some(TimeText::Clock(from, to) | TimeText::EntryAt(from, to, _)), Some(day)) =
            (typed, self.day_above(line))
        else {
            return Vec::new();
        };
        let at = |clock: keeptab_core::clock::Clock| clock.instant(&self.checked.base.calendar, day).ok();
        let span = at(from).zip(at(to)).and_then(|(from, to)| Span::new(from, to));
        span.into_iter().collect()
    }
}
