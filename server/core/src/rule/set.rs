//! All rules together, and the one that decides.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use schemars::JsonSchema;
use serde::Serialize;

use super::names::{Names, names, nfc};
use super::{NamedRoot, Rule, Subject, Target};
use crate::entity::Entity;

/// The outcome of a rule for an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It decided.
    Won,
    /// It matches; an ignore rule, a longer literal prefix or an earlier rule of the config decided.
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
    /// The indices of the exceptions, by target.
    exceptions: HashMap<Target, Vec<usize>>,
    /// The workspace roots of editors, in NFC.
    roots: Vec<NamedRoot>,
    /// The real paths of folders that rules begin with, by folder.
    links: BTreeMap<String, String>,
}

/// Stands for any file in a folder. No file has this name, so only wildcards match it.
const ANY_FILE: &str = "\0";

impl RuleSet {
    /// Makes a set from rules in config order.
    #[must_use]
    pub fn new(rules: Vec<Rule>) -> Self {
        let mut exceptions: HashMap<Target, Vec<usize>> = HashMap::new();
        for (index, rule) in rules.iter().enumerate().filter(|(_, rule)| rule.exception) {
            exceptions.entry(rule.target.clone()).or_default().push(index);
        }
        Self {
            rules,
            exceptions,
            ..Self::default()
        }
    }

    /// Takes the names of workspace roots.
    #[must_use]
    pub fn with_roots(self, roots: &[NamedRoot]) -> Self {
        let roots = roots.iter().map(NamedRoot::normal).collect();
        Self { roots, ..self }
    }

    /// Takes the real paths of folders that rules begin with, by folder.
    #[must_use]
    pub fn with_links(mut self, links: BTreeMap<String, String>) -> Self {
        for rule in &mut self.rules {
            rule.link(&links);
        }
        Self { links, ..self }
    }

    /// Returns the rules in config order.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Returns the names of workspace roots, in NFC.
    #[must_use]
    pub fn roots(&self) -> &[NamedRoot] {
        &self.roots
    }

    /// Returns the real paths of folders that rules begin with, by folder.
    #[must_use]
    pub fn links(&self) -> &BTreeMap<String, String> {
        &self.links
    }

    /// Returns the target of an entity, or `None` if no rule matches it.
    #[must_use]
    pub fn resolve(&self, entity: &Entity) -> Option<&Target> {
        self.winner(entity).map(|index| &self.rules[index].target)
    }

