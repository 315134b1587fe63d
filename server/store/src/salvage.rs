//! All that a damaged file still holds, in a new one.

mod pages;
mod shape;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use anyhow::{Result, ensure};
use keeptab_core::instant::Instant;
use keeptab_core::invoice::InvoiceNumber;
use keeptab_system::home::Beside;
use rusqlite::types::Value;
use rusqlite::{Transaction, params_from_iter};
use schemars::JsonSchema;
use serde::Serialize;

use super::{UtcDay, chain, device, open, sums};
use pages::{Page, Pages, Row};
use shape::Shape;

/// The setting that a salvaged file has: of its chain, links may be lost.
pub(super) const SALVAGED: &str = "salvaged";

/// Tables that are computed from others.
const COMPUTED: [&str; 4] = ["day", "day_cache", "entry_month", "entry_month_detail"];
/// Tables whose rows look like those of an index: they are only taken from their own tree.
const PLAIN: [&str; 2] = ["credit", "void"];
/// The counters of rows.
const SEQUENCE: &str = "sqlite_sequence";

/// The records found in a damaged file.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Salvaged {
    /// Number of rows found, by table.
    pub rows: BTreeMap<String, u64>,
    /// Number of pages of the file.
    pub pages: u32,
    /// The UTC days with lost or changed events.
    pub incomplete: Vec<String>,
    /// The numbers of lost invoices, as far as their links are left.
    pub lost: Vec<String>,
}

/// Writes everything that is left in a file into a new one. Each page is read by itself: the rows of a whole page are
/// found, whatever state the others are in.
///
/// # Errors
///
/// If the new file is there already or cannot be written, or if the file cannot be read at all.
pub fn salvage(from: &Path, to: &Path, now: Instant) -> Result<Salvaged> {
    ensure!(!to.exists(), "{} is there already\nhint: name a new file", to.display());
    let pages = Pages::read(from)?;
    let beside = Beside::database(to)?;
    let mut connection = open::make(beside.path(), now)?;
    connection.pragma_update(None, "foreign_keys", false)?;
    let transaction = connection.transaction()?;
    let triggers = open::take_triggers(&transaction)?;
    let (shapes, days) = gather(&pages, &transaction)?;
    transaction.execute_batch(SIGHTED)?;
    transaction.execute_batch(REPAIRS)?;
    let mut salvaged = Salvaged {
        pages: pages.count(),
        ..Salvaged::default()
    };
    for shape in shapes
        .iter()
        .filter(|shape| !COMPUTED.contains(&&*shape.name) && shape.name != SEQUENCE)
    {
        let sql = format!("SELECT count(*) FROM \"{}\"", shape.name);
        let count: i64 = transaction.query_row(&sql, [], |row| row.get(0))?;
        salvaged.rows.insert(shape.name.clone(), count.try_into()?);
    }
    transaction.execute_batch(&format!(
        "INSERT INTO day (day, revision, events) SELECT {DAYS} FROM event GROUP BY 1"
    ))?;
    sums::fill(&transaction)?;
    salvaged.incomplete = incomplete(&transaction, days)?;
    salvaged.lost = count_on(&transaction)?;
    chain::install(&transaction, now)?;
    mark(&transaction, now)?;
    device::mark_copy(&transaction, to)?;
    // Those that write links are there again.
    for (_, sql) in triggers.iter().filter(|(name, _)| !name.starts_with("linked_")) {
        transaction.execute_batch(sql)?;
    }
    transaction.commit()?;
    connection.close().map_err(|(_, error)| error)?;
    beside.put()?;
    Ok(salvaged)
}

/// Makes a database of the rows that are left in a file, unchanged. Lost rows are not replaced. The file may be open in
/// this process.
pub(super) fn gather_open(from: &Path, to: &Path, now: Instant) -> Result<()> {
    let pages = Pages::read_open(from)?;
    let mut connection = open::make(to, now)?;
    connection.pragma_update(None, "foreign_keys", false)?;
    let transaction = connection.transaction()?;
    open::take_triggers(&transaction)?;
    gather(&pages, &transaction)?;
    transaction.commit()?;
    connection.close().map_err(|(_, error)| error)?;
    Ok(())
}

/// Notes that links of the chain may be lost.
pub(super) fn mark(transaction: &Transaction<'_>, now: Instant) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO main.setting (key, value) VALUES (?1, ?2)";
    transaction.execute(sql, (SALVAGED, now.millis().to_string()))?;
    Ok(())
}

/// The stored number of events of each day, and the sum of their hashes.
type Days = HashMap<i64, (i64, i64)>;

