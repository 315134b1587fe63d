//! Watching of folders: the files in them that are written, and whether git writes them.
//!
//! On Linux each folder needs a watch of its own, so folders that git ignores are not watched; other systems watch
//! whole trees.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::WalkBuilder;
use keeptab_core::instant::{Instant, Length};
use keeptab_system::clock;
use keeptab_system::plain::{self, LONGEST_TEXT};
use notify::event::{AccessKind, AccessMode, CreateKind, ModifyKind, RemoveKind, RenameMode};
use notify::{Config, ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use tracing::warn;

use super::burst::Bursts;
use super::ignored::{Ignored, is_build_output, is_by_program};

/// True if each folder has to be watched by itself.
const BY_FOLDER: bool = cfg!(target_os = "linux");
/// The most changes that may wait. A longer queue would only confirm that there is a storm.
const MOST_WAITING: usize = 20_000;
/// A lock on git's index that is older is a stale one.
const LONGEST_LOCK: Length = Length::from_minutes(10);
/// The file by which git locks a repository while it changes its files.
const LOCK: &str = "index.lock";

/// Changes as the system reports them.
#[derive(Debug)]
pub struct Changes {
    at: Instant,
    event: notify::Result<Event>,
    waiting: Arc<AtomicUsize>,
}

/// Folders that are followed until this is dropped.
pub struct Tree {
    watcher: RecommendedWatcher,
    roots: Vec<PathBuf>,
    /// Git's folder of each repository, with the repository's own folder.
    repositories: HashMap<PathBuf, PathBuf>,
    /// The repositories whose index is locked, with the time of the lock.
    locked: HashMap<PathBuf, Instant>,
    ignored: Ignored,
    folders: usize,
    problem: Option<String>,
    /// True if some changes were missed.
    has_gaps: bool,
}

impl Tree {
    /// Watches folders, none of them within another, and passes changes to `tell`.
    ///
    /// # Errors
    ///
    /// If the system cannot watch any folder.
    pub fn start(roots: Vec<PathBuf>, tell: impl Fn(Changes) + Send + 'static) -> notify::Result<Self> {
        let waiting = Arc::new(AtomicUsize::new(0));
        let watcher = RecommendedWatcher::new(
            move |event: notify::Result<Event>| {
                if event.as_ref().is_ok_and(|event| !concerns(event)) {
                    return;
                }
                let before = waiting.fetch_add(1, Ordering::SeqCst);
                let event = match before {
                    0..MOST_WAITING => event,
                    // The last one that waits says that more was left out.
                    MOST_WAITING => Ok(Event::new(EventKind::Other).set_flag(notify::event::Flag::Rescan)),
                    _ => {
                        waiting.fetch_sub(1, Ordering::SeqCst);
                        return;
                    }
                };
                tell(Changes {
                    at: clock::now(),
                    event,
                    waiting: Arc::clone(&waiting),
                });
            },
            Config::default(),
        )?;
        let mut tree = Self {
            watcher,
            roots,
            repositories: HashMap::new(),
            locked: HashMap::new(),
            ignored: Ignored::default(),
            folders: 0,
            problem: None,
            has_gaps: false,
        };
        tree.follow_all();
        Ok(tree)
    }

    /// Returns the number of watched folders.
    #[must_use]
    pub fn folders(&self) -> usize {
        self.folders
    }

    /// Returns, once, the reason why some folders cannot be watched, with a hint.
    pub fn take_problem(&mut self) -> Option<String> {
        self.problem.take()
    }

    /// Adds what happened to the bursts.
    pub fn take(&mut self, changes: Changes, bursts: &mut Bursts) {
        changes.waiting.fetch_sub(1, Ordering::SeqCst);
        let event = match changes.event {
            Ok(event) => event,
            Err(error) => {
                self.refused(&error);
                return;
            }
        };
        if event.need_rescan() {
            self.has_gaps = true;
            bursts.overflowed();
            return;
        }
        // After a rename it is the new name that counts.
        let Some(path) = event.paths.last() else {
            return;
        };
        match event.kind {
            _ if path.file_name().is_some_and(|name| name == LOCK) => self.lock(path, event.kind, changes.at),
            EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(RenameMode::From)) => bursts.removed(path),
            EventKind::Create(CreateKind::Folder) => self.grew(path, changes.at, bursts),
            _ if path.is_dir() => self.grew(path, changes.at, bursts),
            _ => self.wrote(path, changes.at, bursts),
        }
    }

    /// Watches again all folders, if changes were missed.
    pub fn mend(&mut self) {
        if std::mem::take(&mut self.has_gaps) {
            self.follow_all();
        }
    }

    fn follow_all(&mut self) {
        self.folders = 0;
        for root in self.roots.clone() {
            if let Some(above) = root.ancestors().skip(1).find(|folder| folder.join(".git").exists()) {
                self.follow_repository(above);
            }
            if !BY_FOLDER {
                let watched = self.watcher.watch(&root, RecursiveMode::Recursive);
                watched.unwrap_or_else(|error| self.refused(&error));
            }
            self.follow(&root, |_| {});
        }
    }

    /// Watches a folder with all below it that git does not ignore, and calls `each` with the files in it.
    fn follow(&mut self, folder: &Path, mut each: impl FnMut(&Path)) {
        for entry in walk(folder) {
            if !is_folder(&entry) {
                each(entry.path());
                continue;
            }
            if entry.path().join(".git").exists() {
                self.follow_repository(entry.path());
            }
            self.watch(entry.path());
            if self.problem.is_some() {
                return;
            }
        }
    }

    fn watch(&mut self, folder: &Path) {
        self.folders += 1;
        if BY_FOLDER {
            let watched = self.watcher.watch(folder, RecursiveMode::NonRecursive);
            watched.unwrap_or_else(|error| self.refused(&error));
        }
    }

    /// Watches what git keeps for a repository, to see when it changes the files.
    fn follow_repository(&mut self, folder: &Path) {
        let git = folder.join(".git");
        // In a worktree and in a submodule, `.git` is a file with the path.
        let named = plain::read_text(&git, LONGEST_TEXT).ok();
        let named = named.and_then(|text| Some(folder.join(text.strip_prefix("gitdir:")?.trim())));
        let git = named.unwrap_or(git);
        if self.repositories.insert(git.clone(), folder.to_owned()).is_none() {
            let watched = self.watcher.watch(&git, RecursiveMode::NonRecursive);
            watched.unwrap_or_else(|error| self.refused(&error));
        }
    }

    fn lock(&mut self, lock: &Path, kind: EventKind, at: Instant) {
        let Some(folder) = lock.parent().and_then(|git| self.repositories.get(git)) else {
            return;
        };
        let gone = matches!(
            kind,
            EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(RenameMode::From))
        );
        if gone {
            self.locked.remove(folder);
        } else {
            self.locked.entry(folder.clone()).or_insert(at);
        }
    }

    /// Takes a new folder, with the files that were in it before it could be watched.
    fn grew(&mut self, folder: &Path, at: Instant, bursts: &mut Bursts) {
        let hidden = folder
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if hidden || folder.is_symlink() || is_build_output(folder) || self.ignored.is_ignored(folder, true) {
            return;
        }
        let mut files = Vec::new();
        self.follow(folder, |file| files.push(file.to_owned()));
        for file in files {
            self.wrote(&file, at, bursts);
        }
    }

    fn wrote(&mut self, file: &Path, at: Instant, bursts: &mut Bursts) {
        if file.file_name().is_some_and(|name| name == ".gitignore") {
            if let Some(folder) = file.parent() {
                self.ignored.forget(folder);
                // Folders that are no longer ignored are watched before a later change is reported.
                self.follow(folder, |_| {});
            }
            // The folders are counted again once there is time.
            self.has_gaps = true;
        }
        let Some(root) = self.roots.iter().position(|root| file.starts_with(root)) else {
            return;
        };
        // Except on Linux, all changes below a root are reported.
        let below = file.strip_prefix(&self.roots[root]).unwrap_or(file);
        let hidden = |part: &std::ffi::OsStr| part.to_string_lossy().starts_with('.');
        if is_by_program(file) || below.iter().any(hidden) || self.ignored.is_ignored(file, false) {
            return;
        }
        let built = |folder: &&Path| folder.starts_with(&self.roots[root]) && is_build_output(folder);
        if !BY_FOLDER && file.ancestors().skip(1).any(|folder| built(&folder)) {
            return;
        }
        self.locked.retain(|_, since| at - *since < LONGEST_LOCK);
        let by_git = self.locked.keys().any(|folder| file.starts_with(folder));
        bursts.wrote(root, file.to_owned(), by_git, at);
    }

    /// Stores the reason why something cannot be watched. A folder that is gone is no problem.
    fn refused(&mut self, error: &notify::Error) {
        match error.kind {
            ErrorKind::PathNotFound | ErrorKind::WatchNotFound => {}
            ErrorKind::MaxFilesWatch => self.problem = Some(too_many(self.folders)),
            _ => warn!("a folder is not followed: {error}"),
        }
    }
}

