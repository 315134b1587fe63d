//! Safety of the data: backup, restore, salvage, forget.

mod archive;
mod backup;
mod forget;
mod restore;
mod retention;
mod salvage;

pub use backup::{Backup, BackupFile, backup_files};
pub use forget::{Forget, Forgetting};
pub use restore::{Restoration, restore};
pub use salvage::{Salvage, salvage};
