//! Commands about backups and damaged databases, with their answers.

use std::fmt;
use std::path::PathBuf;

use anyhow::{Result, ensure};
use keeptab_core::instant::Instant;
use serde::Serialize;

use super::{Backup, Forget, Forgetting, Restoration, Salvage, salvage};
use crate::engine::Engine;

/// The requested action.
#[derive(Clone, Debug)]
pub enum SafetyCommand {
    /// Writes a checked, compressed copy of the database.
    Backup {
        /// Its new file; the day's file among the backups if `None`.
        file: Option<PathBuf>,
    },
    /// Puts a backup in the place of the database.
    Restore {
        /// The backup.
        file: PathBuf,
        /// True to do it, false to report only what it would do.
        yes: bool,
    },
    /// Removes all unbilled records of a thing or a stretch of time. Free space and backups may still hold them until
    /// [`finish_forgetting`](super::finish_forgetting) is through.
    Forget {
        /// The part of the history; `None` to finish earlier ones only.
        what: Option<Forget>,
        /// True to do it, false to report only what it would do.
        yes: bool,
    },
    /// Writes all that a damaged file still holds into a new one.
    Salvage {
        /// The damaged file.
        file: PathBuf,
        /// The new one.
        to: PathBuf,
    },
}

/// The answer.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum SafetyReply {
    /// A backup that was written.
    Backup(Backup),
    /// The records that were restored, or would be.
    Restoration(Box<Restoration>),
    /// The records that were forgotten, or would be.
    Forgetting(Box<Forgetting>),
    /// A file that was salvaged.
    Salvage(Salvage),
}

impl Engine {
    /// Runs a safety command.
    pub(in crate::engine) fn safety(&mut self, command: SafetyCommand, now: Instant) -> Result<SafetyReply> {
        Ok(match command {
            SafetyCommand::Backup { file } => SafetyReply::Backup(self.backup_job(file, now).run()?),
            SafetyCommand::Restore { file, yes } => SafetyReply::Restoration(Box::new(self.restore(&file, yes, now)?)),
            SafetyCommand::Forget { what, yes } => {
                SafetyReply::Forgetting(Box::new(self.forget(what.as_ref(), yes, now)?))
            }
            SafetyCommand::Salvage { file, to } => {
                // Reading it as a plain file would take away the locks that this process holds on it.
                ensure!(
                    file != self.home.database(),
                    "the database is open here\nhint: `keeptab salvage --to {}` in a shell salvages it",
                    to.display()
                );
                SafetyReply::Salvage(salvage(&file, &to, now)?)
            }
        })
    }
}

/// Shown as the shell prints it.
impl fmt::Display for SafetyReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Backup(backup) => backup.fmt(f),
            Self::Restoration(restoration) => restoration.fmt(f),
            Self::Forgetting(forgetting) => forgetting.fmt(f),
            Self::Salvage(salvage) => salvage.fmt(f),
        }
    }
}
