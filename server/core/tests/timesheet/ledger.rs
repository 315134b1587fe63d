//! A ledger in memory: the engine's captured time, corrections, entries and claims.

use std::fmt::Write as _;

use chrono::{NaiveDate, NaiveTime};
use keeptab_core::calendar::{Calendar, Week};
use keeptab_core::correction::{ApplyId, Change, Correction, To};
use keeptab_core::entry::{Entry, EntryId};
use keeptab_core::instant::{Instant, Length, Span, united};
use keeptab_core::rule::ProjectId;
use keeptab_core::timeline::{Effect, NoteId, ProjectIndex, Stretch, Tag, correct, without};
use keeptab_core::timesheet::{Edit, Heading, NewEntryLine, Piece, Problem, Revision, Sheet, changes, parse, print};

/// The projects of the config.
pub const PROJECTS: [&str; 4] = ["acme/api", "acme/dashboard", "zen", "acme/ops center"];

pub fn projects() -> Vec<ProjectId> {
    PROJECTS.into_iter().map(ProjectId::new).collect()
}

/// The root of all unassigned time.
pub const ROOT: &str = "~/src/scratch";

/// All that a sheet is made from.
#[derive(Clone, Debug)]
pub struct Ledger {
    pub calendar: Calendar,
    pub week: Week,
    pub revision: u64,
    pub captured: Vec<Stretch<Tag>>,
    pub corrections: Vec<Correction>,
    pub claims: Vec<Piece>,
    pub entries: Vec<(Entry, Option<String>)>,
}

pub fn berlin() -> Calendar {
    Calendar::new(chrono_tz::Europe::Berlin)
}

pub fn night() -> Calendar {
    Calendar {
        day_start: NaiveTime::from_hms_opt(5, 0, 0).unwrap(),
        ..berlin()
    }
}

/// Makes a ledger of the week of 16 November 2026 from lines such as
/// `16 09:02:10-10:47:20 acme/api GET /orders`: day, clock times, project, `!`, `[invoice]`, note.
pub fn ledger(text: &str) -> Ledger {
    ledger_of(berlin(), "2026-W47", text)
}

pub fn ledger_of(calendar: Calendar, week: &str, text: &str) -> Ledger {
    let mut ledger = Ledger {
        calendar,
        week: week.parse().unwrap(),
        revision: 7,
        captured: Vec::new(),
        corrections: Vec::new(),
        claims: Vec::new(),
        entries: Vec::new(),
    };
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        ledger.add(line);
    }
    ledger
}

pub fn to(word: &str) -> To {
    match word {
        "?" => To::Unassigned,
        "-" => To::Private,
        id => To::Project(ProjectId::new(id)),
    }
}

pub fn tag(to: &To) -> Tag {
    match to {
        To::Unassigned => Tag::Unassigned,
        To::Private => Tag::Private,
        To::Project(id) => {
            let place = PROJECTS.iter().position(|project| *project == id.as_str());
            Tag::Project(ProjectIndex(place.unwrap()))
        }
    }
}

impl Ledger {
    fn add(&mut self, line: &str) {
        let mut words = line.splitn(4, ' ');
        let day = self.day(words.next().unwrap());
        let time = words.next().unwrap();
        let to = to(words.next().unwrap());
        let rest = words.next().unwrap_or_default();
        let (billable, rest) = rest.strip_prefix('!').map_or((true, rest), |rest| (false, rest.trim()));
        let billed = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        let (billed, note) = billed.map_or((None, rest), |(number, rest)| (Some(number.to_owned()), rest.trim()));
        let note = (!note.is_empty()).then(|| note.to_owned());
        if let Some(time) = time.strip_prefix('+') {
            let (span, length) = match time.split_once('-') {
                Some((start, end)) => {
                    let span = Span::new(self.at(day, start), self.at(day, end)).unwrap();
                    (Some(span), span.length())
                }
                None => (None, length(time)),
            };
            let project = match to {
                To::Project(id) => Some(id),
                _ => None,
            };
            let id = EntryId(i64::try_from(self.entries.len()).unwrap() + 1);
            let entry = Entry {
                project,
                note,
                billable,
                ..Entry::new(id, day, span, length)
            };
            self.entries.push((entry, billed));
            return;
        }
        let (start, end) = time.split_once('-').unwrap();
        let span = Span::new(self.at(day, start), self.at(day, end)).unwrap();
        if billed.is_some() {
            let hint = None;
            self.claims.push(Piece {
                span,
                to,
                note,
                billable,
                billed,
                hint,
            });
            return;
        }
        self.captured.push(Stretch { span, tag: tag(&to) });
        if let Some(text) = note {
            self.correct(span, Change::Note { text });
        }
        if !billable {
            self.correct(span, Change::Billable { billable });
        }
    }

