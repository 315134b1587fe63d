//! Explanation of a file's or page's project, and the projects to choose from.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use keeptab_core::calendar::Range;
use keeptab_core::entity::{Entity, split_host};
use keeptab_core::instant::Instant;
use keeptab_core::money::{Amount, Currency};
use keeptab_core::rule::{Target, Verdict};
use keeptab_store::{Overpaid, Store};

use super::Engine;
use super::reporting::By;
use super::view::{Catalogue, ClientRow, Explanation, ProjectRow, RuleRow};

impl Engine {
    /// Explains which rule wins for a path or URL, and why the others do not. A folder is compared like a file in it.
    ///
    /// # Errors
    ///
    /// If it is no path or URL, or the store cannot be read.
    pub fn explain(&self, uri: &str) -> Result<Explanation> {
        let entity = self.asked(uri)?;
        let rules = &self.config.rules;
        let name = |target: &Target| match target {
            Target::Project(project) => Some(project.clone()),
            Target::Ignore => None,
        };
        let row = |(rule, verdict): (&keeptab_core::rule::Rule, Verdict)| RuleRow {
            project: name(rule.target()),
            glob: rule.text().to_owned(),
            verdict,
        };
        let explained = rules.explain(&entity);
        let winner = rules.resolve(&entity);
        let project = winner.and_then(name);
        let client = project
            .as_ref()
            .and_then(|project| self.config.project(project)?.client.clone());
        Ok(Explanation {
            entity: match &entity {
                Entity::Unnamed { root: Some(folder) } => folder.clone(),
                other => other.to_string(),
            },
            private: winner == Some(&Target::Ignore),
            client,
            project,
            rules: explained.into_iter().map(row).collect(),
        })
    }

    /// Returns the entity that a text names: one that was touched under that name, else the kind that the disk tells.
    fn asked(&self, text: &str) -> Result<Entity> {
        // A displayed name is not a URI: `%20` in it is part of it.
        let file = Entity::Path(text.to_owned());
        let folder = Entity::Unnamed {
            root: Some(text.to_owned()),
        };
        for shown in [file, folder] {
            if self.store.knows(&shown)? {
                return Ok(shown);
            }
        }
        let entity = Entity::from_uri(text, Some(text));
        let folder = Entity::unnamed(Some(text));
        let Entity::Path(path) = &entity else {
            return Ok(if matches!(entity, Entity::Url(_)) {
                entity
            } else {
                folder
            });
        };
        let is_folder = text.ends_with('/') || !self.store.knows(&entity)? && is_there(&self.store, &folder, path)?;
        Ok(if is_folder { folder } else { entity })
    }

    /// Lists clients and projects, with what could be invoiced.
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    pub fn catalogue(&mut self, now: Instant) -> Result<Catalogue> {
        let report = self.report(Some(Range::All), By::Project, now)?;
        let sums = |client: &str| {
            let rows = report
                .rows
                .iter()
                .filter(move |row| row.client.as_deref() == Some(client));
            rows.map(|row| row.billable_seconds - row.invoiced_seconds).sum()
        };
        let mut credit = BTreeMap::<String, BTreeMap<Currency, Amount>>::new();
        for Overpaid {
            client,
            currency,
            amount,
            ..
        } in self.store.credit()?
        {
            let sums = credit.entry(client).or_default();
            let sum = sums.entry(currency).or_insert_with(|| Amount::zero(currency));
            *sum = *sum + amount;
        }
        let clients = self.config.clients.iter().map(|(id, client)| ClientRow {
            id: id.clone(),
            name: client.party.name.clone(),
            unbilled_seconds: sums(id),
            credit: credit.remove(id).unwrap_or_default(),
        });
        let projects = self.config.projects.iter().map(|project| ProjectRow {
            id: project.terms.project.clone(),
            client: project.client.clone(),
            name: project.terms.name.clone(),
            rate: project.terms.rates.last().map(|rate| rate.price),
            currency: project.terms.currency,
        });
        Ok(Catalogue {
            clients: clients.collect(),
            projects: projects.collect(),
        })
    }
}

/// Returns whether a folder was worked in, or is on this machine.
fn is_there(store: &Store, folder: &Entity, path: &str) -> Result<bool> {
    let is_here = split_host(path).0.is_empty();
    Ok(store.knows(folder)? || is_here && Path::new(path).is_dir())
}
