//! Quick fixes of the findings in a part of the text.

use std::collections::HashMap;
use std::ops::Range as Bytes;

use tower_lsp::ls_types::{CodeAction, CodeActionKind, Diagnostic, Range, TextEdit, Uri, WorkspaceEdit};

use super::Page;
use super::edits::{Change, add_to_block, change};
use super::problems::{lacks, of_finding, of_lack};

/// Returns the quick fixes of a part of the text.
pub(super) fn actions(page: &Page, uri: &Uri, range: Range) -> Vec<CodeAction> {
    let asked = page.byte(range.start)..page.byte(range.end);
    let touches = |bytes: &Bytes<usize>| bytes.start <= asked.end && asked.start <= bytes.end;
    let mut actions = Vec::new();
    for finding in page.proof.findings.iter().filter(|finding| touches(&finding.range)) {
        for fix in &finding.fixes {
            if let Some((title, change)) = change(page, fix, &finding.range) {
                actions.push(action(page, uri, title, change, of_finding(page, finding)));
            }
        }
    }
    for lack in lacks(page) {
        let block = page.outline.blocks.iter().find(|block| block.path() == lack.table);
        let Some(block) = block.filter(|block| touches(&block.range)) else {
            continue;
        };
        if let (Some(diagnostic), Some(change)) = (of_lack(page, &lack), add_to_block(block, &lack.keys)) {
            let title = format!("Add {}, which an invoice needs", lack.keys.join(", "));
            actions.push(action(page, uri, title, change, diagnostic));
        }
    }
    actions
}

fn action(page: &Page, uri: &Uri, title: String, (bytes, text): Change, diagnostic: Diagnostic) -> CodeAction {
    let edit = TextEdit::new(page.range(&bytes), text);
    CodeAction {
        title,
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: Some(vec![diagnostic]),
        edit: Some(WorkspaceEdit {
            changes: Some(HashMap::from([(uri.clone(), vec![edit])])),
            ..WorkspaceEdit::default()
        }),
        ..CodeAction::default()
    }
}
