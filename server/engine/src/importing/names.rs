//! From another tool's names of clients and projects to ids: those of the config, or new ones.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::iter;

use anyhow::{Result, bail};
use chrono::{Datelike as _, NaiveDate};
use keeptab_config::{Adopted, AdoptedProject, Client, Config, Project, slug};
use keeptab_core::instant::Length;
use keeptab_core::money::Currency;
use keeptab_core::rule::ProjectId;
use keeptab_import::Draft;
use rust_decimal::Decimal;

/// The most projects of a file: with more, the wrong column was taken for the project.
const MOST_PROJECTS: usize = 5_000;

/// The ids of a file's names.
pub(super) struct Names<'c> {
    config: &'c Config,
    /// By client and then by project, so that a row with known names allocates nothing.
    known: HashMap<String, HashMap<String, Option<ProjectId>>>,
    count: usize,
    clients: BTreeMap<String, String>,
    projects: BTreeMap<ProjectId, Proposal>,
}

/// A project that the config does not have.
#[derive(Clone, Debug)]
pub(super) struct Proposal {
    pub(super) client: Option<String>,
    pub(super) name: String,
    rate: Option<Decimal>,
    currency: Option<Currency>,
    /// The rank of the rate; the greatest wins. True if the file gives the rate, with its day; false if it follows from
    /// an amount, with the length of that row in milliseconds.
    rank: Option<(bool, i64)>,
}

impl Proposal {
    /// Returns the hourly rate, as the config writes it.
    pub(super) fn rate(&self) -> Option<String> {
        Some(self.rate?.normalize().to_string())
    }

    /// Returns the hourly rate.
    pub(super) fn hourly(&self) -> Option<Decimal> {
        self.rate
    }

    /// Returns in which currency, as the config writes it.
    pub(super) fn currency(&self) -> Option<String> {
        Some(self.currency?.to_string())
    }
}

impl<'c> Names<'c> {
    pub(super) fn new(config: &'c Config) -> Self {
        Self {
            config,
            known: HashMap::new(),
            count: 0,
            clients: BTreeMap::new(),
            projects: BTreeMap::new(),
        }
    }

    /// Returns the project of a row; one that the config does not have is proposed.
    pub(super) fn project(&mut self, draft: &Draft) -> Result<Option<ProjectId>> {
        if draft.is_id {
            return Ok((!draft.project.is_empty()).then(|| ProjectId::new(draft.project.clone())));
        }
        let known = self
            .known
            .get(&draft.client)
            .and_then(|known| known.get(&draft.project));
        let id = if let Some(known) = known {
            known.clone()
        } else {
            self.count += 1;
            if self.count > MOST_PROJECTS {
                let hint = "is the right column taken for the project?";
                bail!("the file has more than {MOST_PROJECTS} projects\nhint: {hint}");
            }
            let found = self.find(&draft.client, &draft.project);
            let of_client = self.known.entry(draft.client.clone()).or_default();
            of_client.insert(draft.project.clone(), found.clone());
            found
        };
        Ok(id)
    }

    /// Gives a new project the rate of a row: of those that the file itself has the latest one, of those that follow from
    /// an amount the longest one.
    pub(super) fn rate(&mut self, id: &ProjectId, draft: &Draft, rate: Decimal, (day, length): (NaiveDate, Length)) {
        let Some(proposal) = self.projects.get_mut(id) else {
            return;
        };
        let rank = match draft.own_rate {
            Some(_) => (true, i64::from(day.num_days_from_ce())),
            None => (false, length.millis()),
        };
        if proposal.rank.is_none_or(|best| best < rank) {
            proposal.rank = Some(rank);
            proposal.rate = Some(rate);
            proposal.currency = draft.currency;
        }
    }

    /// Returns the currency of a project, if it is known.
    pub(super) fn currency(&self, id: &ProjectId) -> Option<Currency> {
        match self.config.project(id) {
            Some(project) => Some(project.terms.currency),
            None => self.projects.get(id)?.currency,
        }
    }

    fn find(&mut self, client: &str, project: &str) -> Option<ProjectId> {
        if client.is_empty() && project.is_empty() {
            return None;
        }
        let client_id = (!client.is_empty()).then(|| self.client(client));
        if let Some(known) = self.configured(client_id.as_deref(), project) {
            return Some(known);
        }
        let name = if project.is_empty() { client } else { project };
        let is_it = |proposal: &Proposal| proposal.client == client_id && is_same(&proposal.name, name);
        if let Some((known, _)) = self.projects.iter().find(|(_, proposal)| is_it(proposal)) {
            return Some(known.clone());
        }
        let own = slugs(project);
        let first = match &client_id {
            Some(client) if project.is_empty() => client.clone(),
            Some(client) => format!("{client}/{own}"),
            None => own,
        };
        let id = numbered(&first).map(ProjectId::new).find(|id| {
            !self.projects.contains_key(id)
                && self
                    .config
                    .project(id)
                    .is_none_or(|known| known.client == client_id && is_alike(&known.terms.name, name))
        })?;
        if self.config.index_of(&id).is_none() {
            let proposal = Proposal {
                client: client_id,
                name: name.to_owned(),
                rate: None,
                currency: None,
                rank: None,
            };
            self.projects.insert(id.clone(), proposal);
        }
        Some(id)
    }

