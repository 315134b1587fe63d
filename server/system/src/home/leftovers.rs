//! Files that killed processes left under temporary names.

use std::fs::{self, DirEntry, File};
use std::path::Path;

use keeptab_core::instant::{Instant, Length};

use super::Home;
use crate::disk;

/// The beginning of the names of files that are not in their place yet.
pub(super) const START: &str = ".keeptab-";
/// The end of such a name; its writer holds the file's lock.
pub(super) const NEW: &str = ".new";
/// The end of the name of a database, which is never locked and never opened here. Its log has more.
pub(super) const DATABASE: &str = ".new-db";

/// The time after its last write at which a file counts as abandoned. A process writes one for seconds, a copy of the
/// database for minutes.
const ABANDONED: Length = Length::from_millis(3_600_000);

/// Removes abandoned files from the folders of a home.
pub fn sweep(home: &Home, now: Instant) {
    for folder in [
        home.data.clone(),
        home.config.clone(),
        home.invoices(),
        home.timesheets(),
        home.imports(),
        home.backups(),
    ] {
        clear(&folder, |entry| is_old(entry, now));
    }
}

/// Removes the files that killed processes left in a folder. The caller holds the lock under which databases are
/// written there.
pub fn sweep_alone(folder: &Path) {
    clear(folder, |_| true);
}

/// Removes files of a folder that no process writes any more: lockable ones whose lock is free, and abandoned ones of
/// the others.
pub(super) fn clear(folder: &Path, is_abandoned: impl Fn(&DirEntry) -> bool) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(START) && name.ends_with(NEW) {
            let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
            // The lock is held here until the file is gone, so that no writer gets it in between.
            if is_file
                && let Ok(file) = File::open(entry.path())
                && file.try_lock().is_ok()
            {
                let _ = disk::remove(&entry.path());
            }
        } else if is_unlocked(&name) && is_abandoned(&entry) {
            let _ = disk::remove(&entry.path());
        }
    }
}

/// Returns whether a name is one of those under which a database is written, or under which earlier versions wrote files.
fn is_unlocked(name: &str) -> bool {
    let is_hidden = name
        .strip_prefix(START)
        .is_some_and(|rest| rest.contains(DATABASE) || rest.contains(".unfinished"));
    let process = name.rsplit_once(".new-").map(|(_, process)| process);
    is_hidden
        || name.starts_with('.') && name.ends_with(".keeptab-new")
        || process.is_some_and(|process| !process.is_empty() && process.bytes().all(|digit| digit.is_ascii_digit()))
}

fn is_old(entry: &DirEntry, now: Instant) -> bool {
    let file = entry.metadata().ok().filter(fs::Metadata::is_file);
    let written = file.and_then(|file| file.modified().ok());
    written.is_some_and(|written| Instant::from(chrono::DateTime::<chrono::Utc>::from(written)) < now - ABANDONED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unfinished_files_that_are_abandoned_go() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path().to_owned(), None);
        fs::create_dir(home.invoices()).unwrap();
        let hour = std::time::Duration::from_hours(1);
        let put = |name: &str, hours: u32| {
            let file = fs::File::create(folder.path().join(name)).unwrap();
            file.set_modified(std::time::UNIX_EPOCH + hour * (1_000 - hours))
                .unwrap();
        };
        let old = [
            ".keeptab-0123456789abcdef.new-db",
            ".keeptab-0123456789abcdef.new-db-wal",
            ".keeptab-0123456789abcdef.unfinished",
            ".keeptab.toml.0123456789abcdef.keeptab-new",
            ".keeptab-77-1794787200000.new",
            "invoices/draft-1.new-77",
            "keeptab.new-77",
        ];
        let kept = [
            "keeptab.db",
            "keeptab.db-wal",
            "keeptab.v6.backup",
            "invoices/JDS-202611-0001.pdf",
            "a.new-b",
        ];
        for name in old.iter().chain(&kept) {
            put(name, 2);
        }
        let fresh = ".keeptab-fedcba9876543210.new-db";
        put(fresh, 0);
        sweep(&home, Instant::from_millis(3_600_000 * 1_000));
        let is_there = |name: &&str| folder.path().join(name).exists();
        assert!(!old.iter().any(is_there));
        assert!(kept.iter().all(is_there));
        assert!(is_there(&fresh));
    }
}
