//! Replacement of the open store file: only the file at its path counts.

use anyhow::{Result, bail};
use keeptab_core::instant::Instant;
use keeptab_store::{Moved, Taken};

use super::Engine;
use super::activity::Batch;

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
    ///
    /// # Errors
    ///
    /// If the store cannot be written.
    pub fn take(&mut self, batch: &Batch, now: Instant) -> Result<Taken> {
        let taken = self.take_in_place(batch, now);
        taken.map_err(|error| self.store.explained(error))
    }

    fn take_in_place(&mut self, batch: &Batch, now: Instant) -> Result<Taken> {
        let taken = self.look_at_roots().and_then(|()| self.record(batch, now));
        if self.follow_file(now)? {
            return self.record(batch, now);
        }
        taken
    }

    /// Makes any other call.
    pub(super) fn ask_in_place<T>(
        &mut self,
        now: Instant,
        call: impl FnOnce(&mut Self, Instant) -> Result<T>,
    ) -> Result<T> {
        self.follow_file(now)?;
        self.look_at_roots()?;
        let answer = call(self, now)?;
        if self.follow_file(now)? {
            bail!(
                "the database was removed or replaced meanwhile, and it is not known what of this was kept\nhint: try again"
            );
        }
        Ok(answer)
    }

    /// Returns, once, the message about a removed or replaced database file.
    pub fn take_followed(&mut self) -> Option<String> {
        self.followed.take()
    }
}
