//! Business and clients as they stand on invoices, and what can be checked of their numbers.

use keeptab_core::invoice::{Contact, Party};

use super::super::country::countries;
use super::super::section::{Section, Spanned};

/// Reads a business or client as it stands on invoices.
pub(super) fn party(section: &Section<'_>) -> Option<Party> {
    let optional = |key| section.text(key).map(|text| text.value);
    let contact = section.section("contact").map(|contact| {
        let text = |key| contact.text(key).map(|text| text.value);
        let read = Contact {
            name: text("name"),
            phone: text("phone"),
            email: text("email"),
        };
        contact.close();
        read
    });
    let country = section.text("country").and_then(|text| country(section, &text));
    if let Some(id) = section.text("vat_id")
        && let Some(message) = doubtful_vat_id(&id.value)
    {
        section.findings().warning(id.range, message);
    }
    Some(Party {
        name: section.required("name")?.value,
        address: section.texts("address").into_iter().map(|line| line.value).collect(),
        postcode: optional("postcode"),
        city: optional("city"),
        country,
        vat_id: optional("vat_id"),
        tax_number: optional("tax_number"),
        registration: optional("registration"),
        contact,
    })
}

fn country(section: &Section<'_>, text: &Spanned<String>) -> Option<String> {
    let fits = countries().any(|(code, _)| code == text.value);
    if !fits {
        let hint = "write the two letters of ISO 3166, such as DE or US";
        let message = format!("unknown country `{}`\nhint: {hint}", text.value);
        let same = |(code, name): &(&str, &str)| {
            [*code, *name]
                .iter()
                .any(|known| known.eq_ignore_ascii_case(&text.value))
        };
        match countries().find(same) {
            Some((code, _)) => section.unknown_but(text, message, code),
            None => section.error(text.range.clone(), message),
        }
    }
    fits.then(|| text.value.clone())
}

/// How many letters and digits follow the prefix of a VAT id in the VAT area of the EU.
const VAT_LENGTHS: &str = "AT 9|BE 10|BG 9 10|CY 9|CZ 8 9 10|DE 9|DK 8|EE 9|EL 9|ES 9|FI 8|FR 11|HR 11|HU 8|IE 8 9|\
    IT 11|LT 9 12|LU 8|LV 11|MT 8|NL 12|PL 10|PT 9|RO 2 3 4 5 6 7 8 9 10|SE 12|SI 8|SK 10|XI 5 9 12";

/// Returns what is odd about a VAT id: whether it is registered can be told only by asking the authorities.
fn doubtful_vat_id(id: &str) -> Option<String> {
    let plain: String = id.chars().filter(|letter| !" .-".contains(*letter)).collect();
    let (prefix, rest) = plain.split_at_checked(2)?;
    if !prefix.bytes().all(|byte| byte.is_ascii_uppercase()) {
        let hint = "begin it with the two letters of its country, such as DE123456789";
        return Some(format!("`{id}` has no country prefix\nhint: {hint}"));
    }
    let lengths = VAT_LENGTHS.split('|').find_map(|line| line.strip_prefix(prefix))?;
    let length = rest.chars().count().to_string();
    let fits = lengths.split_whitespace().any(|known| known == length);
    let counts = lengths.split_whitespace().collect::<Vec<_>>().join(" or ");
    (!fits).then(|| format!("`{id}` is not a VAT id\nhint: {prefix} has {counts} letters and digits after it"))
}

/// Checks the digits of an IBAN (ISO 13616: the whole, its first four characters moved to the end, is 1 modulo 97).
pub(super) fn checked_iban(section: &Section<'_>, text: &Spanned<String>) -> Option<String> {
    let iban: String = text.value.split_whitespace().collect();
    let mut rearranged = iban.get(4..).into_iter().chain(iban.get(..4)).flat_map(str::chars);
    let remainder = rearranged.try_fold(0, |remainder: u32, letter| {
        let digit = letter.to_digit(36)?;
        Some((remainder * if digit > 9 { 100 } else { 10 } + digit) % 97)
    });
    let fits = (15..=34).contains(&iban.len()) && remainder == Some(1);
    if !fits {
        section.error(
            text.range.clone(),
            format!("`{iban}` is not an IBAN\nhint: a digit is wrong or missing"),
        );
    }
    fits.then_some(iban)
}
