//! Repositories made by gix in a folder of their own; no git is needed.

use std::fs;

use gix::refs::transaction::PreviousValue;
use gix::{ObjectId, Repository};
use tempfile::TempDir;

use super::*;

const JANE: &str = "jane@example.com";
/// 2026-11-16T08:00:00Z, in seconds; the tests count minutes from it.
const MONDAY: i64 = 1_794_816_000;

struct Fixture {
    folder: TempDir,
    repository: Repository,
}

impl Fixture {
    /// A repository where Jane commits.
    fn new() -> Self {
        let fixture = Self::nobodys();
        fixture.configure(&format!("[user]\n\temail = {JANE}\n"));
        fixture
    }

    /// A repository without a configured user.
    fn nobodys() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let repository = init(folder.path(), gix::create::Kind::WithWorktree);
        Self { folder, repository }
    }

    fn configure(&self, text: &str) {
        let file = self.repository.git_dir().join("config");
        let config = fs::read_to_string(&file).unwrap();
        fs::write(file, config + text).unwrap();
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a commit of Jane's that nothing leads to yet; both times are `minute`.
    fn commit(&self, subject: &str, minute: i64, parents: &[ObjectId]) -> ObjectId {
        self.commit_by(JANE, subject, minute, minute, parents)
    }

    fn commit_by(&self, email: &str, subject: &str, written: i64, committed: i64, parents: &[ObjectId]) -> ObjectId {
        commit_in(&self.repository, email, subject, (written, committed), parents)
    }

    fn branch(&self, name: &str, id: ObjectId) {
        let name = format!("refs/heads/{name}");
        self.repository.reference(name, id, PreviousValue::Any, "").unwrap();
    }

    fn subjects(&self) -> Vec<String> {
        subjects(self.path(), Span::ALL)
    }
}

fn init(folder: &Path, kind: gix::create::Kind) -> Repository {
    let options = Options::isolated().config_overrides(["user.name=Test", "user.email=test@example.com"]);
    let made = gix::ThreadSafeRepository::init_opts(folder, kind, gix::create::Options::default(), options);
    made.unwrap().to_thread_local()
}

fn commit_in(
    repository: &Repository,
    email: &str,
    subject: &str,
    (written, committed): (i64, i64),
    parents: &[ObjectId],
) -> ObjectId {
    let [written, committed] = [written, committed].map(|minute| format!("{} +0100", MONDAY + minute * 60));
    let signature = |time| gix::actor::SignatureRef {
        name: "Somebody".into(),
        email: email.into(),
        time,
    };
    let tree = repository.empty_tree().id;
    repository.write_object(gix::objs::Tree::empty()).unwrap();
    let commit = repository.new_commit_as(
        signature(&committed),
        signature(&written),
        subject,
        tree,
        parents.iter().copied(),
    );
    commit.unwrap().id
}

/// Reads without the config of who runs the tests.
fn mine(path: &Path, within: Span) -> Vec<Commit> {
    read(path, within, Permissions::isolated()).unwrap()
}

fn subjects(path: &Path, within: Span) -> Vec<String> {
    mine(path, within).into_iter().map(|commit| commit.subject).collect()
}

fn at(minute: i64) -> Instant {
    Instant::from_millis((MONDAY + minute * 60) * 1000)
}

fn minutes(start: i64, end: i64) -> Span {
    Span::new(at(start), at(end)).unwrap()
}

#[test]
fn a_commit_has_its_authors_time_a_short_id_and_one_line() {
    let fixture = Fixture::new();
    let id = fixture.commit("Page orders\nby cursor\n\nNot this.", 5, &[]);
    fixture.branch("main", id);
    let expected = Commit {
        at: at(5),
        id: id.to_hex_with_len(10).to_string(),
        subject: "Page orders by cursor".into(),
    };
    assert_eq!(mine(fixture.path(), Span::ALL), [expected]);
}

#[test]
fn where_nothing_is_committed_there_is_nothing() {
    let none: [&str; 0] = [];
    let outside = tempfile::tempdir().unwrap();
    assert_eq!(subjects(outside.path(), Span::ALL), none);
    assert_eq!(subjects(Path::new(""), Span::ALL), none);
    assert_eq!(Fixture::new().subjects(), none);
    let bare = tempfile::tempdir().unwrap();
    init(bare.path(), gix::create::Kind::Bare);
    assert_eq!(subjects(bare.path(), Span::ALL), none);
}

