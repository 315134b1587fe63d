//! `keeptab status`: what is being tracked.

use anyhow::Result;
use clap::Args;
use keeptab_engine::Engine;
use keeptab_present::flow::Call;

use super::schema::of;
use super::{About, Command};

/// Show what is being tracked
#[derive(Debug, Args)]
pub(in crate::cli) struct Status {}

impl Command for Status {
    const ABOUT: About = About {
        name: "status",
        palette: Some("the status"),
        examples: &[("status", &["keeptab status", "keeptab status --json"])],
        answers: &[("status", of::<keeptab_engine::Status>)],
    };

    const LOOKS: bool = true;

    fn call(self) -> Result<Call> {
        Ok(Call::new(Engine::status))
    }
}
