//! Queries that only an export needs.

mod bills;

use std::collections::HashMap;

use anyhow::Result;
use keeptab_core::activity::{Seq, SourceId};
use keeptab_core::entry::Entry;
use keeptab_core::instant::Instant;
use rusqlite::Row;

use super::entries::{self, COLUMNS};
use super::facts::ranks;
use super::{NewApply, NewUndone, Origin, Store};

/// An entry with all that is kept of it.
#[derive(Clone, Debug)]
pub struct EntryRow {
    /// The entry.
    pub entry: Entry,
    /// The fingerprint of an imported one.
    pub fingerprint: Option<String>,
    /// The instant at which it was made.
    pub made_at: Instant,
    /// The id of its fact.
    pub origin: Option<Origin>,
    /// The save that made it.
    pub apply: Option<i64>,
    /// The place of the entry that it replaces.
    pub place: Option<(Instant, Origin)>,
    /// True if the import that brought it was taken back.
    pub undone: bool,
}

fn origin(device: Option<String>, n: Option<i64>) -> Option<Origin> {
    let (device, n) = device.zip(n)?;
    Some(Origin { device, n })
}

/// An editor or a browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceRow {
    /// The source's id.
    pub id: SourceId,
    /// The machine.
    pub device: String,
    /// Its name on it.
    pub name: String,
    /// The highest number that was taken.
    pub taken: Seq,
}

impl Store {
    /// Returns all sources in the order in which they count.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn sources(&self) -> Result<Vec<SourceRow>> {
        let sql = "SELECT source.id, uuid, name, taken FROM source JOIN device ON device.id = source.device
                   ORDER BY source.id";
        self.all(sql, |row| {
            let taken: i64 = row.get(3)?;
            Ok(SourceRow {
                id: SourceId(row.get(0)?),
                device: row.get(1)?,
                name: row.get(2)?,
                taken: Seq(taken.try_into()?),
            })
        })
    }

    /// Calls `each` on every entry, also replaced and undone ones, in the order in which they came.
    ///
    /// # Errors
    ///
    /// If the database cannot be read, or `each` fails.
    pub fn export_entries(&self, mut each: impl FnMut(EntryRow) -> Result<()>) -> Result<()> {
        let sql = format!(
            "SELECT {COLUMNS}, fingerprint, made_at, (SELECT uuid FROM device WHERE id = entry.device), n, apply, place_at,
                 (SELECT uuid FROM device WHERE id = place_device), place_n,
                 EXISTS (SELECT 1 FROM batch WHERE batch.id = entry.batch AND undone_at IS NOT NULL)
             FROM entry WHERE person = ?1
                 AND NOT EXISTS (SELECT 1 FROM batch WHERE batch.id = entry.batch AND finished_at IS NULL)
             ORDER BY id"
        );
        let ranks = ranks(&self.connection)?;
        let mut statement = self.connection.prepare(&sql)?;
        let mut rows = statement.query([self.person.0])?;
        while let Some(row) = rows.next()? {
            let place = row.get::<_, Option<i64>>(22)?.map(Instant::from_millis);
            each(EntryRow {
                entry: entries::read(row, &ranks)?,
                fingerprint: row.get(17)?,
                made_at: Instant::from_millis(row.get(18)?),
                origin: origin(row.get(19)?, row.get(20)?),
                apply: row.get(21)?,
                place: place.zip(origin(row.get(23)?, row.get(24)?)),
                undone: row.get(25)?,
            })?;
        }
        Ok(())
    }

    /// Returns all saves, oldest first.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn export_applies(&self) -> Result<Vec<NewApply>> {
        let sql =
            "SELECT id, (SELECT uuid FROM device WHERE device.id = apply.device), n, made_at, undone_at IS NOT NULL
                   FROM apply ORDER BY id";
        self.all(sql, |row| {
            Ok(NewApply {
                number: row.get(0)?,
                origin: origin(row.get(1)?, row.get(2)?),
                made_at: Instant::from_millis(row.get(3)?),
                undone: row.get(4)?,
            })
        })
    }

    /// Returns the entries that saves took away, as pairs of the entry and the save.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn export_voids(&self) -> Result<Vec<(i64, i64)>> {
        self.all("SELECT entry, apply FROM void ORDER BY entry, apply", |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
    }

    /// Returns the origins of corrections that stand, by their ids.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn correction_origins(&self) -> Result<HashMap<u64, Origin>> {
        let sql = "SELECT correction.id, uuid, n FROM correction JOIN device ON device.id = correction.device";
        let known = self.all(sql, |row| {
            let id = u64::try_from(row.get::<_, i64>(0)?)?;
            Ok(origin(row.get(1)?, row.get(2)?).map(|origin| (id, origin)))
        })?;
        Ok(known.into_iter().flatten().collect())
    }

    /// Returns the facts of imports that were taken back: their first and last.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn export_undone(&self) -> Result<Vec<NewUndone>> {
        let sql = "SELECT uuid, first_n, last_n FROM batch JOIN device ON device.id = batch.device
                   WHERE undone_at IS NOT NULL AND first_n IS NOT NULL ORDER BY batch.id";
        self.all(sql, |row| {
            Ok(NewUndone {
                device: row.get(0)?,
                first: row.get(1)?,
                last: row.get(2)?,
            })
        })
    }

    fn all<T>(&self, sql: &str, mut each: impl FnMut(&Row<'_>) -> Result<T>) -> Result<Vec<T>> {
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(each(row)?);
        }
        Ok(all)
    }
}
