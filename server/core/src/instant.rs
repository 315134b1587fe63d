//! Instants, lengths of time and spans, in whole milliseconds.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

use chrono::{DateTime, SecondsFormat, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A point in time: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Instant(i64);

impl Instant {
    /// The earliest instant, 0001-01-01T00:00:00Z: the start of "all time".
    pub const EARLIEST: Self = Self(-62_135_596_800_000);
    /// The latest instant: 9999-12-31T23:59:59.999Z.
    pub const LATEST: Self = Self(253_402_300_799_999);

    /// Makes an instant from epoch milliseconds, clamped to the years 1 to 9999.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        if millis < Self::EARLIEST.0 {
            Self::EARLIEST
        } else if millis > Self::LATEST.0 {
            Self::LATEST
        } else {
            Self(millis)
        }
    }

    /// Returns the epoch milliseconds.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Returns the same instant as a UTC date and time.
    #[must_use]
    pub fn to_utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).unwrap_or_default()
    }

    /// Returns the same instant as RFC 3339 text in UTC, to the millisecond.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        self.to_utc().to_rfc3339_opts(SecondsFormat::Millis, true)
    }
}

impl<Z: chrono::TimeZone> From<DateTime<Z>> for Instant {
    fn from(at: DateTime<Z>) -> Self {
        Self::from_millis(at.timestamp_millis())
    }
}

impl Add<Length> for Instant {
    type Output = Self;

    fn add(self, length: Length) -> Self {
        Self::from_millis(self.0.saturating_add(length.0))
    }
}

impl Sub<Length> for Instant {
    type Output = Self;

    fn sub(self, length: Length) -> Self {
        Self::from_millis(self.0.saturating_sub(length.0))
    }
}

impl Sub for Instant {
    type Output = Length;

    fn sub(self, earlier: Self) -> Length {
        Length(self.0 - earlier.0)
    }
}

/// A length of time in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Length(i64);

impl Length {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// Makes a length from milliseconds.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Makes a length from whole seconds.
    #[must_use]
    pub const fn from_secs(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// Makes a length from whole minutes.
    #[must_use]
    pub const fn from_minutes(minutes: i64) -> Self {
        Self::from_secs(minutes.saturating_mul(60))
    }

    /// Returns the milliseconds.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Returns the whole seconds, rounded down.
    #[must_use]
    pub const fn whole_seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// Returns whether it holds no time.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl Length {
    /// Returns it in hours and minutes, and below a minute to the second: `5:23`, `0:00:36`. For times beside an amount.
    #[must_use]
    pub fn to_the_second(self) -> String {
        match self.whole_seconds() {
            seconds @ 1..60 => format!("0:00:{seconds:02}"),
            _ => self.to_string(),
        }
    }
}

impl Add for Length {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Length {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Length {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl std::iter::Sum for Length {
    fn sum<I: Iterator<Item = Self>>(lengths: I) -> Self {
        lengths.fold(Self::ZERO, Add::add)
    }
}

/// Shown as hours and minutes, the minutes cut, not rounded: `5:23`.
impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minutes = self.0 / 60_000;
        write!(f, "{}:{:02}", minutes / 60, minutes % 60)
    }
}

/// A stretch of time, half-open: `start` is in it, `end` is not. Never empty, never backwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Span {
    start: Instant,
    end: Instant,
}

impl Span {
    /// All time.
    pub const ALL: Self = Self {
        start: Instant::EARLIEST,
        end: Instant::LATEST,
    };
    /// The last millisecond of all time. Stands for no time where a span is required.
    pub const NEVER: Self = Self {
        start: Instant(Instant::LATEST.0 - 1),
        end: Instant::LATEST,
    };

    /// Makes a span; `None` if `start` is not before `end`.
    #[must_use]
    pub fn new(start: Instant, end: Instant) -> Option<Self> {
        (start < end).then_some(Self { start, end })
    }

    /// Returns the first instant in it.
    #[must_use]
    pub const fn start(self) -> Instant {
        self.start
    }