/// Writes all rows that are found; counters of rows go on from those that are. Foreign keys and triggers are off.
fn gather(pages: &Pages, transaction: &Transaction<'_>) -> Result<(Vec<Shape>, Days)> {
    let shapes = Shape::all(transaction)?;
    let mut found = Found {
        transaction,
        days: HashMap::new(),
    };
    let trees = shape::follow(pages);
    let free = pages.free();
    let of_trees = |number: &u32| trees.tables.contains_key(number);
    let (named, others): (Vec<u32>, Vec<u32>) = (1..=pages.count()).partition(of_trees);
    for number in named {
        let table = trees
            .tables
            .get(&number)
            .and_then(|name| shapes.iter().find(|shape| shape.name == *name));
        for row in rows_of(pages, number) {
            if let Some(shape) = table.filter(|shape| shape.fits(&row)) {
                found.add(shape, row)?;
            }
        }
    }
    // Pages that hang in no tree any more, because a page above them is damaged.
    for number in others
        .into_iter()
        .filter(|number| !free.contains(number) && !trees.others.contains(number))
    {
        let rows = rows_of(pages, number);
        let fits = |shape: &&Shape| !PLAIN.contains(&&*shape.name) && rows.iter().any(|row| shape.fits(row));
        let mut fitting: Vec<&Shape> = shapes.iter().filter(fits).collect();
        let most = |shape: &&Shape| rows.iter().filter(|row| shape.fits(row)).count();
        fitting.sort_by_key(|shape| std::cmp::Reverse(most(shape)));
        if let Some(shape) = fitting.first() {
            for row in rows.into_iter().filter(|row| shape.fits(row)) {
                found.add(shape, row)?;
            }
        }
    }
    let days = found.days;
    Ok((shapes, days))
}

/// Returns the rows of a page, of leaves and of indexes alike.
fn rows_of(pages: &Pages, number: u32) -> Vec<Row> {
    match pages.page(number) {
        Some(Page::Rows(rows) | Page::Index(rows, _)) => rows,
        _ => Vec::new(),
    }
}

/// Writes the rows that are found.
struct Found<'a> {
    transaction: &'a Transaction<'a>,
    days: Days,
}

impl Found<'_> {
    fn add(&mut self, shape: &Shape, row: Row) -> Result<()> {
        match (&*shape.name, row.rowid, &row.values[..]) {
            ("day", Some(day), [_, _, Value::Integer(events), Value::Integer(sum)]) => {
                self.days.insert(day, (*events, *sum));
            }
            (SEQUENCE, _, [Value::Text(name), Value::Integer(last)]) => count_to(self.transaction, name, *last)?,
            (SEQUENCE, ..) => {}
            (name, ..) if COMPUTED.contains(&name) => {}
            _ => {
                let sql = shape.insert(row.values.len());
                let values = shape.values(row);
                // A row that breaks a rule of its table is garbage of a damaged page.
                let _ = self.transaction.prepare_cached(&sql)?.execute(params_from_iter(values));
            }
        }
        Ok(())
    }
}

/// The day of an event, its revision, and how many there are.
const DAYS: &str = "at / 86400000 - (at % 86400000 < 0), 1, count(*)";

