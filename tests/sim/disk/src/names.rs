//! The names in one folder: those that survive, and their changes since the last sync of the folder.

use std::collections::BTreeMap;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

/// A change of names since the last sync.
#[derive(Clone, Debug)]
enum Renaming {
    Set(String, u64),
    Remove(String),
    Rename(String, String, u64),
}

/// The names of a folder with the numbers of their files.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    /// Those that survive.
    kept: BTreeMap<String, u64>,
    /// Those that programs see.
    pub(crate) seen: BTreeMap<String, u64>,
    since: Vec<Renaming>,
}

impl Names {
    /// Reads the folder anew, and notes what changed since it was read last.
    pub(crate) fn look(&mut self, folder: &Path) -> io::Result<()> {
        let present = read(folder)?;
        let mut gone: Vec<String> = self
            .seen
            .keys()
            .filter(|name| !present.contains_key(*name))
            .cloned()
            .collect();
        gone.sort_by_key(|name| known_as(name));
        let mut new: Vec<(&String, &u64)> = present
            .iter()
            .filter(|(name, file)| self.seen.get(*name) != Some(file))
            .collect();
        new.sort_by_key(|(name, _)| known_as(name));
        for (name, file) in new {
            let from = gone.iter().position(|gone| self.seen.get(gone) == Some(file));
            self.since.push(match from {
                Some(from) => Renaming::Rename(gone.remove(from), name.clone(), *file),
                None => Renaming::Set(name.clone(), *file),
            });
        }
        self.since.extend(gone.into_iter().map(Renaming::Remove));
        self.seen = present;
        Ok(())
    }

    /// Makes all names survive.
    pub(crate) fn sync(&mut self) {
        self.kept = self.seen.clone();
        self.since.clear();
    }

    /// Returns the names that survive a failure of the power: changes go to the disk in their order, or, if `in_order` is
    /// false, in any order that leaves the changes of one name in theirs.
    pub(crate) fn fail_power(&mut self, random: &mut fastrand::Rng, in_order: bool) -> BTreeMap<String, u64> {
        let mut lost = Vec::<String>::new();
        let kept = random.usize(..=self.since.len());
        for (nth, change) in std::mem::take(&mut self.since).into_iter().enumerate() {
            let names = match &change {
                Renaming::Set(name, _) | Renaming::Remove(name) => vec![name.clone()],
                Renaming::Rename(from, to, _) => vec![from.clone(), to.clone()],
            };
            let is_lost = if in_order {
                nth >= kept
            } else {
                random.bool() || names.iter().any(|name| lost.contains(name))
            };
            if is_lost {
                lost.extend(names);
                continue;
            }
            match change {
                Renaming::Set(name, file) => drop(self.kept.insert(name, file)),
                Renaming::Remove(name) => drop(self.kept.remove(&name)),
                Renaming::Rename(from, to, file) => {
                    self.kept.remove(&from);
                    self.kept.insert(to, file);
                }
            }
        }
        self.seen = self.kept.clone();
        self.kept.clone()
    }
}

/// Returns a name without what differs from run to run: files beside their place have random names.
pub(crate) fn known_as(name: &str) -> String {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    if name.starts_with(".keeptab-") {
        format!(".new {ending}")
    } else {
        name.to_owned()
    }
}

/// Returns whether a file is memory that programs share: it is gone when the power fails.
pub(crate) fn is_memory(name: &str) -> bool {
    name.ends_with("-shm")
}

fn read(folder: &Path) -> io::Result<BTreeMap<String, u64>> {
    let mut names = BTreeMap::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let metadata = entry.metadata()?;
        if metadata.is_file() && !is_memory(&name) {
            names.insert(name, metadata.ino());
        }
    }
    Ok(names)
}
