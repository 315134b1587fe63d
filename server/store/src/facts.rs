//! Names of facts: a device, and a number on it that rises with each of its facts, from 1 and without a gap.

use anyhow::Result;
use keeptab_core::activity::DeviceId;
use rusqlite::{Connection, Transaction};
use std::collections::HashMap;

/// Numbers for the facts of one transaction.
pub(super) struct Numbers {
    next: i64,
}

impl Numbers {
    /// Reserves `count` numbers of a device.
    pub(super) fn take(transaction: &Transaction<'_>, device: DeviceId, count: usize) -> Result<Self> {
        let sql = "UPDATE device SET facts = facts + ?2 WHERE id = ?1 RETURNING facts - ?2 + 1";
        let row = (device.0, i64::try_from(count)?);
        let next = transaction.prepare_cached(sql)?.query_row(row, |row| row.get(0))?;
        Ok(Self { next })
    }

    /// Returns the next one.
    pub(super) fn next(&mut self) -> i64 {
        self.next += 1;
        self.next - 1
    }
}

/// Returns each device's place by its name, which is the same on all machines.
pub(super) fn ranks(connection: &Connection) -> Result<HashMap<i64, u32>> {
    let mut statement = connection.prepare_cached("SELECT id FROM device ORDER BY uuid")?;
    let ids = statement.query_map([], |row| row.get(0))?;
    ids.zip(0..).map(|(id, rank)| Ok((id?, rank))).collect()
}