/// Returns the days with lost or changed events, as far as the file still has the days' sums.
fn incomplete(transaction: &Transaction<'_>, days: Days) -> Result<Vec<String>> {
    let mut incomplete = Vec::new();
    for (day, written) in days {
        let sql = "SELECT coalesce(max(events), 0), coalesce(max(sum), 0) FROM day WHERE day = ?1";
        let there: (i64, i64) = transaction.query_row(sql, [day], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if there != written {
            let day = UtcDay(day).span().start().to_rfc3339();
            incomplete.push(day.split('T').next().unwrap_or_default().to_owned());
        }
    }
    incomplete.sort();
    Ok(incomplete)
}

/// Raises the counter of a table's rows to at least a number.
fn count_to(transaction: &Transaction<'_>, table: &str, last: i64) -> Result<()> {
    let sql = "UPDATE main.sqlite_sequence SET seq = max(seq, ?2) WHERE name = ?1";
    if transaction.execute(sql, (table, last))? == 0 {
        let sql = "INSERT INTO main.sqlite_sequence (name, seq) VALUES (?1, ?2)";
        transaction.execute(sql, (table, last))?;
    }
    Ok(())
}

/// Raises the counters above all present invoices and links, and returns the numbers of invoices of which only links
/// are left.
pub(super) fn count_on(transaction: &Transaction<'_>) -> Result<Vec<String>> {
    // A link names a payment by its number: the next may not be given it.
    let sql = "SELECT max(CAST(record ->> 'payment' AS INTEGER)) FROM main.link
                WHERE kind GLOB 'payment/*' AND json_valid(record)";
    if let Some(paid) = transaction.query_row(sql, [], |row| row.get::<_, Option<i64>>(0))? {
        count_to(transaction, "payment", paid)?;
    }
    let known = |sql: &str| -> Result<Vec<String>> {
        let mut statement = transaction.prepare(sql)?;
        let numbers = statement.query_map([], |row| row.get(0))?;
        Ok(numbers.collect::<rusqlite::Result<_>>()?)
    };
    let there = known("SELECT number FROM main.invoice")?;
    let mut lost = Vec::new();
    for text in known("SELECT record FROM main.link WHERE kind GLOB 'invoice/*'")? {
        let number = chain::number_in(&text);
        lost.extend(number.filter(|number| !there.contains(number)));
    }
    lost.sort();
    lost.dedup();
    for number in there
        .iter()
        .chain(&lost)
        .filter_map(|number| number.parse::<InvoiceNumber>().ok())
    {
        let sql = "INSERT INTO main.series (org, month, next) VALUES (?1, ?2, ?3 + 1)
                   ON CONFLICT DO UPDATE SET next = max(next, excluded.next)";
        let series = number.series();
        transaction.execute(sql, (series.org().as_str(), series.month(), number.counter()))?;
    }
    Ok(lost)
}

/// Replaces lost rows that events refer to, or leaves out rows that refer to nothing.
const SIGHTED: &str = "
    INSERT OR IGNORE INTO person (id, name) VALUES (1, 'me');
    INSERT OR IGNORE INTO source (id, device, person, name, taken)
        SELECT source, source >> 24, 1, 'lost ' || source, max(seq) FROM event
        WHERE source NOT IN (SELECT id FROM source) GROUP BY source;
    UPDATE source SET taken = max(taken, coalesce((SELECT max(seq) FROM event WHERE event.source = source.id), 0));
    INSERT INTO entity (id, kind, text) SELECT DISTINCT entity, 2, 'lost ' || entity FROM event
        WHERE entity IS NOT NULL AND entity NOT IN (SELECT id FROM entity);
    UPDATE entity SET root = NULL WHERE root NOT IN (SELECT id FROM entity);
    DELETE FROM root WHERE entity NOT IN (SELECT id FROM entity);
    DELETE FROM imported_event WHERE source NOT IN (SELECT id FROM source);
";

/// Replaces lost rows that other records refer to, or leaves out rows that refer to nothing.
pub(super) const REPAIRS: &str = "
    INSERT INTO person (id, name) SELECT DISTINCT id, 'lost ' || id FROM (
        SELECT person AS id FROM source UNION SELECT person FROM entry UNION SELECT person FROM correction
        UNION SELECT person FROM claim UNION SELECT person FROM claim_span UNION SELECT person FROM elsewhere
    ) WHERE id NOT IN (SELECT id FROM person);
    INSERT OR IGNORE INTO device (id, uuid) SELECT DISTINCT id, lower(hex(randomblob(16))) FROM (
        SELECT device AS id FROM source UNION SELECT device FROM entry UNION SELECT place_device FROM entry
        UNION SELECT device FROM apply UNION SELECT device FROM correction UNION SELECT device FROM batch
        UNION SELECT device FROM forgotten UNION SELECT 1
    ) WHERE id IS NOT NULL AND id NOT IN (SELECT id FROM device);
    UPDATE device SET facts = max(facts,
        coalesce((SELECT max(n) FROM entry WHERE entry.device = device.id), 0),
        coalesce((SELECT max(n) FROM apply WHERE apply.device = device.id), 0),
        coalesce((SELECT max(n) FROM correction WHERE correction.device = device.id), 0),
        coalesce((SELECT max(n) FROM forgotten WHERE forgotten.device = device.id), 0));
    INSERT INTO batch (id, origin, made_at, finished_at) SELECT DISTINCT id, 'salvaged', 0, 0 FROM (
        SELECT batch AS id FROM entry UNION SELECT batch FROM apply UNION SELECT batch FROM imported_event
        UNION SELECT batch FROM elsewhere
    ) WHERE id IS NOT NULL AND id NOT IN (SELECT id FROM batch);
    INSERT INTO apply (id, made_at) SELECT DISTINCT id, 0 FROM (
        SELECT apply AS id FROM entry UNION SELECT apply FROM correction UNION SELECT apply FROM void
    ) WHERE id IS NOT NULL AND id NOT IN (SELECT id FROM apply);
    DELETE FROM void WHERE entry NOT IN (SELECT id FROM entry);
    DELETE FROM item WHERE draft NOT IN (SELECT id FROM draft);
    UPDATE invoice SET cancels = NULL WHERE cancels NOT IN (SELECT id FROM invoice);
    DELETE FROM credit WHERE invoice NOT IN (SELECT id FROM invoice) OR credit_note NOT IN (SELECT id FROM invoice);
    DELETE FROM payment WHERE invoice NOT IN (SELECT id FROM invoice);
    DELETE FROM used WHERE payment NOT IN (SELECT id FROM payment) OR invoice NOT IN (SELECT id FROM invoice);
    DELETE FROM document WHERE invoice NOT IN (SELECT id FROM invoice);
    DELETE FROM claim WHERE invoice NOT IN (SELECT id FROM invoice);
    UPDATE claim SET entry = NULL WHERE entry NOT IN (SELECT id FROM entry);
    DELETE FROM claim_span WHERE claim NOT IN (SELECT id FROM claim);
    DELETE FROM claim WHERE entry IS NULL AND id NOT IN (SELECT claim FROM claim_span);
";

#[cfg(test)]
mod tests;
