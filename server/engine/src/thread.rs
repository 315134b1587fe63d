//! The engine on a thread of its own: one queue in, one listener out.
//!
//! Activity is queued in the order of arrival and committed in batches as large as the backlog. The thread sleeps
//! until a message arrives or the status bar is due.

mod backing;
mod handle;
mod held;
mod opening;
mod running;

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant as Monotonic};

use keeptab_config::Finding;
use keeptab_core::activity::Cause;
use keeptab_core::instant::{Instant, Length};
use keeptab_core::timeline::Tag;
use keeptab_store::{Taken, chain_of};
use keeptab_system::clock;
use keeptab_system::home::{Home, sweep};
use tracing::{error, info};

use super::activity::Batch;
use super::{Engine, Root, Status};
use crate::failure::Failure;
use handle::{Message, Waiting};
use held::Held;

pub use handle::Handle;
pub use running::Thread;

/// The most events of one commit, so that a burst is acknowledged in parts.
const MOST_AT_ONCE: usize = 10_000;
/// The delay after a failure before the store is tried again.
const RETRY_AFTER: Duration = Duration::from_secs(3);
/// The wall clock and the monotonic clock may drift apart by this much before it counts as a suspend or a jump.
const DRIFT: Duration = Duration::from_secs(5);
/// The shortest interval between two computations of the status.
const STATUS_EVERY: Duration = Duration::from_secs(1);
/// The interval while the person stays on one project: minutes pass slowly.
const STATUS_AT_WORK: Duration = Duration::from_secs(5);
/// The delay before a changed config file is read: an editor that saves it empties or moves it first.
const SETTLED: Duration = Duration::from_millis(100);
/// The interval while nothing happens: minutes pass, and other windows work.
const STATUS_AT_REST: Duration = Duration::from_secs(30);
/// The interval of checks for a rule to propose while time is unassigned.
const OFFER_EVERY: Duration = STATUS_AT_REST;
/// The delay before the first check: an editor that is open only for a moment, such as for a commit message, proposes
/// none.
const FIRST_OFFER: Duration = Duration::from_secs(5);

/// The receiver of the engine's notifications.
pub trait Door: Send + 'static {
    /// All events of a source up to a number are committed.
    fn taken(&self, taken: Taken);
    /// The status changed.
    fn status(&self, status: &Status);
    /// The config file was read, with its findings.
    fn config(&self, findings: &[Finding]);
    /// A message to the user.
    fn tell(&self, text: &str);
    /// Returns true if the user sees the messages.
    fn shows(&self) -> bool {
        false
    }
    /// Returns the open workspace roots as URIs, if the editor can propose rules for them.
    fn roots(&self) -> Vec<String> {
        Vec::new()
    }
    /// A proposal to the user; made once.
    fn offer(&self, _offer: &Offer) {}
}

/// A proposal to the user.
#[derive(Clone, Debug)]
pub enum Offer {
    /// To write a rule: the person works in a root that no rule names.
    Assign(Root),
    /// To forget: a new rule ignores this number of stored files, folders and pages.
    Forget(usize),
}

fn run(home: &Home, messages: &Receiver<Message>, waiting: &Waiting, door: &impl Door) {
    let mut held = Held::default();
    let Some((mut engine, patient)) = opening::open(home, messages, waiting, door, &mut held) else {
        return;
    };
    sweep(home, clock::now());
    if door.shows()
        && let Some(lost) = engine.take_lost()
    {
        door.tell(&lost);
    }
    Worker::new(engine, messages, waiting, door, held).run(patient);
}

struct Worker<'a, D> {
    engine: Engine,
    messages: &'a Receiver<Message>,
    waiting: &'a Waiting,
    door: &'a D,
    /// The batches being taken, or all since the store failed.
    held: Held,
    /// The last reading of both clocks.
    stamp: (Instant, Monotonic),
    /// The project the person worked on at the last computation of the status.
    current: Option<Tag>,
    /// The last status that was sent.
    shown: Option<Status>,
    /// The time of the next computation of the status.
    due: Monotonic,
    looked_at: Monotonic,
    /// The time at which a changed config file is read, once it has settled.
    settles: Option<Monotonic>,
    /// The time of the next check for a rule to propose.
    offers: Monotonic,
    /// The time between two backups.
    rest: backing::Rest,
}

