//! The language server's part for `keeptab.toml`.
//!
//! Each file does one thing with a [`Page`]: the editor's text, read and outlined. The config in force is separate.

mod actions;
mod complete;
mod edits;
mod globs;
mod hover;
mod problems;
mod symbols;
mod values;

use std::ops::Range as Bytes;
use std::sync::Arc;

use anyhow::Result;
use keeptab_config::outline::{Outline, scan};
use keeptab_core::timesheet::{Parsed, Position as Place};
use keeptab_engine::{Engine, Lately, Proof};
use tower_lsp::ls_types::{
    CodeActionOrCommand, CodeActionParams, CompletionItem, DocumentSymbol, FoldingRange, Hover, HoverContents,
    MarkupContent, MarkupKind, Position, Range, TextDocumentPositionParams, Uri,
};
use tracing::error;

use super::documents::{Document, Kind};
use super::server::Host;
use super::sheet::range;

/// A config in the editor.
pub(super) struct Page {
    pub(super) parsed: Arc<Parsed>,
    pub(super) outline: Outline,
    pub(super) proof: Proof,
}

impl Page {
    /// Reads the config that is open under a URI; `None` if it is not one.
    async fn open(host: &Host, uri: &Uri) -> Option<Self> {
        let document = document(host, uri)?;
        let parsed = Arc::clone(&document.parsed);
        let text = Arc::clone(&parsed);
        let proof = host.engine.ask(move |engine, _| engine.proof(text.text())).await;
        let proof = proof.inspect_err(|error| error!("a config was not read: {error:#}"));
        Some(Self::new(parsed, proof.ok()?))
    }

    pub(super) fn new(parsed: Arc<Parsed>, proof: Proof) -> Self {
        let outline = scan(parsed.text());
        Self { parsed, outline, proof }
    }

    pub(super) fn text(&self) -> &str {
        self.parsed.text()
    }

    /// Returns a part of the text as the editor counts it.
    pub(super) fn range(&self, bytes: &Bytes<usize>) -> Range {
        range(&self.parsed, bytes)
    }

    /// Returns the byte at a position of the editor's.
    pub(super) fn byte(&self, position: Position) -> usize {
        self.parsed.byte(Place {
            line: usize::try_from(position.line).unwrap_or(usize::MAX),
            utf16: usize::try_from(position.character).unwrap_or(usize::MAX),
        })
    }
}

fn document(host: &Host, uri: &Uri) -> Option<Document> {
    let document = host.documents.get(uri);
    document.filter(|document| document.kind == Kind::Config)
}

/// Shows the findings of a config after it was opened or changed, unless it has changed again since.
pub(super) async fn look(host: &Host, uri: &Uri) {
    let Some(before) = document(host, uri) else { return };
    host.outbox.config_opened(uri, true);
    let Some(page) = Page::open(host, uri).await else {
        return;
    };
    let now = document(host, uri);
    if now.is_some_and(|now| now.version == before.version && Arc::ptr_eq(&now.parsed, &page.parsed)) {
        host.outbox.diagnostics(uri.clone(), problems::diagnostics(&page));
    }
}

/// Shows the file's findings again in place of the editor's.
pub(super) fn close(host: &Host, uri: &Uri) {
    if host.documents.kind_of(uri) == Some(Kind::Config) {
        host.outbox.diagnostics(uri.clone(), Vec::new());
        host.outbox.config_opened(uri, false);
    }
}

/// Returns the completions at a place.
pub(super) async fn complete(host: &Host, at: &TextDocumentPositionParams) -> Option<Vec<CompletionItem>> {
    let page = Page::open(host, &at.text_document.uri).await?;
    let byte = page.byte(at.position);
    let touched = if complete::asks_for_history(&page, byte) {
        touched(host).await.unwrap_or_default()
    } else {
        Vec::new()
    };
    Some(complete::complete(&page, byte, &touched))
}

/// Returns the hover text at a place.
pub(super) async fn hover(host: &Host, at: &TextDocumentPositionParams) -> Option<Hover> {
    let page = Page::open(host, &at.text_document.uri).await?;
    let (subject, bytes) = hover::subject(&page, page.byte(at.position))?;
    let text = match subject {
        hover::Subject::Words(words) => words,
        hover::Subject::Glob(glob) => glob.describe(&page.proof, &touched(host).await.unwrap_or_default()),
        hover::Subject::Project(id) => {
            let asked = id.clone();
            let standing = host.engine.ask(move |engine, now| engine.standing(&asked, now)).await;
            hover::project(&page, &id, &standing.ok()?)
        }
    };
    let value = text.trim_end().to_owned();
    let kind = MarkupKind::Markdown;
    Some(Hover {
        contents: HoverContents::Markup(MarkupContent { kind, value }),
        range: Some(page.range(&bytes)),
    })
}

/// Returns the fixes of the findings in a part of the text.
pub(super) async fn actions(host: &Host, params: &CodeActionParams) -> Option<Vec<CodeActionOrCommand>> {
    let uri = &params.text_document.uri;
    let page = Page::open(host, uri).await?;
    let actions = actions::actions(&page, uri, params.range);
    Some(actions.into_iter().map(CodeActionOrCommand::CodeAction).collect())
}

/// Returns the tables with their keys.
pub(super) fn symbols(host: &Host, uri: &Uri) -> Option<Vec<DocumentSymbol>> {
    document(host, uri).map(|document| symbols::symbols(&document.parsed))
}

/// Returns the tables that can be folded.
pub(super) fn folds(host: &Host, uri: &Uri) -> Option<Vec<FoldingRange>> {
    document(host, uri).map(|document| symbols::folds(&document.parsed))
}

async fn touched(host: &Host) -> Result<Vec<Lately>> {
    host.engine.ask(Engine::touched).await
}

#[cfg(test)]
mod tests;
