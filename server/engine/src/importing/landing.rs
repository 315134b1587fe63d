//! From a tool's row to an entry: instants, day, length, note and fingerprint.

use std::fmt::{self, Write as _};
use std::iter;
use std::ops::RangeInclusive;

use anyhow::{Context as _, Result, bail};
use chrono::{Datelike as _, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _, Timelike as _};
use chrono_tz::Tz;
use keeptab_core::calendar::Calendar;
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::money::{Currency, Price};
use keeptab_core::rule::ProjectId;
use keeptab_import::{Draft, Found, Source, When};
use keeptab_store::NewEntry;
use rust_decimal::Decimal;
use sha2::{Digest as _, Sha256};

use super::survey::is_wanted;
use super::tags::ProjectTags;

/// The bytes of a fingerprint: two different rows among a billion files never share one by chance.
const FINGERPRINT: usize = 12;

/// The settings for converting the rows of a file.
pub(super) struct Landing {
    /// The tool.
    pub(super) source: Source,
    /// The zone of clock times without one.
    pub(super) zone: Tz,
    /// The calendar of the business.
    pub(super) calendar: Calendar,
    /// The user whose rows are imported, in lower case.
    pub(super) user: Option<String>,
    /// The tags that are projects.
    pub(super) tags: ProjectTags,
}

/// The project in a fingerprint: all tags where one of them is the project, whichever it is.
struct Identity(Option<String>);

impl Identity {
    fn of(draft: &Draft) -> Self {
        Self(draft.has_project_tag.then(|| draft.tags.join(", ")))
    }
}

/// A converted row.
#[derive(Clone, Debug)]
pub(super) struct Landed {
    /// The civil day.
    pub(super) day: NaiveDate,
    span: Option<Span>,
    /// The length that counts.
    pub(super) length: Length,
    note: Option<String>,
    /// The contradiction between its length and its clock times.
    pub(super) doubt: Option<String>,
    /// True if the user must choose the project among its tags.
    pub(super) is_open: bool,
    /// The fingerprint that equal rows share, whatever zone they are read in.
    fingerprint: String,
}

/// A row with the results that need no other row.
#[derive(Clone, Debug)]
pub(super) enum Arriving {
    /// An entry, converted or refused.
    Entry(Box<Draft>, Result<Landed, String>),
    /// An entry of a user whose rows are not imported.
    Other(Box<Draft>),
    /// Anything else.
    Found(Found),
}

impl Landed {
    /// Returns the entry to store.
    ///
    /// `currency` is the project's; a rate in another currency is ignored.
    pub(super) fn entry<'e>(
        &'e self,
        line: u64,
        (project, currency): (Option<&'e ProjectId>, Option<Currency>),
        (draft, rate): (&Draft, Option<Decimal>),
    ) -> NewEntry<'e> {
        let is_its = draft.currency.is_none() || currency.is_none() || draft.currency == currency;
        let rate = rate.filter(|_| is_its);
        NewEntry {
            fingerprint: &self.fingerprint,
            line,
            own: None,
            project,
            day: self.day,
            span: self.span,
            length: self.length,
            note: self.note.as_deref(),
            billable: draft.billable.unwrap_or(true),
            billed: draft.billed,
            rate: rate.and_then(|rate| rate.normalize().try_into().ok()),
        }
    }
}

impl Landing {
    /// Processes a row as far as it needs no other row.
    pub(super) fn arrive(&self, found: Found) -> Arriving {
        match found {
            Found::Entry(draft) if !is_wanted(self.user.as_deref(), &draft.user) => Arriving::Other(draft),
            Found::Entry(mut draft) => {
                let identity = Identity::of(&draft);
                let is_open = !self.tags.choose(&mut draft);
                let landed = self.land(&draft, &identity).map_err(|error| format!("{error:#}"));
                Arriving::Entry(draft, landed.map(|landed| Landed { is_open, ..landed }))
            }
            found => Arriving::Found(found),
        }
    }

    fn land(&self, draft: &Draft, identity: &Identity) -> Result<Landed> {
        // A project with such a rate would break the config.
        if let Some(rate) = draft.own_rate {
            let price = Price::try_from(rate.normalize()).ok();
            price.with_context(|| format!("a rate of {rate} cannot be right"))?;
        }
        let (day, start, end) = match draft.when {
            When::Day(day) => {
                let Some(length) = draft.length else {
                    bail!("it has no length")
                };
                within_reason(day)?;
                return Ok(Landed {
                    day,
                    span: None,
                    length,
                    note: note(draft),
                    doubt: None,
                    is_open: false,
                    fingerprint: self.fingerprint(draft, identity, length),
                });
            }
            When::Exact(start, end) => (self.calendar.day_of(start), start, end),
            When::Clock(start, end) => {
                let (start, end) = by_clock(self.zone, start, end, draft.length);
                (self.calendar.day_of(start), start, end)
            }
        };
        within_reason(day)?;
        within_reason(self.calendar.day_of(end))?;
        let between = end - start;
        if between < Length::ZERO {
            bail!("it ends before it begins");
        }
        if between > Length::from_minutes(366 * 24 * 60) {
            bail!("it is longer than a year");
        }
        let said = draft.length.unwrap_or(between);
        let apart = if said > between { said - between } else { between - said };
        // Within a step of its notation, the length is the span, written less exactly.
        let length = if apart < draft.exact { between } else { said };
        let doubt = (apart > draft.exact).then(|| {
            let (between, said) = (hms(between), hms(said));
            format!("the file says {between} from start to end, and {said}; its length is taken")
        });
        Ok(Landed {
            day,
            span: Span::new(start, end),
            length,
            note: note(draft),
            doubt,
            is_open: false,
            fingerprint: self.fingerprint(draft, identity, said),
        })
    }

