//! Civil days, weeks, months and ranges in the business's time zone.

mod named;

use std::str::FromStr;

use chrono::{Datelike, Days, LocalResult, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Weekday};
use chrono_tz::{GapInfo, Tz};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::instant::{Instant, Length, Span};
pub use named::{DAY_WORDS, DayName, MonthName, Named, WeekName};

/// Turns instants into civil days and back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Calendar {
    /// The IANA time zone.
    #[schemars(with = "String")]
    pub zone: Tz,
    /// The clock time at which a day begins: midnight, or later for people who work past it.
    pub day_start: NaiveTime,
    /// The first day of a week.
    pub week_start: Weekday,
}

impl Calendar {
    /// Makes a calendar with days from midnight and weeks from Monday.
    #[must_use]
    pub fn new(zone: Tz) -> Self {
        Self {
            zone,
            day_start: NaiveTime::MIN,
            week_start: Weekday::Mon,
        }
    }

    /// Returns the civil day on which an instant counts.
    #[must_use]
    pub fn day_of(&self, at: Instant) -> NaiveDate {
        let date = self.local(at).date();
        if at >= self.day_begin(date) {
            if at < self.day_begin(next(date)) {
                date
            } else {
                next(date)
            }
        } else {
            previous(date)
        }
    }

    /// Returns the span of a civil day: 23 to 25 hours where the clock changes.
    #[must_use]
    pub fn day(&self, day: NaiveDate) -> Span {
        self.days(day, day)
    }

    /// Returns the span from the first day to the last, inclusive; [`Span::NEVER`] for days that the zone skipped.
    #[must_use]
    pub fn days(&self, first: NaiveDate, last: NaiveDate) -> Span {
        let end = self.day_begin(next(last.max(first)));
        Span::new(self.day_begin(first), end).unwrap_or(Span::NEVER)
    }

    /// Returns the local date and time of an instant.
    #[must_use]
    pub fn local(&self, at: Instant) -> NaiveDateTime {
        at.to_utc().with_timezone(&self.zone).naive_local()
    }

    /// Returns an instant as a person reads it, in the zone: `2026-11-16 09:00`.
    #[must_use]
    pub fn shown(&self, at: Instant) -> String {
        self.local(at).format("%Y-%m-%d %H:%M").to_string()
    }

    /// Returns the instant of a clock time on a day, given as its length from midnight. It may exceed 24 hours
    /// (`25:10`). A skipped time resolves to the end of the gap, an ambiguous one to its first pass.
    #[must_use]
    pub fn at_clock(&self, day: NaiveDate, time: Length) -> Instant {
        self.resolve(reckonable(day).and_time(NaiveTime::MIN) + TimeDelta::milliseconds(time.millis()))
    }

    /// Splits a span at the beginnings of its civil days.
    pub fn split(&self, span: Span) -> impl Iterator<Item = (NaiveDate, Span)> {
        let calendar = *self;
        let mut day = self.day_of(span.start());
        let mut start = span.start();
        std::iter::from_fn(move || {
            while start < span.end() {
                let end = calendar.day_begin(next(day)).min(span.end());
                let piece = Span::new(start, end).map(|piece| (day, piece));
                start = start.max(end);
                day = next(day);
                // A day that the zone skipped is empty.
                if piece.is_some() {
                    return piece;
                }
            }
            None
        })
    }

    /// Returns the first and the last day of the week with the given day in it.
    #[must_use]
    pub fn week_of(&self, day: NaiveDate) -> (NaiveDate, NaiveDate) {
        let first = reckonable(day).week(self.week_start).first_day();
        (first, first + Days::new(6))
    }

    /// Returns the instant at which a day begins. If the clock skips that time, the day begins at the end of the gap;
    /// if it comes twice, at the first pass.
    fn day_begin(&self, day: NaiveDate) -> Instant {
        self.resolve(reckonable(day).and_time(self.day_start))
    }

    fn resolve(&self, local: NaiveDateTime) -> Instant {
        match self.zone.from_local_datetime(&local) {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.into(),
            LocalResult::None => {
                let after = GapInfo::new(&local, &self.zone).and_then(|gap| gap.end);
                after.map_or_else(|| self.zone.from_utc_datetime(&local).into(), Instant::from)
            }
        }
    }
}

/// The first day of the year 0 and the last of 10000: every instant falls between them in every zone.
const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(0, 1, 1).unwrap();
const LAST_DAY: NaiveDate = NaiveDate::from_ymd_opt(10_000, 12, 31).unwrap();

/// Clamps to years 0–10000 so that date arithmetic cannot overflow.
fn reckonable(day: NaiveDate) -> NaiveDate {
    day.clamp(FIRST_DAY, LAST_DAY)
}

