//! Copies of the database: one per day automatically, and more on request.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use chrono::NaiveDate;
use keeptab_core::instant::Instant;
use keeptab_core::plain::counted;
use keeptab_system::disk;
use keeptab_system::home::{Beside, Home, lock_file, make_private_folder, sweep_alone};
use schemars::JsonSchema;
use serde::Serialize;

use super::{archive, retention};
use crate::Engine;

const START: &str = "keeptab-";
const END: &str = ".db.gz";

/// A backup that was written.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Backup {
    /// The file.
    pub file: PathBuf,
    /// Its length.
    pub bytes: u64,
    /// Number of events in it.
    pub events: u64,
    /// Number of invoices and credit notes in it.
    pub invoices: u64,
    /// Older backups that were removed after it.
    pub removed: Vec<PathBuf>,
}

/// A backup to make. It runs on any thread, on a connection of its own: no writer waits for it.
#[derive(Clone, Debug)]
pub struct BackupJob {
    home: Home,
    day: NaiveDate,
    file: Option<PathBuf>,
}

impl Engine {
    /// Returns the backup of the present day, or one in a file of its own.
    #[must_use]
    pub fn backup_job(&self, file: Option<PathBuf>, now: Instant) -> BackupJob {
        BackupJob {
            home: self.home.clone(),
            day: self.config.calendar.day_of(now),
            file,
        }
    }

    /// Returns the end of the present day, and true if its backup exists.
    #[must_use]
    pub fn backup_due(&self, now: Instant) -> (Instant, bool) {
        let job = self.backup_job(None, now);
        (self.today(now).end(), job.place().exists())
    }
}

impl BackupJob {
    /// Writes the backup, in place of an earlier one of the day.
    ///
    /// # Errors
    ///
    /// If the database is damaged or cannot be read, or if the file is there or cannot be written.
    pub fn run(&self) -> Result<Backup> {
        let _lock = lock(&self.home, File::lock)?;
        self.write()
    }

    /// Writes the backup of the day, unless it exists or another process writes it.
    ///
    /// # Errors
    ///
    /// If the database is damaged or cannot be read, or if the file cannot be written.
    pub fn run_once(&self) -> Result<Option<Backup>> {
        let Ok(_lock) = lock(&self.home, |lock| Ok(lock.try_lock()?)) else {
            return Ok(None);
        };
        if self.place().exists() {
            return Ok(None);
        }
        self.write().map(Some)
    }

    fn place(&self) -> PathBuf {
        let place = || self.home.backups().join(format!("{START}{}{END}", self.day));
        self.file.clone().unwrap_or_else(place)
    }

    /// Writes under a temporary name, so that a killed process leaves only such a file.
    fn write(&self) -> Result<Backup> {
        let folder = self.home.backups();
        sweep_alone(&folder);
        let place = self.place();
        if self.file.is_some() && place.exists() {
            bail!("{} is there already\nhint: name a new file", place.display());
        }
        let plain = Beside::database(&folder.join("copy"))?;
        let copied = keeptab_store::copy(&self.home.database(), plain.path()).context("no backup was written")?;
        let packed = Beside::new(&place)?;
        let bytes = archive::compress(plain.path(), packed.file()).context("no backup was written")?;
        packed.put()?;
        let removed = if self.file.is_none() {
            thin_out(&folder)?
        } else {
            Vec::new()
        };
        Ok(Backup {
            file: place,
            bytes,
            events: copied.events,
            invoices: copied.invoices,
            removed,
        })
    }
}

/// Takes the lock under which backups are written and restored.
pub(super) fn lock(home: &Home, take: impl FnOnce(&File) -> std::io::Result<()>) -> Result<File> {
    let folder = home.backups();
    make_private_folder(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let lock = lock_file(&folder.join("lock"))?;
    take(&lock).context("another process writes a backup")?;
    Ok(lock)
}

/// Returns the backups that keeptab makes by itself, oldest first.
fn backups(folder: &Path) -> Vec<(NaiveDate, PathBuf)> {
    let mut backups: Vec<(NaiveDate, PathBuf)> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name();
            let day = name.to_str()?.strip_prefix(START)?.strip_suffix(END)?.parse().ok()?;
            Some((day, entry.path()))
        })
        .collect();
    backups.sort();
    backups
}

/// An existing backup.
#[derive(Clone, Debug, Serialize)]
pub struct BackupFile {
    /// The file.
    pub file: PathBuf,
    /// The day.
    pub day: NaiveDate,
    /// Its length.
    pub bytes: u64,
}

/// Returns the backups that keeptab makes by itself, newest first.
#[must_use]
pub fn backup_files(home: &Home) -> Vec<BackupFile> {
    let of = |(day, file): (NaiveDate, PathBuf)| BackupFile {
        bytes: fs::metadata(&file).map_or(0, |metadata| metadata.len()),
        day,
        file,
    };
    backups(&home.backups()).into_iter().rev().map(of).collect()
}

/// Returns the copies of the database that keeptab made in its home: backups, and databases that were migrated, removed or
/// replaced.
pub(super) fn copies(home: &Home) -> Vec<PathBuf> {
    let database = home.database();
    let stem = database.file_stem().unwrap_or_default().to_owned();
    let is_copy = |path: &PathBuf| {
        let of_ours = path.file_name().and_then(|name| name.to_str()).zip(stem.to_str());
        of_ours
            .and_then(|(name, stem)| name.strip_prefix(stem)?.strip_prefix('.'))
            .is_some_and(|end| {
                let is_dated = end.starts_with("removed-") || end.starts_with("replaced-");
                end.ends_with(".backup") || is_dated && !end.ends_with("-shm")
            })
    };
    let beside = fs::read_dir(database.parent().unwrap_or(Path::new(".")))
        .into_iter()
        .flatten()
        .flatten();
    let mut copies: Vec<PathBuf> = beside.map(|entry| entry.path()).filter(is_copy).collect();
    copies.sort();
    copies.extend(backups(&home.backups()).into_iter().map(|(_, path)| path));
    copies
}

/// Removes the backups that do not stay.
fn thin_out(folder: &Path) -> Result<Vec<PathBuf>> {
    let backups = backups(folder);
    let days: BTreeSet<NaiveDate> = backups.iter().map(|(day, _)| *day).collect();
    let staying = retention::staying(&days);
    let mut removed = Vec::new();
    for (day, path) in backups {
        if !staying.contains(&day) {
            disk::remove(&path).with_context(|| format!("cannot remove {}", path.display()))?;
            removed.push(path);
        }
    }
    Ok(removed)
}

impl fmt::Display for Backup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { events, invoices, .. } = self;
        let kib = self.bytes.div_ceil(1024);
        write!(
            f,
            "backed up and checked: {}, {}, {kib} KiB\n{}",
            counted(*events, "event"),
            counted(*invoices, "invoice"),
            self.file.display()
        )
    }
}