#[test]
fn only_commits_of_the_configured_user_count() {
    let fixture = Fixture::nobodys();
    let own = fixture.commit("own", 1, &[]);
    let other = fixture.commit_by("joe@example.com", "other", 2, 2, &[own]);
    let shouted = fixture.commit_by("Jane@Example.COM", "shouted", 3, 3, &[other]);
    fixture.branch("main", shouted);
    assert!(fixture.subjects().is_empty());
    fixture.configure("[user]\n\temail = \n");
    assert!(fixture.subjects().is_empty());
    fixture.configure("[user]\n\temail = jane@example.com\n");
    assert_eq!(fixture.subjects(), ["own", "shouted"]);
    fixture.configure("[author]\n\temail = joe@example.com\n");
    assert_eq!(fixture.subjects(), ["other"]);
}

#[test]
fn an_included_config_names_the_user() {
    let fixture = Fixture::nobodys();
    let id = fixture.commit("own", 1, &[]);
    fixture.branch("main", id);
    fixture.configure("[includeIf \"onbranch:main\"]\n\tpath = client\n");
    fs::write(
        fixture.repository.git_dir().join("client"),
        "[user]\n\temail = jane@example.com\n",
    )
    .unwrap();
    let mut permissions = Permissions::isolated();
    permissions.config.includes = super::permissions().config.includes;
    assert_eq!(read(fixture.path(), Span::ALL, permissions).unwrap().len(), 1);
}

#[test]
fn all_local_branches_and_a_detached_head_are_read_each_commit_once() {
    let fixture = Fixture::new();
    let first = fixture.commit("first", 1, &[]);
    let left = fixture.commit("left", 3, &[first]);
    let right = fixture.commit("right", 2, &[first]);
    let merge = fixture.commit("merge", 4, &[left, right]);
    let detached = fixture.commit("detached", 5, &[merge]);
    let remote = fixture.commit("remote", 6, &[first]);
    fixture.branch("main", merge);
    fixture.branch("topic/right", right);
    fs::write(fixture.repository.git_dir().join("HEAD"), format!("{detached}\n")).unwrap();
    let name = "refs/remotes/origin/main";
    fixture
        .repository
        .reference(name, remote, PreviousValue::Any, "")
        .unwrap();
    assert_eq!(fixture.subjects(), ["first", "right", "left", "detached"]);
}

#[test]
fn a_rebased_commit_keeps_its_time_and_counts_once() {
    let fixture = Fixture::new();
    let base = fixture.commit("base", 0, &[]);
    let before = fixture.commit("topic", 10, &[base]);
    fixture.branch("topic", before);
    let upstream = fixture.commit_by("joe@example.com", "upstream", 30, 30, &[base]);
    let rebased = fixture.commit_by(JANE, "topic", 10, 60, &[upstream]);
    fixture.branch("main", upstream);
    fixture.branch("topic", rebased);
    assert_eq!(fixture.subjects(), ["base", "topic"]);
    assert_eq!(subjects(fixture.path(), minutes(5, 20)), ["topic"]);
    assert!(subjects(fixture.path(), minutes(50, 70)).is_empty());
}

#[test]
fn a_span_is_half_open() {
    let fixture = Fixture::new();
    let mut tip = Vec::new();
    for minute in 0..6 {
        tip = vec![fixture.commit(&minute.to_string(), minute, &tip)];
    }
    fixture.branch("main", tip[0]);
    assert_eq!(subjects(fixture.path(), minutes(2, 4)), ["2", "3"]);
    assert!(subjects(fixture.path(), Span::NEVER).is_empty());
}

#[test]
fn of_two_in_one_second_the_parent_comes_first() {
    let fixture = Fixture::new();
    let parent = fixture.commit("z parent", 1, &[]);
    let child = fixture.commit("a child", 1, &[parent]);
    fixture.branch("main", child);
    assert_eq!(fixture.subjects(), ["z parent", "a child"]);
}

#[test]
fn what_is_broken_is_left_out() {
    let fixture = Fixture::new();
    let lost = fixture.commit("lost", 1, &[]);
    let kept = fixture.commit("kept", 2, &[lost]);
    let good = fixture.commit("good", 3, &[]);
    fixture.branch("main", kept);
    fixture.branch("good", good);
    let tree = fixture.repository.empty_tree().id;
    let git_dir = fixture.repository.git_dir();
    fs::write(git_dir.join("refs/heads/tree"), format!("{tree}\n")).unwrap();
    fs::write(git_dir.join("refs/heads/gone"), format!("{}\n", "1".repeat(40))).unwrap();
    fs::write(git_dir.join("refs/heads/zeros"), [0; 41]).unwrap();
    let lost = lost.to_string();
    let object = git_dir.join("objects").join(&lost[..2]).join(&lost[2..]);
    fs::remove_file(&object).unwrap();
    assert_eq!(fixture.subjects(), ["kept", "good"]);
    fs::write(&object, "garbage").unwrap();
    assert_eq!(fixture.subjects(), ["kept", "good"]);
}

