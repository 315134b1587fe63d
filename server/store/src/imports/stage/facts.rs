//! Facts of another home's export: saves, the entries they took away, corrections, and undos. A fact is identified by
//! its origin, so that it is imported once and stays undone.

use std::collections::{BTreeMap, HashSet};

use anyhow::Result;
use keeptab_core::activity::{DeviceId, PersonId};
use keeptab_core::entry::EntryId;
use keeptab_core::instant::Instant;
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use super::super::super::Store;
use super::super::super::facts::Numbers;
use super::super::BatchId;
use super::Staged;
use super::extras::{At, NewApply, NewCorrection, Origin};

/// The result of writing facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    /// Corrections that are new.
    pub(super) corrections: u64,
    /// Entries and saves that are taken away.
    pub(super) taken_away: u64,
    /// Records that refer to a record that is not there.
    pub(super) refused: Vec<(At, String)>,
}

/// The entry of this store that an entry of the export is.
const LOCAL: &str = "SELECT entry.id FROM stage.own AS theirs
        JOIN main.device ON uuid = theirs.device JOIN main.entry ON entry.device = device.id AND entry.n = theirs.origin
        WHERE theirs.number = ?1
    UNION ALL SELECT entry.id FROM stage.own AS theirs JOIN stage.entry AS staged ON staged.n = theirs.n
        JOIN main.entry ON entry.fingerprint = staged.fingerprint WHERE theirs.number = ?1
    UNION ALL SELECT id FROM stage.own AS theirs JOIN stage.entry AS staged ON staged.n = theirs.n
        JOIN main.standing ON standing.day = staged.day AND standing.fingerprint IS NULL
            AND standing.length = staged.length AND standing.project IS staged.project AND standing.note IS staged.note
            AND standing.start_at IS staged.start_at AND standing.end_at IS staged.end_at
        WHERE theirs.number = ?1 AND staged.own > 0
    LIMIT 1";

/// Returns the entry of this store that an entry of the export is, by its number there.
pub(super) fn local(connection: &Connection, number: i64) -> Result<Option<EntryId>> {
    let mut statement = connection.prepare_cached(LOCAL)?;
    Ok(statement.query_row([number], |row| row.get(0)).optional()?.map(EntryId))
}

impl Store {
    /// Returns the entries of this store that stand, and that the staged export takes away: replaced, deleted or undone.
    pub(super) fn taken_away(&self) -> Result<Vec<EntryId>> {
        let connection = &self.connection;
        let mut gone = Vec::new();
        let undone: HashSet<i64> = self
            .staged
            .applies
            .iter()
            .filter(|apply| apply.undone)
            .map(|apply| apply.number)
            .collect();
        for void in self.staged.voids.iter().filter(|void| !undone.contains(&void.apply)) {
            gone.extend(local(connection, void.entry)?);
        }
        for apply in self.staged.applies.iter().filter(|apply| apply.undone) {
            if let Some(id) = known(connection, apply.origin.as_ref())? {
                let mut statement = connection.prepare_cached("SELECT id FROM entry WHERE apply = ?1")?;
                let made = statement.query_map([id], |row| row.get(0).map(EntryId))?;
                gone.extend(made.collect::<rusqlite::Result<Vec<_>>>()?);
            }
        }
        for undone in &self.staged.undone {
            let sql = "SELECT entry.id FROM entry JOIN device ON device.id = entry.device
                       WHERE uuid = ?1 AND n BETWEEN ?2 AND ?3";
            let mut statement = connection.prepare_cached(sql)?;
            let row = (&undone.device, undone.first, undone.last);
            let facts = statement.query_map(row, |row| row.get(0).map(EntryId))?;
            gone.extend(facts.collect::<rusqlite::Result<Vec<_>>>()?);
        }
        gone.sort_unstable();
        gone.dedup();
        let sql = "SELECT 1 FROM standing WHERE id = ?1";
        let mut statement = connection.prepare_cached(sql)?;
        let mut standing = Vec::new();
        for entry in gone {
            if statement.exists([entry.0])? {
                standing.push(entry);
            }
        }
        Ok(standing)
    }
}

