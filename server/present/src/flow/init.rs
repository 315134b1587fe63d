//! *Init*: from nothing to a config with which time can be billed.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use keeptab_config::{Beginning, Edit, Place, slug};
use keeptab_core::invoice::Org;
use keeptab_core::money::{Currency, Price};
use keeptab_core::rule::{ProjectId, glob_of_word};
use keeptab_engine::thread::Handle;
use keeptab_system::home::Home;

use super::{Ask, Input, Outcome};

/// The answers that are known before the first question: the shell's options.
#[derive(Clone, Debug, Default, clap::Args)]
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

/// Asks for everything, in the editor.
///
/// # Errors
///
/// If there is a business already, or the config cannot be written.
pub async fn init(ask: &impl Ask, engine: &Handle, home: &Home) -> Result<Option<Outcome>> {
    let mut answers = Answers::default();
    if !answers.ask_rest(ask).await {
        return Ok(None);
    }
    init_with(answers, engine, home).await.map(Some)
}

/// Writes the config from answers.
///
/// # Errors
///
/// If an answer is missing or wrong, there is a business already, or the config cannot be written.
pub async fn init_with(answers: Answers, engine: &Handle, home: &Home) -> Result<Outcome> {
    for edit in answers.edits()? {
        engine.ask(move |engine, now| engine.edit(&edit, now)).await?;
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

/// A question: its words, whether it needs an answer, and the check of the answer.
struct Question {
    prompt: &'static str,
    needed: bool,
    check: fn(&str) -> Result<()>,
}

const fn question(prompt: &'static str, needed: bool, check: fn(&str) -> Result<()>) -> Question {
    Question { prompt, needed, check }
}

fn anything(_: &str) -> Result<()> {
    Ok(())
}

fn org(text: &str) -> Result<()> {
    Ok(text.parse::<Org>().map(drop)?)
}

fn currency(text: &str) -> Result<()> {
    Ok(text.parse::<Currency>().map(drop)?)
}

fn rate(text: &str) -> Result<()> {
    Ok(text.parse::<Price>().map(drop)?)
}

fn percent(text: &str) -> Result<()> {
    rate(plain(text))
}

/// Returns a percentage without its sign.
fn plain(text: &str) -> &str {
    text.trim().trim_end_matches('%').trim_end()
}

fn zone(text: &str) -> Result<()> {
    match text.parse::<chrono_tz::Tz>() {
        Ok(_) => Ok(()),
        Err(_) => bail!("unknown time zone\nhint: write an IANA name such as Europe/Berlin"),
    }
}

fn country(text: &str) -> Result<()> {
    if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Ok(());
    }
    bail!("not a country\nhint: write its two letters, such as DE or US")
}

impl Answers {
    /// Asks for the missing answers. Returns false if the user gave up.
    pub async fn ask_rest(&mut self, ask: &impl Ask) -> bool {
        self.ask_business(ask).await.is_some() && self.ask_client(ask).await.is_some()
    }

    async fn ask_business(&mut self, ask: &impl Ask) -> Option<()> {
        let zone_name = keeptab_engine::system_zone().name();
        let (home_country, home_currency) = usual_in(zone_name);
        fill(
            ask,
            &mut self.name,
            "",
            &question("Name of your business", true, anything),
        )
        .await?;
        let initials = initials(self.name.as_deref().unwrap_or_default());
        let org_question = question("Short name for invoice numbers: capital letters and digits", true, org);
        fill(ask, &mut self.org, &initials, &org_question).await?;
        fill(
            ask,
            &mut self.address,
            "",
            &question("Street and number", false, anything),
        )
        .await?;
        fill(ask, &mut self.postcode, "", &question("Postal code", false, anything)).await?;
        fill(ask, &mut self.city, "", &question("City", true, anything)).await?;
        fill(
            ask,
            &mut self.country,
            home_country,
            &question("Country, two letters", true, country),
        )
        .await?;
        fill(
            ask,
            &mut self.vat_id,
            "",
            &question("VAT id, if you have one", false, anything),
        )
        .await?;
        fill(
            ask,
            &mut self.iban,
            "",
            &question("IBAN to be paid to", false, anything),
        )
        .await?;
        fill(
            ask,
            &mut self.currency,
            home_currency,
            &question("Currency", true, currency),
        )
        .await?;
        fill(
            ask,
            &mut self.tax_rate,
            "",
            &question("VAT in per cent, empty for none", false, percent),
        )
        .await?;
        // A business that charges VAT has to name one of the two on its invoices.
        if self.tax_rate.is_some() && self.vat_id.is_none() {
            let tax_number = question("Tax number, as you have no VAT id", true, anything);
            fill(ask, &mut self.tax_number, "", &tax_number).await?;
        }
        fill(ask, &mut self.time_zone, zone_name, &question("Time zone", true, zone)).await
    }

    async fn ask_client(&mut self, ask: &impl Ask) -> Option<()> {
        fill(
            ask,
            &mut self.client,
            "",
            &question("Your first client, empty to add one later", false, anything),
        )
        .await?;
        if self.client.is_none() {
            return Some(());
        }
        fill(
            ask,
            &mut self.client_address,
            "",
            &question("The client's street and number", false, anything),
        )
        .await?;
        fill(
            ask,
            &mut self.client_postcode,
            "",
            &question("The client's postal code", false, anything),
        )
        .await?;
        fill(
            ask,
            &mut self.client_city,
            "",
            &question("The client's city", true, anything),
        )
        .await?;
        let home = self.country.clone().unwrap_or_default();
        fill(
            ask,
            &mut self.client_country,
            &home,
            &question("The client's country, two letters", true, country),
        )
        .await?;
        fill(
            ask,
            &mut self.project,
            "",
            &question("Your project for this client, such as API", false, anything),
        )
        .await?;
        if self.project.is_none() {
            return Some(());
        }
        fill(ask, &mut self.rate, "", &question("Hourly rate", true, rate)).await?;
        fill(
            ask,
            &mut self.folder,
            "~/work",
            &question("Folder in which you work on it", true, anything),
        )
        .await
    }

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
                vat_id: None,
                tax_number: None,
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

/// Asks until the answer is valid. Returns `None` if the user gave up.
async fn fill(ask: &impl Ask, answer: &mut Option<String>, proposed: &str, question: &Question) -> Option<()> {
    if answer.is_some() {
        return Some(());
    }
    let mut prompt = question.prompt.to_owned();
    let mut proposed = proposed.to_owned();
    loop {
        let input = Input {
            title: "keeptab init".into(),
            value: proposed.clone(),
            prompt,
        };
        let text = ask.input(input).await?.trim().to_owned();
        if text.is_empty() && !question.needed {
            return Some(());
        }
        let problem = if text.is_empty() {
            Some("this is needed".to_owned())
        } else {
            (question.check)(&text).err().map(|error| error.to_string())
        };
        let Some(problem) = problem else {
            *answer = Some(text);
            return Some(());
        };
        prompt = format!("{} ({})", question.prompt, problem.replace('\n', "; "));
        proposed = text;
    }
}

/// Proposes an org: `Jane Doe Software` is `JDS`.
fn initials(name: &str) -> String {
    let letters = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(char::is_ascii_alphanumeric));
    let initials: String = letters.take(6).map(|letter| letter.to_ascii_uppercase()).collect();
    if initials.is_empty() { "ME".into() } else { initials }
}

/// Proposes country and currency by the time zone.
fn usual_in(zone: &str) -> (&'static str, &'static str) {
    match zone {
        "Europe/Berlin" => ("DE", "EUR"),
        "Europe/Vienna" => ("AT", "EUR"),
        "Europe/Zurich" => ("CH", "CHF"),
        "Europe/Paris" => ("FR", "EUR"),
        "Europe/Madrid" => ("ES", "EUR"),
        "Europe/Rome" => ("IT", "EUR"),
        "Europe/Amsterdam" => ("NL", "EUR"),
        "Europe/Brussels" => ("BE", "EUR"),
        "Europe/London" => ("GB", "GBP"),
        "Europe/Warsaw" => ("PL", "PLN"),
        "Europe/Prague" => ("CZ", "CZK"),
        "Europe/Stockholm" => ("SE", "SEK"),
        "Europe/Copenhagen" => ("DK", "DKK"),
        "Europe/Oslo" => ("NO", "NOK"),
        "Asia/Tokyo" => ("JP", "JPY"),
        "Asia/Kolkata" => ("IN", "INR"),
        "Australia/Sydney" | "Australia/Melbourne" => ("AU", "AUD"),
        "America/Toronto" | "America/Vancouver" => ("CA", "CAD"),
        zone if zone.starts_with("America/") => ("US", "USD"),
        _ => ("", "EUR"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proposals_are_plain() {
        assert_eq!(initials("Jane Doe Software"), "JDS");
        assert_eq!(initials("Übung"), "B");
        assert_eq!(initials("!"), "ME");
    }
}
