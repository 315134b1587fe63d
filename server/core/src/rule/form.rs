//! A compiled glob: on pages, or on the paths of some hosts.

use unicode_normalization::UnicodeNormalization as _;

use super::folder::{escaped, literal};
use super::pattern::Pattern;
use super::{Platform, RuleError, Subject, page};
use crate::entity::{host_of, is_wsl, split_host};

/// One glob, compiled.
#[derive(Clone, Debug)]
pub(super) struct Form {
    host: Host,
    pattern: Pattern,
    /// For `folder/**`, the folder itself: a repository's own page belongs to it.
    folder: Option<Pattern>,
    /// Host and path before the first wildcard.
    prefix: String,
}

/// The hosts whose paths a glob is compared with.
#[derive(Clone, Debug)]
enum Host {
    /// Every host; also pages, which have their host in the glob.
    Any,
    /// This machine.
    Here,
    /// The hosts that the pattern matches.
    Named(Box<Pattern>),
}

impl Form {
    /// Compiles a glob on pages.
    ///
    /// # Errors
    ///
    /// If it could never match or does not compile.
    pub(super) fn page(glob: &str) -> Result<Self, RuleError> {
        Self::new(Host::Any, &page::normal(glob)?, false)
    }

    /// Compiles a glob on paths, written with `/` between the folders.
    ///
    /// # Errors
    ///
    /// If it could never match or does not compile.
    pub(super) fn path(glob: &str, platform: &Platform) -> Result<Self, RuleError> {
        let glob: String = glob.nfc().collect();
        let bytes = glob.as_bytes();
        let has_drive = bytes.len() > 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':';
        let (host, path) = match hosted(&glob) {
            Some((host, path)) if host.is_empty() => (Host::Here, path),
            Some((host, path)) => (Host::Named(Box::new(Pattern::new(&host, false)?)), path),
            None if glob.starts_with('*') => (Host::Any, glob),
            None if glob.starts_with(['/', '[', '{']) || has_drive => (Host::Here, glob),
            None => return Err(RuleError::Relative),
        };
        Self::new(host, &path, platform.case_blind)
    }

    fn new(host: Host, glob: &str, blind: bool) -> Result<Self, RuleError> {
        // A folder without a wildcard means all in it.
        let whole = match literal(glob) {
            (_, "") => format!("{}/**", glob.trim_end_matches('/')),
            _ => glob.to_owned(),
        };
        let pattern = Pattern::new(&whole, blind)?;
        let folder = whole.strip_suffix("/**").filter(|folder| !folder.is_empty());
        let folder = folder.map(|folder| Pattern::new(folder, blind)).transpose()?;
        let prefix = match &host {
            Host::Any | Host::Here => pattern.literal().to_owned(),
            Host::Named(host) if literal(host.glob()).1.is_empty() => {
                format!("{}{}", host.literal(), pattern.literal())
            }
            Host::Named(host) => host.literal().to_owned(),
        };
        Ok(Self {
            host,
            pattern,
            folder,
            prefix,
        })
    }

    /// Returns whether the glob matches a path with its host, or a page.
    pub(super) fn matches(&self, text: &str, subject: Subject) -> bool {
        let (host, rest) = match subject {
            Subject::Path => split_host(text),
            Subject::Url => ("", text),
        };
        let fits = match &self.host {
            Host::Any => true,
            Host::Here => host.is_empty(),
            Host::Named(named) => named.is_match(host),
        };
        let is_folder = || self.folder.as_ref().is_some_and(|folder| folder.is_match(rest));
        fits && (self.pattern.is_match(rest) || is_folder())
    }

    /// Returns the glob as it is compared.
    pub(super) fn glob(&self) -> String {
        match &self.host {
            Host::Any | Host::Here => self.pattern.glob().to_owned(),
            Host::Named(host) => format!("{}{}", host.glob(), self.pattern.glob()),
        }
    }

    /// Returns host and path before the first wildcard, without escapes.
    pub(super) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Returns whether only paths on this machine are compared.
    pub(super) fn is_here(&self) -> bool {
        matches!(self.host, Host::Here)
    }

    /// Returns regular expressions. A text matches the glob if it matches one of them.
    pub(super) fn expressions(&self) -> Vec<&str> {
        let patterns = std::iter::once(&self.pattern).chain(&self.folder);
        patterns.map(Pattern::expression).collect()
    }

    /// Returns a sample: the glob with each wildcard replaced by `x`. The glob matches it, unless it has braces or
    /// sets.
    pub(super) fn sample(&self) -> String {
        match &self.host {
            Host::Any | Host::Here => self.pattern.sample(),
            Host::Named(host) => host.sample() + &self.pattern.sample(),
        }
    }

    /// Returns the same glob with the folder `from` at its beginning replaced by `to`; `None` if it begins otherwise.
    ///
    /// # Errors
    ///
    /// If it does not compile.
    pub(super) fn moved(&self, from: &str, to: &str, platform: &Platform) -> Result<Option<Self>, RuleError> {
        let glob = self.pattern.glob();
        // The rest begins with the slash after the folder.
        let rest = after(glob, from).filter(|rest| rest.starts_with('/'));
        let moved = rest.map(|rest| Self::path(&format!("{}{rest}", escaped(to.trim_end_matches('/'))), platform));
        moved.transpose()
    }
}

/// Returns the rest of a glob after a literal beginning.
fn after<'g>(glob: &'g str, beginning: &str) -> Option<&'g str> {
    let ends = glob.char_indices().map(|(at, _)| at).chain([glob.len()]);
    ends.map(|at| glob.split_at(at))
        .find(|(start, _)| literal(start) == (beginning.to_owned(), ""))
        .map(|(_, rest)| rest)
}

/// Splits a glob that names its host, as in `ssh://beta/srv/**` and `//server/share/**`; the host is empty for this machine.
fn hosted(glob: &str) -> Option<(String, String)> {
    let (scheme, rest) = match glob.strip_prefix("//") {
        Some(rest) => ("file", rest),
        None => glob.split_once("://")?,
    };
    let is_scheme = |letter: char| letter.is_ascii_alphanumeric() || "+-.".contains(letter);
    if !scheme.chars().all(is_scheme) {
        return None;
    }
    let scheme = scheme.to_ascii_lowercase();
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    if scheme == "file" && is_wsl(authority) {
        let path = path.trim_start_matches('/');
        let (distribution, path) = path.split_at(path.find('/').unwrap_or(path.len()));
        return Some((format!("wsl://{}", distribution.to_lowercase()), path.to_owned()));
    }
    // Some editors write two slashes for the root of the host.
    let path = match path.trim_start_matches('/') {
        "" => path.to_owned(),
        path => format!("/{path}"),
    };
    let named = |authority: &str| {
        let any = host_of(&scheme, "x");
        format!("{}{}", any.trim_end_matches('x'), authority.to_lowercase())
    };
    Some(match literal(authority) {
        (authority, "") => (escaped(&host_of(&scheme, &authority)), path),
        // Any host, and any folder before the path.
        _ if authority == "**" => (named("*"), format!("/**{path}")),
        _ => (named(authority), path),
    })
}
