//! Completion scripts, and their questions.

use std::process::ExitCode;

use anyhow::Result;
use clap::ValueEnum;
use keeptab_engine::Engine;
use keeptab_present::flow::Known;
use keeptab_system::clock;
use keeptab_system::home::Home;

use super::complete;
use super::complete::commands;
use super::output::Output;

/// A shell that a completion script is for.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Shell {
    Bash,
    Zsh,
    Fish,
    Powershell,
}

impl Shell {
    /// Returns the script. It asks the program at each completion, so it knows today's clients, weeks and numbers.
    fn script(self) -> &'static str {
        match self {
            Self::Bash => include_str!("shells/keeptab.bash"),
            Self::Zsh => include_str!("shells/keeptab.zsh"),
            Self::Fish => include_str!("shells/keeptab.fish"),
            Self::Powershell => include_str!("shells/keeptab.ps1"),
        }
    }
}

/// Prints the completion script of a shell.
pub(super) fn completions(shell: Shell) -> Result<ExitCode> {
    Output::data(shell.script().trim_end())
}

/// Prints the words that may follow on a command line, one a line. Nothing is written: without a database only
/// commands and options are known.
pub(super) fn following(words: &[String], begun: Option<&str>, home: Home) -> Result<ExitCode> {
    let known = if home.database().exists() {
        // A warning that is due once is not spent on a completion, which nobody reads.
        Engine::open_or_read(home, clock::now())?.ask(clock::now(), Known::read)?
    } else {
        Known::default()
    };
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let found = if words.is_empty() {
        commands()
    } else {
        complete(&words, begun, &known)
    };
    if found.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    Output::data(&found.join("\n"))
}
