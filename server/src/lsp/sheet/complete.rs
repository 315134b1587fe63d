//! Projects after the time of a line, notes after its project; in the time itself nothing.

mod field;
mod notes;
mod projects;

use anyhow::Result;
use keeptab_engine::Behind;
use tower_lsp::ls_types::{
    CompletionItem, CompletionItemKind, CompletionList, CompletionResponse, CompletionTextEdit, Position, TextEdit,
};

use super::Sheet;
use super::hover::behind;
use crate::lsp::server::Host;
use field::{Field, Place};

/// A completion of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Proposal {
    kind: CompletionItemKind,
    label: String,
    detail: String,
    /// The text to insert.
    text: String,
}

/// Returns the completions at a place, the likeliest first.
pub(super) async fn complete(host: &Host, sheet: &Sheet, at: Position) -> Result<Option<CompletionResponse>> {
    let (line, byte) = sheet.place(at);
    let Some(place) = field::at(&sheet.parsed, line, byte) else {
        return Ok(None);
    };
    let behind = behind(host, sheet, line).await?;
    Ok(Some(CompletionResponse::List(list(sheet, line, &place, &behind))))
}

fn list(sheet: &Sheet, line: usize, place: &Place, behind: &Behind) -> CompletionList {
    let proposals = match place.field {
        Field::Target { entry } => projects::proposals(sheet, line, entry, &behind.likely),
        Field::Note => {
            let all_in_one = behind.note.iter().filter(|_| behind.commits.len() > 1);
            let commits: Vec<String> = all_in_one.chain(&behind.commits).cloned().collect();
            notes::proposals(sheet, line, &commits)
        }
    };
    let typed = sheet.parsed.slice(&(place.range.start..place.cursor));
    let fitting = proposals.into_iter().filter(|proposal| fits(typed, proposal));
    let range = sheet.range(&place.range);
    let item = |(index, proposal): (usize, Proposal)| CompletionItem {
        kind: Some(proposal.kind),
        detail: Some(proposal.detail).filter(|detail| !detail.is_empty()),
        sort_text: Some(format!("{index:04}")),
        // The editor compares it with the typed text, which may begin with a quote.
        filter_text: Some(if typed.starts_with('"') {
            format!("\"{}", proposal.label)
        } else {
            proposal.label.clone()
        }),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit {
            range,
            new_text: proposal.text,
        })),
        preselect: (index == 0).then_some(true),
        label: proposal.label,
        ..CompletionItem::default()
    };
    CompletionList {
        // Proposals that were left out may fit once some typed text is deleted.
        is_incomplete: !typed.is_empty(),
        items: fitting.enumerate().map(item).collect(),
    }
}

/// Returns true if a proposal contains the typed letters in their order, which is how editors compare them.
fn fits(typed: &str, proposal: &Proposal) -> bool {
    let small = |text: &str| text.to_lowercase();
    let (label, text) = (small(&proposal.label), small(&proposal.text));
    let within = |text: &str| {
        let mut letters = text.chars();
        small(typed.trim_start_matches('"'))
            .chars()
            .all(|wanted| letters.any(|letter| letter == wanted))
    };
    within(&label) || within(&text)
}

#[cfg(test)]
mod tests;
