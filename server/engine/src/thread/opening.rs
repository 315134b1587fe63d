//! Opening the store, again and again until it can be opened.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use anyhow::anyhow;
use keeptab_store::chain_of;
use keeptab_system::clock;
use keeptab_system::home::Home;
use tracing::{error, info};

use super::held::Held;
use super::{Door, Message, Waiting};
use crate::{Engine, Status};

/// The wait after a failure until the store is opened again.
const AGAIN_AFTER: Duration = Duration::from_secs(3);

/// Returns the engine once the store is open, with the questions that waited for it; `None` if the thread is to end before.
///
/// Meanwhile the status names the cause, questions are answered with it, and activity is held: nothing is acknowledged.
pub(super) fn open(
    home: &Home,
    messages: &Receiver<Message>,
    waiting: &Waiting,
    door: &impl Door,
    held: &mut Held,
) -> Option<(Engine, VecDeque<Message>)> {
    let mut patient = VecDeque::new();
    let mut told = None;
    loop {
        let reason = match Engine::open(home.clone(), clock::now()) {
            Ok(engine) => return Some((engine, patient)),
            Err(error) => error,
        };
        let words = format!("{reason:#}");
        if told.as_ref() != Some(&words) {
            error!(
                "the store cannot be opened, and will be tried again: {}",
                chain_of(&reason)
            );
            door.status(&Status::error(&words));
            told = Some(words.clone());
        }
        let again = clock::monotonic() + AGAIN_AFTER;
        loop {
            match messages.recv_timeout(again.saturating_duration_since(clock::monotonic())) {
                Err(RecvTimeoutError::Timeout) => break,
                Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => {
                    info!("the host ended before the store could be opened");
                    return None;
                }
                Ok(Message::Activity(batch)) => {
                    waiting.count.fetch_sub(batch.events.len(), Ordering::SeqCst);
                    waiting.less.notify_waiters();
                    held.batch(batch);
                }
                Ok(Message::Tell(notice)) => held.tell(notice),
                // The config is read when the store is opened.
                Ok(Message::ConfigTouched) => {}
                Ok(message @ Message::Call { is_patient: true, .. }) => patient.push_back(message),
                Ok(Message::Call { call, .. }) => call(Err(anyhow!("{words}"))),
            }
        }
    }
}
