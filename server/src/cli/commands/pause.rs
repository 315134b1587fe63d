//! `keeptab pause`: no tracking for a while.

use anyhow::Result;
use clap::Args;
use keeptab_engine::Done;
use keeptab_present::flow::Call;

use super::schema::of;
use super::{About, Command};

/// Stop tracking, in every editor
#[derive(Debug, Args)]
pub(in crate::cli) struct Pause {}

impl Command for Pause {
    const ABOUT: About = About {
        name: "pause",
        palette: Some("stops tracking, for every host"),
        examples: &[("pause", &["keeptab pause"])],
        answers: &[("pause", of::<Done>)],
    };

    fn call(self) -> Result<Call> {
        Ok(Call::new(|engine, now| engine.pause(true, now)))
    }
}
