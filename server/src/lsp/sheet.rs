//! The language server's part for timesheets.
//!
//! Each file does one thing with a [`Sheet`]: the editor's text with the written sheet and the ledger.

mod actions;
mod complete;
#[cfg(test)]
mod example;
mod formatting;
mod hints;
mod hover;
mod lenses;
mod outline;
mod problems;
mod rows;
mod save;
mod tokens;

use std::sync::Arc;

use anyhow::Result;
use keeptab_core::timesheet::Parsed;
use keeptab_engine::Checked;
use tower_lsp::ls_types::{
    CodeLens, CompletionResponse, DocumentSymbolResponse, FoldingRange, Hover, InlayHint, Position, Range,
    SemanticTokens, SemanticTokensFullOptions, SemanticTokensOptions, TextDocumentPositionParams, TextEdit, Uri,
};

use super::documents::Kind;
use super::server::Host;

pub(super) use actions::{actions, kinds};
pub(super) use save::{edits_between, refresh, save, settle, will_save};

/// A timesheet in the editor, compared with the written sheet and with the ledger.
pub(super) struct Sheet {
    pub(super) uri: Uri,
    pub(super) version: i32,
    pub(super) parsed: Arc<Parsed>,
    pub(super) checked: Arc<Checked>,
}

impl Sheet {
    /// Compares the timesheet that is open under a URI; `None` if it is not one.
    pub(super) async fn open(host: &Host, uri: &Uri) -> Result<Option<Self>> {
        let document = host.documents.get(uri);
        let Some(document) = document.filter(|document| document.kind == Kind::Timesheet) else {
            return Ok(None);
        };
        let parsed = Arc::clone(&document.parsed);
        let checked = host.engine.ask(move |engine, now| engine.check(&parsed, now)).await?;
        Ok(Some(Self {
            uri: uri.clone(),
            version: document.version,
            parsed: document.parsed,
            checked,
        }))
    }

    /// Returns a part of the text as the editor counts it.
    pub(super) fn range(&self, bytes: &std::ops::Range<usize>) -> Range {
        range(&self.parsed, bytes)
    }
}

/// Describes a line.
pub(super) async fn hover(host: &Host, at: TextDocumentPositionParams) -> Option<Hover> {
    let sheet = told(Sheet::open(host, &at.text_document.uri).await)?;
    told(hover::hover(host, &sheet, at.position).await)
}

/// Returns the completions at a place.
pub(super) async fn complete(host: &Host, at: TextDocumentPositionParams) -> Option<CompletionResponse> {
    let sheet = told(Sheet::open(host, &at.text_document.uri).await)?;
    told(complete::complete(host, &sheet, at.position).await)
}

/// Returns the totals above the week and its days.
pub(super) async fn lenses(host: &Host, uri: &Uri) -> Option<Vec<CodeLens>> {
    let sheet = told(Sheet::open(host, uri).await)?;
    Some(lenses::lenses(&sheet))
}

/// Returns the hints at the ends of the lines in a part of the text.
pub(super) async fn hints(host: &Host, uri: &Uri, within: Range) -> Option<Vec<InlayHint>> {
    let sheet = told(Sheet::open(host, uri).await)?;
    Some(hints::hints(&sheet, within))
}

/// Notes what went wrong: an editor that asked on its own shows nothing then.
fn told<T>(answer: Result<Option<T>>) -> Option<T> {
    answer.unwrap_or_else(|error| {
        tracing::error!("a question about a timesheet was not answered: {error:#}");
        None
    })
}

/// Returns a part of a text as an editor counts it.
pub(super) fn range(parsed: &Parsed, bytes: &std::ops::Range<usize>) -> Range {
    Range::new(position(parsed, bytes.start), position(parsed, bytes.end))
}

fn position(parsed: &Parsed, byte: usize) -> Position {
    let position = parsed.position(byte);
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Position::new(count(position.line), count(position.utf16))
}

/// Returns the text of the timesheet that is open under a URI.
fn text(host: &Host, uri: &Uri) -> Option<Arc<Parsed>> {
    let document = host.documents.get(uri)?;
    (document.kind == Kind::Timesheet).then_some(document.parsed)
}

/// Aligns the columns of a timesheet, or of a part of it.
pub(super) fn format(host: &Host, uri: &Uri, within: Option<Range>) -> Option<Vec<TextEdit>> {
    Some(formatting::edits(&*text(host, uri)?, within))
}

/// Returns the folds of a timesheet.
pub(super) fn folds(host: &Host, uri: &Uri) -> Option<Vec<FoldingRange>> {
    Some(outline::folds(&*text(host, uri)?))
}

/// Returns the days of a timesheet with their lines.
pub(super) fn symbols(host: &Host, uri: &Uri) -> Option<DocumentSymbolResponse> {
    Some(DocumentSymbolResponse::Nested(outline::symbols(&*text(host, uri)?)))
}

/// Returns the semantic tokens of a timesheet.
pub(super) async fn tokens(host: &Host, uri: &Uri) -> Result<Option<SemanticTokens>> {
    let Some(sheet) = Sheet::open(host, uri).await? else {
        return Ok(None);
    };
    let billed = actions::billed_lines(&sheet.parsed, &sheet.checked);
    Ok(Some(SemanticTokens {
        result_id: None,
        data: tokens::tokens(&sheet.parsed, &billed),
    }))
}

/// Returns the options and the legend of [`tokens`].
pub(super) fn token_options() -> SemanticTokensOptions {
    SemanticTokensOptions {
        legend: tokens::legend(),
        full: Some(SemanticTokensFullOptions::Bool(true)),
        ..SemanticTokensOptions::default()
    }
}

/// Shows the problems of a timesheet after it was opened or changed, unless it has changed again since.
pub(super) async fn look(host: &Host, uri: &Uri) {
    let Some(document) = host.documents.get(uri) else {
        return;
    };
    match Sheet::open(host, uri).await {
        Ok(Some(sheet)) if sheet.version == document.version => {
            host.outbox.diagnostics(uri.clone(), problems::diagnostics(&sheet));
        }
        Ok(_) => {}
        Err(error) => tracing::error!("a timesheet was not compared: {error:#}"),
    }
}
