//! From a file or page to a project: globs, and which of them wins.
//!
//! `ignore` rules come first; then the rule with the longest literal prefix before its first wildcard; then the order
//! in the config. Globs are globset's: `*` stays within a folder, `**` crosses folders. `~` is the home folder, a
//! pattern without a wildcard means the folder with all in it, and `!` takes an exception out of its own project.

mod pattern;

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
    /// A page's `scheme://host/path`.
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
        text_of(entity).is_some_and(|(text, subject)| self.matches(text, subject))
    }

    /// Returns the glob as it is compared, `~` replaced.
    #[must_use]
    pub fn glob(&self) -> &str {
        self.pattern.glob()
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
        Subject::Url if !glob.contains("://") => return Err(RuleError::NoScheme),
        _ => {}
    }
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
            if better && self.applies(rule, text, subject) {
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
        let verdict = |index: usize, rule: &Rule| match subject {
            Some((text, subject)) if rule.matches(text, subject) => {
                if winner == Some(index) {
                    Verdict::Won
                } else if self.applies(rule, text, subject) {
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

fn text_of(entity: &Entity) -> Option<(&str, Subject)> {
    match entity {
        Entity::Path(path) => Some((path, Subject::Path)),
        Entity::Url(url) => Some((url, Subject::Url)),
        Entity::Unnamed { .. } | Entity::Private => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn platform() -> Platform {
        Platform {
            home: Some("/home/jane".into()),
            case_blind: false,
        }
    }

    /// Rules as `target glob`, the target `-` being ignore.
    fn set(rules: &[&str]) -> RuleSet {
        let compile = |line: &&str| {
            let (target, glob) = line.split_once(' ').unwrap();
            let target = match target {
                "-" => Target::Ignore,
                id => Target::Project(ProjectId::new(id)),
            };
            let subject = if glob.contains("://") {
                Subject::Url
            } else {
                Subject::Path
            };
            Rule::new(target, subject, glob, &platform()).unwrap()
        };
        RuleSet::new(rules.iter().map(compile).collect())
    }

    #[track_caller]
    fn check(rules: &[&str], uri: &str, expected: &str) {
        let set = set(rules);
        let shown = match set.resolve(&Entity::from_uri(uri, None)) {
            Some(Target::Project(id)) => id.as_str(),
            Some(Target::Ignore) => "ignored",
            None => "unassigned",
        };
        assert_eq!(shown, expected, "{uri} by {rules:?}");
    }

    #[test]
    fn the_longest_literal_prefix_wins_whatever_the_order() {
        let rules = ["acme ~/work/acme/**", "api ~/work/acme/api/**", "all ~/**"];
        check(&rules, "/home/jane/work/acme/api/a.rs", "api");
        check(&rules, "/home/jane/work/acme/web/a.rs", "acme");
        check(&rules, "/home/jane/notes.md", "all");
        check(&rules, "/srv/a.rs", "unassigned");
    }

    #[test]
    fn ignore_comes_first() {
        let rules = ["api ~/work/acme/api/**", "- ~/work/**/secret/**"];
        check(&rules, "/home/jane/work/acme/api/secret/a.rs", "ignored");
        check(&rules, "/home/jane/work/acme/api/a.rs", "api");
    }

    #[test]
    fn ties_go_to_the_first_and_are_reported() {
        let rules = ["a ~/work/*/api/**", "b ~/work/acme*/**", "c ~/work/*/web/**"];
        check(&rules, "/home/jane/work/acme/api/a.rs", "b");
        let rules = ["a ~/work/*/api/**", "b ~/work/*/api/**", "c ~/work/*/web/**"];
        check(&rules, "/home/jane/work/acme/api/a.rs", "a");
        assert_eq!(set(&rules).ambiguities(), [Ambiguity { first: 0, second: 1 }]);
        assert_eq!(set(&rules).outranking(1).map(Rule::text), Some("~/work/*/api/**"));
        // An exception in either settles it.
        let settled = ["a ~/work/*/api/**", "a !~/work/*/api/**", "b ~/work/*/api/**"];
        assert_eq!(set(&settled).ambiguities(), []);
        assert!(set(&settled).outranking(2).is_none());
    }

    #[test]
    fn exceptions_take_out_of_their_own_project_only() {
        let rules = ["a ~/work/**", "a !~/work/play/**", "b ~/**"];
        check(&rules, "/home/jane/work/play/a.rs", "b");
        check(&rules, "/home/jane/work/real/a.rs", "a");
        let set = set(&rules);
        let entity = Entity::from_uri("/home/jane/work/play/a.rs", None);
        let verdicts: Vec<Verdict> = set.explain(&entity).iter().map(|(_, verdict)| *verdict).collect();
        assert_eq!(verdicts, [Verdict::Excepted, Verdict::Won]);
    }

    #[test]
    fn a_plain_folder_means_all_in_it() {
        check(&["a ~/work/acme"], "/home/jane/work/acme/x/y.rs", "a");
        check(&["a ~/work/acme/"], "/home/jane/work/acme/y.rs", "a");
        check(&["a ~/work/acme"], "/home/jane/work/acme2/y.rs", "unassigned");
    }

    #[test]
    fn urls_match_on_scheme_host_and_path() {
        let rules = ["a https://github.com/acme/api/**"];
        check(&rules, "https://github.com/acme/api", "a");
        check(&rules, "https://github.com/acme/api/pull/7?tab=files", "a");
        check(&rules, "https://github.com/acme/api-docs", "unassigned");
        check(&rules, "http://github.com/acme/api", "unassigned");
    }

    #[test]
    fn case_follows_the_platform() {
        let blind = Platform {
            case_blind: true,
            ..platform()
        };
        let rule = Rule::new(Target::Ignore, Subject::Path, "C:/Work/**", &blind).unwrap();
        let entity = Entity::from_uri("file:///c%3A/work/A.RS", None);
        assert_eq!(RuleSet::new(vec![rule]).resolve(&entity), Some(&Target::Ignore));
        check(&["a /Work/**"], "/work/a.rs", "unassigned");
    }

    #[test]
    fn a_home_with_special_characters_is_literal() {
        let odd = Platform {
            home: Some("/home/[jane]".into()),
            case_blind: false,
        };
        let rule = Rule::new(Target::Ignore, Subject::Path, "~/x/**", &odd).unwrap();
        let entity = Entity::from_uri("/home/[jane]/x/a", None);
        assert_eq!(RuleSet::new(vec![rule]).resolve(&entity), Some(&Target::Ignore));
    }

    #[test]
    fn what_could_never_match_is_refused() {
        let refuse = |subject, glob| Rule::new(Target::Ignore, subject, glob, &platform()).unwrap_err();
        assert_eq!(refuse(Subject::Path, ""), RuleError::Empty);
        assert_eq!(refuse(Subject::Path, "work/**"), RuleError::Relative);
        assert_eq!(refuse(Subject::Url, "github.com/**"), RuleError::NoScheme);
        assert!(matches!(refuse(Subject::Path, "~/{a,b"), RuleError::Syntax(_)));
    }
}
