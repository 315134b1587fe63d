//! Time zones that a calendar defines itself (`VTIMEZONE`), as Outlook and Exchange do for names such as
//! `W. Europe Standard Time`. Source: RFC 5545, 3.6.5.

use chrono::{Datelike as _, Days, FixedOffset, Month, NaiveDate, NaiveDateTime, Weekday};

use super::Property;

/// The zones of a calendar, in the order of the file: they stand above the events.
#[derive(Default)]
pub(super) struct Zones {
    zones: Vec<Zone>,
    is_open: bool,
}

#[derive(Default)]
struct Zone {
    name: String,
    parts: Vec<Part>,
}

/// A `STANDARD` or `DAYLIGHT` part: from its onsets on, the zone has its offset.
#[derive(Default)]
struct Part {
    first: Option<NaiveDateTime>,
    before: Option<FixedOffset>,
    offset: Option<FixedOffset>,
    rule: Option<Rule>,
}

/// A rule by which a part begins.
enum Rule {
    /// Every year.
    Yearly {
        month: u32,
        /// The weekday, and its number in the month: from the end if it is negative. The day of the first onset if `None`.
        day: Option<(Weekday, i8)>,
        until: Option<NaiveDate>,
    },
    /// Another rule, which no calendar program of today writes.
    Unknown,
}

impl Zones {
    /// Takes a property that belongs to no event.
    pub(super) fn take(&mut self, property: &Property) {
        match (&*property.name, &*property.value) {
            ("BEGIN", "VTIMEZONE") => {
                self.is_open = true;
                self.zones.push(Zone::default());
            }
            ("END", "VTIMEZONE") => self.is_open = false,
            (name, value) => {
                if let Some(zone) = self.zones.last_mut().filter(|_| self.is_open) {
                    zone.take(name, value);
                }
            }
        }
    }

    /// Returns the offset of a zone at a clock time, if the calendar defines it: of a doubled hour the first.
    pub(super) fn offset(&self, name: &str, local: NaiveDateTime) -> Option<FixedOffset> {
        self.zones.iter().find(|zone| zone.name == name)?.offset(local)
    }
}

impl Zone {
    fn take(&mut self, name: &str, value: &str) {
        match (name, value) {
            // A text, with backslashes; the parameter of an event has none (RFC 5545 sections 3.2 and 3.8.3.1).
            ("TZID", value) => self.name = super::plain(value),
            ("BEGIN", "STANDARD" | "DAYLIGHT") => self.parts.push(Part::default()),
            _ => {
                if let Some(part) = self.parts.last_mut() {
                    part.take(name, value);
                }
            }
        }
    }

    fn offset(&self, local: NaiveDateTime) -> Option<FixedOffset> {
        let mut latest: Option<(NaiveDateTime, &Part)> = None;
        for part in &self.parts {
            if let Some(onset) = part.onset(local)?
                && latest.is_none_or(|(known, _)| known <= onset)
            {
                latest = Some((onset, part));
            }
        }
        match latest {
            Some((_, part)) => part.offset,
            None => self.parts.iter().min_by_key(|part| part.first)?.before,
        }
    }
}

impl Part {
    fn take(&mut self, name: &str, value: &str) {
        match name {
            "DTSTART" => self.first = NaiveDateTime::parse_from_str(value, "%Y%m%dT%H%M%S").ok(),
            "TZOFFSETFROM" => self.before = offset(value),
            "TZOFFSETTO" => self.offset = offset(value),
            "RRULE" => self.rule = Some(Rule::of(value)),
            "RDATE" => self.rule = Some(Rule::Unknown),
            _ => {}
        }
    }

    /// Returns the last onset up to a clock time; the outer `None` if the part is not understood.
    #[expect(clippy::option_option, reason = "a part may not have begun yet")]
    fn onset(&self, local: NaiveDateTime) -> Option<Option<NaiveDateTime>> {
        let (first, _) = self.first.zip(self.offset)?;
        let last = match &self.rule {
            None => Some(first),
            Some(Rule::Unknown) => return None,
            Some(Rule::Yearly { month, day, until }) => {
                let year = until.map_or(local.year(), |until| until.year().min(local.year()));
                let onset = |year: i32| Some(on(year, *month, *day, first.date())?.and_time(first.time()));
                let is_in = |at: &NaiveDateTime| *at <= local && until.is_none_or(|until| at.date() <= until);
                let years = [Some(year), year.checked_sub(1)];
                years.into_iter().flatten().filter_map(onset).find(is_in)
            }
        };
        Some(last.filter(|last| (first..=local).contains(last)))
    }
}

impl Rule {
    /// Reads `FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3`.
    fn of(text: &str) -> Self {
        let (mut month, mut day, mut until) = (None, None, None);
        for (key, value) in text.split(';').filter_map(|part| part.split_once('=')) {
            let is_known = match (key, value) {
                ("FREQ", "YEARLY") | ("INTERVAL", "1") | ("WKST", _) => true,
                ("BYMONTH", value) => {
                    month = value.parse::<u32>().ok();
                    month.is_some()
                }
                ("BYDAY", value) => {
                    day = weekday(value);
                    day.is_some()
                }
                ("UNTIL", value) => {
                    until = value
                        .get(..8)
                        .and_then(|day| NaiveDate::parse_from_str(day, "%Y%m%d").ok());
                    until.is_some()
                }
                _ => false,
            };
            if !is_known {
                return Self::Unknown;
            }
        }
        month.map_or(Self::Unknown, |month| Self::Yearly { month, day, until })
    }
}

/// Reads `-1SU`.
fn weekday(text: &str) -> Option<(Weekday, i8)> {
    let (number, name) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let day = match name {
        "MO" => Weekday::Mon,
        "TU" => Weekday::Tue,
        "WE" => Weekday::Wed,
        "TH" => Weekday::Thu,
        "FR" => Weekday::Fri,
        "SA" => Weekday::Sat,
        "SU" => Weekday::Sun,
        _ => return None,
    };
    let number = number.parse().ok().filter(|number: &i8| *number != 0)?;
    Some((day, number))
}

/// Returns the day of a year on which a part begins.
fn on(year: i32, month: u32, day: Option<(Weekday, i8)>, first: NaiveDate) -> Option<NaiveDate> {
    let Some((weekday, number)) = day else {
        return NaiveDate::from_ymd_opt(year, month, first.day());
    };
    if let Ok(number) = u8::try_from(number) {
        return NaiveDate::from_weekday_of_month_opt(year, month, weekday, number);
    }
    let days = Month::try_from(u8::try_from(month).ok()?).ok()?.num_days(year)?;
    let last = NaiveDate::from_ymd_opt(year, month, u32::from(days))?;
    let back = last.weekday().days_since(weekday) + 7 * u32::from(number.unsigned_abs() - 1);
    last.checked_sub_days(Days::new(back.into()))
}

/// Reads `+0100`, also with seconds.
fn offset(text: &str) -> Option<FixedOffset> {
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let number = |from: usize| digits.get(from..from + 2)?.parse::<i32>().ok();
    let seconds = number(0)? * 3600 + number(2)? * 60 + number(4).unwrap_or(0);
    FixedOffset::east_opt(sign * seconds)
}

#[cfg(test)]
mod tests;
