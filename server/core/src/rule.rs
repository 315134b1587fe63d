//! From a file or page to a project: globs, and their precedence.
//!
//! `ignore` rules come first; then the rule with the longest literal prefix before its first wildcard; then the order
//! in the config. Globs are globset's: `*` stays within a folder, `**` crosses folders. `~` is the home folder, a
//! pattern without a wildcard means the folder with all in it, and `!` takes an exception out of its own project. The
//! host is part of a path: a glob without one is about this machine, one that begins with `*` about every host.

mod folder;
mod form;
mod names;
pub(crate) mod page;
mod pattern;
mod set;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use form::Form;

pub use folder::{escaped, glob_of, glob_of_word, literal};
pub use names::NamedRoot;
pub use set::{Ambiguity, RuleSet, Verdict};

/// The id of a project: the text of its table in the config, `acme/api`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ProjectId(String);

impl ProjectId {
    /// Makes a project id from its text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for ProjectId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The kind of text that a glob is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A path on disk.
    Path,
    /// A page's `scheme://host/path`. The host is compared as DNS does: case-blind and in IDNA form.
    Url,
}

impl Subject {
    /// Returns the subject of a glob that stands by itself: `https://…` and `*://…` are pages, any other scheme names a
    /// host of files.
    #[must_use]
    pub fn of(glob: &str) -> Self {
        let scheme = glob.trim_start_matches('!').split_once("://").map(|(scheme, _)| scheme);
        let is_page = |scheme: &str| {
            let names = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
            names || scheme.contains(['*', '?', '[', '{']) && !scheme.contains('/')
        };
        if scheme.is_some_and(is_page) {
            Self::Url
        } else {
            Self::Path
        }
    }
}

/// The consequence of a match.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// The time belongs to the project.
    Project(ProjectId),
    /// The time is private.
    Ignore,
}

/// The rules for comparing paths on this platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Platform {
    /// The home folder, with `/` between the parts; `~` stands for it.
    pub home: Option<String>,
    /// True if `A.rs` and `a.rs` are one file, as on Windows and macOS.
    pub case_blind: bool,
    /// True if `\` separates folders, as on Windows; elsewhere it is a letter of a name.
    pub backslash: bool,
}

/// A glob that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RuleError {
    /// The glob is empty.
    #[error("the glob is empty\nhint: write a folder, such as \"~/work/acme/**\"")]
    Empty,
    /// The glob is longer than any path.
    #[error(
        "the glob has more than {} bytes, and no path is that long\nhint: write several shorter globs",
        pattern::LONGEST
    )]
    Long,
    /// The glob has too many levels of braces, or too much in them.
    #[error("the glob is too complex\nhint: write several globs with fewer braces")]
    Nested,
    /// The glob does not compile.
    #[error("the glob does not compile: {0}\nhint: quote special characters as [{{] or [[]")]
    Syntax(String),
    /// `~` is used where no home folder is known.
    #[error("no home folder is known for ~\nhint: write the whole path")]
    NoHome,
    /// A path glob that could never match.
    #[error("the glob is relative\nhint: start it with ~/, / or **/")]
    Relative,
    /// A URL glob without a scheme.
    #[error("the glob has no scheme\nhint: write it as \"https://host/path/**\"")]
    NoScheme,
    /// A URL glob with a fragment, which is never stored.
    #[error("pages are compared without their fragment\nhint: end the glob before the #")]
    Fragment,
    /// A URL glob with a query, which is never stored.
    #[error("it never matches: pages are compared without their query\nhint: end the glob before the ?")]
    Query,
    /// A path of Windows on another system.
    #[error(
        "it never matches: \\ stands between folders on Windows only\nhint: write / between the folders, and [\\] for the letter"
    )]
    Backslash,
    /// A host that has no IDNA form.
    #[error("the host `{0}` has no IDNA form\nhint: keep wildcards and letters beyond ASCII in labels of their own")]
    Host(String),
    /// A set of letters that URLs write as several.
    #[error("a set in a URL can only have ASCII letters\nhint: write one glob for each letter")]
    Set,
}

/// One glob of the config, compiled.
#[derive(Clone, Debug)]
pub struct Rule {
    target: Target,
    subject: Subject,
    text: String,
    exception: bool,
    platform: Platform,
    form: Form,
    /// The same glob with its literal beginning as the disk has it, without symbolic links; `None` if they are equal.
    real: Option<Form>,
    never: Option<RuleError>,
}

impl Rule {
    /// Compiles a glob as it stands in the config.
    ///
    /// # Errors
    ///
    /// If the glob does not compile, or makes no sense for its subject.
    pub fn new(target: Target, subject: Subject, text: &str, platform: &Platform) -> Result<Self, RuleError> {
        let (exception, glob) = match text.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let glob = glob.trim();
        if glob.is_empty() {
            return Err(RuleError::Empty);
        }
        let (form, never) = match subject {
            Subject::Path => {
                let glob = expand(glob, platform)?;
                let never = (!platform.backslash && has_foreign_backslash(&glob)).then_some(RuleError::Backslash);
                (Form::path(&glob, platform)?, never)
            }
            Subject::Url => (Form::page(glob)?, has_query(glob).then_some(RuleError::Query)),
        };
        Ok(Self {
            target,
            subject,
            text: text.to_owned(),
            exception,
            platform: platform.clone(),
            form,
            real: None,
            never,
        })
    }

