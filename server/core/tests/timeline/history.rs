//! Generated histories: all that a timeline depends on, in the order in which it arrived.

use keeptab_core::activity::{Actor, DeviceId, Event, EventId, Seq, Sign, SourceId, Strength};
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::timeline::{Counting, Effect, NoteId, ProjectIndex, Tag};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

/// The number of projects.
pub const PROJECTS: usize = 4;

/// All that a timeline depends on.
#[derive(Clone, Debug)]
pub struct History {
    /// The events in the order of arrival; some of them arrive twice.
    pub events: Vec<Event<Tag>>,
    pub now: Instant,
    pub counting: Counting,
    pub absorb: Length,
    /// The projects whose client counts agents' time.
    pub agents_count: [bool; PROJECTS],
    /// In the order in which they are stored, which is not the one they are applied in.
    pub corrections: Vec<Correction>,
    /// The clock times of entries.
    pub entries: Vec<Span>,
    /// The time that live invoices bill, without overlap.
    pub claims: Vec<Span>,
}

/// A correction as the timeline sees it.
#[derive(Clone, Copy, Debug)]
pub struct Correction {
    pub made_at: Instant,
    pub id: u64,
    pub apply: u64,
    pub span: Span,
    pub effect: Effect,
}

/// The size of a history.
#[derive(Clone, Copy)]
pub struct Scale {
    /// The maximum number of events.
    pub events: usize,
    /// The timeouts are up to twenty times this many milliseconds.
    pub unit: i64,
}

impl Scale {
    /// A few hundred milliseconds, so that every instant can be looked at.
    pub const SMALL: Self = Self { events: 40, unit: 1 };
    /// Weeks of work with timeouts of minutes.
    pub const LARGE: Self = Self {
        events: 3_000,
        unit: 60_000,
    };
}

/// The time from one event to the next.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// No time.
    Same,
    /// A number of thousandths of the idle timeout.
    Within(i64),
    /// One of the limits, or a millisecond beside it.
    Near(Limit, i64),
    /// The idle timeout and a number of thousandths of it.
    Away(i64),
}

#[derive(Clone, Copy, Debug)]
enum Limit {
    Idle,
    Tail,
    Absorb,
}

impl Step {
    fn millis(self, counting: Counting, absorb: Length) -> i64 {
        let idle = counting.idle_timeout.millis();
        match self {
            Self::Same => 0,
            Self::Within(thousandths) => idle * thousandths / 1000,
            Self::Near(Limit::Idle, beside) => idle + beside,
            Self::Near(Limit::Tail, beside) => counting.tail.millis() + beside,
            Self::Near(Limit::Absorb, beside) => absorb.millis() + beside,
            Self::Away(thousandths) => idle + 1 + idle * thousandths / 1000,
        }
        .max(0)
    }
}

fn step() -> impl Strategy<Value = Step> {
    let limit = prop_oneof![1 => Just(Limit::Idle), 1 => Just(Limit::Tail), 6 => Just(Limit::Absorb)];
    prop_oneof![
        1 => Just(Step::Same),
        8 => (0..1000_i64).prop_map(Step::Within),
        8 => (limit, -1..=1_i64).prop_map(|(limit, beside)| Step::Near(limit, beside)),
        1 => (0..2000_i64).prop_map(Step::Away),
    ]
}

fn tag() -> impl Strategy<Value = Tag> {
    prop_oneof![
        9 => (0..PROJECTS - 1).prop_map(|index| Tag::Project(ProjectIndex(index))),
        1 => Just(Tag::Project(ProjectIndex(PROJECTS - 1))),
        2 => Just(Tag::Unassigned),
        1 => Just(Tag::Private),
    ]
}

fn sign() -> impl Strategy<Value = Sign<Tag>> {
    let beat = |actor, strength| tag().prop_map(move |tag| Sign::Heartbeat { actor, strength, tag });
    prop_oneof![
        12 => beat(Actor::Human, Strength::Strong),
        6 => beat(Actor::Human, Strength::Weak),
        4 => beat(Actor::Agent, Strength::Strong),
        1 => beat(Actor::Agent, Strength::Weak),
        1 => Just(Sign::Boundary),
    ]
}

/// An event without its time: the step before it, its device, its source and its content.
type Seed = (Step, u32, u32, Sign<Tag>);

fn seeds(scale: Scale) -> impl Strategy<Value = Vec<Seed>> {
    let seed = || (step(), 0..3_u32, 0..2_u32, sign());
    prop_oneof![3 => vec(seed(), 0..=scale.events.min(100)), 1 => vec(seed(), 0..=scale.events)]
}

fn counting(scale: Scale) -> impl Strategy<Value = (Counting, Length)> {
    let length = move |most: i64| (0..=most).prop_map(move |units| Length::from_millis(units * scale.unit));
    let tail = prop_oneof![Just(Length::ZERO), length(25)];
    (length(20), tail, length(15)).prop_map(|(idle_timeout, tail, absorb)| (Counting { idle_timeout, tail }, absorb))
}

