//! Dates, clock times, lengths and numbers as other tools write them.

mod date;
mod length;
mod price;

use anyhow::{Context as _, Result, bail};
use keeptab_core::instant::{Instant, Length};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::conventions::Conventions;

pub(super) use date::{Moment, clock, date, moment, since_1970, time};
pub(super) use length::{doubt, length};
pub(super) use price::{currency, price};

/// More than a year in one row is a mistake.
const LONGEST: Length = Length::from_minutes(366 * 24 * 60);

/// Reads whole or fractional seconds.
pub(super) fn seconds(text: &str) -> Result<Length> {
    let wrong = || format!("`{text}` is not a length in seconds");
    let seconds: Decimal = text.trim().parse().ok().with_context(wrong)?;
    let millis = seconds
        .checked_mul(Decimal::from(1000))
        .and_then(|millis| millis.round().to_i64());
    sane(Length::from_millis(millis.with_context(wrong)?))
}

/// Reads epoch seconds, which may be broken.
pub(super) fn epoch(text: &str) -> Result<Instant> {
    let wrong = || format!("`{text}` is not an instant");
    let seconds = Decimal::from_str_exact(text)
        .or_else(|_| Decimal::from_scientific(text))
        .ok();
    let millis = seconds.and_then(|seconds| seconds.checked_mul(Decimal::from(1000)));
    let millis = millis.and_then(|millis| millis.round().to_i64()).with_context(wrong)?;
    if !(Instant::EARLIEST.millis()..=Instant::LATEST.millis()).contains(&millis) {
        bail!(wrong());
    }
    Ok(Instant::from_millis(millis))
}

/// Refuses what cannot have been worked in one go.
pub(super) fn sane(length: Length) -> Result<Length> {
    if length < Length::ZERO {
        bail!("it ends before it begins");
    }
    if length > LONGEST {
        bail!("it is longer than a year");
    }
    Ok(length)
}

/// Reads a number: `0.11`, `0,01`, `2.000,0`, `1,250.00`.
///
/// If both dot and comma occur, the last one is the decimal mark. If only one occurs, the rest of the file decides; if
/// it does not, the mark is taken for the decimal mark.
pub(super) fn decimal(text: &str, conventions: &Conventions) -> Result<Decimal> {
    let wrong = || format!("`{text}` is not a number");
    let text = text.trim();
    let (dot, comma) = (text.rfind('.'), text.rfind(','));
    let groups = |mark: char| text.matches(mark).count();
    let with_comma = match (dot, comma) {
        (Some(dot), Some(comma)) => {
            conventions.saw_decimal(comma > dot);
            comma > dot
        }
        (Some(at), None) | (None, Some(at)) => {
            let mark = if comma.is_some() { ',' } else { '.' };
            let decimals = text.len() - at - 1;
            if groups(mark) > 1 {
                mark == '.'
            } else if decimals == 3 {
                conventions.comma.unwrap_or(mark == ',')
            } else {
                conventions.saw_decimal(mark == ',');
                mark == ','
            }
        }
        (None, None) => false,
    };
    if !with_comma && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return text.parse().ok().with_context(wrong);
    }
    let (thousands, mark) = if with_comma { ('.', ',') } else { (',', '.') };
    let (whole, part) = text.rsplit_once(mark).unwrap_or((text, ""));
    let (sign, whole) = whole.split_at(usize::from(whole.starts_with(['-', '+'])));
    let groups: Vec<&str> = whole.split([thousands, '\'', '’', '\u{a0}', '\u{202f}']).collect();
    if !are_groups(&groups) {
        bail!(wrong());
    }
    let plain = format!("{sign}{}.{part}", groups.concat());
    plain.trim_end_matches('.').parse().ok().with_context(wrong)
}

/// Returns whether the digits of a whole number are grouped as somewhere in the world: in threes, or in India in twos
/// before the last three.
fn are_groups(groups: &[&str]) -> bool {
    let Some((first, rest)) = groups.split_first() else {
        return false;
    };
    let Some((last, middle)) = rest.split_last() else {
        return true;
    };
    (1..=3).contains(&first.len()) && last.len() == 3 && middle.iter().all(|group| (2..=3).contains(&group.len()))
}

/// Words for yes and for no, in the tools' languages and spellings.
const WORDS: [(bool, &[&str]); 2] = [
    (
        true,
        &[
            "yes",
            "true",
            "1",
            "1.0",
            "x",
            "y",
            "t",
            "on",
            "ja",
            "oui",
            "sí",
            "si",
            "sì",
            "sim",
            "tak",
            "да",
            "wahr",
            "vrai",
            "✓",
            "✔",
            "billable",
            "billed",
            "invoiced",
            "paid",
            "abrechenbar",
            "abgerechnet",
            "facturable",
        ],
    ),
    (
        false,
        &[
            "no",
            "false",
            "0",
            "0.0",
            "n",
            "f",
            "off",
            "nein",
            "non",
            "nee",
            "não",
            "nie",
            "нет",
            "falsch",
            "faux",
            "✗",
            "✘",
            "unbilled",
            "uninvoiced",
            "unpaid",
            "open",
        ],
    ),
];

/// Reads yes and no in the tools' languages and spellings, also `billed` and `non-billable`; `None` if the field is
/// empty.
pub(super) fn flag(text: &str) -> Result<Option<bool>> {
    let lower = text.trim().to_lowercase();
    if matches!(&*lower, "" | "-" | "–") {
        return Ok(None);
    }
    let known = |word: &str| WORDS.iter().find(|(_, words)| words.contains(&word));
    if let Some((value, _)) = known(&lower) {
        return Ok(Some(*value));
    }
    let denied = ["non-", "non ", "not ", "nicht ", "non"]
        .iter()
        .find_map(|no| lower.strip_prefix(no));
    match denied.and_then(known) {
        Some((true, _)) => Ok(Some(false)),
        _ => bail!("`{lower}` is neither yes nor no"),
    }
}

#[cfg(test)]
mod tests;
