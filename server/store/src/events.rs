//! Heartbeats and boundaries: written in batches, read in the order of the timeline.

mod codes;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use anyhow::{Context as _, Result};
use keeptab_core::activity::{Actor, Cause, EventId, Kind, Seq, SourceId};
use keeptab_core::entity::Entity;
use keeptab_core::instant::{Instant, Span};
use rusqlite::{CachedStatement, Connection, OptionalExtension as _, Row, Rows};

use super::days::Came;
use super::sums::Summed;
use super::{EntityId, Store, UtcDay, days, immediate, touch_past};
use codes::sign;

pub(super) use codes::{WEAK_KIND, code, entity_of, kind_of, parts};

/// Sources of one device: `device * DEVICE_STEP + n`.
const DEVICE_STEP: u32 = 1 << 24;

/// An event to record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// Its number within its source; with `None` the store numbers it.
    pub seq: Option<Seq>,
    /// The instant of the event.
    pub at: Instant,
    /// The payload.
    pub sign: NewSign,
}

/// The payload of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewSign {
    /// Evidence of work.
    Heartbeat {
        /// The kind of work.
        kind: Kind,
        /// The person or an agent.
        actor: Actor,
        /// The file, folder or page that was touched.
        entity: Entity,
        /// The workspace root it was seen under.
        root: Option<Entity>,
        /// The language of the file.
        language: Option<String>,
    },
    /// Time is cut.
    Boundary(Cause),
    /// No event to store; only its number counts as taken.
    Nothing,
}

/// An event as stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredEvent {
    /// The instant of the event.
    pub at: Instant,
    /// The event's id.
    pub id: EventId,
    /// The payload.
    pub sign: StoredSign,
}

/// The payload of a stored event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoredSign {
    /// Evidence of work.
    Heartbeat(Kind, Actor, EntityId),
    /// Time is cut.
    Boundary(Cause),
    /// An event that a newer version wrote: skipped rather than misread.
    Newer,
}

/// The result of taking a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// All events up to this number are committed.
    pub seq: Seq,
}

impl Store {
    /// Takes a batch of events of one source in one commit, all or none.
    ///
    /// Events that the source sent before, by their numbers, are skipped. Events dated before `recent` raise the
    /// revision of the past.
    ///
    /// # Errors
    ///
    /// If the database cannot be written; then no event of the batch is stored.
    pub fn take(&mut self, source: &str, events: &[NewEvent], recent: Instant) -> Result<Taken> {
        self.settle_device()?;
        let known = self.sources.get(source).copied();
        let transaction = immediate(&mut self.connection)?;
        let source_id = match known {
            Some(id) => id,
            None => find_or_add_source(&transaction, self.device.0, self.person.0, source)?,
        };
        let mut taken: u64 = transaction
            .prepare_cached("SELECT taken FROM source WHERE id = ?1")?
            .query_row([source_id.0], |row| row.get::<_, i64>(0))?
            .try_into()?;
        let before = taken;
        let mut earliest: Option<Instant> = None;
        let mut touched = BTreeMap::<UtcDay, Came>::new();
        {
            let mut insert = transaction.prepare_cached(
                "INSERT OR IGNORE INTO event (at, source, seq, sign, entity) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?;
            for event in events {
                let seq = event.seq.map_or(taken.saturating_add(1), |seq| seq.0);
                if seq <= taken {
                    continue;
                }
                let entity = match &event.sign {
                    NewSign::Heartbeat {
                        entity, root, language, ..
                    } => Some(find_or_add_entity(
                        &transaction,
                        entity,
                        root.as_ref(),
                        language.as_deref(),
                    )?),
                    NewSign::Boundary(_) | NewSign::Nothing => None,
                };
                let number = i64::try_from(seq).context("the sequence number is too large")?;
                if let Some(code) = code(&event.sign) {
                    let added = insert.execute((event.at.millis(), source_id.0, number, code, entity))?;
                    let came = touched.entry(UtcDay::of(event.at)).or_default();
                    if added > 0 {
                        let entity = match &event.sign {
                            NewSign::Heartbeat { entity, .. } => Some(parts(entity)),
                            NewSign::Boundary(_) | NewSign::Nothing => None,
                        };
                        let key = (event.at.millis(), i64::from(source_id.0), number);
                        came.events += 1;
                        came.sum += Summed {
                            key,
                            sign: code,
                            entity,
                        }
                        .hash();
                    }
                    earliest = Some(earliest.map_or(event.at, |earliest| earliest.min(event.at)));
                }
                taken = seq;
            }
        }
        if taken > before {
            transaction
                .prepare_cached("UPDATE source SET taken = ?2 WHERE id = ?1")?
                .execute((source_id.0, i64::try_from(taken)?))?;
        }
        days::touch(&transaction, touched)?;
        if earliest.is_some_and(|earliest| earliest < recent) {
            touch_past(&transaction)?;
        }
        transaction.commit()?;
        self.sources.insert(source.to_owned(), source_id);
        Ok(Taken { seq: Seq(taken) })
    }

    /// Calls `each` on the events of a span in the order of the timeline.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn events(&self, span: Span, mut each: impl FnMut(StoredEvent)) -> Result<()> {
        self.events_until(span, |event| {
            each(event);
            ControlFlow::Continue(())
        })
    }

