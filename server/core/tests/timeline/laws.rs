//! The laws of the timeline, over weeks of generated work.

use keeptab_core::activity::{Actor, Sign, Strength};
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::timeline::{Counting, Effect, ProjectIndex, Stretch, Tag, absorb, totals, within, without};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::history::{History, PROJECTS, Scale, corrections, history};
use crate::replay::{Replay, replay, united};

fn histories() -> impl Strategy<Value = History> {
    history(Scale::LARGE)
}

fn spans<T>(stretches: &[Stretch<T>]) -> Vec<Span> {
    stretches.iter().map(|stretch| stretch.span).collect()
}

fn length(spans: &[Span]) -> Length {
    spans.iter().map(|span| span.length()).sum()
}

fn overlap(a: &[Span], b: &[Span]) -> bool {
    length(&united(&[a, b].concat())) != length(&united(a)) + length(&united(b))
}

/// Returns the parts of a timeline that lie in the stretches of another.
fn within_spans(stretches: &[Stretch<Tag>], others: &[Stretch<Tag>]) -> Vec<Stretch<Tag>> {
    others.iter().flat_map(|other| within(stretches, other.span)).collect()
}

/// Returns the length from the first counted instant to the last.
fn wall_clock<T>(stretches: &[Stretch<T>]) -> Length {
    match (stretches.first(), stretches.last()) {
        (Some(first), Some(last)) => last.span.end() - first.span.start(),
        _ => Length::ZERO,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_instant_is_counted_twice(history in histories()) {
        let Replay { credited, absorbed, counted, corrected, open } = replay(&history);
        let lists = [spans(&credited), spans(&absorbed), spans(&counted), spans(&corrected), spans(&open)];
        for pair in lists.iter().flat_map(|spans| spans.windows(2)) {
            prop_assert!(pair[0].end() <= pair[1].start(), "{pair:?}");
        }
        prop_assert!(!overlap(&spans(&open), &history.claims));
        prop_assert!(!overlap(&spans(&open), &history.entries));
    }

    #[test]
    fn the_sum_over_tags_is_the_length_of_the_union_and_at_most_the_wall_clock(history in histories()) {
        let Replay { credited, counted, corrected, open, .. } = replay(&history);
        for stretches in [&corrected, &open] {
            let sum: Length = totals(stretches).into_values().sum();
            prop_assert_eq!(sum, length(&united(&spans(stretches))));
            prop_assert!(sum <= wall_clock(stretches));
        }
        for stretches in [&credited, &counted] {
            let sum: Length = totals(stretches).into_values().sum();
            prop_assert_eq!(sum, length(&united(&spans(stretches))));
            prop_assert!(sum <= wall_clock(stretches));
            prop_assert!(stretches.last().is_none_or(|last| last.span.end() <= history.now), "nothing is ahead of now");
        }
    }

    #[test]
    fn stretches_are_maximal(history in histories()) {
        let Replay { credited, absorbed, counted, corrected, .. } = replay(&history);
        for pair in [credited, absorbed, counted].iter().flat_map(|stretches| stretches.windows(2)) {
            prop_assert!(pair[0].span.end() < pair[1].span.start() || pair[0].tag != pair[1].tag, "{pair:?}");
        }
        for pair in corrected.windows(2) {
            prop_assert!(pair[0].span.end() < pair[1].span.start() || pair[0].tag != pair[1].tag, "{pair:?}");
        }
    }

    #[test]
    fn absorbing_conserves_what_is_counted_and_does_nothing_the_second_time(history in histories()) {
        let Replay { credited, absorbed, .. } = replay(&history);
        prop_assert_eq!(united(&spans(&credited)), united(&spans(&absorbed)));
        prop_assert_eq!(absorb(&absorbed, history.absorb), absorbed);
    }

    #[test]
    fn absorbing_leaves_private_time_alone(history in histories()) {
        let Replay { credited, absorbed, .. } = replay(&history);
        let private = |stretches: &[Stretch<Tag>]| -> Vec<Span> {
            let private = stretches.iter().filter(|stretch| stretch.tag == Tag::Private);
            private.map(|stretch| stretch.span).collect()
        };
        prop_assert_eq!(private(&credited), private(&absorbed));
    }

    #[test]
    fn agents_change_no_instant_of_the_person(history in histories()) {
        let with = replay(&history);
        let counts = history.agents_count;
        let alone = replay(&History { agents_count: [false; PROJECTS], ..history });
        prop_assert_eq!(&alone.counted, &with.absorbed);
        prop_assert_eq!(within_spans(&with.counted, &with.absorbed), alone.counted);
        for stretch in without(&with.counted, &spans(&with.absorbed)) {
            prop_assert!(matches!(stretch.tag, Tag::Project(ProjectIndex(index)) if counts[index]), "{stretch:?}");
        }
    }

    #[test]
    fn retagging_and_marking_conserve_the_total(history in histories()) {
        let mut history = history;
        history.corrections.retain(|correction| !matches!(correction.effect, Effect::Fill(_) | Effect::Erase));
        let replay = replay(&history);
        prop_assert_eq!(united(&spans(&replay.counted)), united(&spans(&replay.corrected)));
    }

    #[test]
    fn erased_time_stays_erased_whatever_arrives_and_filled_time_stays_filled(history in histories(), late in histories()) {
        let mut history = history;
        let last = history.corrections.iter().max_by_key(|correction| (correction.made_at, correction.id)).copied();
        history.events.extend(late.events);
        let corrected = replay(&history).corrected;
        if let Some(last) = last {
            match last.effect {
                Effect::Erase => prop_assert!(!overlap(&spans(&corrected), &[last.span])),
                Effect::Fill(_) => prop_assert!(united(&[&spans(&corrected)[..], &[last.span]].concat()) == united(&spans(&corrected))),
                _ => {}
            }
        }
    }

    #[test]
    fn undo_restores_exactly((history, later) in histories().prop_flat_map(|history| {
        let later = corrections(Scale::LARGE, history.events.clone(), 8);
        (Just(history), later)
    })) {
        const APPLY: u64 = u64::MAX;
        let before = replay(&history);
        let mut changed = history.clone();
        changed.corrections.extend(later.into_iter().map(|mut correction| {
            correction.id += 1000;
            correction.apply = APPLY;
            correction
        }));
        let _ = replay(&changed);
        changed.corrections.retain(|correction| correction.apply != APPLY);
        prop_assert_eq!(replay(&changed), before);
    }

    #[test]
    fn a_wider_timeout_never_lowers_the_total(history in histories(), wider in 1..1_200_000_i64) {
        let idle_timeout = history.counting.idle_timeout + Length::from_millis(wider);
        let wide = History { counting: Counting { idle_timeout, ..history.counting }, ..history.clone() };
        let (narrow, wide) = (replay(&history), replay(&wide));
        // More than the totals: counted instants stay counted.
        let grew = |narrow: Vec<Span>, wide: Vec<Span>| united(&[&narrow[..], &wide[..]].concat()) == united(&wide);
        prop_assert!(grew(spans(&narrow.credited), spans(&wide.credited)));
        prop_assert!(grew(spans(&narrow.counted), spans(&wide.counted)));
        prop_assert!(grew(spans(&narrow.corrected), spans(&wide.corrected)));
        prop_assert!(grew(spans(&narrow.open), spans(&wide.open)));
    }

    #[test]
    fn weak_heartbeats_never_change_what_is_counted(history in histories(), keep in any::<u64>()) {
        let with = replay(&history);
        let mut fewer = history.clone();
        // Any of the person's may be missing, or all of them.
        let mut state = keep;
        fewer.events.retain(|event| {
            state = state.rotate_left(7).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let weak = matches!(
                event.sign,
                Sign::Heartbeat { actor: Actor::Human, strength: Strength::Weak, .. }
            );
            !weak || (keep % 2 == 0 && state % 3 == 0)
        });
        let without = replay(&fewer);
        prop_assert_eq!(united(&spans(&with.credited)), united(&spans(&without.credited)));
        prop_assert_eq!(united(&spans(&with.counted)), united(&spans(&without.counted)));
        prop_assert_eq!(united(&spans(&with.corrected)), united(&spans(&without.corrected)));
        prop_assert_eq!(united(&spans(&with.open)), united(&spans(&without.open)));
    }

    #[test]
    fn arrival_order_and_repetition_do_not_matter(history in histories(), from in any::<Index>()) {
        let mut mixed = history.clone();
        if !mixed.events.is_empty() {
            let from = from.index(mixed.events.len());
            mixed.events.rotate_left(from);
            mixed.events.extend_from_within(..from);
        }
        mixed.corrections.reverse();
        mixed.entries.reverse();
        prop_assert_eq!(replay(&mixed), replay(&history));
    }

    #[test]
    fn what_happens_later_does_not_change_what_was_seen_before(history in histories(), late in histories()) {
        // Beyond the reach of a gap from the last heartbeat and of a stretch that is absorbed, the past is settled.
        let mut history = history;
        history.now = Instant::LATEST;
        let before = replay(&history).credited;
        let last = history.events.iter().map(|event| event.at).max().unwrap_or(Instant::EARLIEST);
        let reach = history.counting.idle_timeout + Length::from_millis(history.counting.tail.millis() + 1);
        history.events.extend(late.events.into_iter().map(|mut event| {
            event.at = last + reach + Length::from_millis(event.at.millis());
            event.id.device.0 += 10;
            event
        }));
        let after = replay(&history).credited;
        prop_assert_eq!(&after[..before.len()], &before[..]);
    }
}
