//! The device that writes. A home that was copied or restored becomes a new device with its first write, so that two
//! homes never give one (device, n) to two facts.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use keeptab_core::activity::DeviceId;
use rusqlite::{Connection, OptionalExtension as _};

use super::{Store, immediate};

/// The setting that holds the device that writes, and the place that it writes at.
const KEY: &str = "device";

/// The place of a copy: no home has it.
const COPY: &str = "copy";

/// Knowledge about the device that writes here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// It wrote this file here before.
    Here,
    /// The store does not say; keeptab never copied it.
    Unsaid,
    /// The store is a copy, or is on another machine than before.
    Elsewhere,
}

/// Returns the device that wrote last, and whether it wrote this very file on this machine, if known.
pub(super) fn find(connection: &Connection, path: &Path) -> Result<Option<(DeviceId, Known)>> {
    let sql = "SELECT value FROM setting WHERE key = ?1";
    let said: Option<String> = connection.query_row(sql, [KEY], |row| row.get(0)).optional()?;
    if let Some((id, place)) = said.as_deref().and_then(|said| said.split_once(' ')) {
        let id = DeviceId(id.parse().context("the number of the device is damaged")?);
        let known = if place == place_of(path) {
            Known::Here
        } else {
            Known::Elsewhere
        };
        return Ok(Some((id, known)));
    }
    let sql = "SELECT id FROM device ORDER BY id LIMIT 1";
    let first = connection.query_row(sql, [], |row| row.get(0)).optional()?;
    Ok(first.map(|id| (DeviceId(id), Known::Unsaid)))
}

/// Makes a copy tell that it is one.
pub(super) fn mark_copy(connection: &Connection, path: &Path) -> Result<()> {
    if let Some((device, _)) = find(connection, path)? {
        say(connection, device, COPY)?;
    }
    Ok(())
}

fn say(connection: &Connection, device: DeviceId, place: &str) -> Result<()> {
    let sql = "INSERT INTO setting (key, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value";
    connection.execute(sql, (KEY, format!("{} {place}", device.0)))?;
    Ok(())
}

/// Returns the place that tells this file from its copies: the machine and the file's inode number. The disk's number
/// is left out, since a restart may change it.
fn place_of(path: &Path) -> String {
    let machine = ["/etc/machine-id", "/var/lib/dbus/machine-id"];
    let machine = machine.iter().find_map(|file| fs::read_to_string(file).ok());
    let machine = machine.unwrap_or_default();
    format!("{} {}", machine.trim(), number_of(path).unwrap_or_default())
}

#[cfg(unix)]
fn number_of(path: &Path) -> Option<u128> {
    use std::os::unix::fs::MetadataExt as _;
    Some(fs::metadata(path).ok()?.ino().into())
}

/// A copy is a file that was made later.
#[cfg(not(unix))]
fn number_of(path: &Path) -> Option<u128> {
    let made = fs::metadata(path).ok()?.created().ok()?;
    Some(made.duration_since(std::time::UNIX_EPOCH).ok()?.as_millis())
}

impl Store {
    /// Makes sure that a device of this place writes: the one that is known, or a new one.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub(super) fn settle_device(&mut self) -> Result<()> {
        if self.known == Known::Here {
            return Ok(());
        }
        let transaction = immediate(&mut self.connection)?;
        // Another process may have been quicker.
        let (mut device, known) = find(&transaction, &self.path)?.context("no device is named in the database")?;
        if known == Known::Elsewhere {
            let sql = "INSERT INTO device (uuid) VALUES (lower(hex(randomblob(16))))";
            transaction.execute(sql, [])?;
            device = DeviceId(transaction.last_insert_rowid().try_into()?);
        }
        if known != Known::Here {
            say(&transaction, device, &place_of(&self.path))?;
        }
        transaction.commit()?;
        if device != self.device {
            self.sources.clear();
        }
        (self.device, self.known) = (device, Known::Here);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
