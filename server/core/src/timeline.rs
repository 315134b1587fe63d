//! The timeline: who the person worked for at every instant.
//!
//! A function from instants to at most one tag, written as [`Stretch`]es in order that never overlap. It is computed
//! from heartbeats and boundaries each time and never stored as truth.

use std::collections::BTreeMap;

use crate::activity::{Actor, DeviceId, Event, Sign};
use crate::instant::{Instant, Length, Span, subtract};

/// How gaps are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counting {
    /// The longest gap between two heartbeats that is counted as work.
    pub idle_timeout: Length,
    /// What a heartbeat gets when the gap after it is not counted.
    pub tail: Length,
}

impl Default for Counting {
    fn default() -> Self {
        Self {
            idle_timeout: Length::from_minutes(15),
            tail: Length::ZERO,
        }
    }
}

/// A piece of the timeline with one tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch<T> {
    /// When.
    pub span: Span,
    /// What it is credited to.
    pub tag: T,
}

/// The last human heartbeat, waiting for what follows it.
struct Waiting<T> {
    at: Instant,
    device: DeviceId,
    tag: T,
    /// The first boundary of its device after it.
    cut: Option<Instant>,
}

/// Credits the gaps between heartbeats, computed up to `now`.
///
/// The gap from a human heartbeat to the next goes to the *earlier* one's tag when it is at most `idle_timeout` and no
/// boundary of that heartbeat's device lies inside. Otherwise the earlier one gets only `tail`, and never past the next
/// heartbeat or boundary. Agents' heartbeats neither start nor extend time. What is dated after `now` does not count
/// yet. Neighbours with one tag come out as one stretch.
///
/// The events are sorted by [`Event::order`]; what carries one id twice counts once.
#[must_use]
pub fn credit<T: Copy + Eq>(
    events: impl IntoIterator<Item = Event<T>>,
    counting: Counting,
    now: Instant,
) -> Vec<Stretch<T>> {
    let mut stretches = Vec::new();
    let mut waiting: Option<Waiting<T>> = None;
    for event in events.into_iter().take_while(|event| event.at <= now) {
        match event.sign {
            Sign::Heartbeat {
                actor: Actor::Human,
                tag,
            } => {
                if let Some(earlier) = waiting.take() {
                    let end = credited_until(&earlier, Some(event.at), event.at, counting);
                    push(&mut stretches, Span::new(earlier.at, end), earlier.tag);
                }
                waiting = Some(Waiting {
                    at: event.at,
                    device: event.id.device,
                    tag,
                    cut: None,
                });
            }
            Sign::Heartbeat { .. } => {}
            Sign::Boundary => {
                if let Some(earlier) = &mut waiting
                    && earlier.device == event.id.device
                {
                    earlier.cut.get_or_insert(event.at);
                }
            }
        }
    }
    if let Some(last) = waiting {
        let end = credited_until(&last, None, now, counting);
        push(&mut stretches, Span::new(last.at, end), last.tag);
    }
    stretches
}

/// Returns the instant up to which a heartbeat is credited, never past `limit`.
fn credited_until<T>(earlier: &Waiting<T>, next: Option<Instant>, limit: Instant, counting: Counting) -> Instant {
    let counted = |next: &Instant| *next - earlier.at <= counting.idle_timeout && earlier.cut.is_none();
    next.filter(counted).unwrap_or_else(|| {
        (earlier.at + counting.tail)
            .min(limit)
            .min(earlier.cut.unwrap_or(limit))
    })
}

fn push<T: Copy + Eq>(stretches: &mut Vec<Stretch<T>>, span: Option<Span>, tag: T) {
    let Some(span) = span else { return };
    if let Some(last) = stretches.last_mut()
        && last.tag == tag
        && last.span.end() == span.start()
        && let Some(joined) = Span::new(last.span.start(), span.end())
    {
        last.span = joined;
        return;
    }
    stretches.push(Stretch { span, tag });
}

/// Returns the stretches without the given spans, which are sorted and do not overlap.
#[must_use]
pub fn without<T: Copy>(stretches: &[Stretch<T>], spans: &[Span]) -> Vec<Stretch<T>> {
    let keep = |stretch: &Stretch<T>| {
        let tag = stretch.tag;
        let left = subtract(stretch.span, spans);
        left.into_iter().map(move |span| Stretch { span, tag })
    };
    stretches.iter().flat_map(keep).collect()
}

/// Returns what of the stretches lies in `span`.
#[must_use]
pub fn within<T: Copy>(stretches: &[Stretch<T>], span: Span) -> Vec<Stretch<T>> {
    let first = stretches.partition_point(|stretch| stretch.span.end() <= span.start());
    let after = stretches.partition_point(|stretch| stretch.span.start() < span.end());
    let clip = |stretch: &Stretch<T>| {
        let tag = stretch.tag;
        stretch.span.intersect(span).map(|span| Stretch { span, tag })
    };
    stretches[first..after.max(first)].iter().filter_map(clip).collect()
}

/// Adds the stretches up by tag.
#[must_use]
pub fn totals<T: Copy + Ord>(stretches: &[Stretch<T>]) -> BTreeMap<T, Length> {
    let mut totals = BTreeMap::new();
    for stretch in stretches {
        *totals.entry(stretch.tag).or_default() += stretch.span.length();
    }
    totals
}

#[cfg(test)]
mod tests;
