//! Why a file or page is tracked where it is, and what there is to choose from.

use anyhow::Result;
use keeptab_core::calendar::Range;
use keeptab_core::entity::Entity;
use keeptab_core::instant::Instant;
use keeptab_core::rule::{Target, Verdict};

use super::Engine;
use super::reporting::By;
use super::view::{Catalogue, ClientRow, Explanation, ProjectRow, RuleRow};

impl Engine {
    /// Says which rule wins for a path or URL, and why the others do not.
    pub(super) fn explain(&self, uri: &str) -> Explanation {
        let entity = Entity::from_uri(uri, None);
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
        Explanation {
            entity: entity.to_string(),
            private: winner == Some(&Target::Ignore),
            client,
            project,
            rules: explained.into_iter().map(row).collect(),
        }
    }

    /// Lists clients and projects, with what could be invoiced.
    pub(super) fn catalogue(&mut self, now: Instant) -> Result<Catalogue> {
        let report = self.report(Some(Range::All), By::Project, now)?;
        let sums = |client: &str| {
            let rows = report
                .rows
                .iter()
                .filter(move |row| row.client.as_deref() == Some(client));
            rows.map(|row| row.billable_seconds - row.invoiced_seconds).sum()
        };
        let clients = self.config.clients.iter().map(|(id, client)| ClientRow {
            id: id.clone(),
            name: client.party.name.clone(),
            unbilled_seconds: sums(id),
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
