//! Golden traces with exact milliseconds, and the laws of the timeline.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::activity::{Actor, DeviceId, Event, EventId, Seq, Sign, SourceId, Strength};
use crate::instant::Instant;

const MINUTE: i64 = 60_000;
const NOW: i64 = 1_000 * MINUTE;

type Name = char;

fn id(device: u32, seq: u64) -> EventId {
    EventId {
        device: DeviceId(device),
        source: SourceId(device),
        seq: Seq(seq),
    }
}

fn beat(at: i64, tag: Name) -> Event<Name> {
    Event {
        at: Instant::from_millis(at),
        id: id(1, at.unsigned_abs()),
        sign: Sign::Heartbeat {
            actor: Actor::Human,
            strength: Strength::Strong,
            tag,
        },
    }
}

/// A glance: the window came to the front.
fn glance(at: i64, tag: Name) -> Event<Name> {
    Event {
        sign: Sign::Heartbeat {
            actor: Actor::Human,
            strength: Strength::Weak,
            tag,
        },
        ..beat(at, tag)
    }
}

fn agent(at: i64, tag: Name) -> Event<Name> {
    Event {
        sign: Sign::Heartbeat {
            actor: Actor::Agent,
            strength: Strength::Strong,
            tag,
        },
        ..beat(at, tag)
    }
}

fn boundary(at: i64, device: u32) -> Event<Name> {
    Event {
        at: Instant::from_millis(at),
        id: id(device, at.unsigned_abs()),
        sign: Sign::Boundary,
    }
}

/// Shows a timeline as `A 0-120000, B …`.
fn show(stretches: &[Stretch<Name>]) -> String {
    let show = |stretch: &Stretch<Name>| {
        let (start, end) = (stretch.span.start().millis(), stretch.span.end().millis());
        format!("{} {start}-{end}", stretch.tag)
    };
    stretches.iter().map(show).collect::<Vec<_>>().join(", ")
}

fn count(mut events: Vec<Event<Name>>, counting: Counting) -> Vec<Stretch<Name>> {
    events.sort_by_key(Event::order);
    credit(events, counting, Instant::from_millis(NOW))
}

#[track_caller]
fn check(events: Vec<Event<Name>>, expected: &str) {
    assert_eq!(show(&count(events, Counting::default())), expected);
}

#[test]
fn alternating_projects_for_an_hour_are_an_hour() {
    let tag = |index: i64| if index % 2 == 0 { 'A' } else { 'B' };
    let events = (0..=30).map(|index| beat(index * 2 * MINUTE, tag(index))).collect();
    let totals = totals(&count(events, Counting::default()));
    assert_eq!(totals[&'A'], Length::from_minutes(30));
    assert_eq!(totals[&'B'], Length::from_minutes(30));
}

#[test]
fn a_lone_heartbeat_is_nothing() {
    check(vec![beat(0, 'A')], "");
}

#[test]
fn the_idle_timeout_is_exact_to_the_millisecond() {
    let timeout = 15 * MINUTE;
    check(vec![beat(0, 'A'), beat(timeout, 'A')], "A 0-900000");
    check(vec![beat(0, 'A'), beat(timeout - 1, 'A')], "A 0-899999");
    check(vec![beat(0, 'A'), beat(timeout + 1, 'A')], "");
}

#[test]
fn the_gap_goes_to_the_earlier_heartbeat() {
    check(
        vec![beat(0, 'A'), beat(1000, 'B'), beat(5000, 'A')],
        "A 0-1000, B 1000-5000",
    );
}

#[test]
fn a_suspend_cuts_its_own_device_only() {
    let work = || vec![beat(0, 'A'), beat(1000, 'A'), beat(3000, 'A'), beat(4000, 'A')];
    let with = |boundary| work().into_iter().chain([boundary]).collect();
    check(with(boundary(2000, 1)), "A 0-1000, A 3000-4000");
    check(with(boundary(2000, 2)), "A 0-4000");
}

#[test]
fn the_tail_never_passes_the_next_heartbeat_a_boundary_or_now() {
    let counting = Counting {
        tail: Length::from_minutes(2),
        ..Counting::default()
    };
    let counted = |events| show(&count(events, counting));
    assert_eq!(counted(vec![beat(0, 'A')]), "A 0-120000");
    assert_eq!(
        counted(vec![beat(0, 'A'), boundary(5000, 1), beat(9000, 'A')]),
        "A 0-5000, A 9000-129000"
    );
    assert_eq!(counted(vec![beat(NOW - 1000, 'A')]), format!("A {}-{NOW}", NOW - 1000));
}