    /// Returns the client's id, by its name or its id in the config, or a new one.
    fn client(&mut self, name: &str) -> String {
        let configured = &self.config.clients;
        let named = |(_, client): &(&String, &Client)| is_same(&client.party.name, name);
        if let Some((known, _)) = configured.iter().find(named) {
            return known.clone();
        }
        if let Some((known, _)) = self.clients.iter().find(|(_, known)| is_same(known, name)) {
            return known.clone();
        }
        let id = numbered(&slug(name, &BTreeSet::new())).find(|id| {
            !self.clients.contains_key(id) && configured.get(id).is_none_or(|known| is_alike(&known.party.name, name))
        });
        let id = id.unwrap_or_default();
        if !configured.contains_key(&id) {
            self.clients.insert(id.clone(), name.to_owned());
        }
        id
    }

    /// Returns the project of the config that a client's project is, by its name or its id.
    fn configured(&self, client: Option<&str>, project: &str) -> Option<ProjectId> {
        let of_client = |known: &&Project| client.is_none() || known.client.as_deref() == client;
        let is_named = |known: &&Project| {
            let terms = &known.terms;
            is_same(&terms.name, project) || terms.project.as_str() == project && is_alike(&terms.name, project)
        };
        let mut named = self.config.projects.iter().filter(of_client).filter(is_named);
        // If two projects share the name, neither is meant for sure.
        match (named.next(), named.next()) {
            (Some(known), None) => Some(known.terms.project.clone()),
            _ => None,
        }
    }

    /// Returns the client of a project, in the config or as proposed.
    pub(super) fn client_of(&self, id: &ProjectId) -> Option<String> {
        match self.projects.get(id) {
            Some(proposal) => proposal.client.clone(),
            None => self.config.project(id)?.client.clone(),
        }
    }

    /// Returns the name of a client, if it is new.
    pub(super) fn client_name(&self, id: &str) -> Option<&str> {
        self.clients.get(id).map(String::as_str)
    }

    /// Returns the proposal for a project, if it is new.
    pub(super) fn proposal(&self, id: &ProjectId) -> Option<&Proposal> {
        self.projects.get(id)
    }

    /// Returns the clients and projects to add to the config.
    pub(super) fn adopted(&self) -> Option<Adopted> {
        if self.clients.is_empty() && self.projects.is_empty() {
            return None;
        }
        let project = |(id, proposal): (&ProjectId, &Proposal)| AdoptedProject {
            id: id.clone(),
            client: proposal.client.clone(),
            name: proposal.name.clone(),
            // Without a client nothing is billed, and no rate is needed.
            rate: proposal.rate().filter(|_| proposal.client.is_some()),
            currency: proposal.currency().filter(|_| proposal.client.is_some()),
        };
        Some(Adopted {
            clients: self.clients.clone().into_iter().collect(),
            projects: self.projects.iter().map(project).collect(),
        })
    }
}

/// Makes an id of a name that may have parts of its own: `acme/api` stays.
fn slugs(name: &str) -> String {
    let parts: Vec<String> = name
        .split('/')
        .filter(|part| !part.trim().is_empty())
        .map(|part| slug(part, &BTreeSet::new()))
        .collect();
    if parts.is_empty() {
        slug(name, &BTreeSet::new())
    } else {
        parts.join("/")
    }
}

/// Returns an id, and the ones that follow it: `acme`, `acme-2`, `acme-3`.
fn numbered(id: &str) -> impl Iterator<Item = String> {
    let first = id.to_owned();
    let more = first.clone();
    iter::once(first).chain((2..).map(move |number| format!("{more}-{number}")))
}

/// Returns true if two names are one: case and spaces make no difference.
fn is_same(one: &str, two: &str) -> bool {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    one == two || words(one) == words(two)
}

/// Returns true unless two names differ in signs alone: `C` and `C++` are two languages, `Acme` may be short for `Acme
/// Ltd`.
fn is_alike(one: &str, two: &str) -> bool {
    let letters = |text: &str| -> String {
        text.to_lowercase()
            .chars()
            .filter(|letter| letter.is_alphanumeric())
            .collect()
    };
    is_same(one, two) || letters(one) != letters(two)
}

#[cfg(test)]
mod tests;
