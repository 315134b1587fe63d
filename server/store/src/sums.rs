//! The sum of the hashes of a day's events, which shows damaged events.
//!
//! The transaction that adds or removes events updates it. A hash has 32 bits, so a sum of them never overflows. It
//! finds accidents, not forgery.

use std::collections::BTreeMap;

use anyhow::Result;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Transaction};

use super::UtcDay;

/// The hashed fields of an event.
pub(super) struct Summed<'a> {
    /// Epoch milliseconds, the source, and the number within it.
    pub(super) key: (i64, i64, i64),
    /// Its stored code.
    pub(super) sign: i64,
    /// The kind and the text of its entity.
    pub(super) entity: Option<(i64, &'a str)>,
}

impl Summed<'_> {
    /// Returns the hash: FNV-1a over all fields, folded to 32 bits. It is stored and never changes.
    pub(super) fn hash(&self) -> i64 {
        let (at, source, seq) = self.key;
        let mut hash = Fnv::new();
        for number in [at, source, seq, self.sign] {
            hash.add(&number.to_le_bytes());
        }
        if let Some((kind, text)) = self.entity {
            hash.add(&kind.to_le_bytes());
            hash.add(text.as_bytes());
        }
        hash.folded()
    }
}

struct Fnv(u64);

impl Fnv {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn folded(&self) -> i64 {
        i64::from((self.0 >> 32) as u32 ^ (self.0 & 0xffff_ffff) as u32)
    }
}

/// Gives a connection `event_hash(at, source, seq, sign, kind, text)`.
pub(super) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("event_hash", 6, flags, |context: &mut Context<'_>| {
        let text = match context.get_raw(5) {
            ValueRef::Text(bytes) => Some(String::from_utf8_lossy(bytes)),
            _ => None,
        };
        let kind: Option<i64> = context.get(4)?;
        let summed = Summed {
            key: (context.get(0)?, context.get(1)?, context.get(2)?),
            sign: context.get(3)?,
            entity: kind.zip(text.as_deref()),
        };
        Ok(summed.hash())
    })
}

/// All events by day with their hash. The summed columns stand in front of it, and `GROUP BY 1` behind.
const EVENTS: &str = "at / 86400000 - (at % 86400000 < 0) AS of, count(*) AS there,
        sum(event_hash(at, source, seq, sign, entity.kind, entity.text)) AS found
    FROM event LEFT JOIN entity ON entity.id = event.entity";

/// Sums the events of all days, for stores of earlier versions.
pub(super) fn fill(transaction: &Transaction<'_>) -> Result<()> {
    let sql = format!("UPDATE day SET sum = found FROM (SELECT {EVENTS} GROUP BY 1) WHERE of = day.day");
    transaction.execute(&sql, [])?;
    Ok(())
}

/// Returns the days whose events differ from the stored sum.
pub(super) fn wrong_days(connection: &Connection) -> Result<Vec<UtcDay>> {
    let mut found = BTreeMap::<i64, (i64, i64)>::new();
    let sql = format!("SELECT {EVENTS} GROUP BY 1");
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        found.insert(row.get(0)?, (row.get(1)?, row.get(2)?));
    }
    let mut wrong = Vec::new();
    let mut statement = connection.prepare("SELECT day, events, sum FROM day ORDER BY day")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let day: i64 = row.get(0)?;
        if found.remove(&day).unwrap_or_default() != (row.get(1)?, row.get(2)?) {
            wrong.push(UtcDay(day));
        }
    }
    wrong.extend(found.into_keys().map(UtcDay));
    wrong.sort();
    Ok(wrong)
}
