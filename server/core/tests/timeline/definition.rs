//! The definition of the timeline, read out word by word for every single instant: slow, obvious, and sharing nothing
//! with the core but plain types.

use keeptab_core::activity::{Actor, Event, Sign, Strength};
use keeptab_core::instant::{Instant, Span};
use keeptab_core::timeline::{Effect, ProjectIndex, Tag, Tagged};

use crate::history::History;

/// The tag of every instant from 0 on, after each step.
#[derive(Debug, PartialEq, Eq)]
pub struct Definition {
    pub credited: Vec<Option<Tag>>,
    pub absorbed: Vec<Option<Tag>>,
    pub counted: Vec<Option<Tag>>,
    pub corrected: Vec<Option<Tagged>>,
    pub open: Vec<Option<Tagged>>,
}

/// Reads the definition out for a history.
pub fn define(history: &History) -> Definition {
    let horizon = horizon(history);
    let events = stream(history);
    let credit = |actor| -> Vec<Option<Tag>> {
        let instants = 0..horizon;
        instants.map(|at| credited(history, &events, actor, at)).collect()
    };
    let person = credit(Actor::Human);
    let agents = credit(Actor::Agent);
    let absorbed = absorbed(history, &person);
    let counted: Vec<_> = (0..absorbed.len())
        .map(|at| beside(history, absorbed[at], agents[at]))
        .collect();
    let corrected: Vec<_> = (0..horizon)
        .zip(&counted)
        .map(|(at, tag)| corrected(history, at, *tag))
        .collect();
    let open = (0..horizon)
        .zip(&corrected)
        .map(|(at, tag)| open(history, at, *tag))
        .collect();
    Definition {
        credited: person,
        absorbed,
        counted,
        corrected,
        open,
    }
}

/// An instant after all events, corrections and spans.
fn horizon(history: &History) -> i64 {
    let corrections = history.corrections.iter().map(|correction| correction.span.end());
    let events = history.events.iter().map(|event| event.at);
    let spans = history.entries.iter().chain(&history.claims).map(|span| span.end());
    let last = corrections.chain(events).chain(spans).chain([history.now]).max();
    last.map_or(0, Instant::millis) + 1
}

/// "All windows, editors and browsers feed one ordered stream, by (at, device, source, seq). Arrival order does not
/// matter; the same heartbeat twice is once. […] A heartbeat dated in the future is […] not counted until it is due."
fn stream(history: &History) -> Vec<Event<Tag>> {
    let mut stream: Vec<Event<Tag>> = Vec::new();
    for event in &history.events {
        let known = stream.iter().any(|known| known.id == event.id);
        if !known && event.at.millis() <= history.now.millis() {
            stream.push(*event);
        }
    }
    stream.sort_by_key(|event| (event.at.millis(), event.id.device.0, event.id.source.0, event.id.seq.0));
    stream
}

/// "The gap from a human heartbeat to the next goes to the *earlier* one's project when it is at most `idle_timeout` and
/// no boundary of that heartbeat's device lies inside. Otherwise the earlier one gets only `tail`, and never past the
/// next heartbeat or boundary. […] Which gaps count, and how long a tail is, depends on strong heartbeats alone. […] Take
/// the weak human heartbeats of the gap, from S₂ backwards, as long as they name S₂'s project: S₂'s time begins at the
/// last one taken; if none is taken, the whole gap is S₁'s." Agents' strong heartbeats are a stream beside it that is
/// counted alike.
fn credited(history: &History, events: &[Event<Tag>], who: Actor, at: i64) -> Option<Tag> {
    let is = |event: &Event<Tag>, wanted: Strength| matches!(event.sign, Sign::Heartbeat { actor, strength, .. } if actor == who && strength == wanted);
    let is_beat = |event: &Event<Tag>| is(event, Strength::Strong);
    let earlier = events
        .iter()
        .rposition(|event| is_beat(event) && event.at.millis() <= at)?;
    let next = (earlier + 1..events.len()).find(|index| is_beat(&events[*index]));
    let Sign::Heartbeat { tag, .. } = events[earlier].sign else {
        return None;
    };
    let from = events[earlier].at.millis();
    let boundaries: Vec<i64> = events[earlier..next.unwrap_or(events.len())]
        .iter()
        .filter(|event| event.sign == Sign::Boundary && event.id.device == events[earlier].id.device)
        .map(|event| event.at.millis())
        .collect();
    let whole_gap = next.is_some_and(|next| {
        let gap = events[next].at.millis() - from;
        gap <= history.counting.idle_timeout.millis() && boundaries.is_empty()
    });
    let in_tail = at < from + history.counting.tail.millis();
    let past_boundary = boundaries.iter().any(|boundary| *boundary <= at);
    let is_past = at < history.now.millis();
    if !whole_gap {
        return (in_tail && !past_boundary && is_past).then_some(tag);
    }
    let Sign::Heartbeat { tag: next_tag, .. } = events[next?].sign else {
        return None;
    };
    let mut turn = events[next?].at.millis();
    for event in events[earlier..next?]
        .iter()
        .rev()
        .filter(|event| who == Actor::Human && is(event, Strength::Weak))
    {
        if !matches!(event.sign, Sign::Heartbeat { tag, .. } if tag == next_tag) {
            break;
        }
        turn = event.at.millis();
    }
    Some(if at < turn { tag } else { next_tag })
}

