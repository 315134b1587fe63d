//! Replacement of the open store file: only the file at its path counts.

use anyhow::{Result, bail};
use keeptab_core::instant::Instant;

use super::Engine;
use super::activity::Batch;
use super::command::{Command, Reply};
use crate::store::{Moved, Taken};

impl Engine {
    /// Opens the file at the store's path if it is another than before, and returns true then. Everything that was
    /// read or computed from the old one is dropped.
    pub(super) fn follow_file(&mut self, now: Instant) -> Result<bool> {
        let Some((store, moved)) = self.store.successor(now)? else {
            return Ok(false);
        };
        let path = store.path().display().to_string();
        let fresh = Self::on(self.home.clone(), store, now)?;
        *self = fresh;
        let Moved { removed, kept } = moved;
        let what = if removed {
            "was removed, and a new one was begun"
        } else {
            "was replaced, and the new file counts from now on"
        };
        let hint = match kept {
            Some(kept) => {
                let kept = kept.display();
                format!("all until now is in {kept}; to go on with it, put it back in that place")
            }
            None => "the old one is damaged; `keeptab restore` puts a backup in that place".to_owned(),
        };
        self.followed = Some(format!("{path} {what}\nhint: {hint}"));
        Ok(true)
    }

    /// Records a batch. After the commit the file is checked again: a batch that went to a file that is gone is
    /// recorded again in the new one.
    pub(super) fn record_in_place(&mut self, batch: &Batch, now: Instant) -> Result<Taken> {
        let taken = self.look_at_roots().and_then(|()| self.record(batch, now));
        if self.follow_file(now)? {
            return self.record(batch, now);
        }
        taken
    }

    /// Does anything else.
    pub(super) fn perform_in_place(&mut self, command: Command, now: Instant) -> Result<Reply> {
        self.follow_file(now)?;
        let done = self.perform(command, now)?;
        if self.follow_file(now)? {
            bail!(
                "the database was removed or replaced meanwhile, and it is not known what of this was kept\nhint: try again"
            );
        }
        Ok(done)
    }

    /// Returns, once, that the file was removed or replaced, with what became of it.
    pub fn take_followed(&mut self) -> Option<String> {
        self.followed.take()
    }
}
