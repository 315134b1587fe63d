//! The other names of workspace roots.

use anyhow::Result;
use keeptab_core::entity::Entity;
use keeptab_core::rule::NamedRoot;
use rusqlite::Transaction;

use super::events::find_or_add_entity;
use super::{Store, immediate, touch_past};

impl Store {
    /// Returns the revision of the names: every change raises it, in any host.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn roots_revision(&self) -> Result<i64> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT coalesce(max(revision), 0) FROM root")?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    /// Returns the roots that have another name, by their own.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn roots(&self) -> Result<Vec<NamedRoot>> {
        let sql = "SELECT entity.text, root.real, root.repository FROM root JOIN entity ON entity.id = root.entity
                   WHERE root.real IS NOT NULL OR root.repository IS NOT NULL ORDER BY entity.text";
        let mut statement = self.connection.prepare_cached(sql)?;
        let row = |row: &rusqlite::Row<'_>| {
            Ok(NamedRoot {
                root: row.get(0)?,
                real: row.get(1)?,
                repository: row.get(2)?,
            })
        };
        let roots = statement.query_map([], row)?.collect::<rusqlite::Result<_>>()?;
        Ok(roots)
    }

    /// Stores the newest names of roots, and returns true if any of them is new. A root without another name takes no
    /// room unless it had one.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn keep_roots(&mut self, roots: &[NamedRoot]) -> Result<bool> {
        let known = self.roots()?;
        let is_news = |root: &&NamedRoot| match known.iter().find(|known| known.root == root.root) {
            Some(known) => known != *root,
            None => root.real.is_some() || root.repository.is_some(),
        };
        let news: Vec<&NamedRoot> = roots.iter().filter(is_news).collect();
        if news.is_empty() {
            return Ok(false);
        }
        let transaction = immediate(&mut self.connection)?;
        for root in news {
            let sql = "INSERT INTO root (entity, real, repository, revision)
                       VALUES (?1, ?2, ?3, (SELECT coalesce(max(revision), 0) + 1 FROM root))
                       ON CONFLICT DO UPDATE SET
                           real = excluded.real, repository = excluded.repository, revision = excluded.revision";
            transaction.execute(sql, (entity(&transaction, root)?, &root.real, &root.repository))?;
        }
        touch_past(&transaction)?;
        transaction.commit()?;
        Ok(true)
    }
}

/// Adds the names of roots that have none here; names that an editor reported here are newer.
pub(super) fn add(transaction: &Transaction<'_>, roots: &[NamedRoot]) -> Result<()> {
    for root in roots {
        let sql = "INSERT INTO root (entity, real, repository, revision)
                   VALUES (?1, ?2, ?3, (SELECT coalesce(max(revision), 0) + 1 FROM root)) ON CONFLICT DO NOTHING";
        transaction.execute(sql, (entity(transaction, root)?, &root.real, &root.repository))?;
    }
    Ok(())
}

fn entity(transaction: &Transaction<'_>, root: &NamedRoot) -> Result<i64> {
    let entity = Entity::Unnamed {
        root: Some(root.root.clone()),
    };
    find_or_add_entity(transaction, &entity, None, None)
}
