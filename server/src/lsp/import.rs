//! *Import History…* in the editor: on an engine of its own, so that activity is taken meanwhile.

use anyhow::Result;
use keeptab_config::Finding;
use keeptab_engine::thread::{Door, Handle};
use keeptab_engine::{Progress, Status};
use keeptab_present::flow::{self, Ask, Outcome};
use keeptab_store::Taken;
use serde_json::{Value, json};
use tower_lsp::ls_types::Uri;

use super::protocol::CommandAnswer;
use super::server::Host;
use super::sheet;
use crate::cli;

/// Options that need no further question.
const SETTLED: [&str; 4] = ["--yes", "--dry-run", "--list", "--undo"];

/// Returns true if there are questions to ask first.
pub(super) fn asks(words: &[&str]) -> bool {
    !words
        .iter()
        .any(|word| SETTLED.iter().any(|settled| word.starts_with(settled)))
}

/// Runs the import that the words describe, without a question.
pub(super) async fn directly(host: &Host, words: &[&str], progress: Progress) -> Result<Value> {
    let call = cli::import(words, progress)?;
    let engine = Own::start(host);
    let answer = call.ask(&engine.0).await?;
    sheet::refresh(host).await?;
    Ok(json!(CommandAnswer::new(&answer.to_string(), answer.data())))
}

/// Asks for the values that the words do not give.
pub(super) async fn converse(
    host: &Host,
    ask: &impl Ask,
    words: &[String],
    progress: Progress,
) -> Result<Option<Outcome>> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut request = cli::import_request(&words)?;
    request.progress = progress;
    let engine = Own::start(host);
    let show = |path| {
        if let Some(uri) = Uri::from_file_path(path) {
            host.outbox.document(uri, false);
        }
    };
    let show = (!host.outbox.is_plugin()).then_some(show);
    flow::import_history(ask, &engine.0, &host.home, request, show).await
}

/// An engine for one import; it ends with it.
struct Own(Handle);

impl Own {
    fn start(host: &Host) -> Self {
        Self(Handle::start(host.home.clone(), Nobody).0)
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// No listener: the host's own engine notifies.
struct Nobody;

impl Door for Nobody {
    fn taken(&self, _: Taken) {}
    fn status(&self, _: &Status) {}
    fn config(&self, _: &[Finding]) {}
    fn tell(&self, _: &str) {}
}
