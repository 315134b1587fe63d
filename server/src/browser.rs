//! `keeptab browser-host`: the host of the browser extension, by native messaging on stdio.
//!
//! The browser starts it, and closes stdin to end it. There is no port.

pub mod caller;
mod frame;
mod message;
mod outbox;
mod session;

use std::time::Duration;

use keeptab_engine::thread::Handle;
use keeptab_system::clock;
use keeptab_system::home::Home;
use keeptab_watch::ConfigWatch;
use tracing::{error, info, warn};

use crate::login;
use crate::outside;
use outbox::Outbox;
use session::Session;

#[cfg(test)]
pub use message::{said, told};

/// The time in which queued events must be committed at the end.
const LAST_COMMIT: Duration = Duration::from_millis(900);
/// The most unreadable messages. A caller that sends more is not our extension, and must not fill the log.
const MOST_UNREAD: usize = 100;

/// Runs a host until its browser ends, and returns whether the end was orderly.
pub async fn run(home: Home, caller: &[String]) -> bool {
    if !caller::is_ours(caller) {
        warn!("refused: the caller is not keeptab's extension");
        return false;
    }
    let outbox = Outbox::default();
    let config_file = home.config_file();
    let (engine, mut thread) = Handle::start(home.clone(), outbox.clone());
    let watched = engine.clone();
    login::start(engine.clone(), &home);
    let follower = outside::start(engine.clone(), &home, |_| {});
    let touched = move || {
        watched.config_touched();
        follower.config_touched();
    };
    let _watch =
        ConfigWatch::start(&config_file, touched).inspect_err(|error| warn!("the config is not watched: {error:#}"));
    outbox.open(engine.clone());
    let orderly = tokio::select! {
        orderly = listen(&engine, &outbox) => {
            info!("the browser has gone");
            orderly
        }
        () = thread.over() => {
            error!("the engine has ended, and this host with it");
            false
        }
    };
    engine.stop();
    let ended = tokio::task::spawn_blocking(move || thread.join());
    if tokio::time::timeout(LAST_COMMIT, ended).await.is_err() {
        warn!("the last commit took too long");
    }
    orderly
}

/// Handles messages until the end of stdin or the first one that must end the host.
async fn listen(engine: &Handle, outbox: &Outbox) -> bool {
    let mut input = tokio::io::BufReader::new(tokio::io::stdin());
    let mut session = Session::default();
    let mut unread = 0;
    loop {
        let body = match frame::read(&mut input).await {
            Ok(Some(body)) => body,
            Ok(None) => return true,
            Err(error) => {
                warn!("refused: {error}");
                return false;
            }
        };
        let taken = match message::read(&body, clock::now()) {
            Some(said) => session.take(said, engine, outbox).await,
            None => false,
        };
        if !taken {
            warn!("a message could not be read and was left out");
            unread += 1;
        }
        if unread > MOST_UNREAD {
            warn!("refused: too much could not be read");
            return false;
        }
    }
}
