//! Answers to doubts, on the doubt's own line and on the line that it is about.

use chrono::{Datelike as _, NaiveDate};
use keeptab_core::correction::To;
use keeptab_core::entry::EntryId;
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::rule::ProjectId;
use keeptab_core::timesheet::{Item, TimeText, print_line, usual};
use keeptab_engine::{About, Doubt};

use super::project;
use super::scene::{Change, Row, Scene};
use super::{Does, Fixes, Offer};
use crate::lsp::sheet::tokens;

/// More questions about one line are answered on their own lines: each costs a comparison of the sheet.
const MOST: usize = 3;

/// Returns the answers to the question that a comment asks.
pub(super) fn of_comment(scene: &Scene<'_>, line: usize) -> Vec<Offer> {
    let Some(source) = scene.parsed.lines.get(line) else {
        return Vec::new();
    };
    if let Some(named) = usual(scene.parsed.slice(&source.range)) {
        return opened(scene, line, &named).into_iter().collect();
    }
    let asked = tokens::doubt(scene.parsed, source).map(words);
    let doubt = questions(scene).find(|doubt| asked.as_ref() == Some(&words(&doubt.text)));
    doubt.map(|doubt| answers(scene, doubt)).unwrap_or_default()
}

/// Returns all questions, also those about usual breaks.
fn questions<'s>(scene: &Scene<'s>) -> impl Iterator<Item = &'s Doubt> + use<'s> {
    let usual = scene.checked.usual.iter().map(|usual| &usual.doubt);
    scene.checked.doubts.iter().chain(usual)
}

/// Writes a question for each of the usual breaks that a line names.
fn opened(scene: &Scene<'_>, line: usize, named: &[String]) -> Option<Offer> {
    let usual = scene.checked.usual.iter().filter(|usual| named.contains(&usual.when));
    let ending = scene.ending();
    let asked: Vec<String> = usual.map(|usual| format!("# ? {}{ending}", usual.doubt.text)).collect();
    let edit = Change::new(scene.whole(line), asked.concat());
    let offer = Offer::new("Ask about each", Does::Edit(vec![edit])).fixing(Fixes::Doubt);
    (!asked.is_empty()).then_some(offer)
}

/// Returns the answers to the doubts about a line, without those that the line's project actions give.
pub(super) fn of_row(scene: &Scene<'_>, row: &Row<'_>) -> Vec<Offer> {
    let speaks = |doubt: &&Doubt| match &doubt.about {
        About::Unassigned { .. } => false,
        About::Bridged => row.span.is_some_and(|span| span.intersect(doubt.span).is_some()),
        About::Away | About::Agents { .. } => row
            .span
            .is_some_and(|span| span.end() == doubt.span.start() || span.start() == doubt.span.end()),
        About::Overlap { entry } | About::Taken { entry, .. } | About::Free { entry, .. } => row.entry == Some(*entry),
    };
    let doubts = questions(scene).filter(speaks).take(MOST);
    doubts.flat_map(|doubt| answers(scene, doubt)).collect()
}

fn answers(scene: &Scene<'_>, doubt: &Doubt) -> Vec<Offer> {
    let clock = |at| scene.clock(doubt.day, at);
    let times = TimeText::Clock(clock(doubt.span.start()), clock(doubt.span.end()));
    let offers = match &doubt.about {
        About::Unassigned { .. } => {
            let lies = |row: &&Row<'_>| {
                let within = row
                    .clocks()
                    .is_some_and(|(.., span)| span.intersect(doubt.span).is_some());
                within && row.to.value == To::Unassigned && !row.billed
            };
            let rows: Vec<&Row<'_>> = scene.rows.iter().filter(lies).collect();
            if rows.is_empty() {
                return Vec::new();
            }
            project::unassigned(scene, &rows)
        }
        About::Bridged => {
            let changes = uncounted(scene, doubt.span);
            sound(scene, format!("Do not count {times}"), changes)
                .into_iter()
                .collect()
        }
        About::Away => gap(scene, doubt, times, &scene.likely()),
        About::Agents { project } => {
            let known = project.iter().filter(|project| scene.projects.contains(project));
            let mut projects: Vec<&ProjectId> = known.collect();
            if projects.is_empty() {
                projects = scene.likely();
            }
            gap(scene, doubt, times, &projects)
        }
        About::Overlap { entry } | About::Taken { entry, .. } => taken_away(scene, *entry).into_iter().collect(),
        About::Free {
            project,
            note,
            billable,
            ..
        } => free(scene, doubt, project, (note.as_deref(), *billable))
            .into_iter()
            .collect(),
    };
    offers.into_iter().map(|offer| offer.fixing(Fixes::Doubt)).collect()
}

/// Offers an edit that brings no new error.
fn sound(scene: &Scene<'_>, title: String, changes: Vec<Change>) -> Option<Offer> {
    let fine = !changes.is_empty() && scene.is_sound(&changes);
    fine.then(|| Offer::new(title, Does::Edit(changes)))
}

