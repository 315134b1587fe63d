//! Code actions: what can be done about a line. Most are edits of the text, which a save settles.

mod doubt;
mod line;
mod project;
mod scene;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use anyhow::Result;
use keeptab_core::timesheet::{Parsed, ProblemKind};
use keeptab_engine::Checked;
use tower_lsp::ls_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, CodeActionResponse, Command, Diagnostic,
    TextEdit, WorkspaceEdit,
};

use super::Sheet;
use super::problems::diagnostic;
use crate::lsp::server::Host;
use scene::{Change, Scene};

/// An action on a line.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Offer {
    title: String,
    does: Does,
    /// The problem of its line or the doubt that it settles; `None` if it only rewrites.
    fixes: Option<Fixes>,
    /// True for the one obvious fix.
    preferred: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Does {
    /// Changes the text.
    Edit(Vec<Change>),
    /// Runs a command of the palette.
    Run(&'static str, Vec<String>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fixes {
    Problem(ProblemKind),
    Doubt,
}

impl Offer {
    fn new(title: impl Into<String>, does: Does) -> Self {
        Self {
            title: title.into(),
            does,
            fixes: None,
            preferred: false,
        }
    }

    fn fixing(self, fixes: Fixes) -> Self {
        let fixes = Some(fixes);
        Self { fixes, ..self }
    }

    fn preferred(self, preferred: bool) -> Self {
        Self { preferred, ..self }
    }

    fn kind(&self) -> CodeActionKind {
        match self.fixes {
            Some(_) => CodeActionKind::QUICKFIX,
            None => CodeActionKind::REFACTOR_REWRITE,
        }
    }
}

/// Returns the kinds of actions.
pub(in crate::lsp) fn kinds() -> Vec<CodeActionKind> {
    vec![CodeActionKind::QUICKFIX, CodeActionKind::REFACTOR_REWRITE]
}

/// Returns the actions on the line in which a range begins.
pub(in crate::lsp) async fn actions(host: &Host, params: &CodeActionParams) -> Result<Option<CodeActionResponse>> {
    let Some(sheet) = Sheet::open(host, &params.text_document.uri).await? else {
        return Ok(None);
    };
    let scene = Scene::new(&sheet.parsed, &sheet.checked);
    let line = usize::try_from(params.range.start.line).unwrap_or(usize::MAX);
    let only = params.context.only.as_deref();
    let asked = |offer: &Offer| only.is_none_or(|only| only.iter().any(|kind| covers(kind, &offer.kind())));
    let offers = offers(&scene, line).into_iter().filter(asked);
    Ok(Some(offers.map(|offer| action(&sheet, line, offer)).collect()))
}

/// Returns the lines that an invoice bills.
pub(super) fn billed_lines(parsed: &Parsed, checked: &Checked) -> HashSet<usize> {
    let scene = Scene::new(parsed, checked);
    let billed = scene.rows.iter().filter(|row| row.billed);
    billed.map(|row| row.line).collect()
}

fn offers(scene: &Scene<'_>, line: usize) -> Vec<Offer> {
    let Some(row) = scene.row(line) else {
        return doubt::of_comment(scene, line);
    };
    let mut offers = project::offers(scene, row);
    offers.extend(doubt::of_row(scene, row));
    offers.extend(line::offers(scene, row));
    offers
}

/// Returns whether a kind is another, or a family that has it in it: `refactor` covers `refactor.rewrite`.
fn covers(family: &CodeActionKind, kind: &CodeActionKind) -> bool {
    let rest = kind.as_str().strip_prefix(family.as_str());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.') || family.as_str().is_empty())
}

fn action(sheet: &Sheet, line: usize, offer: Offer) -> CodeActionOrCommand {
    let kind = offer.kind();
    let mut action = CodeAction {
        title: offer.title,
        kind: Some(kind),
        is_preferred: offer.preferred.then_some(true),
        ..CodeAction::default()
    };
    if let Some(Fixes::Problem(kind)) = offer.fixes {
        let problems = sheet.checked.review.problems.iter();
        let settled = problems.filter(|problem| problem.line == line && problem.kind == kind);
        let settled: Vec<Diagnostic> = settled.map(|problem| diagnostic(sheet, problem)).collect();
        action.diagnostics = Some(settled);
    }
    match offer.does {
        Does::Edit(changes) => {
            let edit = |change: Change| TextEdit {
                range: sheet.range(&change.bytes),
                new_text: change.text,
            };
            action.edit = Some(WorkspaceEdit {
                changes: Some(HashMap::from([(
                    sheet.uri.clone(),
                    changes.into_iter().map(edit).collect(),
                )])),
                ..WorkspaceEdit::default()
            });
        }
        Does::Run(command, arguments) => {
            action.command = Some(Command {
                title: action.title.clone(),
                command: format!("keeptab.{command}"),
                arguments: Some(arguments.into_iter().map(Into::into).collect()),
            });
        }
    }
    action.into()
}
