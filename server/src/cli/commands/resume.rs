//! `keeptab resume`: tracking after a pause.

use anyhow::Result;
use clap::Args;
use keeptab_engine::Done;
use keeptab_present::flow::Call;

use super::schema::of;
use super::{About, Command};

/// Go on tracking
#[derive(Debug, Args)]
pub(in crate::cli) struct Resume {}

impl Command for Resume {
    const ABOUT: About = About {
        name: "resume",
        palette: Some("goes on tracking, for every host"),
        examples: &[("resume", &["keeptab resume"])],
        answers: &[("resume", of::<Done>)],
    };

    fn call(self) -> Result<Call> {
        Ok(Call::new(|engine, now| engine.pause(false, now)))
    }
}
