//! Completion scripts and manual pages.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{CommandFactory as _, ValueEnum};
use clap_mangen::Man;
use serde_json::json;

use super::complete::commands;
use super::output::Output;
use super::{Cli, complete};
use crate::clock;
use crate::engine::Engine;
use crate::flow::Known;
use crate::home::Home;

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
pub(super) fn following(words: &[String], home: Home) -> Result<ExitCode> {
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
        complete(&words, &known)
    };
    if found.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    Output::data(&found.join("\n"))
}

/// The exit codes, as a section of the manual.
const EXIT_CODES: &str = ".SH \"EXIT STATUS\"\n.TP\n0\nThe command did what it was asked for.\n.TP\n1\nIt failed, and changed \
nothing unless it says so.\n.TP\n2\nThe command line is wrong, or there is a question and no terminal to ask it in.\n";

/// Prints the manual page, or writes the pages of all commands into a folder.
pub(super) fn manual(to: Option<&Path>, output: &Output) -> Result<ExitCode> {
    let mut command = Cli::command();
    command.build();
    let Some(folder) = to else {
        let mut page = Vec::new();
        Man::new(command).render(&mut page)?;
        page.extend_from_slice(EXIT_CODES.as_bytes());
        return Output::data(String::from_utf8_lossy(&page).trim_end());
    };
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    clap_mangen::generate_to(command, folder).with_context(|| format!("{} cannot be written to", folder.display()))?;
    let text = format!(
        "written to {}; `man keeptab` finds them in a folder man1 on its path",
        folder.display()
    );
    output.either(&text, || json!({ "folder": folder }))
}
