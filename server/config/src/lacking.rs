//! Values that a valid config still lacks before an invoice can be issued.

use std::collections::BTreeSet;

use keeptab_core::invoice::{Party, Problem, problems};
use keeptab_core::money::Tax;

use super::Config;

/// A value that an invoice needs and the config lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lack {
    /// The path of the table that lacks it.
    pub table: Vec<String>,
    /// The message with which the invoice would be refused.
    pub message: String,
    /// The keys that would help and are not set.
    pub keys: Vec<&'static str>,
}

impl Config {
    /// Returns the missing values for invoices of clients that have projects.
    #[must_use]
    pub fn lacks(&self) -> Vec<Lack> {
        let Some(business) = &self.business else {
            return Vec::new();
        };
        let mut lacks: Vec<Lack> = Vec::new();
        for (id, client) in &self.clients {
            let own = self
                .projects
                .iter()
                .filter(|project| project.client.as_ref() == Some(id));
            let taxes: BTreeSet<Tax> = own.map(|project| project.terms.tax).collect();
            if taxes.is_empty() {
                continue;
            }
            let taxes: Vec<Tax> = taxes.into_iter().collect();
            let table = format!("client.{id}");
            for problem in problems(&business.party, &client.party, &table, &taxes) {
                let sellers = match &problem {
                    Problem::NoAddress(_, of) | Problem::NoVatId(_, of) => *of != table,
                    Problem::NoSellerTaxId(_) | Problem::NoExporterVatId(_) => true,
                    // A warning at its place reports it; and projects may be billed apart.
                    Problem::VatIdForm(_) | Problem::MixedScope => continue,
                };
                let lack = Lack {
                    table: if sellers {
                        vec!["business".into()]
                    } else {
                        vec!["client".into(), id.clone()]
                    },
                    message: problem.to_string(),
                    keys: keys(&problem, if sellers { &business.party } else { &client.party }),
                };
                if !lacks.contains(&lack) {
                    lacks.push(lack);
                }
            }
        }
        lacks
    }
}

fn keys(problem: &Problem, party: &Party) -> Vec<&'static str> {
    match problem {
        Problem::NoAddress(..) => {
            let places = [
                ("address", party.address.is_empty()),
                ("postcode", party.postcode.is_none()),
                ("city", party.city.is_none()),
                ("country", party.country.is_none()),
            ];
            let missing = places.iter().filter(|(_, missing)| *missing);
            missing.map(|(key, _)| *key).collect()
        }
        Problem::NoSellerTaxId(_) | Problem::NoVatId(..) | Problem::NoExporterVatId(_) => vec!["vat_id"],
        Problem::VatIdForm(_) | Problem::MixedScope => Vec::new(),
    }
}