#[test]
fn agents_neither_start_nor_extend_time() {
    let burst = |from: i64| (0..1000).map(move |index| agent(from + index, 'B'));
    let reading: Vec<_> = [beat(0, 'A'), beat(10 * MINUTE, 'A')]
        .into_iter()
        .chain(burst(MINUTE))
        .collect();
    check(reading, "A 0-600000");
    let away: Vec<_> = [beat(0, 'A'), beat(MINUTE, 'A')]
        .into_iter()
        .chain(burst(5 * MINUTE))
        .collect();
    check(away, "A 0-60000");
}

#[test]
fn a_glance_moves_the_point_between_two_projects_and_no_total() {
    // A glance at B long before the work in A goes on changes nothing.
    check(
        vec![beat(0, 'A'), glance(5000, 'B'), beat(14 * MINUTE, 'A')],
        "A 0-840000",
    );
    // If the work goes on there, it begins at the first glance, however often the window was left in between.
    check(
        vec![
            beat(0, 'A'),
            glance(5000, 'B'),
            glance(9000, 'B'),
            beat(14 * MINUTE, 'B'),
        ],
        "A 0-5000, B 5000-840000",
    );
    let between = vec![
        beat(0, 'A'),
        glance(5000, 'B'),
        glance(9000, 'C'),
        glance(9500, 'B'),
        beat(60_000, 'B'),
    ];
    check(between, "A 0-9500, B 9500-60000");
    // In a gap that is not counted, a glance counts nothing.
    check(vec![beat(0, 'A'), glance(5000, 'B'), beat(16 * MINUTE, 'B')], "");
    // A glance after the last key counts nothing, either.
    check(vec![beat(0, 'A'), beat(1000, 'A'), glance(5000, 'B')], "A 0-1000");
}

#[test]
fn glances_alone_are_no_time() {
    check((0..48).map(|tens| glance(tens * 10 * MINUTE, 'A')).collect(), "");
    let tail = Counting {
        tail: Length::from_minutes(2),
        ..Counting::default()
    };
    assert_eq!(count(vec![glance(0, 'A'), glance(MINUTE, 'A')], tail), []);
}

#[test]
fn other_devices_and_agents_do_not_part_glances_from_their_work() {
    let events = vec![
        beat(0, 'A'),
        glance(1000, 'B'),
        boundary(2000, 2),
        agent(3000, 'C'),
        glance(4000, 'B'),
        beat(5000, 'B'),
    ];
    check(events, "A 0-1000, B 1000-5000");
}

#[test]
fn what_is_dated_in_the_future_does_not_count_yet() {
    check(vec![beat(NOW - 1000, 'A'), beat(NOW + 1000, 'A')], "");
    check(
        vec![beat(NOW - 1000, 'A'), beat(NOW, 'A')],
        &format!("A {}-{NOW}", NOW - 1000),
    );
}

#[test]
fn a_thousand_files_at_once_are_no_time_of_their_own() {
    let replace_all = (0..1000_u64).map(|seq| Event {
        id: id(1, 5000 + seq),
        ..beat(5000, 'B')
    });
    let events = [beat(0, 'A')].into_iter().chain(replace_all).chain([beat(6000, 'A')]);
    check(events.collect(), "A 0-5000, B 5000-6000");
}

/// Histories with gaps on both sides of the timeout, of two devices.
fn history() -> impl Strategy<Value = Vec<Event<Name>>> {
    let step = prop_oneof![
        6 => 0..5 * MINUTE,
        2 => 14 * MINUTE..16 * MINUTE,
        1 => Just(15 * MINUTE),
        1 => 16 * MINUTE..60 * MINUTE,
    ];
    let beat = |actor, strength| {
        let tag = prop::char::range('A', 'D');
        tag.prop_map(move |tag| Sign::Heartbeat { actor, strength, tag })
    };
    let sign = prop_oneof![
        8 => beat(Actor::Human, Strength::Strong),
        4 => beat(Actor::Human, Strength::Weak),
        1 => beat(Actor::Agent, Strength::Strong),
        1 => Just(Sign::Boundary),
    ];
    vec((step, 1..3_u32, sign), 0..200).prop_map(|steps| {
        let mut at = 0;
        let event = |(index, (step, device, sign)): (usize, (i64, u32, Sign<Name>))| {
            at += step;
            Event {
                at: Instant::from_millis(at),
                id: id(device, index as u64),
                sign,
            }
        };
        steps.into_iter().enumerate().map(event).collect()
    })
}

