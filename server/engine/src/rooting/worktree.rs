//! From a worktree to the main folder of its repository.

use std::path::{Path, PathBuf};

use keeptab_system::plain;

/// Git writes no longer file there, in bytes.
const LONGEST: u64 = 4096;

/// Returns the folder in the main working tree that a folder of another worktree corresponds to. `None` if it is in
/// the main tree, in no repository, or in one without a main tree.
#[must_use]
pub(super) fn main_folder(folder: &Path) -> Option<PathBuf> {
    let top = folder.ancestors().find(|top| top.join(".git").exists())?;
    let git = resolved(top, line(&top.join(".git"))?.strip_prefix("gitdir: ")?)?;
    // A submodule has no such file.
    let shared = resolved(&git, &line(&git.join("commondir"))?)?;
    let main = shared.parent().filter(|_| shared.ends_with(".git"))?;
    Some(main.join(folder.strip_prefix(top).ok()?))
}

/// Returns the first line of a small file.
fn line(path: &Path) -> Option<String> {
    let text = plain::read_text(path, LONGEST).ok()?;
    text.lines().next().map(|line| line.trim_end().to_owned())
}

fn resolved(folder: &Path, path: &str) -> Option<PathBuf> {
    folder.join(path).canonicalize().ok()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_worktree_leads_to_the_main_folder_and_nothing_else_does() {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path().canonicalize().unwrap();
        let write = |path: &str, text: &str| {
            let path = base.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("api/.git/worktrees/feature/commondir", "../..\n");
        write("api/src/a.rs", "");
        write("feature/.git", "gitdir: ../api/.git/worktrees/feature\n");
        write("feature/src/a.rs", "");
        write("bare.git/worktrees/x/commondir", "../..\n");
        write(
            "of-bare/.git",
            &format!("gitdir: {}\n", base.join("bare.git/worktrees/x").display()),
        );
        write("api/.git/modules/sub/HEAD", "");
        write("api/sub/.git", "gitdir: ../.git/modules/sub\n");
        write("broken/.git", "gitdir: ../nowhere\n");
        write("plain/a.rs", "");
        let main = |folder: &str| main_folder(&base.join(folder));
        assert_eq!(main("feature"), Some(base.join("api")));
        assert_eq!(main("feature/src"), Some(base.join("api/src")));
        for other in ["api", "api/src", "of-bare", "api/sub", "broken", "nowhere"] {
            assert_eq!(main(other), None, "{other}");
        }
    }
}
