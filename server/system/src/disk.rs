//! Changes of files outside `SQLite`: each is announced before it happens, so that a simulation can refuse it.

use std::cell::RefCell;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

/// A change of a file or a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change<'p> {
    /// A file is made, empty.
    Create(&'p Path),
    /// Bytes are written.
    Write(&'p Path),
    /// The bytes of a file go to the disk.
    Sync(&'p Path),
    /// The names in a folder go to the disk.
    SyncFolder(&'p Path),
    /// A file gets another name, in place of the file that has it.
    Rename(&'p Path, &'p Path),
    /// A file gets a second name.
    Link(&'p Path, &'p Path),
    /// A name is removed.
    Remove(&'p Path),
}

/// The listener of a thread; an error of it is the error of the change.
pub type Watcher = Box<dyn FnMut(Change<'_>) -> io::Result<()>>;

thread_local! {
    static WATCHER: RefCell<Option<Watcher>> = const { RefCell::new(None) };
}

/// Sets the listener of this thread, for simulations; `None` removes it. It must not change files by this module.
pub fn watch(watcher: Option<Watcher>) {
    WATCHER.with_borrow_mut(|present| *present = watcher);
}

/// Announces a change.
///
/// # Errors
///
/// If a simulation refuses it.
pub(crate) fn announce(change: Change<'_>) -> io::Result<()> {
    WATCHER.with_borrow_mut(|watcher| watcher.as_mut().map_or(Ok(()), |watcher| watcher(change)))
}

/// Writes bytes into a file that is open under a path.
///
/// # Errors
///
/// If they cannot be written.
pub fn write(mut file: &File, path: &Path, bytes: &[u8]) -> io::Result<()> {
    announce(Change::Write(path))?;
    file.write_all(bytes)
}

/// Waits until the bytes of a file are on the disk.
///
/// # Errors
///
/// If they do not get there.
pub fn sync(path: &Path) -> io::Result<()> {
    announce(Change::Sync(path))?;
    File::options().write(true).open(path)?.sync_all()
}

/// Waits until the names in the folder of a file are on the disk. Systems that cannot sync a folder keep names by
/// themselves.
///
/// # Errors
///
/// Only if a simulation refuses it.
pub fn sync_folder_of(file: &Path) -> io::Result<()> {
    let Some(folder) = file.parent() else { return Ok(()) };
    announce(Change::SyncFolder(folder))?;
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// Renames a file; one that has the name is replaced.
///
/// # Errors
///
/// As [`fs::rename`].
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    announce(Change::Rename(from, to))?;
    fs::rename(from, to)
}

/// Gives a file a second name.
///
/// # Errors
///
/// As [`fs::hard_link`].
pub fn link(from: &Path, to: &Path) -> io::Result<()> {
    announce(Change::Link(from, to))?;
    fs::hard_link(from, to)
}

/// Removes a file.
///
/// # Errors
///
/// As [`fs::remove_file`].
pub fn remove(path: &Path) -> io::Result<()> {
    announce(Change::Remove(path))?;
    fs::remove_file(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::home::write_whole;

    /// Writes a file whole while the change at a place of the list is refused, and returns the announced changes.
    fn refusing(nth: Option<usize>, place: &Path) -> (bool, Vec<String>) {
        let seen = std::rc::Rc::new(RefCell::new(Vec::new()));
        let heard = std::rc::Rc::clone(&seen);
        watch(Some(Box::new(move |change| {
            let word = format!("{change:?}");
            heard.borrow_mut().push(word.split('(').next().unwrap().to_owned());
            if nth == Some(heard.borrow().len() - 1) {
                return Err(io::ErrorKind::StorageFull.into());
            }
            Ok(())
        })));
        let written = write_whole(place, b"new").is_ok();
        watch(None);
        (written, seen.take())
    }

    #[test]
    fn every_change_is_announced_and_can_be_refused() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("a");
        fs::write(&place, b"old").unwrap();
        let (written, all) = refusing(None, &place);
        assert!(written);
        assert_eq!(&all[..5], ["Create", "Write", "Sync", "Rename", "SyncFolder"]);
        for (nth, change) in all.iter().enumerate().take(4) {
            fs::write(&place, b"old").unwrap();
            assert!(!refusing(Some(nth), &place).0, "{change}");
            assert_eq!(fs::read(&place).unwrap(), b"old", "{change}");
        }
    }
}