/// Returns the save of this store that a fact is.
fn known(connection: &Connection, origin: Option<&Origin>) -> Result<Option<i64>> {
    let Some(origin) = origin else { return Ok(None) };
    let sql = "SELECT apply.id FROM apply JOIN device ON device.id = apply.device WHERE uuid = ?1 AND n = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement
        .query_row((&origin.device, origin.n), |row| row.get(0))
        .optional()?)
}

/// Returns the device with a name, adding it if it is new.
pub(super) fn device(connection: &Connection, uuid: &str) -> Result<i64> {
    connection
        .prepare_cached("INSERT OR IGNORE INTO device (uuid) VALUES (?1)")?
        .execute([uuid])?;
    let mut statement = connection.prepare_cached("SELECT id FROM device WHERE uuid = ?1")?;
    Ok(statement.query_row([uuid], |row| row.get(0))?)
}

/// Writes facts in one transaction.
pub(super) struct Facts<'t> {
    pub(super) transaction: &'t Transaction<'t>,
    pub(super) batch: BatchId,
    pub(super) person: PersonId,
    pub(super) device: DeviceId,
    pub(super) now: Instant,
    /// The saves of this store, by their numbers in the export.
    applies: BTreeMap<i64, i64>,
    /// The save of this import that takes entries away which the export names as gone, once there is one.
    own: Option<i64>,
    written: Written,
}

impl<'t> Facts<'t> {
    pub(super) fn new(
        transaction: &'t Transaction<'t>,
        batch: BatchId,
        (person, device): (PersonId, DeviceId),
        now: Instant,
    ) -> Self {
        Self {
            transaction,
            batch,
            person,
            device,
            now,
            applies: BTreeMap::new(),
            own: None,
            written: Written::default(),
        }
    }

    /// Writes the staged facts that are new.
    pub(super) fn write(mut self, staged: &Staged) -> Result<Written> {
        for apply in &staged.applies {
            if apply.origin.is_some() {
                self.apply(apply)?;
            }
        }
        self.name_applies()?;
        self.voids(staged)?;
        self.undone(staged)?;
        for correction in &staged.corrections {
            self.correction(correction)?;
        }
        Ok(self.written)
    }

    /// Writes a save that is not here, or takes one back that was taken back there.
    fn apply(&mut self, apply: &NewApply) -> Result<i64> {
        if let Some(id) = self.applies.get(&apply.number) {
            return Ok(*id);
        }
        let id = match known(self.transaction, apply.origin.as_ref())? {
            Some(id) => {
                if apply.undone {
                    self.take_back(id)?;
                }
                id
            }
            None => self.insert_apply(apply)?,
        };
        self.applies.insert(apply.number, id);
        Ok(id)
    }

    fn insert_apply(&mut self, apply: &NewApply) -> Result<i64> {
        let (device, n) = match &apply.origin {
            Some(origin) => (device(self.transaction, &origin.device)?, origin.n),
            None => (
                i64::from(self.device.0),
                Numbers::take(self.transaction, self.device, 1)?.next(),
            ),
        };
        let undone = apply.undone.then_some(self.now.millis());
        let sql = "INSERT INTO apply (made_at, undone_at, batch, device, n) VALUES (?1, ?2, ?3, ?4, ?5)";
        let row = params![apply.made_at.millis(), undone, self.batch.0, device, n];
        self.transaction.prepare_cached(sql)?.execute(row)?;
        Ok(self.transaction.last_insert_rowid())
    }

    /// Takes a save back, unless an invoice of this store bills an entry of it.
    fn take_back(&mut self, apply: i64) -> Result<()> {
        let sql = "SELECT 1 FROM entry JOIN claim ON claim.entry = entry.id WHERE apply = ?1 AND live = 1";
        if self.transaction.prepare_cached(sql)?.exists([apply])? {
            return Ok(());
        }
        let sql = "UPDATE apply SET undone_at = ?2 WHERE id = ?1 AND undone_at IS NULL";
        let count = self
            .transaction
            .prepare_cached(sql)?
            .execute((apply, self.now.millis()))?;
        self.written.taken_away += count as u64;
        Ok(())
    }

