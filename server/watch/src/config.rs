//! Notices when the config file changes.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use keeptab_system::home::make_private_folder;
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

/// Watches until it is dropped.
pub struct ConfigWatch {
    _watcher: RecommendedWatcher,
}

impl ConfigWatch {
    /// Calls `changed` whenever the file may have changed.
    ///
    /// The folder is watched, not the file: editors replace files, and the file may not be there yet.
    ///
    /// # Errors
    ///
    /// If the folder cannot be watched.
    pub fn start(file: &Path, changed: impl Fn() + Send + 'static) -> Result<Self> {
        let folder = file.parent().context("the config has no folder")?;
        make_private_folder(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let name = file.file_name().map(PathBuf::from);
        // The file may be a link into a folder of dotfiles: the target is watched too.
        let target = std::fs::canonicalize(file).ok();
        let target_folder = target.as_ref().and_then(|target| target.parent()).map(PathBuf::from);
        let concerns =
            move |path: &PathBuf| path.file_name().map(PathBuf::from) == name || Some(path) == target.as_ref();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| match event {
            Ok(event) if matches!(event.kind, EventKind::Access(_)) => {}
            Ok(event) if !event.paths.iter().any(&concerns) => {}
            _ => changed(),
        })?;
        watcher.watch(folder, RecursiveMode::NonRecursive)?;
        if let Some(other) = target_folder.filter(|other| other != folder) {
            watcher.watch(&other, RecursiveMode::NonRecursive)?;
        }
        Ok(Self { _watcher: watcher })
    }
}
