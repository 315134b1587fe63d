//! Toggl Track: the classic detailed report, and the new reports, whose columns the user chooses.

use anyhow::Result;

use super::header::{Column, Header};
use super::table::{Cells, Layout};
use super::tool::{Form, Tool, of_table};
use super::{Draft, Found, When, value};

pub(super) const TOOL: Tool = Tool {
    name: "toggl",
    forms: &[Form::Table(|header, titles, _| of_table(Toggl::of(header), titles))],
};

/// Both reports.
pub(super) struct Toggl {
    user: Column,
    client: Column,
    project: Column,
    task: Column,
    description: Column,
    tags: Column,
    billable: Column,
    start: (Column, Column),
    stop: (Column, Column),
    duration: Column,
    amount: Column,
    currency: Column,
    header_currency: Option<keeptab_core::money::Currency>,
}

impl Toggl {
    pub(super) fn of(header: &Header) -> Option<Self> {
        let fits = header.has(&["start date", "start time", "duration"])
            && (header.has(&["end date", "end time", "email", "user"]) || header.has(&["stop date", "stop time"]));
        fits.then(|| Self {
            user: header.any(&["user", "member", "email"]),
            client: header.column("client"),
            project: header.column("project"),
            task: header.column("task"),
            description: header.column("description"),
            tags: header.column("tags"),
            billable: header.column("billable"),
            start: (header.column("start date"), header.column("start time")),
            stop: (
                header.any(&["end date", "stop date"]),
                header.any(&["end time", "stop time"]),
            ),
            duration: header.column("duration"),
            amount: header.column("amount"),
            currency: header.column("currency"),
            header_currency: header.currency(),
        })
    }
}

impl Layout for Toggl {
    fn row(&self, cells: &Cells<'_>) -> Result<Found> {
        // The new reports write `-` in an empty cell.
        let text = |column| Some(cells.text(column)).filter(|text| *text != "-").unwrap_or_default();
        if text(self.stop.0).is_empty() || text(self.stop.1).is_empty() {
            return Ok(Found::Running);
        }
        let start = cells.date(self.start.0)?.and_time(cells.time(self.start.1)?);
        let stop = cells.date(self.stop.0)?.and_time(cells.time(self.stop.1)?);
        let mut draft = Draft::at(When::Clock(start, stop));
        if !text(self.duration).is_empty() {
            cells.measure(&mut draft, self.duration);
        }
        text(self.user).clone_into(&mut draft.user);
        text(self.client).clone_into(&mut draft.client);
        text(self.project).clone_into(&mut draft.project);
        text(self.task).clone_into(&mut draft.task);
        text(self.description).clone_into(&mut draft.description);
        draft.tags = cells.tags(self.tags);
        draft.billable = match text(self.billable) {
            "" => None,
            _ => cells.flag(self.billable)?,
        };
        draft.currency = value::currency(text(self.currency)).or(self.header_currency);
        draft.amount = cells.price(&mut draft, self.amount);
        Ok(draft.into())
    }
}
