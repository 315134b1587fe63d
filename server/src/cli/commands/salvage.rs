//! `keeptab salvage`: all that a damaged database still holds.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use keeptab_present::flow::Call;
use keeptab_system::clock;
use keeptab_system::home::Home;

use super::output::Output;
use super::schema::of;
use super::{About, Command, in_shell_only};

/// Write all that a damaged database still holds into a new file
#[derive(Debug, Args)]
pub(in crate::cli) struct Salvage {
    /// The damaged file; the database unless given
    file: Option<PathBuf>,
    /// The new file, which is not there yet
    #[arg(long, value_name = "NEW")]
    to: PathBuf,
}

impl Command for Salvage {
    const ABOUT: About = About {
        name: "salvage",
        palette: Some(
            "asks for a damaged file and a new one; with `[FILE, \"--to=NEW\"]` writes what the one still holds \
             into the other: `{ file, rows, pages, incomplete, lost }`",
        ),
        examples: &[("salvage", &["keeptab salvage --to saved.db"])],
        answers: &[("salvage", of::<keeptab_engine::Salvage>)],
    };

    fn call(self) -> Result<Call> {
        let Some(file) = self.file else {
            return Err(in_shell_only(Self::ABOUT.name));
        };
        let (file, to) = (std::path::absolute(file)?, std::path::absolute(self.to)?);
        Ok(Call::new(move |engine, now| engine.salvage(&file, &to, now)))
    }

    fn run(self, home: Home, output: &Output) -> Result<ExitCode> {
        let file = std::path::absolute(self.file.unwrap_or_else(|| home.database()))?;
        let salvaged = keeptab_engine::salvage(&file, &std::path::absolute(self.to)?, clock::now())?;
        output.written(&salvaged, &salvaged)
    }
}
