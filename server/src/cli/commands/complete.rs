//! `keeptab complete`: the questions of completion scripts.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use keeptab_engine::Engine;
use keeptab_present::flow::Known;
use keeptab_system::clock;
use keeptab_system::home::Home;

use super::output::Output;
use super::{About, Command, following};

/// Print the words that may follow; completion scripts ask for them
#[derive(Debug, Args)]
#[command(hide = true)]
pub(in crate::cli) struct Complete {
    /// The part of the next word that is there
    #[arg(long, allow_hyphen_values = true)]
    begun: Option<String>,
    /// The words so far, without the one that is begun
    #[arg(allow_hyphen_values = true, trailing_var_arg = true)]
    words: Vec<String>,
}

impl Command for Complete {
    const ABOUT: About = About {
        name: "complete",
        palette: None,
        examples: &[],
        answers: &[],
    };

    fn run(self, home: Home, _: &Output) -> Result<ExitCode> {
        offered(&self.words, self.begun.as_deref(), home)
    }
}

/// Prints the words that may follow on a command line, one a line. Nothing is written: without a database only
/// commands and options are known.
fn offered(words: &[String], begun: Option<&str>, home: Home) -> Result<ExitCode> {
    let known = if home.database().exists() {
        // A warning that is due once is not spent on a completion, which nobody reads.
        Engine::open_or_read(home, clock::now())?.ask(clock::now(), Known::read)?
    } else {
        Known::default()
    };
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let found = if words.is_empty() {
        following::commands()
    } else {
        following::complete(&words, begun, &known)
    };
    if found.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    Output::data(&found.join("\n"))
}
