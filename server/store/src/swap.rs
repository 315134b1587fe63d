//! Putting another file in the place of the database.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use keeptab_core::instant::Instant;
use keeptab_system::disk;
use keeptab_system::home::lock_file;
use rusqlite::Connection;

use super::open;
use super::place::mark_rescued;
use super::restore::{Contents, Refusal, contents_throughout};

/// The most attempts to find the log empty while no process writes.
const TRIES: usize = 20;

/// The database while no other process can write to it, with all of its log in the file itself.
pub struct Held {
    connection: Connection,
}

impl Held {
    /// Waits until no process writes, and locks all others out.
    ///
    /// # Errors
    ///
    /// If the database cannot be read, or others never stop writing.
    pub fn hold(path: &Path, now: Instant) -> Result<Self> {
        let mut connection = open::connect(path)?;
        open::check(&connection)?;
        // One of an earlier version is brought to the present one.
        open::migrate(&mut connection, Some(path), now)?;
        for _ in 0..TRIES {
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
            connection.execute_batch("BEGIN IMMEDIATE")?;
            if is_empty(&beside(path, "-wal")) {
                return Ok(Self { connection });
            }
            connection.execute_batch("ROLLBACK")?;
        }
        Err(Refusal::Busy.into())
    }

    /// Returns the contents, if all of it can be read.
    ///
    /// # Errors
    ///
    /// If it is damaged.
    pub fn contents(&self) -> Result<Contents> {
        contents_throughout(&self.connection)
    }
}

/// Puts a file in the place of the database, and keeps the database with its log under another name. A process that
/// has the old one open opens the new one at its next command or event, and a process that opens one meanwhile waits.
///
/// # Errors
///
/// If a file cannot be moved. The database then stays where it is.
pub fn put_in_place(new: &Path, place: &Path, kept: &Path, held: Option<Held>) -> Result<()> {
    // No program may open the old file between the steps: a log that it made would be taken for the new one's.
    let gate = gate(place).context("the folder of the database cannot be written")?;
    gate.lock()?;
    let moved = || -> std::io::Result<()> {
        // Its bytes are on the disk before its name is.
        disk::sync(new)?;
        if place.exists() {
            disk::link(place, kept)?;
        }
        for end in ["-wal", "-shm"] {
            let (from, to) = (beside(place, end), beside(kept, end));
            match held {
                // All of it is in the file.
                Some(_) if from.exists() => disk::remove(&from)?,
                None if from.exists() => disk::rename(&from, &to)?,
                _ => {}
            }
        }
        // The old log is gone for good before the new file could have it as its own.
        disk::sync_folder_of(place)?;
        disk::rename(new, place)?;
        disk::sync_folder_of(place)
    };
    moved().with_context(|| format!("{} cannot be put in place", place.display()))?;
    if let Some(held) = held {
        // It notices that its file has moved, and leaves the new one's log alone. Hosts that have it open read there that all
        // of it is kept.
        let marked = mark_rescued(&held.connection, kept).and_then(|()| Ok(held.connection.execute_batch("COMMIT")?));
        if marked.is_err() {
            // A damaged one cannot be written; it is out of the way all the same.
            let _ = held.connection.execute_batch("ROLLBACK");
        }
    }
    Ok(())
}

/// Keeps the database from being replaced while it is opened; `None` if the folder cannot be written.
pub(super) fn while_opening(path: &Path) -> Option<File> {
    let gate = gate(path).ok()?;
    gate.lock_shared().ok()?;
    Some(gate)
}

fn gate(path: &Path) -> std::io::Result<File> {
    lock_file(&path.with_extension("lock"))
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn is_empty(path: &Path) -> bool {
    fs::metadata(path).map_or(true, |metadata| metadata.len() == 0)
}
