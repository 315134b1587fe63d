//! Opening, making and migrating the file.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use keeptab_core::activity::{DeviceId, PersonId};
use keeptab_core::instant::Instant;
use keeptab_system::disk;
use keeptab_system::home::{Beside, make_private_folder};
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, ToSql};

use super::device::{self, Known};
use super::migrations::MIGRATIONS;
use super::place::{FileId, alone, is_here, log_of, put_log_aside};
use super::restore::Refusal;
use super::{cause, chain, immediate, sums, swap};

/// Marks the file as ours: "ktab".
const APPLICATION_ID: i32 = 0x6b74_6162;

/// The time a writer waits for another.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// A connection and its file.
pub(super) struct Opened {
    pub(super) connection: Connection,
    pub(super) file: FileId,
    /// The write-ahead log, if the system can tell one file from another.
    pub(super) log: Option<FileId>,
}

/// Opens the file, creating it if it does not exist.
///
/// # Errors
///
/// If it cannot be read or written, or is not a database of this version or an earlier one.
pub(super) fn open(path: &Path, now: Instant) -> Result<Opened> {
    let _gate = swap::while_opening(path);
    if !path.exists() {
        let folder = path.parent().context("it has no folder")?;
        let made = make_private_folder(folder).with_context(|| format!("cannot make {}", folder.display()));
        made.and_then(|()| {
            let _alone = alone(path)?;
            if path.exists() { Ok(()) } else { create(path, now) }
        })
        .map_err(|error| cause::explained(path, error))?;
    }
    let opened = (|| -> Result<Opened> {
        let file = FileId::at(path)?;
        let mut connection = connect(path)?;
        prepare(&connection).and_then(|()| check(&connection))?;
        // SQLite takes a file that it may only read without a word, and such a connection never writes.
        if connection.is_readonly("main")? {
            return Err(io::Error::from(io::ErrorKind::ReadOnlyFilesystem).into());
        }
        write_ahead(&connection)?;
        migrate(&mut connection, Some(path), now)?;
        is_here(&connection)?;
        finish(path, file, connection)
    })();
    opened.map_err(|error| cause::explained(path, error))
}

/// Turns write-ahead logging on. The setting is part of the file, but not of a copy of it.
fn write_ahead(connection: &Connection) -> Result<()> {
    let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    if mode != "wal" {
        // This fails while another connection reads; then the next connection does it.
        let _ = connection.pragma_update(None, "journal_mode", "WAL");
    }
    Ok(())
}

/// Opens the file for reading alone, whether or not it could be written.
///
/// # Errors
///
/// If it cannot be read, or is not a database of this version.
pub(super) fn open_to_read(path: &Path) -> Result<Opened> {
    let opened = (|| -> Result<Opened> {
        let file = FileId::at(path)?;
        let look = |connection: Connection| {
            prepare(&connection)?;
            check(&connection)?;
            Ok(connection)
        };
        let connection = match connect_as(path, OpenFlags::SQLITE_OPEN_READ_ONLY).and_then(look) {
            Ok(connection) => connection,
            // If no file can be created beside it, SQLite can open it only as immutable, which is then true.
            Err(error) => match fs::metadata(log_of(path)) {
                Ok(log) if log.len() > 0 => return Err(error),
                _ => look(connect_unchanging(path).map_err(|_| error)?)?,
            },
        };
        if version(&connection)? != MIGRATIONS.len() {
            bail!(
                "the database was written by another version and cannot be brought to this one\nhint: make the file and its folder writable"
            );
        }
        finish(path, file, connection)
    })();
    opened.map_err(|error| cause::explained(path, error))
}

fn finish(path: &Path, file: FileId, connection: Connection) -> Result<Opened> {
    if FileId::at(path)? != file {
        bail!("{} was replaced while it was opened\nhint: try again", path.display());
    }
    let log = FileId::at(&log_of(path)).ok();
    Ok(Opened { connection, file, log })
}

