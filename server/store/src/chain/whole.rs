//! The valid part of a damaged chain, and the records that match their links.

use std::collections::BTreeMap;

use anyhow::Result;
use keeptab_core::chain::{Hash, Record};
use rusqlite::types::Value;
use rusqlite::{Connection, Transaction, params_from_iter};

use super::audit::{Fault, differences};
use super::kinds::KINDS;
use super::{BEGIN, functions};

/// The links of a schema by their places. Any of them may be lost or damaged.
pub(crate) struct Strand(BTreeMap<i64, (String, String, Hash)>);

impl Strand {
    /// Reads the links of a schema.
    pub(crate) fn read(connection: &Connection, schema: &str) -> Result<Self> {
        let mut links = BTreeMap::new();
        let mut statement = connection.prepare(&format!("SELECT n, kind, record, hash FROM {schema}.link"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if let Some(hash) = Hash::from_bytes(&row.get::<_, Vec<u8>>(3)?) {
                links.insert(row.get(0)?, (row.get(1)?, row.get(2)?, hash));
            }
        }
        Ok(Self(links))
    }

    /// Returns whether a link follows from the one before it; `None` if that one is lost.
    fn follows(&self, n: i64) -> Option<bool> {
        let (kind, record, hash) = self.0.get(&n)?;
        let before = match n {
            1 => Hash::ZERO,
            _ => self.0.get(&(n - 1))?.2,
        };
        Some(before.link(kind, record) == *hash)
    }

    /// Returns whether a neighbour bears out the hash of a link.
    fn is_borne_out(&self, n: i64) -> bool {
        self.follows(n) == Some(true) || self.follows(n + 1) == Some(true)
    }

    /// Returns true if `other` has a different link at a number at which a neighbour bears out the link of this chain.
    /// A link without such a neighbour is damaged and proves nothing.
    pub(crate) fn parts_from(&self, other: &Self) -> bool {
        let differs = |(n, (_, _, hash)): (&i64, &(String, String, Hash))| {
            other.0.get(n).is_some_and(|(_, _, theirs)| theirs != hash) && self.is_borne_out(*n)
        };
        self.0.iter().any(differs)
    }

    /// Adds the links that go on from another chain and hold.
    pub(crate) fn go_on(&self, transaction: &Transaction<'_>, mut other: Self) -> Result<()> {
        let last = other.0.last_key_value().map_or(0, |(n, _)| *n);
        let sql = "INSERT INTO main.link (n, kind, record, hash) VALUES (?1, ?2, ?3, ?4)";
        for (n, link) in self.0.range(last + 1..) {
            other.0.insert(*n, link.clone());
            let (kind, record, hash) = link;
            let is_known = kind == BEGIN || KINDS.iter().any(|known| kind.split('/').next() == Some(known.name));
            // Behind a lost one, only the next can tell.
            let holds = other
                .follows(*n)
                .unwrap_or_else(|| self.follows(n + 1).unwrap_or(true) && is_known && Record::parse(record).is_some());
            if holds {
                transaction
                    .prepare_cached(sql)?
                    .execute((n, kind, record, hash.bytes()))?;
            } else {
                other.0.remove(n);
            }
        }
        Ok(())
    }
}

/// Keeps the keys of all rows that have links in temporary tables of this beginning.
pub(crate) fn keep_keys(transaction: &Transaction<'_>, named: &str) -> Result<()> {
    for kind in KINDS.iter().filter(|kind| kind.is_row()) {
        transaction.execute_batch(&kind.keep_keys(named))?;
    }
    Ok(())
}

/// Removes the rows that are not as their links say, of those that the kept keys lack; returns their number. A row without a
/// link, or one that names a lost row, stays.
pub(crate) fn remove_changed(transaction: &Transaction<'_>, named: &str) -> Result<usize> {
    let mut removed = 0;
    for kind in KINDS.iter().filter(|kind| kind.is_row()) {
        let linked = kind.linked(transaction)?;
        let mut changed = Vec::new();
        let mut statement = transaction.prepare(&kind.new_rows(&format!("temp.{named}")))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let mut record = Record::default();
            for (place, (name, _)) in kind.fields.iter().enumerate() {
                functions::put(&mut record, name, row.get_ref(kind.key_columns() + place)?)?;
            }
            let Some(links) = linked.get(&kind.identity(&record)) else {
                continue;
            };
            let is_written = |(version, text): &(u32, String)| {
                let written = Record::parse(text).unwrap_or_default();
                let mut faults = Vec::new();
                differences(kind, &written, &record, *version == kind.version, &mut faults);
                let is_lost = |fault: &Fault| matches!(fault, Fault::Changed { is: None, .. });
                faults.iter().all(is_lost)
            };
            if !links.iter().any(is_written) {
                let key = (0..kind.key_columns()).map(|place| row.get(place));
                changed.push(key.collect::<rusqlite::Result<Vec<Value>>>()?);
            }
        }
        for key in &changed {
            transaction.execute(&kind.delete(), params_from_iter(key))?;
        }
        removed += changed.len();
    }
    Ok(removed)
}
