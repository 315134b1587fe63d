//! The backup of the day: after the first commit of a day, on a thread of its own.

use keeptab_core::instant::{Instant, Length};
use keeptab_system::clock;
use tracing::{error, info};

use super::{Door, Worker};

/// The wait after a failed backup until another is tried, at the next commit.
const AGAIN_AFTER: Length = Length::from_millis(3_600_000);

/// The span in which commits need no backup.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rest(Option<(Instant, Instant)>);

impl<D: Door> Worker<'_, D> {
    /// Begins the backup of the day, unless it is there. The process may end at any time meanwhile.
    pub(super) fn back_up_once_a_day(&mut self) {
        let now = clock::now();
        // A clock that was set back ends the rest, too.
        if let Rest(Some((from, until))) = self.rest
            && from <= now
            && now < until
        {
            return;
        }
        let (tomorrow, is_there) = self.engine.backup_due(now);
        let until = if is_there {
            tomorrow
        } else {
            tomorrow.min(now + AGAIN_AFTER)
        };
        self.rest = Rest(Some((now, until)));
        if !is_there {
            let job = self.engine.backup_job(None, now);
            std::thread::spawn(move || match job.run_once() {
                Ok(Some(backup)) => info!("{}", backup.file.display()),
                Ok(None) => {}
                Err(error) => error!("{error:#}"),
            });
        }
    }
}