    /// Sets the save of each entry of the batch that a save made.
    fn name_applies(&self) -> Result<()> {
        self.transaction.execute_batch(
            "DROP TABLE IF EXISTS stage.applied; CREATE TABLE stage.applied (number INTEGER PRIMARY KEY, id INTEGER) STRICT;",
        )?;
        let mut insert = self
            .transaction
            .prepare("INSERT INTO stage.applied (number, id) VALUES (?1, ?2)")?;
        for (number, id) in &self.applies {
            insert.execute((number, id))?;
        }
        let sql = "UPDATE main.entry SET apply = applied.id
                   FROM stage.own AS theirs JOIN main.device ON uuid = theirs.device
                       JOIN stage.applied ON applied.number = theirs.apply
                   WHERE entry.device = device.id AND entry.n = theirs.origin AND entry.batch = ?1";
        self.transaction.execute(sql, [self.batch.0])?;
        Ok(())
    }

    fn voids(&mut self, staged: &Staged) -> Result<()> {
        let mut frozen = HashSet::new();
        for void in &staged.voids {
            if frozen.contains(&void.entry) {
                continue;
            }
            let Some(entry) = local(self.transaction, void.entry)? else {
                let why = format!("it takes entry {} away, which is not there", void.entry);
                self.written.refused.push((void.at, why));
                continue;
            };
            let apply = staged.applies.iter().find(|apply| apply.number == void.apply);
            let Some(apply) = apply else {
                let why = format!("it names save {}, which is not there", void.apply);
                self.written.refused.push((void.at, why));
                continue;
            };
            // Entries that the save took away come back when the save is undone.
            let undone = apply.undone;
            let apply = self.apply(apply)?;
            if self.is_billed(entry)? {
                if !undone {
                    frozen.extend(self.keep_billed(entry, void.at)?);
                }
                continue;
            }
            self.void(entry, apply)?;
        }
        let sql = "SELECT entry.id FROM stage.own AS theirs JOIN main.device ON uuid = theirs.device
                       JOIN main.entry ON entry.device = device.id AND entry.n = theirs.origin
                   WHERE theirs.undone = 1 AND entry.batch = ?1";
        let mut statement = self.transaction.prepare(sql)?;
        let gone = statement.query_map([self.batch.0], |row| row.get(0).map(EntryId))?;
        for entry in gone.collect::<rusqlite::Result<Vec<_>>>()? {
            let own = self.own_apply()?;
            self.void(entry, own)?;
        }
        Ok(())
    }

