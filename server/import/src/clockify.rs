//! Clockify: the detailed report. The order of its dates is a setting of each user.

use anyhow::Result;

use super::header::{Column, Header};
use super::table::{Cells, Layout};
use super::tool::{Form, Tool, of_table};
use super::{Draft, Found, When};

pub(super) const TOOL: Tool = Tool {
    name: "clockify",
    forms: &[Form::Table(|header, titles, _| of_table(Clockify::of(header), titles))],
};

/// The report.
pub(super) struct Clockify {
    user: Column,
    client: Column,
    project: Column,
    task: Column,
    description: Column,
    billable: Column,
    invoiced: Column,
    invoice: Column,
    start: (Column, Column),
    end: (Column, Column),
    clock: Column,
    decimal: Column,
    rate: Column,
    amount: Column,
    tags: Column,
    kind: Column,
    currency: Option<keeptab_core::money::Currency>,
}

impl Clockify {
    pub(super) fn of(header: &Header) -> Option<Self> {
        let fits = header.has(&["project", "user", "start date", "start time", "end date", "end time"])
            && header.any(&["duration (h)", "duration (decimal)"]).is_there();
        fits.then(|| Self {
            user: header.any(&["user", "email"]),
            client: header.column("client"),
            project: header.column("project"),
            task: header.any(&["task", "activity"]),
            description: header.column("description"),
            billable: header.column("billable"),
            invoiced: header.column("invoiced"),
            invoice: header.column("invoice id"),
            start: (header.column("start date"), header.column("start time")),
            end: (header.column("end date"), header.column("end time")),
            clock: header.column("duration (h)"),
            decimal: header.column("duration (decimal)"),
            rate: header.column("billable rate"),
            amount: header.column("billable amount"),
            tags: header.column("tags"),
            kind: header.column("type"),
            currency: header.currency(),
        })
    }
}

impl Layout for Clockify {
    fn row(&self, cells: &Cells<'_>) -> Result<Found> {
        if !cells.is_filled(self.end.0) || !cells.is_filled(self.end.1) {
            return Ok(Found::Running);
        }
        let start = cells.date(self.start.0)?.and_time(cells.time(self.start.1)?);
        let end = cells.date(self.end.0)?.and_time(cells.time(self.end.1)?);
        let mut draft = Draft::at(When::Clock(start, end));
        // Breaks and days off are no work, and have no project.
        let kind = cells.text(self.kind);
        if !kind.is_empty() && !kind.eq_ignore_ascii_case("regular") {
            return Ok(Found::Left(kind.to_owned()));
        }
        let is_clock = cells.is_filled(self.clock);
        cells.measure(&mut draft, if is_clock { self.clock } else { self.decimal });
        draft.user = cells.owned(self.user);
        draft.client = cells.owned(self.client);
        draft.project = cells.owned(self.project);
        draft.task = cells.owned(self.task);
        draft.description = cells.owned(self.description);
        draft.tags = cells.tags(self.tags);
        draft.billable = cells.flag(self.billable)?;
        draft.billed = match cells.flag(self.invoiced)? {
            _ if cells.is_filled(self.invoice) => Some(true),
            None if self.invoice.is_there() => Some(false),
            said => said,
        };
        draft.currency = self.currency;
        draft.own_rate = cells.price(&mut draft, self.rate);
        draft.amount = cells.price(&mut draft, self.amount);
        Ok(draft.into())
    }
}
