//! A folder for the host: its config and its database.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::{Context as _, Result};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::clock::Evening;
use crate::editor::{Editor, Program};
use crate::history::{CLIENTS, PROJECTS, root};

/// A home folder that is removed when it is dropped.
pub struct Home {
    folder: TempDir,
}

impl Home {
    /// Makes an empty home.
    ///
    /// # Errors
    ///
    /// If the folder cannot be made.
    pub fn empty() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("keeptab-bench-").tempdir()?;
        Ok(Self { folder })
    }

    /// Makes a home with a config and a database that the host makes from it.
    ///
    /// # Errors
    ///
    /// If the host does not start.
    pub fn settled(host: &Program) -> Result<Self> {
        let home = Self::empty()?;
        fs::write(home.path().join("keeptab.toml"), config(Evening::now())?)?;
        let mut editor = Editor::start(host, home.path())?;
        editor.open("first")?;
        editor.status().context("the host did not show a status")?;
        editor.end()?;
        Ok(home)
    }

    /// Returns the folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Returns the database.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.path().join("keeptab.db")
    }

    /// Writes the write-ahead log into the database and returns the database's size in bytes.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn checkpointed_size(&self) -> Result<f64> {
        checkpoint(&Connection::open(self.database())?)?;
        size(&self.database())
    }
}

/// Writes the write-ahead log into the database.
///
/// # Errors
///
/// If another process uses the database.
pub fn checkpoint(connection: &Connection) -> Result<()> {
    let busy: bool = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    anyhow::ensure!(!busy, "the database is in use");
    Ok(())
}

/// Returns the size of a file in bytes.
///
/// # Errors
///
/// If there is no such file.
#[expect(clippy::cast_precision_loss, reason = "files are smaller than 2^53 bytes")]
pub fn size(file: &Path) -> Result<f64> {
    let length: io::Result<u64> = fs::metadata(file).map(|metadata| metadata.len());
    Ok(length? as f64)
}

fn config(evening: Evening) -> Result<String> {
    let zone = evening.name();
    let mut text = format!(
        r#"[business]
name = "Jane Doe Software"
org = "JDS"
address = ["Hauptstr. 1"]
postcode = "10115"
city = "Berlin"
country = "DE"
vat_id = "DE123456789"
contact = {{ name = "Jane Doe", phone = "+49 30 1234567", email = "jane@example.com" }}
currency = "EUR"
iban = "DE75512108001245126199"
time_zone = "{zone}"
payment_days = 14
tax = {{ category = "S", rate = "19" }}

[tracking]
ignore = ["/home/jane/private/**"]
"#
    );
    for client in 0..CLIENTS {
        write!(
            text,
            r#"
[client.client-{client}]
name = "Client {client}"
address = ["Ring {client}"]
postcode = "1010"
city = "Wien"
country = "AT"
vat_id = "ATU12345678"
tax = {{ category = "AE" }}
"#
        )?;
    }
    let made_up = (0..PROJECTS).map(|project| (format!("project-{project}"), project % CLIENTS, root(project)));
    let recorded = ["acme/api", "acme/dashboard", "northwind/shop"];
    let recorded = recorded.map(|name| (name.to_owned(), 0, format!("/home/jane/work/{name}")));
    for (name, client, folder) in made_up.chain(recorded) {
        write!(
            text,
            r#"
[project."{name}"]
client = "client-{client}"
name = "{name}"
rate = "95.00"
paths = ["{folder}/**"]
urls = ["https://github.com/{name}/**"]
"#
        )?;
    }
    Ok(text)
}
