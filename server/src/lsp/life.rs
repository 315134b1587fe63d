//! End of a host: at the end of its editor, including a crash.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use tokio::sync::Notify;

/// Knowledge of the editor's life.
#[derive(Clone, Default)]
pub(super) struct Life {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    process: AtomicU32,
    known: Notify,
    shut_down: AtomicBool,
}

impl Life {
    /// Takes the editor's process id from `initialize`.
    ///
    /// A process that is not visible now, such as one outside a container, is ignored: it would seem dead.
    pub(super) fn of_process(&self, process: u32) {
        if is_alive(process) {
            self.shared.process.store(process, Ordering::SeqCst);
            self.shared.known.notify_one();
        }
    }

    /// Notes that `shutdown` came; from then on an end is orderly.
    pub(super) fn shut_down(&self) {
        self.shared.shut_down.store(true, Ordering::SeqCst);
    }

    /// Returns true if `shutdown` came.
    pub(super) fn was_orderly(&self) -> bool {
        self.shared.shut_down.load(Ordering::SeqCst)
    }

    /// Waits until the editor's process has ended; forever if it is not known.
    pub(super) async fn editor_died(&self) {
        self.shared.known.notified().await;
        ended(self.shared.process.load(Ordering::SeqCst)).await;
    }
}

#[cfg(unix)]
fn is_alive(process: u32) -> bool {
    let id = i32::try_from(process).ok().and_then(rustix::process::Pid::from_raw);
    // Another user's process may not be signalled, but is alive.
    id.is_some_and(|id| rustix::process::test_kill_process(id) != Err(rustix::io::Errno::SRCH))
}

#[cfg(not(unix))]
fn is_alive(_process: u32) -> bool {
    // On other systems only the end of stdin shows it.
    false
}

/// Waits for the end of a process without waking up for it: a thread sleeps in the kernel until then.
#[cfg(target_os = "linux")]
async fn ended(process: u32) {
    use rustix::event::{PollFd, PollFlags, poll};
    use rustix::process::{Pid, PidfdFlags, pidfd_open};

    let id = i32::try_from(process).ok().and_then(Pid::from_raw);
    let Some(descriptor) = id.and_then(|id| pidfd_open(id, PidfdFlags::empty()).ok()) else {
        return polled(process).await;
    };
    let slept = tokio::task::spawn_blocking(move || {
        let mut watched = [PollFd::new(&descriptor, PollFlags::IN)];
        while poll(&mut watched, None) == Err(rustix::io::Errno::INTR) {}
    });
    if slept.await.is_err() {
        polled(process).await;
    }
}

#[cfg(not(target_os = "linux"))]
async fn ended(process: u32) {
    polled(process).await;
}

async fn polled(process: u32) {
    while is_alive(process) {
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
}
