//! The language server's part for timesheets.
//!
//! Each file does one thing with a [`Sheet`]: what the editor has, beside what was written and what is in the ledger.

mod problems;
mod save;

use std::sync::Arc;

use anyhow::{Result, bail};
use keeptab_core::timesheet::Parsed;
use tower_lsp::ls_types::{Position, Range, Uri};

use super::documents::Kind;
use super::server::Host;
use crate::engine::{Checked, Command, Reply};

pub(super) use save::{edits_between, refresh, save, will_save};

/// A timesheet in the editor, compared with what was written and with the ledger.
pub(super) struct Sheet {
    pub(super) uri: Uri,
    pub(super) version: i32,
    pub(super) parsed: Arc<Parsed>,
    pub(super) checked: Box<Checked>,
}

impl Sheet {
    /// Compares the timesheet that is open under a URI; nothing where that is none.
    pub(super) async fn open(host: &Host, uri: &Uri) -> Result<Option<Self>> {
        let document = host.documents.get(uri);
        let Some(document) = document.filter(|document| document.kind == Kind::Timesheet) else {
            return Ok(None);
        };
        let reply = host
            .engine
            .ask(Command::CheckSheet(Arc::clone(&document.parsed)))
            .await?;
        let Reply::Checked(checked) = reply else {
            bail!("the engine answered something else");
        };
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

/// Returns a part of a text as an editor counts it.
pub(super) fn range(parsed: &Parsed, bytes: &std::ops::Range<usize>) -> Range {
    Range::new(position(parsed, bytes.start), position(parsed, bytes.end))
}

fn position(parsed: &Parsed, byte: usize) -> Position {
    let position = parsed.position(byte);
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Position::new(count(position.line), count(position.utf16))
}

/// Shows what is wrong with a timesheet after it was opened or changed, unless it has changed again since.
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