impl<'a, D: Door> Worker<'a, D> {
    fn new(engine: Engine, messages: &'a Receiver<Message>, waiting: &'a Waiting, door: &'a D, held: Held) -> Self {
        let now = clock::monotonic();
        info!("engine started");
        door.config(engine.findings());
        Self {
            engine,
            messages,
            waiting,
            door,
            held,
            stamp: (clock::now(), now),
            current: None,
            shown: None,
            due: now,
            looked_at: now,
            settles: None,
            offers: now + FIRST_OFFER,
            rest: backing::Rest::default(),
        }
    }

    fn run(mut self, mut next: VecDeque<Message>) {
        self.take_held();
        loop {
            if let Some(followed) = self.engine.take_followed() {
                self.door.tell(&followed);
                self.door.config(self.engine.findings());
            }
            if self.held.is_spent() {
                error!("this host refused events while the store failed; the next one gets them");
                return;
            }
            if self.settles.is_some_and(|at| at <= clock::monotonic()) {
                self.settles = None;
                self.reload();
            }
            let due = self.settles.map_or(self.due, |at| at.min(self.due));
            let wait = due.saturating_duration_since(clock::monotonic());
            let message = match next.pop_front() {
                Some(message) => Ok(message),
                None => self.messages.recv_timeout(wait),
            };
            self.watch_clocks();
            match message {
                Ok(Message::Activity(batch)) => next.extend(self.record(batch)),
                Ok(Message::Tell(notice)) => {
                    self.held.tell(notice);
                    self.take_held();
                }
                Ok(Message::Call { call, .. }) => {
                    call(Ok(&mut self.engine));
                    self.look_soon();
                }
                Ok(Message::ConfigTouched) => self.settles = Some(clock::monotonic() + SETTLED),
                Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => {
                    self.take_held();
                    return;
                }
                Err(RecvTimeoutError::Timeout) if clock::monotonic() < self.due => {}
                Err(RecvTimeoutError::Timeout) => {
                    self.take_held();
                    self.show_status();
                }
            }
        }
    }

    /// Cuts time when the machine slept or the wall clock was set, which shows in the difference of both clocks since
    /// the last reading. Time is cut at the last good instant, and after a step back also at the new present.
    fn watch_clocks(&mut self) {
        let (wall, monotonic) = (clock::now(), clock::monotonic());
        let (last_wall, last_monotonic) = std::mem::replace(&mut self.stamp, (wall, monotonic));
        let Some(cause) = jump(wall - last_wall, monotonic.saturating_duration_since(last_monotonic)) else {
            return;
        };
        info!(
            "the clocks disagree ({cause:?}): time is cut at {}",
            last_wall.to_rfc3339()
        );
        let step_back = (wall < last_wall).then_some(wall);
        for at in [Some(last_wall), step_back].into_iter().flatten() {
            let cut = |engine: &mut Engine, now| engine.cut(cause, at, now);
            if let Err(error) = self.engine.ask(clock::now(), cut) {
                error!("time was not cut: {error:#}");
            }
        }
    }

    /// Commits a batch together with those of the same source behind it in the queue, and returns the next other
    /// message.
    fn record(&mut self, first: Batch) -> Option<Message> {
        let mut batch = first;
        let mut next = None;
        while batch.events.len() < MOST_AT_ONCE {
            match self.messages.try_recv() {
                Ok(Message::Activity(more)) if more.source == batch.source => batch.events.extend(more.events),
                Ok(other) => {
                    next = Some(other);
                    break;
                }
                Err(_) => break,
            }
        }
        let count = batch.events.len();
        self.held.batch(batch);
        self.take_held();
        self.waiting.count.fetch_sub(count, Ordering::SeqCst);
        self.waiting.less.notify_waiters();
        self.look_after_activity();
        next
    }

    /// Commits the held batches in order, up to the first failure. Nothing is acknowledged before it is committed.
    fn take_held(&mut self) {
        while let Some(notice) = self.held.next() {
            match notice.commit(&mut self.engine) {
                Ok(Some(taken)) => {
                    self.door.taken(taken);
                    self.back_up_once_a_day();
                }
                Ok(None) => {}
                Err(error) => {
                    let status = Status::error(&Failure::of(&error).to_string());
                    if !self.shown.as_ref().is_some_and(|shown| shown.looks_like(&status)) {
                        error!("activity was not taken, and will be tried again: {}", chain_of(&error));
                        self.door.status(&status);
                        self.shown = Some(status);
                    }
                    self.due = self.due.min(clock::monotonic() + RETRY_AFTER);
                    return;
                }
            }
            self.held.done();
            // The status bar then shows the present, not the failure.
            self.shown.take_if(|shown| shown.is_error());
        }
    }

