//! Hosts that have read the present, and something of it is forgotten.

use super::*;
use crate::Forget;

fn forget(engine: &mut Engine, glob: &str, now: Instant) {
    let what = Some(Forget::Named(glob.into()));
    let command = |engine: &mut Engine, now| engine.forget(what.as_ref(), true, now);
    engine.ask(now, command).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// A host that was there all the while says the same as one that has just started, after any mix of work,
    /// forgetting and looks, also if as many events came as went.
    #[test]
    fn every_host_says_what_a_new_one_says(steps in vec((0..4_u8, 0..2_u8, 1..4_i64), 1..12)) {
        let folder = home();
        let (mut one, mut other) = (open(&folder), open(&folder));
        let (mut minute, mut seq) = (0, 0);
        for (step, project, count) in steps {
            let project = ["api", "web"][usize::from(project)];
            match step {
                0 => forget(&mut other, &format!("/w/{project}"), at(minute)),
                1 => {
                    // A dry run leaves no trace in cached readings.
                    let what = Some(Forget::Named(format!("/w/{project}")));
                    let command = |engine: &mut Engine, now| engine.forget(what.as_ref(), false, now);
                    one.ask(at(minute), command).unwrap();
                }
                _ => {
                    let mut events = Vec::new();
                    for _ in 0..count {
                        (seq, minute) = (seq + 1, minute + 2);
                        events.push(work(seq, at(minute), &format!("/w/{project}/a.rs")));
                    }
                    record(&mut one, "vim", events, at(minute));
                }
            }
            minute += 1;
            let fresh = report(&mut open(&folder), at(minute));
            prop_assert_eq!(&report(&mut one, at(minute)), &fresh);
            prop_assert_eq!(&report(&mut other, at(minute)), &fresh);
        }
    }
}

#[test]
fn as_many_events_that_come_as_went_are_noticed() {
    let folder = home();
    let (mut one, mut other) = (open(&folder), open(&folder));
    let events = |first: i64, project: &str| -> Vec<Activity> {
        let events = (0..5).map(|n| {
            work(
                (first + n).unsigned_abs() + 1,
                at(first + n),
                &format!("/w/{project}/a.rs"),
            )
        });
        events.collect()
    };
    record(&mut one, "vim", events(0, "api"), at(10));
    report(&mut one, at(11));
    forget(&mut other, "/w/api", at(12));
    record(&mut other, "vim", events(20, "web"), at(30));
    let fresh = report(&mut open(&folder), at(31));
    assert_eq!(report(&mut one, at(31)), fresh);
    assert_eq!(fresh["rows"].as_array().unwrap().len(), 1);
}
