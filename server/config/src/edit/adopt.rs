//! Taking up the clients and projects that an import brought.

use anyhow::Result;
use keeptab_core::rule::ProjectId;
use serde::{Deserialize, Serialize};
use toml_edit::{DocumentMut, Item, Table, value};

use super::{add, write_texts};

/// Clients and projects that an import brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Adopted {
    /// Ids and names of clients.
    pub clients: Vec<(String, String)>,
    /// The projects.
    pub projects: Vec<AdoptedProject>,
}

/// A project that an import brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdoptedProject {
    /// Its id.
    pub id: ProjectId,
    /// The client's id.
    pub client: Option<String>,
    /// Its name on invoices.
    pub name: String,
    /// Its hourly rate, from the imported rows.
    pub rate: Option<String>,
    /// The currency of the rate.
    pub currency: Option<String>,
}

pub(super) fn adopt(document: &mut DocumentMut, adopted: &Adopted) -> Result<()> {
    for (id, name) in &adopted.clients {
        let mut table = Table::new();
        table["name"] = value(name);
        add(document, "client", id, table)?;
    }
    for project in &adopted.projects {
        let mut table = Table::new();
        let inherited = inherited(document, project.client.as_deref());
        let currency = project.currency.clone().filter(|currency| inherited != Some(currency));
        let name = Some(project.name.clone());
        write_texts(
            &mut table,
            &[
                ("client", &project.client),
                ("name", &name),
                ("rate", &project.rate),
                ("currency", &currency),
            ],
        );
        add(document, "project", project.id.as_str(), table)?;
    }
    Ok(())
}

/// A table that a command wrote into the config.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// `client` or `project`.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// Its text.
    text: String,
}

impl Adopted {
    /// Returns the adopted tables with their text in a config: projects first, then the clients that they name. Empty
    /// if `text` is not TOML.
    #[must_use]
    pub fn written(&self, text: &str) -> Vec<Written> {
        let Ok(document) = text.parse::<DocumentMut>() else {
            return Vec::new();
        };
        let projects = self.projects.iter().map(|project| ("project", project.id.as_str()));
        let clients = self.clients.iter().map(|(id, _)| ("client", id.as_str()));
        let written = |(kind, id): (&str, &str)| Written::of(&document, kind, id);
        projects.chain(clients).filter_map(written).collect()
    }
}

impl Written {
    /// Returns a table as it stands in a config.
    pub(super) fn of(document: &DocumentMut, kind: &str, id: &str) -> Option<Self> {
        Some(Self {
            kind: kind.to_owned(),
            id: id.to_owned(),
            text: document.get(kind)?.get(id)?.to_string(),
        })
    }

    /// Returns true if it stands in a config as it was written.
    pub(super) fn is_unchanged(&self, document: &DocumentMut) -> bool {
        Self::of(document, &self.kind, &self.id).as_ref() == Some(self)
    }
}

/// Removes tables that still stand as they were written. A client that a project names stays.
pub(super) fn abandon(document: &mut DocumentMut, tables: &[Written]) {
    for table in tables {
        let Written { kind, id, .. } = table;
        let projects = document.get("project").and_then(Item::as_table_like);
        let is_named = kind == "client"
            && projects.is_some_and(|projects| {
                let client = |(_, project): (&str, &Item)| project.get("client").and_then(Item::as_str) == Some(id);
                projects.iter().any(client)
            });
        if table.is_unchanged(document)
            && !is_named
            && let Some(tables) = document.get_mut(kind).and_then(Item::as_table_mut)
        {
            tables.remove(id);
            if tables.is_empty() && tables.is_implicit() {
                document.remove(kind);
            }
        }
    }
}

/// Returns the currency that a client's project has unless it names one.
fn inherited<'d>(document: &'d DocumentMut, client: Option<&str>) -> Option<&'d str> {
    let of = |table: Option<&'d Item>| table?.get("currency")?.as_str();
    let client = client.and_then(|client| document.get("client")?.get(client));
    of(client).or_else(|| of(document.get("business")))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::Edit;
    use super::*;

    #[test]
    fn only_a_currency_that_is_not_inherited_is_written() {
        let text = "[business]\ncurrency = \"EUR\"\n\n[client.acme]\nname = \"Acme\" # them\n";
        let project = |id: &str, client: Option<&str>, currency: Option<&str>| AdoptedProject {
            id: ProjectId::new(id),
            client: client.map(str::to_owned),
            name: "Site".into(),
            rate: Some("95.00".into()),
            currency: currency.map(str::to_owned),
        };
        let adopted = Adopted {
            clients: vec![("big-co".into(), "Big Co".into())],
            projects: vec![
                project("acme/site", Some("acme"), Some("EUR")),
                project("big-co/site", Some("big-co"), Some("USD")),
            ],
        };
        let changed = Edit::Adopt(adopted.clone()).apply(text).unwrap();
        expect![[r#"

            [client.big-co]
            name = "Big Co"

            [project."acme/site"]
            client = "acme"
            name = "Site"
            rate = "95.00"

            [project."big-co/site"]
            client = "big-co"
            name = "Site"
            rate = "95.00"
            currency = "USD"
        "#]]
        .assert_eq(changed.strip_prefix(text).expect("what was there is still there"));
        assert!(Edit::Adopt(adopted.clone()).apply(&changed).is_err());

        // It is taken back without a trace; one that was changed stays, and so does its client.
        let written = adopted.written(&changed);
        assert_eq!(Edit::Abandon(written.clone()).apply(&changed).unwrap(), text);
        let dearer = changed.replacen("\"95.00\"\ncurrency", "\"99.00\"\ncurrency", 1);
        let left = Edit::Abandon(written).apply(&dearer).unwrap();
        assert!(left.contains("[client.big-co]") && left.contains("99.00"), "{left}");
        assert!(!left.contains("acme/site"), "{left}");
    }
}