/// Cuts a stretch out of the lines that cover it.
fn uncounted(scene: &Scene<'_>, gap: Span) -> Vec<Change> {
    let mut changes = Vec::new();
    for row in &scene.rows {
        let Some((from, to, span)) = row.clocks() else { continue };
        if span.intersect(gap).is_none() {
            continue;
        }
        let (cut_from, cut_to) = (scene.clock(row.day, gap.start()), scene.clock(row.day, gap.end()));
        let before = (span.start() < gap.start() && cut_from != from).then_some((from, cut_from));
        let after = (gap.end() < span.end() && cut_to != to).then_some((cut_to, to));
        let part = |(from, to)| TimeText::Clock(from, to).to_string();
        match (before, after) {
            (None, None) => changes.push(Change::new(scene.whole(row.line), "")),
            (Some(left), None) | (None, Some(left)) => {
                changes.push(Change::new(row.time.range.clone(), part(left)));
            }
            (Some(before), Some(after)) => {
                let rest = scene.parsed.slice(&(row.time.range.end..row.bytes.end));
                changes.push(Change::new(row.time.range.clone(), part(before)));
                changes.push(scene.after(row.line, &format!("  {}{rest}", part(after))));
            }
        }
    }
    changes
}

/// Counts a gap to one of some projects, or keeps it uncounted; empty if the text has time there by now.
fn gap(scene: &Scene<'_>, doubt: &Doubt, times: TimeText, projects: &[&ProjectId]) -> Vec<Offer> {
    let filled = |to: &To| {
        let line = print_line(times, to, true, None);
        vec![inserted(scene, doubt, &format!("  {line}"))]
    };
    if !scene.is_sound(&filled(&To::Unassigned)) {
        return Vec::new();
    }
    let offer = |project: &&ProjectId| {
        let changes = filled(&To::Project((*project).clone()));
        Offer::new(format!("Count {times} to {project}"), Does::Edit(changes))
    };
    projects.iter().map(offer).chain([a_break(doubt.day, times)]).collect()
}

/// Puts a line into its day, after the lines that begin before it; the day is added if it is missing.
fn inserted(scene: &Scene<'_>, doubt: &Doubt, line: &str) -> Change {
    let before = scene.rows.iter().rev().find(|row| {
        let span = row.clocks().filter(|_| row.day == doubt.day);
        span.is_some_and(|(.., span)| span.start() <= doubt.span.start())
    });
    if let Some(row) = before {
        return scene.after(row.line, line);
    }
    let header = |line: &usize| match &scene.parsed.lines.get(*line)?.item {
        Item::Day(day) => day.date.as_ref().map(|date| date.value),
        _ => None,
    };
    let wanted = (doubt.day.day(), doubt.day.month());
    let mut lines = 0..scene.parsed.lines.len();
    if let Some(own) = lines.find(|line| header(line) == Some(wanted)) {
        return scene.after(own, line);
    }
    let later = scene.rows.iter().find(|row| row.day > doubt.day);
    let later = later.and_then(|row| (0..row.line).rev().find(|line| header(line).is_some()));
    let ending = scene.ending();
    let day = format!("{}{ending}{line}{ending}", doubt.day.format("%a %-d %b"));
    if let Some(source) = later.and_then(|line| scene.parsed.lines.get(line)) {
        return Change::new(source.range.start..source.range.start, format!("{day}{ending}"));
    }
    let end = scene.parsed.text().len();
    Change::new(end..end, format!("{ending}{day}"))
}

/// Records that a gap was a break, so that it is not asked about again.
fn a_break(day: NaiveDate, times: TimeText) -> Offer {
    let times = times.to_string();
    let title = format!("{times} was a break");
    let words = vec![times, "--break".into(), "--day".into(), day.to_string()];
    Offer::new(title, Does::Run("away", words))
}

/// Counts the free part of an entry as an entry of its own: a line in the text would overlap the present one.
fn free(
    scene: &Scene<'_>,
    doubt: &Doubt,
    project: &ProjectId,
    (note, billable): (Option<&str>, bool),
) -> Option<Offer> {
    const MINUTE: i64 = 60_000;
    let start = doubt.span.start().millis().checked_add(MINUTE - 1)?.div_euclid(MINUTE);
    let minutes = doubt.span.end().millis().div_euclid(MINUTE) - start;
    let (from, length) = (Instant::from_millis(start * MINUTE), Length::from_minutes(minutes));
    let (from, to) = (scene.clock(doubt.day, from), scene.clock(doubt.day, from + length));
    let mut words = vec![project.to_string(), length.to_string()];
    words.extend(["--day".into(), doubt.day.to_string(), "--at".into(), from.to_string()]);
    words.extend(note.map(|note| format!("--note={note}")));
    words.extend((!billable).then(|| "--not-billable".to_owned()));
    let title = format!("Count {} to {project}", TimeText::Clock(from, to));
    (minutes > 0).then(|| Offer::new(title, Does::Run("add", words)))
}

fn taken_away(scene: &Scene<'_>, entry: EntryId) -> Option<Offer> {
    let row = scene.rows.iter().find(|row| row.entry == Some(entry) && !row.billed)?;
    let changes = vec![Change::new(scene.whole(row.line), "")];
    sound(scene, "Take the entry away".to_owned(), changes)
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}
