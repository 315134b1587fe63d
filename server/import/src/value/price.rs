//! Amounts and rates as other tools write them, with or without their currency.

use anyhow::{Result, bail};
use keeptab_core::money::Currency;
use rust_decimal::Decimal;

use super::super::conventions::Conventions;
use super::decimal;

/// The signs and names of currencies, with the code; the longest first.
const SIGNS: [(&str, &str); 24] = [
    ("us dollar", "USD"),
    ("dollars", "USD"),
    ("pounds", "GBP"),
    ("euros", "EUR"),
    ("dollar", "USD"),
    ("pound", "GBP"),
    ("euro", "EUR"),
    ("us$", "USD"),
    ("hk$", "HKD"),
    ("nz$", "NZD"),
    ("ca$", "CAD"),
    ("au$", "AUD"),
    ("sfr.", "CHF"),
    ("fr.", "CHF"),
    ("a$", "AUD"),
    ("c$", "CAD"),
    ("r$", "BRL"),
    ("kč", "CZK"),
    ("zł", "PLN"),
    ("€", "EUR"),
    ("£", "GBP"),
    ("¥", "JPY"),
    ("₹", "INR"),
    // Other dollars are written with their country, or their code.
    ("$", "USD"),
];

/// The largest amount: sums of more would not be exact.
const LARGEST: i64 = 1_000_000_000_000;

/// Words that say that a rate is by the hour.
const HOURLY: [&str; 12] = [
    "per hour",
    "pro stunde",
    "par heure",
    "/hour",
    "/stunde",
    "/std.",
    "/std",
    "/hrs",
    "/hr",
    "/h",
    "an hour",
    "p.h.",
];

/// Reads `$100.00`, `€ 95`, `80 EUR/h`, `1,250.00`: the number, and the currency if it is written.
pub(in super::super) fn price(text: &str, conventions: &Conventions) -> Result<(Decimal, Option<Currency>)> {
    let lower = text.trim().to_lowercase().replace(" / ", "/");
    let mut rest = lower.as_str();
    for word in HOURLY {
        rest = rest.strip_suffix(word).unwrap_or(rest).trim_end();
    }
    let number = rest.trim_matches(|letter: char| !letter.is_ascii_digit());
    let Some((before, after)) = rest.split_once(number).filter(|_| !number.is_empty()) else {
        bail!("`{text}` is not an amount");
    };
    let (before, after) = (before.trim(), after.trim());
    let (negative, before) = match before.strip_prefix(['-', '−']) {
        Some(before) => (true, before.trim()),
        None => (before.ends_with('-'), before.trim_end_matches('-').trim()),
    };
    // Swiss amounts end in `.-`.
    let after = after.trim_start_matches(".-").trim_start_matches(".–").trim();
    let known = match (before, after) {
        ("", "") => None,
        (word, "") | ("", word) => match currency(word) {
            Some(currency) => Some(currency),
            None => bail!("`{text}` is not an amount"),
        },
        _ => bail!("`{text}` is not an amount"),
    };
    let number = decimal(&number.replace(' ', ""), conventions)?;
    if number > Decimal::from(LARGEST) {
        bail!("`{text}` is not an amount");
    }
    Ok((if negative { -number } else { number }, known))
}

/// Reads the code, the sign or the name of a currency: `EUR`, `€`, `Euro`, `Euro - EUR`.
pub(in super::super) fn currency(text: &str) -> Option<Currency> {
    let text = text.trim();
    let last = text.rsplit([' ', '-']).next().unwrap_or_default();
    if let Ok(code) = last.to_uppercase().parse() {
        return Some(code);
    }
    let lower = text.to_lowercase();
    let (_, code) = SIGNS.iter().find(|(sign, _)| *sign == lower)?;
    code.parse().ok()
}
