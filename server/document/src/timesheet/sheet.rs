//! Everything that the template of a timesheet prints, as text.

use std::fmt::Write as _;

use keeptab_core::timesheet::Shown;
use serde::Serialize;

use super::tally::{Tallied, Tally, total};
use super::{TimesheetPaper, TimesheetRow};
use crate::date::{period, weekday};
use crate::number::decimal;
use crate::party::{self, Block};
use crate::sheet::Fact;
use crate::words::{Words, page_size};

/// The content of a printed timesheet.
#[derive(Serialize)]
pub(crate) struct Sheet {
    language: &'static str,
    /// The size of its pages, by typst's name.
    paper: &'static str,
    heading: &'static str,
    period: String,
    seller: Block,
    made_for: &'static str,
    buyer: Block,
    facts: Vec<Fact>,
    columns: Columns,
    pub(super) days: Vec<Day>,
    pub(super) projects: Vec<Sum>,
    /// The billable sum and the rest; empty if all is billable.
    pub(super) parts: Vec<Sum>,
    pub(super) total: Sum,
    /// The number of last projects that stay on the page of the total.
    held: usize,
    signature: Option<Signature>,
    page: [&'static str; 2],
}

#[derive(Serialize)]
struct Columns {
    /// The heading of the column; `None` if no row has clock times.
    time: Option<&'static str>,
    project: &'static str,
    /// The heading of the column; `None` if no row has a note, a mark or a path.
    note: Option<&'static str>,
    duration: &'static str,
    hours: &'static str,
}

/// A day, with its rows.
#[derive(Serialize)]
pub(super) struct Day {
    pub(super) total: Sum,
    /// Its heading on the next page.
    continued: String,
    pub(super) rows: Vec<Row>,
}

/// A row.
#[derive(Serialize)]
pub(super) struct Row {
    time: String,
    pub(super) project: String,
    note: Option<String>,
    mark: Option<&'static str>,
    /// The files and pages behind it.
    paths: Vec<String>,
    pub(super) duration: String,
    pub(super) hours: String,
    /// True if it is short enough to be kept on one page.
    whole: bool,
}

/// A sum of rows.
#[derive(Serialize)]
pub(super) struct Sum {
    pub(super) label: String,
    pub(super) duration: String,
    pub(super) hours: String,
}

#[derive(Serialize)]
struct Signature {
    heading: &'static str,
    fields: [&'static str; 3],
}

/// Above these lengths in bytes, a project's name and a note may continue on the next page.
const WHOLE: (usize, usize) = (600, 1_500);
/// The most projects that stay with the total; together, their names must not exceed the length of one whole name.
const HELD: usize = 8;

impl Sheet {
    /// Prints a paper.
    pub(super) fn of(paper: &TimesheetPaper) -> Self {
        let words = &Words::at(paper.language, paper.seller.country.as_deref());
        let tally = Tally::of(paper);
        let all = total(tally.rows());
        let projects = tally.projects();
        let says_more = |row: &TimesheetRow| note(row).is_some() || !row.billable || !row.paths.is_empty();
        let summed = Sum::of(words.total, all, words);
        Self {
            language: words.tag,
            paper: page_size(paper.seller.country.as_deref()),
            heading: words.timesheet,
            period: period(paper.period, words),
            seller: party::seller(&paper.seller, &paper.client, paper.language).without_ids(),
            made_for: words.made_for,
            buyer: party::buyer(&paper.client, &paper.seller, paper.language).without_ids(),
            facts: vec![
                Fact::new(
                    words.total,
                    format!("{} ({}\u{a0}{})", summed.duration, summed.hours, words.hours),
                ),
                Fact::new(words.time_zone, &paper.time_zone),
            ],
            columns: Columns {
                time: paper.rows.iter().any(|row| row.from.is_some()).then_some(words.time),
                project: words.project,
                note: paper.rows.iter().any(says_more).then_some(words.note),
                duration: words.duration,
                hours: words.in_hours,
            },
            days: tally.days().filter_map(|rows| Day::of(rows, words)).collect(),
            held: held(projects.keys().copied()),
            projects: projects.iter().map(|(name, sum)| Sum::of(name, *sum, words)).collect(),
            parts: parts(&tally, words),
            total: summed,
            signature: paper.signature.then_some(Signature {
                heading: words.approved,
                fields: [words.signed_on, words.signed_by, words.signature],
            }),
            page: words.page,
        }
    }

    /// Returns the title of the document.
    pub(super) fn title(&self) -> String {
        format!("{} {}", self.heading, self.period)
    }
}

impl Day {
    fn of(rows: &[Tallied<'_>], words: &Words) -> Option<Self> {
        let day = weekday(rows.first()?.row.day, words);
        Some(Self {
            total: Sum::of(&day, total(rows), words),
            continued: format!("{day} ({})", words.continued),
            rows: rows.iter().map(|tallied| Row::of(tallied, words)).collect(),
        })
    }
}

impl Row {
    fn of(&Tallied { row, shown }: &Tallied<'_>, words: &Words) -> Self {
        let sum = Sum::of("", shown, words);
        let note = note(row);
        let listed: usize = row.paths.iter().map(String::len).sum();
        Self {
            time: time(row),
            project: row.project.clone(),
            mark: (!row.billable).then_some(words.not_billable),
            paths: row.paths.clone(),
            duration: sum.duration,
            hours: sum.hours,
            whole: row.project.len() <= WHOLE.0 && note.unwrap_or_default().len() + listed <= WHOLE.1,
            note: note.map(str::to_owned),
        }
    }
}

impl Sum {
    fn of(label: &str, shown: Shown, words: &Words) -> Self {
        Self {
            label: label.to_owned(),
            duration: shown.minutes().to_string(),
            hours: decimal(shown.hours(), words),
        }
    }
}

fn note(row: &TimesheetRow) -> Option<&str> {
    row.note.as_deref().filter(|note| !note.trim().is_empty())
}

/// Prints the clock times, as far as they are known.
fn time(row: &TimesheetRow) -> String {
    let mut time = row.from.clone().unwrap_or_default();
    if let Some(to) = &row.to {
        let _ = write!(time, " – {to}");
    }
    time
}

fn parts(tally: &Tally<'_>, words: &Words) -> Vec<Sum> {
    if tally.rows().iter().all(|tallied| tallied.row.billable) {
        return Vec::new();
    }
    let parts = [(words.billable, true), (words.not_billable, false)];
    parts
        .map(|(label, billable)| Sum::of(label, tally.sum(billable), words))
        .into()
}

fn held<'a>(names: impl DoubleEndedIterator<Item = &'a str>) -> usize {
    let lengths = names.rev().take(HELD).scan(0, |length, name| {
        *length += name.len();
        Some(*length)
    });
    lengths.take_while(|length| *length <= WHOLE.0).count()
}
