//! Dates, clock times and instants as other tools write them.

use std::borrow::Cow;

use anyhow::{Context as _, Result, anyhow, bail};
use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _};
use keeptab_core::instant::Instant;

use super::super::conventions::{Conventions, DateOrder};

/// The beginnings of the months' names, by month, in the languages of the tools.
const MONTHS: [&[&str]; 12] = [
    &["jan", "ene", "gen"],
    &["feb", "fev", "fév"],
    &["mar", "mär", "mrt", "maa"],
    &["apr", "avr", "abr"],
    &["may", "mai", "mei", "mag"],
    &["jun", "juin", "giu", "juni"],
    &["jul", "juil", "lug"],
    &["aug", "ago", "aoû", "aou"],
    &["sep", "set"],
    &["oct", "okt", "out", "ott"],
    &["nov"],
    &["dec", "dez", "déc", "dic"],
];

/// Reads a date: `2024-03-04`, `03/04/2024`, `18.08.2026`, `14 Mar 2024`, `20240314`, or a spreadsheet's number of
/// days; also with a time after it.
pub(in super::super) fn date(text: &str, conventions: &Conventions) -> Result<NaiveDate> {
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
    let spaced = together(text.trim());
    let text = &*spaced;
    if text.chars().any(char::is_alphabetic)
        && let Some(day) = named(text)
    {
        return Ok(day);
    }
    if let Some(day) = compact(text) {
        return Ok(day);
    }
    // A day of the week may stand before it.
    let mut words = text.split([' ', ',']).filter(|word| !word.is_empty());
    let date = words.find(|word| word.starts_with(|letter: char| letter.is_ascii_digit()));
    let date = date.with_context(wrong)?;
    let date = date.split('T').next().unwrap_or_default();
    if text.split([' ', ',']).any(|word| word.starts_with(['+', '-'])) {
        bail!(wrong());
    }
    let mut parts = date.split(['-', '/', '.']);
    let (one, two, three, more) = (parts.next(), parts.next(), parts.next(), parts.next());
    let (Some(one), Some(two), Some(three), None) = (one, two, three, more) else {
        bail!(wrong());
    };
    if three.is_empty() && !one.is_empty() && !two.is_empty() {
        bail!("`{text}` has no year");
    }
    numbers([one, two, three], date.contains('.'), conventions).with_context(wrong)
}

/// Returns a date without the spaces and signs that some languages write in it: `14. 3. 2024`, `2024. 03. 14.`,
/// `2024年3月14日`.
fn together(text: &str) -> Cow<'_, str> {
    if text.contains('年') {
        return text.replace(['年', '月'], "-").replace('日', " ").into();
    }
    if !text.contains(". ") {
        return text.into();
    }
    let (mut joined, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once(". ") {
        joined.push_str(before);
        let is_digit = |letter: char| letter.is_ascii_digit();
        let is_number = before.ends_with(is_digit) && after.trim_start().starts_with(is_digit);
        // The third dot ends the date, and a time may follow.
        let is_end = joined.matches('.').count() == 2;
        joined.push_str(if is_number && !is_end { "." } else { " " });
        rest = after.trim_start();
    }
    joined.push_str(rest);
    if joined.matches('.').count() == 3 {
        joined.truncate(joined.trim_end_matches('.').len());
    }
    joined.into()
}

/// Returns the date of three numbers.
fn numbers([one, two, three]: [&str; 3], dots: bool, conventions: &Conventions) -> Option<NaiveDate> {
    let number = |part: &str| -> Option<u32> {
        // A sign is not a digit.
        let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse().ok().filter(|_| digits)
    };
    let (a, b, c) = (number(one)?, number(two)?, number(three)?);
    if one.len() == 4 || conventions.order == Some(DateOrder::Ymd) {
        return of((a, one.len()), b, c);
    }
    let year = (c, three.len());
    let (day_first, month_first) = (of(year, b, a), of(year, a, b));
    // No country writes the month first with dots.
    if dots {
        conventions.saw_date(true, false);
        return day_first;
    }
    if a != b {
        conventions.saw_date(day_first.is_some(), month_first.is_some());
    }
    match conventions.order {
        Some(DateOrder::Mdy) => month_first,
        Some(_) => day_first,
        None => day_first.or(month_first),
    }
}

/// Returns a date of a year with its number of digits: two are of this century.
fn of((year, digits): (u32, usize), month: u32, day: u32) -> Option<NaiveDate> {
    let year = if digits <= 2 { year + 2000 } else { year };
    let year = i32::try_from(year).ok().filter(|year| (1000..=9999).contains(year))?;
    NaiveDate::from_ymd_opt(year, month, day)
}

