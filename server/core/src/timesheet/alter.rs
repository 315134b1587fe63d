//! One change of one line, as the user would type it: gives the sheet's text with that line changed.
//!
//! A client that does not edit the text, such as a picture of the week, changes time through this. It can do exactly
//! what the timesheet can, and is refused for the same reasons.

use thiserror::Error;

use super::build::clean;
use super::merge::Place;
use super::print::print;
use super::{Line, LineTime, Sheet};
use crate::clock::{Clock, ClockError, Clocks};
use crate::correction::To;
use crate::instant::{Instant, Span};

/// A change of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alteration {
    /// Changes the whole line.
    Revise(Revised),
    /// Splits the line at a clock time and changes the second part.
    Split(Clock, Revised),
    /// Gives the line other clock times, and changes it.
    Move(Clocks, Revised),
    /// Removes the line.
    Erase,
}

/// New values for the fields of a line; `None` keeps a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revised {
    /// The assignment.
    pub to: Option<To>,
    /// The note; an empty text removes it.
    pub note: Option<String>,
    /// True if it is billable.
    pub billable: Option<bool>,
}

/// The reason why a line cannot be altered.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AlterError {
    /// There is no such line.
    #[error("this time changed meanwhile\nhint: look at the week again, then make the change there")]
    Gone,
    /// Time without a clock has no clock time to be split at, and none to be moved from.
    #[error("only time with clock times can be split or moved\nhint: change its length in the timesheet")]
    Clockless,
    /// The second clock time is not after the first.
    #[error("the time ends before it begins\nhint: write the earlier clock time first")]
    Backwards,
    /// The clock time lies before the line or after it.
    #[error("{0} is not inside this time\nhint: name a time after it begins and before it ends")]
    Outside(Clock),
    /// The day has no such time.
    #[error(transparent)]
    Clock(#[from] ClockError),
}

/// Returns the text of a sheet in which one line is altered.
///
/// # Errors
///
/// If there is no such line, or if it cannot be split at that time or moved to those.
pub fn alter(sheet: &Sheet, place: Place, alteration: &Alteration) -> Result<String, AlterError> {
    let mut altered = sheet.clone();
    let day = altered.days.get_mut(place.day).ok_or(AlterError::Gone)?;
    let line = day.lines.get_mut(place.line).ok_or(AlterError::Gone)?;
    match alteration {
        Alteration::Revise(revision) => revision.revise(line),
        Alteration::Split(at, revision) => {
            let (first, second) = halves(line, *at, at.instant(&sheet.calendar, day.date)?)?;
            let mut later = line.clone();
            line.time = LineTime::Clock(first);
            later.time = LineTime::Clock(second);
            revision.revise(&mut later);
            day.lines.insert(place.line + 1, later);
        }
        Alteration::Move(times, revision) => {
            let (from, to) = (
                times.from.instant(&sheet.calendar, day.date)?,
                times.to.instant(&sheet.calendar, day.date)?,
            );
            line.time = moved(&line.time, Span::new(from, to).ok_or(AlterError::Backwards)?)?;
            revision.revise(line);
        }
        Alteration::Erase => {
            day.lines.remove(place.line);
        }
    }
    Ok(print(&altered))
}

impl Revised {
    fn revise(&self, line: &mut Line) {
        if let Some(to) = &self.to {
            line.to = to.clone();
        }
        if let Some(note) = &self.note {
            line.note = clean(note);
        }
        line.billable = self.billable.unwrap_or(line.billable);
    }
}

/// Returns the time at other clock times. An entry that was as long as its span stays so; another keeps its length.
fn moved(time: &LineTime, new: Span) -> Result<LineTime, AlterError> {
    match time {
        LineTime::Clock(_) => Ok(LineTime::Clock(new)),
        LineTime::Entry {
            id,
            span: Some(span),
            length,
            ..
        } => Ok(LineTime::Entry {
            id: *id,
            span: Some(new),
            length: if *length == span.length() {
                new.length()
            } else {
                *length
            },
            counted: None,
        }),
        LineTime::Short(_) | LineTime::Entry { span: None, .. } => Err(AlterError::Clockless),
    }
}

fn halves(line: &Line, clock: Clock, at: Instant) -> Result<(Span, Span), AlterError> {
    let LineTime::Clock(span) = line.time else {
        return Err(AlterError::Clockless);
    };
    let halves = Span::new(span.start(), at).zip(Span::new(at, span.end()));
    halves.ok_or(AlterError::Outside(clock))
}
