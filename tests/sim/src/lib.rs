//! The simulator: real engines in one thread, on a disk and under a clock that fail on purpose.
//!
//! A seed makes a plan; the plan makes a world; after each step all laws are checked. A plan that breaks a law is shrunk to the
//! fewest steps that still break one, and told as a story.

#![cfg(unix)]

mod acts;
mod laws;
mod plan;
mod rows;
mod shrink;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};

pub use keeptab_sim_disk::Fault;
pub use plan::{Act, Step, plan};
pub use shrink::shrink;
pub use world::Figures;
use world::World;

/// The steps of a plan, unless somebody wants another number.
pub const STEPS: usize = 60;

/// A broken law.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The law.
    pub law: String,
    /// All steps up to there, with their answers.
    pub story: Vec<String>,
}

/// Returns the steps of a seed with their answers, up to a broken law if there is one.
#[must_use]
pub fn story(seed: u64, steps: &[Step]) -> Vec<String> {
    let Ok(mut world) = World::new(seed) else {
        return Vec::new();
    };
    let held = steps.iter().try_for_each(|step| world.take(step));
    let _ = held.and_then(|()| world.finish());
    std::mem::take(&mut world.story)
}

/// Runs a plan in the world of a seed.
///
/// # Errors
///
/// If a law is broken, or an engine panics.
pub fn run(seed: u64, steps: &[Step]) -> Result<Figures, Box<Broken>> {
    let mut world = World::new(seed).map_err(|error| {
        Box::new(Broken {
            law: format!("no world: {error:#}"),
            story: Vec::new(),
        })
    })?;
    let ran = catch_unwind(AssertUnwindSafe(|| {
        steps
            .iter()
            .try_for_each(|step| world.take(step))
            .and_then(|()| world.finish())
    }));
    let law = match ran {
        Ok(Ok(())) => return Ok(world.figures),
        Ok(Err(law)) => law,
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            format!("panic: {}", text.unwrap_or("without words"))
        }
    };
    let story = std::mem::take(&mut world.story);
    Err(Box::new(Broken { law, story }))
}