    /// Returns the day of the week's month, or of a date.
    fn day(&self, text: &str) -> NaiveDate {
        let (first, last) = self.calendar.week_of(self.week.monday());
        let mut days = first.iter_days().take_while(|day| *day <= last);
        days.find(|day| day.format("%d").to_string() == text).unwrap()
    }

    /// Returns the instant of `09:02:10.500`, with a `b` for the second pass.
    fn at(&self, day: NaiveDate, text: &str) -> Instant {
        let (text, again) = text.strip_suffix('b').map_or((text, false), |text| (text, true));
        let at = self.calendar.at_clock(day, length(text));
        at + Length::from_minutes(if again { 60 } else { 0 })
    }

    pub fn correct(&mut self, span: Span, change: Change) {
        let id = u64::try_from(self.corrections.len()).unwrap() + 1;
        let made_at = Instant::from_millis(i64::try_from(id).unwrap());
        let apply = ApplyId(1);
        self.corrections.push(Correction {
            id,
            apply,
            made_at,
            span,
            change,
        });
    }

    /// Returns the captured time as a sheet shows it.
    pub fn pieces(&self) -> Vec<Piece> {
        let effects: Vec<(Span, Effect)> = self
            .corrections
            .iter()
            .map(|correction| (correction.span, correction.effect(tag)))
            .collect();
        let mut cuts: Vec<Span> = self.claims.iter().map(|claim| claim.span).collect();
        cuts.extend(self.entries.iter().filter_map(|(entry, _)| entry.span));
        let note = |NoteId(id): NoteId| match &self.corrections[usize::try_from(id).unwrap() - 1].change {
            Change::Note { text } => text.clone(),
            other => panic!("{other:?} has no note"),
        };
        let piece = |stretch: &Stretch<keeptab_core::timeline::Tagged>| {
            let to = match stretch.tag.tag {
                Tag::Unassigned => To::Unassigned,
                Tag::Private => To::Private,
                Tag::Project(index) => To::Project(ProjectId::new(PROJECTS[index.0])),
            };
            Piece {
                span: stretch.span,
                hint: (to == To::Unassigned).then(|| ROOT.to_owned()),
                to,
                note: stretch.tag.note.map(note),
                billable: stretch.tag.billable.unwrap_or(true),
                billed: None,
            }
        };
        let open = without(&correct(&self.captured, &effects), &united(cuts));
        let mut pieces: Vec<Piece> = open.iter().map(piece).chain(self.claims.clone()).collect();
        pieces.sort_by_key(|piece| piece.span);
        pieces
    }

    pub fn sheet(&self) -> Sheet {
        let heading = Heading {
            revision: Revision(self.revision),
            unbilled: Vec::new(),
            doubts: Vec::new(),
            usual: Vec::new(),
        };
        let entries = self.entries.iter().cloned();
        let entries = entries.map(|(entry, billed)| (entry.clone(), entry.length, billed));
        Sheet::of(self.week, &self.calendar, heading, self.pieces(), entries)
    }

    /// Applies edits as saving does.
    pub fn apply(&mut self, edits: &[Edit]) {
        for edit in edits {
            match edit {
                Edit::Correct(span, change) => self.correct(*span, change.clone()),
                Edit::Void(id) => self.entries.retain(|(entry, _)| entry.id != *id),
                Edit::Replace { entry: id, with } => {
                    let (entry, _) = self.entries.iter_mut().find(|(entry, _)| entry.id == *id).unwrap();
                    *entry = entry_of(*id, with);
                }
                Edit::Add(line) => {
                    let next = self
                        .entries
                        .iter()
                        .map(|(entry, _)| entry.id.0)
                        .max()
                        .unwrap_or_default()
                        + 1;
                    self.entries.push((entry_of(EntryId(next), line), None));
                }
            }
        }
        self.revision += 1;
    }

    /// Shows edits, one a line.
    pub fn show(&self, edits: &[Edit]) -> String {
        let mut text = String::new();
        for edit in edits {
            let _ = match edit {
                Edit::Correct(span, change) => writeln!(text, "{} {}", self.span(*span), show_change(change)),
                Edit::Void(id) => writeln!(text, "void {}", id.0),
                Edit::Replace { entry, with } => writeln!(text, "replace {} {}", entry.0, self.entry(with)),
                Edit::Add(line) => writeln!(text, "add {}", self.entry(line)),
            };
        }
        text
    }

