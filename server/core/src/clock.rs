//! Clock times as people read and write them: the one parser and the one printer of all surfaces.

use std::fmt;
use std::str::FromStr;

use chrono::{LocalResult, NaiveDate, NaiveTime, TimeDelta, TimeZone as _};
use chrono_tz::GapInfo;
use thiserror::Error;

use crate::calendar::Calendar;
use crate::instant::{Instant, Length};

/// A clock time of a civil day, to the minute; past midnight it counts on (`25:10`), and the second pass of a doubled
/// hour has a `b` (`02:30b`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Clock {
    minutes: i64,
    again: bool,
}

/// Two clock times: `12:10-13:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Clocks {
    /// The first.
    pub from: Clock,
    /// The second.
    pub to: Clock,
}

/// A clock time that a day does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ClockError {
    /// The clock skips that time on this day; holds the first time after it.
    #[error("the clock jumps over that time\nhint: write {0}, the first time after it")]
    Missing(Clock),
    /// The time is marked as the second pass, but comes only once on this day.
    #[error(
        "that time does not come twice\nhint: write it without the b, which marks the second pass of a doubled hour"
    )]
    Once,
}

/// A text that is not a clock time, or not a pair of clock times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NoClock {
    /// Not a clock time such as `14:30`.
    #[error("not a clock time\nhint: write it as 14:30")]
    Time,
    /// Not a gap such as `12:10-13:00`.
    #[error("not a gap\nhint: write it as 12:10-13:00")]
    Gap,
}

/// Times are read below this many hours.
const HOURS: i64 = 100;

impl Clock {
    /// Returns the clock time at which an instant is shown on a day: its minute is cut, not rounded.
    #[must_use]
    pub fn of(calendar: &Calendar, day: NaiveDate, at: Instant) -> Self {
        Self::cut(calendar, day, at).0
    }

    /// Shows an instant to the millisecond: `02:30:05.250b`.
    #[must_use]
    pub fn exact(calendar: &Calendar, day: NaiveDate, at: Instant) -> String {
        let (clock, rest) = Self::cut(calendar, day, at);
        let plain = Self { again: false, ..clock };
        let (seconds, millis) = (rest / 1000, rest % 1000);
        format!("{plain}:{seconds:02}.{millis:03}{}", clock.mark())
    }

    /// Returns the minute of an instant, and the milliseconds since it began.
    fn cut(calendar: &Calendar, day: NaiveDate, at: Instant) -> (Self, i64) {
        let local = calendar.local(at);
        let again = match calendar.zone.from_local_datetime(&local) {
            LocalResult::Ambiguous(_, second) => Instant::from(second) == at,
            LocalResult::Single(_) | LocalResult::None => false,
        };
        let since = (local - day.and_time(NaiveTime::MIN)).num_milliseconds();
        let minutes = since.div_euclid(60_000);
        (Self { minutes, again }, since.rem_euclid(60_000))
    }

    /// Returns the instant at which the minute begins.
    ///
    /// # Errors
    ///
    /// [`ClockError::Missing`] if the clock jumps over it; [`ClockError::Once`] if it is marked as the second pass and
    /// comes once.
    pub fn instant(self, calendar: &Calendar, day: NaiveDate) -> Result<Instant, ClockError> {
        let midnight = day.and_time(NaiveTime::MIN);
        let local = midnight.checked_add_signed(TimeDelta::minutes(self.minutes));
        let local = local.ok_or(ClockError::Once)?;
        match calendar.zone.from_local_datetime(&local) {
            LocalResult::Ambiguous(_, second) if self.again => Ok(second.into()),
            LocalResult::Single(_) if self.again => Err(ClockError::Once),
            LocalResult::Ambiguous(at, _) | LocalResult::Single(at) => Ok(at.into()),
            LocalResult::None => {
                let after = GapInfo::new(&local, &calendar.zone).and_then(|gap| gap.end);
                let after = after.map_or_else(|| calendar.zone.from_utc_datetime(&local).into(), Instant::from);
                let after = Self::of(calendar, day, after);
                // A day that the zone skipped whole ends where the next begins.
                let skipped = calendar.day(day).end() == calendar.at_clock(day, self.length());
                if skipped && !self.again && self.minutes % (24 * 60) == 0 {
                    return Ok(calendar.day(day).end());
                }
                Err(ClockError::Missing(after))
            }
        }
    }

    /// Reads a clock time at the start of a text; also returns the number of bytes read.
    pub(crate) fn read(text: &str) -> Option<(Self, usize)> {
        let (minutes, length) = hours_and_minutes(text)?;
        let again = text[length..].starts_with('b');
        let clock = Self { minutes, again };
        (minutes < HOURS * 60).then_some((clock, length + usize::from(again)))
    }

