//! Credit: the gaps between heartbeats.

use super::{Stretch, push};
use crate::activity::{Actor, DeviceId, Event, Sign};
use crate::instant::{Instant, Length, Span};

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

/// The last human heartbeat, waiting for what follows it.
#[derive(Clone, Copy, Debug)]
struct Waiting<T> {
    at: Instant,
    device: DeviceId,
    tag: T,
    /// The first boundary of its device after it.
    cut: Option<Instant>,
}

/// Credits the gaps between heartbeats, event by event.
///
/// The gap from a human heartbeat to the next goes to the *earlier* one's tag when it is at most `idle_timeout` and no
/// boundary of that heartbeat's device lies inside. Otherwise the earlier one gets only `tail`, and never past the next
/// heartbeat or boundary. Agents' heartbeats neither start nor extend time. What is dated after `now` does not count
/// yet. Neighbours with one tag come out as one stretch.
///
/// The events come in the order of [`Event::order`]; what carries one id twice counts once. More may come at any time:
/// [`Crediting::so_far`] looks without ending it.
#[derive(Clone, Debug)]
pub struct Crediting<T> {
    counting: Counting,
    now: Instant,
    waiting: Option<Waiting<T>>,
    stretches: Vec<Stretch<T>>,
}

impl<T: Copy + Eq> Crediting<T> {
    /// Begins with nothing seen.
    #[must_use]
    pub fn new(counting: Counting, now: Instant) -> Self {
        Self {
            counting,
            now,
            waiting: None,
            stretches: Vec::new(),
        }
    }

    /// Takes the next event.
    pub fn push(&mut self, event: Event<T>) {
        if event.at > self.now {
            return;
        }
        match event.sign {
            Sign::Heartbeat {
                actor: Actor::Human,
                tag,
            } => {
                let next = Waiting {
                    at: event.at,
                    device: event.id.device,
                    tag,
                    cut: None,
                };
                if let Some(earlier) = self.waiting.replace(next) {
                    let end = credited_until(&earlier, Some(event.at), event.at, self.counting);
                    push(&mut self.stretches, Span::new(earlier.at, end), earlier.tag);
                }
            }
            Sign::Heartbeat { .. } => {}
            Sign::Boundary => {
                if let Some(earlier) = &mut self.waiting
                    && earlier.device == event.id.device
                {
                    earlier.cut.get_or_insert(event.at);
                }
            }
        }
    }

    /// Moves the present, which lies after all that was taken. What the old one left out has to come again.
    pub fn move_to(&mut self, now: Instant) {
        self.now = now;
    }

    /// Returns the timeline as it is while nothing more comes.
    #[must_use]
    pub fn so_far(&self) -> Vec<Stretch<T>> {
        self.clone().finish()
    }

    /// Ends, and returns the timeline.
    #[must_use]
    pub fn finish(mut self) -> Vec<Stretch<T>> {
        if let Some(last) = self.waiting {
            let end = credited_until(&last, None, self.now, self.counting);
            push(&mut self.stretches, Span::new(last.at, end), last.tag);
        }
        self.stretches
    }
}

/// Credits a whole history with [`Crediting`].
#[must_use]
pub fn credit<T: Copy + Eq>(
    events: impl IntoIterator<Item = Event<T>>,
    counting: Counting,
    now: Instant,
) -> Vec<Stretch<T>> {
    let mut crediting = Crediting::new(counting, now);
    events.into_iter().for_each(|event| crediting.push(event));
    crediting.finish()
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
