//! The other names of workspace roots: real paths, and the main working trees of worktrees.

use anyhow::Result;
use keeptab_core::entity::Entity;

use super::Engine;
use super::activity::RootNames;
use crate::store::KnownRoot;

impl Engine {
    /// Keeps what an editor tells of its roots. A name that is no folder is left out, and so is a root of which an ignore
    /// rule names anything.
    pub(super) fn know_roots(&mut self, roots: &[RootNames]) -> Result<bool> {
        let folder = |text: &str| match Entity::unnamed(Some(text)) {
            Entity::Unnamed { root } => root,
            _ => None,
        };
        let known = roots.iter().filter_map(|names| {
            let root = folder(&names.root)?;
            let other = |name: &Option<String>| name.as_deref().and_then(folder).filter(|name| *name != root);
            Some(KnownRoot {
                real: other(&names.real),
                repository: other(&names.repository),
                root,
            })
        });
        let known = known.filter(|known| {
            let names = [Some(&known.root), known.real.as_ref(), known.repository.as_ref()];
            let folder = |name: &String| Entity::unnamed(Some(name));
            !names.into_iter().flatten().any(|name| self.ignores(&folder(name)))
        });
        let known: Vec<KnownRoot> = known.collect();
        self.store.keep_roots(&known)
    }
}
