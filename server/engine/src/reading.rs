//! Reading of the chains that begin on a day, which can be resumed.
//!
//! Readings of the present are kept: a new heartbeat costs only what it adds, however long the day. A count shows if
//! an event came in before the place reached: every transaction counts its events by day.

use std::collections::HashMap;
use std::ops::ControlFlow;

use anyhow::Result;
use keeptab_config::Config;
use keeptab_core::activity::{Actor, Event, EventId, Sign, Strength};
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::timeline::{Crediting, Stretch, Tag};
use keeptab_store::{EntityId, Store, StoredEvent, StoredSign, UtcDay};

use super::ledger;

/// A counted gap that is this long without a heartbeat is worth a question.
const LONG_GAP: Length = Length::from_minutes(10);

/// The chains that begin on a day, as far as they are read.
pub(super) struct Reading {
    day: UtcDay,
    /// The hash of the config's settings for counting.
    config: i64,
    /// The revisions of the day before and of the past: the day before decides whether this day's first heartbeat
    /// continues a chain.
    before: i64,
    human: Track,
    agents: Track,
    /// The last event that was read, and the number of events read.
    reached: Option<(Instant, EventId)>,
    count: usize,
    /// True if it reached the end of all events, so that new ones can only come behind it.
    open: bool,
}

/// The chains of one actor.
pub(super) struct Track {
    crediting: Crediting<Tag>,
    /// The last strong heartbeat that was read, of this day or before.
    last: Option<Instant>,
    /// The last heartbeat that was read, including weak ones.
    heard: Option<Instant>,
    /// The longest time between two heartbeats, including weak ones, since the last strong one.
    silence: Length,
    /// True if a chain has begun on this day.
    begun: bool,
    /// True if the first heartbeat of the day continues a chain that began before.
    continues: Option<bool>,
    /// Gaps between strong heartbeats of one chain in which nothing was seen for long.
    gaps: Vec<Span>,
}

/// The engine's state that a reading needs.
pub(super) struct Sight<'a> {
    pub(super) store: &'a Store,
    pub(super) config: &'a Config,
    pub(super) tags: &'a mut HashMap<EntityId, Tag>,
    pub(super) now: Instant,
}

impl Reading {
    /// Reads the chains that begin on a day.
    pub(super) fn of(day: UtcDay, sight: &mut Sight<'_>) -> Result<Self> {
        let track = |of| -> Result<Track> {
            Ok(Track {
                crediting: Crediting::new(sight.config.counting, sight.now),
                last: sight.store.strong_before(day.span().start(), of)?,
                heard: None,
                silence: Length::ZERO,
                begun: false,
                continues: None,
                gaps: Vec::new(),
            })
        };
        let mut reading = Self {
            day,
            config: sight.config.counting_hash(),
            before: 0,
            human: track(Actor::Human)?,
            agents: track(Actor::Agent)?,
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

    /// Reads on to the present; `None` if an event came in before the place reached.
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
            self.human.crediting.move_to(sight.now);
            self.agents.crediting.move_to(sight.now);
            if count > self.count {
                self.read(sight)?;
            }
            Ok((self.open && count == self.count).then_some(self))
        })
    }

    /// Returns true if the chains are those of this day.
    pub(super) fn is_of(&self, day: UtcDay) -> bool {
        self.day == day
    }

    /// Returns true if later events can still be read.
    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    /// Returns the person's chains.
    pub(super) fn human(&self) -> &Track {
        &self.human
    }

    /// Returns the agents' chains.
    pub(super) fn agents(&self) -> &Track {
        &self.agents
    }

    /// Returns the instant after which no event can change the chains: the end of the day, or the last strong heartbeat
    /// plus the longest gap that can be credited, if that is later.
    pub(super) fn until(&self, config: &Config) -> Instant {
        let end = self.day.span().end();
        let last = self.human.last.max(self.agents.last);
        last.map_or(end, |last| last + config.reach()).max(end)
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
        let reach = sight.config.reach();
        let over = |track: &Track| track.last.is_none_or(|last| event.at - last > reach);
        if event.at >= self.day.span().end() && over(&self.human) && over(&self.agents) {
            self.open = false;
            return Ok(ControlFlow::Break(()));
        }
        // An event dated in the future is read again until it is due.
        self.open &= event.at <= sight.now;
        self.reached = Some((event.at, event.id));
        self.count += 1;
        match event.sign {
            StoredSign::Newer => {}
            StoredSign::Boundary(_) => {
                self.human.push(&event, Sign::Boundary);
                self.agents.push(&event, Sign::Boundary);
            }
            StoredSign::Heartbeat(kind, actor, entity) => {
                let tag = ledger::tag(sight.store, sight.config, sight.tags, entity)?;
                let track = match actor {
                    Actor::Human => &mut self.human,
                    Actor::Agent => &mut self.agents,
                };
                match (kind.strength(), actor) {
                    (Strength::Strong, _) => track.beat(&event, tag, reach, self.day),
                    (Strength::Weak, Actor::Human) => track.glance(&event, tag),
                    // An agent looks at nothing.
                    (Strength::Weak, Actor::Agent) => {}
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}

impl Track {
    /// Takes a strong heartbeat. A chain that begins after the day is another day's.
    fn beat(&mut self, event: &StoredEvent, tag: Tag, reach: Length, day: UtcDay) {
        let over = self.last.is_none_or(|last| event.at - last > reach);
        if over && event.at >= day.span().end() {
            return;
        }
        self.hear(event.at);
        let gap = self.last.and_then(|last| Span::new(last, event.at));
        if let Some(gap) = gap.filter(|_| !over && self.begun && self.silence >= LONG_GAP) {
            self.gaps.push(gap);
        }
        self.silence = Length::ZERO;
        self.continues.get_or_insert(!over);
        self.begun |= over;
        self.last = Some(event.at);
        self.credit(event, Strength::Strong, tag);
    }

    /// Takes a weak heartbeat, which neither begins nor continues a chain.
    fn glance(&mut self, event: &StoredEvent, tag: Tag) {
        self.hear(event.at);
        self.credit(event, Strength::Weak, tag);
    }

    fn hear(&mut self, at: Instant) {
        let silence = self.heard.or(self.last).map_or(Length::ZERO, |heard| at - heard);
        self.silence = self.silence.max(silence);
        self.heard = Some(at);
    }

    /// Agents are credited as the person is, in a stream of their own.
    fn credit(&mut self, event: &StoredEvent, strength: Strength, tag: Tag) {
        let actor = Actor::Human;
        self.push(event, Sign::Heartbeat { actor, strength, tag });
    }

    fn push(&mut self, event: &StoredEvent, sign: Sign<Tag>) {
        if self.begun {
            self.crediting.push(Event {
                at: event.at,
                id: event.id,
                sign,
            });
        }
    }

    /// Returns true if the first heartbeat of the day continues a chain that began before.
    pub(super) fn continues(&self) -> bool {
        self.continues == Some(true)
    }

    /// Returns the stretches of the chains so far.
    pub(super) fn stretches(&self) -> Vec<Stretch<Tag>> {
        self.crediting.so_far()
    }

    /// Returns the gaps between strong heartbeats of one chain in which no heartbeat came for long.
    pub(super) fn gaps(&self) -> &[Span] {
        &self.gaps
    }
}

fn rest_from(day: UtcDay) -> Span {
    Span::new(day.span().start(), Instant::LATEST).unwrap_or(Span::ALL)
}
