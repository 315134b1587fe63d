//! From a file or page to a project: globs, and which of them wins.
//!
//! `ignore` rules come first; then the rule with the longest literal prefix before its first wildcard; then the order
//! in the config. Globs are globset's: `*` stays within a folder, `**` crosses folders. `~` is the home folder, a
//! pattern without a wildcard means the folder with all in it, and `!` takes an exception out of its own project.

pub(crate) mod page;
mod pattern;

use std::borrow::Cow;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::entity::Entity;

use pattern::{Pattern, literal_prefix};

/// Names a project: the text of its table in the config, `acme/api`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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

/// What a glob is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A path on disk.
    Path,
    /// A page's `scheme://host/path`; the host as DNS has it, so case-blind and in IDNA form.
    Url,
}

/// What a matching rule says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// The time belongs to the project.
    Project(ProjectId),
    /// The time is private.
    Ignore,
}

/// How paths are compared on this platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Platform {
    /// The home folder, with `/` between the parts; what `~` stands for.
    pub home: Option<String>,
    /// Whether `A.rs` and `a.rs` are one file, as on Windows and macOS.
    pub case_blind: bool,
}

/// A glob that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RuleError {
    /// There is nothing to match.
    #[error("the glob is empty\nhint: write a folder, such as \"~/work/acme/**\"")]
    Empty,
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
    /// A URL glob with something that is never stored.
    #[error("pages are compared without their fragment\nhint: end the glob before the #")]
    Fragment,
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
    prefix: String,
    pattern: Pattern,
    /// For `folder/**`, the folder itself: a repository's own page belongs to it.
    folder: Option<Pattern>,
}

impl Rule {
    /// Compiles a glob as it stands in the config.
    ///
    /// # Errors
    ///
    /// Where the glob could never match or does not compile.
    pub fn new(target: Target, subject: Subject, text: &str, platform: &Platform) -> Result<Self, RuleError> {
        let (exception, glob) = match text.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let glob = expand(glob.trim(), subject, platform)?;
        let prefix = literal_prefix(&glob).to_owned();
        let blind = subject == Subject::Path && platform.case_blind;
        let pattern = Pattern::new(&glob, blind)?;
        let folder = glob.strip_suffix("/**").filter(|folder| !folder.is_empty());
        let folder = folder.map(|folder| Pattern::new(folder, blind)).transpose()?;
        Ok(Self {
            target,
            subject,
            text: text.to_owned(),
            exception,
            prefix,
            pattern,
            folder,
        })
    }

    /// Returns what a match means.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Returns what the glob is compared with.
    #[must_use]
    pub fn subject(&self) -> Subject {
        self.subject
    }

    /// Returns the glob as it stands in the config.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns whether it takes out of its project what it matches.
    #[must_use]
    pub fn is_exception(&self) -> bool {
        self.exception
    }

    /// Returns whether the glob matches an entity, whatever other rules say.
    #[must_use]
    pub fn is_match(&self, entity: &Entity) -> bool {
        text_of(entity).is_some_and(|(text, subject)| self.matches(&text, subject))
    }

    /// Returns the glob as it is compared, `~` replaced.
    #[must_use]
    pub fn glob(&self) -> &str {
        self.pattern.glob()
    }

    /// Returns regular expressions, one of which matches where the glob does, for programs that have no globs. Those of
    /// URLs are plain ASCII and mean the same in every dialect.
    #[must_use]
    pub fn expressions(&self) -> Vec<&str> {
        let patterns = std::iter::once(&self.pattern).chain(&self.folder);
        patterns.map(Pattern::expression).collect()
    }

    /// Returns what stands before the first wildcard.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    fn matches(&self, text: &str, subject: Subject) -> bool {
        let folder = |text| self.folder.as_ref().is_some_and(|folder| folder.is_match(text));
        self.subject == subject && (self.pattern.is_match(text) || folder(text))
    }
}

/// Writes a folder so that a glob takes none of its letters for wildcards.
#[must_use]
pub fn escaped(folder: &str) -> String {
    globset::escape(folder)
}

/// Expands `~`, adds `/**` to a plain folder, and refuses what could never match.
fn expand(glob: &str, subject: Subject, platform: &Platform) -> Result<String, RuleError> {
    let glob = match (subject, glob.strip_prefix('~')) {
        (_, _) if glob.is_empty() => return Err(RuleError::Empty),
        (Subject::Path, Some(rest)) if rest.is_empty() || rest.starts_with('/') => {
            let home = platform.home.as_deref().ok_or(RuleError::NoHome)?;
            format!("{}{rest}", globset::escape(home.trim_end_matches('/')))
        }
        _ => glob.to_owned(),
    };
    let bytes = glob.as_bytes();
    let has_drive = bytes.len() > 2 && bytes[1] == b':';
    match subject {
        Subject::Path if !(glob.starts_with(['/', '*', '[', '{']) || has_drive) => return Err(RuleError::Relative),
        Subject::Path | Subject::Url => {}
    }
    let glob = match subject {
        Subject::Path => glob,
        Subject::Url => page::normal(&glob)?,
    };
    let whole = glob.trim_end_matches('/');
    Ok(if literal_prefix(&glob).len() == glob.len() {
        format!("{whole}/**")
    } else {
        glob
    })
}

/// Why a rule won or lost for an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It decided.
    Won,
    /// It matches; an ignore rule, a longer literal prefix or an earlier place in the config decided.
    Outranked,
    /// It matches, and an exception of the same project takes it out.
    Excepted,
    /// It does not match.
    NoMatch,
}

