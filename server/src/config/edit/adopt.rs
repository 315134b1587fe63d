//! Taking up the clients and projects that an import brought.

use anyhow::Result;
use keeptab_core::rule::ProjectId;
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
        assert!(Edit::Adopt(adopted).apply(&changed).is_err());
    }
}
