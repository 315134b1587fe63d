//! The thread while it runs, and its end.

use std::convert::Infallible;
use std::thread::JoinHandle;

use tokio::sync::oneshot;

/// The engine's thread.
pub struct Thread {
    join: JoinHandle<()>,
    over: oneshot::Receiver<Infallible>,
}

impl Thread {
    pub(super) fn start(run: impl FnOnce() + Send + 'static) -> Self {
        let (held, over) = oneshot::channel::<Infallible>();
        let join = std::thread::spawn(move || {
            // Dropped at the end of the thread, also when it panics.
            let _held = held;
            run();
        });
        Self { join, over }
    }

    /// Waits until the thread has ended by itself, as it does when it panics. Without it a host is of no use: it ends, and
    /// its editor starts another.
    pub async fn over(&mut self) {
        let _ = (&mut self.over).await;
    }

    /// Waits for the thread's end and returns whether it was an orderly one.
    #[must_use]
    pub fn join(self) -> bool {
        self.join.join().is_ok()
    }
}
