//! Files that are written beside their place.

use std::fs::{self, File};
use std::hash::{BuildHasher as _, RandomState};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// The beginning and the end of the names of unfinished files.
const START: &str = ".keeptab-";
const END: &str = ".unfinished";

/// A private file beside its place, under a name that nobody can guess. Removed unless it is put in its place.
pub struct Beside {
    path: PathBuf,
}

impl Beside {
    /// Names a file beside a place; nothing is made yet.
    #[must_use]
    pub fn new(place: &Path) -> Self {
        // Keys of the system's random source.
        let random = RandomState::new().hash_one(std::process::id());
        let path = place.with_file_name(format!("{START}{random:016x}{END}"));
        Self { path }
    }

    /// Makes the file: of nobody else to read, and never an existing one.
    ///
    /// # Errors
    ///
    /// If it cannot be made.
    pub fn create(&self) -> Result<File> {
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&self.path);
        file.with_context(|| format!("cannot write {}", self.path.display()))
    }

    /// Returns where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Puts the file in its place; it and its folder are on the disk when this returns.
    ///
    /// # Errors
    ///
    /// If it cannot be synced or renamed.
    pub fn put(self, place: &Path) -> Result<()> {
        let put = || {
            File::open(&self.path)?.sync_all()?;
            fs::rename(&self.path, place)?;
            sync_folder(place)
        };
        put().with_context(|| format!("cannot write {}", place.display()))
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // Not there if it was put in its place.
        let _ = fs::remove_file(&self.path);
        for end in ["-wal", "-shm", "-journal"] {
            let mut beside = self.path.as_os_str().to_owned();
            beside.push(end);
            let _ = fs::remove_file(beside);
        }
    }
}

/// Syncs the folder of a file. Windows has no such call, and needs none.
fn sync_folder(place: &Path) -> std::io::Result<()> {
    match place.parent() {
        Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

/// Removes what killed processes left in a folder. The caller holds the lock under which such files are written.
pub fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(START) && name.contains(END) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
