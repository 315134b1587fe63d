//! Saving a timesheet applies it.
//!
//! If the editor asks before it saves, the answer is the refreshed text, so that the saved text is the one shown.
//! Otherwise the text is refreshed after the save. A save that the user did not ask for applies nothing.

use std::sync::Arc;

use anyhow::{Result, bail};
use keeptab_core::timesheet::{Parsed, parse};
use keeptab_engine::{Engine, Failure, SheetView};
use keeptab_present::flow::{Ask, Item, Pick};
use tower_lsp::ls_types::{MessageType, TextDocumentSaveReason, TextEdit, Uri};

use super::problems::diagnostics;
use super::{Sheet, range};
use crate::lsp::documents::{Kind, NextSave, Outcome};
use crate::lsp::protocol::Told;
use crate::lsp::server::Host;

/// Applies a timesheet that is about to be saved, and returns the edits that refresh it.
pub(in crate::lsp) async fn will_save(host: &Host, uri: &Uri, reason: TextDocumentSaveReason) -> Option<Vec<TextEdit>> {
    let document = host
        .documents
        .get(uri)
        .filter(|document| document.kind == Kind::Timesheet)?;
    if reason != TextDocumentSaveReason::MANUAL {
        host.documents.at_next_save(uri, NextSave::Nothing);
        return None;
    }
    let (view, outcome) = apply(host, Arc::clone(&document.parsed)).await;
    // A message sent now would be overwritten by the editor's own message about the save.
    host.documents.at_next_save(uri, NextSave::Tell(outcome));
    Some(edits_between(&document.parsed, &view?.text))
}

/// Applies a saved timesheet, unless that was done before or the user did not ask for the save.
pub(in crate::lsp) async fn save(host: &Host, uri: &Uri) {
    let document = host
        .documents
        .get(uri)
        .filter(|document| document.kind == Kind::Timesheet);
    let Some(document) = document else { return };
    host.documents.at_next_save(uri, NextSave::Apply);
    let outcome = match document.next_save {
        NextSave::Nothing => return,
        NextSave::Tell(outcome) => outcome,
        NextSave::Apply => {
            let (view, outcome) = apply(host, Arc::clone(&document.parsed)).await;
            let edits = view
                .map(|view| edits_between(&document.parsed, &view.text))
                .unwrap_or_default();
            if !edits.is_empty() {
                host.outbox.edit(uri.clone(), edits);
            }
            outcome
        }
    };
    match outcome {
        Outcome::Done(told) => host.outbox.told(told),
        Outcome::Failed(text) => host.outbox.message(MessageType::ERROR, &text),
    }
    host.outbox.refresh();
}

/// Asks about changes in open timesheets that are not applied: what follows would not count them. Returns false if the user
/// goes no further.
///
/// # Errors
///
/// If the changes cannot be applied.
pub(in crate::lsp) async fn settle(host: &Host, ask: &impl Ask) -> Result<bool> {
    for uri in host.documents.timesheets() {
        let Some(sheet) = Sheet::open(host, &uri).await? else {
            continue;
        };
        let review = &sheet.checked.review;
        if review.edits.is_empty() && !review.problems.iter().any(keeptab_core::timesheet::Problem::is_error) {
            continue;
        }
        let item = |label: &str, detail: &str, value: &str| Item {
            label: label.into(),
            detail: detail.into(),
            value: value.into(),
        };
        let pick = Pick {
            title: format!("{} has changes that are not applied", sheet.checked.base.week),
            placeholder: "The invoice is made from applied time".into(),
            items: vec![
                item("Apply Them", "as saving the sheet does", "apply"),
                item("Go On without Them", "they stay in the sheet", "leave"),
            ],
            ..Pick::default()
        };
        match ask.pick(pick).await.as_deref() {
            Some("apply") => {
                // The text may have changed under the question.
                let Some(document) = host.documents.get(&uri) else {
                    continue;
                };
                let (view, outcome) = apply(host, Arc::clone(&document.parsed)).await;
                if let Outcome::Failed(text) = outcome {
                    bail!(text);
                }
                let edits = view.map(|view| edits_between(&document.parsed, &view.text));
                host.outbox.edit(uri, edits.unwrap_or_default());
            }
            Some(_) => {}
            None => return Ok(false),
        }
    }
    Ok(true)
}