/// Returns the watched contents of a folder: folders without build output, and files, unless git ignores them.
fn walk(folder: &Path) -> impl Iterator<Item = ignore::DirEntry> {
    let ignored = Mutex::new(Ignored::default());
    let walk = WalkBuilder::new(folder)
        // The filters would open a FIFO in place of a `.gitignore`, and wait on it forever.
        .standard_filters(false)
        .hidden(true)
        .git_global(true)
        .same_file_system(true)
        .filter_entry(move |entry| {
            let is_folder = is_folder(entry);
            let mut ignored = ignored.lock().unwrap_or_else(PoisonError::into_inner);
            !(ignored.is_ignored(entry.path(), is_folder) || is_folder && is_build_output(entry.path()))
        })
        .build();
    walk.flatten()
}

/// Checks whether a folder can be watched, and returns the number of its folders, or the reason why not.
///
/// # Errors
///
/// If it does not exist, or has more folders than the system can watch.
pub fn rehearse(folder: &Path) -> Result<usize, String> {
    if !folder.is_dir() {
        return Err("it is not there\nhint: make it, or correct the project's paths".to_owned());
    }
    let folders = walk(folder).filter(is_folder).count();
    let limit = limit().filter(|limit| BY_FOLDER && folders > *limit);
    limit.map_or(Ok(folders), |_| Err(too_many(folders)))
}