    fn void(&mut self, entry: EntryId, apply: i64) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO void (entry, apply) VALUES (?1, ?2)";
        let was = self
            .transaction
            .prepare_cached("SELECT 1 FROM standing WHERE id = ?1 AND batch IS NOT ?2")?;
        let mut was = was;
        let stood = was.exists((entry.0, self.batch.0))?;
        drop(was);
        let count = self.transaction.prepare_cached(sql)?.execute((entry.0, apply))?;
        if stood {
            self.written.taken_away += count as u64;
        }
        Ok(())
    }

    fn is_billed(&self, entry: EntryId) -> Result<bool> {
        let sql = "SELECT 1 FROM claim WHERE entry = ?1 AND live = 1";
        Ok(self.transaction.prepare_cached(sql)?.exists([entry.0])?)
    }

    /// Keeps an entry that an invoice of this store bills: what replaces it there is not taken. Returns the numbers of these
    /// in the export.
    fn keep_billed(&mut self, entry: EntryId, at: At) -> Result<Vec<i64>> {
        let sql = "SELECT entry.id, theirs.number FROM main.entry
                       JOIN main.device ON device.id = entry.device
                       JOIN stage.own AS theirs ON uuid = theirs.device AND entry.n = theirs.origin
                   WHERE entry.batch = ?2 AND (entry.place_at, entry.place_device, entry.place_n) = (
                       SELECT coalesce(place_at, made_at), coalesce(place_device, device), coalesce(place_n, n)
                       FROM entry WHERE id = ?1)";
        let mut statement = self.transaction.prepare_cached(sql)?;
        let instead = statement.query_map((entry.0, self.batch.0), |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)))?;
        let instead: Vec<(i64, i64)> = instead.collect::<rusqlite::Result<_>>()?;
        drop(statement);
        for (id, _) in &instead {
            self.transaction.execute("DELETE FROM void WHERE entry = ?1", [id])?;
            self.transaction.execute("DELETE FROM entry WHERE id = ?1", [id])?;
        }
        let sql =
            "SELECT number FROM invoice JOIN claim ON claim.invoice = invoice.id WHERE claim.entry = ?1 AND live = 1";
        let number: String = self.transaction.query_row(sql, [entry.0], |row| row.get(0))?;
        let why = format!("{number} bills the entry that it changes; a credit note has to release it first");
        self.written.refused.push((at, why));
        Ok(instead.into_iter().map(|(_, number)| number).collect())
    }

    /// Takes away the entries of imports that the other home undid.
    fn undone(&mut self, staged: &Staged) -> Result<()> {
        for undone in &staged.undone {
            let sql = "SELECT standing.id FROM standing JOIN device ON device.id = standing.device
                       WHERE uuid = ?1 AND n BETWEEN ?2 AND ?3
                           AND NOT EXISTS (SELECT 1 FROM claim WHERE claim.entry = standing.id AND live = 1)";
            let mut statement = self.transaction.prepare_cached(sql)?;
            let row = (&undone.device, undone.first, undone.last);
            let facts = statement.query_map(row, |row| row.get(0).map(EntryId))?;
            let facts: Vec<EntryId> = facts.collect::<rusqlite::Result<_>>()?;
            drop(statement);
            for entry in facts {
                let own = self.own_apply()?;
                self.void(entry, own)?;
            }
        }
        Ok(())
    }

    /// Returns the save of this import, which can only be undone with the import.
    fn own_apply(&mut self) -> Result<i64> {
        if let Some(own) = self.own {
            return Ok(own);
        }
        let sql = "INSERT INTO apply (made_at, batch) VALUES (?1, ?2)";
        self.transaction.execute(sql, (self.now.millis(), self.batch.0))?;
        let own = self.transaction.last_insert_rowid();
        self.own = Some(own);
        Ok(own)
    }

    fn correction(&mut self, correction: &NewCorrection) -> Result<()> {
        if is_there(self.transaction, correction)? {
            return Ok(());
        }
        let apply = NewApply {
            number: correction.apply,
            origin: None,
            made_at: correction.made_at,
            undone: false,
        };
        let apply = match self.applies.get(&correction.apply) {
            Some(known) => *known,
            None if correction.origin.is_none() => self.apply(&apply)?,
            None => {
                let why = format!("it names save {}, which is not there", correction.apply);
                self.written.refused.push((correction.at, why));
                return Ok(());
            }
        };
        let (device, n) = match &correction.origin {
            Some(origin) => (device(self.transaction, &origin.device)?, origin.n),
            None => (
                i64::from(self.device.0),
                Numbers::take(self.transaction, self.device, 1)?.next(),
            ),
        };
        let sql = "INSERT INTO correction (apply, person, start_at, end_at, change, device, n)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        self.transaction.prepare_cached(sql)?.execute(params![
            apply,
            self.person.0,
            correction.span.start().millis(),
            correction.span.end().millis(),
            serde_json::to_string(&correction.change)?,
            device,
            n,
        ])?;
        self.written.corrections += 1;
        Ok(())
    }
}

/// Returns true if a correction is there already: by its origin, or in exports of the first version by its content.
pub(super) fn is_there(connection: &Connection, correction: &NewCorrection) -> Result<bool> {
    if let Some(origin) = &correction.origin {
        let sql = "SELECT 1 FROM correction JOIN device ON device.id = correction.device WHERE uuid = ?1 AND n = ?2";
        return Ok(connection.prepare_cached(sql)?.exists((&origin.device, origin.n))?);
    }
    let sql = "SELECT 1 FROM correction JOIN apply ON apply.id = correction.apply
               WHERE end_at = ?2 AND start_at = ?1 AND made_at = ?3 AND change = ?4 AND undone_at IS NULL LIMIT 1";
    let row = params![
        correction.span.start().millis(),
        correction.span.end().millis(),
        correction.made_at.millis(),
        serde_json::to_string(&correction.change)?,
    ];
    Ok(connection.prepare_cached(sql)?.exists(row)?)
}