    /// Returns the target of a match.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Returns the kind of text that the glob is compared with.
    #[must_use]
    pub fn subject(&self) -> Subject {
        self.subject
    }

    /// Returns the glob as it stands in the config.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns whether its matches are taken out of its project.
    #[must_use]
    pub fn is_exception(&self) -> bool {
        self.exception
    }

    /// Returns the reason why it can never match, if there is one.
    #[must_use]
    pub fn never(&self) -> Option<&RuleError> {
        self.never.as_ref()
    }

    /// Returns the compared glob, with `~` replaced.
    #[must_use]
    pub fn glob(&self) -> String {
        self.form.glob()
    }

    /// Returns the compared glob without symbolic links, if it differs.
    #[must_use]
    pub fn real_glob(&self) -> Option<String> {
        self.real.as_ref().map(Form::glob)
    }

    /// Returns regular expressions for programs without globs. A text matches the glob if it matches one of them. Those
    /// for URLs are plain ASCII and mean the same in every dialect.
    #[must_use]
    pub fn expressions(&self) -> Vec<&str> {
        self.form.expressions()
    }

    /// Returns the literal text before the first wildcard, without escapes; for a path, its host and the path.
    #[must_use]
    pub fn prefix(&self) -> &str {
        self.form.prefix()
    }

    /// Returns the folder on this machine that the glob begins with.
    #[must_use]
    pub fn folder(&self) -> Option<&str> {
        let is_path = self.subject == Subject::Path && self.form.is_here();
        let prefix = self.form.prefix();
        let end = prefix.rfind('/').filter(|_| is_path)?;
        Some(&prefix[..end.max(1)])
    }

    /// Reads brackets and braces before the first `*` or `?` as letters. Returns the folder that the glob then names,
    /// which is probably meant, and the rest of the glob; `None` without such brackets or braces.
    #[must_use]
    pub fn unescaped(&self) -> Option<(String, String)> {
        let glob = self.form.glob();
        let (beginning, rest) = literal(&glob);
        if !self.form.is_here() || self.subject != Subject::Path || !rest.starts_with(['[', '{']) {
            return None;
        }
        let end = rest.find(['*', '?']).unwrap_or(rest.len());
        let end = if end < rest.len() { rest[..end].rfind('/')? } else { end };
        let (name, rest) = rest.split_at(end);
        Some((beginning + name, rest.to_owned()))
    }

    /// Replaces the folder at the beginning by its real path, if `links` has one.
    fn link(&mut self, links: &BTreeMap<String, String>) {
        let real = self
            .folder()
            .and_then(|folder| Some((folder.to_owned(), links.get(folder)?)));
        let moved = real.and_then(|(folder, real)| self.form.moved(&folder, real, &self.platform).ok()?);
        self.real = moved;
    }

    fn matches(&self, text: &str, subject: Subject) -> bool {
        let forms = std::iter::once(&self.form).chain(&self.real);
        self.subject == subject && forms.into_iter().any(|form| form.matches(text, subject))
    }
}

/// Expands `~`, and writes `/` between folders.
fn expand(glob: &str, platform: &Platform) -> Result<String, RuleError> {
    let glob = if platform.backslash {
        glob.replace('\\', "/")
    } else {
        glob.to_owned()
    };
    match glob.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => {
            let home = platform.home.as_deref().ok_or(RuleError::NoHome)?;
            Ok(format!("{}{rest}", escaped(home.trim_end_matches('/'))))
        }
        _ => Ok(glob),
    }
}

/// Returns whether a backslash escapes a letter that needs no escape, as in a path of Windows.
fn has_foreign_backslash(glob: &str) -> bool {
    let (glob, mut letters) = (glob.replace("[\\]", ""), Vec::new());
    let mut rest = glob.chars();
    while let Some(letter) = rest.next() {
        if letter == '\\' {
            letters.push(rest.next());
        }
    }
    let drive = glob.as_bytes().get(1..3) == Some(b":\\");
    let is_escape = |letter: &Option<char>| letter.is_some_and(|letter| "*?[]{}\\,!-".contains(letter));
    drive || !letters.iter().all(is_escape)
}

/// Returns whether a glob on pages has a query: a `?` that stands for itself, or one with `key=value` behind it.
fn has_query(glob: &str) -> bool {
    let path = glob.split_once("://").map_or(glob, |(_, rest)| rest);
    path.match_indices('?').any(|(at, _)| {
        let (before, after) = (&path[..at], &path[at + 1..]);
        let part = after.split('/').next().unwrap_or(after);
        before.ends_with('[') && after.starts_with(']') || part.contains(['=', '&'])
    })
}

#[cfg(test)]
mod tests;