fn union(events: &[Event<Name>]) -> Length {
    count(events.to_vec(), Counting::default())
        .iter()
        .map(|stretch| stretch.span.length())
        .sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn no_instant_is_counted_twice(events in history()) {
        let stretches = count(events, Counting::default());
        for pair in stretches.windows(2) {
            prop_assert!(pair[0].span.end() <= pair[1].span.start());
        }
    }

    #[test]
    fn stretches_are_maximal(events in history()) {
        for pair in count(events, Counting::default()).windows(2) {
            prop_assert!(pair[0].span.end() < pair[1].span.start() || pair[0].tag != pair[1].tag);
        }
    }

    #[test]
    fn the_total_is_at_most_the_wall_clock(events in history()) {
        let wall = events.last().map_or(0, |last| last.at.millis().min(NOW));
        prop_assert!(union(&events).millis() <= wall);
    }

    #[test]
    fn arrival_order_and_repetition_do_not_matter(events in history(), shuffle in any::<u64>()) {
        let mut mixed = events.clone();
        mixed.extend(events.iter().step_by(3).copied());
        let mut state = shuffle;
        mixed.sort_by_cached_key(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state
        });
        prop_assert_eq!(count(mixed, Counting::default()), count(events, Counting::default()));
    }

    #[test]
    fn retagging_conserves_the_total(events in history()) {
        let retag = |event: &Event<Name>| match event.sign {
            Sign::Heartbeat { actor, strength, .. } => Event { sign: Sign::Heartbeat { actor, strength, tag: 'Z' }, ..*event },
            Sign::Boundary => *event,
        };
        let retagged: Vec<_> = events.iter().map(retag).collect();
        prop_assert_eq!(union(&retagged), union(&events));
    }

    #[test]
    fn a_wider_timeout_never_lowers_the_total(events in history(), narrow in 0..30_i64, more in 0..30_i64) {
        let total = |minutes| {
            let counting = Counting { idle_timeout: Length::from_minutes(minutes), tail: Length::from_minutes(1) };
            count(events.clone(), counting).iter().map(|stretch| stretch.span.length()).sum::<Length>()
        };
        prop_assert!(total(narrow) <= total(narrow + more));
    }

    #[test]
    fn glances_never_change_what_is_counted(events in history(), tail in 0..3_i64) {
        let weak = |event: &&Event<Name>| matches!(event.sign, Sign::Heartbeat { strength: Strength::Weak, .. });
        let strong: Vec<_> = events.iter().filter(|event| !weak(event)).copied().collect();
        let counting = Counting { tail: Length::from_minutes(tail), ..Counting::default() };
        let spans = |events: &[Event<Name>]| {
            let stretches = count(events.to_vec(), counting);
            crate::instant::united(stretches.iter().map(|stretch| stretch.span).collect())
        };
        prop_assert_eq!(spans(&strong), spans(&events));
    }

    #[test]
    fn agents_change_nothing(events in history()) {
        let human = |event: &&Event<Name>| !matches!(event.sign, Sign::Heartbeat { actor: Actor::Agent, .. });
        let alone: Vec<_> = events.iter().filter(human).copied().collect();
        prop_assert_eq!(count(alone, Counting::default()), count(events, Counting::default()));
    }

    #[test]
    fn cutting_and_clipping_conserve_time(events in history(), start in 0..NOW, length in 1..100 * MINUTE) {
        let all = count(events, Counting::default());
        let span = Span::new(Instant::from_millis(start), Instant::from_millis(start + length)).unwrap();
        let sum = |stretches: &[Stretch<Name>]| stretches.iter().map(|stretch| stretch.span.length()).sum::<Length>();
        prop_assert_eq!(sum(&within(&all, span)) + sum(&without(&all, &[span])), sum(&all));
    }
}
