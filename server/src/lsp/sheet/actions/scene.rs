//! A timesheet in the editor as code actions see it: its lines with their exact times, and what may be done to them.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use chrono::NaiveDate;
use keeptab_core::calendar::Calendar;
use keeptab_core::clock::Clock;
use keeptab_core::correction::To;
use keeptab_core::entry::EntryId;
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::rule::ProjectId;
use keeptab_core::timesheet::{
    Item, Line, LineTime, Parsed, Problem, ProblemKind, Resolved, TimeLine, TimeText, Token, parse, review,
};
use keeptab_engine::Checked;

/// The most projects to propose.
const MOST: usize = 3;

/// A text with its check results.
pub(super) struct Scene<'a> {
    pub(super) parsed: &'a Parsed,
    pub(super) checked: &'a Checked,
    /// The lines with a valid time, in order.
    pub(super) rows: Vec<Row<'a>>,
    /// The projects of the config, in its order.
    pub(super) projects: Vec<ProjectId>,
    /// The hints that were printed in the place of notes.
    hints: HashSet<&'a str>,
}

/// A line with time.
pub(super) struct Row<'a> {
    pub(super) line: usize,
    /// Its bytes, without the line's end.
    pub(super) bytes: &'a Range<usize>,
    pub(super) time: &'a Token<TimeText>,
    pub(super) to: &'a Token<To>,
    pub(super) mark: Option<&'a Range<usize>>,
    pub(super) note: Option<&'a Token<String>>,
    pub(super) day: NaiveDate,
    /// Its exact clock times, if it has any.
    pub(super) span: Option<Span>,
    /// The entry, if the line was written as one.
    pub(super) entry: Option<EntryId>,
    /// True if an invoice bills it.
    pub(super) billed: bool,
}

/// A part of the text and its replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) bytes: Range<usize>,
    pub(super) text: String,
}

impl Change {
    pub(super) fn new(bytes: Range<usize>, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { bytes, text }
    }
}

impl Row<'_> {
    /// Returns its clock times, if it is captured time.
    pub(super) fn clocks(&self) -> Option<(Clock, Clock, Span)> {
        match self.time.value {
            TimeText::Clock(from, to) => Some((from, to, self.span?)),
            _ => None,
        }
    }
}

impl<'a> Scene<'a> {
    pub(super) fn new(parsed: &'a Parsed, checked: &'a Checked) -> Self {
        let written = checked.base.days.iter().flat_map(|day| &day.lines);
        let hints = written.clone().filter(|line| line.note.is_none());
        let hints = hints.filter_map(|line| line.hint.as_deref()).collect();
        let billed = Billed::of(written.chain(checked.now.days.iter().flat_map(|day| &day.lines)));
        let rows = checked.review.lines.iter();
        Self {
            parsed,
            checked,
            rows: rows
                .filter_map(|resolved| row(parsed, checked, resolved, &billed))
                .collect(),
            projects: checked
                .projects
                .iter()
                .map(|project| project.terms.project.clone())
                .collect(),
            hints,
        }
    }

