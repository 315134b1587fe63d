//! Harvest: the detailed time report. A day and hours, no clock.

use anyhow::{Result, bail};

use super::header::{Column, Header};
use super::table::{Cells, Layout};
use super::tool::{Form, Tool, of_table};
use super::{Bare, Draft, Found, When, value};

pub(super) const TOOL: Tool = Tool {
    name: "harvest",
    forms: &[Form::Table(|header, titles, _| of_table(Harvest::of(header), titles))],
};

/// The report.
pub(super) struct Harvest {
    date: Column,
    client: Column,
    project: Column,
    task: Column,
    notes: Column,
    hours: Column,
    billable: Column,
    invoiced: Column,
    names: (Column, Column),
    rate: Column,
    amount: Column,
    currency: Column,
}

impl Harvest {
    pub(super) fn of(header: &Header) -> Option<Self> {
        let fits = header.has(&[
            "date",
            "client",
            "project",
            "task",
            "notes",
            "hours",
            "first name",
            "last name",
        ]);
        fits.then(|| Self {
            date: header.column("date"),
            client: header.column("client"),
            project: header.column("project"),
            task: header.column("task"),
            notes: header.column("notes"),
            hours: header.column("hours"),
            billable: header.column("billable?"),
            invoiced: header.column("invoiced?"),
            names: (header.column("first name"), header.column("last name")),
            rate: header.column("billable rate"),
            amount: header.column("billable amount"),
            currency: header.column("currency"),
        })
    }
}

impl Layout for Harvest {
    fn row(&self, cells: &Cells<'_>) -> Result<Found> {
        let mut draft = Draft::at(When::Day(cells.date(self.date)?));
        if !cells.is_filled(self.hours) {
            bail!("it has no hours");
        }
        let (first, last) = (cells.text(self.names.0), cells.text(self.names.1));
        format!("{first} {last}").trim().clone_into(&mut draft.user);
        draft.client = cells.owned(self.client);
        draft.project = cells.owned(self.project);
        draft.task = cells.owned(self.task);
        draft.description = cells.owned(self.notes);
        if let Some((length, exact)) = cells.length(self.hours, Some(Bare::Hours))? {
            (draft.length, draft.exact) = (Some(length), exact);
        }
        draft.billable = cells.flag(self.billable)?;
        draft.billed = cells.flag(self.invoiced)?;
        // `Euro - EUR`.
        draft.currency = value::currency(cells.text(self.currency));
        draft.own_rate = cells.price(&mut draft, self.rate);
        draft.amount = cells.price(&mut draft, self.amount);
        Ok(draft.into())
    }
}
