//! Lengths of time as other tools write them.

use anyhow::{Result, bail};
use keeptab_core::instant::Length;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::super::conventions::{Bare, Conventions};
use super::{decimal, sane};

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// The hours of the longest year.
const MOST_HOURS: i64 = 366 * 24;

/// Words for a unit, in the languages of the tools, with its milliseconds.
const UNITS: [(i64, &[&str]); 4] = [
    (
        SECOND,
        &[
            "s", "sec", "secs", "second", "seconds", "sek", "sekunde", "sekunden", "seconde", "secondes",
        ],
    ),
    (
        MINUTE,
        &[
            "m", "min", "mins", "minute", "minutes", "minuten", "minuto", "minutos", "minuti",
        ],
    ),
    (
        HOUR,
        &[
            "h", "hr", "hrs", "hour", "hours", "std", "stunde", "stunden", "heure", "heures", "hora", "horas", "ora",
            "ore", "uur", "godz", "ч",
        ],
    ),
    (DAY, &["d", "day", "days", "tag", "tage", "jour", "jours"]),
];

/// Reads a length: `01:00:01`, `1:00`, `1h 30m`, `18:25 min`, `PT1H30M`, or a number such as `0.11`. Returns it with
/// the step of its notation. A day has 24 hours.
///
/// A number without a unit is in `bare`; without it in hours, unless the column tells otherwise.
pub(in super::super) fn length(text: &str, bare: Option<Bare>, conventions: &Conventions) -> Result<(Length, Length)> {
    let text = text.trim();
    if text.is_empty() {
        bail!("`{text}` is not a length of time");
    }
    // As most tools write it.
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b':') && text.contains(':') {
        conventions.saw_unit();
        return clock(text);
    }
    if !text.chars().any(|letter| letter.is_alphabetic() || letter == ':') {
        return number(text, bare, conventions);
    }
    conventions.saw_unit();
    let lower = text.to_lowercase();
    if let Some(iso) = lower.strip_prefix('p') {
        return iso_8601(iso, text, conventions);
    }
    if let Some((clock, unit)) = clocked(&lower) {
        return with_unit(clock, unit, text);
    }
    units(&lower, text, conventions)
}

/// Returns the doubt about a length in days: they have 24 hours here, and 8 in trackers of issues.
pub(in super::super) fn doubt(text: &str) -> Option<String> {
    let lower = text.trim().to_lowercase();
    let mut words = lower.split(|letter: char| !letter.is_alphabetic());
    let has_days = !lower.starts_with('p') && words.any(|word| size(word) == Some(DAY));
    has_days.then(|| format!("`{}` is taken as days of 24 hours", text.trim()))
}

/// Reads a number as a bare length, and notes what it tells about its column.
fn number(text: &str, bare: Option<Bare>, conventions: &Conventions) -> Result<(Length, Length)> {
    let whole = text.bytes().all(|byte| byte.is_ascii_digit());
    if bare.is_none() {
        if whole {
            conventions.saw_whole(text.parse().unwrap_or(u64::MAX));
        } else {
            conventions.saw_broken();
        }
    }
    let unit = match bare.or(conventions.bare) {
        // Nobody writes broken seconds in a column of hours.
        Some(Bare::Seconds) if whole || bare.is_some() => SECOND,
        Some(Bare::Minutes) => MINUTE,
        _ => HOUR,
    };
    let value = decimal(text, conventions)?;
    if unit == HOUR && value > Decimal::from(MOST_HOURS) {
        bail!("`{text}` hours are more than a year; a column of seconds is mapped with seconds=");
    }
    Ok((scaled(value, unit, text)?, step(text, unit)))
}

/// Returns a number of units, to the second.
fn scaled(value: Decimal, unit: i64, text: &str) -> Result<Length> {
    let millis = value
        .checked_mul(Decimal::from(unit))
        .and_then(|millis| millis.round().to_i64());
    let Some(millis) = millis else {
        bail!("`{text}` is not a length of time");
    };
    sane(Length::from_secs((millis + 500).div_euclid(1000)))
}

/// Returns the step of a decimal number of units: a hundredth unless it has more decimals, at least a second.
fn step(text: &str, unit: i64) -> Length {
    let decimals = text.rfind(['.', ',']).map_or(0, |at| text.len() - at - 1);
    let parts = match decimals {
        0..=2 => 100,
        3 => 1_000,
        _ => 10_000,
    };
    Length::from_millis((unit / parts).max(SECOND))
}

