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
pub(crate) fn seller(party: &Party, buyer: &Party, language: Language) -> Block {
    let contact = party.contact.iter();
    let lines = contact.flat_map(|contact| [&contact.name, &contact.phone, &contact.email]);
    let lines = lines.flatten().filter(|line| **line != party.name);
    Block {
        name: party.name.clone(),
        address: address(party, language),
        ids: ids(party, buyer, language),
        contact: lines.cloned().collect(),
    }
}

/// Prints the buyer, for the attention of their contact.
pub(crate) fn buyer(party: &Party, seller: &Party, language: Language) -> Block {
    let words = Words::of(language);
    let person = party.contact.as_ref().and_then(|contact| contact.name.as_ref());
    let attention = person.map(|name| format!("{} {name}", words.attention));
    Block {
        name: party.name.clone(),
        address: attention.into_iter().chain(address(party, language)).collect(),
        ids: ids(party, seller, language),
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
    // A city that is a country of its own is named once.
    let country = country.map(|code| country::name(code, language));
    let country = country.filter(|name| party.city.as_deref() != Some(*name));
    lines.extend(country.map(str::to_owned));
    lines.retain(|line| !line.trim().is_empty());
    lines
}

/// Prints the ids under the names that they have in the party's own country.
fn ids(party: &Party, other: &Party, language: Language) -> Vec<Fact> {
    let country = party.country.as_deref();
    let words = &Words::at(language, country);
    let mut vat_label = words.vat_id;
    let mut vat_id = party.vat_id.clone();
    match (country, language) {
        // At home it is the tax number; the letters ES are for clients abroad.
        (Some("ES"), Language::Es) if other.country == party.country => {
            vat_label = words.tax_number;
            vat_id = vat_id.map(|id| id.strip_prefix("ES").unwrap_or(&id).to_owned());
        }
        (Some("CH" | "LI"), _) => vat_id = vat_id.map(|id| swiss(&id, language)),
        _ => {}
    }
    let tax_number = party
        .tax_number
        .clone()
        .filter(|number| vat_id.as_ref() != Some(number));
    let registration = party.registration.as_deref().unwrap_or_default();
    let registration = match country {
        Some("FR") => french(registration).unwrap_or(words.registration),
        _ => words.registration,
    };
    let ids = [
        (vat_label, &vat_id),
        (words.tax_number, &tax_number),
        (registration, &party.registration),
    ];
    let fact = |(label, value): (&str, &Option<String>)| Some(Fact::new(label, value.as_deref()?));
    ids.into_iter().filter_map(fact).collect()
}

/// Ends a Swiss VAT id with the name of the tax in the language of the document, if it has one (MWSTG art. 26 and the
/// UID register: MWST, TVA or IVA).
fn swiss(id: &str, language: Language) -> String {
    let suffix = match language {
        Language::De => "MWST",
        Language::Fr => "TVA",
        Language::It => "IVA",
        Language::En | Language::Es | Language::Nl => return id.to_owned(),
    };
    let known = ["MWST", "TVA", "IVA"].iter().find_map(|known| id.strip_suffix(known));
    known.map_or_else(|| id.to_owned(), |bare| format!("{bare}{suffix}"))
}

/// Names a French registration by its digits: 9 are the enterprise's, 14 those of its place of business.
fn french(registration: &str) -> Option<&'static str> {
    let digits = registration.chars().filter(char::is_ascii_digit).count();
    let plain = registration
        .chars()
        .all(|character| character.is_ascii_digit() || character.is_whitespace());
    match digits {
        9 if plain => Some("SIREN"),
        14 if plain => Some("SIRET"),
        _ => None,
    }
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
        check("SG", "079903", "Singapore", &["1 High St", "Singapore 079903"]);
    }

    fn check_ids(party: [&str; 4], other: &str, language: Language, expected: &[(&str, &str)]) {
        let [country, vat_id, tax_number, registration] = party;
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let party = Party {
            country: some(country),
            vat_id: some(vat_id),
            tax_number: some(tax_number),
            registration: some(registration),
            ..Party::default()
        };
        let other = Party {
            country: some(other),
            ..Party::default()
        };
        let ids = ids(&party, &other, language);
        let ids: Vec<(String, String)> = ids
            .into_iter()
            .map(|id| (id.label.replace('\u{a0}', " "), id.value))
            .collect();
        let ids: Vec<(&str, &str)> = ids
            .iter()
            .map(|(label, value)| (label.as_str(), value.as_str()))
            .collect();
        assert_eq!(ids, expected);
    }

    #[test]
    fn ids_have_their_names_at_home_and_abroad() {
        use Language::{De, En, Es, Fr, It};
        let spanish = ["ES", "ESB12345674", "", ""];
        check_ids(spanish, "ES", Es, &[("NIF", "B12345674")]);
        check_ids(spanish, "DE", Es, &[("NIF-IVA", "ESB12345674")]);
        check_ids(["DE", "DE123456789", "", ""], "DE", Es, &[("NIF-IVA", "DE123456789")]);
        check_ids(
            ["ES", "ESB12345674", "B12345674", ""],
            "ES",
            Es,
            &[("NIF", "B12345674")],
        );
        let swiss = ["CH", "CHE-123.456.789 MWST", "", ""];
        check_ids(swiss, "CH", De, &[("MWST-Nr.", "CHE-123.456.789 MWST")]);
        check_ids(swiss, "CH", Fr, &[("N° TVA", "CHE-123.456.789 TVA")]);
        check_ids(swiss, "CH", It, &[("N. IVA", "CHE-123.456.789 IVA")]);
        check_ids(swiss, "CH", En, &[("VAT ID", "CHE-123.456.789 MWST")]);
        check_ids(["FR", "", "", "732 829 320"], "FR", Fr, &[("SIREN", "732 829 320")]);
        check_ids(
            ["FR", "", "", "73282932000074"],
            "DE",
            En,
            &[("SIRET", "73282932000074")],
        );
        check_ids(
            ["FR", "", "", "RCS Lyon 732 829 320"],
            "FR",
            Fr,
            &[("Immatriculation", "RCS Lyon 732 829 320")],
        );
        check_ids(
            ["CA", "", "", "TVQ 1234567890 TQ0001"],
            "CA",
            Fr,
            &[("N° d’inscription", "TVQ 1234567890 TQ0001")],
        );
    }
}
