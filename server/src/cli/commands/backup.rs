//! `keeptab backup`: a copy of the database.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use keeptab_present::flow::Call;

use super::schema::of;
use super::{About, Command};

/// Write a checked, compressed copy of the database; one a day is written by itself
#[derive(Debug, Args)]
pub(in crate::cli) struct Backup {
    /// The new file; unless given, the backup of the day
    file: Option<PathBuf>,
}

impl Command for Backup {
    const ABOUT: About = About {
        name: "backup",
        palette: Some(
            "writes the backup of the day, `{ file, bytes, events, invoices, removed }`; with a path, one in \
             that file",
        ),
        examples: &[(
            "backup",
            &["keeptab backup", "keeptab backup /media/disk/keeptab.db.gz"],
        )],
        answers: &[("backup", of::<keeptab_engine::Backup>)],
    };

    fn call(self) -> Result<Call> {
        let file = self.file.map(std::path::absolute).transpose()?;
        Ok(Call::beside(move |engine, now| {
            let job = engine.backup_job(file, now);
            Ok(move || job.run())
        }))
    }
}
