//! Backups, and what is done with them.

mod archive;
mod backup;
mod beside;
mod retention;

pub use backup::{Backup, BackupJob};