/// Gives the seeds their times. The numbers within a source are mixed, so that equal instants come in any order.
fn events(seeds: &[Seed], counting: Counting, absorb: Length, mix: u64) -> Vec<Event<Tag>> {
    let mut at = 0;
    let mut event = |(index, (step, device, source, sign)): (u64, &Seed)| {
        at += step.millis(counting, absorb);
        let (device, source) = (DeviceId(*device), SourceId(*source));
        let seq = Seq(index ^ mix);
        Event {
            at: Instant::from_millis(at),
            id: EventId { device, source, seq },
            sign: *sign,
        }
    };
    (0..).zip(seeds).map(&mut event).collect()
}

/// A span: an event near its start, the distance from that event, and its length.
#[derive(Clone, Debug)]
struct Place {
    near: Index,
    beside: i64,
    length: i64,
}

impl Place {
    fn span(&self, events: &[Event<Tag>]) -> Span {
        let near = if events.is_empty() {
            0
        } else {
            self.near.get(events).at.millis()
        };
        let start = Instant::from_millis((near + self.beside).max(0));
        Span::new(start, start + Length::from_millis(self.length)).unwrap()
    }
}

fn place(scale: Scale) -> impl Strategy<Value = Place> {
    let beside = prop_oneof![Just(0), -10 * scale.unit..=10 * scale.unit];
    (any::<Index>(), beside, 1..=60 * scale.unit).prop_map(|(near, beside, length)| Place { near, beside, length })
}

/// Spans near events.
pub fn spans(scale: Scale, events: Vec<Event<Tag>>, most: usize) -> impl Strategy<Value = Vec<Span>> {
    vec(place(scale), 0..=most).prop_map(move |places| places.iter().map(|place| place.span(&events)).collect())
}

fn effect() -> impl Strategy<Value = Effect> {
    prop_oneof![
        tag().prop_map(Effect::Assign),
        tag().prop_map(Effect::Fill),
        Just(Effect::Erase),
        any::<Option<u64>>().prop_map(|id| Effect::Note(id.map(NoteId))),
        any::<bool>().prop_map(Effect::Billable),
    ]
}

/// Corrections near events, some made at one and the same time, in any order.
pub fn corrections(scale: Scale, events: Vec<Event<Tag>>, most: usize) -> impl Strategy<Value = Vec<Correction>> {
    let seeds = vec((place(scale), effect(), 0..4_i64), 0..=most);
    let corrections = seeds.prop_map(move |seeds| {
        let correction = |(id, (place, effect, made_at)): (u64, &(Place, Effect, i64))| Correction {
            made_at: Instant::from_millis(*made_at),
            id,
            apply: made_at.unsigned_abs(),
            span: place.span(&events),
            effect: *effect,
        };
        (0..).zip(&seeds).map(correction).collect::<Vec<_>>()
    });
    corrections.prop_shuffle()
}

/// Drops spans that overlap an earlier one.
fn apart(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort();
    let mut end = Instant::EARLIEST;
    spans.retain(|span| {
        let keep = span.start() >= end;
        if keep {
            end = span.end();
        }
        keep
    });
    spans
}

/// An instant at, before or after an event, or after all of them.
fn now(scale: Scale, events: Vec<Event<Tag>>) -> impl Strategy<Value = Instant> {
    let (last, after) = (events.clone(), 0..=30 * scale.unit);
    let end = after.prop_map(move |after| last.last().map_or(0, |last| last.at.millis()) + after);
    let middle = place(scale).prop_map(move |place| place.span(&events).start().millis());
    prop_oneof![3 => end, 1 => middle].prop_map(Instant::from_millis)
}

/// Histories with all there is.
pub fn history(scale: Scale) -> impl Strategy<Value = History> {
    (seeds(scale), counting(scale), 0..8_u64).prop_flat_map(move |(seeds, (counting, absorb), mix)| {
        let events = events(&seeds, counting, absorb, mix);
        let again = proptest::sample::subsequence(events.clone(), 0..=events.len().min(10));
        let arrived = (Just(events.clone()), again).prop_map(|(events, again)| [events, again].concat());
        let parts = (
            arrived.prop_shuffle(),
            now(scale, events.clone()),
            any::<[bool; PROJECTS]>(),
            corrections(scale, events.clone(), 8),
            spans(scale, events.clone(), 2),
            spans(scale, events, 3),
        );
        parts.prop_map(
            move |(events, now, agents_count, corrections, entries, claims)| History {
                events,
                now,
                counting,
                absorb,
                agents_count,
                corrections,
                entries,
                claims: apart(claims),
            },
        )
    })
}
