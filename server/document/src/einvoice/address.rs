//! Electronic addresses (BT-34, BT-49), at which a party receives electronic invoices.

use keeptab_core::invoice::Party;

use super::{Profile, european_id};

/// Returns the scheme and the address of a party: its own electronic address, or else its e-mail address or VAT id.
///
/// Peppol finds its participants by their VAT ids, and accepts no e-mail address.
pub(super) fn electronic(party: &Party, profile: Profile) -> Option<(&str, &str)> {
    if let Some(address) = &party.electronic {
        return Some((&address.scheme, &address.id));
    }
    let email = party.contact.as_ref().and_then(|contact| contact.email.as_deref());
    let mail = email.map(|email| ("EM", email));
    let vat = european_id(party).and_then(of_vat_id);
    match profile {
        Profile::Peppol => vat,
        _ => mail.or(vat),
    }
}

fn of_vat_id(vat_id: &str) -> Option<(&'static str, &str)> {
    let found = VAT_SCHEMES.iter().find(|(country, _)| vat_id.starts_with(country));
    found.map(|(_, scheme)| (*scheme, vat_id))
}

/// The schemes of VAT ids in the list of electronic address schemes (EAS), by the prefix of the id.
const VAT_SCHEMES: [(&str, &str); 37] = [
    ("AD", "9922"),
    ("AL", "9923"),
    ("ATU", "9914"),
    ("BA", "9924"),
    ("BE", "9925"),
    ("BG", "9926"),
    ("CHE", "9927"),
    ("CY", "9928"),
    ("CZ", "9929"),
    ("DE", "9930"),
    ("EE", "9931"),
    ("EL", "9933"),
    ("ES", "9920"),
    ("FI", "0213"),
    ("FR", "9957"),
    ("GB", "9932"),
    ("HR", "9934"),
    ("HU", "9910"),
    ("IE", "9935"),
    ("IT", "0211"),
    ("LI", "9936"),
    ("LT", "9937"),
    ("LU", "9938"),
    ("LV", "9939"),
    ("MC", "9940"),
    ("ME", "9941"),
    ("MK", "9942"),
    ("MT", "9943"),
    ("NL", "9944"),
    ("PL", "9945"),
    ("PT", "9946"),
    ("RO", "9947"),
    ("RS", "9948"),
    ("SE", "9955"),
    ("SI", "9949"),
    ("SK", "9950"),
    ("TR", "9952"),
];