    /// Returns the index of the rule that decides about an entity.
    #[must_use]
    pub fn winner(&self, entity: &Entity) -> Option<usize> {
        let (names, subject) = self.names_of(entity)?;
        let best = |names: &[&Cow<'_, str>]| self.best(names, subject);
        let own: Vec<_> = names.own.iter().collect();
        if names.main.is_empty() || self.has_own_rule(&names) {
            return best(&own);
        }
        // An ignore rule that names any of them comes first.
        let all: Vec<_> = names.own.iter().chain(&names.main).collect();
        let ignored = best(&all).filter(|index| self.rules[*index].target == Target::Ignore);
        let main: Vec<_> = names.main.iter().collect();
        ignored.or_else(|| best(&main)).or_else(|| best(&own))
    }

    /// Returns whether the glob of a rule matches an entity, whatever other rules say.
    #[must_use]
    pub fn is_match(&self, index: usize, entity: &Entity) -> bool {
        let rule = self.rules.get(index);
        let named = rule.and_then(|rule| Some((rule, self.names_of(entity)?)));
        named.is_some_and(|(rule, (names, subject))| {
            let mut all = names.own.iter().chain(&names.main);
            all.any(|name| rule.matches(name, subject))
        })
    }

    /// Returns the verdict on each rule for an entity, in config order, without exceptions.
    #[must_use]
    pub fn explain(&self, entity: &Entity) -> Vec<(&Rule, Verdict)> {
        let winner = self.winner(entity);
        let known = self.names_of(entity);
        let verdict = |index: usize, rule: &Rule| {
            let Some((names, subject)) = &known else {
                return Verdict::NoMatch;
            };
            let all: Vec<_> = names.own.iter().chain(&names.main).collect();
            if winner == Some(index) {
                Verdict::Won
            } else if self.applies(rule, &all, *subject) {
                Verdict::Outranked
            } else if all.iter().any(|name| rule.matches(name, *subject)) {
                Verdict::Excepted
            } else {
                Verdict::NoMatch
            }
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
                    && earlier.prefix() == rule.prefix()
                    && (self.both(rule, earlier, earlier) || self.both(earlier, rule, rule))
            });
            found.extend(rivals.map(|(first, _)| Ambiguity { first, second }));
        }
        found
    }

    /// Returns whether both rules apply to the sample of `of`, which is one of them: `rule` matches it, and no
    /// exception takes it out of either.
    fn both(&self, rule: &Rule, other: &Rule, of: &Rule) -> bool {
        let sample = of.form.sample();
        let free = |rule: &Rule| {
            let mut exceptions = self.exceptions_of(rule);
            !exceptions.any(|exception| exception.matches(&sample, of.subject))
        };
        rule.matches(&sample, of.subject) && free(rule) && free(other)
    }

    /// Returns the rule that shadows `index`, if any: the one that decides about its sample.
    #[must_use]
    pub fn outranking(&self, index: usize) -> Option<&Rule> {
        let rule = self.rules.get(index)?;
        let sample = rule.form.sample();
        let entity = match rule.subject {
            Subject::Path => Entity::Path(sample),
            Subject::Url => Entity::Url(sample),
        };
        let winner = self.winner(&entity).filter(|winner| *winner != index)?;
        self.rules.get(winner)
    }

    fn rank(&self, index: usize) -> (bool, usize) {
        let rule = &self.rules[index];
        // If a symbolic link leads elsewhere, the real path counts.
        let form = rule.real.as_ref().unwrap_or(&rule.form);
        (rule.target == Target::Ignore, form.prefix().len())
    }

    fn best(&self, names: &[&Cow<'_, str>], subject: Subject) -> Option<usize> {
        let mut best: Option<usize> = None;
        for (index, rule) in self.rules.iter().enumerate() {
            let better = best.is_none_or(|best| self.rank(index) > self.rank(best));
            if better && self.applies(rule, names, subject) {
                best = Some(index);
            }
        }
        best
    }

    /// Returns whether a rule that begins in the worktree's own folder applies to a file there.
    fn has_own_rule(&self, names: &Names<'_>) -> bool {
        let own: Vec<_> = names.own.iter().collect();
        let begins_there = |rule: &Rule| {
            let forms = std::iter::once(&rule.form).chain(&rule.real);
            let within = |prefix: &str| {
                let rests = names.worktree.iter().filter_map(|folder| prefix.strip_prefix(folder));
                rests.into_iter().any(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            forms.into_iter().any(|form| within(form.prefix()))
        };
        let mut rules = self.rules.iter();
        rules.any(|rule| begins_there(rule) && self.applies(rule, &own, Subject::Path))
    }

    fn applies(&self, rule: &Rule, names: &[&Cow<'_, str>], subject: Subject) -> bool {
        let matches = |rule: &Rule| names.iter().any(|name| rule.matches(name, subject));
        !rule.exception && matches(rule) && !self.exceptions_of(rule).any(matches)
    }

    fn exceptions_of(&self, rule: &Rule) -> impl Iterator<Item = &Rule> {
        let exceptions = self.exceptions.get(&rule.target).into_iter().flatten();
        exceptions.map(|index| &self.rules[*index])
    }

    /// Returns the names that globs are compared with. A folder is compared as a file in it.
    fn names_of<'e>(&'e self, entity: &'e Entity) -> Option<(Names<'e>, Subject)> {
        let path = match entity {
            Entity::Path(path) => nfc(path),
            Entity::Unnamed { root: Some(folder) } => {
                let folder = nfc(folder.trim_end_matches('/'));
                format!("{folder}/{ANY_FILE}").into()
            }
            Entity::Url(url) => {
                let names = Names {
                    own: vec![url.into()],
                    main: Vec::new(),
                    worktree: Vec::new(),
                };
                return Some((names, Subject::Url));
            }
            Entity::Unnamed { root: None } | Entity::Private => return None,
        };
        Some((names(path, &self.roots), Subject::Path))
    }
}
