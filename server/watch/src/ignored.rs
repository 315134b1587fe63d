//! Files that are not human work: those that git ignores, build output, and files that programs keep beside others.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use keeptab_system::plain::{self, LONGEST_TEXT};

/// Beginnings and ends of files that programs keep while they work.
const TEMPORARY_START: [&str; 3] = [".", "#", "~$"];
const TEMPORARY_END: [&str; 6] = ["~", ".tmp", ".swp", ".part", ".crdownload", ".bak"];
/// Files that only tools write.
const GENERATED: [&str; 5] = [
    "package-lock.json",
    "npm-shrinkwrap.json",
    "pnpm-lock.yaml",
    "go.sum",
    "CACHEDIR.TAG",
];

/// Returns true if a folder holds build output, by its name or by the tag for caches.
pub(super) fn is_build_output(folder: &Path) -> bool {
    let beside = |name| folder.with_file_name(name).exists();
    match folder.file_name().and_then(OsStr::to_str) {
        Some("node_modules" | "__pycache__") => true,
        Some("target") if beside("Cargo.toml") || beside("pom.xml") => true,
        _ => folder.join("CACHEDIR.TAG").exists(),
    }
}

/// Returns whether a file is one that programs write by themselves.
pub(super) fn is_by_program(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let is_lock = file.extension().is_some_and(|extension| extension == "lock");
    TEMPORARY_START.iter().any(|start| name.starts_with(start))
        || TEMPORARY_END.iter().any(|end| name.ends_with(end))
        || is_lock
        || GENERATED.contains(&&*name)
}

/// The `.gitignore` files of some trees, each read at the first change beside or below it.
#[derive(Debug, Default)]
pub(super) struct Ignored {
    folders: HashMap<PathBuf, Folder>,
}

#[derive(Debug)]
struct Folder {
    /// Its ignore patterns, if it has any.
    says: Option<Gitignore>,
    /// True if it is the top of a repository.
    is_top: bool,
}

impl Ignored {
    /// Returns true if git ignores a file or folder. The nearest `.gitignore` with a matching pattern decides, up to
    /// the repository's top.
    pub(super) fn is_ignored(&mut self, path: &Path, is_folder: bool) -> bool {
        for folder in path.ancestors().skip(1) {
            let known = self.folders.entry(folder.to_owned()).or_insert_with(|| read(folder));
            let says = known.says.as_ref();
            match says.map(|says| says.matched_path_or_any_parents(path, is_folder)) {
                Some(says) if says.is_ignore() => return true,
                Some(says) if says.is_whitelist() => return false,
                _ => {}
            }
            if known.is_top {
                return false;
            }
        }
        false
    }

    /// Drops the patterns of a folder, so that its `.gitignore` is read again.
    pub(super) fn forget(&mut self, folder: &Path) {
        self.folders.remove(folder);
    }
}

fn read(folder: &Path) -> Folder {
    let mut builder = GitignoreBuilder::new(folder);
    let mut has_any = false;
    // If two lines match a file, the later one decides.
    for name in [".git/info/exclude", ".gitignore"] {
        let file = folder.join(name);
        // The repository controls this file. Anything but a plain file of a usual size ignores nothing.
        let Ok(text) = plain::read(&file, LONGEST_TEXT) else {
            continue;
        };
        has_any = true;
        for line in String::from_utf8_lossy(&text).trim_start_matches('\u{feff}').lines() {
            // An invalid line is skipped, as git does.
            let _ = builder.add_line(Some(file.clone()), line);
        }
    }
    Folder {
        says: has_any.then(|| builder.build().ok()).flatten(),
        is_top: folder.join(".git").exists(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn what_programs_write_by_themselves_is_known_by_its_name() {
        for name in [
            ".a.swp",
            "a~",
            "#a#",
            "~$letter.docx",
            "a.tmp",
            "film.part",
            "Cargo.lock",
            "package-lock.json",
        ] {
            assert!(is_by_program(Path::new("/w").join(name).as_path()), "{name}");
        }
        for name in ["a.rs", "Makefile", "design.fig", "locker", "package.json"] {
            assert!(!is_by_program(Path::new("/w").join(name).as_path()), "{name}");
        }
    }

    #[test]
    fn the_nearest_gitignore_decides() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        fs::create_dir_all(at("repo/.git")).unwrap();
        fs::create_dir_all(at("repo/sub")).unwrap();
        fs::write(at(".gitignore"), "*").unwrap();
        fs::write(at("repo/.gitignore"), "*.log\nbuild/\n").unwrap();
        fs::write(at("repo/sub/.gitignore"), "!kept.log\n").unwrap();
        let mut ignored = Ignored::default();
        let mut check = |path: &str, expected| assert_eq!(ignored.is_ignored(&at(path), false), expected, "{path}");
        check("repo/a.rs", false);
        check("repo/a.log", true);
        check("repo/sub/a.log", true);
        check("repo/sub/kept.log", false);
        check("repo/build/x/a.rs", true);
        fs::write(at("repo/.gitignore"), "").unwrap();
        ignored.forget(&at("repo"));
        assert!(!ignored.is_ignored(&at("repo/a.log"), false));
    }

    #[test]
    fn build_folders_are_known_by_their_tag_or_by_what_stands_beside_them() {
        let folder = tempfile::tempdir().unwrap();
        let make = |path: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(&path).unwrap();
            path
        };
        let (client, crate_target, cache) = (make("clients/target"), make("crate/target"), make("cache"));
        fs::write(folder.path().join("crate/Cargo.toml"), "").unwrap();
        fs::write(cache.join("CACHEDIR.TAG"), "").unwrap();
        assert!(!is_build_output(&client));
        assert!(is_build_output(&crate_target));
        assert!(is_build_output(&cache));
        assert!(is_build_output(&make("a/node_modules")));
    }
}