    fn fingerprint(&self, draft: &Draft, identity: &Identity, length: Length) -> String {
        let mut when = String::with_capacity(40);
        let _ = match draft.known_as.unwrap_or(draft.when) {
            When::Day(day) => write!(when, "{day}"),
            When::Clock(start, end) => clock(&mut when, start)
                .and_then(|()| when.write_char(' '))
                .and_then(|()| clock(&mut when, end)),
            When::Exact(start, end) => write!(when, "{} {}", start.millis(), end.millis()),
        };
        let parts = [
            self.source.name(),
            &draft.user.to_lowercase(),
            &when,
            &length.millis().to_string(),
            &draft.client,
            identity.0.as_deref().unwrap_or(&draft.project),
            &draft.task,
            &draft.description,
        ];
        fingerprint(&parts)
    }
}

/// The years of which entries are imported. Others come from damage: year 0, and the end of time in which a length ends.
const YEARS: RangeInclusive<i32> = 1970..=2199;

fn within_reason(day: NaiveDate) -> Result<()> {
    if !YEARS.contains(&day.year()) {
        bail!("its year is {}; years 1970 to 2199 are imported", day.year());
    }
    Ok(())
}

/// Writes a clock time as chrono does, which takes much longer: two of them are in each row.
fn clock(text: &mut String, at: NaiveDateTime) -> fmt::Result {
    let (date, time) = (at.date(), at.time());
    let Some(year) = u32::try_from(date.year())
        .ok()
        .filter(|year| *year < 10_000 && time.nanosecond() == 0)
    else {
        return write!(text, "{at}");
    };
    let digit = |number: u32| char::from_digit(number % 10, 10).unwrap_or_default();
    let pairs = [
        ('-', date.month()),
        ('-', date.day()),
        (' ', time.hour()),
        (':', time.minute()),
        (':', time.second()),
    ];
    text.extend([1000, 100, 10, 1].map(|unit| digit(year / unit)));
    text.extend(
        pairs
            .iter()
            .flat_map(|(mark, pair)| [*mark, digit(pair / 10), digit(*pair)]),
    );
    Ok(())
}

/// Returns a fingerprint of some texts.
pub(super) fn fingerprint(parts: &[&str]) -> String {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    let hash = hash.finalize();
    let mut text = String::with_capacity(2 * FINGERPRINT);
    let digits = hash.iter().take(FINGERPRINT).flat_map(|byte| [byte >> 4, byte & 15]);
    text.extend(digits.filter_map(|half| DIGITS.get(usize::from(half))));
    text
}

/// Returns two clock times as instants. Of a doubled hour those are taken that fit the length, or lie closest together; a
/// time in a missing hour is the first after it.
fn by_clock(zone: Tz, start: NaiveDateTime, end: NaiveDateTime, length: Option<Length>) -> (Instant, Instant) {
    let (starts, ends) = (instants(zone, start), instants(zone, end));
    let pairs = starts.flat_map(|start| ends.clone().map(move |end| (start, end)));
    let misfit = |(start, end): &(Instant, Instant)| {
        let between = (*end - *start).millis();
        let off = length.map_or(between, |length| between - length.millis());
        (between < 0, off.abs(), *start)
    };
    pairs
        .min_by_key(misfit)
        .unwrap_or((Instant::EARLIEST, Instant::EARLIEST))
}

/// Returns the instants at which a clock shows a time: one, or two in a doubled hour.
fn instants(zone: Tz, local: NaiveDateTime) -> impl Iterator<Item = Instant> + Clone {
    let (first, second) = match zone.from_local_datetime(&local) {
        LocalResult::Single(at) => (at.into(), None),
        LocalResult::Ambiguous(first, second) => (first.into(), Some(second.into())),
        LocalResult::None => {
            let since = local.time().signed_duration_since(NaiveTime::MIN).num_milliseconds();
            (
                Calendar::new(zone).at_clock(local.date(), Length::from_millis(since)),
                None,
            )
        }
    };
    iter::once(first).chain(second)
}

/// Joins the kind of work, its description and its tags, as `#words`, on one line.
fn note(draft: &Draft) -> Option<String> {
    let (task, description) = (one_line(&draft.task), one_line(&draft.description));
    let mut note = match (task.is_empty(), description.is_empty()) {
        (false, false) => format!("{task}: {description}"),
        _ => task + &description,
    };
    for tag in &draft.tags {
        let words: Vec<&str> = tag.split(char::is_whitespace).filter(|word| !word.is_empty()).collect();
        let tag = one_line(&words.join("-"));
        // A tag that the note has already is not written again.
        let is_there = note.split(' ').any(|word| word.strip_prefix('#') == Some(&tag));
        if !tag.is_empty() && !is_there {
            let _ = write!(note, "{}#{tag}", if note.is_empty() { "" } else { " " });
        }
    }
    (!note.is_empty()).then_some(note)
}

/// Writes a text on one line, for a timesheet has one line an entry.
fn one_line(text: &str) -> String {
    if !text.contains(|letter: char| letter.is_control()) {
        return text.trim().to_owned();
    }
    let words: Vec<&str> = text
        .split(|letter: char| letter.is_control())
        .map(str::trim)
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

/// Shows a length to the second.
pub(super) fn hms(length: Length) -> String {
    let seconds = length.whole_seconds();
    format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests;
