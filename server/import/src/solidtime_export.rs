//! solidtime's export of an organization: an archive of tables that name each other by ids.
//!
//! Source: solidtime's own source (export service, version 1.0). Rates are in cents.

use std::collections::HashMap;

use anyhow::Result;
use keeptab_core::money::Currency;
use rust_decimal::Decimal;

use super::header::{Column, Header};
use super::records::{Record, Records};
use super::solidtime::when;
use super::table::{Cells, Layout};
use super::{Draft, File, Found, value};

/// The most names of a table.
const MOST_NAMES: usize = 100_000;

/// The time entries, and the names that they refer to.
pub(super) struct Export {
    names: HashMap<String, String>,
    currency: Option<Currency>,
    description: Column,
    start: Column,
    end: Column,
    rate: Column,
    billable: Column,
    member: Column,
    client: Column,
    project: Column,
    task: Column,
    tags: Column,
}

impl Export {
    /// Takes the table of time entries, and reads the names from the tables beside it.
    pub(super) fn of(header: &Header, file: &File) -> Option<Self> {
        let fits = header.has(&["description", "start", "end", "member_id", "project_id", "task_id"]);
        fits.then(|| {
            let mut names = HashMap::new();
            for table in ["clients.csv", "projects.csv", "tasks.csv", "members.csv", "tags.csv"] {
                // Without a table, entries have no such names.
                let _ = read(&file.beside(table), "name", &mut names);
            }
            let mut currencies = HashMap::new();
            let _ = read(&file.beside("organizations.csv"), "currency", &mut currencies);
            Self {
                names,
                currency: currencies.into_values().find_map(|code| value::currency(&code)),
                description: header.column("description"),
                start: header.column("start"),
                end: header.column("end"),
                rate: header.column("billable_rate"),
                billable: header.column("billable"),
                member: header.column("member_id"),
                client: header.column("client_id"),
                project: header.column("project_id"),
                task: header.column("task_id"),
                tags: header.column("tags"),
            }
        })
    }

    fn name(&self, id: &str) -> String {
        self.names.get(id).cloned().unwrap_or_default()
    }
}

/// Reads a column of a table by id.
fn read(file: &File, column: &str, into: &mut HashMap<String, String>) -> Result<()> {
    let mut records = Records::new(file.open(None)?, b',');
    let mut record = Record::default();
    if !records.next(&mut record)? {
        return Ok(());
    }
    let header = Header::new(record.fields());
    let (id, column) = (header.column("id"), header.column(column));
    while into.len() < MOST_NAMES && records.next(&mut record)? {
        let cell = |column: Column| column.0.and_then(|index| record.fields().get(index));
        if let (Some(id), Some(name)) = (cell(id), cell(column)) {
            into.insert(id.clone(), name.clone());
        }
    }
    Ok(())
}

impl Layout for Export {
    fn row(&self, cells: &Cells<'_>) -> Result<Found> {
        if !cells.is_filled(self.end) {
            return Ok(Found::Running);
        }
        let mut draft = Draft::at(when(cells.moment(self.start)?, cells.moment(self.end)?)?);
        draft.user = self.name(cells.text(self.member));
        draft.client = self.name(cells.text(self.client));
        draft.project = self.name(cells.text(self.project));
        draft.task = self.name(cells.text(self.task));
        draft.description = cells.owned(self.description);
        let tags: Vec<String> = serde_json::from_str(cells.text(self.tags)).unwrap_or_default();
        draft.tags = tags
            .iter()
            .map(|tag| self.name(tag))
            .filter(|tag| !tag.is_empty())
            .collect();
        draft.billable = cells.flag(self.billable)?;
        let cents = cells.text(self.rate).parse::<i64>().ok().filter(|cents| *cents > 0);
        draft.own_rate = cents.map(|cents| Decimal::new(cents, 2));
        draft.currency = draft.own_rate.and(self.currency);
        Ok(draft.into())
    }
}
