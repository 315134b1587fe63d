//! Business and clients as printed on invoices, and checks of their numbers.

use keeptab_core::invoice::{self, Contact, ElectronicAddress, Party};

use super::super::Account;
use super::super::country::countries;
use super::super::section::{Section, Spanned};

/// Reads a business or client as printed on invoices.
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
        && let Some(message) = invoice::doubtful_vat_id(&id.value, country.as_deref())
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
        electronic: electronic(section),
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

fn electronic(section: &Section<'_>) -> Option<ElectronicAddress> {
    let table = section.section("electronic")?;
    let (scheme, id) = (table.required("scheme"), table.required("id"));
    if let Some(scheme) = &scheme {
        let fits =
            scheme.value == "EM" || (scheme.value.len() == 4 && scheme.value.bytes().all(|byte| byte.is_ascii_digit()));
        if !fits {
            let hint = "write a code of the EAS list, such as 0204, 9930, or EM for a mail address";
            let message = format!("unknown scheme `{}`\nhint: {hint}", scheme.value);
            table.error(scheme.range.clone(), message);
        }
    }
    table.close();
    Some(ElectronicAddress {
        scheme: scheme?.value,
        id: id?.value,
    })
}

/// Reads the account to be paid to; its check digits are checked.
pub(super) fn account(section: &Section<'_>) -> Option<Account> {
    let bic = section.text("bic").and_then(|text| {
        let bic = invoice::bic(&text.value);
        if bic.is_none() {
            let hint = "a BIC has 8 or 11 letters and digits, such as DEUTDEFF500";
            section.error(text.range, format!("`{}` is not a BIC\nhint: {hint}", text.value));
        }
        bic
    });
    let text = section.text("iban")?;
    let iban = invoice::iban(&text.value);
    if iban.is_none() {
        let plain: String = text.value.split_whitespace().collect();
        let message = format!("`{plain}` is not an IBAN\nhint: a digit is wrong, missing or too many");
        section.error(text.range, message);
    }
    Some(Account { iban: iban?, bic })
}
