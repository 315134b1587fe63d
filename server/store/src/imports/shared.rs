//! Entries that several imports have: the first brings them, and if it is taken back, the next one keeps them.

use anyhow::Result;
use keeptab_core::activity::DeviceId;
use rusqlite::Transaction;

use super::super::facts::Numbers;
use super::BatchId;

/// An entry that stays, and the fingerprint that it gets once the first one is gone.
pub(super) struct Kept {
    entry: i64,
    fingerprint: Option<String>,
}

/// Keeps which of the staged entries earlier imports brought.
pub(super) fn keep(transaction: &Transaction<'_>, batch: BatchId) -> Result<()> {
    let sql = "SELECT (SELECT count(*) FROM stage.entry) > (SELECT count(*) FROM main.entry WHERE batch = ?1)";
    if !transaction.query_row(sql, [batch.0], |row| row.get(0))? {
        return Ok(());
    }
    let sql = "INSERT OR IGNORE INTO main.shared (entry, batch)
               SELECT entry.id, ?1 FROM stage.entry AS staged JOIN main.entry ON entry.fingerprint = staged.fingerprint
               WHERE entry.batch <> ?1
               UNION
               SELECT entry.id, ?1 FROM stage.own AS theirs JOIN main.device ON uuid = theirs.device
                   JOIN main.entry ON entry.device = device.id AND entry.n = theirs.origin
               WHERE entry.batch <> ?1";
    transaction.execute(sql, [batch.0])?;
    Ok(())
}

/// Copies the entries of a batch that other imports have, too, each to the first of these. A copy has no instants and no
/// fingerprint yet: the entry that it replaces still has them. An entry that was changed in review is not copied.
pub(super) fn hand_over(transaction: &Transaction<'_>, batch: BatchId, device: DeviceId) -> Result<Vec<Kept>> {
    let sql = "SELECT entry.id, min(batch.id), fingerprint FROM entry
                   JOIN shared ON shared.entry = entry.id JOIN batch ON batch.id = shared.batch
               WHERE entry.batch = ?1 AND batch.finished_at IS NOT NULL AND batch.undone_at IS NULL
                   AND NOT EXISTS (SELECT 1 FROM void JOIN apply ON apply.id = void.apply
                       WHERE void.entry = entry.id AND apply.undone_at IS NULL)
               GROUP BY entry.id ORDER BY entry.id";
    let mut statement = transaction.prepare(sql)?;
    let rows = statement.query_map([batch.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let rows: Vec<(i64, i64, Option<String>)> = rows.collect::<rusqlite::Result<_>>()?;
    let mut numbers = Numbers::take(transaction, device, rows.len())?;
    let copy =
        "INSERT INTO entry (person, batch, project, day, start_at, end_at, length, note, billable, billed_elsewhere,
                    made_at, device, n, beside, free, rate)
                SELECT person, ?2, project, day, start_at, end_at, length, note, billable, billed_elsewhere,
                    (SELECT made_at FROM batch WHERE id = ?2), ?3, ?4, iif(beside = 2, 2, 0),
                    iif(beside = 2 OR start_at IS NULL OR start_at >= end_at, free, ''), rate
                FROM entry WHERE id = ?1";
    let share = "INSERT INTO shared (entry, batch) SELECT ?2, batch FROM shared WHERE entry = ?1 AND batch <> ?3";
    let mut kept = Vec::new();
    for (entry, to, fingerprint) in rows {
        transaction
            .prepare_cached(copy)?
            .execute((entry, to, device.0, numbers.next()))?;
        let copied = transaction.last_insert_rowid();
        transaction.prepare_cached(share)?.execute((entry, copied, to))?;
        kept.push(Kept {
            entry: copied,
            fingerprint,
        });
    }
    Ok(kept)
}

/// Gives entries that stay their fingerprints.
pub(super) fn name(transaction: &Transaction<'_>, kept: &[Kept]) -> Result<()> {
    let sql = "UPDATE entry SET fingerprint = ?2 WHERE id = ?1";
    for kept in kept {
        transaction
            .prepare_cached(sql)?
            .execute((kept.entry, &kept.fingerprint))?;
    }
    Ok(())
}
