//! `keeptab completions`: scripts for shells.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, ValueEnum};
use keeptab_system::home::Home;

use super::output::Output;
use super::{About, Command};

/// Print the completion script of a shell
#[derive(Debug, Args)]
pub(in crate::cli) struct Completions {
    /// The shell
    shell: Shell,
}

impl Command for Completions {
    const ABOUT: About = About {
        name: "completions",
        palette: None,
        examples: &[(
            "completions",
            &[
                "keeptab completions bash > ~/.local/share/bash-completion/completions/keeptab",
                "keeptab completions fish > ~/.config/fish/completions/keeptab.fish",
            ],
        )],
        answers: &[],
    };

    fn run(self, _: Home, _: &Output) -> Result<ExitCode> {
        Output::data(self.shell.script().trim_end())
    }
}

/// A shell that a completion script is for.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
    Powershell,
}

impl Shell {
    /// Returns the script. It asks the program at each completion, so it knows today's clients, weeks and numbers.
    fn script(self) -> &'static str {
        match self {
            Self::Bash => include_str!("completions/keeptab.bash"),
            Self::Zsh => include_str!("completions/keeptab.zsh"),
            Self::Fish => include_str!("completions/keeptab.fish"),
            Self::Powershell => include_str!("completions/keeptab.ps1"),
        }
    }
}