/// Returns the number of folders that a user may watch, if the system tells.
fn limit() -> Option<usize> {
    let text = fs::read_to_string("/proc/sys/fs/inotify/max_user_watches").ok()?;
    text.trim().parse().ok()
}

/// Returns the message that there are more folders than may be watched.
fn too_many(folders: usize) -> String {
    format!(
        "not all folders can be watched: the system lets a user have {} watches, and {folders} folders were not \
         enough\nhint: `sudo sysctl fs.inotify.max_user_watches=1048576` raises it, and a file in /etc/sysctl.d keeps it",
        limit().unwrap_or_default()
    )
}

fn is_folder(entry: &ignore::DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_dir())
}

/// Returns true if an event may be about a written file, a new folder, or git.
fn concerns(event: &Event) -> bool {
    match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) | EventKind::Create(CreateKind::Folder) => true,
        // The two names of a rename are also reported one by one.
        EventKind::Modify(ModifyKind::Name(mode)) => mode != RenameMode::Both || !BY_FOLDER,
        EventKind::Create(_) => !BY_FOLDER || event.paths.iter().any(|path| path.ends_with(LOCK)),
        EventKind::Remove(kind) => kind != RemoveKind::Folder,
        EventKind::Modify(ModifyKind::Data(_)) => !BY_FOLDER,
        _ => event.need_rescan(),
    }
}
