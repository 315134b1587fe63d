//! From the stage into the database, piece by piece: other programs write in between.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use keeptab_core::activity::DeviceId;
use keeptab_core::entity::Entity;
use keeptab_core::instant::{Instant, Length};
use rusqlite::{OptionalExtension as _, Row, Transaction, params};

use super::super::super::days::Came;
use super::super::super::events::{entity_of, find_or_add_entity, find_or_add_source};
use super::super::super::facts::Numbers;
use super::super::super::sums::Summed;
use super::super::super::{Fault, Store, UtcDay, days, forget, immediate, roots, touch_past};
use super::super::BatchId;
use super::extras::At;
use super::facts::Facts;
use super::{Amounts, NewSource, bills};

/// Rows that are written at once.
const PIECE: i64 = 50_000;

/// Heartbeats that are in memory at once: they have more to them than entries.
const EVENTS: i64 = 20_000;

/// Pages of the log, of 4 KiB, from which on it is written into the database.
const LARGE_LOG: i32 = 16_000;

/// True if a staged entry is in the database already: by its fingerprint, or its origin. Time of our own that carries
/// neither is known by all else.
pub(super) const IS_THERE: &str = "(
    EXISTS (SELECT 1 FROM main.entry WHERE entry.fingerprint = staged.fingerprint)
    OR own IS NOT NULL AND EXISTS (
        SELECT 1 FROM stage.own AS mine JOIN main.device ON uuid = mine.device
            JOIN main.entry ON entry.device = device.id AND entry.n = mine.origin
        WHERE mine.n = staged.n)
    OR coalesce(own, 0) > 0 AND own <= (
        SELECT count(*) FROM main.standing WHERE standing.person = ?1 AND standing.day = staged.day
            AND standing.fingerprint IS NULL AND standing.length = staged.length
            AND standing.project IS staged.project AND standing.note IS staged.note
            AND standing.start_at IS staged.start_at AND standing.end_at IS staged.end_at))";

/// True if the other tool billed a staged entry after it was imported. A billed entry stays billed unless the first
/// parameter, the user's choice, lets the file say otherwise. An entry that a live invoice of ours bills is left as it
/// is.
pub(super) const IS_BILLED_ANEW: &str = "(staged.billed = 1 OR staged.billed = 0 AND ?1) AND EXISTS (
    SELECT 1 FROM main.entry WHERE entry.fingerprint = staged.fingerprint
        AND entry.billed_elsewhere <> staged.billed
        AND NOT EXISTS (SELECT 1 FROM main.claim WHERE claim.entry = entry.id AND live = 1))";

/// The result of committing an import.
#[derive(Clone, Debug)]
pub struct Committed {
    /// The batch, if anything is new.
    pub batch: Option<BatchId>,
    /// The sizes of the written records.
    pub amounts: Amounts,
    /// Records that refer to a record that is not there, or to one that an invoice bills here.
    pub refused: Vec<(At, String)>,
    /// Differences between the restored invoices and the hash chain that came with them.
    pub faults: Vec<Fault>,
}

impl Store {
    /// Writes what is staged as one batch, and returns it with the part that is new. The entries count only when all
    /// are written; if nothing is new, there is no batch.
    ///
    /// Events dated before `recent` raise the revision of the past.
    ///
    /// # Errors
    ///
    /// If the database cannot be written; [`Store::clear_unfinished`] removes the partial batch.
    pub fn commit_staged(
        &mut self,
        from: (&str, &str),
        unbill: bool,
        now: Instant,
        progress: impl FnMut(u64),
    ) -> Result<Committed> {
        self.settle_device()?;
        // The pages of an unordered index all go to the log with each piece: they go into the database once, at the
        // end, and before the log is left to an editor's host.
        self.connection.pragma_update(None, "wal_autocheckpoint", LARGE_LOG)?;
        let written = self.write_staged(from, unbill, now, progress);
        let usual = "PRAGMA wal_autocheckpoint = 1000; PRAGMA wal_checkpoint(PASSIVE)";
        self.connection.execute_batch(usual)?;
        written
    }

