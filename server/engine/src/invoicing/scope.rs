//! The meaning of a command about a draft: a range and projects, or one of a client's open drafts.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, bail};
use keeptab_config::Config;
use keeptab_core::billing::BillingError;
use keeptab_core::calendar::{Calendar, Range};
use keeptab_core::instant::{Instant, Length};
use keeptab_core::invoice::{Reservation, Selection};
use keeptab_core::money::Currency;
use keeptab_core::rule::ProjectId;
use keeptab_store::DraftRow;

use super::compute::{no_client, project_of};
use super::{Which, no_business, no_draft, parse_which};
use crate::Engine;
use crate::failure::SeveralDrafts;

/// The time to bill.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// The range; all unbilled time up to now unless given.
    pub range: Option<Range>,
    /// The projects; all of the client's unless chosen.
    pub selection: Selection,
}

impl From<Option<Range>> for Scope {
    fn from(range: Option<Range>) -> Self {
        Self {
            range,
            selection: Selection::default(),
        }
    }
}

/// The draft or scope that a command names.
pub(super) enum Meant {
    /// An open draft.
    Draft(DraftRow),
    /// A reservation that no draft holds yet, as far as the projects and the range tell.
    Free(Reservation),
}

impl Engine {
    /// Resolves a word and a scope: to the draft named, to the client's open draft of that scope, or to no draft.
    pub(super) fn meant(&self, which: &str, scope: &Scope, now: Instant) -> Result<Meant> {
        let Which::Client(client) = parse_which(which) else {
            let draft = self.find_draft(which)?;
            if *scope != Scope::default() {
                bail!(
                    "draft {} has its range and its projects\nhint: discard it and draft anew to bill another part",
                    draft.id.0
                );
            }
            return Ok(Meant::Draft(draft));
        };
        let scope = self.chosen(&client, scope)?;
        if let Some(draft) = self.draft_in(&client, &scope, now)? {
            return Ok(Meant::Draft(draft));
        }
        Ok(Meant::Free(Reservation {
            span: self.span_to_bill(scope.range, now)?,
            selection: scope.selection,
            client,
        }))
    }

    /// Returns the draft that a word names, or whose client it names.
    pub(super) fn find_draft(&self, which: &str) -> Result<DraftRow> {
        self.draft_named(which)?.with_context(|| no_draft(which))
    }

    /// Returns the draft that a word names, or the only open one of the client that it names.
    pub(super) fn draft_named(&self, which: &str) -> Result<Option<DraftRow>> {
        match parse_which(which) {
            Which::Number(_) => Ok(None),
            Which::Draft(id) => Ok(self.store.drafts()?.into_iter().find(|draft| draft.id == id)),
            Which::Client(client) => self.only(&client, self.drafts_of(&client)?),
        }
    }

    /// Returns the open drafts of a client.
    pub(super) fn drafts_of(&self, client: &str) -> Result<Vec<DraftRow>> {
        let mut drafts = self.store.drafts()?;
        drafts.retain(|draft| draft.reserves.client == client);
        Ok(drafts)
    }

    /// Returns the client's open draft with the range and the projects of a scope, as far as they are given.
    fn draft_in(&self, client: &str, scope: &Scope, now: Instant) -> Result<Option<DraftRow>> {
        let mut drafts = self.drafts_of(client)?;
        if scope.range.is_some() {
            let span = self.span_to_bill(scope.range, now)?;
            drafts.retain(|draft| draft.reserves.span == span);
        }
        if !scope.selection.is_all() {
            drafts.retain(|draft| draft.reserves.selection == scope.selection);
        }
        self.only(client, drafts)
    }

    /// Returns the only one of some drafts of a client.
    pub(super) fn only(&self, client: &str, mut drafts: Vec<DraftRow>) -> Result<Option<DraftRow>> {
        if drafts.len() > 1 {
            let told = |draft: &DraftRow| (draft.id, told(&draft.reserves, &self.config.calendar));
            bail!(SeveralDrafts {
                client: client.to_owned(),
                drafts: drafts.iter().map(told).collect(),
            });
        }
        Ok(drafts.pop())
    }

