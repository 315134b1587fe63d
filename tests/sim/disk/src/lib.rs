//! The simulator's disk: a folder whose files forget what nobody synced once the power fails.
//!
//! Programs see the folder as it is. Beside it the model keeps what is on the disk for sure, and every write and every name
//! since the last sync. Any change can be refused, be half done, or be the last.
//!
//! `SQLite` changes files through a file system of this crate (`vfs`), all else through `keeptab_system::disk`. Both ask the
//! disk of their thread; in a thread without one, they do what they always do.

#![cfg(unix)]

mod model;
mod names;
mod vfs;

use std::cell::RefCell;
use std::io;
use std::path::{Path, PathBuf};

use keeptab_system::disk::{Change, watch};
use model::Model;
use tempfile::TempDir;

thread_local! {
    static MODEL: RefCell<Option<Model>> = const { RefCell::new(None) };
}

/// A trouble that a disk makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The change is refused; the next ones work.
    Refuse,
    /// The program dies at the change, which may be done, half done or not done at all.
    Kill,
}

/// The disk's part in a step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The number of changes.
    pub changes: u64,
    /// The fault that was made, in words.
    pub fault: Option<String>,
    /// True if the program died.
    pub is_dead: bool,
}

/// The disk of this thread. There is one at a time.
pub struct Disk {
    root: PathBuf,
    folder: TempDir,
}

impl Disk {
    /// Makes an empty disk; all its choices follow from the seed.
    ///
    /// # Errors
    ///
    /// If no folder can be made for it.
    ///
    /// # Panics
    ///
    /// If the thread has a disk already.
    pub fn new(seed: u64) -> io::Result<Self> {
        vfs::register();
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() {
            tempfile::tempdir_in(memory)?
        } else {
            tempfile::tempdir()?
        };
        let path = folder.path().canonicalize()?;
        let root = path.join("home");
        std::fs::create_dir(&root)?;
        let model = Model::new(&root, &path.join("anchors"), seed)?;
        MODEL.with_borrow_mut(|present| {
            assert!(present.is_none(), "a thread has one disk");
            *present = Some(model);
        });
        watch(Some(Box::new(outside)));
        vfs::begin_again();
        Ok(Self { root, folder })
    }

    /// Returns the folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Makes an empty folder that the disk knows nothing of.
    ///
    /// # Errors
    ///
    /// If it cannot be made.
    pub fn aside(&self) -> io::Result<PathBuf> {
        let folder = self.folder.path().canonicalize()?.join("aside");
        std::fs::create_dir(&folder)?;
        Ok(folder)
    }

    /// Begins a step, in which the `nth` change from 0 has a fault.
    pub fn begin(&self, fault: Option<(u64, Fault)>) {
        with(|model| model.begin(fault));
    }

    /// Ends a step: changes work again. The engines of a program that died must be gone by now.
    #[must_use]
    pub fn end(&self) -> Seen {
        with(Model::end).unwrap_or_default()
    }

    /// Returns what happened in the step up to now.
    #[must_use]
    pub fn seen(&self) -> Seen {
        with(|model| model.seen()).unwrap_or_default()
    }

    /// Runs a function while every change works and none is counted: for those who only look.
    pub fn calmly<T>(&self, look: impl FnOnce() -> T) -> T {
        with(|model| model.set_calm(true));
        let found = look();
        with(|model| model.set_calm(false));
        found
    }

    /// Refuses every change from now on, as a program that was killed makes none.
    pub fn kill(&self) {
        with(Model::kill);
    }

    /// Makes all that is there now survive.
    ///
    /// # Errors
    ///
    /// If a file cannot be read.
    pub fn settle(&self) -> io::Result<()> {
        with(Model::settle).unwrap_or(Ok(()))
    }

    /// Fails the power: of what was not synced, any part may be lost. No program may have a file open.
    ///
    /// # Errors
    ///
    /// If the folder cannot be written.
    pub fn fail_power(&self) -> io::Result<()> {
        with(Model::fail_power).unwrap_or(Ok(()))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        watch(None);
        MODEL.with_borrow_mut(|model| *model = None);
    }
}

/// Asks the model of this thread, if there is one.
fn with<T>(ask: impl FnOnce(&mut Model) -> T) -> Option<T> {
    MODEL.with_borrow_mut(|model| model.as_mut().map(ask))
}

/// Hears of a change outside `SQLite`.
fn outside(change: Change<'_>) -> io::Result<()> {
    with(|model| {
        let (word, path) = match change {
            Change::Create(path) => ("making", path),
            Change::Write(path) => ("writing", path),
            Change::Sync(path) => ("syncing", path),
            Change::SyncFolder(path) => ("syncing the folder", path),
            Change::Rename(_, path) => ("renaming to", path),
            Change::Link(_, path) => ("linking", path),
            Change::Remove(path) => ("removing", path),
        };
        // Removing what is not there is no change.
        if matches!(change, Change::Remove(_)) && path.symlink_metadata().is_err() {
            return Ok(());
        }
        let may = model.admit(word, path);
        model.look_at_folder_of(path)?;
        if may != model::May::Go {
            return Err(io::Error::from_raw_os_error(model.trouble()));
        }
        match change {
            Change::Sync(path) => model.sync(path),
            Change::SyncFolder(path) => model.sync_folder(path),
            _ => Ok(()),
        }
    })
    .unwrap_or(Ok(()))
}

#[cfg(test)]
mod tests;