    fn write_staged(
        &mut self,
        (origin, files): (&str, &str),
        unbill: bool,
        now: Instant,
        mut progress: impl FnMut(u64),
    ) -> Result<Committed> {
        let sql = "INSERT INTO batch (origin, files, made_at) VALUES (?1, ?2, ?3)";
        self.connection.execute(sql, (origin, files, now.millis()))?;
        let batch = BatchId(self.connection.last_insert_rowid());
        let sql = "SELECT coalesce(max(id), 0) FROM entry";
        let before: i64 = self.connection.query_row(sql, [], |row| row.get(0))?;
        self.commit_entries(batch, now, &mut progress)?;
        let events = self.commit_events(batch, &mut progress)?;
        let (person, device) = (self.person, self.device);
        let staged = std::mem::take(&mut self.staged);
        let transaction = immediate(&mut self.connection)?;
        // From here on, queries see the entries and events of the batch.
        let sql = "UPDATE batch SET finished_at = ?2 WHERE id = ?1";
        transaction.execute(sql, (batch.0, now.millis()))?;
        number_facts(&transaction, batch, device)?;
        let sql = format!(
            "UPDATE main.entry SET billed_elsewhere = staged.billed FROM stage.entry AS staged
             WHERE entry.fingerprint = staged.fingerprint AND entry.billed_elsewhere <> staged.billed AND {IS_BILLED_ANEW}"
        );
        let updated = transaction.execute(&sql, [unbill])?;
        let facts = Facts::new(&transaction, batch, (person, device), now).write(&staged)?;
        let billed = bills::write(&transaction, &staged, (batch, person), now)?;
        roots::add(&transaction, &staged.roots)?;
        forget::again(&transaction)?;
        let sql = "SELECT count(*), coalesce(sum(length), 0) FROM entry WHERE id > ?1 AND batch = ?2";
        let new = transaction.query_row(sql, (before, batch.0), |row| Ok((row.get(0)?, row.get(1)?)));
        let (entries, length): (i64, i64) = new?;
        let amounts = Amounts {
            entries: entries.try_into()?,
            length: Length::from_millis(length),
            events,
            corrections: facts.corrections,
            invoices: billed.restored,
            updated: updated.try_into()?,
            taken_away: facts.taken_away,
            unrestored: 0,
            elsewhere: billed.elsewhere,
        };
        let is_empty = amounts
            == Amounts {
                updated: amounts.updated,
                ..Amounts::default()
            };
        if is_empty {
            transaction.execute("UPDATE apply SET batch = NULL WHERE batch = ?1", [batch.0])?;
            transaction.execute("DELETE FROM elsewhere WHERE batch = ?1", [batch.0])?;
            transaction.execute("DELETE FROM batch WHERE id = ?1", [batch.0])?;
            // The next import has its number, unless another began meanwhile.
            let sql = "UPDATE sqlite_sequence SET seq = seq - 1 WHERE name = 'batch' AND seq = ?1";
            transaction.execute(sql, [batch.0])?;
        }
        touch_past(&transaction)?;
        transaction.commit()?;
        let mut refused = facts.refused;
        refused.extend(billed.refused);
        Ok(Committed {
            batch: (!is_empty).then_some(batch),
            amounts,
            refused,
            faults: billed.faults,
        })
    }

    /// Writes the staged entries. Their person and their batch are checked once a piece, and not once a row by foreign
    /// keys, which would take a fifth of the time.
    fn commit_entries(&mut self, batch: BatchId, now: Instant, progress: &mut impl FnMut(u64)) -> Result<()> {
        self.connection.pragma_update(None, "foreign_keys", false)?;
        let written = self.insert_entries(batch, now, progress);
        self.connection.pragma_update(None, "foreign_keys", true)?;
        written
    }

