//! Work that takes a while shows: `$/progress`, from then on until it is over.

use std::sync::Arc;
use std::time::Duration;

use keeptab_engine::Progress as Told;
use tokio::sync::oneshot::{self, Receiver, Sender};
use tokio::sync::watch;

use super::outbox::Outbox;

/// Shorter work shows no progress, which would only flicker.
const A_WHILE: Duration = Duration::from_millis(300);

/// Progress in percent; `None` if unknown.
#[derive(Clone, Default)]
pub(super) struct Percent(Arc<watch::Sender<Option<u32>>>);

impl Percent {
    /// Makes the progress of work that reports it.
    pub(super) fn told() -> Self {
        Self(Arc::new(watch::Sender::new(Some(0))))
    }

    /// Returns the callback with which the engine reports progress.
    pub(super) fn teller(&self) -> Told {
        let percent = Arc::clone(&self.0);
        Told(Some(Arc::new(move |done, all| {
            let now = u32::try_from(done.saturating_mul(100) / all.max(1)).ok();
            // Reading a file again does not lower it.
            percent.send_if_modified(|told| {
                let rises = *told < now;
                *told = (*told).max(now);
                rises
            });
        })))
    }
}

/// Work in progress until this is dropped.
pub(super) struct Work {
    _over: Sender<()>,
}

impl Work {
    /// Begins it.
    pub(super) fn begin(outbox: &Outbox, command: &str, percent: &Percent) -> Self {
        let (sender, mut over) = oneshot::channel();
        let (outbox, title) = (outbox.clone(), title(command));
        // The progress of earlier work does not count.
        percent.0.send_modify(|told| *told = told.map(|_| 0));
        let percent = percent.0.subscribe();
        tokio::spawn(async move {
            if tokio::time::timeout(A_WHILE, &mut over).await.is_err() {
                outbox.progress(Progress { title, percent, over });
            }
        });
        Self { _over: sender }
    }
}

/// Work that is worth showing.
pub(super) struct Progress {
    pub(super) title: &'static str,
    pub(super) percent: watch::Receiver<Option<u32>>,
    /// Resolves, with an error, at the end.
    pub(super) over: Receiver<()>,
}

/// Returns the title of a command's progress.
fn title(command: &str) -> &'static str {
    match command {
        "invoice" => "Keeptab: preparing the invoice",
        "import" => "Keeptab: importing",
        "review" => "Keeptab: writing the week",
        "report" | "totals" => "Keeptab: adding up",
        _ => "Keeptab: at work",
    }
}
