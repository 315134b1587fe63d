//! Answers as the config has them, each checked by its text.

use anyhow::{Context as _, Result, bail};
use keeptab_config::countries;
use keeptab_core::invoice::{Org, doubtful_vat_id, iban};
use keeptab_core::money::{Currency, Price};

pub(super) fn anything(text: &str) -> Result<String> {
    Ok(text.to_owned())
}

pub(super) fn org(text: &str) -> Result<String> {
    let org = text.to_uppercase();
    org.parse::<Org>()?;
    Ok(org)
}

pub(super) fn currency(text: &str) -> Result<String> {
    let code = text.to_uppercase();
    code.parse::<Currency>()?;
    Ok(code)
}

pub(super) fn price(text: &str) -> Result<String> {
    Ok(text.parse::<Price>()?.to_string())
}

pub(super) fn percent(text: &str) -> Result<String> {
    price(plain(text))
}

/// Returns a percentage without its sign.
pub(super) fn plain(text: &str) -> &str {
    text.trim().trim_end_matches('%').trim_end()
}

pub(super) fn zone(text: &str) -> Result<String> {
    let names = || chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
    let city = format!("/{}", text.replace(' ', "_")).to_lowercase();
    let whole = names().find(|name| name.eq_ignore_ascii_case(text));
    // `Etc/GMT+1` is an hour behind UTC, not what a person means.
    let cities = || names().filter(|name| !name.starts_with("Etc/"));
    let found = whole.or_else(|| cities().find(|name| name.to_lowercase().ends_with(&city)));
    let zone = found.context("unknown time zone\nhint: write it as region and city, such as Europe/Berlin")?;
    Ok(zone.to_owned())
}

/// Reads a country by its two letters or its English name.
pub(super) fn country(text: &str) -> Result<String> {
    // The European Commission's and many people's code for GB.
    let text = if text.eq_ignore_ascii_case("UK") { "GB" } else { text };
    let is_it = |(code, name): &(&str, &str)| code.eq_ignore_ascii_case(text) || name.eq_ignore_ascii_case(text);
    match countries().find(is_it) {
        Some((code, _)) => Ok(code.to_owned()),
        None => bail!("not a country\nhint: write its two letters, such as DE or US"),
    }
}

/// Reads a VAT id of a business in a country.
pub(super) fn vat_id(text: &str, country: Option<&str>) -> Result<String> {
    let text = text.to_uppercase();
    match doubtful_vat_id(&text, country) {
        Some(problem) => bail!("{problem}"),
        None => Ok(text),
    }
}

pub(super) fn email(text: &str) -> Result<String> {
    let fits =
        |(name, host): (&str, &str)| !name.is_empty() && host.contains('.') && !text.contains(char::is_whitespace);
    if text.split_once('@').is_some_and(fits) {
        return Ok(text.to_owned());
    }
    bail!("not an e-mail address\nhint: write it as jane@example.com")
}

pub(super) fn account(text: &str) -> Result<String> {
    let text = text.to_uppercase();
    iban(&text).with_context(|| format!("`{text}` is not an IBAN\nhint: a digit is wrong or missing"))?;
    Ok(text)
}

/// Checks a VAT id that came with a command, if the country is known.
///
/// # Errors
///
/// If it has a wrong form for its country.
pub fn check_vat_id(id: Option<&str>, country: Option<&str>) -> Result<()> {
    if let (Some(id), Some(_)) = (id, country) {
        vat_id(id, country)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_taken_as_people_write_them() {
        let read = |read: fn(&str) -> Result<String>, text: &str| read(text).ok();
        let european = |text: &str| vat_id(text, Some("DE"));
        let australian = |text: &str| vat_id(text, Some("AU"));
        for (reads, text, wanted) in [
            (country as fn(&str) -> Result<String>, "de", Some("DE")),
            (country, "uk", Some("GB")),
            (country, "germany", Some("DE")),
            (country, "XX", None),
            (currency, "eur", Some("EUR")),
            (currency, "euro", None),
            (org, "jds", Some("JDS")),
            (zone, "europe/berlin", Some("Europe/Berlin")),
            (zone, "Berlin", Some("Europe/Berlin")),
            (zone, "new york", Some("America/New_York")),
            (zone, "Europe", None),
            (zone, "GMT+1", None),
            (price, "95,50", Some("95.50")),
            (price, "95.50", Some("95.50")),
            (price, "1,234", None),
            (percent, "19 %", Some("19")),
            (european, "de123456789", Some("DE123456789")),
            (european, "123", None),
            (european, "ATU1234567", None),
            (australian, "51 824 753 556", Some("51 824 753 556")),
            (
                account,
                "DE89 3704 0044 0532 0130 00",
                Some("DE89 3704 0044 0532 0130 00"),
            ),
            (account, "DE89 3704 0044 0532 0130 01", None),
            (email, "jane@example.com", Some("jane@example.com")),
            (email, "jane@example", None),
            (email, "jane doe@example.com", None),
        ] {
            assert_eq!(read(reads, text).as_deref(), wanted, "{text}");
        }
    }
}
