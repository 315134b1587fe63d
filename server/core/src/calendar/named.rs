//! Days, weeks and months as people name them: `yesterday`, `monday`, `last`, `48`.

use std::str::FromStr;

use chrono::{Datelike as _, Days, Months, NaiveDate, Weekday};

use super::{Calendar, Month, Range, RangeError, Week, reckonable};
use crate::instant::Instant;

/// A day: `2026-11-16`, `today`, `yesterday`, or a weekday for the latest one, today included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayName {
    /// A date.
    On(NaiveDate),
    /// This many days ago.
    Ago(u64),
    /// The latest such day.
    Latest(Weekday),
}

/// A week: `2026-W47`, `47` for the latest one of that number, `last` or `-1` for the one before, `-2` and so on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WeekName {
    /// An ISO week.
    Is(Week),
    /// This many weeks ago.
    Ago(u64),
    /// The latest of that number.
    Numbered(u32),
}

/// A month: `2026-11`, `last` or `-1` for the one before, `-2` and so on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MonthName {
    /// A month of a year.
    Is(Month),
    /// This many months ago.
    Ago(u32),
}

/// A range that is named relative to the present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// One day.
    Day(DayName),
    /// From a first to a last day, both in it.
    Days(DayName, DayName),
    /// A week.
    Week(WeekName),
    /// A month.
    Month(MonthName),
}

