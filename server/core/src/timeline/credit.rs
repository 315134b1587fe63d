//! Credit: counts the gaps between heartbeats.

use super::{Stretch, push};
use crate::activity::{Actor, DeviceId, Event, Sign, Strength};
use crate::instant::{Instant, Length, Span};

/// The settings for counting gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counting {
    /// The longest gap between two heartbeats that is counted as work.
    pub idle_timeout: Length,
    /// The time that a heartbeat gets if the gap after it is not counted.
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

/// The last strong heartbeat of the person, waiting for the next.
#[derive(Clone, Copy, Debug)]
struct Waiting<T> {
    at: Instant,
    device: DeviceId,
    tag: T,
    /// The first boundary of its device after it.
    cut: Option<Instant>,
    /// The instant of the first of the latest weak heartbeats that name one project, and that project.
    glance: Option<(Instant, T)>,
}

/// Credits the gaps between heartbeats, event by event.
///
/// The gap from a human heartbeat to the next goes to the *earlier* one's tag when it is at most `idle_timeout` and no
/// boundary of that heartbeat's device lies inside. Otherwise the earlier one gets only `tail`, and never past the next
/// heartbeat or boundary. Agents' heartbeats neither start nor extend time. Events after `now` are not counted yet.
/// Adjacent gaps with one tag become one stretch.
///
/// Weak heartbeats do not change any of this. If the last ones in a counted gap name the later heartbeat's project,
/// that project gets the time from the first of them on.
///
/// The events must come in the order of [`Event::order`]; a repeated event counts once. More may come at any time:
/// [`Crediting::so_far`] reads the timeline without ending it.
#[derive(Clone, Debug)]
pub struct Crediting<T> {
    counting: Counting,
    now: Instant,
    /// Returns true if two tags name one project.
    same: fn(&T, &T) -> bool,
    waiting: Option<Waiting<T>>,
    stretches: Vec<Stretch<T>>,
}

impl<T: Copy + Eq> Crediting<T> {
    /// Starts without events; each tag is a project.
    #[must_use]
    pub fn new(counting: Counting, now: Instant) -> Self {
        Self::finer(counting, now, T::eq)
    }

    /// Starts without events, for tags that are finer than projects; `same` returns true if two tags name one project.
    #[must_use]
    pub fn finer(counting: Counting, now: Instant, same: fn(&T, &T) -> bool) -> Self {
        Self {
            counting,
            now,
            same,
            waiting: None,
            stretches: Vec::new(),
        }
    }

    /// Adds the next event.
    pub fn push(&mut self, event: Event<T>) {
        if event.at > self.now {
            return;
        }
        match event.sign {
            Sign::Heartbeat {
                actor: Actor::Human,
                strength: Strength::Strong,
                tag,
            } => {
                let next = Waiting {
                    at: event.at,
                    device: event.id.device,
                    tag,
                    cut: None,
                    glance: None,
                };
                if let Some(earlier) = self.waiting.replace(next) {
                    self.settle(&earlier, &next);
                }
            }
            Sign::Heartbeat {
                actor: Actor::Human,
                strength: Strength::Weak,
                tag,
            } => {
                if let Some(earlier) = &mut self.waiting
                    && !earlier.glance.is_some_and(|(_, seen)| (self.same)(&seen, &tag))
                {
                    earlier.glance = Some((event.at, tag));
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

    /// Credits the gap between two strong heartbeats.
    fn settle(&mut self, earlier: &Waiting<T>, next: &Waiting<T>) {
        if !is_counted(earlier, next.at, self.counting) {
            let end = tail_of(earlier, next.at, self.counting);
            push(&mut self.stretches, Span::new(earlier.at, end), earlier.tag);
            return;
        }
        let glance = earlier.glance.filter(|(_, seen)| (self.same)(seen, &next.tag));
        let turn = glance.map_or(next.at, |(at, _)| at);
        push(&mut self.stretches, Span::new(earlier.at, turn), earlier.tag);
        push(&mut self.stretches, Span::new(turn, next.at), next.tag);
    }

    /// Moves `now` forward, past all events added so far. Events that the old `now` left out must be added again.
    pub fn move_to(&mut self, now: Instant) {
        self.now = now;
    }

    /// Returns the timeline so far, as if no event followed.
    #[must_use]
    pub fn so_far(&self) -> Vec<Stretch<T>> {
        self.clone().finish()
    }

    /// Ends the input and returns the timeline.
    #[must_use]
    pub fn finish(mut self) -> Vec<Stretch<T>> {
        if let Some(last) = self.waiting {
            let end = tail_of(&last, self.now, self.counting);
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

/// Returns whether the gap from a strong heartbeat to the next is counted.
fn is_counted<T>(earlier: &Waiting<T>, next: Instant, counting: Counting) -> bool {
    next - earlier.at <= counting.idle_timeout && earlier.cut.is_none()
}

/// Returns the end of a heartbeat's tail, never past `limit` or its device's next boundary.
fn tail_of<T>(earlier: &Waiting<T>, limit: Instant, counting: Counting) -> Instant {
    (earlier.at + counting.tail)
        .min(limit)
        .min(earlier.cut.unwrap_or(limit))
}