    fn reload(&mut self) {
        match self.engine.ask(clock::now(), Engine::reload) {
            Ok(true) => {
                info!("config read again");
                self.offers = clock::monotonic();
                self.door.config(self.engine.findings());
                if let Some(moved) = self.engine.take_moved() {
                    self.door.tell(&moved);
                }
                if let Some(count) = self.engine.take_forgettable() {
                    self.door.offer(&Offer::Forget(count));
                }
            }
            Ok(false) => {}
            Err(error) => error!("the config was not read: {error:#}"),
        }
        self.look_soon();
    }

    /// Computes the status soon if the person went over to another project, and now and then otherwise.
    fn look_after_activity(&mut self) {
        let current = self.engine.current(clock::now()).ok().flatten();
        if self.shown.is_none() || current != self.current {
            self.look_soon();
        } else {
            self.due = self.due.min(self.looked_at + STATUS_AT_WORK);
            if self.due <= clock::monotonic() {
                self.show_status();
            }
        }
    }

    /// Looks at the status as soon as a second has passed since the last time.
    fn look_soon(&mut self) {
        self.due = self.due.min(self.looked_at + STATUS_EVERY);
        // A steady stream of messages must not keep the status from being shown.
        if self.due <= clock::monotonic() {
            self.show_status();
        }
    }

    fn show_status(&mut self) {
        if !self.held.is_empty() {
            // The error stays in the status bar until the held batches are committed.
            self.due = clock::monotonic() + RETRY_AFTER;
            return;
        }
        let started = clock::monotonic();
        self.current = self.engine.current(clock::now()).ok().flatten();
        let status = self.engine.status(clock::now());
        let failed = status.is_err();
        let status = status.unwrap_or_else(|error| Status::error(&Failure::of(&error).to_string()));
        let is_unassigned = status.is_unassigned();
        if !self.shown.as_ref().is_some_and(|shown| shown.looks_like(&status)) {
            self.door.status(&status);
            self.shown = Some(status);
        }
        if is_unassigned {
            self.offer();
        }
        self.looked_at = clock::monotonic();
        // Should a huge history make this slow, it may take at most a tenth of the time.
        let pause = (self.looked_at - started) * 10;
        let rest = if failed { RETRY_AFTER } else { STATUS_AT_REST };
        self.due = self.looked_at + rest.max(pause);
        if is_unassigned {
            self.due = self.due.min(self.offers.max(self.looked_at + pause));
        }
    }

    /// Proposes a rule for the workspace root that the person works in, if no rule names it.
    fn offer(&mut self) {
        if self.offers > clock::monotonic() {
            return;
        }
        self.offers = clock::monotonic() + OFFER_EVERY;
        match self.engine.offer(&self.door.roots(), clock::now()) {
            Ok(Some(root)) => self.door.offer(&Offer::Assign(root)),
            Ok(None) => {}
            Err(error) => error!("no rule was proposed: {error:#}"),
        }
    }
}

/// Returns why wall and monotonic time went on differently, if they did: after a suspend the wall clock is ahead.
fn jump(wall: Length, monotonic: Duration) -> Option<Cause> {
    let monotonic = i64::try_from(monotonic.as_millis()).unwrap_or(i64::MAX);
    let ahead = wall.millis() - monotonic;
    let most = i64::try_from(DRIFT.as_millis()).unwrap_or(i64::MAX);
    if ahead > most {
        Some(Cause::Suspend)
    } else if ahead < -most {
        Some(Cause::Clock)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_that_disagree_by_more_than_five_seconds_cut_time() {
        let jump = |wall, monotonic| jump(Length::from_millis(wall), Duration::from_millis(monotonic));
        assert_eq!(jump(30_000, 30_000), None);
        assert_eq!(jump(35_000, 30_000), None);
        assert_eq!(jump(35_001, 30_000), Some(Cause::Suspend));
        assert_eq!(jump(25_000, 30_000), None);
        assert_eq!(jump(24_999, 30_000), Some(Cause::Clock));
        assert_eq!(jump(-3_600_000, 1_000), Some(Cause::Clock));
    }
}
