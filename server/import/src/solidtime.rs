//! solidtime, and what calls itself generic: instants in UTC.

use anyhow::Result;

use super::header::{Column, Header};
use super::solidtime_export::Export;
use super::table::{Cells, Layout};
use super::tool::{Form, Tool, of_table};
use super::value::Moment;
use super::{Draft, Found, When};

pub(super) const TOOL: Tool = Tool {
    name: "solidtime",
    forms: &[
        Form::Table(|header, titles, file| of_table(Export::of(header, file), titles)),
        Form::Table(|header, titles, _| of_table(Solidtime::of(header), titles)),
    ],
};

/// The format.
pub(super) struct Solidtime {
    user: Column,
    client: Column,
    project: Column,
    task: Column,
    description: Column,
    tags: Column,
    billable: Column,
    start: Column,
    end: Column,
}

impl Solidtime {
    pub(super) fn of(header: &Header) -> Option<Self> {
        let fits = header.has(&["description", "billable", "project", "start", "end"]);
        fits.then(|| Self {
            user: header.any(&["user_name", "user_email"]),
            client: header.column("client"),
            project: header.column("project"),
            task: header.column("task"),
            description: header.column("description"),
            tags: header.column("tags"),
            billable: header.column("billable"),
            start: header.column("start"),
            end: header.column("end"),
        })
    }
}

impl Layout for Solidtime {
    fn row(&self, cells: &Cells<'_>) -> Result<Found> {
        if !cells.is_filled(self.end) {
            return Ok(Found::Running);
        }
        let mut draft = Draft::at(when(cells.moment(self.start)?, cells.moment(self.end)?)?);
        draft.user = cells.owned(self.user);
        draft.client = cells.owned(self.client);
        draft.project = cells.owned(self.project);
        draft.task = cells.owned(self.task);
        draft.description = cells.owned(self.description);
        draft.tags = cells.tags(self.tags);
        draft.billable = cells.flag(self.billable)?;
        Ok(draft.into())
    }
}

/// Takes two moments of one kind.
pub(super) fn when(start: Moment, end: Moment) -> Result<When> {
    match (start, end) {
        (Moment::Exact(start), Moment::Exact(end)) => Ok(When::Exact(start, end)),
        (Moment::Clock(start), Moment::Clock(end)) => Ok(When::Clock(start, end)),
        _ => anyhow::bail!("only one of its two times has a zone"),
    }
}
