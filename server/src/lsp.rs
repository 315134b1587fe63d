//! `keeptab lsp`: the host on stdio.
//!
//! Nothing outside this module names `tower_lsp`.

mod command;
mod documents;
mod import;
mod life;
mod outbox;
mod progress;
mod protocol;
mod server;
mod session;
mod sheet;
mod sieve;
mod toml;
mod transport;
mod wording;

use std::time::Duration;

use keeptab_engine::thread::{Handle, Thread};
use keeptab_system::home::Home;
use keeptab_watch::ConfigWatch;
use tokio::io::{AsyncRead, AsyncWrite};
use tower_lsp::ls_types::MessageType;
use tower_lsp::{LspService, Server as Loop};
use tracing::{error, info, warn};

use crate::login;
use crate::outside::{self, News};
use documents::Documents;
use life::Life;
use outbox::Outbox;
use server::Host;
use transport::Transport;

#[cfg(test)]
pub use protocol::types;

/// The target of log messages that the library writes if an editor is gone before it is told something.
pub const GONE: &str = "tower_lsp_server::service::client";

/// The time in which queued events must be committed at the end.
const LAST_COMMIT: Duration = Duration::from_millis(900);

/// Runs a host until its editor ends, and returns true if the end was orderly: then LSP's exit code is 0, else 1.
pub async fn run(home: Home) -> bool {
    let outbox = Outbox::default();
    let engine = Handle::start(home.clone(), outbox.clone());
    serve(home, outbox, engine, tokio::io::stdin(), tokio::io::stdout()).await
}

async fn serve(
    home: Home,
    outbox: Outbox,
    (engine, mut thread): (Handle, Thread),
    input: impl AsyncRead + Send + Unpin + 'static,
    output: impl AsyncWrite,
) -> bool {
    let config_file = home.config_file();
    let (watched, told) = (engine.clone(), outbox.clone());
    login::start(engine.clone(), &home);
    let follower = outside::start(engine.clone(), &home, move |news| {
        if let News::Trouble(text) = news {
            told.message(MessageType::WARNING, text);
        }
    });
    let touched = move || {
        watched.config_touched();
        follower.config_touched();
    };
    let _watch =
        ConfigWatch::start(&config_file, touched).inspect_err(|error| warn!("the config is not watched: {error:#}"));
    let life = Life::default();
    let documents = Documents::new(home.timesheets());
    let (service, socket) = LspService::new(|client| {
        outbox.open(client);
        Host::new(engine.clone(), outbox.clone(), documents.clone(), home)
    });
    let transport = Transport::new(service, engine.clone(), outbox, documents.clone(), life.clone());
    tokio::select! {
        () = Loop::new(sieve::sift(input), output, socket).serve(transport) => {
            info!("the editor has gone");
        }
        () = life.editor_died() => info!("the editor has died"),
        () = thread.over() => error!("the engine has ended, and this host with it"),
    }
    engine.stop();
    let ended = tokio::task::spawn_blocking(move || thread.join());
    if tokio::time::timeout(LAST_COMMIT, ended).await.is_err() {
        warn!("the last commit took too long");
    }
    life.was_orderly()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_whose_engine_panics_ends_though_its_editor_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path().to_owned(), None);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let ended = runtime.unwrap().block_on(async {
            // Held to the end: the editor is there, and reads.
            let (input, _editor) = tokio::io::duplex(64);
            let outbox = Outbox::default();
            let (handle, thread) = Handle::start(home.clone(), outbox.clone());
            let panics = handle.ask(|_, _| -> anyhow::Result<()> { panic!("as it was asked to") });
            let serving = serve(home, outbox, (handle.clone(), thread), input, tokio::io::sink());
            tokio::join!(panics, serving)
        });
        let (answer, orderly) = ended;
        assert!(answer.is_err() && !orderly);
    }
}
