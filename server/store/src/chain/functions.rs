//! The functions that `SQLite` calls in the triggers that write links.

use anyhow::{Result, bail};
use keeptab_core::chain::{Field, Hash, Record};
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Error};

/// Gives a connection the functions of the chain.
pub(crate) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    // The SHA-256 of text or bytes, as hexadecimal digits; NULL of NULL.
    connection.create_scalar_function("link_sha256", 1, flags, |context: &mut Context<'_>| {
        Ok(match context.get_raw(0) {
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(Hash::of(bytes).to_string()),
            _ => None,
        })
    })?;
    // The canonical form of names and values that take turns.
    connection.create_scalar_function("link_record", -1, flags, |context: &mut Context<'_>| {
        let mut record = Record::default();
        for place in (0..context.len().saturating_sub(1)).step_by(2) {
            let name: String = context.get(place)?;
            put(&mut record, &name, context.get_raw(place + 1))
                .map_err(|error| Error::UserFunctionError(error.into()))?;
        }
        Ok(record.to_string())
    })?;
    // The hash of a link, by the hash before it (NULL for the first), its kind and its record.
    connection.create_scalar_function("link_hash", 3, flags, |context: &mut Context<'_>| {
        let before = match context.get_raw(0) {
            ValueRef::Null => Some(Hash::ZERO),
            ValueRef::Blob(bytes) => Hash::from_bytes(bytes),
            _ => None,
        };
        let before = before.ok_or_else(|| Error::UserFunctionError("a link of the chain is damaged".into()))?;
        let (kind, record): (String, String) = (context.get(1)?, context.get(2)?);
        Ok(Value::Blob(before.link(&kind, &record).bytes().to_vec()))
    })
}

/// Adds a column to a record. A name `NAME.*` adds the members of its JSON; NULL adds nothing.
pub(super) fn put(record: &mut Record, name: &str, value: ValueRef<'_>) -> Result<()> {
    let field = match value {
        ValueRef::Null => return Ok(()),
        ValueRef::Integer(value) => Field::Integer(value),
        ValueRef::Text(bytes) => {
            let text = String::from_utf8_lossy(bytes);
            if let Some(name) = name.strip_suffix(".*") {
                record.spread(name, &text);
                return Ok(());
            }
            Field::Text(text.into_owned())
        }
        ValueRef::Real(_) | ValueRef::Blob(_) => bail!("{name} of a record is neither a whole number nor text"),
    };
    record.put(name, field);
    Ok(())
}
