//! Backups, and what is done with them.

mod archive;
mod backup;
mod command;
mod restore;
mod retention;
mod salvage;

pub use backup::{Backup, BackupFile, BackupJob, backup_files};
pub use command::{SafetyCommand, SafetyReply};
pub use restore::{Restoration, restore};
pub use salvage::{Salvage, salvage};