/// Opens a file without checking its content.
pub(super) fn connect(path: &Path) -> Result<Connection> {
    connect_as(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
}

fn connect_as(path: &Path, mode: OpenFlags) -> Result<Connection> {
    ready(Connection::open_with_flags(
        path,
        mode | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?)
}

fn connect_unchanging(path: &Path) -> Result<Connection> {
    let mut encoded = String::new();
    for byte in path.as_os_str().as_encoded_bytes() {
        let _ = write!(encoded, "%{byte:02x}");
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    ready(Connection::open_with_flags(
        format!("file:{encoded}?immutable=1"),
        flags,
    )?)
}

fn ready(connection: Connection) -> Result<Connection> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    chain::register(&connection)?;
    sums::register(&connection)?;
    Ok(connection)
}

/// Sets how the connection works. It is the first that reads the file.
fn prepare(connection: &Connection) -> Result<()> {
    connection.pragma_update(None, "foreign_keys", true)?;
    // Plans depend only on the statement: otherwise some are compiled again whenever another value is bound.
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
        return Err(cause::Foreign.into());
    }
    Ok(())
}

/// Creates the file under a temporary name and links it when it is whole, so that no process sees half a database. The
/// caller holds the lock.
///
/// The write-ahead log is chosen here, once: the file remembers it.
pub(super) fn create(path: &Path, now: Instant) -> Result<()> {
    if log_of(path).exists() {
        put_log_aside(path, now)?;
    }
    let beside = Beside::database(path)?;
    let make = || -> Result<()> {
        let connection = make(beside.path(), now)?;
        connection.close().map_err(|(_, error)| error)?;
        disk::sync(beside.path())?;
        match disk::link(beside.path(), path) {
            Err(error) if !path.exists() => Err(error.into()),
            _ => Ok(()),
        }
    };
    make().with_context(|| format!("cannot make {}", path.display()))
}

/// Makes an empty file that no other process uses into a database.
pub(super) fn make(path: &Path, now: Instant) -> Result<Connection> {
    let mut connection = connect(path)?;
    prepare(&connection)?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    migrate(&mut connection, None, now)?;
    Ok(connection)
}

/// Copies a connection's snapshot into a new file that no other user can read. The file gets its name when it is
/// whole.
pub(super) fn copy(connection: &Connection, to: &Path) -> Result<()> {
    let beside = Beside::database(to)?;
    copy_into(connection, beside.path())?;
    beside.put().map(drop)
}

/// Copies a connection's snapshot into an empty file.
pub(super) fn copy_into(connection: &Connection, to: &Path) -> rusqlite::Result<()> {
    connection.execute("VACUUM INTO ?1", [Name(to)]).map(drop)
}

/// A path as `SQLite` takes it: it need not be UTF-8.
pub(super) struct Name<'p>(pub(super) &'p Path);

impl ToSql for Name<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let bytes = self.0.as_os_str().as_encoded_bytes();
        Ok(ToSqlOutput::Borrowed(ValueRef::Text(bytes)))
    }
}

fn version(connection: &Connection) -> Result<usize> {
    let version: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Ok(usize::try_from(version)?)
}

/// Brings a database to the present version, after backing up the file that is named; by one process at a time.
pub(super) fn migrate(connection: &mut Connection, path: Option<&Path>, now: Instant) -> Result<()> {
    match version(connection)? {
        present if present == MIGRATIONS.len() => return Ok(()),
        present if present > MIGRATIONS.len() => {
            return Err(Refusal::Newer.into());
        }
        _ => {}
    }
    let _alone = path.map(alone).transpose()?;
    // Another host may have been quicker.
    let present = version(connection)?;
    if let Some(path) = path.filter(|_| (1..MIGRATIONS.len()).contains(&present)) {
        let backup = path.with_extension(format!("v{present}.backup"));
        if !is_newer(&backup, path) {
            copy(connection, &backup).with_context(|| format!("cannot write {}", backup.display()))?;
        }
    }
    let transaction = immediate(connection)?;
    chain::remove_triggers(&transaction)?;
    for migration in MIGRATIONS.iter().skip(version(&transaction)?) {
        transaction.execute_batch(migration.sql)?;
        (migration.then)(&transaction)?;
    }
    chain::install(&transaction, now)?;
    transaction.pragma_update(None, "user_version", u32::try_from(MIGRATIONS.len())?)?;
    transaction.commit()?;
    Ok(())
}

/// Returns whether a backup has all that is in the database: a migration that failed is tried again and again.
fn is_newer(backup: &Path, path: &Path) -> bool {
    let written = |path: &Path| fs::metadata(path).and_then(|file| file.modified()).ok();
    let log = written(&log_of(path)).filter(|_| fs::metadata(log_of(path)).is_ok_and(|log| log.len() > 0));
    written(backup).is_some_and(|backup| Some(backup) > written(path) && Some(backup) > log)
}

/// Returns the person, the device, and the knowledge about it; the first call creates both.
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

/// Drops all triggers, so that old rows can be written as they were, and returns the name and the SQL of each.
pub(super) fn take_triggers(transaction: &rusqlite::Transaction<'_>) -> Result<Vec<(String, String)>> {
    let mut statement = transaction.prepare("SELECT name, sql FROM main.sqlite_schema WHERE type = 'trigger'")?;
    let triggers = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let triggers: Vec<(String, String)> = triggers.collect::<rusqlite::Result<_>>()?;
    for (name, _) in &triggers {
        transaction.execute_batch(&format!("DROP TRIGGER main.\"{name}\""))?;
    }
    Ok(triggers)
}
