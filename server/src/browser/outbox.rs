//! The queue of messages to the browser. Of frequent messages only the newest is kept, and a task of its own writes.

use std::sync::{Arc, Mutex, PoisonError};

use keeptab_config::{Finding, Severity};
use keeptab_engine::thread::{Door, Handle};
use keeptab_engine::{Failure, Pages, Status};
use keeptab_store::Taken;
use serde_json::Value;
use tokio::sync::{Notify, mpsc};
use tracing::error;

use super::frame::{self, LONGEST_OUT};
use super::message::Told;

/// Answers that may wait for a browser that does not read; then its requests are not read either.
const MOST_ANSWERS: usize = 16;

/// A queue of messages to the browser.
#[derive(Clone)]
pub(super) struct Outbox {
    shared: Arc<Shared>,
    answers: mpsc::Sender<Told>,
}

struct Shared {
    waiting: Mutex<Waiting>,
    more: Notify,
    begun: Notify,
    answers: Mutex<Option<mpsc::Receiver<Told>>>,
}

struct Waiting {
    pages: bool,
    taken: Option<u64>,
    status: Option<Value>,
    trouble: Option<Trouble>,
}

/// The error in the config, or `None` once it is fixed.
struct Trouble(Option<String>);

impl Default for Outbox {
    fn default() -> Self {
        let (sender, receiver) = mpsc::channel(MOST_ANSWERS);
        let waiting = Waiting {
            pages: true,
            taken: None,
            status: None,
            trouble: None,
        };
        let shared = Shared {
            waiting: Mutex::new(waiting),
            more: Notify::new(),
            begun: Notify::new(),
            answers: Mutex::new(Some(receiver)),
        };
        Self {
            shared: Arc::new(shared),
            answers: sender,
        }
    }
}

impl Outbox {
    /// Starts the task that writes.
    pub(super) fn open(&self, engine: Handle) {
        let answers = self
            .shared
            .answers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let (Some(mut answers), shared) = (answers, Arc::clone(&self.shared)) else {
            return;
        };
        tokio::spawn(async move {
            shared.begun.notified().await;
            loop {
                let told = tokio::select! {
                    answer = answers.recv() => answer.into_iter().collect(),
                    () = shared.more.notified() => shared.news(&engine).await,
                };
                for told in told {
                    send(&told).await;
                }
            }
        });
    }

    /// Starts sending: the browser has said hello.
    pub(super) fn begin(&self) {
        self.shared.begun.notify_one();
        self.shared.more.notify_one();
    }

    /// Sends the rules again.
    pub(super) fn rules_changed(&self) {
        self.put(|waiting| waiting.pages = true);
    }

    /// Answers a request.
    pub(super) async fn answer(&self, answer: Told) {
        let _ = self.answers.send(answer).await;
    }

    fn put(&self, put: impl FnOnce(&mut Waiting)) {
        put(&mut self.shared.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        self.shared.more.notify_one();
    }
}

impl Shared {
    /// Returns the messages that are new.
    async fn news(&self, engine: &Handle) -> Vec<Told> {
        let (pages, taken, status, trouble) = {
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            (
                std::mem::take(&mut waiting.pages),
                waiting.taken.take(),
                waiting.status.take(),
                waiting.trouble.take(),
            )
        };
        let mut told = Vec::new();
        if pages {
            match engine.ask(|engine, _| Ok(Pages::of(engine.config()))).await {
                Ok(pages) => told.push(Told::Pages(pages)),
                Err(error) => told.push(Told::Trouble {
                    text: Some(Failure::of(&error).line()),
                }),
            }
        }
        told.extend(trouble.map(|Trouble(text)| Told::Trouble { text }));
        told.extend(status.map(|status| Told::Status { status }));
        told.extend(taken.map(|seq| Told::Taken { seq }));
        told
    }
}

async fn send(told: &Told) {
    let body = match serde_json::to_vec(told) {
        Ok(body) if body.len() <= LONGEST_OUT => body,
        Ok(body) => {
            error!("a message of {} bytes is too long for browsers", body.len());
            br#"{"type":"trouble","text":"there are more rules on pages than a browser takes"}"#.to_vec()
        }
        Err(error) => {
            error!("a message could not be written: {error}");
            return;
        }
    };
    // A browser that does not listen any more closes stdin too, which ends the host.
    let _ = frame::write(&mut tokio::io::stdout(), &body).await;
}

impl Door for Outbox {
    fn taken(&self, taken: Taken) {
        self.put(|waiting| waiting.taken = Some(taken.seq.0));
    }

    fn status(&self, status: &Status) {
        let status = serde_json::to_value(status).unwrap_or_default();
        self.put(|waiting| waiting.status = Some(status));
    }

    fn config(&self, findings: &[Finding]) {
        let broken = findings.iter().find(|finding| finding.severity == Severity::Error);
        let trouble = broken.map(Finding::notice);
        self.put(|waiting| {
            waiting.pages = true;
            waiting.trouble = Some(Trouble(trouble));
        });
    }

    fn tell(&self, _text: &str) {
        // The result of an edit is reported where it was made: in the editor, or as the answer to a request.
    }
}
