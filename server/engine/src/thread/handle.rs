//! The way to the engine's thread: activity, calls, and the end.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};

use anyhow::{Result, anyhow};
use keeptab_core::instant::Instant;
use keeptab_store::chain_of;
use keeptab_system::clock;
use keeptab_system::home::Home;
use tokio::sync::{Notify, oneshot};
use tracing::info;

use super::held::Notice;
use super::running::Thread;
use super::{Door, run};
use crate::Engine;
use crate::activity::{Batch, RootNames};

/// Events that may wait before the transport stops reading.
const MOST_WAITING: usize = 20_000;

/// A call that also sends its answer. Its argument is the engine, or the reason why there is none.
pub(super) type Call = Box<dyn FnOnce(Result<&mut Engine>) + Send>;

pub(super) enum Message {
    Activity(Batch),
    Tell(Notice),
    /// A call. A patient caller waits until the store can be opened; any other gets the reason why it cannot.
    Call {
        call: Call,
        is_patient: bool,
    },
    ConfigTouched,
    Stop,
}

/// The number of events that wait, and a signal for those who wait for room.
#[derive(Default)]
pub(super) struct Waiting {
    pub(super) count: AtomicUsize,
    pub(super) less: Notify,
}

/// A way to the engine; cheap to clone.
#[derive(Clone)]
pub struct Handle {
    sender: Sender<Message>,
    waiting: Arc<Waiting>,
}

impl Handle {
    /// Starts the thread; the store is opened on it.
    pub fn start(home: Home, door: impl Door) -> (Self, Thread) {
        let (sender, receiver) = channel();
        let waiting = Arc::new(Waiting::default());
        let handle = Self {
            sender,
            waiting: Arc::clone(&waiting),
        };
        (handle, Thread::start(move || run(&home, &receiver, &waiting, &door)))
    }

    /// Puts activity into the queue, at once and in order.
    pub fn record(&self, batch: Batch) {
        self.waiting.count.fetch_add(batch.events.len(), Ordering::SeqCst);
        let _ = self.sender.send(Message::Activity(batch));
    }

    /// Queues the names of workspace roots, before later activity.
    pub fn know_roots(&self, roots: Vec<RootNames>) {
        let _ = self.sender.send(Message::Tell(Notice::Roots(roots)));
    }

    /// Makes the engine look up the names of workspace roots, before later activity.
    pub fn find_roots(&self, roots: Vec<String>) {
        let _ = self.sender.send(Message::Tell(Notice::FindRoots(roots)));
    }

    /// Waits until the queue has room again.
    pub async fn room(&self) {
        loop {
            let less = self.waiting.less.notified();
            if self.waiting.count.load(Ordering::SeqCst) < MOST_WAITING {
                return;
            }
            less.await;
        }
    }

    /// Makes a call on the engine's thread and waits for its answer.
    ///
    /// # Errors
    ///
    /// The call's error, or one if the store cannot be opened or the engine has stopped.
    pub async fn ask<T: Send + 'static>(
        &self,
        call: impl FnOnce(&mut Engine, Instant) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.send(call, false)?.await.map_err(|_| stopped())?
    }

    /// Makes a call from a thread that may block, outside of every runtime. It waits until the store can be opened.
    ///
    /// # Errors
    ///
    /// The call's error, or one if the engine has stopped.
    pub fn ask_and_wait<T: Send + 'static>(
        &self,
        call: impl FnOnce(&mut Engine, Instant) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.send(call, true)?.blocking_recv().map_err(|_| stopped())?
    }

    fn send<T: Send + 'static>(
        &self,
        call: impl FnOnce(&mut Engine, Instant) -> Result<T> + Send + 'static,
        is_patient: bool,
    ) -> Result<oneshot::Receiver<Result<T>>> {
        let (sender, receiver) = oneshot::channel();
        let call: Call = Box::new(move |engine| {
            let ask = |engine: &mut Engine| {
                let answer = engine.ask(clock::now(), call);
                answer.inspect_err(|error| info!("not done: {}", chain_of(error)))
            };
            let _ = sender.send(engine.and_then(ask));
        });
        let message = Message::Call { call, is_patient };
        self.sender.send(message).map_err(|_| stopped())?;
        Ok(receiver)
    }

    /// Notifies the engine that the config file may have changed.
    pub fn config_touched(&self) {
        let _ = self.sender.send(Message::ConfigTouched);
    }

    /// Ends the thread once all that was queued is committed.
    pub fn stop(&self) {
        let _ = self.sender.send(Message::Stop);
    }
}

fn stopped() -> anyhow::Error {
    anyhow!("keeptab is stopping")
}
