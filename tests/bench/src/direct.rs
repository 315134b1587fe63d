//! The floor: rows written straight into the host's own tables, without the host.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Result;
use rusqlite::{Connection, OptionalExtension as _};

use crate::history::{Heartbeat, root};

/// Sources of one device are numbered `device * DEVICE_STEP + n`.
const DEVICE_STEP: i64 = 1 << 24;

/// A database that a host made, opened without one.
pub struct Direct {
    connection: Connection,
    device: i64,
    /// Ids of sources, by window.
    sources: HashMap<u32, i64>,
    /// Ids of entities, by project and file.
    entities: HashMap<(u32, u32), i64>,
}

impl Direct {
    /// Opens a database as the host does.
    ///
    /// # Errors
    ///
    /// If the database was not made by a host.
    pub fn open(database: &Path) -> Result<Self> {
        let connection = Connection::open(database)?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        let device = connection.query_row("SELECT id FROM device", [], |row| row.get(0))?;
        Ok(Self {
            connection,
            device,
            sources: HashMap::new(),
            entities: HashMap::new(),
        })
    }

    /// Returns the connection.
    #[must_use]
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Writes the sources and entities that heartbeats refer to, so that only their own rows remain to be written.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn name(&mut self, heartbeats: &[Heartbeat]) -> Result<()> {
        let transaction = self.connection.unchecked_transaction()?;
        for heartbeat in heartbeats {
            if !self.sources.contains_key(&heartbeat.window) {
                let id = self.add_source(heartbeat.window)?;
                self.sources.insert(heartbeat.window, id);
            }
            let place = (heartbeat.project, heartbeat.file);
            if !self.entities.contains_key(&place) {
                let folder = self.entity(2, &root(heartbeat.project), None)?;
                let file = self.entity(0, &heartbeat.path(), Some(folder))?;
                self.entities.insert(place, file);
            }
        }
        Ok(transaction.commit()?)
    }

    fn add_source(&self, window: u32) -> Result<i64> {
        let sql = "SELECT coalesce(max(id), ?1) + 1 FROM source WHERE device = ?2";
        let first = self.device * DEVICE_STEP;
        let id: i64 = self.connection.query_row(sql, (first, self.device), |row| row.get(0))?;
        let sql = "INSERT INTO source (id, device, person, name) SELECT ?1, ?2, min(person.id), ?3 FROM person";
        self.connection
            .execute(sql, (id, self.device, format!("nvim-{window}")))?;
        Ok(id)
    }

    fn entity(&self, kind: i64, text: &str, root: Option<i64>) -> Result<i64> {
        let sql = "SELECT id FROM entity WHERE kind = ?1 AND text = ?2";
        let mut found = self.connection.prepare_cached(sql)?;
        if let Some(id) = found.query_row((kind, text), |row| row.get(0)).optional()? {
            return Ok(id);
        }
        let sql = "INSERT INTO entity (kind, text, root, language) VALUES (?1, ?2, ?3, 'rust')";
        self.connection.prepare_cached(sql)?.execute((kind, text, root))?;
        Ok(self.connection.last_insert_rowid())
    }

    /// Writes heartbeats that are [named](Self::name) in one commit.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn commit(&self, heartbeats: &[Heartbeat]) -> Result<()> {
        let transaction = self.connection.unchecked_transaction()?;
        self.insert("event", heartbeats)?;
        Ok(transaction.commit()?)
    }

    /// Counts the events of each day, as the host does when it receives them.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn touch_days(&self) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO day (day, revision, events)
                   SELECT at / 86400000, 1, count(*) FROM event GROUP BY 1";
        self.connection.execute(sql, [])?;
        Ok(())
    }

    /// Writes heartbeats into a table with the columns of `event`.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn insert(&self, table: &str, heartbeats: &[Heartbeat]) -> Result<()> {
        let sql = format!("INSERT INTO {table} (at, source, seq, sign, entity) VALUES (?1, ?2, ?3, ?4, ?5)");
        let mut statement = self.connection.prepare_cached(&sql)?;
        for heartbeat in heartbeats {
            let sign = i64::try_from(heartbeat.kind)? * 2 + i64::from(heartbeat.agent);
            let source = self.sources.get(&heartbeat.window);
            let entity = self.entities.get(&(heartbeat.project, heartbeat.file));
            statement.execute((heartbeat.at, source, heartbeat.seq, sign, entity))?;
        }
        Ok(())
    }
}