/// The words of [`DayName`], for completion.
pub const DAY_WORDS: [&str; 9] = [
    "today",
    "yesterday",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

impl DayName {
    /// Returns the day.
    #[must_use]
    pub fn day(self, calendar: &Calendar, now: Instant) -> NaiveDate {
        let today = calendar.day_of(now);
        match self {
            Self::On(day) => day,
            Self::Ago(days) => today.checked_sub_days(Days::new(days)).unwrap_or(today),
            Self::Latest(weekday) => reckonable(today).week(weekday).first_day(),
        }
    }
}

impl WeekName {
    /// Returns the week. A week is named by the Monday in it, whatever day weeks start on.
    #[must_use]
    pub fn week(self, calendar: &Calendar, now: Instant) -> Week {
        let (_, last) = calendar.week_of(calendar.day_of(now));
        match self {
            Self::Is(week) => week,
            Self::Ago(weeks) => Week::of(last.checked_sub_days(Days::new(7 * weeks)).unwrap_or(last)),
            Self::Numbered(number) => {
                let this = Week::of(last);
                let year = this.monday.iso_week().year();
                // Only some years have a week 53; none are more than seven apart.
                let weeks = (0..10).filter_map(|back| NaiveDate::from_isoywd_opt(year - back, number, Weekday::Mon));
                let mut weeks = weeks.map(|monday| Week { monday });
                weeks.find(|week| *week <= this).unwrap_or(this)
            }
        }
    }
}

impl MonthName {
    /// Returns the month.
    #[must_use]
    pub fn month(self, calendar: &Calendar, now: Instant) -> Month {
        let this = Month::of(calendar.day_of(now));
        match self {
            Self::Is(month) => month,
            Self::Ago(months) => {
                let first = this.first.checked_sub_months(Months::new(months));
                first.map_or(this, Month::of)
            }
        }
    }
}

impl Named {
    /// Returns the range that it names.
    #[must_use]
    pub fn range(self, calendar: &Calendar, now: Instant) -> Range {
        match self {
            Self::Day(day) => {
                let day = day.day(calendar, now);
                Range::Days(day, day)
            }
            Self::Days(first, last) => Range::Days(first.day(calendar, now), last.day(calendar, now)),
            Self::Week(week) => Range::Week(week.week(calendar, now)),
            Self::Month(month) => Range::Month(month.month(calendar, now)),
        }
    }

    /// Reads the words of a report: a day, a week or a month in any form; `last` and `-1` are weeks.
    ///
    /// # Errors
    ///
    /// If it is none of them.
    pub fn of_report(text: &str) -> Result<Self, RangeError> {
        Self::read(text, |text| text.parse().map(Self::Week).ok())
    }

    /// Reads the words of an invoice: a day, a week or a month in any form; `last` and `-1` are months.
    ///
    /// # Errors
    ///
    /// If it is none of them.
    pub fn of_invoice(text: &str) -> Result<Self, RangeError> {
        Self::read(text, |text| text.parse().map(Self::Month).ok())
    }

    fn read(text: &str, relative: impl Fn(&str) -> Option<Self>) -> Result<Self, RangeError> {
        let day = || text.parse().map(Self::Day).ok();
        let week = || text.parse().map(Self::Week).ok();
        let month = || text.parse().map(Self::Month).ok();
        // `last` means what the command bills or shows; `47` is a week everywhere.
        day()
            .or_else(|| relative(text))
            .or_else(week)
            .or_else(month)
            .ok_or_else(|| RangeError::Range(text.to_owned()))
    }
}

/// Reads `last`, and `-1`, `-2` and so on.
fn ago(text: &str) -> Option<u32> {
    if text.eq_ignore_ascii_case("last") {
        return Some(1);
    }
    text.strip_prefix('-')?
        .parse()
        .ok()
        .filter(|back| (1..=1200).contains(back))
}

impl FromStr for DayName {
    type Err = RangeError;

    fn from_str(text: &str) -> Result<Self, RangeError> {
        let word = text.to_ascii_lowercase();
        match &*word {
            "today" => return Ok(Self::Ago(0)),
            "yesterday" => return Ok(Self::Ago(1)),
            _ => {}
        }
        if let Ok(weekday) = word.parse() {
            return Ok(Self::Latest(weekday));
        }
        let day = text.parse().map(Self::On);
        day.map_err(|_| RangeError::Day(text.to_owned()))
    }
}

impl FromStr for WeekName {
    type Err = RangeError;

    fn from_str(text: &str) -> Result<Self, RangeError> {
        if let Some(weeks) = ago(text) {
            return Ok(Self::Ago(weeks.into()));
        }
        let number = text.strip_prefix(['W', 'w']).unwrap_or(text).parse().ok();
        match number.filter(|number| (1..=53).contains(number)) {
            Some(number) => Ok(Self::Numbered(number)),
            None => text.parse().map(Self::Is),
        }
    }
}

impl FromStr for MonthName {
    type Err = RangeError;

    fn from_str(text: &str) -> Result<Self, RangeError> {
        match ago(text) {
            Some(months) => Ok(Self::Ago(months)),
            None => text.parse().map(Self::Is),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Wednesday, 18 November 2026, in Berlin.
    fn range(named: Result<Named, RangeError>) -> String {
        let calendar = Calendar::new(chrono_tz::Europe::Berlin);
        let noon = Instant::from_millis(1_795_000_000_000);
        let range = named.map(|named| named.range(&calendar, noon).days(&calendar, noon));
        match range {
            Ok(Some((first, last))) if first == last => first.to_string(),
            Ok(days) => days.map_or_else(String::new, |(first, last)| format!("{first} {last}")),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn words_name_days_weeks_and_months() {
        let check = |text: &str, expected: &str| assert_eq!(range(Named::of_report(text)), expected, "{text}");
        check("today", "2026-11-18");
        check("yesterday", "2026-11-17");
        check("Monday", "2026-11-16");
        check("wed", "2026-11-18");
        check("thursday", "2026-11-12");
        check("2026-11-02", "2026-11-02");
        check("last", "2026-11-09 2026-11-15");
        check("-2", "2026-11-02 2026-11-08");
        check("47", "2026-11-16 2026-11-22");
        check("W46", "2026-11-09 2026-11-15");
        // The latest week of that number.
        check("48", "2025-11-24 2025-11-30");
        check("53", "2020-12-28 2021-01-03");
        check("2026-W01", "2025-12-29 2026-01-04");
        check("2026-10", "2026-10-01 2026-10-31");
        assert_eq!(range(Named::of_invoice("last")), "2026-10-01 2026-10-31");
        assert_eq!(range(Named::of_invoice("-3")), "2026-08-01 2026-08-31");
        assert_eq!(range(Named::of_invoice("46")), "2026-11-09 2026-11-15");
    }

    #[test]
    fn an_error_lists_the_forms() {
        for (error, forms) in [
            (
                Named::of_report("soon").unwrap_err(),
                ["yesterday", "2026-W47", "2026-11", "last"],
            ),
            (
                DayName::from_str("soon").unwrap_err(),
                ["yesterday", "2026-11-16", "monday", "today"],
            ),
            (WeekName::from_str("99").unwrap_err(), ["2026-W47", "47", "last", "-1"]),
            (
                MonthName::from_str("13").unwrap_err(),
                ["2026-11", "last", "-1", "month"],
            ),
        ] {
            let error = error.to_string();
            assert!(forms.iter().all(|form| error.contains(form)), "{error}");
        }
    }
}