/// Returns whether a year lies in 1 to 9999, so that four digits can write it.
fn is_year(year: i32) -> bool {
    (1..=9999).contains(&year)
}

fn next(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap_or(day)
}

fn previous(day: NaiveDate) -> NaiveDate {
    day.pred_opt().unwrap_or(day)
}

/// A calendar week by ISO 8601: `2026-W47`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Week {
    monday: NaiveDate,
}

impl Week {
    /// Returns the week with the day in it.
    #[must_use]
    pub fn of(day: NaiveDate) -> Self {
        Self {
            monday: reckonable(day).week(Weekday::Mon).first_day(),
        }
    }

    /// Returns its Monday.
    #[must_use]
    pub fn monday(self) -> NaiveDate {
        self.monday
    }
}

impl std::fmt::Display for Week {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let week = self.monday.iso_week();
        write!(f, "{:04}-W{:02}", week.year(), week.week())
    }
}

impl FromStr for Week {
    type Err = RangeError;

    fn from_str(text: &str) -> Result<Self, RangeError> {
        let error = || RangeError::Week(text.to_owned());
        let (year, week) = text.split_once("-W").ok_or_else(error)?;
        let year = year.parse().ok().filter(|year| is_year(*year)).ok_or_else(error)?;
        let week = week.parse().map_err(|_| error())?;
        let monday = NaiveDate::from_isoywd_opt(year, week, Weekday::Mon).ok_or_else(error)?;
        Ok(Self { monday })
    }
}

impl TryFrom<String> for Week {
    type Error = RangeError;

    fn try_from(text: String) -> Result<Self, RangeError> {
        text.parse()
    }
}

impl From<Week> for String {
    fn from(week: Week) -> Self {
        week.to_string()
    }
}

/// A month: `2026-11`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    first: NaiveDate,
}

impl Month {
    /// Returns the month with the day in it.
    #[must_use]
    pub fn of(day: NaiveDate) -> Self {
        Self {
            first: reckonable(day).with_day(1).unwrap_or(day),
        }
    }

    /// Returns its first and its last day.
    #[must_use]
    pub fn bounds(self) -> (NaiveDate, NaiveDate) {
        (self.first, previous(self.first + Months::new(1)))
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.first.format("%Y-%m"))
    }
}

impl FromStr for Month {
    type Err = RangeError;

    fn from_str(text: &str) -> Result<Self, RangeError> {
        let first = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").ok();
        let first = first.filter(|first| is_year(first.year()));
        let first = first.ok_or_else(|| RangeError::Month(text.to_owned()))?;
        Ok(Self { first })
    }
}

/// A range of time as the user names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// All there is, up to now.
    All,
    /// The present civil day.
    Today,
    /// An ISO week, moved to begin on the configured day.
    Week(Week),
    /// A month.
    Month(Month),
    /// From a first to a last day, both in it.
    Days(NaiveDate, NaiveDate),
    /// A range that is named relative to the present.
    Named(Named),
}

impl Range {
    /// Returns the first and last civil day, or `None` if the range has no bounds.
    #[must_use]
    pub fn days(self, calendar: &Calendar, now: Instant) -> Option<(NaiveDate, NaiveDate)> {
        match self {
            Self::All => None,
            Self::Today => Some((calendar.day_of(now), calendar.day_of(now))),
            Self::Week(week) => Some(calendar.week_of(week.monday())),
            Self::Month(month) => Some(month.bounds()),
            Self::Days(first, last) => Some((first, last)),
            Self::Named(named) => named.range(calendar, now).days(calendar, now),
        }
    }

    /// Returns the same range without words that depend on the present.
    ///
    /// # Errors
    ///
    /// If it ends before it begins.
    pub fn resolved(self, calendar: &Calendar, now: Instant) -> Result<Self, RangeError> {
        let range = match self {
            Self::Named(named) => named.range(calendar, now),
            other => other,
        };
        match range {
            Self::Days(first, last) if last < first => Err(RangeError::Backwards(first, last)),
            range => Ok(range),
        }
    }

    /// Returns the span that the range covers.
    #[must_use]
    pub fn span(self, calendar: &Calendar, now: Instant) -> Span {
        self.days(calendar, now)
            .map_or(Span::ALL, |(first, last)| calendar.days(first, last))
    }
}

/// A range that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RangeError {
    /// Not a day.
    #[error("`{0}` is not a day\nhint: write it as 2026-11-16, today, yesterday, or monday for the latest one")]
    Day(String),
    /// Not a week.
    #[error(
        "`{0}` is not a week\nhint: write it as 2026-W47, 47 for the latest of that number, or last or -1 for the one before"
    )]
    Week(String),
    /// Not a month.
    #[error("`{0}` is not a month\nhint: write it as 2026-11, or last or -1 for the one before")]
    Month(String),
    /// None of them.
    #[error(
        "`{0}` is no range\nhint: write a day (2026-11-16, today, yesterday, monday), a week (2026-W47, 47), a month (2026-11), or last"
    )]
    Range(String),
    /// The last day lies before the first.
    #[error("the range ends on {1}, before it begins on {0}\nhint: swap --from and --to")]
    Backwards(NaiveDate, NaiveDate),
}

