//! `keeptab stop`: the end of what was started by hand.

use anyhow::Result;
use clap::Args;
use keeptab_engine::{Done, Engine};
use keeptab_present::flow::Call;

use super::schema::of;
use super::{About, Command};

/// End what was started, and count it
#[derive(Debug, Args)]
pub(in crate::cli) struct Stop {}

impl Command for Stop {
    const ABOUT: About = About {
        name: "stop",
        palette: Some("ends what was started, and counts it"),
        examples: &[("stop", &["keeptab stop"])],
        answers: &[("stop", of::<Done>)],
    };

    const LOOKS: bool = true;

    fn call(self) -> Result<Call> {
        Ok(Call::new(Engine::stop))
    }
}
