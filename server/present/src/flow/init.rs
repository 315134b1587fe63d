//! *Init*: from nothing to a config with which time can be billed.

mod kept;
mod questions;
mod read;
mod usual;

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use keeptab_config::{Beginning, Edit, Finding, Place, Severity, slug};
use keeptab_core::rule::{ProjectId, glob_of_word};
use keeptab_engine::thread::Handle;
use keeptab_system::home::Home;
use keeptab_system::plain::{LONGEST_TEXT, read_text};
use serde::{Deserialize, Serialize};

use super::{Ask, Outcome};
pub use questions::ask_for_client;
pub use read::check_vat_id;
use read::plain;
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
    /// VAT id, or the number for GST or sales tax
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

/// Checks, before the first question, that the config can be written, and returns the answers that it has: those of the business,
/// if one is set up. Answers of a setup that was left are removed then.
///
/// # Errors
///
/// If the config has an error, or cannot be read.
pub async fn check_first(engine: &Handle, home: &Home) -> Result<Option<Answers>> {
    let (broken, is_set) = engine
        .ask(|engine, now| {
            engine.reload(now)?;
            let errors = engine.findings().iter();
            let first = errors
                .filter(|finding| finding.severity == Severity::Error)
                .map(Finding::notice)
                .next();
            let broken = engine.broken().map(|broken| first.unwrap_or(broken));
            Ok((broken, engine.has_business()))
        })
        .await?;
    if let Some(broken) = broken {
        bail!("the config is broken: {broken}");
    }
    if !is_set {
        return Ok(None);
    }
    kept::forget(home);
    let text = read_text(&home.config_file(), LONGEST_TEXT)?;
    Ok(Beginning::read(&text).map(Answers::from))
}

/// Asks for everything, in the editor. `folder` is proposed as the first project's. Where a business is set up, asks for its facts
/// again.
///
/// # Errors
///
/// If the config cannot be read or written.
pub async fn init(ask: &impl Ask, engine: &Handle, home: &Home, folder: Option<String>) -> Result<Option<Outcome>> {
    let mut answers = Answers::default();
    if let Some(today) = check_first(engine, home).await? {
        if !answers.ask_again(ask, today).await {
            return Ok(Some(Outcome::of("Nothing is changed.")));
        }
        return change_with(&answers, engine, home).await.map(Some);
    }
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

/// Changes the business in the config to what the answers say.
///
/// # Errors
///
/// If an answer is wrong, or the config cannot be written.
pub async fn change_with(answers: &Answers, engine: &Handle, home: &Home) -> Result<Outcome> {
    let edit = Edit::Change(answers.beginning(home)?);
    let done = engine.ask(move |engine, now| engine.edit(&edit, now)).await?;
    Ok(Outcome::told(done))
}

/// Writes the config from answers.
///
/// # Errors
///
/// If an answer is missing or wrong, there is a business already, or the config cannot be written.
pub async fn init_with(answers: Answers, engine: &Handle, home: &Home) -> Result<Outcome> {
    for edit in answers.edits(home)? {
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
    /// Takes the answers that are missing from others.
    #[must_use]
    pub fn or(self, others: Self) -> Self {
        Self {
            name: self.name.or(others.name),
            org: self.org.or(others.org),
            address: self.address.or(others.address),
            postcode: self.postcode.or(others.postcode),
            city: self.city.or(others.city),
            country: self.country.or(others.country),
            vat_id: self.vat_id.or(others.vat_id),
            tax_number: self.tax_number.or(others.tax_number),
            email: self.email.or(others.email),
            iban: self.iban.or(others.iban),
            currency: self.currency.or(others.currency),
            time_zone: self.time_zone.or(others.time_zone),
            tax_rate: self.tax_rate.or(others.tax_rate),
            ..self
        }
    }

    /// Returns the facts about the business, or an error about the missing answer.
    fn beginning(&self, home: &Home) -> Result<Beginning> {
        let zone_name = keeptab_engine::usual_zone(home).name();
        let (_, home_currency) = usual_in(zone_name);
        let Some(name) = self.name.clone() else {
            bail!(
                "the name of your business is missing\nhint: give it with --name, or run `keeptab init` at a terminal"
            );
        };
        Ok(Beginning {
            org: self.org.clone().unwrap_or_else(|| initials(&name)),
            name,
            place: Place {
                address: lines(self.address.as_deref()),
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
        })
    }

    /// Returns the client, with an id that none of `taken` has.
    pub(super) fn new_client(&self, taken: &BTreeSet<String>) -> Option<Edit> {
        let client = self.client.as_ref()?;
        Some(Edit::AddClient {
            id: slug(client, taken),
            name: client.clone(),
            place: Place {
                address: lines(self.client_address.as_deref()),
                postcode: self.client_postcode.clone(),
                city: self.client_city.clone(),
                country: self.client_country.clone(),
                vat_id: self.client_vat_id.clone(),
                tax_number: None,
                email: self.client_email.clone(),
            },
            currency: None,
        })
    }

    /// Returns the changes to the config, or an error about the missing answer.
    fn edits(&self, home: &Home) -> Result<Vec<Edit>> {
        check_vat_id(self.vat_id.as_deref(), self.country.as_deref())?;
        check_vat_id(self.client_vat_id.as_deref(), self.client_country.as_deref())?;
        let mut edits = vec![Edit::Begin(self.beginning(home)?)];
        let Some(client) = self.new_client(&BTreeSet::new()) else {
            return Ok(edits);
        };
        let client_id = match &client {
            Edit::AddClient { id, .. } => id.clone(),
            _ => String::new(),
        };
        edits.push(client);
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

impl From<Beginning> for Answers {
    fn from(beginning: Beginning) -> Self {
        let Beginning {
            name,
            org,
            place,
            currency,
            iban,
            time_zone,
            tax_rate,
        } = beginning;
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        Self {
            name: some(name),
            org: some(org),
            address: some(place.address.join("; ")),
            postcode: place.postcode,
            city: place.city,
            country: place.country,
            vat_id: place.vat_id,
            tax_number: place.tax_number,
            email: place.email,
            iban,
            currency: some(currency),
            time_zone: some(time_zone),
            tax_rate,
            ..Self::default()
        }
    }
}

/// Returns street lines, which an answer divides by semicolons.
fn lines(address: Option<&str>) -> Vec<String> {
    let lines = address.into_iter().flat_map(|address| address.split(';'));
    lines
        .map(|line| line.trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect()
}
