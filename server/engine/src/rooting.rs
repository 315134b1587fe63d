//! The other names of folders: real paths of workspace roots and rules, and the main working trees of worktrees.

mod worktree;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::Result;
use keeptab_config::{Config, Finding, Links, look, read};
use keeptab_core::entity::{Entity, split_host};
use keeptab_core::rule::{NamedRoot, escaped};

use super::Engine;
use super::activity::RootNames;
use worktree::main_folder;

/// The known names of workspace roots.
#[derive(Default)]
pub(super) struct Roots {
    /// The store's revision at the last read.
    revision: i64,
    /// The roots in the store.
    kept: Vec<NamedRoot>,
    /// Roots that an ignore rule names: they were reported to this host and must not reach the disk.
    secret: Vec<NamedRoot>,
}

impl Engine {
    /// Stores the names that an editor reports of its roots, and returns true if they are news. A name that is not a
    /// folder is left out. Roots that an ignore rule names are not stored.
    pub(super) fn know_roots(&mut self, roots: &[RootNames]) -> Result<bool> {
        let roots = roots.iter().filter_map(named);
        let (secret, open): (Vec<_>, Vec<_>) = roots.partition(|root| self.is_secret(root));
        let known = &mut self.roots.secret;
        let before = known.clone();
        known.retain(|known| !secret.iter().chain(&open).any(|root| root.root == known.root));
        known.extend(secret);
        let is_news = *known != before;
        let is_kept = self.store.keep_roots(&open)?;
        if is_news {
            self.place();
        }
        self.look_at_roots()?;
        Ok(is_news || is_kept)
    }

    /// Looks for the other names of roots on this machine's disk, which is only read.
    pub(super) fn find_roots(&mut self, roots: &[String]) -> Result<bool> {
        let names = roots.iter().filter_map(|root| {
            let Entity::Unnamed { root: Some(path) } = folder(root) else {
                return None;
            };
            let path = PathBuf::from(split_host(&path).0.is_empty().then_some(path)?);
            let text = |path: PathBuf| path.to_str().map(str::to_owned);
            Some(RootNames {
                root: root.clone(),
                real: path.canonicalize().ok().and_then(text),
                repository: main_folder(&path).and_then(text),
            })
        });
        let names: Vec<RootNames> = names.collect();
        self.know_roots(&names)
    }

    /// Reads the names of roots again if another host has changed them.
    pub(super) fn look_at_roots(&mut self) -> Result<()> {
        let revision = self.store.roots_revision()?;
        if revision != self.roots.revision {
            self.roots.kept = self.store.roots()?;
            self.roots.revision = revision;
            self.place();
        }
        Ok(())
    }

    /// Reads a config with the names of all folders. Symbolic links are resolved once, when the text is new.
    pub(super) fn read_config(&self, text: &str) -> Result<(Option<Config>, Vec<Finding>)> {
        let (config, findings) = read(text, &super::configuring::surroundings(&self.home));
        let Some(config) = config else {
            return Ok((None, findings));
        };
        let links = match self.links_of(text)? {
            Some(known) => known,
            None => look(&config.rules),
        };
        Ok((Some(config.placed(&self.known_roots(), links)), findings))
    }

    /// Returns the targets of the links of the config in force, if a text is that config.
    fn links_of(&self, text: &str) -> Result<Option<Links>> {
        if self.store.config_in_force()?.as_deref() != Some(text) {
            return Ok(None);
        }
        let links = self.store.links_in_force()?;
        Ok(links.and_then(|links| serde_json::from_str(&links).ok()))
    }

    /// Returns the rules of this machine that named files of other hosts before hosts were told apart, each with the globs
    /// that name these files now. Files that a rule names now are left out.
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    pub fn once_remote(&self) -> Result<Vec<(String, BTreeSet<String>)>> {
        let rules = &self.config.rules;
        let mut found = BTreeMap::<usize, BTreeSet<String>>::new();
        for entity in self.store.remote_entities()? {
            let (Entity::Path(path) | Entity::Unnamed { root: Some(path) }) = &entity else {
                continue;
            };
            let (host, rest) = split_host(path);
            let here = match &entity {
                Entity::Path(_) => Entity::Path(rest.to_owned()),
                _ => folder(rest),
            };
            let before = rules
                .winner(&here)
                .filter(|_| !host.is_empty() && rules.winner(&entity).is_none());
            if let Some(rule) = before {
                found.entry(rule).or_default().insert(host.to_owned());
            }
        }
        let rule = |(index, hosts): (usize, BTreeSet<String>)| {
            let rule = rules.rules().get(index)?;
            let globs = hosts.iter().map(|host| format!("{}{}", escaped(host), rule.glob()));
            Some((rule.text().to_owned(), globs.collect()))
        };
        Ok(found.into_iter().filter_map(rule).collect())
    }

    /// Compares the rules in force with the known roots.
    fn place(&mut self) {
        let links = self.config.rules.links().clone();
        self.config = self.config.clone().placed(&self.known_roots(), links);
        self.forget_computed();
    }

    fn known_roots(&self) -> Vec<NamedRoot> {
        self.roots.secret.iter().chain(&self.roots.kept).cloned().collect()
    }

    fn is_secret(&self, root: &NamedRoot) -> bool {
        let names = [Some(&root.root), root.real.as_ref(), root.repository.as_ref()];
        names.into_iter().flatten().any(|name| self.ignores(&folder(name)))
    }
}

fn named(names: &RootNames) -> Option<NamedRoot> {
    let path = |name: &str| match folder(name) {
        Entity::Unnamed { root } => root.filter(|_| name.len() <= super::recording::LONGEST),
        _ => None,
    };
    let root = path(&names.root)?;
    let other = |name: &Option<String>| name.as_deref().and_then(path).filter(|name| *name != root);
    Some(NamedRoot {
        real: other(&names.real),
        repository: other(&names.repository),
        root,
    })
}

fn folder(name: &str) -> Entity {
    Entity::unnamed(Some(name))
}