    /// Returns a client's scope with the present names of its projects, and their currency.
    ///
    /// # Errors
    ///
    /// If a project is not the client's, or the projects have several currencies.
    fn chosen(&self, client: &str, scope: &Scope) -> Result<Scope> {
        let config = &self.config;
        config.business.as_ref().with_context(no_business)?;
        config.clients.get(client).with_context(|| no_client(client, config))?;
        let Some(named) = &scope.selection.projects else {
            return Ok(scope.clone());
        };
        let mut projects = BTreeSet::new();
        let mut currencies = BTreeMap::<Currency, BTreeSet<ProjectId>>::new();
        for id in named {
            let terms = &project_of(config, client, &config.present(id))?.terms;
            projects.insert(terms.project.clone());
            currencies
                .entry(terms.currency)
                .or_default()
                .insert(terms.project.clone());
        }
        if let Some(wanted) = scope.selection.currency
            && let Some((own, _)) = currencies.iter().find(|(currency, _)| **currency != wanted)
        {
            let projects: Vec<&str> = currencies[own].iter().map(ProjectId::as_str).collect();
            bail!(
                "{} is billed in {own}, not in {wanted}\nhint: leave it out, or the currency",
                projects.join(", ")
            );
        }
        if currencies.len() > 1 {
            bail!(BillingError::MixedCurrencies(currencies));
        }
        let selection = Selection {
            projects: Some(projects),
            currency: currencies.into_keys().next(),
        };
        Ok(Scope {
            selection,
            ..scope.clone()
        })
    }

    /// Returns the reservation of a new draft for fees of a currency: all unbilled time, in that currency if the
    /// client's projects have several.
    pub(super) fn for_fees(&self, client: &str, currency: Currency, now: Instant) -> Result<Reservation> {
        let projects = self.config.projects.iter();
        let mut own = projects.filter(|project| project.client.as_deref() == Some(client));
        let is_one = own.all(|project| project.terms.currency == currency);
        Ok(Reservation {
            client: client.to_owned(),
            span: self.span_to_bill(None, now)?,
            selection: if is_one {
                Selection::default()
            } else {
                Selection::of_currency(currency)
            },
        })
    }
}

/// Returns whether a selection holds one of the projects.
pub(super) fn selects(config: &Config, selection: &Selection, index: usize) -> bool {
    let project = config.projects.get(index);
    project.is_some_and(|project| selection.takes(project.terms.currency)) && chooses(config, selection, index)
}

/// Returns whether one of the projects is chosen, under its id or the one that it had before it was renamed.
pub(super) fn chooses(config: &Config, selection: &Selection, index: usize) -> bool {
    let is_it = |id: &ProjectId| config.index_of(id) == Some(index);
    selection
        .projects
        .as_ref()
        .is_none_or(|chosen| chosen.iter().any(is_it))
}

/// Returns the error that open drafts reserve the wanted time, with the two next steps.
pub(super) fn in_the_way(drafts: &[&DraftRow], calendar: &Calendar) -> anyhow::Error {
    let name = |draft: &&DraftRow| format!("draft {} ({})", draft.id.0, told(&draft.reserves, calendar));
    let names: Vec<String> = drafts.iter().map(name).collect();
    let way = |draft: &&DraftRow| {
        let id = draft.id.0;
        format!("`keeptab invoice issue {id}` bills it, `keeptab invoice discard {id}` gives it back")
    };
    let ways: Vec<String> = drafts.iter().map(way).collect();
    let client = drafts
        .first()
        .map(|draft| draft.reserves.client.as_str())
        .unwrap_or_default();
    let reserve = if drafts.len() == 1 { "reserves" } else { "reserve" };
    anyhow::anyhow!(
        "{} {reserve} time of {client} that is asked for\nhint: {}",
        names.join(" and "),
        ways.join("; ")
    )
}

/// Describes a reservation: `EUR, acme/api, 2026-11-01 to 2026-11-30`.
#[must_use]
pub fn told(reserves: &Reservation, calendar: &Calendar) -> String {
    let Reservation { span, selection, .. } = reserves;
    let mut parts: Vec<String> = selection.currency.iter().map(ToString::to_string).collect();
    match &selection.projects {
        Some(chosen) if chosen.is_empty() => parts.push("fees only".to_owned()),
        Some(chosen) => parts.extend(chosen.iter().map(ToString::to_string)),
        None if parts.is_empty() => parts.push("all projects".to_owned()),
        None => {}
    }
    let last = calendar.day_of(span.end() - Length::from_millis(1));
    parts.push(if span.start() == Instant::EARLIEST {
        format!("up to {last}")
    } else {
        format!("{} to {last}", calendar.day_of(span.start()))
    });
    parts.join(", ")
}

#[cfg(test)]
mod tests;