    fn insert_entries(&mut self, batch: BatchId, now: Instant, progress: &mut impl FnMut(u64)) -> Result<()> {
        self.name_devices()?;
        let last: i64 = self
            .connection
            .query_row("SELECT coalesce(max(n), 0) FROM stage.entry", [], |row| row.get(0))?;
        let person = self.person.0;
        let mut from = 0;
        while from < last {
            let transaction = immediate(&mut self.connection)?;
            let sql = "SELECT 1 FROM batch, person WHERE batch.id = ?1 AND person.id = ?2";
            let is_there = transaction.prepare_cached(sql)?.exists((batch.0, person))?;
            ensure!(
                is_there,
                "the batch that is imported was taken away meanwhile\nhint: import it again"
            );
            let sql = format!(
                "INSERT OR IGNORE INTO main.entry (person, batch, fingerprint, project, day, start_at, end_at, length,
                     note, billable, billed_elsewhere, made_at, device, n, place_at, place_device, place_n, beside, rows,
                     free, rate)
                 SELECT ?1, ?2, iif(keeps IS 0, NULL, fingerprint), project, day, start_at, end_at, length, note, billable,
                     coalesce(billed, 0), coalesce(made_at, ?5), (SELECT id FROM main.device WHERE uuid = theirs.device),
                     origin, place_at, (SELECT id FROM main.device WHERE uuid = place_device), place_n,
                     coalesce(cut.beside, theirs.beside, 0), coalesce(theirs.rows, cut.rows),
                     iif(cut.n IS NULL, theirs.free, cut.free), rate
                 FROM stage.entry AS staged LEFT JOIN stage.own AS theirs ON theirs.n = staged.n
                     LEFT JOIN stage.cut ON cut.n = staged.n
                 WHERE staged.n > ?3 AND staged.n <= ?4 AND (own IS NULL OR NOT {IS_THERE}) ORDER BY staged.n"
            );
            let mut insert = transaction.prepare_cached(&sql)?;
            insert.execute(params![person, batch.0, from, from + PIECE, now.millis()])?;
            drop(insert);
            transaction.commit()?;
            from += PIECE;
            progress(from.min(last).try_into()?);
        }
        Ok(())
    }

    /// Writes the staged heartbeats in the order of time, and returns how many are new.
    fn commit_events(&mut self, batch: BatchId, progress: &mut impl FnMut(u64)) -> Result<u64> {
        let sources = self.write_sources()?;
        let mut last = (i64::MIN, i64::MIN, i64::MIN);
        let (mut new, mut done) = (0, 0);
        loop {
            let events = self.staged_after(last)?;
            let Some(end) = events.last() else { return Ok(new) };
            last = end.key;
            done += events.len() as u64;
            let transaction = immediate(&mut self.connection)?;
            let mut touched = BTreeMap::<UtcDay, Came>::new();
            for event in &events {
                let Some(source) = usize::try_from(event.key.1).ok().and_then(|place| sources.get(place)) else {
                    continue;
                };
                if event.write(&transaction, *source, batch)? {
                    let came = touched
                        .entry(UtcDay::of(Instant::from_millis(event.key.0)))
                        .or_default();
                    came.events += 1;
                    came.sum += event.hash(*source);
                    new += 1;
                }
            }
            days::touch(&transaction, touched)?;
            transaction.commit()?;
            progress(done);
        }
    }

    /// Adds the devices that staged entries name.
    fn name_devices(&self) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO main.device (uuid)
                   SELECT device FROM stage.own WHERE device IS NOT NULL
                   UNION SELECT place_device FROM stage.own WHERE place_device IS NOT NULL";
        self.connection.execute(sql, [])?;
        Ok(())
    }

    /// Finds or adds the sources and returns their ids by place.
    fn write_sources(&mut self) -> Result<Vec<u32>> {
        let (own, person) = (self.device.0, self.person.0);
        let transaction = immediate(&mut self.connection)?;
        let mut ids = Vec::new();
        for (source, taken) in &self.staged.sources {
            let device = match &source.device {
                None => own,
                Some(uuid) => {
                    transaction.execute("INSERT OR IGNORE INTO device (uuid) VALUES (?1)", [uuid])?;
                    transaction.query_row("SELECT id FROM device WHERE uuid = ?1", [uuid], |row| row.get(0))?
                }
            };
            let id = find_or_add_source(&transaction, device, person, &source.name)?;
            let sql = "UPDATE source SET taken = max(taken, ?2) WHERE id = ?1";
            transaction.execute(sql, (id.0, i64::try_from(taken.0)?))?;
            ids.push(id.0);
        }
        transaction.commit()?;
        Ok(ids)
    }

    /// Returns the source's id, if it is known here.
    pub(super) fn known_source(&self, source: &NewSource) -> Result<Option<u32>> {
        let sql = "SELECT source.id FROM source JOIN device ON device.id = source.device
                   WHERE source.name = ?1 AND (device.uuid = ?2 OR ?2 IS NULL AND device.id = ?3)";
        let row = (&source.name, &source.device, self.device.0);
        Ok(self.connection.query_row(sql, row, |row| row.get(0)).optional()?)
    }

    fn staged_after(&self, last: (i64, i64, i64)) -> Result<Vec<StagedEvent>> {
        let sql = "SELECT at, source, seq, sign, kind, text, root, language FROM stage.event
                   WHERE (at, source, seq) > (?1, ?2, ?3) ORDER BY at, source, seq LIMIT ?4";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map((last.0, last.1, last.2, EVENTS), StagedEvent::read)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

/// Gives the entries of a batch that have none their numbers, in their order: they are facts now that the import is finished.
fn number_facts(transaction: &Transaction<'_>, batch: BatchId, device: DeviceId) -> Result<()> {
    let sql = "SELECT count(*) FROM entry WHERE batch = ?1 AND n IS NULL";
    let count: i64 = transaction.query_row(sql, [batch.0], |row| row.get(0))?;
    if count == 0 {
        return Ok(());
    }
    let first = Numbers::take(transaction, device, usize::try_from(count)?)?.next();
    let sql = "UPDATE entry SET device = ?2, n = ?3 + nth
               FROM (SELECT id AS of, row_number() OVER (ORDER BY id) - 1 AS nth FROM entry WHERE batch = ?1 AND n IS NULL)
               WHERE of = id";
    transaction.execute(sql, (batch.0, device.0, first))?;
    let sql = "UPDATE batch SET device = ?2, first_n = ?3, last_n = ?4 WHERE id = ?1";
    transaction.execute(sql, (batch.0, device.0, first, first + count - 1))?;
    Ok(())
}

struct StagedEvent {
    key: (i64, i64, i64),
    sign: i64,
    entity: Option<(i64, String)>,
    root: Option<String>,
    language: Option<String>,
}

impl StagedEvent {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let kind: Option<i64> = row.get(4)?;
        Ok(Self {
            key: (row.get(0)?, row.get(1)?, row.get(2)?),
            sign: row.get(3)?,
            entity: kind.zip(row.get(5)?),
            root: row.get(6)?,
            language: row.get(7)?,
        })
    }

    /// Returns its hash in the sum of its day.
    fn hash(&self, source: u32) -> i64 {
        let (at, _, seq) = self.key;
        let entity = self.entity.as_ref().map(|(kind, text)| (*kind, text.as_str()));
        let key = (at, i64::from(source), seq);
        Summed {
            key,
            sign: self.sign,
            entity,
        }
        .hash()
    }

    /// Writes it unless it is there, and returns true if it was written.
    fn write(&self, transaction: &Transaction<'_>, source: u32, batch: BatchId) -> Result<bool> {
        let root = self.root.as_ref().map(|root| Entity::Unnamed {
            root: Some(root.clone()).filter(|root| !root.is_empty()),
        });
        let entity = match &self.entity {
            Some((kind, text)) => {
                let entity = entity_of(*kind, text.clone());
                let language = self.language.as_deref();
                Some(find_or_add_entity(transaction, &entity, root.as_ref(), language)?)
            }
            None => None,
        };
        let (at, _, seq) = self.key;
        let sql = "INSERT OR IGNORE INTO event (at, source, seq, sign, entity) VALUES (?1, ?2, ?3, ?4, ?5)";
        let added = transaction
            .prepare_cached(sql)?
            .execute((at, source, seq, self.sign, entity))?;
        if added > 0 {
            let sql = "INSERT INTO imported_event (batch, at, source, seq) VALUES (?1, ?2, ?3, ?4)";
            transaction.prepare_cached(sql)?.execute((batch.0, at, source, seq))?;
        }
        Ok(added > 0)
    }
}
