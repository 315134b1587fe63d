//! The clients and projects that an import wrote into the config, for taking them back.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use keeptab_config::{Adopted, Edit, Written};
use keeptab_core::instant::Instant;
use keeptab_store::BatchId;
use keeptab_system::plain::{self, LONGEST_TEXT};

use super::super::Engine;

/// The setting with the tables that a batch wrote.
fn key(batch: BatchId) -> String {
    format!("import.adopted.{}", batch.0)
}

impl Engine {
    /// Keeps the tables that a batch wrote.
    pub(super) fn keep_adopted(&mut self, batch: BatchId, adopted: &Adopted) -> Result<()> {
        let path = self.home.config_file();
        let text =
            plain::read_text(&path, LONGEST_TEXT).with_context(|| format!("{} cannot be read", path.display()))?;
        let written = serde_json::to_string(&adopted.written(&text))?;
        self.store.set_setting(&key(batch), Some(&written))
    }

    /// Removes the tables that a batch wrote from the config, if they are unchanged and unused. Returns their ids.
    pub(super) fn abandon_adopted(&mut self, batch: BatchId, now: Instant) -> Result<Vec<String>> {
        let Some(text) = self.store.setting(&key(batch))? else {
            return Ok(Vec::new());
        };
        let mut written: Vec<Written> = serde_json::from_str(&text).unwrap_or_default();
        let projects = self.store.named_projects()?;
        let drafts = self.store.drafts()?.into_iter().map(|draft| draft.reserves.client);
        let invoices = self
            .store
            .invoices()?
            .into_iter()
            .map(|row| row.invoice.content().client.clone());
        let clients: BTreeSet<String> = drafts.chain(invoices).collect();
        written.retain(|table| match table.kind.as_str() {
            "project" => !projects.iter().any(|project| project.as_str() == table.id),
            _ => !clients.contains(&table.id),
        });
        let ids = |config: &keeptab_config::Config| -> BTreeSet<String> {
            let projects = config
                .projects
                .iter()
                .map(|project| project.terms.project.as_str().to_owned());
            projects.chain(config.clients.keys().cloned()).collect()
        };
        let before = ids(&self.config);
        self.edit(&Edit::Abandon(written), now)?;
        self.store.set_setting(&key(batch), None)?;
        Ok(before.difference(&ids(&self.config)).cloned().collect())
    }
}
