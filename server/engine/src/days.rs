//! Captured time, computed day by day and cached until an event or the config changes the day.
//!
//! Time falls into chains: heartbeats of the person with no gap in between that is longer than can be counted. Nothing
//! is ever credited or absorbed from one chain to another, so a chain can be computed alone. A day's stretches are those
//! of the chains that *begin* on it; they depend on the day and its neighbours only, and are kept under the sum of the
//! three revisions, which rise with every event, and the hash of the config's settings for counting.

use anyhow::Result;
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::timeline::{ProjectIndex, Stretch, Tag, absorb, beside, within};
use keeptab_store::{CachedDay, UtcDay};
use tracing::warn;

use super::Engine;
use super::packed::{get, put};
use super::reading::{Reading, Sight, Track};

/// Readings that are kept: the present day's and, after midnight in UTC, the one before.
const MOST_READINGS: usize = 2;

/// The chains that begin on a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Day {
    /// The person's, absorbed.
    human: Chains,
    /// Agents'.
    agents: Chains,
    /// The offset from the day's start after which nothing can change them. Before it, as with a clock that was set
    /// back, they are not final.
    until: Length,
}

/// Chains of one actor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Chains {
    /// True if the first heartbeat of the day continues a chain that began before.
    continues: bool,
    stretches: Vec<Stretch<Tag>>,
    /// Gaps in them that were credited although no heartbeat came for long.
    gaps: Vec<Span>,
}

/// The computed time of a span. It may reach past the span.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// The person's time, absorbed.
    pub(super) human: Vec<Stretch<Tag>>,
    /// Agents' time, beside it.
    pub(super) agents: Vec<Stretch<Tag>>,
    /// Gaps that were credited to the person although no heartbeat came for long.
    pub(super) gaps: Vec<Span>,
}

impl Engine {
    /// Returns the captured time of a span, absorbed but not corrected; it may reach past the span.
    pub(super) fn captured(&mut self, span: Span, now: Instant) -> Result<Vec<Stretch<Tag>>> {
        let seen = self.seen(span, now)?;
        if seen.agents.is_empty() || !self.config.counts_any_agents() {
            return Ok(seen.human);
        }
        Ok(beside(&seen.human, &seen.agents, |tag| self.config.counts_agents(tag)))
    }

    /// Returns the computed time of a span.
    pub(super) fn seen(&mut self, span: Span, now: Instant) -> Result<Seen> {
        let last = UtcDay::of(span.end().min(now));
        let mut first = UtcDay::of(span.start()).before();
        let mut days = self.days(first, last, now)?;
        let agents_count = self.config.counts_any_agents();
        // A chain may have begun days before, if the person did not sleep.
        while days.first().is_some_and(|(day, found)| {
            *day == first && (found.human.continues || agents_count && found.agents.continues)
        }) {
            first = first.before();
            let earlier = self.days(first, first, now)?;
            days.splice(..0, earlier);
        }
        let mut seen = Seen::default();
        for (_, day) in days {
            seen.human.extend(day.human.stretches);
            seen.agents.extend(day.agents.stretches);
            seen.gaps.extend(day.human.gaps);
        }
        Ok(seen)
    }

