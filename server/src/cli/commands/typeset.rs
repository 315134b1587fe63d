//! `keeptab typeset`: a document, laid out in a process of its own.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use keeptab_system::home::Home;

use super::output::Output;
use super::{About, Command};

/// Lay out a document with a template of the user's own; keeptab starts it
#[derive(Debug, Args)]
#[command(hide = true)]
pub(in crate::cli) struct Typeset {}

impl Command for Typeset {
    const ABOUT: About = About {
        name: "typeset",
        palette: None,
        examples: &[],
        answers: &[],
    };

    fn run(self, _: Home, _: &Output) -> Result<ExitCode> {
        keeptab_engine::typeset().map(|()| ExitCode::SUCCESS)
    }
}
