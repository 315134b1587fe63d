//! Files that killed processes left under temporary names.

use std::fs::{self, DirEntry};

use keeptab_core::instant::{Instant, Length};

use super::Home;

/// How long after its last write nobody goes on with a file. A process writes one for seconds, a copy of the database for
/// minutes.
const ABANDONED: Length = Length::from_millis(3_600_000);

/// Removes abandoned files from the folders of a home.
pub fn sweep(home: &Home, now: Instant) {
    let folders = [
        home.data.clone(),
        home.config.clone(),
        home.invoices(),
        home.timesheets(),
        home.imports(),
    ];
    for entry in folders
        .iter()
        .filter_map(|folder| fs::read_dir(folder).ok())
        .flatten()
        .flatten()
    {
        if is_unfinished(&entry.file_name().to_string_lossy()) && is_abandoned(&entry, now) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Returns whether a name is one of those under which files are written before they are renamed.
fn is_unfinished(name: &str) -> bool {
    let is_hidden = name
        .strip_prefix(".keeptab-")
        .is_some_and(|rest| rest.contains(".unfinished") || rest.contains(".new"));
    let process = name.rsplit_once(".new-").map(|(_, process)| process);
    is_hidden
        || process.is_some_and(|process| !process.is_empty() && process.bytes().all(|digit| digit.is_ascii_digit()))
}

fn is_abandoned(entry: &DirEntry, now: Instant) -> bool {
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
            ".keeptab-0123456789abcdef.unfinished",
            ".keeptab-0123456789abcdef.unfinished-wal",
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
        put(".keeptab-fedcba9876543210.unfinished", 0);
        sweep(&home, Instant::from_millis(3_600_000 * 1_000));
        let is_there = |name: &&str| folder.path().join(name).exists();
        assert!(!old.iter().any(is_there));
        assert!(kept.iter().all(is_there));
        assert!(is_there(&".keeptab-fedcba9876543210.unfinished"));
    }
}
