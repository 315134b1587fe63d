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

use std::time::Duration;

use tower_lsp::ls_types::MessageType;
use tower_lsp::{LspService, Server as Loop};
use tracing::{info, warn};

use crate::engine::thread::Handle;
use crate::home::Home;
use crate::login;
use crate::outside::{self, News};
use crate::watch::ConfigWatch;
use documents::Documents;
use life::Life;
use outbox::Outbox;
use server::Host;
use transport::Transport;

/// How long what was queued may take to be committed at the end.
const LAST_COMMIT: Duration = Duration::from_millis(900);

/// Runs a host until its editor ends, and returns whether the end was orderly: LSP's exit code is 0 then, else 1.
pub async fn run(home: Home) -> bool {
    let outbox = Outbox::default();
    let config_file = home.config_file();
    let (engine, thread) = Handle::start(home.clone(), outbox.clone());
    let (watched, told) = (engine.clone(), outbox.clone());
    login::start(engine.clone(), &home);
    let follower = outside::start(engine.clone(), &home, move |news| {
        if let News::Trouble(text) = news {
            told.message(MessageType::WARNING, text.to_owned());
        }
    });
    let touched = move || {
        watched.config_touched();
        follower.config_touched();
    };
    let _watch =
        ConfigWatch::start(&config_file, touched).inspect_err(|error| warn!("the config is not watched: {error:#}"));
    let life = Life::default();
    let documents = Documents::default();
    let (service, socket) = LspService::new(|client| {
        outbox.open(client);
        Host::new(engine.clone(), outbox.clone(), documents.clone(), home)
    });
    let transport = Transport::new(service, engine.clone(), outbox, documents.clone(), life.clone());
    tokio::select! {
        () = Loop::new(sieve::sift(tokio::io::stdin()), tokio::io::stdout(), socket).serve(transport) => {
            info!("the editor has gone");
        }
        () = life.editor_died() => info!("the editor has died"),
    }
    engine.stop();
    let ended = tokio::task::spawn_blocking(move || thread.join().is_ok());
    if tokio::time::timeout(LAST_COMMIT, ended).await.is_err() {
        warn!("the last commit took too long");
    }
    life.was_orderly()
}
