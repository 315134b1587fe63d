//! Dates, clock times, lengths and numbers as other tools write them.

use anyhow::{Context as _, Result, bail};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};
use keeptab_core::instant::{Instant, Length};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::conventions::{Conventions, DateOrder};

/// More than a year in one row is a mistake.
const LONGEST: Length = Length::from_minutes(366 * 24 * 60);

/// Reads a date: `2024-03-04`, `03/04/2024`, `18.08.2026`, also with a time after it.
pub(super) fn date(text: &str, conventions: &Conventions) -> Result<NaiveDate> {
    let wrong = || format!("`{text}` is not a date");
    // As most tools write it.
    if let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = text.as_bytes()
        && let Some([century, year, month, day]) = pairs([[y0, y1], [y2, y3], [m0, m1], [d0, d1]])
        && century > 0
    {
        let year = i32::try_from(century * 100 + year).ok();
        let day = year.and_then(|year| NaiveDate::from_ymd_opt(year, month, day));
        return day.with_context(wrong);
    }
    let date = text.split(['T', ' ']).next().unwrap_or_default();
    let mut parts = date.split(['-', '/', '.']);
    let (Some(one), Some(two), Some(three), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        bail!(wrong());
    };
    let number = |part: &str| -> Result<u32> {
        // A sign is not a digit.
        let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse().ok().filter(|_| digits).with_context(wrong)
    };
    let day = |year: u32, month: u32, day: u32| {
        let year = if year < 100 { year + 2000 } else { year };
        let year = i32::try_from(year).ok().filter(|year| (1..=9999).contains(year))?;
        NaiveDate::from_ymd_opt(year, month, day)
    };
    if one.len() == 4 {
        return day(number(one)?, number(two)?, number(three)?).with_context(wrong);
    }
    let (a, b, year) = (number(one)?, number(two)?, number(three)?);
    if conventions.order == Some(DateOrder::Ymd) {
        return day(a, b, year).with_context(wrong);
    }
    let (day_first, month_first) = (day(year, b, a), day(year, a, b));
    // No country writes the month first with dots.
    if date.contains('.') {
        conventions.saw_date(true, false);
        return day_first.with_context(wrong);
    }
    if a != b {
        conventions.saw_date(day_first.is_some(), month_first.is_some());
    }
    match conventions.order {
        Some(DateOrder::Mdy) => month_first,
        Some(_) => day_first,
        None => day_first.or(month_first),
    }
    .with_context(wrong)
}

/// Reads pairs of digits.
fn pairs<const N: usize>(pairs: [[&u8; 2]; N]) -> Option<[u32; N]> {
    let are_digits = pairs.iter().flatten().all(|byte| byte.is_ascii_digit());
    let value = |[ten, one]: [&u8; 2]| u32::from(ten & 15) * 10 + u32::from(one & 15);
    are_digits.then(|| pairs.map(value))
}

/// Reads a clock time: `10:23`, `10:23:52`, `10:23:52 AM`.
pub(super) fn time(text: &str) -> Result<NaiveTime> {
    let wrong = || format!("`{text}` is not a clock time");
    let text = text.trim();
    // As most tools write it.
    if let [h0, h1, b':', m0, m1, b':', s0, s1] = text.as_bytes()
        && let Some([hour, minute, second]) = pairs([[h0, h1], [m0, m1], [s0, s1]])
    {
        return NaiveTime::from_hms_opt(hour, minute, second).with_context(wrong);
    }
    let half_of = |half: &str| match half {
        "AM" | "am" | "Am" | "aM" => Some(0),
        "PM" | "pm" | "Pm" | "pM" => Some(12),
        _ => None,
    };
    let halved = text.split_at_checked(text.len().saturating_sub(2));
    let (clock, half) = match halved.and_then(|(clock, half)| Some((clock, half_of(half)?))) {
        Some((clock, half)) => (clock.trim_end(), Some(half)),
        None => (text, None),
    };
    let mut parts = clock.split(':');
    let mut part = || -> Result<Option<u32>> {
        let Some(part) = parts.next() else { return Ok(None) };
        let whole = part.split('.').next().unwrap_or_default();
        let digits = !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit());
        whole.parse().ok().filter(|_| digits).map(Some).with_context(wrong)
    };
    let (hour, minute, second) = (part()?, part()?, part()?.unwrap_or(0));
    let (Some(hour), Some(minute), None) = (hour, minute, part()?) else {
        bail!(wrong());
    };
    let hour = match half {
        Some(_) if !(1..=12).contains(&hour) => bail!(wrong()),
        Some(half) => hour % 12 + half,
        None => hour,
    };
    NaiveTime::from_hms_opt(hour, minute, second).with_context(wrong)
}

