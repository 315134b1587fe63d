//! `workspace/executeCommand`: the palette's commands are the shell's, with the same words and options.

use anyhow::{Result, anyhow, bail};
use serde::Deserialize as _;
use serde_json::{Value, json};
use tower_lsp::ls_types::{MessageType, Uri};

use super::outbox::Outbox;
use super::server::Host;
use super::sheet;
use crate::cli;
use crate::engine::Reply;
use crate::flow::{self, Ask, Input, Outcome, Pick, Wanted};
use crate::log;

/// What the palette offers.
pub(super) const COMMANDS: &[&str] = &[
    "init", "status", "review", "report", "invoice", "start", "stop", "add", "away", "undo", "explain", "project",
    "client", "pause", "resume", "log",
];

/// Runs a command such as `keeptab.report` with the shell's arguments.
///
/// With all that it needs it answers `{text, data}`. Otherwise it asks in the editor, answers null at once, and tells
/// the outcome when there is one.
pub(super) async fn execute(host: &Host, command: &str, arguments: &[Value]) -> Result<Option<Value>> {
    let name = command.strip_prefix("keeptab.").unwrap_or(command);
    let words: Vec<&str> = arguments.iter().filter_map(Value::as_str).collect();
    if !COMMANDS.contains(&name) {
        bail!(
            "there is no command {command}\nhint: commands are {}",
            COMMANDS.join(", ")
        );
    }
    match (name, words.is_empty()) {
        ("log", _) => Ok(Some(json!({ "path": log::newest(&host.home) }))),
        ("init", true) => {
            converse(host, |host| async move {
                flow::init(&InEditor(&host.outbox), &host.engine, &host.home).await
            });
            Ok(None)
        }
        ("invoice", true) => {
            let wanted = wanted(arguments)?;
            converse(host, |host| async move {
                let outcome = flow::create_invoice(&InEditor(&host.outbox), &host.engine, wanted).await?;
                sheet::refresh(&host).await?;
                Ok(outcome)
            });
            Ok(None)
        }
        _ => {
            let command = cli::parse_words(name, &words)?;
            let reply = host.engine.ask(command).await?;
            match &reply {
                Reply::Sheet(view) => {
                    if let Some(uri) = Uri::from_file_path(&view.path) {
                        host.outbox.document(uri, false);
                    }
                }
                _ if matches!(name, "undo" | "review" | "add" | "away" | "stop" | "invoice") => {
                    sheet::refresh(host).await?;
                }
                _ => {}
            }
            let text = reply.to_string();
            Ok(Some(
                json!({ "text": text.trim_start_matches('\n'), "data": reply.json() }),
            ))
        }
    }
}

/// Reads the answers that a command of the palette brings for its conversation: one object, or nothing.
fn wanted(arguments: &[Value]) -> Result<Wanted> {
    let Some(answers) = arguments.first() else {
        return Ok(Wanted::default());
    };
    let wanted = Wanted::deserialize(answers);
    wanted.map_err(|error| anyhow!("{error}\nhint: write it as {{\"client\": \"acme\", \"week\": \"2026-W47\"}}"))
}

/// Runs a conversation beside the request, so that no handler ever waits for the user.
fn converse<F>(host: &Host, flow: impl FnOnce(Host) -> F)
where
    F: Future<Output = Result<Option<Outcome>>> + Send + 'static,
{
    let outbox = host.outbox.clone();
    let flow = flow(host.clone());
    tokio::spawn(async move {
        match flow.await {
            Ok(Some(outcome)) => {
                outbox.message(MessageType::INFO, outcome.text);
                if let Some(uri) = outcome.open.and_then(Uri::from_file_path) {
                    outbox.document(uri, outcome.external);
                }
            }
            Ok(None) => {}
            Err(error) => outbox.message(MessageType::ERROR, format!("{error:#}")),
        }
    });
}

/// Asks in the editor.
struct InEditor<'a>(&'a Outbox);

impl Ask for InEditor<'_> {
    async fn pick(&self, pick: Pick) -> Option<String> {
        self.0.pick(pick).await
    }

    async fn input(&self, input: Input) -> Option<String> {
        self.0.input(input).await
    }
}