    /// Returns the same time a day later.
    pub(crate) fn next_day(self) -> Self {
        Self {
            minutes: self.minutes + 24 * 60,
            ..self
        }
    }

    /// Returns whether it can be read back.
    pub(crate) fn is_readable(self) -> bool {
        (0..HOURS * 60).contains(&self.minutes)
    }

    /// Returns the length from midnight, by the clock.
    #[must_use]
    pub fn length(self) -> Length {
        Length::from_minutes(self.minutes)
    }

    fn mark(self) -> &'static str {
        if self.again { "b" } else { "" }
    }
}

impl Clocks {
    /// Reads `09:02-10:47` at the start of a text, with or without blanks around the dash; also returns the rest.
    pub(crate) fn read(text: &str) -> Option<(Self, &str)> {
        let (from, length) = Clock::read(text)?;
        let rest = text.get(length..)?.trim_start();
        let rest = rest.strip_prefix(['-', '–', '—'])?.trim_start();
        let (to, length) = Clock::read(rest)?;
        Some((Self { from, to }, rest.get(length..)?))
    }
}

impl FromStr for Clock {
    type Err = NoClock;

    fn from_str(text: &str) -> Result<Self, NoClock> {
        let text = text.trim();
        let whole = |(clock, length): (Self, usize)| (length == text.len()).then_some(clock);
        Self::read(text).and_then(whole).ok_or(NoClock::Time)
    }
}

impl FromStr for Clocks {
    type Err = NoClock;

    fn from_str(text: &str) -> Result<Self, NoClock> {
        let whole = |(clocks, rest): (Self, &str)| rest.is_empty().then_some(clocks);
        Self::read(text.trim()).and_then(whole).ok_or(NoClock::Gap)
    }
}

/// Reads `H:MM` at the start of a text as minutes; also returns the number of bytes read.
pub(crate) fn hours_and_minutes(text: &str) -> Option<(i64, usize)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let hours = digits(text);
    let rest = text.get(hours..)?.strip_prefix(':')?;
    if !(1..=6).contains(&hours) || digits(rest) != 2 {
        return None;
    }
    let (hours_text, minutes) = (text.get(..hours)?, rest.get(..2)?);
    let (number, minutes): (i64, i64) = (hours_text.parse().ok()?, minutes.parse().ok()?);
    (minutes < 60).then_some((number * 60 + minutes, hours + 3))
}

/// Shown as `09:02`, the second pass of the doubled hour as `02:30b`.
impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hours, minutes) = (self.minutes.div_euclid(60), self.minutes.rem_euclid(60));
        write!(f, "{hours:02}:{minutes:02}{}", self.mark())
    }
}

impl fmt::Display for Clocks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.from, self.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_reads_back_as_the_same_instant() {
        let calendar = Calendar::new(chrono_tz::Europe::Berlin);
        let day: NaiveDate = "2026-10-25".parse().unwrap();
        // Every minute of a day of 25 hours.
        let mut at = calendar.day(day).start();
        let mut shown = Vec::new();
        while at < calendar.day(day).end() {
            let clock = Clock::of(&calendar, day, at);
            assert_eq!(clock.to_string().parse(), Ok(clock));
            assert_eq!(clock.instant(&calendar, day), Ok(at));
            shown.push(clock);
            at = at + Length::from_minutes(1);
        }
        assert_eq!(shown.len(), 25 * 60);
        assert_eq!(shown[3 * 60 + 7].to_string(), "02:07b");
        assert_eq!(
            Clock::exact(
                &calendar,
                day,
                calendar.day(day).start() + Length::from_millis(3 * 3_600_000 + 1250)
            ),
            "02:00:01.250b"
        );
    }

    #[test]
    fn what_is_no_clock_time_is_refused() {
        for text in ["", "9", "9:5", "09:60", "9:05c", "b9:05", "-1:00", "100:00"] {
            assert_eq!(text.parse::<Clock>(), Err(NoClock::Time), "{text}");
        }
        for text in ["9:05", "9:05-", "9:05-10:00x", "9:05-10:00-11:00"] {
            assert_eq!(text.parse::<Clocks>(), Err(NoClock::Gap), "{text}");
        }
        assert_eq!("2:07b - 2:32b".parse::<Clocks>().unwrap().to_string(), "02:07b-02:32b");
    }

    #[test]
    fn a_time_that_a_day_does_not_have_is_named() {
        let calendar = Calendar::new(chrono_tz::Europe::Berlin);
        let instant = |clock: &str, day: &str| clock.parse::<Clock>().unwrap().instant(&calendar, day.parse().unwrap());
        assert_eq!(
            instant("02:30", "2026-03-29"),
            Err(ClockError::Missing("03:00".parse().unwrap()))
        );
        assert_eq!(instant("02:30b", "2026-11-16"), Err(ClockError::Once));
    }
}