/// A date and a time in one field; exact if a zone follows them.
pub(super) enum Moment {
    /// By the clock of the file's zone.
    Clock(NaiveDateTime),
    /// As an instant, which needs no zone.
    Exact(Instant),
}

pub(super) fn moment(text: &str, conventions: &Conventions) -> Result<Moment> {
    let text = text.trim();
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Ok(Moment::Exact(at.into()));
    }
    if let Ok(at) = DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%:z") {
        return Ok(Moment::Exact(at.into()));
    }
    let day = date(text, conventions)?;
    let rest = text.split_once(['T', ' ']).map(|(_, rest)| rest.trim());
    let time = rest
        .with_context(|| format!("`{text}` has no clock time"))
        .and_then(time)?;
    Ok(Moment::Clock(day.and_time(time)))
}

/// Reads a length: `01:00:01`, `1:00`, or hours such as `0.11`. Returns it with how exact it is.
pub(super) fn length(text: &str, conventions: &Conventions) -> Result<(Length, Length)> {
    let wrong = || format!("`{text}` is not a length of time");
    let text = text.trim();
    if !text.contains(':') {
        let exact = if text.len() - text.rfind(['.', ',']).map_or(text.len(), |at| at + 1) > 3 {
            Length::from_secs(1)
        } else {
            Length::from_secs(36)
        };
        return hours(text, conventions).map(|length| (length, exact));
    }
    let mut parts = text.split(':');
    let mut part = || -> Result<Option<i64>> {
        let Some(part) = parts.next() else { return Ok(None) };
        let digits = !part.is_empty() && part.len() < 7 && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse().ok().filter(|_| digits).map(Some).with_context(wrong)
    };
    let (hours, minutes, seconds) = (part()?, part()?, part()?);
    let (Some(hours), Some(minutes), None) = (hours, minutes, part()?) else {
        bail!(wrong());
    };
    if minutes > 59 || seconds.is_some_and(|seconds| seconds > 59) {
        bail!(wrong());
    }
    let exact = Length::from_secs(if seconds.is_some() { 1 } else { 60 });
    let length = Length::from_secs(hours * 3600 + minutes * 60 + seconds.unwrap_or(0));
    sane(length).map(|length| (length, exact))
}

/// Reads decimal hours.
pub(super) fn hours(text: &str, conventions: &Conventions) -> Result<Length> {
    let hours = decimal(text, conventions)?;
    let millis = hours
        .checked_mul(Decimal::from(3_600_000))
        .and_then(|millis| millis.round().to_i64());
    let millis = millis.with_context(|| format!("`{text}` is not a length of time"))?;
    // Hours with two decimals are rounded to the second.
    sane(Length::from_secs((millis + 500).div_euclid(1000)))
}

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
    let plain: String = text
        .chars()
        .filter(|letter| *letter != thousands && *letter != '\'' && *letter != '\u{a0}' && *letter != '\u{202f}')
        .map(|letter| if letter == mark { '.' } else { letter })
        .collect();
    plain.parse().ok().with_context(wrong)
}

/// Reads yes and no in the tools' languages and spellings; `None` if the field is empty.
pub(super) fn flag(text: &str) -> Result<Option<bool>> {
    Ok(match text.trim().to_lowercase().as_str() {
        "" => None,
        "yes" | "true" | "1" | "x" | "y" | "ja" | "oui" | "sí" | "si" | "sì" | "sim" => Some(true),
        "no" | "false" | "0" | "n" | "nein" | "non" | "nee" | "não" => Some(false),
        other => bail!("`{other}` is neither yes nor no"),
    })
}

#[cfg(test)]
mod tests;
