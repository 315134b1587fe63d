//! The core's steps, put together as the host does.

use keeptab_core::activity::{Actor, Event, Sign, Strength};
use keeptab_core::instant::Span;
use keeptab_core::timeline::{Effect, ProjectIndex, Stretch, Tag, Tagged, absorb, beside, correct, credit, without};

use crate::history::{Correction, History};

/// A timeline after each of its steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    pub credited: Vec<Stretch<Tag>>,
    pub absorbed: Vec<Stretch<Tag>>,
    /// With the agents' time that counts.
    pub counted: Vec<Stretch<Tag>>,
    pub corrected: Vec<Stretch<Tagged>>,
    /// Without billed time and the spans of entries.
    pub open: Vec<Stretch<Tagged>>,
}

/// Computes a timeline.
pub fn replay(history: &History) -> Replay {
    let events = ordered(&history.events);
    let credited = credit(events.iter().copied(), history.counting, history.now);
    let absorbed = absorb(&credited, history.absorb);
    let agents = credit(agents_alone(&events), history.counting, history.now);
    let counts = |tag| matches!(tag, Tag::Project(ProjectIndex(index)) if history.agents_count[index]);
    let counted = beside(&absorbed, &agents, counts);
    let corrected = correct(&counted, &effects(&history.corrections));
    let open = without(&corrected, &united(&[&history.claims[..], &history.entries].concat()));
    Replay {
        credited,
        absorbed,
        counted,
        corrected,
        open,
    }
}

/// Puts events in their order, as the store does.
pub fn ordered(events: &[Event<Tag>]) -> Vec<Event<Tag>> {
    let mut events = events.to_vec();
    events.sort_by_key(Event::order);
    events
}

/// Drops the person's events, and turns the agents' into the person's. Weak heartbeats of agents are dropped.
pub fn agents_alone(events: &[Event<Tag>]) -> impl Iterator<Item = Event<Tag>> {
    events.iter().filter_map(|event| {
        let sign = match event.sign {
            Sign::Heartbeat {
                actor: Actor::Agent,
                strength: Strength::Strong,
                tag,
            } => Sign::Heartbeat {
                actor: Actor::Human,
                strength: Strength::Strong,
                tag,
            },
            Sign::Heartbeat { .. } => return None,
            Sign::Boundary => Sign::Boundary,
        };
        Some(Event { sign, ..*event })
    })
}

/// Puts corrections in the order in which they are applied, as the store does.
pub fn effects(corrections: &[Correction]) -> Vec<(Span, Effect)> {
    let mut corrections = corrections.to_vec();
    corrections.sort_by_key(|correction| (correction.made_at, correction.id));
    corrections
        .iter()
        .map(|correction| (correction.span, correction.effect))
        .collect()
}

/// Joins spans that overlap or touch, and puts them in order.
pub fn united(spans: &[Span]) -> Vec<Span> {
    let mut spans = spans.to_vec();
    spans.sort();
    let mut united: Vec<Span> = Vec::new();
    for span in spans {
        match united.last_mut() {
            Some(last) if span.start() <= last.end() => {
                *last = Span::new(last.start(), last.end().max(span.end())).unwrap();
            }
            _ => united.push(span),
        }
    }
    united
}
