//! Writes all that a damaged database still holds into a new file.

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use keeptab_core::instant::Instant;
use keeptab_core::plain::counted;
use keeptab_store::{self, Salvaged};
use schemars::JsonSchema;
use serde::Serialize;

use crate::Engine;

/// A file that was salvaged.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Salvage {
    /// The new file.
    pub file: PathBuf,
    /// Its contents.
    #[serde(flatten)]
    pub found: Salvaged,
}

/// Writes all that a file still holds into a new one.
///
/// # Errors
///
/// If the new file is there already or cannot be written, or if the file cannot be read.
pub fn salvage(from: &Path, to: &Path, now: Instant) -> Result<Salvage> {
    let found =
        keeptab_store::salvage(from, to, now).with_context(|| format!("{} was not salvaged", from.display()))?;
    Ok(Salvage {
        file: to.to_owned(),
        found,
    })
}

impl Engine {
    /// Writes all that a damaged file still holds into a new one. It may not be the open database.
    ///
    /// # Errors
    ///
    /// If the file is the open database or cannot be read, or the new one cannot be written.
    pub fn salvage(&self, from: &Path, to: &Path, now: Instant) -> Result<Salvage> {
        // Reading it as a plain file would take away the locks that this process holds on it.
        ensure!(
            from != self.home.database(),
            "the database is open here\nhint: `keeptab salvage --to {}` in a shell salvages it",
            to.display()
        );
        salvage(from, to, now)
    }
}

impl fmt::Display for Salvage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Salvaged {
            rows,
            pages,
            incomplete,
            lost,
        } = &self.found;
        let count = |table: &str| counted(rows.get(table).copied().unwrap_or_default(), table);
        writeln!(
            f,
            "read {}: {}, {}, {}, {}, {}, {}",
            counted(*pages, "page"),
            count("event"),
            count("entry"),
            count("correction"),
            count("invoice"),
            count("payment"),
            count("document")
        )?;
        if !incomplete.is_empty() {
            writeln!(f, "  not all events of: {}", incomplete.join(", "))?;
        }
        if !lost.is_empty() {
            writeln!(f, "  lost: {}", lost.join(", "))?;
        }
        write!(
            f,
            "nothing was overwritten\nhint: `keeptab restore {file}` puts it in place\n{file}",
            file = self.file.display()
        )
    }
}
