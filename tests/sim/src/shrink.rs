//! Fewer steps that still break a law.

use crate::plan::Step;
use crate::{Broken, run};

/// Returns the fewest steps found that break a law, with the law: first whole parts are left out, then single steps, then faults.
///
/// # Panics
///
/// If the steps break no law.
#[must_use]
pub fn shrink(seed: u64, steps: &[Step]) -> (Vec<Step>, Broken) {
    let fails = |steps: &[Step]| run(seed, steps).err();
    let mut least = steps.to_vec();
    let mut broken = fails(&least).expect("the plan breaks a law");
    // Nothing after the broken step matters, unless the law is checked at the end alone.
    let mut size = least.len();
    while size > 0 {
        let mut from = 0;
        while from < least.len() {
            let without: Vec<Step> = [&least[..from], &least[(from + size).min(least.len())..]].concat();
            match fails(&without) {
                Some(found) => (least, broken) = (without, found),
                None => from += size,
            }
        }
        size /= 2;
    }
    for nth in 0..least.len() {
        if least[nth].fault.is_none() {
            continue;
        }
        let mut without = least.clone();
        without[nth].fault = None;
        if let Some(found) = fails(&without) {
            (least, broken) = (without, found);
        }
    }
    (least, *broken)
}
