//! Opening, making and migrating the file.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use keeptab_core::activity::{DeviceId, PersonId};
use keeptab_core::instant::Instant;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _};

use super::device::{self, Known};
use super::migrations::MIGRATIONS;
use super::{chain, immediate, swap};
use crate::home::make_private_folder;

/// Marks the file as ours: "ktab".
const APPLICATION_ID: i32 = 0x6b74_6162;

/// How long a writer waits for another.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Opens the file, making it where there is none.
pub(super) fn open(path: &Path, now: Instant) -> Result<Connection> {
    let _gate = swap::while_opening(path);
    if !path.exists() {
        create(path, now).with_context(|| format!("cannot make {}", path.display()))?;
    }
    let mut connection = connect(path)?;
    prepare(&connection).and_then(|()| check(&connection)).with_context(|| {
        let path = path.display();
        format!("{path} cannot be read as keeptab's database; it was left as it is\nhint: move it away to begin anew, or put a backup in its place")
    })?;
    migrate(&mut connection, Some(path), now)?;
    Ok(connection)
}

/// Opens a file as it is, whatever is in it.
pub(super) fn connect(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)
        .with_context(|| format!("cannot open {}\nhint: is the folder yours?", path.display()))?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    chain::register(&connection)?;
    Ok(connection)
}

/// Sets how the connection works. It is the first that reads the file.
fn prepare(connection: &Connection) -> Result<()> {
    connection.pragma_update(None, "foreign_keys", true)?;
    // A plan depends on the statement alone: else some are compiled anew whenever another value is bound.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    keep_pages(connection, USUAL_CACHE)?;
    Ok(())
}

/// A host keeps little in memory: the timeline is read in order, once.
pub(super) const USUAL_CACHE: i32 = 1024;
/// An import writes an index in no order; it stays within its 50 MB.
pub(super) const LARGE_CACHE: i32 = 10 * 1024;

/// Sets how many KiB of pages of the database a connection may keep in memory.
pub(super) fn keep_pages(connection: &Connection, kib: i32) -> Result<()> {
    connection.pragma_update(Some("main"), "cache_size", -kib)?;
    connection.execute_batch("PRAGMA shrink_memory")?;
    Ok(())
}

/// Refuses a file that is not ours.
pub(super) fn check(connection: &Connection) -> Result<()> {
    let application: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if application != APPLICATION_ID {
        bail!("it is another program's database");
    }
    Ok(())
}

/// Makes the file beside its place and links it there whole, so that of two hosts that start at once one wins and
/// neither sees half a database. The write-ahead log is chosen here, once: the file remembers it.
fn create(path: &Path, now: Instant) -> Result<()> {
    let folder = path.parent().context("it has no folder")?;
    make_private_folder(folder)?;
    let beside = folder.join(format!(".keeptab-{}-{}.new", std::process::id(), now.millis()));
    make_private_file(&beside)?;
    let made = (|| {
        let mut connection = connect(&beside)?;
        prepare(&connection)?;
        connection.pragma_update(None, "application_id", APPLICATION_ID)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        migrate(&mut connection, None, now)?;
        connection.close().map_err(|(_, error)| error)?;
        match fs::hard_link(&beside, path) {
            Err(error) if !path.exists() => Err(error.into()),
            _ => Ok(()),
        }
    })();
    fs::remove_file(&beside)?;
    made
}

/// Brings a database to the present version, after backing up the file that is named.
pub(super) fn migrate(connection: &mut Connection, path: Option<&Path>, now: Instant) -> Result<()> {
    let version = |connection: &Connection| -> Result<usize> {
        let version: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        Ok(usize::try_from(version)?)
    };
    let present = version(connection)?;
    if present == MIGRATIONS.len() {
        return Ok(());
    }
    if present > MIGRATIONS.len() {
        bail!("the database was written by a newer keeptab\nhint: install the newest version");
    }
    if let Some(path) = path.filter(|_| present > 0) {
        let backup = path.with_extension(format!("v{present}-{}.backup", now.millis()));
        let backup = backup.to_str().context("the path is not valid text")?;
        connection.execute("VACUUM INTO ?1", [backup])?;
    }
    let transaction = immediate(connection)?;
    chain::remove_triggers(&transaction)?;
    // Another host may have been quicker.
    for migration in MIGRATIONS.iter().skip(version(&transaction)?) {
        transaction.execute_batch(migration.sql)?;
        (migration.then)(&transaction)?;
    }
    chain::install(&transaction, now)?;
    transaction.pragma_update(None, "user_version", u32::try_from(MIGRATIONS.len())?)?;
    transaction.commit()?;
    Ok(())
}

/// Returns who works here, on which machine, and whether that is the one of before, naming both the first time.
pub(super) fn identify(connection: &mut Connection, path: &Path) -> Result<(PersonId, DeviceId, Known)> {
    let read = |connection: &Connection| -> Result<Option<(PersonId, DeviceId, Known)>> {
        let sql = "SELECT id FROM person ORDER BY id LIMIT 1";
        let person: Option<u32> = connection.query_row(sql, [], |row| row.get(0)).optional()?;
        let device = device::find(connection, path)?;
        Ok(person
            .zip(device)
            .map(|(person, (device, known))| (PersonId(person), device, known)))
    };
    if let Some(known) = read(connection)? {
        return Ok(known);
    }
    let transaction = immediate(connection)?;
    transaction.execute(
        "INSERT INTO person (id, name) VALUES (1, 'me') ON CONFLICT DO NOTHING",
        [],
    )?;
    transaction.execute(
        "INSERT INTO device (id, uuid) SELECT 1, lower(hex(randomblob(16))) WHERE NOT EXISTS (SELECT 1 FROM device)",
        [],
    )?;
    transaction.commit()?;
    read(connection)?.context("nobody is named in the database")
}

/// Drops all triggers, so that rows can be written as they were once, and returns how to make them again.
pub(super) fn take_triggers(transaction: &rusqlite::Transaction<'_>) -> Result<Vec<String>> {
    let mut statement = transaction.prepare("SELECT name, sql FROM main.sqlite_schema WHERE type = 'trigger'")?;
    let triggers = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let triggers: Vec<(String, String)> = triggers.collect::<rusqlite::Result<_>>()?;
    for (name, _) in &triggers {
        transaction.execute_batch(&format!("DROP TRIGGER main.\"{name}\""))?;
    }
    Ok(triggers.into_iter().map(|(_, sql)| sql).collect())
}

#[cfg(unix)]
fn make_private_file(path: &Path) -> Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    Ok(())
}

#[cfg(not(unix))]
fn make_private_file(path: &Path) -> Result<()> {
    fs::OpenOptions::new().write(true).create_new(true).open(path)?;
    Ok(())
}