    fn entry(&self, line: &NewEntryLine) -> String {
        let project = line.project.as_ref().map_or("?", |project| project.as_str());
        let span = line.span.map_or_else(|| "-".to_owned(), |span| self.span(span));
        let mark = if line.billable { "" } else { "!" };
        let note = line.note.as_deref().unwrap_or_default();
        format!(
            "{} {span} {}ms {project} {mark}{note}",
            line.day.format("%d"),
            line.length.millis()
        )
    }

    fn span(&self, span: Span) -> String {
        let at = |at| self.calendar.local(at).format("%d %H:%M:%S%.f");
        format!("{}-{}", at(span.start()), at(span.end()))
    }
}

fn show_change(change: &Change) -> String {
    let target = |to: &To| match to {
        To::Project(id) => id.to_string(),
        To::Unassigned => "?".to_owned(),
        To::Private => "-".to_owned(),
    };
    match change {
        Change::Assign { to } => format!("assign {}", target(to)),
        Change::Fill { to } => format!("fill {}", target(to)),
        Change::Erase => "erase".to_owned(),
        Change::Note { text } => format!("note {text:?}"),
        Change::Billable { billable } => format!("billable {billable}"),
    }
}

fn entry_of(id: EntryId, line: &NewEntryLine) -> Entry {
    Entry {
        project: line.project.clone(),
        note: line.note.clone(),
        billable: line.billable,
        ..Entry::new(id, line.day, line.span, line.length)
    }
}

/// Reads `9:02`, `09:02:10` or `09:02:10.500`.
fn length(text: &str) -> Length {
    let mut parts = text.split(':');
    let mut number = || parts.next().map_or(0, |part| part.parse::<i64>().unwrap());
    let (hours, minutes) = (number(), number());
    let (seconds, millis) = parts.next().map_or((0, 0), |part| {
        let (seconds, millis) = part.split_once('.').unwrap_or((part, "0"));
        (seconds.parse().unwrap(), format!("{millis:0<3}").parse().unwrap())
    });
    Length::from_millis(((hours * 60 + minutes) * 60 + seconds) * 1000 + millis)
}

/// Replaces texts in a printed sheet; each must be there.
pub fn edited(text: &str, replacements: &[(&str, &str)]) -> String {
    replacements.iter().fold(text.to_owned(), |text, (old, new)| {
        assert!(text.contains(old), "{old:?} is not in\n{text}");
        text.replacen(old, new, 1)
    })
}

/// Shows problems, one a line.
pub fn show_problems(text: &str, problems: &[Problem]) -> String {
    let mut shown = String::new();
    for problem in problems {
        let at = text.get(problem.range.clone()).unwrap();
        let severity = if problem.is_error() { "error" } else { "warning" };
        let (line, kind) = (problem.line + 1, problem.kind.name());
        let _ = writeln!(
            shown,
            "{line} {severity} {kind} {at:?}: {}; {}",
            problem.message, problem.hint
        );
    }
    shown
}

/// Saves a sheet after replacing texts in it; returns its edits, or its problems.
pub fn save(ledger: &Ledger, now: &Ledger, replacements: &[(&str, &str)]) -> String {
    let base = ledger.sheet();
    let text = edited(&print(&base), replacements);
    match changes(&base, &parse(&text), &now.sheet(), &projects()) {
        Ok(edits) => ledger.show(&edits),
        Err(problems) => show_problems(&text, &problems),
    }
}

/// Saves a sheet to the ledger that it was written from. Compares the ledger's new sheet, without its header, with the
/// saved one.
#[track_caller]
pub fn check(ledger: &Ledger, replacements: &[(&str, &str)], expected: expect_test::Expect) {
    let base = ledger.sheet();
    let text = edited(&print(&base), replacements);
    let edits = changes(&base, &parse(&text), &base, &projects());
    match edits {
        Ok(edits) => {
            expected.assert_eq(&ledger.show(&edits));
            let mut ledger = ledger.clone();
            ledger.apply(&edits);
            assert_eq!(lines(&print(&ledger.sheet())), lines(&text));
        }
        Err(problems) => expected.assert_eq(&show_problems(&text, &problems)),
    }
}

/// Returns the lines of a sheet with their fields one blank apart, without headers and folded lines.
pub fn lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut day = String::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.first().and_then(|word| word.chars().next()) {
            Some(first) if first.is_alphabetic() => words[0].clone_into(&mut day),
            Some('0'..='9' | '+') => lines.push(format!("{day} {}", words.join(" "))),
            _ => {}
        }
    }
    lines.sort();
    lines
}
