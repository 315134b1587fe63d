//! Safety of the data: backup, restore, salvage, forget.

mod archive;
mod backup;
mod command;
mod forget;
mod restore;
mod retention;
mod salvage;

pub use backup::{Backup, BackupFile, BackupJob, backup_files};
pub use command::{SafetyCommand, SafetyReply};
pub use forget::{Forget, Forgetting, finish_forgetting};
pub use restore::{Restoration, restore};
pub use salvage::{Salvage, salvage};
