//! Reading the chains that begin on a day, and going on where it stopped.
//!
//! What was read of the present stays: a new heartbeat costs what it adds, however long the day. Whether something came
//! in before the place that was reached is told by counting, for every transaction counts what it adds to a day.

use std::collections::HashMap;
use std::ops::ControlFlow;

use anyhow::Result;
use keeptab_core::activity::{Actor, Event, EventId, Sign};
use keeptab_core::instant::{Instant, Span};
use keeptab_core::timeline::{Crediting, Stretch, Tag};

use super::ledger;
use crate::config::Config;
use crate::store::{EntityId, Store, StoredEvent, StoredSign, UtcDay};

/// The chains of one actor that begin on a day, as far as they were read.
pub(super) struct Reading {
    day: UtcDay,
    of: Actor,
    /// The hash of what the config said about counting.
    config: i64,
    /// How often the day before had been touched: its last heartbeat decides whether this day's first goes on.
    before: i64,
    crediting: Crediting<Tag>,
    /// The last heartbeat that was read, of this day or before.
    last: Option<Instant>,
    /// Whether a chain has begun on this day.
    begun: bool,
    /// Whether the first heartbeat of the day goes on with a chain that began before.
    continues: Option<bool>,
    /// The last event that was read, and how many they were.
    reached: Option<(Instant, EventId)>,
    count: usize,
    /// Whether it went on to the end of all events, so that more can only come behind it.
    open: bool,
}

/// What a reading needs of the engine.
pub(super) struct Sight<'a> {
    pub(super) store: &'a Store,
    pub(super) config: &'a Config,
    pub(super) tags: &'a mut HashMap<EntityId, Tag>,
    pub(super) now: Instant,
}

impl Reading {
    /// Reads the chains of an actor that begin on a day.
    pub(super) fn of(day: UtcDay, of: Actor, sight: &mut Sight<'_>) -> Result<Self> {
        let mut reading = Self {
            day,
            of,
            config: sight.config.counting_hash(),
            before: 0,
            crediting: Crediting::new(sight.config.counting, sight.now),
            last: sight.store.heartbeat_before(day.span().start(), of)?,
            begun: false,
            continues: None,
            reached: None,
            count: 0,
            open: true,
        };
        sight.store.snapshot(|store| {
            reading.before = store.events_from(day)?.0;
            reading.read(sight)
        })?;
        Ok(reading)
    }

    /// Goes on to the present; nothing where something came in before what was read.
    pub(super) fn go_on(mut self, sight: &mut Sight<'_>) -> Result<Option<Self>> {
        let known = self.config == sight.config.counting_hash() && self.reached.is_none_or(|(at, _)| at <= sight.now);
        if !(self.open && known) {
            return Ok(None);
        }
        sight.store.snapshot(|store| {
            let (before, count) = store.events_from(self.day)?;
            if before != self.before || count < self.count {
                return Ok(None);
            }
            self.crediting.move_to(sight.now);
            if count > self.count {
                self.read(sight)?;
            }
            Ok((self.open && count == self.count).then_some(self))
        })
    }

    /// Returns whether it is the chains of this actor and day.
    pub(super) fn is_of(&self, day: UtcDay, of: Actor) -> bool {
        (self.day, self.of) == (day, of)
    }

    /// Returns whether more can be read behind it.
    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    /// Returns whether the first heartbeat of the day goes on with a chain that began before.
    pub(super) fn continues(&self) -> bool {
        self.continues == Some(true)
    }

    /// Returns what the chains come to so far.
    pub(super) fn stretches(&self) -> Vec<Stretch<Tag>> {
        self.crediting.so_far()
    }

    /// Returns the instant after which nothing can change the chains.
    pub(super) fn until(&self, config: &Config) -> Instant {
        let end = self.day.span().end();
        self.last.map_or(end, |last| last + config.reach()).max(end)
    }

    fn read(&mut self, sight: &mut Sight<'_>) -> Result<()> {
        let mut failed = None;
        let (store, reached, rest) = (sight.store, self.reached, rest_from(self.day));
        let each = |event: StoredEvent| match self.take(event, sight) {
            Ok(flow) => flow,
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        };
        match reached {
            Some(last) => store.events_beyond(last, each)?,
            None => store.events_until(rest, each)?,
        }
        failed.map_or(Ok(()), Err)
    }

    fn take(&mut self, event: StoredEvent, sight: &mut Sight<'_>) -> Result<ControlFlow<()>> {
        let over = self.last.is_none_or(|last| event.at - last > sight.config.reach());
        if over && event.at >= self.day.span().end() {
            self.open = false;
            return Ok(ControlFlow::Break(()));
        }
        // What is dated in the future is looked at again until it is due.
        self.open &= event.at <= sight.now;
        self.reached = Some((event.at, event.id));
        self.count += 1;
        let sign = match event.sign {
            StoredSign::Newer => return Ok(ControlFlow::Continue(())),
            StoredSign::Boundary(_) => Sign::Boundary,
            StoredSign::Heartbeat(_, actor, _) if actor != self.of => return Ok(ControlFlow::Continue(())),
            StoredSign::Heartbeat(_, _, entity) => {
                self.continues.get_or_insert(!over);
                self.begun |= over;
                self.last = Some(event.at);
                Sign::Heartbeat {
                    // Agents are credited as the person is, in a stream of their own.
                    actor: Actor::Human,
                    tag: ledger::tag(sight.store, sight.config, sight.tags, entity)?,
                }
            }
        };
        if self.begun {
            self.crediting.push(Event {
                at: event.at,
                id: event.id,
                sign,
            });
        }
        Ok(ControlFlow::Continue(()))
    }
}

fn rest_from(day: UtcDay) -> Span {
    Span::new(day.span().start(), Instant::LATEST).unwrap_or(Span::ALL)
}
