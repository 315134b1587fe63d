//! Amounts of a week by client, as an invoice of it would print them.

use std::collections::BTreeMap;

use anyhow::Result;
use keeptab_config::Config;
use keeptab_core::billing::{Terms, Work, bill};
use keeptab_core::instant::Length;
use keeptab_core::money::{Amount, Currency};

use super::ledger::Ledger;

/// The unbilled time of a week for a client in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    /// The client's id.
    pub client: String,
    /// Its name.
    pub name: String,
    /// The length.
    pub length: Length,
    /// The amount.
    pub amount: Amount,
    /// The currency.
    pub currency: Currency,
}

/// A project of the config, as a timesheet shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// Its id, name, rates and rounding.
    pub terms: Terms,
    /// Its client's name.
    pub client: Option<String>,
}

/// Returns the unbilled amounts of a ledger, by client and currency.
pub(super) fn owed(config: &Config, ledger: &Ledger) -> Result<Vec<Owed>> {
    let mut groups = BTreeMap::<(&str, Currency), Vec<Work>>::new();
    for work in ledger.work() {
        let project = config.projects.get(work.project.0);
        let client = project.and_then(|project| Some((project.client.as_deref()?, project.terms.currency)));
        if let Some(key) = client {
            groups.entry(key).or_default().push(work);
        }
    }
    let projects = config.projects.iter();
    let terms: Vec<Terms> = projects.map(|project| project.terms.clone()).collect();
    let mut owed = Vec::new();
    for ((client, currency), work) in groups {
        let bill = bill(&work, &terms, &config.calendar)?;
        let lines = bill.lines.iter().map(|claimed| &claimed.line);
        let zero = Amount::zero(currency);
        let (length, amount) = lines.fold((Length::ZERO, zero), |(length, amount), line| {
            (length + line.tracked, amount + line.amount)
        });
        if !length.is_zero() {
            owed.push(Owed {
                client: client.to_owned(),
                name: name_of(config, client),
                length,
                amount,
                currency,
            });
        }
    }
    Ok(owed)
}

/// Returns the projects of the config, in its order.
pub(super) fn offered(config: &Config) -> Vec<Offered> {
    let offered = |project: &keeptab_config::Project| Offered {
        terms: project.terms.clone(),
        client: project.client.as_deref().map(|client| name_of(config, client)),
    };
    config.projects.iter().map(offered).collect()
}

fn name_of(config: &Config, client: &str) -> String {
    let known = config.clients.get(client);
    known.map_or_else(|| client.to_owned(), |known| known.party.name.clone())
}