/// "A stretch shorter than `absorb` (0 turns it off) with one and the same project touching it before and after becomes
/// that project's. Unassigned may be absorbed but never absorbs; private does neither. Decided in one pass from left to
/// right, each stretch against its neighbours as they stand by then, an absorbed one joining them."
fn absorbed(history: &History, credited: &[Option<Tag>]) -> Vec<Option<Tag>> {
    let mut instants = credited.to_vec();
    let mut at = 0;
    while at < instants.len() {
        let alike = |other: &usize| instants[*other] == instants[at];
        let start = (0..=at).rev().take_while(alike).last().unwrap_or(at);
        let end = (at..instants.len()).take_while(alike).last().unwrap_or(at) + 1;
        let before = start.checked_sub(1).and_then(|before| instants[before]);
        let after = instants.get(end).copied().flatten();
        let length = i64::try_from(end - start).unwrap();
        let may_be = matches!(instants[at], Some(Tag::Project(_) | Tag::Unassigned));
        if may_be && length < history.absorb.millis() && before == after && matches!(before, Some(Tag::Project(_))) {
            // The joined stretch is the neighbour of the next one.
            instants[start..end].fill(before);
        } else {
            at = end;
        }
    }
    instants
}

/// "With a client's `agent_time = "count"` they fill only instants that no human time covers."
fn beside(history: &History, person: Option<Tag>, agents: Option<Tag>) -> Option<Tag> {
    match (person, agents) {
        (Some(tag), _) => Some(tag),
        (None, Some(Tag::Project(ProjectIndex(index)))) if history.agents_count[index] => agents,
        (None, _) => None,
    }
}

/// "*Corrections* are applied in (made at, id) order, each over the result so far, instant by instant: *assign* retags
/// instants that are counted, *fill* counts instants that are not, *erase* uncounts all in its span, later arrivals too;
/// *billable* and *note* mark."
fn corrected(history: &History, at: i64, counted: Option<Tag>) -> Option<Tagged> {
    let plain = |tag| Tagged {
        tag,
        billable: None,
        note: None,
    };
    let mut corrections = history.corrections.clone();
    corrections.sort_by_key(|correction| (correction.made_at.millis(), correction.id));
    let mut result = counted.map(plain);
    for correction in corrections {
        if !covers(correction.span, at) {
            continue;
        }
        if let Effect::Fill(tag) = correction.effect {
            result = result.or(Some(plain(tag)));
        } else if correction.effect == Effect::Erase {
            result = None;
        } else if let Some(instant) = &mut result {
            match correction.effect {
                Effect::Assign(tag) => instant.tag = tag,
                Effect::Note(note) => instant.note = note,
                Effect::Billable(billable) => instant.billable = Some(billable),
                Effect::Fill(_) | Effect::Erase => unreachable!(),
            }
        }
    }
    result
}

/// "With claimed stretches frozen and the spans of entries cut out": an instant that is billed or under an entry is not
/// counted again.
fn open(history: &History, at: i64, corrected: Option<Tagged>) -> Option<Tagged> {
    let taken = history
        .claims
        .iter()
        .chain(&history.entries)
        .any(|span| covers(*span, at));
    corrected.filter(|_| !taken)
}

/// Spans are half-open.
fn covers(span: Span, at: i64) -> bool {
    span.start().millis() <= at && at < span.end().millis()
}
