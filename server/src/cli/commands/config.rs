//! `keeptab config`: what editors and programs want to know of the config.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};
use keeptab_system::home::Home;

use super::output::Output;
use super::{About, Command, keys};

/// Print what editors and programs want to know of the config
#[derive(Debug, Args)]
pub(in crate::cli) struct Config {
    #[command(subcommand)]
    action: ConfigAction,
}

#[derive(Debug, Subcommand)]
enum ConfigAction {
    /// Print the JSON schema of keeptab.toml
    Schema,
}

impl Command for Config {
    const ABOUT: About = About {
        name: "config",
        palette: None,
        examples: &[
            ("config", &["keeptab config schema > keeptab.schema.json"]),
            ("config schema", &["keeptab config schema > keeptab.schema.json"]),
        ],
        answers: &[],
    };

    fn run(self, _: Home, _: &Output) -> Result<ExitCode> {
        match self.action {
            ConfigAction::Schema => Output::data(&serde_json::to_string_pretty(&keys::schema())?),
        }
    }
}
