//! Comparison of the open file with the one at its path: it can be removed or replaced under a running host.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use keeptab_core::instant::Instant;
use keeptab_system::disk;
use keeptab_system::home::{lock_file, make_private_folder};
use rusqlite::Connection;
use tracing::error;

use super::{Store, cause, device, open};

/// An id that tells a file from every other one at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileId(u64, u64);

impl FileId {
    /// Returns the file at a path.
    #[cfg(unix)]
    pub(super) fn at(path: &Path) -> io::Result<Self> {
        use std::os::unix::fs::MetadataExt as _;
        fs::metadata(path).map(|file| Self(file.dev(), file.ino()))
    }

    /// Returns the file at a path. A file that is open can be neither removed nor replaced here.
    #[cfg(not(unix))]
    pub(super) fn at(path: &Path) -> io::Result<Self> {
        fs::metadata(path).map(|_| Self(0, 0))
    }
}

/// The setting in which a database that is no longer at its path keeps the name of its rescued copy.
const RESCUED: &str = "rescued";

/// The removal or replacement of the open database file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// True if it was removed, so that an empty one was begun; else another was put in its place.
    pub removed: bool,
    /// The copy of all that it held; `None` if it was too damaged to be copied.
    pub kept: Option<PathBuf>,
}

enum Place {
    Same,
    Gone,
    Other,
}

impl Store {
    /// Opens the file at the store's path, if it is not the open one. One host first writes all of the open file to
    /// `keeptab.removed-DATE.db` or `keeptab.replaced-DATE.db`.
    ///
    /// # Errors
    ///
    /// If the other file cannot be opened, or the open one cannot be written. Nothing may be acknowledged then.
    pub fn successor(&self, now: Instant) -> Result<Option<(Self, Moved)>> {
        if matches!(self.place()?, Place::Same) {
            return Ok(None);
        }
        let folder = self.path.parent().context("it has no folder")?;
        make_private_folder(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let alone = alone(&self.path)?;
        // Another host may have been quicker.
        let removed = match self.place()? {
            Place::Same => return Ok(None),
            Place::Gone => true,
            Place::Other => false,
        };
        let kept = self.rescue(if removed { "removed" } else { "replaced" }, now)?;
        if removed {
            open::create(&self.path, now)?;
        } else if self.log.is_some() && FileId::at(&log_of(&self.path)).ok() == self.log {
            // Otherwise, the replaced file's log would be read as part of the new file.
            put_log_aside(&self.path, now)?;
        }
        drop(alone);
        let moved = Moved { removed, kept };
        error!("{} is another file than before: {moved:?}", self.path.display());
        Ok(Some((Self::open(&self.path, now)?, moved)))
    }

    fn place(&self) -> Result<Place> {
        match FileId::at(&self.path) {
            Ok(file) if file == self.file => Ok(Place::Same),
            Ok(_) => Ok(Place::Other),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(Place::Gone),
            Err(error) => Err(error).with_context(|| format!("{} cannot be reached", self.path.display())),
        }
    }

    /// Writes the database, which is still open, to a file beside its place, unless another host has done so. A damaged one
    /// cannot be written; `None` then.
    fn rescue(&self, how: &str, now: Instant) -> Result<Option<PathBuf>> {
        match self.copied(how, now) {
            Err(error) if cause::is_damage(&error) => {
                error!("{} was {how} and cannot be copied: {error:#}", self.path.display());
                Ok(None)
            }
            copied => copied.map(Some),
        }
    }

    fn copied(&self, how: &str, now: Instant) -> Result<PathBuf> {
        if let Some(kept) = self.setting(RESCUED)? {
            return Ok(self.path.with_file_name(kept));
        }
        let kept = self.path.with_extension(format!("{how}-{}.db", date(now)));
        if kept.exists() {
            bail!("{} is there already", kept.display());
        }
        let copied = open::copy(&self.connection, &kept);
        copied.with_context(|| format!("{} was {how}, and its copy cannot be written", self.path.display()))?;
        // Restoring it makes another device.
        device::mark_copy(&open::connect(&kept)?, &kept)?;
        mark_rescued(&self.connection, &kept)?;
        Ok(kept)
    }
}

/// Makes a database that is at its path no more tell where all of it is kept.
pub(super) fn mark_rescued(connection: &Connection, kept: &Path) -> Result<()> {
    let name = kept
        .file_name()
        .and_then(OsStr::to_str)
        .context("the file has no name")?;
    let sql = "INSERT OR REPLACE INTO setting (key, value) VALUES (?1, ?2)";
    connection.execute(sql, (RESCUED, name))?;
    Ok(())
}

/// Notes that a database is at its path: it may have been put back.
pub(super) fn is_here(connection: &Connection) -> Result<()> {
    let sql = "SELECT EXISTS (SELECT 1 FROM setting WHERE key = ?1)";
    if connection.query_row(sql, [RESCUED], |row| row.get(0))? {
        connection.execute("DELETE FROM setting WHERE key = ?1", [RESCUED])?;
    }
    Ok(())
}

/// Waits until no other process creates, migrates or replaces the file. Dropping the result frees it.
pub(super) fn alone(path: &Path) -> Result<File> {
    let lock = beside(path, ".lock");
    let file = lock_file(&lock);
    let file = file.with_context(|| format!("cannot make {}", lock.display()))?;
    file.lock().with_context(|| format!("cannot lock {}", lock.display()))?;
    Ok(file)
}

/// Moves the log of a database that is gone out of the way: a new one would take it for its own.
pub(super) fn put_log_aside(path: &Path, now: Instant) -> Result<()> {
    let (log, shared) = (log_of(path), beside(path, "-shm"));
    let aside = path.with_extension(format!("removed-{}.wal", date(now)));
    if aside.exists() {
        bail!("{} is there already", aside.display());
    }
    for (from, to) in [(&log, Some(&aside)), (&shared, None)] {
        let moved = match to {
            Some(to) => disk::rename(from, to),
            None => disk::remove(from),
        };
        match moved {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("cannot move {}", from.display()));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Returns the path of a database's write-ahead log.
pub(super) fn log_of(path: &Path) -> PathBuf {
    beside(path, "-wal")
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(end);
    name.into()
}

/// Returns an instant as a part of a file's name.
fn date(now: Instant) -> String {
    now.to_rfc3339().replace(':', "")
}
