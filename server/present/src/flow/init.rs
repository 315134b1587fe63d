//! *Init*: from nothing to a config with which time can be billed.

mod kept;
mod questions;
mod usual;

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use keeptab_config::{Beginning, Edit, Place, slug};
use keeptab_core::rule::{ProjectId, glob_of_word};
use keeptab_engine::thread::Handle;
use keeptab_system::home::Home;
use serde::{Deserialize, Serialize};

use super::{Ask, Outcome};
pub use questions::ask_for_client;
use questions::plain;
use usual::{initials, usual_in};

/// The answers that are known before the first question: the shell's options.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args, Serialize, Deserialize)]
#[serde(default)]
pub struct Answers {
    /// The name of your business
    #[arg(long)]
    pub name: Option<String>,
    /// Its short name in invoice numbers, such as JDS
    #[arg(long)]
    pub org: Option<String>,
    /// Street and number
    #[arg(long)]
    pub address: Option<String>,
    /// Postal code
    #[arg(long)]
    pub postcode: Option<String>,
    /// City
    #[arg(long)]
    pub city: Option<String>,
    /// Country: two letters, such as DE
    #[arg(long)]
    pub country: Option<String>,
    /// VAT id
    #[arg(long)]
    pub vat_id: Option<String>,
    /// Local tax number, if you have no VAT id
    #[arg(long)]
    pub tax_number: Option<String>,
    /// Your e-mail address for questions about invoices
    #[arg(long)]
    pub email: Option<String>,
    /// Account to be paid to
    #[arg(long)]
    pub iban: Option<String>,
    /// Currency, such as EUR
    #[arg(long)]
    pub currency: Option<String>,
    /// Time zone, such as Europe/Berlin
    #[arg(long)]
    pub time_zone: Option<String>,
    /// VAT in per cent; leave it out if you charge none
    #[arg(long)]
    pub tax_rate: Option<String>,
    /// Your first client
    #[arg(long)]
    pub client: Option<String>,
    /// The client's street and number
    #[arg(long)]
    pub client_address: Option<String>,
    /// The client's postal code
    #[arg(long)]
    pub client_postcode: Option<String>,
    /// The client's city
    #[arg(long)]
    pub client_city: Option<String>,
    /// The client's country
    #[arg(long)]
    pub client_country: Option<String>,
    /// The client's VAT id
    #[arg(long)]
    pub client_vat_id: Option<String>,
    /// The e-mail address to which invoices go
    #[arg(long)]
    pub client_email: Option<String>,
    /// Your first project for that client
    #[arg(long)]
    pub project: Option<String>,
    /// Its hourly rate
    #[arg(long)]
    pub rate: Option<String>,
    /// The folder in which you work on it
    #[arg(long)]
    pub folder: Option<String>,
}

/// Checks, before the first question, that a business can be set up. Answers of a setup that was left are removed once there is
/// a business.
///
/// # Errors
///
/// If the config names a business already, or has an error.
pub async fn check_first(engine: &Handle, home: &Home) -> Result<()> {
    let (broken, is_set) = engine
        .ask(|engine, now| {
            engine.reload(now)?;
            Ok((engine.broken(), engine.has_business()))
        })
        .await?;
    if let Some(broken) = broken {
        bail!("the config is broken: {broken}");
    }
    if is_set {
        kept::forget(home);
        bail!(
            "your business is set up already\nhint: change it in {}",
            home.config_file().display()
        );
    }
    Ok(())
}

/// Asks for everything, in the editor. `folder` is proposed as the first project's.
///
/// # Errors
///
/// If there is a business already, or the config cannot be written.
pub async fn init(ask: &impl Ask, engine: &Handle, home: &Home, folder: Option<String>) -> Result<Option<Outcome>> {
    check_first(engine, home).await?;
    let mut answers = Answers::default();
    if !answers.ask_rest(ask, home, folder).await {
        return Ok(Some(Outcome::of(
            "Nothing is set up yet. Your answers are kept: the next setup proposes them.",
        )));
    }
    let outcome = init_with(answers, engine, home).await?;
    let config = home.config_file();
    Ok(Some(Outcome {
        text: format!(
            "Written: {}\nOpen a file and work: keeptab counts the time.",
            config.display()
        ),
        ..outcome
    }))
}

/// Writes the config from answers.
///
/// # Errors
///
/// If an answer is missing or wrong, there is a business already, or the config cannot be written.
pub async fn init_with(answers: Answers, engine: &Handle, home: &Home) -> Result<Outcome> {
    for edit in answers.edits()? {
        engine.ask(move |engine, now| engine.edit(&edit, now)).await?;
        // The first of them is the business: now the config has the answers.
        kept::forget(home);
    }
    let path = home.config_file();
    Ok(Outcome {
        open: Some(path.clone()),
        ..Outcome::of(format!(
            "Written: {}\nOpen a file in your editor and work; `keeptab status` shows the time.",
            path.display()
        ))
    })
}

impl Answers {
    /// Returns the changes to the config, or an error about the missing answer.
    fn edits(&self) -> Result<Vec<Edit>> {
        let zone_name = keeptab_engine::system_zone().name();
        let (_, home_currency) = usual_in(zone_name);
        let Some(name) = self.name.clone() else {
            bail!(
                "the name of your business is missing\nhint: give it with --name, or run `keeptab init` at a terminal"
            );
        };
        let mut edits = vec![Edit::Begin(Beginning {
            org: self.org.clone().unwrap_or_else(|| initials(&name)),
            name,
            place: Place {
                address: self.address.iter().cloned().collect(),
                postcode: self.postcode.clone(),
                city: self.city.clone(),
                country: self.country.clone(),
                vat_id: self.vat_id.clone(),
                tax_number: self.tax_number.clone(),
                email: self.email.clone(),
            },
            currency: self.currency.clone().unwrap_or_else(|| home_currency.into()),
            iban: self.iban.clone(),
            time_zone: self.time_zone.clone().unwrap_or_else(|| zone_name.into()),
            tax_rate: self.tax_rate.as_deref().map(plain).map(str::to_owned),
        })];
        let Some(client) = &self.client else {
            return Ok(edits);
        };
        let client_id = slug(client, &BTreeSet::new());
        edits.push(Edit::AddClient {
            id: client_id.clone(),
            name: client.clone(),
            place: Place {
                address: self.client_address.iter().cloned().collect(),
                postcode: self.client_postcode.clone(),
                city: self.client_city.clone(),
                country: self.client_country.clone(),
                vat_id: self.client_vat_id.clone(),
                tax_number: None,
                email: self.client_email.clone(),
            },
            currency: None,
        });
        if let Some(project) = &self.project {
            edits.push(Edit::AddProject {
                id: ProjectId::new(format!("{client_id}/{}", slug(project, &BTreeSet::new()))),
                client: Some(client_id),
                name: Some(project.clone()),
                rate: self.rate.clone(),
                paths: self.folder.iter().map(|folder| glob_of_word(folder)).collect(),
                urls: Vec::new(),
            });
        }
        Ok(edits)
    }
}
