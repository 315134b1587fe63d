//! The projects, clients and invoice numbers that a dashboard names, each once, and the projects' colours.

use keeptab_config::Config;
use keeptab_core::instant::Length;
use keeptab_core::rule::ProjectId;
use schemars::JsonSchema;
use serde::Serialize;

/// The number of colours of the page; further projects repeat them, striped.
const COLOURS: usize = 10;

/// A project by its place in the list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct Project {
    /// Its id, as commands take it.
    pub(super) id: ProjectId,
    /// Its name, if that is not its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    /// The place of its client.
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<usize>,
    /// Counted from 0; from the number of colours on, striped.
    colour: usize,
    /// True if it is in the config, so that time can be given to it.
    current: bool,
    /// The agreed seconds in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    budget: Option<i64>,
}

/// A client by its place in the list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct Client {
    /// Its id, as commands take it.
    id: String,
    /// Its name.
    name: String,
}

/// All that is named.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub(super) struct Names {
    /// The clients, which others name by their place.
    pub(super) clients: Vec<Client>,
    /// The projects, which others name by their place.
    pub(super) projects: Vec<Project>,
    /// The numbers of invoices.
    pub(super) numbers: Vec<String>,
}

impl Names {
    /// Starts with the projects and clients of the config, in its order.
    pub(super) fn of(config: &Config) -> Self {
        let mut names = Self::default();
        for (id, client) in &config.clients {
            names.clients.push(Client {
                id: id.clone(),
                name: client.party.name.clone(),
            });
        }
        for project in &config.projects {
            let client = project.client.as_deref().map(|client| names.client(client));
            let id = project.terms.project.clone();
            let name = Some(project.terms.name.clone()).filter(|name| name != id.as_str());
            let place = names.add(id, name, client, true);
            let budget = project.budget.map(Length::whole_seconds);
            if let Some(added) = names.projects.get_mut(place) {
                added.budget = budget;
            }
        }
        names
    }

    /// Returns a project's index; one that is gone from the config is added.
    pub(super) fn project(&mut self, id: &ProjectId) -> usize {
        let known = self.projects.iter().position(|project| &project.id == id);
        known.unwrap_or_else(|| self.add(id.clone(), None, None, false))
    }

    /// Returns the name of a project; where another has the same, its id stands behind it. The page says it the same way.
    pub(super) fn label(&self, place: usize) -> String {
        let Some(project) = self.projects.get(place) else {
            return String::new();
        };
        let name = |project: &Project| project.name.clone().unwrap_or_else(|| project.id.to_string());
        let own = name(project);
        let is_shared = self.projects.iter().filter(|other| name(other) == own).count() > 1;
        match project.name {
            Some(_) if is_shared => format!("{own} ({})", project.id),
            _ => own,
        }
    }

    /// Returns a client's place.
    pub(super) fn client(&mut self, id: &str) -> usize {
        self.client_called(id, id)
    }

    /// Returns a client's place; one that is gone from the config has the name that an invoice knows.
    pub(super) fn client_called(&mut self, id: &str, name: &str) -> usize {
        let known = self.clients.iter().position(|client| client.id == id);
        known.unwrap_or_else(|| {
            self.clients.push(Client {
                id: id.to_owned(),
                name: name.to_owned(),
            });
            self.clients.len() - 1
        })
    }

    /// Returns an invoice number's place.
    pub(super) fn number(&mut self, number: &str) -> usize {
        let known = self.numbers.iter().position(|known| known == number);
        known.unwrap_or_else(|| {
            self.numbers.push(number.to_owned());
            self.numbers.len() - 1
        })
    }

    fn add(&mut self, id: ProjectId, name: Option<String>, client: Option<usize>, current: bool) -> usize {
        let taken: Vec<usize> = self.projects.iter().map(|project| project.colour).collect();
        self.projects.push(Project {
            colour: colour(&id, &taken),
            id,
            name,
            client,
            current,
            budget: None,
        });
        self.projects.len() - 1
    }
}

/// Chooses the colour that a project's id asks for, or the next that no project before it has: a project that is added
/// later changes no other's.
fn colour(id: &ProjectId, taken: &[usize]) -> usize {
    // FNV-1a spreads short ids well, and is the same on every machine and in every version.
    let hash = id.as_str().bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let wanted = usize::try_from(hash % COLOURS as u64).unwrap_or_default();
    let round = taken.len() / COLOURS * COLOURS;
    let mut colours = (0..COLOURS).map(|step| round + (wanted + step) % COLOURS);
    colours.find(|colour| !taken.contains(colour)).unwrap_or(round + wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colours(ids: &[&str]) -> Vec<usize> {
        let mut names = Names::default();
        for id in ids {
            names.project(&ProjectId::new(*id));
        }
        names.projects.iter().map(|project| project.colour).collect()
    }

    #[test]
    fn no_two_projects_look_alike() {
        let ids: Vec<String> = (0..35).map(|number| format!("client/project-{number}")).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let mut colours = colours(&ids);
        assert!(colours.iter().take(COLOURS).all(|colour| *colour < COLOURS));
        colours.sort_unstable();
        colours.dedup();
        assert_eq!(colours.len(), 35);
    }

    #[test]
    fn a_project_that_is_added_changes_no_other() {
        let before = colours(&["acme/api", "acme/dashboard", "northwind/shop"]);
        let after = colours(&["acme/api", "acme/dashboard", "northwind/shop", "globex/web"]);
        assert_eq!(before, after[..3]);
    }
}
