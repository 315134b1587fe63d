//! Batches that wait while the store cannot be written, in their order.

use std::collections::VecDeque;

use anyhow::Result;
use keeptab_store::Taken;
use keeptab_system::clock;
use tracing::error;

use crate::Engine;
use crate::activity::{Batch, RootNames};

/// Events that are held while the store cannot be written; beyond it they are refused, and the editor keeps them.
const MOST: usize = 100_000;

/// A message without an answer: a batch of activity is acknowledged, names of roots are not.
pub(super) enum Notice {
    /// Activity.
    Batch(Batch),
    /// The other names of workspace roots.
    Roots(Vec<RootNames>),
    /// Workspace roots whose names the engine looks up on the disk.
    FindRoots(Vec<String>),
}

impl Notice {
    /// Commits the message, and returns the acknowledgement of a batch; `None` for names of roots.
    pub(super) fn commit(&self, engine: &mut Engine) -> Result<Option<Taken>> {
        let now = clock::now();
        match self {
            Self::Batch(batch) => engine.take(batch, now).map(Some),
            Self::Roots(roots) => engine.ask(now, |engine, _| engine.know_roots(roots)).map(|_| None),
            Self::FindRoots(roots) => engine.ask(now, |engine, _| engine.find_roots(roots)).map(|_| None),
        }
    }
}

/// Batches and names of roots that are not committed yet, in the order of arrival. A batch must not overtake an earlier
/// one of its source: acknowledging a number acknowledges all numbers before it.
#[derive(Default)]
pub(super) struct Held {
    queue: VecDeque<Notice>,
    /// True if a message was refused; then no later one may be taken either.
    refusing: bool,
}

impl Held {
    /// Adds a batch behind all others.
    pub(super) fn batch(&mut self, batch: Batch) {
        let count = |notice: &Notice| match notice {
            Notice::Batch(batch) => batch.events.len(),
            Notice::Roots(_) | Notice::FindRoots(_) => 0,
        };
        self.refusing |= self.queue.iter().map(count).sum::<usize>() > MOST;
        if self.refusing {
            error!("{} events were refused; the editor keeps them", batch.events.len());
        } else {
            self.queue.push_back(Notice::Batch(batch));
        }
    }

    /// Adds a message behind all others.
    pub(super) fn tell(&mut self, notice: Notice) {
        if !self.refusing {
            self.queue.push_back(notice);
        }
    }

    /// Returns the next message.
    pub(super) fn next(&self) -> Option<&Notice> {
        self.queue.front()
    }

    /// Removes the next message, which is done.
    pub(super) fn done(&mut self) {
        self.queue.pop_front();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Returns true if all held messages are done and a later one was refused: only another host can get that.
    pub(super) fn is_spent(&self) -> bool {
        self.refusing && self.queue.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use keeptab_core::activity::Seq;
    use keeptab_core::instant::Instant;

    use super::*;
    use crate::{Activity, What};

    fn batch(first: u64, count: u64) -> Batch {
        let event = |seq| Activity {
            seq: Some(Seq(seq)),
            at: Instant::from_millis(0),
            what: What::Nothing,
        };
        Batch {
            source: "a".into(),
            events: (first..first + count).map(event).collect(),
        }
    }

    #[test]
    fn nothing_is_taken_after_what_was_refused() {
        let mut held = Held::default();
        for n in 0..12 {
            held.batch(batch(1 + n * 10_000, 10_000));
        }
        assert!(!held.is_spent());
        let mut seqs = Vec::new();
        while let Some(Notice::Batch(batch)) = held.next() {
            seqs.extend(batch.events.iter().filter_map(|event| event.seq));
            held.done();
            held.batch(super::tests::batch(1_000_000, 1));
        }
        assert_eq!(seqs, (1..=110_000).map(Seq).collect::<Vec<_>>());
        assert!(held.is_spent());
    }
}
