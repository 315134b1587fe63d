//! Credit: the gaps between heartbeats.

use super::{Stretch, push};
use crate::activity::{Actor, DeviceId, Event, Sign, Strength};
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

/// The last strong heartbeat of the person, waiting for the next.
#[derive(Clone, Copy, Debug)]
struct Waiting<T> {
    at: Instant,
    device: DeviceId,
    tag: T,
    /// The first boundary of its device after it.
    cut: Option<Instant>,
    /// The weak heartbeats seen last that name one project: the first of them, and that project.
    glance: Option<(Instant, T)>,
}

/// Credits the gaps between heartbeats, event by event.
///
/// The gap from a human heartbeat to the next goes to the *earlier* one's tag when it is at most `idle_timeout` and no
/// boundary of that heartbeat's device lies inside. Otherwise the earlier one gets only `tail`, and never past the next
/// heartbeat or boundary. Agents' heartbeats neither start nor extend time. What is dated after `now` does not count
/// yet. Neighbours with one tag come out as one stretch.
///
/// Weak heartbeats decide none of this. Inside a gap that is counted, those that name the later heartbeat's project, with
/// no other project's after them, give it the time from the first of them on.
///
/// The events come in the order of [`Event::order`]; what carries one id twice counts once. More may come at any time:
/// [`Crediting::so_far`] looks without ending it.
#[derive(Clone, Debug)]
pub struct Crediting<T> {
    counting: Counting,
    now: Instant,
    /// Whether two tags name one project.
    same: fn(&T, &T) -> bool,
    waiting: Option<Waiting<T>>,
    stretches: Vec<Stretch<T>>,
}

impl<T: Copy + Eq> Crediting<T> {
    /// Begins with nothing seen; each tag is a project.
    #[must_use]
    pub fn new(counting: Counting, now: Instant) -> Self {
        Self::finer(counting, now, T::eq)
    }

    /// Begins with nothing seen, where tags are finer than projects; `same` tells whether two name one project.
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

    /// Takes the next event.
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
