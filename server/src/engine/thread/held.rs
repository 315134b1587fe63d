//! Batches that wait while the store cannot be written, in their order.

use std::collections::VecDeque;
use std::sync::Arc;

use tracing::error;

use crate::engine::activity::Batch;
use crate::engine::command::Command;

/// Events that are held while the store cannot be written; beyond it they are refused, and the editor keeps them.
const MOST: usize = 100_000;

/// Batches and names of roots that are not committed yet. They are committed in order: a later batch of a source first
/// would make earlier numbers pass for taken.
#[derive(Default)]
pub(super) struct Held {
    queue: VecDeque<Command>,
    /// True if a message was refused; then no later one may be taken either.
    refusing: bool,
}

impl Held {
    /// Adds a batch behind all others.
    pub(super) fn batch(&mut self, batch: Batch) {
        let count = |command: &Command| match command {
            Command::Record(batch) => batch.events.len(),
            _ => 0,
        };
        self.refusing |= self.queue.iter().map(count).sum::<usize>() > MOST;
        if self.refusing {
            error!("{} events were refused; the editor keeps them", batch.events.len());
        } else {
            self.queue.push_back(Command::Record(Arc::new(batch)));
        }
    }

    /// Adds a command that needs no reply, such as names of roots, behind all others.
    pub(super) fn tell(&mut self, command: Command) {
        if !self.refusing {
            self.queue.push_back(command);
        }
    }

    /// Returns the next command.
    pub(super) fn next(&self) -> Option<Command> {
        self.queue.front().cloned()
    }

    /// Removes the next command, which is done.
    pub(super) fn done(&mut self) {
        self.queue.pop_front();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Returns true if all held commands are done and a later one was refused: only another host can get that.
    pub(super) fn is_spent(&self) -> bool {
        self.refusing && self.queue.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use keeptab_core::activity::Seq;
    use keeptab_core::instant::Instant;

    use super::*;
    use crate::engine::{Activity, What};

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
        while let Some(Command::Record(batch)) = held.next() {
            seqs.extend(batch.events.iter().filter_map(|event| event.seq));
            held.done();
            held.batch(super::tests::batch(1_000_000, 1));
        }
        assert_eq!(seqs, (1..=110_000).map(Seq).collect::<Vec<_>>());
        assert!(held.is_spent());
    }
}
