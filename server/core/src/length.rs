//! Lengths of time as people write them: `0:45`, `45m`, `1h30`, `1.5`.

use rust_decimal::prelude::ToPrimitive as _;
use rust_decimal::{Decimal, RoundingStrategy};
use thiserror::Error;

use crate::calendar::clock_length;
use crate::instant::Length;

/// The reason why a text is no length of time.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LengthError {
    /// A whole number alone.
    #[error("`{0}` may be minutes or hours\nhint: write it as {0}m or {0}h")]
    Bare(String),
    /// Anything else.
    #[error("not a length of time\nhint: write it as 0:45, 45m or 1.5")]
    Unknown,
}

/// Reads a length of time: hours and minutes as `0:45`, `45m`, `1h30` or `1h 30m`, or hours as `1.5`, `1,5` or `1.5h`.
///
/// # Errors
///
/// If it is none of these. A whole number alone may be minutes or hours, and is an error, too.
pub fn read_length(text: &str) -> Result<Length, LengthError> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(LengthError::Bare(text.to_owned()));
    }
    let read = clock_length(text).or_else(|| hours(text)).or_else(|| units(text));
    read.ok_or(LengthError::Unknown)
}

/// Reads `1.5`, `1,5` or `1.5h`, to the millisecond.
fn hours(text: &str) -> Option<Length> {
    const HOUR: i64 = 3_600_000;
    let number = text.strip_suffix(['h', 'H']).unwrap_or(text).trim_end();
    let number = number.replacen(',', ".", 1);
    let is_number = number.starts_with(|first: char| first.is_ascii_digit())
        && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let hours: Decimal = is_number.then(|| number.parse().ok()).flatten()?;
    let millis = hours.checked_mul(HOUR.into())?;
    let millis = millis.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    millis.to_i64().map(Length::from_millis)
}

/// Reads numbers with units, the larger unit first; minutes after hours may go without theirs.
fn units(text: &str) -> Option<Length> {
    let (mut rest, mut total, mut last) = (text, 0_i64, i64::MAX);
    while !rest.is_empty() {
        let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
        let (number, after) = rest.split_at(end);
        let number: i64 = number.parse().ok()?;
        let after = after.trim_start();
        let end = after
            .find(|letter: char| !letter.is_alphabetic())
            .unwrap_or(after.len());
        let (unit, after) = after.split_at(end);
        let seconds = match unit.to_ascii_lowercase().as_str() {
            "h" | "hr" | "hrs" | "hour" | "hours" => 3600,
            "m" | "min" | "mins" | "minute" | "minutes" => 60,
            "" if last == 3600 && number < 60 => 60,
            "s" | "sec" | "secs" | "second" | "seconds" => 1,
            _ => return None,
        };
        if seconds >= last {
            return None;
        }
        last = seconds;
        total = total.checked_add(number.checked_mul(seconds)?)?;
        rest = after.trim_start();
    }
    (last < i64::MAX).then(|| Length::from_secs(total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_as_people_write_them() {
        for (text, seconds) in [
            ("0:45", 2700),
            ("10:05", 36_300),
            ("45m", 2700),
            ("45 min", 2700),
            ("90m", 5400),
            ("2h", 7200),
            ("1h30", 5400),
            ("1h30m", 5400),
            ("1h 30m", 5400),
            ("1 hour 5 minutes", 3900),
            ("1h05", 3900),
            ("90s", 90),
            ("1.5", 5400),
            ("1,25", 4500),
            ("0.1", 360),
            (" 1.0 ", 3600),
        ] {
            assert_eq!(read_length(text), Ok(Length::from_secs(seconds)), "{text}");
        }
        assert_eq!(read_length("0.0001"), Ok(Length::from_millis(360)));
    }

    #[test]
    fn anything_else_is_none() {
        assert_eq!(read_length("90"), Err(LengthError::Bare("90".into())));
        for text in [
            "",
            "soon",
            "-1.5",
            "1.5.0",
            ".5",
            "1:5x",
            "30m1h",
            "1h90",
            "1h1h",
            "h",
            "1d",
            "1h 30 5",
            "٣m",
            "99999999999999999999h",
            "9223372036854775807h",
            "79228162514264337593543950335.5",
        ] {
            assert_eq!(read_length(text), Err(LengthError::Unknown), "{text}");
        }
        let hint = LengthError::Bare("90".into()).to_string();
        assert!(hint.ends_with("write it as 90m or 90h"), "{hint}");
    }
}
