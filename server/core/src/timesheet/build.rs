//! From the ledger to a sheet.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::{Day, Heading, Line, LineTime, Piece, Sheet};
use crate::calendar::{Calendar, Week};
use crate::correction::To;
use crate::entry::Entry;
use crate::instant::{Length, Span};

/// Shorter stretches are folded.
const FOLDED: Length = Length::from_minutes(1);

impl Sheet {
    /// Builds the sheet of a week from captured time and from entries, each entry with its counted length and the
    /// number of the invoice that bills it.
    ///
    /// Pieces are split at civil days, and joined if they touch and print alike; stretches under a minute are folded
    /// into one line per day for all that print alike. Time outside the week is left out.
    #[must_use]
    pub fn of(
        week: Week,
        calendar: &Calendar,
        heading: Heading,
        pieces: impl IntoIterator<Item = Piece>,
        entries: impl IntoIterator<Item = (Entry, Length, Option<String>)>,
    ) -> Self {
        let (first, last) = calendar.week_of(week.monday());
        let mut days: BTreeMap<NaiveDate, Vec<Line>> = BTreeMap::new();
        for piece in pieces {
            put(&mut days, calendar, calendar.days(first, last), piece);
        }
        for lines in days.values_mut() {
            fold(lines);
        }
        let mut entries: Vec<_> = entries.into_iter().collect();
        entries.sort_by_key(|(entry, ..)| entry.span.map_or(Span::ALL.end(), Span::start));
        for (entry, counted, billed) in entries {
            if (first..=last).contains(&entry.day) {
                days.entry(entry.day)
                    .or_default()
                    .push(entry_line(entry, counted, billed));
            }
        }
        let day = |(date, lines)| Day { date, lines };
        let days: Vec<Day> = days.into_iter().map(day).collect();
        Self {
            week,
            calendar: *calendar,
            revision: heading.revision,
            total: days.iter().map(Day::total).sum(),
            unbilled: heading.unbilled,
            doubts: heading.doubts.iter().filter_map(|doubt| clean(doubt)).collect(),
            usual: heading.usual,
            days,
        }
    }
}

/// Puts a piece into its days, joining it with the line before if they touch and print alike.
fn put(days: &mut BTreeMap<NaiveDate, Vec<Line>>, calendar: &Calendar, week: Span, piece: Piece) {
    let Some(span) = piece.span.intersect(week) else {
        return;
    };
    let note = piece.note.as_deref().and_then(clean);
    let hint = piece.hint.as_deref().and_then(clean).filter(|_| note.is_none());
    for (date, span) in calendar.split(span) {
        let line = Line {
            time: LineTime::Clock(span),
            to: piece.to.clone(),
            note: note.clone(),
            hint: hint.clone(),
            billable: piece.billable,
            billed: piece.billed.clone(),
        };
        let lines = days.entry(date).or_default();
        match lines.last_mut().and_then(|last| joined(last, &line)) {
            Some((last, span)) => last.time = LineTime::Clock(span),
            None => lines.push(line),
        }
    }
}

/// Returns the line before and the span of both, if they touch and print alike.
fn joined<'a>(last: &'a mut Line, line: &Line) -> Option<(&'a mut Line, Span)> {
    let (LineTime::Clock(before), LineTime::Clock(after)) = (&last.time, &line.time) else {
        return None;
    };
    let span = Span::new(before.start(), after.end()).filter(|_| before.end() == after.start())?;
    let alike = last.to == line.to
        && (&last.note, &last.hint) == (&line.note, &line.hint)
        && (last.billable, &last.billed) == (line.billable, &line.billed);
    alike.then_some((last, span))
}

/// Folds stretches under a minute into one line for all that are alike, after the other lines.
fn fold(lines: &mut Vec<Line>) {
    let mut folded: Vec<Line> = Vec::new();
    let mut places: HashMap<(To, Option<String>, bool, Option<String>), usize> = HashMap::new();
    lines.retain(|line| {
        let LineTime::Clock(span) = line.time else { return true };
        if span.length() >= FOLDED {
            return true;
        }
        let key = (line.to.clone(), line.note.clone(), line.billable, line.billed.clone());
        let place = *places.entry(key).or_insert(folded.len());
        match folded.get_mut(place).map(|line| &mut line.time) {
            Some(LineTime::Short(spans)) => spans.push(span),
            _ => folded.push(Line {
                time: LineTime::Short(vec![span]),
                ..line.clone()
            }),
        }
        false
    });
    for line in &mut folded {
        if let LineTime::Short(spans) = &line.time {
            line.hint = line.note.is_none().then(|| visits(spans.len()));
        }
    }
    lines.append(&mut folded);
}

fn visits(count: usize) -> String {
    let visits = if count == 1 { "visit" } else { "visits" };
    format!("{count} short {visits}")
}

fn entry_line(entry: Entry, counted: Length, billed: Option<String>) -> Line {
    Line {
        time: LineTime::Entry {
            id: entry.id,
            span: entry.span,
            length: entry.length,
            counted: (counted != entry.length).then_some(counted),
        },
        to: entry.project.map_or(To::Unassigned, To::Project),
        note: entry.note.as_deref().and_then(clean),
        hint: None,
        billable: entry.billable,
        billed,
    }
}

/// Returns a text in the form that one line can hold, or `None` if it is blank.
pub(super) fn clean(text: &str) -> Option<String> {
    let breaks = |letter: char| letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}');
    let text = text.replace(breaks, " ");
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
