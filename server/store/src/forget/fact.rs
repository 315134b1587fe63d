//! Facts of forgetting: things by the hashes of their names, or time.

use std::collections::HashSet;

use anyhow::{Context as _, Result};
use chrono::NaiveDate;
use keeptab_core::entity::Entity;
use keeptab_core::instant::{Instant, Span};
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};
use sha2::{Digest as _, Sha256};

use super::super::invoices::span;

/// The part of the history to forget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Files, folders and pages, each with all below it.
    Things(Vec<Entity>),
    /// A stretch of time, which begins and ends with civil days.
    Time {
        /// Its instants.
        span: Span,
        /// Its first day.
        first: NaiveDate,
        /// Its last day.
        last: NaiveDate,
    },
}

/// Length of a salt, in bytes.
const SALT: u32 = 16;
type Hash = [u8; 32];

/// A fact as stored.
#[derive(Clone, Debug)]
pub(crate) struct Fact {
    /// The device that wrote it, by its name on all machines, and its number there.
    pub(super) origin: (String, i64),
    /// Later records are not forgotten.
    pub(super) made_at: Instant,
    pub(super) meant: Meant,
    /// True if the free space of the file and every backup have forgotten it.
    pub(super) is_everywhere: bool,
}

/// The meaning of a fact.
#[derive(Clone, Debug)]
pub(super) enum Meant {
    Things {
        salt: Vec<u8>,
        hashes: HashSet<Hash>,
    },
    Time {
        span: Span,
        first: NaiveDate,
        last: NaiveDate,
    },
}

impl Meant {
    /// Returns the meaning of a scope. Things are kept only as hashes.
    pub(super) fn of(connection: &Connection, scope: &Scope) -> Result<Self> {
        Ok(match scope {
            Scope::Time { span, first, last } => Self::Time {
                span: *span,
                first: *first,
                last: *last,
            },
            Scope::Things(things) => {
                let salt: Vec<u8> = connection.query_row("SELECT randomblob(?1)", [SALT], |row| row.get(0))?;
                let names = things.iter().filter_map(name);
                let hashes = names.map(|(kind, text)| hash(&salt, kind, trimmed(text))).collect();
                Self::Things { salt, hashes }
            }
        })
    }

    /// Returns true if the thing, or a folder above it, is to be forgotten.
    pub(super) fn names(&self, entity: &Entity) -> bool {
        let (Self::Things { salt, hashes }, Some((kind, text))) = (self, name(entity)) else {
            return false;
        };
        let folders = text.match_indices('/').map(|(end, _)| &text[..end]);
        let mut names = folders.chain([trimmed(text)]);
        names.any(|name| hashes.contains(&hash(salt, kind, name)))
    }
}

/// Returns the name under which a thing is found, and its kind: 0 for a path, 1 for a page. Time in a folder is found
/// under the folder.
fn name(entity: &Entity) -> Option<(u8, &str)> {
    match entity {
        Entity::Path(text) | Entity::Unnamed { root: Some(text) } => Some((0, text)),
        Entity::Url(text) => Some((1, text)),
        Entity::Unnamed { root: None } | Entity::Private => None,
    }
}

/// Returns a name without the slash at its end; the root of all folders is empty.
fn trimmed(text: &str) -> &str {
    text.strip_suffix('/').unwrap_or(text)
}

fn hash(salt: &[u8], kind: u8, text: &str) -> Hash {
    let mut hash = Sha256::new();
    hash.update(salt);
    hash.update([kind]);
    hash.update(text);
    hash.finalize().into()
}

/// Keeps a fact under the next number of a device.
pub(super) fn keep(transaction: &Transaction<'_>, fact: &Fact) -> Result<()> {
    let (uuid, n) = &fact.origin;
    transaction.execute("INSERT INTO device (uuid) VALUES (?1) ON CONFLICT DO NOTHING", [uuid])?;
    let (salt, hashes, times) = match &fact.meant {
        Meant::Things { salt, hashes } => {
            let mut all: Vec<&Hash> = hashes.iter().collect();
            all.sort();
            (
                Some(salt),
                Some(all.into_iter().flatten().copied().collect::<Vec<u8>>()),
                None,
            )
        }
        Meant::Time { span, first, last } => (None, None, Some((span, first.to_string(), last.to_string()))),
    };
    let sql = "INSERT INTO forgotten (device, n, made_at, salt, hashes, start_at, end_at, first_day, last_day, reached_at)
               VALUES ((SELECT id FROM device WHERE uuid = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING";
    transaction.execute(
        sql,
        params![
            uuid,
            n,
            fact.made_at.millis(),
            salt,
            hashes,
            times.as_ref().map(|(span, ..)| span.start().millis()),
            times.as_ref().map(|(span, ..)| span.end().millis()),
            times.as_ref().map(|(_, first, _)| first),
            times.as_ref().map(|(.., last)| last),
            fact.is_everywhere.then(|| fact.made_at.millis()),
        ],
    )?;
    Ok(())
}

/// Returns all facts in the order in which they were made.
pub(crate) fn all(connection: &Connection) -> Result<Vec<Fact>> {
    each(connection)?.into_iter().collect()
}

/// Returns the facts that can be read, of a damaged database.
pub(super) fn left(connection: &Connection) -> Result<Vec<Fact>> {
    Ok(each(connection)?.into_iter().flatten().collect())
}

fn each(connection: &Connection) -> Result<Vec<Result<Fact>>> {
    let sql = "SELECT uuid, n, made_at, salt, hashes, start_at, end_at, first_day, last_day, reached_at IS NOT NULL
               FROM forgotten JOIN device ON device.id = forgotten.device ORDER BY made_at, uuid, n";
    let mut statement = connection.prepare(sql)?;
    let facts = statement.query_map([], |row| Ok(read(row)))?;
    Ok(facts.collect::<rusqlite::Result<_>>()?)
}

fn read(row: &Row<'_>) -> Result<Fact> {
    let meant = match row.get::<_, Option<Vec<u8>>>(3)? {
        Some(salt) => {
            let bytes: Vec<u8> = row.get(4)?;
            let hashes = bytes.chunks_exact(size_of::<Hash>()).map(TryInto::try_into);
            let hashes = hashes.collect::<Result<_, _>>()?;
            Meant::Things { salt, hashes }
        }
        None => Meant::Time {
            span: span(row.get(5)?, row.get(6)?)?,
            first: row.get::<_, String>(7)?.parse().context("a day cannot be read")?,
            last: row.get::<_, String>(8)?.parse().context("a day cannot be read")?,
        },
    };
    Ok(Fact {
        origin: (row.get(0)?, row.get(1)?),
        made_at: Instant::from_millis(row.get(2)?),
        meant,
        is_everywhere: row.get(9)?,
    })
}

/// Returns true if a database knows a fact, and so has applied it.
pub(super) fn is_known(connection: &Connection, fact: &Fact) -> Result<bool> {
    let sql = "SELECT 1 FROM forgotten JOIN device ON device.id = forgotten.device WHERE uuid = ?1 AND n = ?2";
    let (uuid, n) = &fact.origin;
    Ok(connection.query_row(sql, (uuid, n), |_| Ok(())).optional()?.is_some())
}