async fn apply(host: &Host, parsed: Arc<Parsed>) -> (Option<SheetView>, Outcome) {
    let apply = move |engine: &mut Engine, now| engine.apply_sheet(&parsed, false, now);
    match host.engine.ask(apply).await {
        Ok(view) => {
            let told = Told::new(&view.outcome, view.undo, &[]);
            (Some(view), Outcome::Done(told))
        }
        Err(error) => (None, Outcome::Failed(Failure::of(&error).line())),
    }
}

/// Refreshes all open timesheets without edits, and the problems of the others.
pub(in crate::lsp) async fn refresh(host: &Host) -> Result<()> {
    for uri in host.documents.timesheets() {
        let Some(sheet) = Sheet::open(host, &uri).await? else {
            continue;
        };
        let review = &sheet.checked.review;
        if !review.edits.is_empty() || review.problems.iter().any(keeptab_core::timesheet::Problem::is_error) {
            host.outbox.diagnostics(uri, diagnostics(&sheet));
            continue;
        }
        let week = Some(sheet.checked.base.week);
        let review = move |engine: &mut Engine, now| engine.review(week, false, now);
        let view = host.engine.ask(review).await?;
        let edits = edits_between(&sheet.parsed, &view.text);
        if edits.is_empty() {
            host.outbox.diagnostics(uri, diagnostics(&sheet));
        } else {
            host.outbox.edit(uri, edits);
        }
    }
    host.outbox.refresh();
    Ok(())
}

/// Returns the edit that turns one text into another, leaving the lines alone that both begin and end with.
pub(in crate::lsp) fn edits_between(old: &Parsed, new: &str) -> Vec<TextEdit> {
    if old.text() == new {
        return Vec::new();
    }
    let new = parse(new);
    let same = |(old_line, new_line): (usize, usize)| {
        let text = |parsed: &Parsed, line: usize| -> String {
            let whole = parsed.lines[line].range.start
                ..parsed
                    .lines
                    .get(line + 1)
                    .map_or(parsed.text().len(), |next| next.range.start);
            parsed.slice(&whole).to_owned()
        };
        text(old, old_line) == text(&new, new_line)
    };
    let (olds, news) = (old.lines.len(), new.lines.len());
    let most = olds.min(news);
    let head = (0..most).take_while(|line| same((*line, *line))).count();
    let tail = (0..most - head)
        .take_while(|back| same((olds - 1 - back, news - 1 - back)))
        .count();
    let between = |parsed: &Parsed, count: usize| {
        let start = |line: usize| {
            parsed
                .lines
                .get(line)
                .map_or(parsed.text().len(), |line| line.range.start)
        };
        start(head)..start(count - tail).max(start(head))
    };
    vec![TextEdit {
        range: range(old, &between(old, olds)),
        new_text: new.slice(&between(&new, news)).to_owned(),
    }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use keeptab_core::timesheet::Position;
    use proptest::prelude::*;

    fn apply(old: &str, new: &str) -> String {
        let old = parse(old);
        let mut text = old.text().to_owned();
        for edit in edits_between(&old, new) {
            let byte = |at: tower_lsp::ls_types::Position| {
                old.byte(Position {
                    line: at.line as usize,
                    utf16: at.character as usize,
                })
            };
            text.replace_range(byte(edit.range.start)..byte(edit.range.end), &edit.new_text);
        }
        text
    }

    #[test]
    fn only_what_differs_is_replaced() {
        let edits = edits_between(&parse("a\nb\nc\n"), "a\nB\nc\n");
        assert_eq!(edits.len(), 1);
        assert_eq!((edits[0].range.start.line, edits[0].range.end.line), (1, 2));
        assert_eq!(edits[0].new_text, "B\n");
    }

    proptest! {
        #[test]
        fn the_edit_makes_the_new_text(old in "[ab\n\r#ä]{0,20}", new in "[ab\n\r#ä]{0,20}") {
            prop_assert_eq!(apply(&old, &new), new);
        }
    }
}
