//! Drafts: the time they reserve, and the items added to them by hand.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, bail};
use chrono::NaiveDate;
use keeptab_core::billing::Grouping;
use keeptab_core::instant::Instant;
use keeptab_core::invoice::{Content, DraftId, Item, Reservation, Selection};
use keeptab_core::rule::ProjectId;
use rusqlite::{Connection, Row};

use super::{Store, span};
use crate::immediate;

/// A draft as stored: its reservation, and no values that can be computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftRow {
    /// The draft's id.
    pub id: DraftId,
    /// The time and items that it reserves.
    pub reserves: Reservation,
    /// The grouping of its time into lines; the client's if `None`.
    pub grouping: Option<Grouping>,
    /// The civil day of issue; the day on which it is issued if `None`.
    pub issue_date: Option<NaiveDate>,
    /// Rises with every manual change.
    pub revision: i64,
}

/// An item that was added to a draft by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemRow {
    /// The item's id.
    pub id: i64,
    /// The item.
    pub item: Item,
}

impl Store {
    /// Returns the open drafts, oldest first.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn drafts(&self) -> Result<Vec<DraftRow>> {
        drafts(&self.connection)
    }

    /// Reserves projects × range.
    ///
    /// # Errors
    ///
    /// If another draft reserves some of it.
    pub fn add_draft(&mut self, reserves: &Reservation, now: Instant) -> Result<DraftId> {
        let transaction = immediate(&mut self.connection)?;
        let id = insert_draft(&transaction, reserves, now)?;
        transaction.commit()?;
        Ok(id)
    }

    /// Sets a draft's grouping and its day of issue, each only if given.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn change_draft(
        &mut self,
        id: DraftId,
        grouping: Option<Grouping>,
        issue_date: Option<NaiveDate>,
    ) -> Result<()> {
        if let Some(grouping) = grouping {
            let grouping = serde_json::to_string(&grouping)?;
            let sql = "UPDATE draft SET grouping = ?2 WHERE id = ?1 AND grouping IS NOT ?2";
            self.connection.execute(sql, (id.0, grouping))?;
        }
        if let Some(day) = issue_date {
            let sql = "UPDATE draft SET issue_date = ?2 WHERE id = ?1 AND issue_date IS NOT ?2";
            self.connection.execute(sql, (id.0, day.to_string()))?;
        }
        Ok(())
    }

    /// Gives a draft's time back and returns whether there was such a draft.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn discard_draft(&mut self, id: DraftId) -> Result<bool> {
        Ok(self.connection.execute("DELETE FROM draft WHERE id = ?1", [id.0])? > 0)
    }

    /// Returns the items that were added to a draft by hand, in that order.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn items(&self, draft: DraftId) -> Result<Vec<ItemRow>> {
        let sql = "SELECT id, item FROM item WHERE draft = ?1 ORDER BY id";
        let mut statement = self.connection.prepare(sql)?;
        let rows = statement.query_map([draft.0], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
        let mut items = Vec::new();
        for row in rows {
            let (id, item) = row?;
            items.push(ItemRow {
                id,
                item: serde_json::from_str(&item)?,
            });
        }
        Ok(items)
    }

    /// Adds an item to a draft by hand.
    ///
    /// # Errors
    ///
    /// If the draft is gone.
    pub fn add_item(&mut self, draft: DraftId, item: &Item) -> Result<i64> {
        insert_item(&self.connection, draft, item)
    }

    /// Removes an item that was added by hand.
    ///
    /// # Errors
    ///
    /// If the draft has no such item.
    pub fn remove_item(&mut self, draft: DraftId, item: i64) -> Result<()> {
        let sql = "DELETE FROM item WHERE draft = ?1 AND id = ?2";
        if self.connection.execute(sql, (draft.0, item))? == 0 {
            bail!(
                "the draft has no item {item}\nhint: `keeptab invoice show {}` numbers them",
                draft.0
            );
        }
        Ok(())
    }

    /// Returns a draft's content when it was last shown.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn preview(&self, draft: DraftId) -> Result<Option<Content>> {
        let sql = "SELECT preview FROM draft WHERE id = ?1";
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query([draft.0])?;
        let text: Option<String> = rows.next()?.map(|row| row.get(0)).transpose()?.flatten();
        // A preview that another version wrote is ignored.
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Stores a draft's content as it is shown.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn keep_preview(&mut self, draft: DraftId, content: &Content) -> Result<()> {
        let text = serde_json::to_string(content)?;
        let sql = "UPDATE draft SET preview = ?2 WHERE id = ?1 AND preview IS NOT ?2";
        self.connection.execute(sql, (draft.0, text))?;
        Ok(())
    }
}

/// Returns the open drafts, oldest first.
pub(super) fn drafts(connection: &Connection) -> Result<Vec<DraftRow>> {
    let sql = "SELECT id, client, start_at, end_at, projects, currency, grouping, issue_date, revision
               FROM draft ORDER BY id";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut drafts = Vec::new();
    while let Some(row) = rows.next()? {
        drafts.push(draft(row)?);
    }
    Ok(drafts)
}

fn draft(row: &Row<'_>) -> Result<DraftRow> {
    let text = |index: usize| row.get::<_, Option<String>>(index);
    let projects: Option<BTreeSet<ProjectId>> = text(4)?.as_deref().map(serde_json::from_str).transpose()?;
    let currency = text(5)?.map(|code| code.parse()).transpose()?;
    Ok(DraftRow {
        id: DraftId(row.get(0)?),
        reserves: Reservation {
            client: row.get(1)?,
            span: span(row.get(2)?, row.get(3)?)?,
            selection: Selection { projects, currency },
        },
        grouping: text(6)?.as_deref().map(serde_json::from_str).transpose()?,
        issue_date: text(7)?.map(|day| day.parse()).transpose()?,
        revision: row.get(8)?,
    })
}

pub(super) fn insert_draft(connection: &Connection, reserves: &Reservation, now: Instant) -> Result<DraftId> {
    let Reservation {
        client,
        span,
        selection,
    } = reserves;
    if let Some(other) = drafts(connection)?.iter().find(|draft| draft.reserves.meets(reserves)) {
        let id = other.id.0;
        bail!(
            "draft {id} of {client} reserves some of this time\nhint: `keeptab invoice issue {id}` bills it, `keeptab invoice discard {id}` gives it back"
        );
    }
    let projects = selection.projects.as_ref().map(serde_json::to_string).transpose()?;
    let currency = selection.currency.map(|currency| currency.to_string());
    let sql =
        "INSERT INTO draft (client, start_at, end_at, made_at, projects, currency) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let times = (span.start().millis(), span.end().millis(), now.millis());
    connection.execute(sql, (client, times.0, times.1, times.2, projects, currency))?;
    Ok(DraftId(connection.last_insert_rowid()))
}

pub(super) fn insert_item(connection: &Connection, draft: DraftId, item: &Item) -> Result<i64> {
    let sql = "INSERT INTO item (draft, item) VALUES (?1, ?2)";
    let row = (draft.0, serde_json::to_string(item)?);
    connection.execute(sql, row).with_context(|| gone(draft))?;
    Ok(connection.last_insert_rowid())
}

fn gone(draft: DraftId) -> String {
    format!(
        "draft {} is gone\nhint: somebody issued or discarded it meanwhile",
        draft.0
    )
}

#[cfg(test)]
mod tests;