/// Two rules of different projects that match the same files equally well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ambiguity {
    /// The index of the rule that wins, being first.
    pub first: usize,
    /// The index of the other.
    pub second: usize,
}

/// All rules of a config, in its order.
#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    rules: Vec<Rule>,
    /// For each target, the indices of its exceptions.
    exceptions: HashMap<Target, Vec<usize>>,
}

impl RuleSet {
    /// Makes a set from rules in config order.
    #[must_use]
    pub fn new(rules: Vec<Rule>) -> Self {
        let mut exceptions: HashMap<Target, Vec<usize>> = HashMap::new();
        for (index, rule) in rules.iter().enumerate().filter(|(_, rule)| rule.exception) {
            exceptions.entry(rule.target.clone()).or_default().push(index);
        }
        Self { rules, exceptions }
    }

    /// Returns the rules in config order.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Returns what the config says about an entity, or nothing where no rule names it.
    #[must_use]
    pub fn resolve(&self, entity: &Entity) -> Option<&Target> {
        self.winner(entity).map(|index| &self.rules[index].target)
    }

    /// Returns the index of the rule that decides about an entity.
    #[must_use]
    pub fn winner(&self, entity: &Entity) -> Option<usize> {
        let (text, subject) = text_of(entity)?;
        let mut best: Option<usize> = None;
        for (index, rule) in self.rules.iter().enumerate() {
            let better = best.is_none_or(|best| self.rank(index) > self.rank(best));
            if better && self.applies(rule, &text, subject) {
                best = Some(index);
            }
        }
        best
    }

    /// Returns what became of each rule for an entity, in config order; exceptions are not listed.
    #[must_use]
    pub fn explain(&self, entity: &Entity) -> Vec<(&Rule, Verdict)> {
        let winner = self.winner(entity);
        let subject = text_of(entity);
        let verdict = |index: usize, rule: &Rule| match &subject {
            Some((text, subject)) if rule.matches(text, *subject) => {
                if winner == Some(index) {
                    Verdict::Won
                } else if self.applies(rule, text, *subject) {
                    Verdict::Outranked
                } else {
                    Verdict::Excepted
                }
            }
            _ => Verdict::NoMatch,
        };
        let rules = self.rules.iter().enumerate().filter(|(_, rule)| !rule.exception);
        rules.map(|(index, rule)| (rule, verdict(index, rule))).collect()
    }

    /// Finds pairs of rules of different projects that can match one entity with equal rank.
    #[must_use]
    pub fn ambiguities(&self) -> Vec<Ambiguity> {
        let mut found = Vec::new();
        for (second, rule) in self.rules.iter().enumerate() {
            let rivals = self.rules[..second].iter().enumerate().filter(|(_, earlier)| {
                !earlier.exception
                    && !rule.exception
                    && earlier.target != rule.target
                    && earlier.target != Target::Ignore
                    && rule.target != Target::Ignore
                    && earlier.prefix == rule.prefix
                    && (self.both(rule, earlier, earlier) || self.both(earlier, rule, rule))
            });
            found.extend(rivals.map(|(first, _)| Ambiguity { first, second }));
        }
        found
    }

    /// Returns whether two rules both say something of what one of them surely matches: `rule` matches it, and no
    /// exception takes it out of either.
    fn both(&self, rule: &Rule, other: &Rule, of: &Rule) -> bool {
        let sample = of.pattern.sample();
        let free = |rule| !self.is_excepted(rule, &sample, of.subject);
        rule.matches(&sample, of.subject) && free(rule) && free(other)
    }

    /// Returns the rule that decides in the place of another about what that one surely matches, if there is one.
    #[must_use]
    pub fn outranking(&self, index: usize) -> Option<&Rule> {
        let rule = self.rules.get(index)?;
        let sample = rule.pattern.sample();
        let entity = match rule.subject {
            Subject::Path => Entity::Path(sample),
            Subject::Url => Entity::Url(sample),
        };
        let winner = self.winner(&entity).filter(|winner| *winner != index)?;
        self.rules.get(winner)
    }

    fn rank(&self, index: usize) -> (bool, usize) {
        let rule = &self.rules[index];
        (rule.target == Target::Ignore, rule.prefix.len())
    }

    fn applies(&self, rule: &Rule, text: &str, subject: Subject) -> bool {
        !rule.exception && rule.matches(text, subject) && !self.is_excepted(rule, text, subject)
    }

    fn is_excepted(&self, rule: &Rule, text: &str, subject: Subject) -> bool {
        let exceptions = self.exceptions.get(&rule.target).into_iter().flatten();
        exceptions
            .into_iter()
            .any(|index| self.rules[*index].matches(text, subject))
    }
}

/// Stands for a file in a folder. No file has this name, so only wildcards match it.
const ANY_FILE: &str = "\0";

/// Returns what globs are compared with: a folder is compared as a file in it.
fn text_of(entity: &Entity) -> Option<(Cow<'_, str>, Subject)> {
    match entity {
        Entity::Path(path) => Some((path.into(), Subject::Path)),
        Entity::Url(url) => Some((url.into(), Subject::Url)),
        Entity::Unnamed { root: Some(folder) } => {
            let folder = folder.trim_end_matches('/');
            Some((format!("{folder}/{ANY_FILE}").into(), Subject::Path))
        }
        Entity::Unnamed { root: None } | Entity::Private => None,
    }
}

#[cfg(test)]
mod tests;