/// Reads a clock time that may go past midnight: `9:02`, `25:10`.
#[must_use]
pub fn clock_length(text: &str) -> Option<Length> {
    // `-0` is a number, and no clock shows it.
    let (hours, minutes) = text.split_once(':').filter(|_| !text.contains('-'))?;
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    ((0..48).contains(&hours) && (0..60).contains(&minutes)).then(|| Length::from_minutes(hours * 60 + minutes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin() -> Calendar {
        Calendar::new(chrono_tz::Europe::Berlin)
    }

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> Instant {
        chrono::DateTime::parse_from_rfc3339(text).unwrap().into()
    }

    #[test]
    fn days_have_23_to_25_hours() {
        let hours = |day| berlin().day(date(day)).length().millis() / 3_600_000;
        assert_eq!(hours("2026-03-28"), 24);
        assert_eq!(hours("2026-03-29"), 23);
        assert_eq!(hours("2026-10-25"), 25);
    }

    #[test]
    fn day_start_moves_midnight() {
        let night = Calendar {
            day_start: NaiveTime::from_hms_opt(4, 0, 0).unwrap(),
            ..berlin()
        };
        assert_eq!(night.day_of(at("2026-11-22T03:59:59.999+01:00")), date("2026-11-21"));
        assert_eq!(night.day_of(at("2026-11-22T04:00:00+01:00")), date("2026-11-22"));
    }

    #[test]
    fn a_day_that_begins_in_a_missing_hour_begins_after_it() {
        // Beirut's clock goes from 00:00 to 01:00.
        let beirut = Calendar::new(chrono_tz::Asia::Beirut);
        let span = beirut.day(date("2024-03-31"));
        assert_eq!(span.start(), at("2024-03-31T01:00:00+03:00"));
        assert_eq!(beirut.day_of(span.start()), date("2024-03-31"));
        assert_eq!(beirut.day_of(span.start() - Length::from_millis(1)), date("2024-03-30"));
    }

    #[test]
    fn a_skipped_day_is_empty_and_nothing_is_lost() {
        let apia = Calendar::new(chrono_tz::Pacific::Apia);
        let span = apia.days(date("2011-12-29"), date("2011-12-31"));
        assert_eq!(span.length(), Length::from_minutes(48 * 60));
        let pieces: Length = apia.split(span).map(|(_, piece)| piece.length()).sum();
        assert_eq!(pieces, span.length());
    }

    #[test]
    fn splitting_covers_the_span_exactly() {
        let span = Span::new(at("2026-10-24T20:00:00Z"), at("2026-10-26T10:00:00Z")).unwrap();
        let pieces: Vec<_> = berlin().split(span).collect();
        let days: Vec<_> = pieces.iter().map(|(day, _)| day.to_string()).collect();
        assert_eq!(days, ["2026-10-24", "2026-10-25", "2026-10-26"]);
        assert_eq!(pieces[1].1.length(), Length::from_minutes(25 * 60));
    }

    #[test]
    fn weeks_and_months_read_back_as_written() {
        assert_eq!("2026-W47".parse::<Week>().unwrap().monday(), date("2026-11-16"));
        assert_eq!(Week::of(date("2027-01-01")).to_string(), "2026-W53");
        assert_eq!("2026-02".parse::<Month>().unwrap().bounds().1, date("2026-02-28"));
        assert_eq!(Month::of(date("2026-02-28")).to_string(), "2026-02");
        assert!("2026-W54".parse::<Week>().is_err());
        assert!("2026-13".parse::<Month>().is_err());
    }

    #[test]
    fn clock_times_go_past_midnight_and_no_further_than_a_second_day() {
        let minutes = |text| clock_length(text).map(|length| length.millis() / 60_000);
        assert_eq!(
            ["0:00", "9:02", "25:10", "47:59"].map(minutes),
            [0, 542, 1510, 2879].map(Some)
        );
        for text in ["48:00", "9:60", "-1:00", "-0:30", "9:-0", "9", ":", "9:", ":30", "9:0x"] {
            assert_eq!(minutes(text), None, "{text}");
        }
    }

    #[test]
    fn weeks_begin_where_configured() {
        let sunday = Calendar {
            week_start: Weekday::Sun,
            ..berlin()
        };
        assert_eq!(
            sunday.week_of(date("2026-11-22")),
            (date("2026-11-22"), date("2026-11-28"))
        );
    }
}