    /// Calls `each` on the events of a span in the order of the timeline, until it has seen enough.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn events_until(&self, span: Span, each: impl FnMut(StoredEvent) -> ControlFlow<()>) -> Result<()> {
        let mut statement: CachedStatement<'_> = self.connection.prepare_cached(
            "SELECT at, source, seq, sign, entity FROM event WHERE at >= ?1 AND at < ?2 ORDER BY at, source, seq",
        )?;
        read(statement.query((span.start().millis(), span.end().millis()))?, each)
    }

    /// Calls `each` on the events after one in the order of the timeline, until it has seen enough.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn events_beyond(
        &self,
        last: (Instant, EventId),
        each: impl FnMut(StoredEvent) -> ControlFlow<()>,
    ) -> Result<()> {
        let mut statement = self.connection.prepare_cached(
            "SELECT at, source, seq, sign, entity FROM event WHERE (at, source, seq) > (?1, ?2, ?3)
             ORDER BY at, source, seq",
        )?;
        let (at, id) = last;
        read(
            statement.query((at.millis(), id.source.0, i64::try_from(id.seq.0)?))?,
            each,
        )
    }

    /// Returns the last strong heartbeat of the person at or before `now`.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn last_strong(&self, now: Instant) -> Result<Option<StoredEvent>> {
        let sql = "SELECT at, source, seq, sign, entity FROM event
                   WHERE at <= ?1 AND sign < 32 AND sign % 2 = 0 AND sign / 2 <> ?2
                   ORDER BY at DESC, source DESC, seq DESC LIMIT 1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((now.millis(), WEAK_KIND))?;
        rows.next()?.map(stored).transpose()
    }

    /// Returns the last heartbeat of the person at or before `now`, weak or strong.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn last_heartbeat(&self, now: Instant) -> Result<Option<StoredEvent>> {
        let sql = "SELECT at, source, seq, sign, entity FROM event
                   WHERE at <= ?1 AND sign < 32 AND sign % 2 = 0 ORDER BY at DESC, source DESC, seq DESC LIMIT 1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([now.millis()])?;
        match rows.next()? {
            Some(row) => stored(row).map(Some),
            None => Ok(None),
        }
    }

    /// Returns the instant of the newest event, whenever that is.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn newest_event(&self) -> Result<Option<Instant>> {
        let newest: Option<i64> = self
            .connection
            .query_row("SELECT max(at) FROM event", [], |row| row.get(0))?;
        Ok(newest.map(Instant::from_millis))
    }

    /// Returns the number of events after an instant.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn events_after(&self, at: Instant) -> Result<u64> {
        let sql = "SELECT count(*) FROM event WHERE at > ?1";
        let count: i64 = self.connection.query_row(sql, [at.millis()], |row| row.get(0))?;
        Ok(count.try_into()?)
    }

    /// Returns the number of stored events.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn event_count(&self) -> Result<u64> {
        let count: i64 = self
            .connection
            .query_row("SELECT count(*) FROM event", [], |row| row.get(0))?;
        Ok(count.try_into()?)
    }

    /// Returns the language of an entity, if the editor reported one.
    ///
    /// # Errors
    ///
    /// If the database cannot be read, or there is no such entity.
    pub fn language(&self, id: EntityId) -> Result<Option<String>> {
        let sql = "SELECT language FROM entity WHERE id = ?1";
        Ok(self
            .connection
            .prepare_cached(sql)?
            .query_row([id.0], |row| row.get(0))?)
    }

    /// Returns true if a thing was touched, or a folder worked in.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn knows(&self, entity: &Entity) -> Result<bool> {
        let (kind, text) = parts(entity);
        let sql = "SELECT 1 FROM entity WHERE kind = ?1 AND text = ?2";
        let found = self.connection.prepare_cached(sql)?.query_row((kind, text), |_| Ok(()));
        Ok(found.optional()?.is_some())
    }

    /// Returns every path with another host that was touched, or worked in.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn remote_entities(&self) -> Result<Vec<Entity>> {
        let sql = "SELECT kind, text FROM entity WHERE kind IN (0, 2) AND (text LIKE '//%' OR text LIKE '%://%') ORDER BY text";
        let mut statement = self.connection.prepare(sql)?;
        let rows = statement.query_map([], |row| Ok(entity_of(row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns an entity and the root it was seen under.
    ///
    /// # Errors
    ///
    /// If the database cannot be read, or there is no such entity.
    pub fn entity(&self, id: EntityId) -> Result<(Entity, Option<String>)> {
        let sql = "SELECT entity.kind, entity.text, root.text FROM entity
                   LEFT JOIN entity AS root ON root.id = entity.root WHERE entity.id = ?1";
        let row = |row: &Row<'_>| Ok((row.get(0)?, row.get::<_, String>(1)?, row.get(2)?));
        let (kind, text, root): (i64, String, Option<String>) =
            self.connection.prepare_cached(sql)?.query_row([id.0], row)?;
        let entity = entity_of(kind, text);
        Ok((entity, root.filter(|root| !root.is_empty())))
    }
}

fn read(mut rows: Rows<'_>, mut each: impl FnMut(StoredEvent) -> ControlFlow<()>) -> Result<()> {
    while let Some(row) = rows.next()? {
        if each(stored(row)?).is_break() {
            break;
        }
    }
    Ok(())
}

fn stored(row: &Row<'_>) -> Result<StoredEvent> {
    let source: u32 = row.get(1)?;
    let seq: i64 = row.get(2)?;
    Ok(StoredEvent {
        at: Instant::from_millis(row.get(0)?),
        id: EventId {
            device: keeptab_core::activity::DeviceId(source / DEVICE_STEP),
            source: SourceId(source),
            seq: Seq(seq.try_into()?),
        },
        sign: sign(row.get(3)?, row.get(4)?).unwrap_or(StoredSign::Newer),
    })
}

pub(super) fn find_or_add_source(connection: &Connection, device: u32, person: u32, name: &str) -> Result<SourceId> {
    let sql = "SELECT id FROM source WHERE device = ?1 AND name = ?2";
    if let Some(id) = connection.query_row(sql, (device, name), |row| row.get(0)).optional()? {
        return Ok(SourceId(id));
    }
    let last: Option<u32> = connection.query_row("SELECT max(id) FROM source WHERE device = ?1", [device], |row| {
        row.get(0)
    })?;
    let id = last.unwrap_or(device * DEVICE_STEP) + 1;
    let sql = "INSERT INTO source (id, device, person, name) VALUES (?1, ?2, ?3, ?4)";
    connection.execute(sql, (id, device, person, name))?;
    Ok(SourceId(id))
}

pub(super) fn find_or_add_entity(
    connection: &Connection,
    entity: &Entity,
    root: Option<&Entity>,
    language: Option<&str>,
) -> Result<i64> {
    let (kind, text) = parts(entity);
    let found = connection
        .prepare_cached("SELECT id FROM entity WHERE kind = ?1 AND text = ?2")?
        .query_row((kind, text), |row| row.get(0))
        .optional()?;
    if let Some(id) = found {
        return Ok(id);
    }
    let root = match root.filter(|root| *root != entity) {
        Some(root) => Some(find_or_add_entity(connection, root, None, None)?),
        None => None,
    };
    connection
        .prepare_cached("INSERT INTO entity (kind, text, root, language) VALUES (?1, ?2, ?3, ?4)")?
        .execute((kind, text, root, language))?;
    Ok(connection.last_insert_rowid())
}
