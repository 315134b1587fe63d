//! The version names the commit that the program was built from, and builds without git know only the version.

#[path = "../../build.rs"]
mod build;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use build::Source;

use crate::harness::Home;

/// A repository with a package in its folder `server`.
struct Repository(tempfile::TempDir);

impl Repository {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("server")).expect("a folder");
        Self(folder)
    }

    fn git(&self, words: &[&str]) -> String {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=Jane", "-c", "user.email=jane@example.com"]);
        git.arg("-C").arg(self.0.path()).args(words);
        git.env("GIT_COMMITTER_DATE", "2026-11-27T09:00:00Z");
        let output = git.output().expect("git");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).expect("UTF-8").trim().to_owned()
    }

    fn commit(&self) {
        self.git(&["commit", "--quiet", "--allow-empty", "--message", "work"]);
    }

    fn package(&self) -> PathBuf {
        self.0.path().join("server")
    }

    fn source(&self) -> Source {
        Source::of(&self.package())
    }
}

/// Returns when the files were last written, which is how cargo notices a change.
fn written(files: &[PathBuf]) -> Vec<std::time::SystemTime> {
    let times = files
        .iter()
        .map(|file| fs::metadata(file).and_then(|data| data.modified()));
    times.collect::<Result<_, _>>().expect("all are there")
}

#[test]
fn the_program_names_its_commit() {
    // Read at run time: a build of another clone would name that clone.
    #[expect(clippy::disallowed_methods, reason = "the test runner says so")]
    let package = std::env::var("CARGO_MANIFEST_DIR").expect("a package");
    let printed = Home::empty().cli(["--version"]).ok();
    // Main may have moved since the build: a commit that was is named, not necessarily today's.
    match Source::of(Path::new(&package)).commit {
        Some(today) => {
            let begin = format!("keeptab {} (", env!("CARGO_PKG_VERSION"));
            let commit = printed
                .trim_end()
                .strip_prefix(&begin)
                .and_then(|rest| rest.strip_suffix(')'));
            let commit = commit.unwrap_or_else(|| panic!("{printed} has no commit, and {today} is checked out"));
            let (hash, date) = commit.split_once(' ').expect("a date");
            assert!(
                hash.len() >= 9 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()),
                "{printed}"
            );
            assert!(date.parse::<chrono::NaiveDate>().is_ok(), "{printed}");
        }
        None => assert_eq!(printed, format!("keeptab {}\n", env!("CARGO_PKG_VERSION"))),
    }
}

#[test]
fn a_commit_is_noticed_and_nothing_else_is() {
    let repository = Repository::new();
    repository.git(&["init", "--quiet", "--initial-branch", "main"]);
    repository.commit();
    let first = repository.source();
    let hash = repository.git(&["rev-parse", "--short=9", "HEAD"]);
    assert_eq!(first.commit, Some(format!("{hash} 2026-11-27")));
    assert_eq!(
        first.version(),
        format!("{} ({hash} 2026-11-27)", env!("CARGO_PKG_VERSION"))
    );
    let before = written(&first.watched);
    fs::write(repository.package().join("file"), "").expect("a file");
    repository.git(&["add", "."]);
    assert_eq!(written(&first.watched), before);
    repository.commit();
    let second = repository.source();
    assert_ne!(second.commit, first.commit);
    assert_ne!(written(&first.watched), before);
    // A worktree has a HEAD of its own.
    let tree = repository.0.path().join("tree");
    repository.git(&[
        "worktree",
        "add",
        "--quiet",
        "--detach",
        tree.to_str().expect("UTF-8"),
        "HEAD~1",
    ]);
    fs::create_dir_all(tree.join("server")).expect("a folder");
    let apart = Source::of(&tree.join("server"));
    assert_eq!(apart.commit, first.commit);
    assert!(
        apart.watched.iter().all(|file| !second.watched.contains(file)),
        "{apart:?}"
    );
}

#[test]
fn a_copy_without_history_has_the_version_alone() {
    let copy = Repository::new();
    let source = copy.source();
    assert_eq!(
        (source.version().as_str(), source.watched.len()),
        (env!("CARGO_PKG_VERSION"), 0)
    );
    // Somebody keeps the copy in a repository of their own.
    copy.git(&["init", "--quiet"]);
    copy.commit();
    fs::create_dir_all(copy.0.path().join("vendor/keeptab/server")).expect("a folder");
    let within = Source::of(&copy.0.path().join("vendor/keeptab/server"));
    assert!(within.commit.is_none() && within.watched.is_empty(), "{within:?}");
}

#[test]
fn a_packed_crate_names_the_commit_that_it_was_packed_from() {
    let packed = Repository::new();
    let info = "{\n  \"git\": {\n    \"sha1\": \"d32f29d9f0c5e1b7a6948372615040f3e2d1c0b9\"\n  },\n  \"path_in_vcs\": \"server\"\n}";
    fs::write(packed.package().join(".cargo_vcs_info.json"), info).expect("a file");
    assert_eq!(packed.source().commit.as_deref(), Some("d32f29d9f"));
    fs::write(packed.package().join(".cargo_vcs_info.json"), "{}").expect("a file");
    assert_eq!(packed.source().commit, None);
}
