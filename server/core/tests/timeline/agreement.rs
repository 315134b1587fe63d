//! The core and the definition agree on every instant of thousands of random histories.

use std::cell::RefCell;
use std::collections::BTreeMap;

use keeptab_core::activity::{Sign, Strength};
use keeptab_core::instant::{Instant, Length};
use keeptab_core::timeline::{Counting, Effect, Stretch};
use proptest::test_runner::{Config, TestRunner};

use crate::definition::define;
use crate::history::{History, PROJECTS, Scale, history};
use crate::replay::replay;

const HISTORIES: u32 = 10_000;

/// Looks at every instant of a timeline; one that is counted twice is an error.
#[track_caller]
fn instants<T: Copy>(stretches: &[Stretch<T>], horizon: usize) -> Vec<Option<T>> {
    let mut instants = vec![None; horizon];
    for stretch in stretches {
        let at = |instant: Instant| usize::try_from(instant.millis()).unwrap();
        for instant in &mut instants[at(stretch.span.start())..at(stretch.span.end())] {
            assert!(instant.replace(stretch.tag).is_none(), "counted twice");
        }
    }
    instants
}

/// Takes something out of a history.
type LeaveOut = fn(&mut History);

/// Parts of a history without which the timeline would differ.
const WITHOUT: [(&str, LeaveOut); 14] = [
    ("boundaries", |history| {
        history.events.retain(|event| event.sign != Sign::Boundary);
    }),
    ("weak heartbeats", |history| {
        let is_weak = |sign| {
            matches!(
                sign,
                Sign::Heartbeat {
                    strength: Strength::Weak,
                    ..
                }
            )
        };
        history.events.retain(|event| !is_weak(event.sign));
    }),
    ("a boundary's device", |history| {
        let boundaries = history.events.iter_mut().filter(|event| event.sign == Sign::Boundary);
        boundaries.for_each(|boundary| boundary.id.device.0 += 1);
    }),
    ("the device's place in the order", |history| {
        history
            .events
            .iter_mut()
            .for_each(|event| event.id.device.0 = 2 - event.id.device.0);
    }),
    ("a tail", |history| history.counting.tail = Length::ZERO),
    ("a timeout exact to the millisecond", |history| {
        let counting = history.counting;
        history.counting = Counting {
            idle_timeout: counting.idle_timeout - Length::from_millis(1),
            ..counting
        };
    }),
    ("a future", |history| history.now = Instant::LATEST),
    ("absorbing", |history| history.absorb = Length::ZERO),
    ("absorbing exact to the millisecond", |history| {
        history.absorb += Length::from_millis(1);
    }),
    ("agents that count", |history| history.agents_count = [false; PROJECTS]),
    ("erasing", |history| {
        history
            .corrections
            .retain(|correction| correction.effect != Effect::Erase);
    }),
    ("the order of corrections", |history| {
        let corrections = history.corrections.iter_mut();
        corrections.for_each(|correction| correction.made_at = Instant::from_millis(-correction.made_at.millis()));
    }),
    ("entries", |history| history.entries.clear()),
    ("claims", |history| history.claims.clear()),
];

#[test]
fn the_core_is_as_it_is_defined_at_every_instant() {
    let mattered = RefCell::new(BTreeMap::<&str, u32>::new());
    let config = Config {
        cases: HISTORIES,
        failure_persistence: None,
        ..Config::default()
    };
    let agree = |history: History| {
        let (core, defined) = (replay(&history), define(&history));
        let horizon = defined.open.len();
        assert_eq!(instants(&core.credited, horizon), defined.credited, "credit");
        assert_eq!(instants(&core.absorbed, horizon), defined.absorbed, "absorb");
        assert_eq!(instants(&core.counted, horizon), defined.counted, "beside");
        assert_eq!(instants(&core.corrected, horizon), defined.corrected, "correct");
        assert_eq!(instants(&core.open, horizon), defined.open, "without");
        for (what, leave_out) in WITHOUT {
            let mut lacking = history.clone();
            leave_out(&mut lacking);
            *mattered.borrow_mut().entry(what).or_default() += u32::from(replay(&lacking) != core);
        }
        Ok(())
    };
    TestRunner::new(config).run(&history(Scale::SMALL), agree).unwrap();
    let mattered = mattered.into_inner();
    eprintln!("{HISTORIES} histories agree at every instant; of them so many depend on\n{mattered:#?}");
    assert!(mattered.values().all(|count| *count >= HISTORIES / 50), "{mattered:#?}");
}