/// Reads `1:00` and `01:00:01`, also with decimals after the seconds.
fn clock(text: &str) -> Result<(Length, Length)> {
    let wrong = || anyhow::anyhow!("`{text}` is not a length of time");
    let mut parts = text.split(':');
    let mut part = || -> Result<Option<i64>> {
        let Some(part) = parts.next() else { return Ok(None) };
        let digits = !part.is_empty() && part.len() < 7 && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse().ok().filter(|_| digits).map(Some).ok_or_else(wrong)
    };
    let (hours, minutes, seconds) = (part()?, part()?, part()?);
    let (Some(hours), Some(minutes), None) = (hours, minutes, part()?) else {
        bail!(wrong());
    };
    if minutes > 59 || seconds.is_some_and(|seconds| seconds > 59) {
        bail!(wrong());
    }
    let exact = if seconds.is_some() { SECOND } else { MINUTE };
    let length = Length::from_secs(hours * 3600 + minutes * 60 + seconds.unwrap_or(0));
    Ok((sane(length)?, Length::from_millis(exact)))
}

/// Splits `18:25 min` and `01:30:00.000`; the unit is empty without one.
fn clocked(text: &str) -> Option<(&str, &str)> {
    let end = text
        .rfind(|letter: char| letter.is_ascii_digit())
        .map_or(0, |at| at + 1);
    let (clock, unit) = (text.get(..end)?, text.get(end..)?);
    let clock = match clock.rsplit_once(['.', ',']) {
        Some((whole, _)) if whole.matches(':').count() == 2 => whole,
        _ => clock,
    };
    let are_digits = clock.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
    (are_digits && clock.contains(':')).then(|| (clock, unit.trim().trim_end_matches('.')))
}

/// Reads a clock with a unit, which is that of its first number.
fn with_unit(text: &str, unit: &str, written: &str) -> Result<(Length, Length)> {
    match (size(unit), text.matches(':').count()) {
        (None, _) if !unit.is_empty() => bail!("`{written}` is not a length of time"),
        (Some(MINUTE), 1) => minutes_and_seconds(text),
        (None | Some(HOUR), _) => clock(text),
        _ => bail!("`{written}` is not a length of time"),
    }
    .map_err(|_| anyhow::anyhow!("`{written}` is not a length of time"))
}

/// Reads `90:30 min`.
fn minutes_and_seconds(text: &str) -> Result<(Length, Length)> {
    let parts = text
        .split_once(':')
        .map(|(minutes, seconds)| (minutes.parse::<i64>(), seconds.parse::<i64>()));
    match parts {
        Some((Ok(minutes @ 0..1_000_000), Ok(seconds @ 0..60))) => {
            let length = sane(Length::from_secs(minutes * 60 + seconds))?;
            Ok((length, Length::from_millis(SECOND)))
        }
        _ => bail!("`{text}` is not a length of time"),
    }
}

fn size(unit: &str) -> Option<i64> {
    let found = UNITS.iter().find(|(_, words)| words.contains(&unit));
    found.map(|(size, _)| *size)
}

/// Reads `1h 30m`, `90 min`, `1.5h` and `1h30`.
fn units(text: &str, written: &str, conventions: &Conventions) -> Result<(Length, Length)> {
    let wrong = || anyhow::anyhow!("`{written}` is not a length of time");
    let (mut rest, mut sum, mut exact, mut last) = (text, Length::ZERO, Length::ZERO, i64::MAX);
    while !rest.is_empty() {
        let end = rest
            .find(|letter: char| !(letter.is_ascii_digit() || letter == '.' || letter == ','))
            .unwrap_or(rest.len());
        let (number, after) = rest.split_at(end);
        let after = after.trim_start();
        let end = after
            .find(|letter: char| !letter.is_alphabetic())
            .unwrap_or(after.len());
        let (word, after) = after.split_at(end);
        let number = number.trim_end_matches([',', '.']);
        // After a unit, a number without one is in the next smaller: `1h30`.
        let unit = match word {
            "" if last == HOUR => MINUTE,
            "" if last == MINUTE => SECOND,
            word => size(word).ok_or_else(wrong)?,
        };
        if number.is_empty() || unit >= last {
            bail!(wrong());
        }
        sum += scaled(decimal(number, conventions)?, unit, written)?;
        exact = if number.contains(['.', ',']) {
            step(number, unit)
        } else {
            Length::from_millis(unit)
        };
        last = unit;
        rest = after.trim_start_matches(|letter: char| letter.is_whitespace() || letter == ',' || letter == '.');
        rest = rest
            .strip_prefix("and ")
            .or_else(|| rest.strip_prefix("und "))
            .unwrap_or(rest);
    }
    Ok((sane(sum)?, exact))
}

/// Reads the rest of `PT1H30M`, ISO 8601, without months and years.
fn iso_8601(text: &str, written: &str, conventions: &Conventions) -> Result<(Length, Length)> {
    let (days, times) = text.split_once('t').unwrap_or((text, ""));
    if days.contains(['h', 's', 'm', 'y']) || times.contains('d') || days.is_empty() && times.is_empty() {
        bail!("`{written}` is not a length of time");
    }
    let (length, exact) = units(&format!("{days}{times}"), written, conventions)?;
    // All of its parts are written: it is to the second.
    Ok((length, exact.min(Length::from_secs(1))))
}
