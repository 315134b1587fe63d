//! Computing a part gives that part of the whole, to the millisecond. The computed part is the whole chain of heartbeats
//! from idle gap to idle gap, and a new batch changes no other chain.

use std::collections::BTreeMap;

use keeptab_core::activity::{Actor, DeviceId, Event, EventId, Seq, Sign, SourceId, Strength};
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::timeline::{Stretch, Tag, absorb, credit, within};
use proptest::prelude::*;

use crate::history::{History, Scale, history, spans};
use crate::replay::{ordered, replay};

/// The stored events, in order, each once.
type Kept = BTreeMap<(Instant, EventId), Event<Tag>>;

/// Comes before all other events of an instant.
const FIRST: EventId = EventId {
    device: DeviceId(0),
    source: SourceId(0),
    seq: Seq(0),
};

fn is_beat(event: &Event<Tag>) -> bool {
    matches!(
        event.sign,
        Sign::Heartbeat {
            actor: Actor::Human,
            strength: Strength::Strong,
            ..
        }
    )
}

/// The longest gap over which one heartbeat affects the time of another.
fn reach(history: &History) -> Length {
    history.counting.idle_timeout.max(history.counting.tail)
}

/// Splits a history at its idle gaps; a chain begins with a heartbeat of the person, the first perhaps without.
fn chains(history: &History) -> Vec<Vec<Event<Tag>>> {
    let mut chains = vec![Vec::new()];
    let mut last = Instant::EARLIEST;
    for event in ordered(&history.events) {
        if is_beat(&event) {
            if event.at - last > reach(history) {
                chains.push(Vec::new());
            }
            last = event.at;
        }
        chains.last_mut().unwrap().push(event);
    }
    chains
}

fn compute(history: &History, events: impl IntoIterator<Item = Event<Tag>>) -> Vec<Stretch<Tag>> {
    absorb(&credit(events, history.counting, history.now), history.absorb)
}

/// The chains that a span touches: from the first heartbeat of one to the first of another.
fn widened(history: &History, kept: &Kept, span: Span) -> Span {
    let mut start = span.start();
    for (_, event) in kept
        .range(..(span.start(), FIRST))
        .rev()
        .filter(|(_, event)| is_beat(event))
    {
        if start - event.at > reach(history) {
            break;
        }
        start = event.at;
    }
    let mut last = span.end();
    for (_, event) in kept.range((span.end(), FIRST)..).filter(|(_, event)| is_beat(event)) {
        if event.at - last > reach(history) {
            return Span::new(start, event.at).unwrap();
        }
        last = event.at;
    }
    Span::new(start, Instant::LATEST).unwrap()
}

fn part(history: &History, kept: &Kept, span: Span) -> Vec<Stretch<Tag>> {
    let events = kept.range((span.start(), FIRST)..(span.end(), FIRST));
    compute(history, events.map(|(_, event)| *event))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn chain_by_chain_is_as_all_at_once(history in history(Scale::LARGE)) {
        let by_chain: Vec<_> = chains(&history).into_iter().flat_map(|chain| compute(&history, chain)).collect();
        prop_assert_eq!(by_chain, replay(&history).absorbed);
    }

    #[test]
    fn a_part_is_that_part_of_the_whole((history, spans) in history(Scale::LARGE).prop_flat_map(|history| {
        let spans = spans(Scale::LARGE, history.events.clone(), 20);
        (Just(history), spans)
    })) {
        let kept: Kept = history.events.iter().map(|event| (event.order(), *event)).collect();
        let whole = replay(&history).absorbed;
        for span in spans {
            let part = part(&history, &kept, widened(&history, &kept, span));
            prop_assert_eq!(within(&part, span), within(&whole, span));
        }
    }

    #[test]
    fn batch_by_batch_is_as_all_at_once(history in history(Scale::LARGE), sizes in prop::collection::vec(1..200_usize, 1..8)) {
        let mut kept = Kept::new();
        let mut cached: Vec<Stretch<Tag>> = Vec::new();
        let mut rest = &history.events[..];
        let mut sizes = sizes.iter().cycle();
        while !rest.is_empty() {
            let (batch, later) = rest.split_at(rest.len().min(*sizes.next().unwrap()));
            rest = later;
            kept.extend(batch.iter().map(|event| (event.order(), *event)));
            for event in batch {
                let touched = Span::new(event.at, event.at + Length::from_millis(1)).unwrap();
                let chain = widened(&history, &kept, touched);
                cached.retain(|stretch| stretch.span.intersect(chain).is_none());
                cached.extend(part(&history, &kept, chain));
                cached.sort_by_key(|stretch| stretch.span);
            }
        }
        prop_assert_eq!(cached, replay(&history).absorbed);
    }
}
