//! Checked copies of the file.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use rusqlite::Connection;

use super::{device, open};

/// The contents of a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Number of events.
    pub events: u64,
    /// Number of invoices and credit notes.
    pub invoices: u64,
}

/// Copies one snapshot of the database into an empty file, and checks the copy. Writers go on meanwhile.
///
/// # Errors
///
/// If the database or the copy is damaged, or if one of them cannot be read or written.
pub fn copy(from: &Path, to: &Path) -> Result<Copied> {
    let connection = open::connect(from)?;
    refuse_damage(&connection, "PRAGMA quick_check(1)")?;
    open::copy_into(&connection, to).context("the database cannot be copied")?;
    drop(connection);
    let connection = open::connect(to)?;
    refuse_damage(&connection, "PRAGMA integrity_check(1)")?;
    if connection.prepare("PRAGMA foreign_key_check")?.exists([])? {
        bail!("a row of the copy names another that is not there\nhint: `keeptab doctor` lists what is damaged");
    }
    device::mark_copy(&connection, to)?;
    let count = |table: &str| -> Result<u64> {
        let sql = format!("SELECT count(*) FROM {table}");
        let count: i64 = connection.query_row(&sql, [], |row| row.get(0))?;
        Ok(count.try_into()?)
    };
    Ok(Copied {
        events: count("event")?,
        invoices: count("invoice")?,
    })
}

fn refuse_damage(connection: &Connection, check: &str) -> Result<()> {
    let found: String = connection.query_row(check, [], |row| row.get(0))?;
    if found != "ok" {
        bail!("the database is damaged: {found}\nhint: `keeptab doctor` lists what is damaged");
    }
    Ok(())
}
