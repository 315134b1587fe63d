//! Work that takes a while shows: `$/progress`, from then on until it is over.

use std::time::Duration;

use tokio::sync::oneshot::{self, Receiver, Sender};

use super::outbox::Outbox;

/// Work that is shorter than this would only flicker.
const A_WHILE: Duration = Duration::from_millis(300);

/// Work that goes on until this is dropped.
pub(super) struct Work {
    _over: Sender<()>,
}

impl Work {
    /// Begins it.
    pub(super) fn begin(outbox: &Outbox, command: &str) -> Self {
        let (sender, mut over) = oneshot::channel();
        let (outbox, title) = (outbox.clone(), title(command));
        tokio::spawn(async move {
            if tokio::time::timeout(A_WHILE, &mut over).await.is_err() {
                outbox.progress(Progress { title, over });
            }
        });
        Self { _over: sender }
    }
}

/// Work that is worth showing.
pub(super) struct Progress {
    pub(super) title: &'static str,
    /// Resolves, with an error, at the end.
    pub(super) over: Receiver<()>,
}

/// Says what a command is doing.
fn title(command: &str) -> &'static str {
    match command {
        "invoice" => "Keeptab: preparing the invoice",
        "import" => "Keeptab: importing",
        "review" => "Keeptab: writing the week",
        "report" | "totals" => "Keeptab: adding up",
        _ => "Keeptab: at work",
    }
}
