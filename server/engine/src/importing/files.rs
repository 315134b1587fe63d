//! The files of an import: those that were named, and those of folders.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use keeptab_import::{Wish, recognise};

use super::account::Skipped;

/// The ends of the names of the files that a folder stands for.
const EXTENSIONS: [&str; 10] = [
    "csv",
    "tsv",
    "json",
    "ics",
    "timeclock",
    "timedot",
    "data",
    "org",
    "bartib",
    "txt",
];

/// Files to import, each with whether it was named or found in a folder.
pub(super) type Files = Vec<(PathBuf, bool)>;

/// Returns the files that can be read, and those of folders that cannot, with the reason. A file that was named has to be
/// readable.
pub(super) fn ours(files: Files, wish: &Wish) -> Result<(Vec<PathBuf>, Vec<Skipped>)> {
    let (mut ours, mut skipped, mut first) = (Vec::new(), Vec::new(), None);
    for (file, is_named) in files {
        match recognise(&file, wish) {
            Err(error) if !is_named => {
                let name = file.file_name().unwrap_or(file.as_os_str());
                let why = error.to_string();
                skipped.push(Skipped {
                    file: name.to_string_lossy().into_owned(),
                    why: why.lines().next().unwrap_or_default().to_owned(),
                });
                first = first.or(Some(error));
            }
            _ => ours.push(file),
        }
    }
    match first {
        Some(error) if ours.is_empty() => Err(error),
        _ => Ok((ours, skipped)),
    }
}

/// Returns the files; a folder is replaced by the files in it that an import may read.
pub(super) fn expand(paths: &[PathBuf]) -> Result<Files> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push((path.clone(), true));
            continue;
        }
        let entries = std::fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))?;
        let mut found = Vec::new();
        for entry in entries {
            let path = entry?.path();
            let is_ours = |extension: &str| EXTENSIONS.contains(&extension.to_lowercase().as_str());
            let extension = path.extension().and_then(|extension| extension.to_str());
            if path.is_file() && extension.is_some_and(is_ours) {
                found.push(path);
            }
        }
        if found.is_empty() {
            bail!("there is no file to import in {}", path.display());
        }
        found.sort();
        files.extend(found.into_iter().map(|file| (file, false)));
    }
    if files.is_empty() {
        bail!("there is nothing to import\nhint: name a file");
    }
    Ok(files)
}

/// Returns the bytes of a file, for the progress.
pub(super) fn size(file: &Path) -> u64 {
    std::fs::metadata(file).map_or(0, |metadata| metadata.len())
}
