//! What a good config still lacks before an invoice can be issued.

use std::collections::BTreeSet;

use keeptab_core::invoice::{Party, Problem, problems};
use keeptab_core::money::Tax;

use super::Config;

/// Something that an invoice needs and that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lack {
    /// The path of the table that lacks it.
    pub table: Vec<String>,
    /// What an invoice would be refused with.
    pub message: String,
    /// The keys that would help, as far as they are not there.
    pub keys: Vec<&'static str>,
}

impl Config {
    /// Returns what the invoices of clients that have projects lack.
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
                    // A warning says it where it stands; and projects may be billed apart.
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
