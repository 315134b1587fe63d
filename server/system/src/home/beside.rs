//! Files that appear in their place whole or not at all: written beside it under an unguessable name, synced, renamed.

use std::fs::{self, File};
use std::hash::{BuildHasher as _, RandomState};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::disk::{self, Change};

use super::leftovers::{DATABASE, NEW, START, clear};
use super::{make_private_folder, private_file};

/// A file that is written beside its place; removed again unless it is put there.
#[derive(Debug)]
pub struct Beside<F = File> {
    file: F,
    path: PathBuf,
    place: PathBuf,
}

impl Beside {
    /// Makes an empty file that no other user can read, in the folder of its place. The folder is made if it does not
    /// exist, and files of killed writers there are removed.
    ///
    /// # Errors
    ///
    /// If it cannot be made.
    pub fn new(place: &Path) -> Result<Self> {
        loop {
            let (file, path, place) = make(place, NEW)?;
            let beside = Self { file, path, place };
            // Held while it is written, so that no process takes it for the file of a killed writer.
            beside.file.lock().with_context(|| beside.cannot())?;
            // A process may have removed it just before.
            if beside.path.exists() {
                return Ok(beside);
            }
        }
    }

    /// Returns the file.
    #[must_use]
    pub fn file(&self) -> &File {
        &self.file
    }
}

impl Beside<()> {
    /// Makes an empty file that becomes a database. It is neither locked nor opened by anybody but `SQLite`: a lock of another
    /// kind would keep that from it on Windows, and closing it once more would take away the locks of a connection on Unix.
    ///
    /// # Errors
    ///
    /// If it cannot be made.
    pub fn database(place: &Path) -> Result<Self> {
        let (_, path, place) = make(place, DATABASE)?;
        Ok(Self { file: (), path, place })
    }
}

impl<F> Beside<F> {
    /// Returns its temporary path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Puts it in its place, in one step, once its bytes are on the disk. A file in that place is replaced; a link
    /// itself, not its target.
    ///
    /// # Errors
    ///
    /// If that fails; then the file in its place is unchanged.
    pub fn put(self) -> Result<PathBuf> {
        disk::sync(&self.path).with_context(|| self.cannot())?;
        disk::rename(&self.path, &self.place).with_context(|| self.cannot())?;
        // The name is on the disk with its folder.
        let _ = disk::sync_folder_of(&self.place);
        Ok(self.place.clone())
    }

    fn cannot(&self) -> String {
        format!("cannot write {}", self.place.display())
    }
}

