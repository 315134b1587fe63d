//! The changes of a saved sheet: a three-way merge of the written text, the user's text and the present ledger.

mod captured;
mod check;
mod entries;
mod pair;
mod resolve;

use chrono::NaiveDate;

use super::problem::{Problem, ProblemKind};
use super::text::{Item, Parsed};
use super::{Edit, Sheet, Stamp};
use crate::instant::{Length, Span};
use crate::rule::ProjectId;
use pair::Pairing;

/// The place of a line in a [`Sheet`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The place of its day.
    pub day: usize,
    /// Its place in the day.
    pub line: usize,
}

/// A line of the user's text with its exact time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The line of the text, from 0.
    pub line: usize,
    /// Its civil day.
    pub day: NaiveDate,
    /// The written line that it keeps or changes, if there is exactly one.
    pub written: Option<Place>,
    /// True if it is as it was written.
    pub unchanged: bool,
    /// Its clock times, if it has any.
    pub span: Option<Span>,
    /// Its length.
    pub length: Length,
}

/// A sheet compared with its written text and the present ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Review {
    /// The edits that saving makes; empty if any problem is an error.
    pub edits: Vec<Edit>,
    /// The problems, by line.
    pub problems: Vec<Problem>,
    /// The lines whose time is clear, in order.
    pub lines: Vec<Resolved>,
}

/// Returns the edits that saving a sheet makes, all or none. `base` is the sheet as it was written, `mine` the user's
/// text, `now` the sheet of the present ledger.
///
/// The edits of captured time come first and must be applied in order.
///
/// # Errors
///
/// All problems, with warnings, if one of them is an error.
pub fn changes(base: &Sheet, mine: &Parsed, now: &Sheet, projects: &[ProjectId]) -> Result<Vec<Edit>, Vec<Problem>> {
    let review = review(base, mine, now, projects);
    if review.problems.iter().any(Problem::is_error) {
        return Err(review.problems);
    }
    Ok(review.edits)
}

/// Compares a sheet with its written text and the present ledger; `projects` are those of the config.
#[must_use]
pub fn review(base: &Sheet, mine: &Parsed, now: &Sheet, projects: &[ProjectId]) -> Review {
    let mut problems = mine.problems.clone();
    if let Some(problem) = heading(base, mine, now) {
        problems.push(problem);
        return Review {
            problems,
            ..Review::default()
        };
    }
    let mut pairing = Pairing::of(base, mine, &mut problems);
    resolve::resolve(&mut pairing, &base.calendar, &mut problems);
    check::check(&pairing, base, projects, &mut problems);
    // A written line may still be there in a line that cannot be read, so days report no loss of it.
    let clear = !problems.iter().any(Problem::is_error);
    let mut edits = Vec::new();
    captured::edits(&pairing, now, &mut edits, &mut problems);
    entries::edits(&pairing, now, &mut edits, &mut problems);
    problems.retain(|problem| {
        let of_day = mine
            .lines
            .get(problem.line)
            .is_none_or(|line| !matches!(line.item, Item::Time(_)));
        clear || !of_day || !matches!(problem.kind, ProblemKind::Billed | ProblemKind::Changed)
    });
    problems.sort_by_key(|problem| (problem.line, problem.range.start));
    problems.dedup();
    if problems.iter().any(Problem::is_error) {
        edits.clear();
    }
    Review {
        edits,
        problems,
        lines: pairing.resolved(),
    }
}

/// Checks that the header names this sheet.
fn heading(base: &Sheet, mine: &Parsed, now: &Sheet) -> Option<Problem> {
    let error = |place, message: String, hint: String| Problem::error(ProblemKind::Header, place, message, hint);
    let Some((line, header)) = mine.header() else {
        let hint = format!(
            "begin it with `# {}   {}`, or write it anew",
            base.week,
            Stamp::printed(base)
        );
        return Some(error((0, 0..0), "the header is missing".to_owned(), hint));
    };
    if header.week.value != base.week {
        let message = format!("this is the sheet of {}, not of {}", base.week, header.week.value);
        let place = (line, header.week.range.clone());
        return Some(error(
            place,
            message,
            format!("write {} back, or review that week", base.week),
        ));
    }
    let Some(stamp) = &header.stamp else {
        let hint = format!(
            "end it with {}, which names the text that was written",
            Stamp::printed(base)
        );
        let place = (line, header.week.range.clone());
        return Some(error(place, "the header has no revision".to_owned(), hint));
    };
    let place = (line, stamp.range.clone());
    if stamp.value.revision != base.revision {
        let (written, named) = (Stamp::printed(base), stamp.value);
        let message = format!("this text was written as {written}, not as {named}");
        return Some(error(place, message, format!("write {written} back")));
    }
    (base.calendar != now.calendar).then(|| {
        let message = "the time zone or the days' beginning changed since this was written".to_owned();
        error(
            place,
            message,
            "write the sheet anew, then make the changes again".to_owned(),
        )
    })
}
