//! Proposals for a line's note.

use std::collections::{HashMap, HashSet};

use keeptab_core::correction::To;
use keeptab_core::timesheet::Item;
use tower_lsp::ls_types::CompletionItemKind;

use super::Proposal;
use crate::lsp::sheet::Sheet;

/// Returns the subjects of commits in the line's stretch, then the notes of this week: those of the line's project
/// first, and the ones used most.
pub(super) fn proposals(sheet: &Sheet, line: usize, commits: &[String]) -> Vec<Proposal> {
    let own = target_of(sheet, line);
    let mut used = HashMap::<&str, (bool, usize)>::new();
    for (note, to) in ledger(sheet).chain(typed(sheet, line)) {
        let (of_project, count) = used.entry(note).or_default();
        *of_project |= Some(to) == own;
        *count += 1;
    }
    let mut notes: Vec<(&str, (bool, usize))> = used.into_iter().collect();
    notes.sort_by(|(a, a_used), (b, b_used)| b_used.cmp(a_used).then(a.cmp(b)));
    let proposal = |text: &str, detail: &str| Proposal {
        kind: CompletionItemKind::TEXT,
        label: text.to_owned(),
        detail: detail.to_owned(),
        text: escaped(text),
    };
    let mut seen = HashSet::new();
    let commits = commits.iter().map(|subject| proposal(subject, "commit"));
    let notes = notes.into_iter().map(|(note, (of_project, _))| {
        let detail = if of_project { "" } else { "of another project" };
        proposal(note, detail)
    });
    commits
        .chain(notes)
        .filter(|proposal| seen.insert(proposal.text.clone()))
        .collect()
}

fn target_of(sheet: &Sheet, line: usize) -> Option<&To> {
    match &sheet.parsed.lines.get(line)?.item {
        Item::Time(time) => time.to.as_ref().map(|to| &to.value),
        _ => None,
    }
}

fn ledger(sheet: &Sheet) -> impl Iterator<Item = (&str, &To)> {
    let lines = sheet.checked.now.days.iter().flat_map(|day| &day.lines);
    lines.filter_map(|line| Some((line.note.as_deref()?, &line.to)))
}

/// Returns the notes of the other changed lines, as typed.
fn typed(sheet: &Sheet, line: usize) -> impl Iterator<Item = (&str, &To)> {
    let base = sheet.checked.base.days.iter().flat_map(|day| &day.lines);
    let hints: HashSet<&str> = base.filter_map(|line| line.hint.as_deref()).collect();
    let changed = sheet
        .rows()
        .filter(move |row| row.resolved.line != line && !row.resolved.unchanged);
    changed.filter_map(move |row| {
        let note = row.time.note.as_ref()?.value.as_str();
        Some((note, &row.time.to.as_ref()?.value)).filter(|_| !hints.contains(note))
    })
}

/// Writes a note so that its beginning is not taken for the mark.
fn escaped(note: &str) -> String {
    let escape = if note.starts_with(['!', '\\']) { "\\" } else { "" };
    format!("{escape}{note}")
}
