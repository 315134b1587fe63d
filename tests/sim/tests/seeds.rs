//! Some hundreds of seeds: all laws hold in all of them.

#![cfg(unix)]

use keeptab_sim::{STEPS, plan, run};

/// Runs seeds, and tells the story of the first that breaks a law.
#[track_caller]
fn hold(seeds: std::ops::Range<u64>) {
    for seed in seeds {
        if let Err(broken) = run(seed, &plan(seed, STEPS)) {
            let story = broken.story.join("\n");
            panic!(
                "seed {seed}: {}\n{story}\n`keeptab-sim {seed}` finds fewer steps",
                broken.law
            );
        }
    }
}

macro_rules! seeds {
    ($($name:ident: $from:expr),*) => {
        $(#[test]
        fn $name() {
            hold($from..$from + 50);
        })*
    };
}

// Several tests, so that several processors run them.
seeds! {
    all_laws_hold_from_seed_0: 0,
    all_laws_hold_from_seed_50: 50,
    all_laws_hold_from_seed_100: 100,
    all_laws_hold_from_seed_150: 150
}

#[test]
fn a_seed_repeats_its_story() {
    for seed in [3, 13, 14] {
        let steps = plan(seed, 40);
        assert_eq!(keeptab_sim::story(seed, &steps), keeptab_sim::story(seed, &steps));
    }
}
