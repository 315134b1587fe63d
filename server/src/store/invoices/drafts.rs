//! Drafts: what they reserve, and what was added to them by hand.

use anyhow::{Context as _, Result, bail};
use keeptab_core::billing::Grouping;
use keeptab_core::instant::{Instant, Span};
use keeptab_core::invoice::{Content, DraftId, Item};
use rusqlite::Connection;

use super::{Store, span};

/// A draft as it is kept: what it reserves, and nothing that can be computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftRow {
    /// Names it.
    pub id: DraftId,
    /// The client's id.
    pub client: String,
    /// The reserved range.
    pub span: Span,
    /// How its time becomes lines, where that is not the client's way.
    pub grouping: Option<Grouping>,
    /// Rises with every change by hand.
    pub revision: i64,
}

/// Something that was added to a draft by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemRow {
    /// Names it.
    pub id: i64,
    /// What it is.
    pub item: Item,
}

impl Store {
    /// Returns the open drafts, oldest first.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn drafts(&self) -> Result<Vec<DraftRow>> {
        let mut statement = self
            .connection
            .prepare("SELECT id, client, start_at, end_at, grouping, revision FROM draft ORDER BY id")?;
        let rows = statement.query_map([], |row| {
            let texts = (row.get::<_, String>(1)?, row.get::<_, Option<String>>(4)?);
            Ok((row.get(0)?, texts, row.get(2)?, row.get(3)?, row.get(5)?))
        })?;
        let mut drafts = Vec::new();
        for row in rows {
            let (id, (client, grouping), start, end, revision) = row?;
            drafts.push(DraftRow {
                id: DraftId(id),
                client,
                span: span(start, end)?,
                grouping: grouping.as_deref().map(serde_json::from_str).transpose()?,
                revision,
            });
        }
        Ok(drafts)
    }

    /// Reserves client × range.
    ///
    /// # Errors
    ///
    /// Where another draft reserves some of it.
    pub fn add_draft(&mut self, client: &str, span: Span, now: Instant) -> Result<DraftId> {
        insert_draft(&self.connection, client, span, now)
    }

    /// Says how a draft's time becomes lines.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn group_draft(&mut self, id: DraftId, grouping: Grouping) -> Result<()> {
        let grouping = serde_json::to_string(&grouping)?;
        let sql = "UPDATE draft SET grouping = ?2 WHERE id = ?1 AND grouping IS NOT ?2";
        self.connection.execute(sql, (id.0, grouping))?;
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

    /// Returns what was added to a draft by hand, in the order in which it was.
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

    /// Adds something to a draft by hand.
    ///
    /// # Errors
    ///
    /// Where the draft is gone.
    pub fn add_item(&mut self, draft: DraftId, item: &Item) -> Result<i64> {
        insert_item(&self.connection, draft, item)
    }

    /// Takes something that was added by hand away.
    ///
    /// # Errors
    ///
    /// Where it is not there.
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

    /// Returns what a draft said when it was last looked at.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn preview(&self, draft: DraftId) -> Result<Option<Content>> {
        let sql = "SELECT preview FROM draft WHERE id = ?1";
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query([draft.0])?;
        let text: Option<String> = rows.next()?.map(|row| row.get(0)).transpose()?.flatten();
        // What another version wrote is no preview of this one's.
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Keeps what a draft says as it is looked at.
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

pub(super) fn insert_draft(connection: &Connection, client: &str, span: Span, now: Instant) -> Result<DraftId> {
    let sql = "INSERT INTO draft (client, start_at, end_at, made_at) VALUES (?1, ?2, ?3, ?4)";
    let row = (client, span.start().millis(), span.end().millis(), now.millis());
    connection.execute(sql, row).with_context(|| {
        format!("{client} has a draft over some of this time\nhint: discard it, or take the days around it")
    })?;
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
