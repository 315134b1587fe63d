//! Backups, and what is done with them.

mod archive;
mod backup;
mod restore;
mod retention;

pub use backup::{Backup, BackupFile, BackupJob, backup_files};
pub use restore::{Restoration, restore};
