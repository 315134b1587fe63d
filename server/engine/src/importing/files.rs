//! The files of an import: those that were named, and those of folders and archives.

use std::fs::Metadata;
use std::path::PathBuf;
use std::time::SystemTime;

use anyhow::{Context as _, Result, bail};
use keeptab_import::{File, Wish, recognise};

use super::account::Skipped;

/// The ends of the names of the files that a folder stands for.
const EXTENSIONS: [&str; 12] = [
    "csv",
    "tsv",
    "xlsx",
    "zip",
    "json",
    "ics",
    "timeclock",
    "timedot",
    "data",
    "org",
    "bartib",
    "txt",
];

/// Files to import, each with whether it was named or found in a folder or an archive.
pub(super) type Files = Vec<(File, bool)>;

/// Returns the files that can be read, and those of folders and archives that cannot, with the reason. A file that was
/// named has to be readable.
pub(super) fn ours(files: Files, wish: &Wish) -> Result<(Vec<File>, Vec<Skipped>)> {
    let (mut ours, mut skipped, mut first) = (Vec::new(), Vec::new(), None);
    for (file, is_named) in files {
        match recognise(&file, wish) {
            Err(error) if !is_named => {
                let why = error.to_string();
                skipped.push(Skipped {
                    file: file.name(),
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

/// Returns the files; a folder or an archive is replaced by the files in it that an import may read.
pub(super) fn expand(paths: &[PathBuf]) -> Result<Files> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            add(File::new(path), true, &mut files)?;
            continue;
        }
        let entries = std::fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))?;
        let mut found = Vec::new();
        for entry in entries {
            let path = entry?.path();
            if path.is_file() && is_ours(&File::new(&path)) {
                found.push(path);
            }
        }
        if found.is_empty() {
            bail!("there is no file to import in {}", path.display());
        }
        found.sort();
        for path in found {
            add(File::new(&path), false, &mut files)?;
        }
    }
    if files.is_empty() {
        bail!("there is nothing to import\nhint: name a file");
    }
    Ok(files)
}

fn is_ours(file: &File) -> bool {
    EXTENSIONS.contains(&file.extension().as_str())
}

/// Adds a file, or those in it if it is an archive. The only file of an archive counts as named.
fn add(file: File, is_named: bool, files: &mut Files) -> Result<()> {
    let members = match File::members(file.path()) {
        Err(error) if is_named => return Err(error),
        // Of one that only stands in the folder, the reason is told where it is skipped.
        found => found.ok().flatten(),
    };
    let Some(mut members) = members else {
        files.push((file, is_named));
        return Ok(());
    };
    members.retain(is_ours);
    if members.is_empty() && !is_named {
        files.push((file, false));
        return Ok(());
    }
    if members.is_empty() {
        bail!("there is no file to import in {file}");
    }
    let is_named = is_named && members.len() == 1;
    files.extend(members.into_iter().map(|member| (member, is_named)));
    Ok(())
}

/// Returns the bytes of a file, for the progress.
pub(super) fn size(file: &File) -> u64 {
    std::fs::metadata(file.path()).map_or(0, |metadata| metadata.len())
}

/// The sizes of files and the times of their last changes: they are read several times, and must be the same.
pub(super) struct Stamps(Vec<Option<(u64, Option<SystemTime>)>>);

impl Stamps {
    /// Looks at some files.
    pub(super) fn of(files: &[File]) -> Self {
        let stamp = |metadata: Metadata| (metadata.len(), metadata.modified().ok());
        Self(
            files
                .iter()
                .map(|file| std::fs::metadata(file.path()).ok().map(stamp))
                .collect(),
        )
    }

    /// Checks that none of them has changed since.
    pub(super) fn check(&self, files: &[File]) -> Result<()> {
        let now = Self::of(files);
        let mut all = files.iter().zip(self.0.iter().zip(&now.0));
        match all.find(|(_, (before, now))| before != now) {
            Some((file, _)) => bail!("{file} changed while it was read\nhint: import it again"),
            None => Ok(()),
        }
    }
}
