//! The values of cells as text.

use chrono::{Days, NaiveDate};

use super::parts::Book;

/// The day 1970-01-01: a date before it is a length, which a format shows as a date.
const FIRST_DAY: f64 = 25_569.0;
/// The day 2200-01-01. No later one is imported.
const LAST_DAY: f64 = 109_575.0;
/// The days between the two beginnings of time of workbooks.
const SINCE_1904: f64 = 1_462.0;
const DAY: f64 = 86_400.0;

/// The meaning of a number by its format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    /// A number.
    #[default]
    Number,
    /// A date.
    Day,
    /// A clock time, or a date with one.
    Moment,
    /// A length, which may have more than 24 hours.
    Length,
}

impl Kind {
    /// Returns the meaning of a format with a number that all workbooks know.
    pub(super) fn of_id(id: u32) -> Self {
        match id {
            14..=17 | 27..=36 | 50..=58 => Self::Day,
            18..=22 | 45 | 47 => Self::Moment,
            46 => Self::Length,
            _ => Self::Number,
        }
    }

    /// Returns the meaning of a format such as `dd.mm.yyyy hh:mm`, `[h]:mm` or `#,##0.00 "days"`.
    pub(super) fn of_code(code: &str) -> Self {
        let mut letters = code.chars();
        let mut found = Self::Number;
        while let Some(letter) = letters.next() {
            match letter.to_ascii_lowercase() {
                // Another format for negative numbers.
                ';' => break,
                '"' => drop(letters.find(|letter| *letter == '"')),
                '\\' | '_' | '*' => drop(letters.next()),
                '[' => {
                    let inside: String = letters.by_ref().take_while(|letter| *letter != ']').collect();
                    if inside.starts_with(['h', 'm', 's', 'H', 'M', 'S']) && inside.len() <= 2 {
                        return Self::Length;
                    }
                }
                'h' | 's' => return Self::Moment,
                // Minutes, if an hour or a second is beside them.
                'y' | 'd' | 'm' => found = Self::Day,
                _ => {}
            }
        }
        found
    }
}

/// The type of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// A number.
    Number,
    /// The place of a text that cells share.
    Shared,
    /// Yes or no.
    Flag,
    /// A text of its own, a date in ISO 8601, or an error.
    Text,
}

impl Value {
    pub(super) fn of(name: Option<&str>) -> Self {
        match name {
            None | Some("n") => Self::Number,
            Some("s") => Self::Shared,
            Some("b") => Self::Flag,
            Some(_) => Self::Text,
        }
    }
}

/// Writes a value as a cell of a table.
pub(super) fn written(text: &str, kind: Kind, value: Value, book: &Book) -> String {
    match value {
        Value::Text => one_line(text),
        Value::Shared => {
            let place = text.trim().parse::<usize>().ok();
            place
                .and_then(|place| book.texts.get(place))
                .cloned()
                .unwrap_or_default()
        }
        Value::Flag => if text.trim() == "1" { "true" } else { "false" }.to_owned(),
        Value::Number => match (text.trim().parse::<f64>(), kind) {
            (Ok(number), _) if !number.is_finite() => one_line(text),
            (Ok(number), Kind::Number) => decimal(number),
            (Ok(days), Kind::Day | Kind::Moment) => moment(days, kind, book.is_1904),
            (Ok(days), Kind::Length) => length(days),
            (Err(_), _) => one_line(text),
        },
    }
}

/// A row is a line.
pub(super) fn one_line(text: &str) -> String {
    text.replace(|letter: char| letter.is_control(), " ").trim().to_owned()
}

/// Writes a number to 15 digits, as spreadsheets show it. Three decimals get a zero: `1.125` may have a group of thousands.
fn decimal(number: f64) -> String {
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    let text = rounded.to_string();
    match text.split_once('.') {
        Some((_, decimals)) if decimals.len() == 3 => format!("{text}0"),
        _ => text,
    }
}

/// Writes a date, a clock time, or both; midnight too, if the format has a clock time. Seconds are whole: a fraction of a
/// day is not exact.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is between two years"
)]
fn moment(days: f64, kind: Kind, is_1904: bool) -> String {
    let since_1900 = if is_1904 { days + SINCE_1904 } else { days };
    if days < 1.0 || !(FIRST_DAY..LAST_DAY).contains(&since_1900) {
        return length(days);
    }
    let seconds = (since_1900 * DAY).round() as u64;
    let first = NaiveDate::from_ymd_opt(1899, 12, 30).unwrap_or_default();
    let day = first.checked_add_days(Days::new(seconds / 86_400)).unwrap_or_default();
    match seconds % 86_400 {
        0 if kind == Kind::Day => day.to_string(),
        rest => format!("{day} {:02}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60),
    }
}

/// Writes a fraction of a day as hours, minutes and seconds: a clock time, if it is less than a day.
#[expect(clippy::cast_possible_truncation, reason = "it is clamped")]
fn length(days: f64) -> String {
    let seconds = (days.clamp(-1_000_000.0, 1_000_000.0) * DAY).round() as i64;
    let sign = if seconds < 0 { "-" } else { "" };
    let seconds = seconds.abs();
    format!(
        "{sign}{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}
