//! Changes that commands make to `keeptab.toml`. The user's text, comments included, stays unchanged.

mod adopt;
mod assigned;
mod business;
mod rule;

use std::collections::BTreeSet;

use anyhow::{Result, anyhow, bail};
use keeptab_core::rule::ProjectId;
use toml_edit::{Array, DocumentMut, Item, Table, value};

pub use adopt::{Adopted, AdoptedProject, Written};
pub use assigned::Assigned;
pub use business::Beginning;

/// The address of the config's JSON schema. Editors may read it; keeptab never does.
pub const SCHEMA_URL: &str = "https://raw.githubusercontent.com/keeptab/keeptab/main/docs/src/keeptab.schema.json";

/// A change to the config.
#[derive(Clone, Debug)]
pub enum Edit {
    /// Writes the facts about the business that an invoice needs.
    Begin(Beginning),
    /// Changes them. What is as before stays as it is written.
    Change(Beginning),
    /// Adds a client.
    AddClient {
        /// Its id.
        id: String,
        /// Its name on invoices.
        name: String,
        /// Its address and VAT id, as far as they are known.
        place: Place,
        /// Its currency, if it differs from the business's.
        currency: Option<String>,
    },
    /// Adds a project.
    AddProject {
        /// Its id.
        id: ProjectId,
        /// The client's id.
        client: Option<String>,
        /// Its name on invoices.
        name: Option<String>,
        /// Its hourly rate.
        rate: Option<String>,
        /// Its path globs.
        paths: Vec<String>,
        /// Its URL globs.
        urls: Vec<String>,
    },
    /// Adds a glob to a project.
    AddRule {
        /// The project's id.
        project: ProjectId,
        /// A glob of paths, or of pages if it has a scheme.
        glob: String,
    },
    /// Adds the clients and projects that an import brought.
    Adopt(Adopted),
    /// Removes what an import added, unless it was changed since.
    Abandon(Vec<Written>),
    /// Removes a rule that *assign* wrote; refused if it was changed since.
    TakeBack(Assigned),
}

/// The address of a business, and its VAT id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Street lines.
    pub address: Vec<String>,
    /// The postal code.
    pub postcode: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// The country, ISO 3166.
    pub country: Option<String>,
    /// The VAT id.
    pub vat_id: Option<String>,
    /// The local tax number.
    pub tax_number: Option<String>,
    /// The e-mail address of its contact.
    pub email: Option<String>,
}

impl Place {
    fn write(&self, table: &mut Table) {
        if !self.address.is_empty() {
            table["address"] = value(self.address.iter().collect::<Array>());
        }
        let texts = [
            ("postcode", &self.postcode),
            ("city", &self.city),
            ("country", &self.country),
            ("vat_id", &self.vat_id),
            ("tax_number", &self.tax_number),
        ];
        write_texts(table, &texts);
        if let Some(email) = &self.email {
            let mut contact = toml_edit::InlineTable::new();
            contact.insert("email", email.into());
            table["contact"] = value(contact);
        }
    }
}

fn write_texts(table: &mut Table, texts: &[(&str, &Option<String>)]) {
    for (key, text) in texts {
        if let Some(text) = text {
            table[key] = value(text);
        }
    }
}

impl Edit {
    /// Returns the text with the change in it.
    ///
    /// # Errors
    ///
    /// If the text is not TOML, or already has what is to be added.
    pub fn apply(&self, text: &str) -> Result<String> {
        let parsed = text.parse::<DocumentMut>();
        let mut document = parsed.map_err(|error| {
            anyhow!(
                "the config is broken: {}\nhint: mend it first; `keeptab doctor` shows where",
                error.message()
            )
        })?;
        match self {
            Self::Begin(beginning) => business::begin(&mut document, beginning)?,
            Self::Change(beginning) => business::change(&mut document, beginning)?,
            Self::AddClient {
                id,
                name,
                place,
                currency,
            } => {
                let mut table = Table::new();
                table["name"] = value(name);
                place.write(&mut table);
                write_texts(&mut table, &[("currency", currency)]);
                add(&mut document, "client", id, table)?;
            }
            Self::AddProject {
                id,
                client,
                name,
                rate,
                paths,
                urls,
            } => {
                let mut table = Table::new();
                write_texts(&mut table, &[("client", client), ("name", name), ("rate", rate)]);
                for (key, globs) in [("paths", paths), ("urls", urls)] {
                    if !globs.is_empty() {
                        table[key] = value(globs.iter().collect::<Array>());
                    }
                }
                add(&mut document, "project", id.as_str(), table)?;
            }
            Self::AddRule { project, glob } => rule::add(&mut document, project, glob)?,
            Self::Adopt(adopted) => adopt::adopt(&mut document, adopted)?,
            Self::Abandon(written) => adopt::abandon(&mut document, written),
            Self::TakeBack(assigned) => assigned.take_back(&mut document)?,
        }
        Ok(document.to_string())
    }
}

/// Adds `[kind.id]` at the end of the file.
fn add(document: &mut DocumentMut, kind: &str, id: &str, mut table: Table) -> Result<()> {
    if id.is_empty() || id.contains(|letter: char| letter.is_whitespace() || letter.is_control()) {
        bail!(
            "`{id}` is no id of a {kind}\nhint: an id is one word such as {}; the name that is printed goes to --name",
            slug(id, &BTreeSet::new())
        );
    }
    let kinds = document.entry(kind).or_insert_with(|| {
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    });
    let Some(kinds) = kinds.as_table_mut() else {
        bail!("{kind} is not a table in the config\nhint: write its tables as [{kind}.ID]");
    };
    if kinds.contains_key(id) {
        bail!("[{kind}.\"{id}\"] is there already\nhint: change it in the config itself");
    }
    table.decor_mut().set_prefix("\n");
    kinds.insert(id, Item::Table(table));
    Ok(())
}

/// Makes an id of a name: `Acme Co.` becomes `acme-co`, and never one of `taken`.
#[must_use]
pub fn slug(name: &str, taken: &BTreeSet<String>) -> String {
    let mut slug = String::new();
    for letter in name.to_lowercase().chars() {
        if letter.is_alphanumeric() {
            slug.push(letter);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    let slug = if slug.is_empty() { "unnamed" } else { slug };
    let numbered = (2..).map(|number| format!("{slug}-{number}"));
    let mut names = std::iter::once(slug.to_owned()).chain(numbered);
    names.find(|name| !taken.contains(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adding_keeps_what_the_user_wrote() {
        let text = "# mine\n[business] # here\nname   = \"Jane\"\n\n[client.acme]\nname = \"Acme\" # them\n";
        let edit = Edit::AddProject {
            id: ProjectId::new("acme/api"),
            client: Some("acme".into()),
            name: None,
            rate: Some("95.00".into()),
            paths: vec!["~/work/acme/api/**".into()],
            urls: vec![],
        };
        let added = edit.apply(text).unwrap();
        let rest = added.strip_prefix(text).expect("what was there is still there");
        expect_test::expect![[r#"

            [project."acme/api"]
            client = "acme"
            rate = "95.00"
            paths = ["~/work/acme/api/**"]
        "#]]
        .assert_eq(rest);
        assert!(edit.apply(&added).unwrap_err().to_string().contains("is there already"));
    }

    #[test]
    fn slugs_are_plain_and_new() {
        let taken = BTreeSet::from(["acme-co".to_owned()]);
        assert_eq!(slug("Acme Co.", &taken), "acme-co-2");
        assert_eq!(slug("Müller & Söhne", &taken), "müller-söhne");
        assert_eq!(slug("!!!", &taken), "unnamed");
    }
}