/// Reads a date whose month has a name: `14 Mar 2024`, `Mar 14, 2024`, `02/Oct/26`, `2024-Mar-14`.
fn named(text: &str) -> Option<NaiveDate> {
    let lower = text.to_lowercase();
    let (mut month, mut numbers) = (None, Vec::new());
    // A clock time may stand before the year.
    let is_clock = |part: &&str| part.split_once(':').is_some_and(|(hour, _)| hour.len() <= 2);
    let parts = lower.split_whitespace().filter(|part| !is_clock(part));
    let mut words = parts.flat_map(|part| part.split(|letter: char| !letter.is_alphanumeric()));
    while let Some(word) = words.next().filter(|_| month.is_none() || numbers.len() < 2) {
        let digits = word.trim_end_matches(char::is_alphabetic);
        let has_ordinal = matches!(word.get(digits.len()..), Some("" | "st" | "nd" | "rd" | "th"));
        if !digits.is_empty() && has_ordinal && digits.len() <= 4 {
            numbers.push((digits.parse::<u32>().ok()?, digits.len()));
        } else if month.is_none() {
            month = month_of(word);
        }
    }
    let (month, mut numbers) = (month?, numbers.into_iter());
    let (first, second) = (numbers.next()?, numbers.next()?);
    if first.1 == 4 {
        of(first, month, second.0)
    } else {
        of(second, month, first.0)
    }
}

fn month_of(word: &str) -> Option<u32> {
    let is_it = |names: &&[&str]| names.iter().any(|name| word.starts_with(name));
    let index = (word.chars().count() >= 3).then(|| MONTHS.iter().position(is_it))??;
    u32::try_from(index + 1).ok()
}

/// Reads `20240314`, and a number of days since 1899-12-30, as spreadsheets keep dates.
fn compact(text: &str) -> Option<NaiveDate> {
    let head = text.split(['T', ' ']).next()?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if head.len() == 8 && digits(head) {
        let number: u32 = head.parse().ok()?;
        return of((number / 10_000, 4), number / 100 % 100, number % 100);
    }
    let (days, part) = head.split_once('.').unwrap_or((head, ""));
    if head.len() != text.len() || days.len() != 5 || !digits(days) || !digits(part) {
        return None;
    }
    let days: u64 = days.parse().ok()?;
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days))
}

/// Reads pairs of digits.
fn pairs<const N: usize>(pairs: [[&u8; 2]; N]) -> Option<[u32; N]> {
    let are_digits = pairs.iter().flatten().all(|byte| byte.is_ascii_digit());
    let value = |[ten, one]: [&u8; 2]| u32::from(ten & 15) * 10 + u32::from(one & 15);
    are_digits.then(|| pairs.map(value))
}

/// Reads a clock time: `10:23`, `10:23:52`, `10:23:52 AM`, `9 pm`, `9h30`, `9:30 Uhr`.
pub(in super::super) fn time(text: &str) -> Result<NaiveTime> {
    let wrong = || format!("`{text}` is not a clock time");
    let text = text.trim();
    // As most tools write it.
    if let [h0, h1, b':', m0, m1, b':', s0, s1] = text.as_bytes()
        && let Some([hour, minute, second]) = pairs([[h0, h1], [m0, m1], [s0, s1]])
    {
        return NaiveTime::from_hms_opt(hour, minute, second).with_context(wrong);
    }
    let lower = text.to_lowercase();
    let lower = lower.strip_suffix("uhr").unwrap_or(&lower).trim_end();
    let half = |ends: [&str; 2]| ends.iter().find_map(|end| lower.strip_suffix(end));
    let (clock, half) = match (half(["am", "a.m."]), half(["pm", "p.m."])) {
        (Some(clock), _) => (clock.trim_end(), Some(0)),
        (_, Some(clock)) => (clock.trim_end(), Some(12)),
        _ => (lower, None),
    };
    let mut parts = clock.split([':', 'h']).peekable();
    let mut part = || -> Result<Option<u32>> {
        let Some(part) = parts.next() else { return Ok(None) };
        let whole = part.split('.').next().unwrap_or_default();
        let digits = !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit());
        whole.parse().ok().filter(|_| digits).map(Some).with_context(wrong)
    };
    let (hour, minute, second) = (part()?, part()?, part()?.unwrap_or(0));
    // Only with AM or PM, the hour stands alone.
    let minute = minute.or(half.map(|_| 0));
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

/// Returns a clock time of a day; 24:00 is the end of it.
pub(in super::super) fn clock(day: NaiveDate, text: &str) -> Result<NaiveDateTime> {
    match text.trim() {
        "24:00" | "24:00:00" => {
            let next = day
                .succ_opt()
                .with_context(|| format!("`{text}` is after the last day"))?;
            Ok(next.and_time(NaiveTime::MIN))
        }
        text => Ok(day.and_time(time(text)?)),
    }
}