    /// Returns the days with events from the first to the last, computing those that were touched.
    fn days(&mut self, first: UtcDay, last: UtcDay, now: Instant) -> Result<Vec<(UtcDay, Day)>> {
        let config = self.config.counting_hash();
        let mut days = Vec::new();
        let mut fresh = Vec::new();
        for (day, revision, cached) in self.store.days(first, last)? {
            let known = cached.filter(|cached| cached.revision == revision && cached.config == config);
            let known = known.and_then(|known| decode(&known.bytes, day));
            if let Some(known) = known.filter(|known| day.span().start() + known.until < now) {
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
        if !fresh.is_empty()
            && self.keeps_days
            && !self.store.is_read_only()
            && let Err(error) = self.store.cache_days(&fresh)
        {
            // A full disk does not keep anybody from reading.
            warn!("computed days were not kept: {error:#}");
        }
        Ok(days)
    }

    /// Computes the chains that begin on a day. Returns true if they are settled: over, and within its neighbours. A
    /// kept reading of the present is resumed.
    fn day(&mut self, day: UtcDay, now: Instant) -> Result<(Day, bool)> {
        let mut sight = Sight {
            store: &self.store,
            config: &self.config,
            tags: &mut self.tags,
            now,
        };
        let known = self.readings.iter().position(|reading| reading.is_of(day));
        let known = known.map(|index| self.readings.swap_remove(index));
        let reading = match known.map(|reading| reading.go_on(&mut sight)).transpose()?.flatten() {
            Some(reading) => reading,
            None => Reading::of(day, &mut sight)?,
        };
        let until = reading.until(&self.config);
        let mut human = Chains::of(reading.human());
        human.stretches = absorb(&human.stretches, self.config.absorb);
        let computed = Day {
            human,
            agents: Chains::of(reading.agents()),
            until: until - day.span().start(),
        };
        if reading.is_open() {
            self.readings.truncate(MOST_READINGS - 1);
            self.readings.push(reading);
        }
        Ok((computed, until < now && until < day.after().span().end()))
    }
}

impl Chains {
    fn of(track: &Track) -> Self {
        let stretches = track.stretches();
        // A boundary in a gap keeps it from being credited; a glance splits it between two projects.
        let credited = |gap: &&Span| {
            let parts = within(&stretches, **gap);
            parts.iter().map(|part| part.span.length()).sum::<Length>() == gap.length()
        };
        Self {
            continues: track.continues(),
            gaps: track.gaps().iter().filter(credited).copied().collect(),
            stretches,
        }
    }
}

/// Writes a day as small numbers: until when it may change, and for the person and then for agents whether it continues,
/// how many stretches there are, and for each the gap before it, its length and its tag; then the long gaps alike.
fn encode(day: &Day, of: UtcDay) -> Vec<u8> {
    let mut bytes = Vec::new();
    put(&mut bytes, day.until.millis());
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
        put(&mut bytes, i64::try_from(chains.gaps.len()).unwrap_or_default());
        let mut at = of.span().start();
        for gap in &chains.gaps {
            put(&mut bytes, (gap.start() - at).millis());
            put(&mut bytes, gap.length().millis());
            at = gap.end();
        }
    }
    bytes
}

/// Decodes a day; `None` if the bytes are not an output of [`encode`].
fn decode(mut bytes: &[u8], of: UtcDay) -> Option<Day> {
    let until = Length::from_millis(get(&mut bytes)?);
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
        let mut gaps = Vec::new();
        let mut at = of.span().start();
        for _ in 0..get(&mut bytes)? {
            let start = at + Length::from_millis(get(&mut bytes)?);
            at = start + Length::from_millis(get(&mut bytes)?);
            gaps.push(Span::new(start, at)?);
        }
        Some(Chains {
            continues,
            stretches,
            gaps,
        })
    };
    let (human, agents) = (chains()?, chains()?);
    bytes.is_empty().then_some(Day { human, agents, until })
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
                gaps: vec![stretch(30, 41, Tag::Private).span],
                stretches: vec![
                    stretch(0, 5, Tag::Unassigned),
                    stretch(5, 300, Tag::Project(ProjectIndex(300))),
                    stretch(400, 1500, Tag::Private),
                ],
            },
            agents: Chains {
                continues: false,
                gaps: Vec::new(),
                stretches: vec![stretch(1, 2, Tag::Unassigned)],
            },
            until: Length::from_minutes(24 * 60),
        };
        let bytes = encode(&day, of);
        assert_eq!(decode(&bytes, of), Some(day));
        assert_eq!(decode(&bytes[..bytes.len() - 1], of), None);
        assert_eq!(decode(&[], of), None);
    }
}
