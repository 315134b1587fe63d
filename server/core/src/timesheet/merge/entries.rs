//! Entries: add, replace, void.

use std::collections::HashMap;
use std::ops::Range;

use chrono::NaiveDate;

use super::pair::{Fate, Mine, Pairing};
use crate::correction::To;
use crate::entry::EntryId;
use crate::timesheet::problem::{Problem, ProblemKind};
use crate::timesheet::{Edit, Line, LineTime, NewEntryLine, Sheet};

/// Adds the text's changes of entries.
pub(super) fn edits(pairing: &Pairing<'_>, now: &Sheet, edits: &mut Vec<Edit>, problems: &mut Vec<Problem>) {
    let mut present: HashMap<EntryId, (NewEntryLine, Option<&String>)> = HashMap::new();
    for day in &now.days {
        for line in &day.lines {
            if let Some((id, entry)) = written(day.date, line) {
                present.insert(id, (entry, line.billed.as_ref()));
            }
        }
    }
    for base in &pairing.base {
        let Some((id, old)) = written(base.day, base.line) else {
            continue;
        };
        let mine = match base.fate {
            Fate::Kept => continue,
            Fate::Became(index) => pairing.mine.get(index),
            Fate::Gone => None,
        };
        let wanted = mine.and_then(wanted);
        if mine.is_some() && wanted.is_none() {
            // A line that cannot be read or resolved has its problem already.
            continue;
        }
        let place = mine.map_or_else(|| pairing.day_place(base.day), Mine::place);
        let is = present.get(&id);
        if wanted.as_ref() == Some(&old) || wanted.as_ref() == is.map(|(entry, _)| entry) {
            continue;
        }
        if let Some(number) = base.line.billed.as_ref().or(is.and_then(|(_, billed)| *billed)) {
            problems.push(billed(place, number));
        } else if is.is_some_and(|(entry, _)| *entry == old) {
            edits.push(match wanted {
                Some(with) => Edit::Replace { entry: id, with },
                None => Edit::Void(id),
            });
        } else {
            let message = "this entry changed after the sheet was written";
            let hint = "write the sheet anew to see it, then make the change again";
            problems.push(Problem::error(ProblemKind::Changed, place, message, hint));
        }
    }
    let added = pairing
        .mine
        .iter()
        .filter(|mine| mine.is_entry() && mine.written.is_none());
    edits.extend(added.filter_map(wanted).map(Edit::Add));
}

/// Returns the problem of a change to billed time.
pub(super) fn billed(place: (usize, Range<usize>), number: &str) -> Problem {
    let message = format!("{number} bills some of this time");
    let hint = "write the line back as it was; a credit note has to release the time first";
    Problem::error(ProblemKind::Billed, place, message, hint)
}

fn written(day: NaiveDate, line: &Line) -> Option<(EntryId, NewEntryLine)> {
    let LineTime::Entry { id, span, length, .. } = line.time else {
        return None;
    };
    let project = match &line.to {
        To::Project(id) => Some(id.clone()),
        To::Unassigned | To::Private => None,
    };
    let entry = NewEntryLine {
        day,
        project,
        span,
        length,
        note: line.note.clone(),
        billable: line.billable,
        beside: false,
    };
    Some((id, entry))
}

fn wanted(mine: &Mine<'_>) -> Option<NewEntryLine> {
    let project = match mine.to {
        To::Project(id) => Some(id.clone()),
        To::Unassigned => None,
        To::Private => return None,
    };
    Some(NewEntryLine {
        day: mine.day,
        project,
        span: mine.span,
        length: mine.length?,
        note: mine.note.map(str::to_owned),
        billable: mine.billable,
        beside: false,
    })
}