/// A date and a time in one field; exact if a zone follows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Moment {
    /// By the clock of the file's zone.
    Clock(NaiveDateTime),
    /// As an instant, which needs no zone.
    Exact(Instant),
}

/// Reads a date and a time, also as seconds or milliseconds since 1970.
pub(in super::super) fn moment(text: &str, conventions: &Conventions) -> Result<Moment> {
    let text = text.trim();
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Ok(Moment::Exact(at.into()));
    }
    if let Some(at) = since_1970(text) {
        return Ok(Moment::Exact(at));
    }
    if let Some(at) = basic(text) {
        return Ok(at);
    }
    let (text, zone) = split_zone(text);
    let (day, written) = split_clock(text).with_context(|| format!("`{text}` has no clock time"))?;
    let at = clock(date(&day, conventions)?, written)?;
    match zone {
        None => Ok(Moment::Clock(at)),
        Some(zone) => {
            let at = zone.from_local_datetime(&at).single();
            at.map(|at| Moment::Exact(at.into()))
                .ok_or_else(|| anyhow!("`{text}` is not an instant"))
        }
    }
}

/// Reads the seconds or milliseconds since 1970 of a year from 2001 to 2286.
pub(in super::super) fn since_1970(text: &str) -> Option<Instant> {
    let whole = text.split('.').next()?;
    if !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    match whole.len() {
        10 => super::epoch(text).ok(),
        13 => Some(Instant::from_millis(whole.parse().ok()?)),
        _ => None,
    }
}

/// Reads `20240319T083000Z`, ISO 8601 without marks.
fn basic(text: &str) -> Option<Moment> {
    let (clock, is_utc) = match text.strip_suffix('Z') {
        Some(clock) => (clock, true),
        None => (text, false),
    };
    let at = NaiveDateTime::parse_from_str(clock, "%Y%m%dT%H%M%S").ok()?;
    Some(if is_utc {
        Moment::Exact(at.and_utc().into())
    } else {
        Moment::Clock(at)
    })
}

/// Splits `2024-03-14 09:00:00 +0100` before its zone.
fn split_zone(text: &str) -> (&str, Option<FixedOffset>) {
    let utc = FixedOffset::east_opt(0);
    for name in ["Z", "UTC", "GMT"] {
        if let Some(rest) = text.strip_suffix(name)
            && rest.contains(':')
        {
            return (rest.trim_end(), utc);
        }
    }
    let colon = text.find(':').unwrap_or(text.len());
    let Some(at) = text.rfind(['+', '-']).filter(|at| *at > colon) else {
        return (text, None);
    };
    let (rest, sign) = text.split_at(at);
    let digits: String = sign.chars().filter(char::is_ascii_digit).collect();
    let (Ok(number), 2 | 4) = (digits.parse::<i32>(), digits.len()) else {
        return (text, None);
    };
    let number = if digits.len() == 2 { number * 100 } else { number };
    let seconds = (number / 100 * 60 + number % 100) * 60;
    let east = if sign.starts_with('-') { -seconds } else { seconds };
    match FixedOffset::east_opt(east) {
        Some(zone) => (rest.trim_end(), Some(zone)),
        None => (text, None),
    }
}

/// Splits `Mar 14, 2024 9:00 AM` and `Thu Mar 14 09:00:00 2024` into the day and the clock time.
fn split_clock(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let colon = text.find(':').or_else(|| hours(text)).or_else(|| {
        let lower = text.to_ascii_lowercase();
        let half = lower.strip_suffix("am").or_else(|| lower.strip_suffix("pm"))?;
        Some(half.trim_end().len())
    })?;
    let before = text.get(..colon)?;
    let hour = before.trim_end_matches(|letter: char| letter.is_ascii_digit()).len();
    let day = before.get(..hour)?.trim_end_matches(['T', ' ', ',']);
    let clock = text.get(hour..)?;
    if day.is_empty() {
        return None;
    }
    // C and Unix write the year at the end.
    let year = clock.rsplit_once(' ').filter(|(_, year)| is_number(year, 4));
    Some(match year {
        Some((clock, year)) => (format!("{day} {year}").into(), clock),
        None => (day.into(), clock),
    })
}

/// Returns the place of the `h` in `09h00`.
fn hours(text: &str) -> Option<usize> {
    let (at, _) = text.match_indices('h').find(|(at, _)| {
        let before = text.get(..*at).unwrap_or_default();
        before.ends_with(|letter: char| letter.is_ascii_digit())
            && text.get(at + 1..at + 3).is_some_and(|minutes| is_number(minutes, 2))
    })?;
    Some(at)
}

fn is_number(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit())
}
