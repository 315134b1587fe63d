//! The instants of an import that is taken back go to the imports that stand, as if they had been made without it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use keeptab_core::activity::PersonId;
use keeptab_core::entry::{Beside, Taken};
use keeptab_core::instant::Span;
use rusqlite::{Row, Transaction};

use super::super::entries;
use super::super::spans::{self, clock_times};
use super::BatchId;

/// An entry of an import that may get instants.
struct Grown {
    id: i64,
    span: Span,
    free: Vec<Span>,
    beside: Beside,
    rows: Option<String>,
    /// The name of the set of rows that it begins, if it shares its time.
    name: String,
}

impl Grown {
    fn read(row: &Row<'_>) -> Result<Option<Self>> {
        let Some(span) = clock_times(row, 1, 2)? else {
            return Ok(None);
        };
        let id: i64 = row.get(0)?;
        let beside = if row.get::<_, i64>(3)? == 0 {
            Beside::No
        } else {
            Beside::Rows
        };
        Ok(Some(Self {
            id,
            span,
            free: spans::read(Some(span), beside, row.get_ref(4)?.as_str_or_null()?)?,
            beside,
            rows: row.get(5)?,
            name: row.get::<_, Option<String>>(6)?.unwrap_or_else(|| id.to_string()),
        }))
    }

    fn write(&self, transaction: &Transaction<'_>) -> Result<()> {
        let sql = "UPDATE entry SET free = ?2, beside = ?3, rows = ?4 WHERE id = ?1";
        let free = spans::write(Some(self.span), &self.free);
        let row = (self.id, free, entries::code(self.beside), &self.rows);
        transaction.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }
}

/// Returns the instants that the entries of a batch hold.
pub(super) fn instants(transaction: &Transaction<'_>, batch: BatchId) -> Result<Taken> {
    let sql = "SELECT id, start_at, end_at, beside, free, rows, fingerprint FROM entry
               WHERE batch = ?1 AND beside <> 2 AND start_at < end_at
                   AND NOT EXISTS (SELECT 1 FROM void JOIN apply ON apply.id = void.apply
                       WHERE void.entry = entry.id AND undone_at IS NULL)";
    let mut statement = transaction.prepare(sql)?;
    let mut rows = statement.query([batch.0])?;
    let mut instants = Taken::default();
    while let Some(row) = rows.next()? {
        instants.extend(Grown::read(row)?.into_iter().flat_map(|entry| entry.free));
    }
    Ok(instants)
}

/// Gives free instants to the entries of imports over them, the earliest import first. Invoices, and entries that were
/// typed in, keep what they hold; an entry that an invoice bills stays as it is.
pub(super) fn give_back(transaction: &Transaction<'_>, person: PersonId, freed: Taken) -> Result<()> {
    let (Some(first), Some(last)) = (freed.spans().next(), freed.spans().last()) else {
        return Ok(());
    };
    let Some(reach) = Span::new(first.start(), last.end()) else {
        return Ok(());
    };
    let held = spans::held(transaction, person, reach)?;
    let mut taken: Taken = held.into_iter().map(|(held, _)| held.span).collect();
    let sql =
        "SELECT standing.id, start_at, end_at, beside, free, rows, fingerprint, standing.batch, apart FROM standing
                   LEFT JOIN batch ON batch.id = standing.batch
               WHERE person = ?1 AND beside <> 2 AND start_at < ?3 AND end_at > ?2
                   AND NOT EXISTS (SELECT 1 FROM claim WHERE claim.entry = standing.id AND live = 1)
               ORDER BY standing.batch, standing.id";
    let mut statement = transaction.prepare(sql)?;
    let mut rows = statement.query((person.0, reach.start().millis(), reach.end().millis()))?;
    let mut batches: BTreeMap<i64, (bool, Vec<Grown>)> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let Some(entry) = Grown::read(row)?.filter(|entry| freed.meets(entry.span)) else {
            continue;
        };
        match row.get::<_, Option<i64>>(7)? {
            None => taken.extend(entry.free),
            Some(batch) => {
                let is_apart = row.get(8)?;
                batches.entry(batch).or_insert((is_apart, Vec::new())).1.push(entry);
            }
        }
    }
    for (_, entries) in batches.values() {
        taken.extend(entries.iter().flat_map(|entry| entry.free.iter().copied()));
    }
    let mut left = free_of(&freed, &taken);
    for (is_apart, mut entries) in batches.into_values() {
        grow(&mut entries, is_apart, &mut left);
        share(&mut entries, is_apart);
        entries.iter().try_for_each(|entry| entry.write(transaction))?;
    }
    Ok(())
}

/// Returns the instants of a set that another one does not have.
fn free_of(instants: &Taken, taken: &Taken) -> Taken {
    instants.spans().flat_map(|span| taken.free(span)).collect()
}

/// Gives the entries of one import the instants that are left.
fn grow(entries: &mut [Grown], is_apart: bool, left: &mut Taken) {
    let mut given = Taken::default();
    for entry in entries {
        let other = Taken::from_iter(left.free(entry.span));
        let mut gain: Vec<Span> = other.free(entry.span);
        if is_apart {
            gain = gain.into_iter().flat_map(|span| given.free(span)).collect();
        }
        given.extend(gain.iter().copied());
        let mut free: Taken = entry.free.drain(..).collect();
        free.extend(gain);
        entry.free = free.spans().collect();
    }
    *left = free_of(left, &given);
}

/// Marks rows of one import that share instants, as landing them does.
fn share(entries: &mut [Grown], is_apart: bool) {
    if is_apart {
        return;
    }
    let known = entries.iter().find_map(|entry| entry.rows.clone());
    for (first, second) in meeting(entries) {
        let name = entries
            .get(first)
            .map(|entry| known.clone().unwrap_or_else(|| entry.name.clone()));
        for index in [first, second] {
            if let Some(entry) = entries.get_mut(index) {
                entry.rows = entry.rows.take().or_else(|| name.clone());
            }
        }
        if let Some(entry) = entries.get_mut(second) {
            entry.beside = Beside::Rows;
        }
    }
}

/// Returns the pairs of entries that hold a common instant, the earlier one first.
fn meeting(entries: &[Grown]) -> BTreeSet<(usize, usize)> {
    let spans = entries.iter().enumerate();
    let mut spans: Vec<(Span, usize)> = spans
        .flat_map(|(index, entry)| entry.free.iter().map(move |span| (*span, index)))
        .collect();
    spans.sort_unstable();
    let (mut pairs, mut open): (_, Vec<(Span, usize)>) = (BTreeSet::new(), Vec::new());
    for (span, index) in spans {
        open.retain(|(other, _)| other.end() > span.start());
        pairs.extend(open.iter().map(|(_, other)| (index.min(*other), index.max(*other))));
        open.push((span, index));
    }
    pairs.retain(|(first, second)| first != second);
    pairs
}
