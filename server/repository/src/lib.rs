//! The person's own commits in a git repository, as evidence of work.
//!
//! Nothing is run, neither git nor a hook nor a filter, and nothing is written: only config, references and commit
//! objects are read.

mod note;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use gix::bstr::{BStr, BString, ByteSlice as _};
use gix::open::{Options, Permissions, permissions};
use gix::revision::walk::Sorting;
use gix::sec::Permission;
use gix::traverse::commit::simple::CommitTimeOrder;
use keeptab_core::instant::{Instant, Span};

pub use note::proposed_note;

/// The most commits to visit, whoever wrote them, and the most branches.
const VISITED: usize = 20_000;
/// The bytes of the cache of read objects: commits are read again as parents of others.
const CACHE: usize = 1 << 20;
/// Larger objects are not read; a commit is a few hundred bytes.
const LARGEST: &str = "gitoxide.objects.allocLimit=16m";
/// The shown digits of an id.
const DIGITS: usize = 10;

/// A commit that the person wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// The instant at which it was written, to the second: the author's time, which a rebase or an amend keeps.
    pub at: Instant,
    /// The first digits of its id, in hexadecimal.
    pub id: String,
    /// The first paragraph of its message, in one line.
    pub subject: String,
}

/// Finds the folder of the repository that holds a path: its work tree, or a bare repository itself.
///
/// The path may name a file, and need not exist.
#[must_use]
pub fn root_of(path: &Path) -> Option<PathBuf> {
    let folder = path.ancestors().find(|folder| folder.is_dir())?;
    let (found, _) = gix::discover::upwards(folder).ok()?;
    let (repository, work_tree) = found.into_repository_and_work_tree_directories();
    Some(work_tree.unwrap_or(repository))
}

/// Returns the person's own commits that were written in a span, in the order of their times.
///
/// Only commits by the repository's configured user count, on a local branch or HEAD, without merges. There are none
/// if no user is configured or `path` is in no repository. Unreadable objects are skipped.
///
/// Commits are visited newest first by commit time, back to the start of the span and at most 20,000: a commit written
/// in the span was not committed before it. Some may be missed behind a commit with a wrong clock, and in spans far
/// back in a busy repository.
///
/// # Errors
///
/// If the repository cannot be opened, or belongs to somebody else and `safe.directory` does not name it.
pub fn commits(path: &Path, within: Span) -> Result<Vec<Commit>> {
    read(path, within, permissions())
}

/// The user's config names the user. The environment is not read: an editor that git started has that of another
/// repository. On Windows, only git itself knows where the system's config is.
fn permissions() -> Permissions {
    Permissions {
        env: permissions::Environment {
            home: Permission::Allow,
            xdg_config_home: Permission::Allow,
            ..permissions::Environment::isolated()
        },
        config: permissions::Config {
            git_binary: false,
            system: cfg!(unix),
            env: false,
            ..permissions::Config::all()
        },
        attributes: permissions::Attributes::isolated(),
    }
}

fn read(path: &Path, within: Span, permissions: Permissions) -> Result<Vec<Commit>> {
    let Some(root) = root_of(path) else {
        return Ok(Vec::new());
    };
    let options = Options::default()
        .permissions(permissions)
        .config_overrides([LARGEST])
        .bail_if_untrusted(true);
    let mut repository = gix::open_opts(&root, options).with_context(|| {
        let root = root.display();
        format!(
            "cannot open the repository {root}\n\
             hint: if it belongs to somebody else, say `git config --global --add safe.directory {root}`"
        )
    })?;
    repository.object_cache_size_if_unset(CACHE);
    let Some(user) = user(&repository) else {
        return Ok(Vec::new());
    };
    let start = within.start().millis().div_euclid(1000);
    let walk = repository
        .rev_walk(tips(&repository, start))
        .sorting(Sorting::ByCommitTimeCutoff {
            order: CommitTimeOrder::NewestFirst,
            seconds: start,
        });
    let visited = walk.all().context("cannot read the history")?.take(VISITED);
    let mut commits: Vec<Commit> = visited
        .flatten()
        .filter(|visited| visited.parent_ids.len() <= 1)
        .filter_map(|visited| authored(&visited.object().ok()?, user.as_ref(), within))
        .collect();
    // Among commits of one second, the parent comes first.
    commits.reverse();
    commits.sort_by_key(|commit| commit.at);
    Ok(commits)
}

/// Returns the email of the configured user.
fn user(repository: &gix::Repository) -> Option<BString> {
    let config = repository.config_snapshot();
    let email = config.string("author.email").or_else(|| config.string("user.email"))?;
    let email = BString::from(email.trim());
    (!email.is_empty()).then_some(email)
}

/// Returns the start of the walk: the commits of HEAD and of the local branches that are not older than `start`.
fn tips(repository: &gix::Repository, start: i64) -> Vec<gix::ObjectId> {
    let head = repository.head_id().ok().map(gix::Id::detach);
    let references = repository.references().ok();
    let branches = references
        .iter()
        .filter_map(|references| references.local_branches().ok())
        .flatten();
    let branches = branches
        .flatten()
        .filter_map(|mut branch| Some(branch.peel_to_id().ok()?.detach()));
    let recent = |id: &gix::ObjectId| {
        let commit = repository.find_commit(*id);
        commit.is_ok_and(|commit| commit.time().is_ok_and(|time| time.seconds >= start))
    };
    head.into_iter().chain(branches).take(VISITED).filter(recent).collect()
}

/// Returns a commit, if this user wrote it in this span.
fn authored(commit: &gix::Commit<'_>, user: &BStr, within: Span) -> Option<Commit> {
    let author = commit.author().ok()?;
    let at = Instant::from_millis(author.time().ok()?.seconds.saturating_mul(1000));
    if !within.contains(at) || !author.email.trim().eq_ignore_ascii_case(user) {
        return None;
    }
    Some(Commit {
        at,
        id: commit.id.to_hex_with_len(DIGITS).to_string(),
        subject: commit.message().ok()?.summary().to_str_lossy().into_owned(),
    })
}
