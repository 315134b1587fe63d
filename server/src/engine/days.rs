//! What was captured, computed day by day and kept until something touches the day.
//!
//! Time falls into chains: heartbeats of the person with no gap in between that is longer than can be counted. Nothing
//! is ever credited or absorbed from one chain to another, so a chain can be computed alone. A day's stretches are those
//! of the chains that *begin* on it; they depend on the day and its neighbours only, and are kept under the sum of the
//! three revisions, which rise with every event, and the hash of what the config says about counting.

use std::ops::ControlFlow;

use anyhow::Result;
use keeptab_core::activity::{Actor, Event, Sign};
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::timeline::{Crediting, ProjectIndex, Stretch, Tag, absorb, beside};

use super::{Engine, ledger};
use crate::store::{CachedDay, StoredSign, UtcDay};

/// The chains that begin on a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Day {
    /// The person's, absorbed.
    human: Chains,
    /// Agents', where a client counts their time.
    agents: Chains,
}

/// Chains of one actor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Chains {
    /// Whether the first heartbeat of the day goes on with a chain that began before.
    continues: bool,
    stretches: Vec<Stretch<Tag>>,
}

impl Engine {
    /// Returns what was captured in a span, absorbed but not corrected; it may reach past the span.
    pub(super) fn captured(&mut self, span: Span, now: Instant) -> Result<Vec<Stretch<Tag>>> {
        let last = UtcDay::of(span.end().min(now));
        let mut first = UtcDay::of(span.start()).before();
        let mut days = self.days(first, last, now)?;
        // A chain may have begun days before: nobody has to sleep.
        while days
            .first()
            .is_some_and(|(day, found)| *day == first && (found.human.continues || found.agents.continues))
        {
            first = first.before();
            let earlier = self.days(first, first, now)?;
            days.splice(..0, earlier);
        }
        let mut human = Vec::new();
        let mut agents = Vec::new();
        for (_, day) in days {
            human.extend(day.human.stretches);
            agents.extend(day.agents.stretches);
        }
        if agents.is_empty() {
            return Ok(human);
        }
        Ok(beside(&human, &agents, |tag| self.config.counts_agents(tag)))
    }

    /// Returns the days with events from the first to the last, computing those that were touched.
    fn days(&mut self, first: UtcDay, last: UtcDay, now: Instant) -> Result<Vec<(UtcDay, Day)>> {
        let config = self.config.counting_hash();
        let mut days = Vec::new();
        let mut fresh = Vec::new();
        for (day, revision, cached) in self.store.days(first, last)? {
            let known = cached.filter(|cached| cached.revision == revision && cached.config == config);
            if let Some(known) = known.and_then(|known| decode(&known.bytes, day)) {
                days.push((day, known));
                continue;
            }
            let (computed, settled) = self.day(day, now)?;
            if settled {
                fresh.push(CachedDay {
                    day,
                    revision,
                    config,
                    bytes: encode(&computed, day),
                });
            }
            days.push((day, computed));
        }
        if !fresh.is_empty() && self.keeps_days {
            self.store.cache_days(&fresh)?;
        }
        Ok(days)
    }

    /// Computes the chains that begin on a day, and says whether they are settled: over, and within its neighbours.
    fn day(&mut self, day: UtcDay, now: Instant) -> Result<(Day, bool)> {
        let (mut human, until) = self.chains(day, Actor::Human, now)?;
        human.stretches = absorb(&human.stretches, self.config.absorb);
        let (agents, agents_until) = if self.config.counts_any_agents() {
            self.chains(day, Actor::Agent, now)?
        } else {
            (Chains::default(), until)
        };
        let until = until.max(agents_until);
        let settled = until < now && until < day.after().span().end();
        Ok((Day { human, agents }, settled))
    }