    /// Returns the line with time at a place.
    pub(super) fn row(&self, line: usize) -> Option<&Row<'a>> {
        let place = self.rows.binary_search_by_key(&line, |row| row.line).ok()?;
        self.rows.get(place)
    }

    pub(super) fn calendar(&self) -> &'a Calendar {
        &self.checked.base.calendar
    }

    /// Returns the note of a line; a hint printed in its place is no note.
    pub(super) fn note(&self, row: &Row<'a>) -> Option<&'a str> {
        let note = row.note.map(|note| note.value.as_str());
        note.filter(|note| !self.hints.contains(note))
    }

    /// Returns the hint that was printed in the place of a line's note.
    pub(super) fn hint(&self, row: &Row<'a>) -> Option<&'a str> {
        let note = row.note.map(|note| note.value.as_str());
        note.filter(|note| self.hints.contains(note))
    }

    /// Returns the likeliest projects of the config: those with the most time of the week first.
    pub(super) fn likely(&self) -> Vec<&ProjectId> {
        let mut used: HashMap<&ProjectId, Length> = HashMap::new();
        for line in self.checked.now.days.iter().flat_map(|day| &day.lines) {
            if let To::Project(project) = &line.to {
                *used.entry(project).or_default() += line.time.length();
            }
        }
        let mut projects: Vec<&ProjectId> = self.projects.iter().collect();
        projects.sort_by_key(|project| std::cmp::Reverse(used.get(project).copied().unwrap_or_default()));
        projects.truncate(MOST);
        projects
    }

    /// Returns the bytes of a line with what ends it.
    pub(super) fn whole(&self, line: usize) -> Range<usize> {
        let start = |line: usize| self.parsed.lines.get(line).map(|line| line.range.start);
        let end = self.parsed.text().len();
        start(line).unwrap_or(end)..start(line + 1).unwrap_or(end)
    }

    /// Returns the change that puts a text on the line after another.
    pub(super) fn after(&self, line: usize, text: &str) -> Change {
        let end = self.parsed.lines.get(line).map_or(0, |line| line.range.end);
        Change::new(end..end, format!("{}{text}", self.ending()))
    }

    /// Returns the line ending of the text.
    pub(super) fn ending(&self) -> &'static str {
        if self.parsed.text().contains("\r\n") {
            "\r\n"
        } else {
            "\n"
        }
    }

    /// Returns how an instant is shown on a day.
    pub(super) fn clock(&self, day: NaiveDate, at: Instant) -> Clock {
        Clock::of(self.calendar(), day, at)
    }

    /// Returns whether a text that was changed has no error that it did not have before.
    pub(super) fn is_sound(&self, changes: &[Change]) -> bool {
        let Checked { base, now, .. } = self.checked;
        let after = review(base, &parse(&changed(self.parsed, changes)), now, &self.projects);
        let before = errors(&self.checked.review.problems);
        errors(&after.problems)
            .iter()
            .all(|(kind, count)| before.get(kind).is_some_and(|before| before >= count))
    }
}

/// Counts errors by kind.
pub(super) fn errors(problems: &[Problem]) -> HashMap<ProblemKind, usize> {
    let mut errors = HashMap::new();
    for problem in problems.iter().filter(|problem| problem.is_error()) {
        *errors.entry(problem.kind).or_default() += 1;
    }
    errors
}

/// Returns the text with changes made, which do not overlap.
pub(super) fn changed(parsed: &Parsed, changes: &[Change]) -> String {
    let mut changes: Vec<&Change> = changes.iter().collect();
    changes.sort_by_key(|change| (change.bytes.start, change.bytes.end));
    let mut text = parsed.text().to_owned();
    for change in changes.iter().rev() {
        text.replace_range(change.bytes.clone(), &change.text);
    }
    text
}

fn row<'a>(parsed: &'a Parsed, checked: &'a Checked, resolved: &Resolved, billed: &Billed) -> Option<Row<'a>> {
    let source = parsed.lines.get(resolved.line)?;
    let Item::Time(TimeLine { time, to, mark, note }) = &source.item else {
        return None;
    };
    let written = resolved
        .written
        .and_then(|place| checked.base.days.get(place.day)?.lines.get(place.line));
    let entry = written.and_then(|line| match line.time {
        LineTime::Entry { id, .. } => Some(id),
        LineTime::Clock(_) | LineTime::Short(_) => None,
    });
    let time = time.as_ref()?;
    let captured = resolved.span.filter(|_| matches!(time.value, TimeText::Clock(..)));
    Some(Row {
        line: resolved.line,
        bytes: &source.range,
        time,
        to: to.as_ref()?,
        mark: mark.as_ref(),
        note: note.as_ref(),
        day: resolved.day,
        span: resolved.span,
        entry,
        billed: written.is_some_and(|line| line.billed.is_some())
            || entry.is_some_and(|entry| billed.entries.contains(&entry))
            || captured.is_some_and(|span| billed.reaches(span)),
    })
}

/// The time of a week that invoices bill.
struct Billed {
    /// Captured time, in order.
    spans: Vec<Span>,
    entries: HashSet<EntryId>,
}

impl Billed {
    fn of<'l>(lines: impl Iterator<Item = &'l Line>) -> Self {
        let (mut spans, mut entries) = (Vec::new(), HashSet::new());
        for line in lines.filter(|line| line.billed.is_some()) {
            match &line.time {
                LineTime::Clock(span) => spans.push(*span),
                LineTime::Short(short) => spans.extend(short),
                LineTime::Entry { id, .. } => drop(entries.insert(*id)),
            }
        }
        let spans = keeptab_core::instant::united(spans);
        Self { spans, entries }
    }

    fn reaches(&self, span: Span) -> bool {
        let first = self.spans.partition_point(|billed| billed.end() <= span.start());
        self.spans
            .get(first)
            .is_some_and(|billed| billed.intersect(span).is_some())
    }
}
