//! Clock times as a sheet shows them.

use std::fmt;

use chrono::{LocalResult, NaiveDate, NaiveTime, TimeDelta, TimeZone as _};
use chrono_tz::GapInfo;

use crate::calendar::Calendar;
use crate::instant::Instant;

/// A clock time of a civil day, to the minute; past midnight it counts on (`25:10`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Clock {
    minutes: i64,
    again: bool,
}

/// A clock time that a day does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockError {
    /// The clock jumps over it, to the time given.
    Missing(Clock),
    /// It does not come twice.
    Once,
}

/// Times are read below this many hours.
const HOURS: i64 = 100;

impl Clock {
    /// Returns the clock time at which an instant is shown on a day: its minute is cut, not rounded.
    #[must_use]
    pub fn of(calendar: &Calendar, day: NaiveDate, at: Instant) -> Self {
        let local = calendar.local(at);
        let again = match calendar.zone.from_local_datetime(&local) {
            LocalResult::Ambiguous(_, second) => Instant::from(second) == at,
            LocalResult::Single(_) | LocalResult::None => false,
        };
        let since = local - day.and_time(NaiveTime::MIN);
        Self {
            minutes: since.num_milliseconds().div_euclid(60_000),
            again,
        }
    }

    /// Returns the instant at which the minute begins.
    ///
    /// # Errors
    ///
    /// Where the clock jumps over it, or where it is marked as the second and comes once.
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

    /// Reads a clock time at the beginning of a text; returns how many bytes it takes, too.
    pub(super) fn read(text: &str) -> Option<(Self, usize)> {
        let (minutes, length) = hours_and_minutes(text)?;
        let again = text[length..].starts_with('b');
        let clock = Self { minutes, again };
        (minutes < HOURS * 60).then_some((clock, length + usize::from(again)))
    }

    /// Returns the same time a day later.
    pub(super) fn next_day(self) -> Self {
        Self {
            minutes: self.minutes + 24 * 60,
            ..self
        }
    }

    /// Returns whether it can be read back.
    pub(super) fn is_readable(self) -> bool {
        (0..HOURS * 60).contains(&self.minutes)
    }

    fn length(self) -> crate::instant::Length {
        crate::instant::Length::from_minutes(self.minutes)
    }
}

/// Reads `H:MM` at the beginning of a text as minutes; returns how many bytes it takes, too.
pub(super) fn hours_and_minutes(text: &str) -> Option<(i64, usize)> {
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
        write!(f, "{hours:02}:{minutes:02}")?;
        if self.again { f.write_str("b") } else { Ok(()) }
    }
}