    /// Computes the chains of an actor that begin on a day, and the instant after which nothing can change them.
    fn chains(&mut self, day: UtcDay, of: Actor, now: Instant) -> Result<(Chains, Instant)> {
        let counting = self.config.counting;
        let reach = counting.idle_timeout.max(counting.tail);
        let (start, end) = (day.span().start(), day.span().end());
        let mut last = self.store.heartbeat_before(start, of)?;
        let mut begun = false;
        let mut first = None;
        let mut crediting = Crediting::new(counting, now);
        let mut failed = None;
        let (store, config, tags) = (&self.store, &self.config, &mut self.tags);
        let rest = Span::new(start, Instant::LATEST).unwrap_or(Span::ALL);
        store.events_until(rest, |event| {
            let over = last.is_none_or(|last| event.at - last > reach);
            if over && event.at >= end {
                return ControlFlow::Break(());
            }
            let sign = match event.sign {
                StoredSign::Boundary(_) => Sign::Boundary,
                StoredSign::Heartbeat(_, actor, _) if actor != of => return ControlFlow::Continue(()),
                StoredSign::Heartbeat(_, _, entity) => match ledger::tag(store, config, tags, entity) {
                    Ok(tag) => {
                        first.get_or_insert(over);
                        begun |= over;
                        last = Some(event.at);
                        // Agents are credited as the person is, in a stream of their own.
                        let actor = Actor::Human;
                        Sign::Heartbeat { actor, tag }
                    }
                    Err(error) => {
                        failed = Some(error);
                        return ControlFlow::Break(());
                    }
                },
            };
            if begun {
                crediting.push(Event {
                    at: event.at,
                    id: event.id,
                    sign,
                });
            }
            ControlFlow::Continue(())
        })?;
        if let Some(error) = failed {
            return Err(error);
        }
        let until = last.map_or(end, |last| last + reach).max(end);
        let chains = Chains {
            continues: first == Some(false),
            stretches: crediting.finish(),
        };
        Ok((chains, until))
    }
}

/// Writes a day as small numbers: for the person and then for agents whether it continues and how many stretches there
/// are, and for each the gap before it, its length and its tag.
fn encode(day: &Day, of: UtcDay) -> Vec<u8> {
    let mut bytes = Vec::new();
    for chains in [&day.human, &day.agents] {
        put(&mut bytes, i64::from(chains.continues));
        put(&mut bytes, i64::try_from(chains.stretches.len()).unwrap_or_default());
        let mut at = of.span().start();
        for stretch in &chains.stretches {
            put(&mut bytes, (stretch.span.start() - at).millis());
            put(&mut bytes, stretch.span.length().millis());
            put(
                &mut bytes,
                match stretch.tag {
                    Tag::Unassigned => 0,
                    Tag::Private => 1,
                    Tag::Project(ProjectIndex(index)) => i64::try_from(index).map_or(0, |index| index + 2),
                },
            );
            at = stretch.span.end();
        }
    }
    bytes
}

/// Reads a day; nothing where the bytes are not what [`encode`] writes.
fn decode(mut bytes: &[u8], of: UtcDay) -> Option<Day> {
    let mut chains = || {
        let continues = get(&mut bytes)? == 1;
        let count = get(&mut bytes)?;
        let mut at = of.span().start();
        let mut stretches = Vec::new();
        for _ in 0..count {
            let start = at + Length::from_millis(get(&mut bytes)?);
            let end = start + Length::from_millis(get(&mut bytes)?);
            let tag = match get(&mut bytes)? {
                0 => Tag::Unassigned,
                1 => Tag::Private,
                index => Tag::Project(ProjectIndex(usize::try_from(index - 2).ok()?)),
            };
            stretches.push(Stretch {
                span: Span::new(start, end)?,
                tag,
            });
            at = end;
        }
        Some(Chains { continues, stretches })
    };
    let (human, agents) = (chains()?, chains()?);
    bytes.is_empty().then_some(Day { human, agents })
}

/// Writes a number that is not negative, seven bits a byte, the lowest first.
fn put(bytes: &mut Vec<u8>, number: i64) {
    let mut rest = number.unsigned_abs();
    loop {
        let low = (rest & 0x7f) as u8;
        rest >>= 7;
        if rest == 0 {
            bytes.push(low);
            return;
        }
        bytes.push(low | 0x80);
    }
}

fn get(bytes: &mut &[u8]) -> Option<i64> {
    let mut number = 0_i64;
    for shift in (0..63).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= i64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_reads_back_as_written() {
        let of = UtcDay::of(Instant::from_millis(1_700_000_000_000));
        let at = |minutes| of.span().start() + Length::from_minutes(minutes);
        let stretch = |from, to, tag| Stretch {
            span: Span::new(at(from), at(to)).unwrap(),
            tag,
        };
        let day = Day {
            human: Chains {
                continues: true,
                stretches: vec![
                    stretch(0, 5, Tag::Unassigned),
                    stretch(5, 300, Tag::Project(ProjectIndex(300))),
                    stretch(400, 1500, Tag::Private),
                ],
            },
            agents: Chains {
                continues: false,
                stretches: vec![stretch(1, 2, Tag::Unassigned)],
            },
        };
        let bytes = encode(&day, of);
        assert_eq!(decode(&bytes, of), Some(day));
        assert_eq!(decode(&bytes[..bytes.len() - 1], of), None);
        assert_eq!(decode(&[], of), None);
    }
}
