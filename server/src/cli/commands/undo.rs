//! `keeptab undo`: the latest corrections, taken back.

use anyhow::Result;
use clap::Args;
use keeptab_engine::{Done, Engine};
use keeptab_present::flow::Call;

use super::schema::of;
use super::{About, Command};

/// Take the latest change back: a save of the week, added time, a changed line, or an assigned folder
#[derive(Debug, Args)]
pub(in crate::cli) struct Undo {}

impl Command for Undo {
    const ABOUT: About = About {
        name: "undo",
        palette: Some("takes the latest change back: a save of a week, an entry, a changed line, or a rule"),
        examples: &[("undo", &["keeptab undo"])],
        answers: &[("undo", of::<Done>)],
    };

    fn call(self) -> Result<Call> {
        Ok(Call::new(Engine::undo))
    }
}
