//! Seller and buyer as blocks of lines.

use keeptab_core::invoice::{Language, Party};
use serde::Serialize;

use crate::country;
use crate::sheet::Fact;
use crate::words::Words;

/// A party as it is printed.
#[derive(Serialize)]
pub(crate) struct Block {
    pub(crate) name: String,
    pub(crate) address: Vec<String>,
    pub(crate) ids: Vec<Fact>,
    pub(crate) contact: Vec<String>,
}

impl Block {
    /// Removes the ids that only invoices require.
    pub(crate) fn without_ids(mut self) -> Self {
        self.ids.clear();
        self
    }
}

/// Prints the seller, with the contact for questions.
pub(crate) fn seller(party: &Party, language: Language) -> Block {
    let contact = party.contact.iter();
    let lines = contact.flat_map(|contact| [&contact.name, &contact.phone, &contact.email]);
    let lines = lines.flatten().filter(|line| **line != party.name);
    Block {
        name: party.name.clone(),
        address: address(party, language),
        ids: ids(party, language),
        contact: lines.cloned().collect(),
    }
}

/// Prints the buyer, for the attention of their contact.
pub(crate) fn buyer(party: &Party, language: Language) -> Block {
    let words = Words::of(language);
    let person = party.contact.as_ref().and_then(|contact| contact.name.as_ref());
    let attention = person.map(|name| format!("{} {name}", words.attention));
    Block {
        name: party.name.clone(),
        address: attention.into_iter().chain(address(party, language)).collect(),
        ids: ids(party, language),
        contact: Vec::new(),
    }
}

fn address(party: &Party, language: Language) -> Vec<String> {
    let country = party.country.as_deref();
    let mut place = [party.postcode.as_deref(), party.city.as_deref()];
    if country.is_some_and(country::postcode_last) {
        place.reverse();
    }
    let place: Vec<&str> = place.into_iter().flatten().collect();
    let mut lines = party.address.clone();
    lines.push(place.join(" "));
    lines.extend(country.map(|code| country::name(code, language).to_owned()));
    lines.retain(|line| !line.trim().is_empty());
    lines
}

/// Prints the ids under the names that they have in the party's own country.
fn ids(party: &Party, language: Language) -> Vec<Fact> {
    let words = &Words::at(language, party.country.as_deref());
    let ids = [
        (words.vat_id, &party.vat_id),
        (words.tax_number, &party.tax_number),
        (words.registration, &party.registration),
    ];
    let fact = |(label, value): (&str, &Option<String>)| Some(Fact::new(label, value.as_deref()?));
    ids.into_iter().filter_map(fact).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(country: &str, postcode: &str, city: &str, expected: &[&str]) {
        let party = Party {
            address: vec!["1 High St".to_owned(), " ".to_owned()],
            postcode: Some(postcode.to_owned()),
            city: Some(city.to_owned()),
            country: Some(country.to_owned()),
            ..Party::default()
        };
        assert_eq!(address(&party, Language::En), expected);
    }

    #[test]
    fn addresses_follow_the_country() {
        check("DE", "10115", "Berlin", &["1 High St", "10115 Berlin", "Germany"]);
        check(
            "GB",
            "SW1A 1AA",
            "London",
            &["1 High St", "London SW1A 1AA", "United Kingdom"],
        );
    }
}