#[test]
fn a_broken_config_is_an_error() {
    let fixture = Fixture::new();
    fixture.configure("[user\n");
    assert!(read(fixture.path(), Span::ALL, Permissions::isolated()).is_err());
}

#[cfg(unix)]
#[test]
fn a_repository_of_somebody_else_is_refused() {
    let fixture = Fixture::new();
    // Only root may give files away.
    if std::os::unix::fs::chown(fixture.path(), Some(65_534), None).is_ok() {
        let error = read(fixture.path(), Span::ALL, Permissions::isolated()).unwrap_err();
        assert!(
            error.to_string().contains("hint: if it belongs to somebody else"),
            "{error:#}"
        );
    }
}

#[test]
fn the_root_is_found_from_any_path_in_it() {
    let fixture = Fixture::new();
    let inner = fixture.path().join("src/deep");
    fs::create_dir_all(&inner).unwrap();
    fs::write(inner.join("main.rs"), "").unwrap();
    for path in [
        "",
        "src",
        "src/deep/main.rs",
        "src/deep/unsaved.rs",
        "not/there/yet.rs",
        ".git",
        ".git/refs",
    ] {
        assert_eq!(
            root_of(&fixture.path().join(path)).as_deref(),
            Some(fixture.path()),
            "{path}"
        );
    }
    let outside = tempfile::tempdir().unwrap();
    assert_eq!(root_of(outside.path()), None);
    assert_eq!(root_of(Path::new("")), None);
}

#[test]
fn a_linked_work_tree_has_its_own_head() {
    let fixture = Fixture::new();
    let first = fixture.commit("first", 1, &[]);
    let second = fixture.commit("second", 2, &[first]);
    fixture.branch("main", first);
    let linked = tempfile::tempdir().unwrap();
    let private = fixture.repository.git_dir().join("worktrees/linked");
    fs::create_dir_all(&private).unwrap();
    fs::write(private.join("commondir"), "../..\n").unwrap();
    fs::write(private.join("HEAD"), format!("{second}\n")).unwrap();
    let link = linked.path().join(".git");
    fs::write(private.join("gitdir"), format!("{}\n", link.display())).unwrap();
    fs::write(&link, format!("gitdir: {}\n", private.display())).unwrap();
    assert_eq!(subjects(linked.path(), Span::ALL), ["first", "second"]);
    assert_eq!(root_of(&linked.path().join("file")).as_deref(), Some(linked.path()));
    assert_eq!(fixture.subjects(), ["first"]);
    fs::remove_dir_all(&private).unwrap();
    assert!(subjects(linked.path(), Span::ALL).is_empty());
}

#[test]
fn a_submodule_is_a_repository_of_its_own() {
    let fixture = Fixture::new();
    let outer = fixture.commit("outer", 1, &[]);
    fixture.branch("main", outer);
    let module = fixture.repository.git_dir().join("modules/lib");
    fs::create_dir_all(&module).unwrap();
    let repository = init(&module, gix::create::Kind::Bare);
    let config = "[core]\n\tbare = false\n\tworktree = ../../../lib\n[user]\n\temail = jane@example.com\n";
    fs::write(module.join("config"), config).unwrap();
    let inner = commit_in(&repository, JANE, "inner", (2, 2), &[]);
    repository
        .reference("refs/heads/main", inner, PreviousValue::Any, "")
        .unwrap();
    let lib = fixture.path().join("lib");
    fs::create_dir_all(&lib).unwrap();
    fs::write(lib.join(".git"), "gitdir: ../.git/modules/lib\n").unwrap();
    assert_eq!(root_of(&lib.join("src/lib.rs")).as_deref(), Some(lib.as_path()));
    assert_eq!(subjects(&lib, Span::ALL), ["inner"]);
    assert_eq!(fixture.subjects(), ["outer"]);
}

#[test]
fn nothing_is_written() {
    fn files(folder: &Path, found: &mut Vec<(PathBuf, std::time::SystemTime)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            found.push((entry.path(), entry.metadata().unwrap().modified().unwrap()));
            if entry.path().is_dir() {
                files(&entry.path(), found);
            }
        }
    }
    let fixture = Fixture::new();
    let id = fixture.commit("first", 1, &[]);
    fixture.branch("main", id);
    let [mut before, mut after] = [Vec::new(), Vec::new()];
    files(fixture.path(), &mut before);
    assert_eq!(fixture.subjects(), ["first"]);
    files(fixture.path(), &mut after);
    assert_eq!(before, after);
}