/// Makes an empty file in the folder of its place, and returns it with its path and its place.
fn make(place: &Path, end: &str) -> Result<(File, PathBuf, PathBuf)> {
    let place = std::path::absolute(place)?;
    let folder = place.parent().context("the file has no folder")?;
    make_private_folder(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    clear(folder, |_| false);
    let random = || RandomState::new().hash_one(std::process::id());
    let path = folder.join(format!("{START}{:016x}{:016x}{end}", random(), random()));
    // Never through a link that another user put there.
    let file = disk::announce(Change::Create(&path))
        .and_then(|()| private_file().read(true).write(true).create_new(true).open(&path));
    let file = file.with_context(|| format!("cannot write {}", path.display()))?;
    Ok((file, path, place))
}

impl<F> Drop for Beside<F> {
    fn drop(&mut self) {
        // After `put` there is no file under this name.
        let _ = disk::remove(&self.path);
        for end in ["-wal", "-shm", "-journal"] {
            let mut beside = self.path.as_os_str().to_owned();
            beside.push(end);
            let _ = disk::remove(Path::new(&beside));
        }
    }
}

/// Writes a file whole. A replaced file's permissions are kept; a new one only its owner can read.
///
/// # Errors
///
/// If that fails; then the old file is unchanged.
pub fn write_whole(place: &Path, bytes: &[u8]) -> Result<()> {
    let beside = Beside::new(place)?;
    disk::write(beside.file(), beside.path(), bytes).with_context(|| beside.cannot())?;
    if let Ok(present) = fs::symlink_metadata(place)
        && present.is_file()
    {
        let _ = beside.file().set_permissions(present.permissions());
    }
    beside.put().map(drop)
}

/// Writes a file that may be a link, as in a folder of dotfiles: the link stays, and the file that it leads to is written.
///
/// # Errors
///
/// If that fails; then the old file is unchanged.
pub fn write_through(place: &Path, bytes: &[u8]) -> Result<()> {
    write_whole(&fs::canonicalize(place).unwrap_or_else(|_| place.to_owned()), bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_whole_or_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("a");
        write_whole(&place, b"old").unwrap();
        let beside = Beside::new(&place).unwrap();
        beside.file().write_all(b"half").unwrap();
        assert_eq!(fs::read(&place).unwrap(), b"old");
        drop(beside);
        assert_eq!(
            (fs::read(&place).unwrap(), names(folder.path())),
            (b"old".to_vec(), vec!["a".to_owned()])
        );
        write_whole(&place, b"new").unwrap();
        assert_eq!(
            (fs::read(&place).unwrap(), names(folder.path())),
            (b"new".to_vec(), vec!["a".to_owned()])
        );
    }

    #[test]
    fn what_a_killed_writer_left_is_removed_and_what_somebody_writes_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let left = folder.path().join(format!("{START}0123{NEW}"));
        fs::write(&left, "half").unwrap();
        let one = Beside::new(&folder.path().join("a")).unwrap();
        assert!(!left.exists());
        let other = Beside::new(&folder.path().join("a")).unwrap();
        assert_ne!(one.path(), other.path());
        assert!(one.path().exists());
        other.put().unwrap();
        one.put().unwrap();
        assert_eq!(names(folder.path()), ["a"]);
    }

    #[test]
    fn a_database_in_the_making_is_neither_locked_nor_removed() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("a.db");
        let database = Beside::database(&place).unwrap();
        File::open(database.path()).unwrap().try_lock().unwrap();
        write_whole(&folder.path().join("b"), b"other").unwrap();
        assert!(database.path().exists(), "whoever writes there leaves it alone");
        fs::write(database.path(), b"whole").unwrap();
        fs::write(format!("{}-wal", database.path().display()), b"log").unwrap();
        assert_eq!(database.put().unwrap(), place);
        assert_eq!(
            (fs::read(&place).unwrap(), names(folder.path())),
            (b"whole".to_vec(), vec!["a.db".to_owned(), "b".to_owned()])
        );
    }

    #[test]
    fn many_writers_of_one_folder_do_not_remove_what_others_write() {
        let folder = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for writer in 0..8 {
                let place = folder.path().join(writer.to_string());
                scope.spawn(move || {
                    for _ in 0..50 {
                        write_whole(&place, b"whole").unwrap();
                    }
                });
            }
        });
        assert_eq!(names(folder.path()).len(), 8);
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_reads_it_and_links_are_replaced() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let mode = |name: &str| fs::metadata(at(name)).unwrap().permissions().mode() & 0o777;
        write_whole(&at("a"), b"1").unwrap();
        assert_eq!(mode("a"), 0o600);
        fs::set_permissions(at("a"), fs::Permissions::from_mode(0o644)).unwrap();
        write_whole(&at("a"), b"2").unwrap();
        assert_eq!(mode("a"), 0o644);
        symlink(at("a"), at("link")).unwrap();
        write_through(&at("link"), b"3").unwrap();
        assert_eq!(
            (fs::read(at("a")).unwrap(), at("link").is_symlink()),
            (b"3".to_vec(), true)
        );
        write_whole(&at("link"), b"4").unwrap();
        assert_eq!(
            (fs::read(at("a")).unwrap(), at("link").is_symlink()),
            (b"3".to_vec(), false)
        );
        assert_eq!(mode("link"), 0o600);
    }
}