    /// Returns the first instant after it.
    #[must_use]
    pub const fn end(self) -> Instant {
        self.end
    }

    /// Returns its length.
    #[must_use]
    pub fn length(self) -> Length {
        self.end - self.start
    }

    /// Returns whether the instant lies in it.
    #[must_use]
    pub fn contains(self, at: Instant) -> bool {
        self.start <= at && at < self.end
    }

    /// Returns the intersection, if any.
    #[must_use]
    pub fn intersect(self, other: Self) -> Option<Self> {
        Self::new(self.start.max(other.start), self.end.min(other.end))
    }
}

/// Joins spans that overlap or touch; the result is in order.
#[must_use]
pub fn united(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut united: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match united.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => united.push(span),
        }
    }
    united
}

/// Returns the parts of `span` outside `cuts`, in order. The cuts must be sorted and must not overlap.
#[must_use]
pub fn subtract(span: Span, cuts: &[Span]) -> Vec<Span> {
    let first = cuts.partition_point(|cut| cut.end <= span.start);
    let mut left = Vec::new();
    let mut start = span.start;
    for cut in cuts[first..].iter().take_while(|cut| cut.start < span.end) {
        left.extend(Span::new(start, cut.start));
        start = start.max(cut.end);
    }
    left.extend(Span::new(start, span.end));
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: i64, end: i64) -> Span {
        Span::new(Instant::from_millis(start), Instant::from_millis(end)).unwrap()
    }

    #[test]
    fn instants_are_written_in_utc_to_the_millisecond() {
        assert_eq!(Instant::from_millis(-1).to_rfc3339(), "1969-12-31T23:59:59.999Z");
        assert_eq!(Instant::EARLIEST.to_rfc3339(), "0001-01-01T00:00:00.000Z");
        assert_eq!(Instant::LATEST.to_rfc3339(), "9999-12-31T23:59:59.999Z");
    }

    #[test]
    fn nothing_lies_outside_all_time() {
        let (first, last) = (Instant::EARLIEST, Instant::LATEST);
        assert_eq!([i64::MIN, i64::MAX].map(Instant::from_millis), [first, last]);
        assert_eq!(first - Length::from_millis(1), first);
        assert_eq!(last + Length::from_millis(i64::MAX), last);
        assert_eq!(Span::ALL.length(), last - first);
        assert_eq!(Span::NEVER.length(), Length::from_millis(1));
    }

    #[test]
    fn seconds_are_whole() {
        let seconds = |millis| Length::from_millis(millis).whole_seconds();
        assert_eq!([0, 999, 1000, 90_999, -1].map(seconds), [0, 0, 1, 90, -1]);
    }

    #[test]
    fn lengths_add_up_and_never_overflow() {
        let (two, five) = (Length::from_secs(2), Length::from_secs(5));
        assert_eq!(five - two + two, five);
        assert_eq!((two - five).millis(), -3000);
        assert_eq!(Length::from_minutes(i64::MAX) + five, Length::from_millis(i64::MAX));
        assert_eq!([two, five, two].into_iter().sum::<Length>(), Length::from_secs(9));
    }

    #[test]
    fn spans_are_half_open() {
        assert!(span(1, 3).contains(Instant::from_millis(1)));
        assert!(!span(1, 3).contains(Instant::from_millis(3)));
        assert_eq!(span(1, 3).intersect(span(3, 5)), None);
    }

    #[test]
    fn subtracting_leaves_the_gaps() {
        let cuts = [span(0, 2), span(4, 6), span(9, 20)];
        assert_eq!(subtract(span(1, 10), &cuts), [span(2, 4), span(6, 9)]);
        assert_eq!(subtract(span(4, 6), &cuts), []);
        assert_eq!(subtract(span(6, 9), &cuts), [span(6, 9)]);
    }

    #[test]
    fn lengths_show_whole_minutes() {
        assert_eq!(Length::from_millis(3_599_999).to_string(), "0:59");
        assert_eq!(Length::from_minutes(100 * 60 + 5).to_string(), "100:05");
    }
}
