//! `keeptab restore`: a backup in the place of the database.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use keeptab_engine::Restoration;
use keeptab_present::flow::Call;
use keeptab_system::clock;
use keeptab_system::home::Home;

use super::output::Output;
use super::schema::of;
use super::{About, Command};

/// Put a backup in the place of the database; invoices that it lacks are carried over
#[derive(Debug, Args)]
pub(in crate::cli) struct Restore {
    /// The backup
    file: PathBuf,
    /// Do it, and do not only show what it would do
    #[arg(long)]
    yes: bool,
}

impl Command for Restore {
    const ABOUT: About = About {
        name: "restore",
        palette: Some(
            "asks for a backup, shows what restoring it would do, asks, and restores it; with a path says what \
             that would do, `{ file, done, backup, present, carried, taken, unreadable, kept }`, and with \
             `--yes` does it",
        ),
        examples: &[(
            "restore",
            &[
                "keeptab restore /media/disk/keeptab.db.gz",
                "keeptab restore /media/disk/keeptab.db.gz --yes",
            ],
        )],
        answers: &[("restore", of::<Restoration>)],
    };

    fn call(self) -> Result<Call> {
        let file = std::path::absolute(self.file)?;
        Ok(Call::new(move |engine, now| engine.restore(&file, self.yes, now)))
    }

    /// Restores without opening the database: the file may not be one any more.
    fn run(self, home: Home, output: &Output) -> Result<ExitCode> {
        let file = std::path::absolute(self.file)?;
        let restored = keeptab_engine::restore(&home, &file, self.yes, clock::now())?;
        output.written(&restored, &restored)
    }
}
