//! Hosts that compute piece by piece agree with the core, which gets all events at once.

use keeptab_core::activity::{Actor, Cause, DeviceId, Event, EventId, Kind, Sign, SourceId};
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::timeline::{Counting, ProjectIndex, Stretch, Tag, absorb, credit};
use proptest::collection::vec;
use proptest::prelude::*;

use super::{MONDAY, at, home, open, record, work};
use crate::{Activity, Engine, What};

/// The events of one source: gaps in seconds, the touched thing and the kind.
fn history() -> impl Strategy<Value = Vec<(i64, usize, Kind)>> {
    let gap = prop_oneof![
        5 => 0..400_i64,
        2 => 800..1000_i64,
        2 => 3_600..60_000_i64,
    ];
    let kind = prop_oneof![2 => Just(Kind::Edit), 1 => Just(Kind::Focus)];
    vec((gap, 0..5_usize, kind), 1..150)
}

const FILES: [&str; 5] = ["/w/api/a.rs", "/w/web/b.rs", "/tmp/c.txt", "/tmp/d.txt", "cut"];

fn activities(history: &[(i64, usize, Kind)], offset: i64) -> Vec<Activity> {
    let mut moment = Instant::from_millis(MONDAY + offset);
    let events = history.iter().zip(1..).map(|((gap, file, kind), seq)| {
        moment = moment + Length::from_secs(*gap);
        let mut event = work(seq, moment, FILES[*file]);
        match &mut event.what {
            what if FILES[*file] == "cut" => *what = What::Cut(Cause::Lock),
            What::Work { kind: seen, .. } => *seen = *kind,
            _ => {}
        }
        event
    });
    events.collect()
}

fn timeline(engine: &mut Engine, now: Instant) -> Vec<Stretch<Tag>> {
    engine.captured(Span::ALL, now).unwrap()
}

/// The timeline of all events by the core alone, without a store.
fn replay(sources: [&[Activity]; 2], now: Instant) -> Vec<Stretch<Tag>> {
    let mut events = Vec::new();
    for (source, activities) in (0..).zip(sources) {
        for activity in activities {
            let sign = match &activity.what {
                What::Work { uri, kind, .. } => Sign::Heartbeat {
                    actor: Actor::Human,
                    strength: kind.strength(),
                    tag: match FILES.iter().position(|file| Some(*file) == uri.as_deref()) {
                        Some(index @ 0..2) => Tag::Project(ProjectIndex(index)),
                        _ => Tag::Unassigned,
                    },
                },
                _ => Sign::Boundary,
            };
            events.push(Event {
                at: activity.at,
                id: EventId {
                    device: DeviceId(1),
                    source: SourceId(source),
                    seq: activity.seq.unwrap(),
                },
                sign,
            });
        }
    }
    events.sort_by_key(Event::order);
    absorb(&credit(events, Counting::default(), now), Length::from_minutes(1))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Two editors on two hosts, with interleaved batches and looks in between, so that cached days go stale: the
    /// result equals that of a host that gets all events at once.
    #[test]
    fn incremental_is_full_replay(
        one in history(),
        two in history(),
        long in 0..2_i64,
        size in 1..40_usize,
        looks in vec((any::<bool>(), 0..120_i64), 1..20),
        from in 0..100_i64,
    ) {
        // Now and then the person works through the night, and through the next one too.
        let night = |index| (890, usize::from(index % 3 == 0), if index % 4 == 1 { Kind::Focus } else { Kind::Edit });
        let through: Vec<_> = (0..long * 200).map(night).collect();
        let (one, two) = (activities(&[through, one].concat(), 0), activities(&two, 7_777));
        let last = one.iter().chain(&two).map(|event| event.at).max().unwrap();
        let now = last + Length::from_minutes(60);

        let folder = home();
        let mut hosts = [open(&folder), open(&folder)];
        let whole = (last - at(0)).millis();
        let mut came = [Vec::new(), Vec::new()];
        let mut looks = looks.iter().cycle();
        let batches = one.chunks(size).map(Some).chain(std::iter::repeat(None));
        let others = two.chunks(size).map(Some).chain(std::iter::repeat(None));
        for (batch, other) in batches.zip(others).take_while(|(batch, other)| batch.is_some() || other.is_some()) {
            for (index, (source, batch)) in [("one", batch), ("two", other)].into_iter().enumerate() {
                if let Some(batch) = batch {
                    record(&mut hosts[index], source, batch.to_vec(), now);
                    came[index].extend_from_slice(batch);
                }
                // At any present: the clock may be behind what came in, and be set back.
                let (look, percent) = *looks.next().unwrap();
                if look {
                    let present = at(0) + Length::from_millis(whole * percent / 100);
                    prop_assert_eq!(timeline(&mut hosts[index], present), replay([&came[0], &came[1]], present));
                }
            }
        }
        let [mut first, mut second] = hosts;
        let seen = timeline(&mut first, now);
        prop_assert_eq!(&seen, &timeline(&mut second, now));

        prop_assert_eq!(&seen, &replay([&one, &two], now));
        // Looked at through a narrow window, it is the same.
        let start = at(0) + Length::from_millis(whole * from / 100);
        let window = Span::new(start, start + Length::from_minutes(500)).unwrap();
        let narrow = first.captured(window, now).unwrap();
        prop_assert_eq!(
            keeptab_core::timeline::within(&narrow, window),
            keeptab_core::timeline::within(&seen, window)
        );
    }
}
