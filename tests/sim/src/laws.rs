//! The laws that hold after every step.

mod counted;
mod whole;

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::acts::machine::has_all;
use crate::plan::{Act, Step};
use crate::rows::{self, Contents, Rows, lost};
use crate::world::{Answer, World};
use keeptab_sim_disk::Seen;

/// Laws that take long are checked after every so many steps, and after the last one.
const WHOLE_EVERY: usize = 12;
/// The file is examined after so many steps, and after each fault.
const STRUCTURE_EVERY: usize = 5;

impl World {
    /// Checks all laws after a step.
    pub(crate) fn laws(&mut self, step: &Step, answer: &Answer, seen: &Seen) -> Result<(), String> {
        if let Some(broken) = &answer.broken {
            return Err(broken.clone());
        }
        let config = std::fs::read_to_string(self.home.config_file()).map_err(said)?;
        if !self.configs.contains(&config) {
            return Err(format!("the config is neither the old nor the new one: {config:?}"));
        }
        let path = self.home.database();
        if !path.exists() {
            let is_empty = self.durable.facts.is_empty() && self.durable.ledger.is_empty();
            return if is_empty {
                Ok(())
            } else {
                Err("the database is gone".to_owned())
            };
        }
        let connection = rows::open(&path).map_err(said)?;
        let present = Contents::read(&connection).map_err(said)?;
        self.nothing_is_lost(step, answer, seen, &present)?;
        promised(answer, &present)?;
        identities(&mut self.identities, &present)?;
        numbers(&connection)?;
        claims(&connection)?;
        undone(&connection, &self.last, &present, step)?;
        if seen.fault.is_some() || step.act == Act::Power || self.step.is_multiple_of(STRUCTURE_EVERY) {
            structure(&connection)?;
        }
        self.keep(step, answer, seen, present);
        self.no_instant_counts_twice(&connection)?;
        drop(connection);
        if self.step.is_multiple_of(WHOLE_EVERY) {
            self.whole()?;
        }
        Ok(())
    }

    /// Checks what takes long, once more at the end of a run.
    ///
    /// # Errors
    ///
    /// If a law is broken.
    pub fn finish(&mut self) -> Result<(), String> {
        self.disk.begin(None);
        let held = self.whole();
        let _ = self.disk.end();
        if let Err(law) = &held {
            self.story.push(format!("     BROKEN: {law}"));
        }
        held
    }

    /// No step loses a row, except that a failure of the power may lose what was not synced, that a restore puts
    /// the facts of a backup in place of the present ones, and that an import is taken back with its entries.
    fn nothing_is_lost(&self, step: &Step, answer: &Answer, seen: &Seen, present: &Contents) -> Result<(), String> {
        if step.act == Act::Power {
            return kept("a failure of the power", &self.durable.ledger, &present.ledger)
                .and_then(|()| kept("a failure of the power", &self.durable.facts, &present.facts));
        }
        kept("the step", &self.last.ledger, &present.ledger)?;
        let restores = matches!(step.act, Act::Restore { .. });
        if restores && (answer.is_done || seen.fault.is_some()) {
            let is_backup = self.backups.iter().any(|backup| has_all(present, &backup.contents));
            return if is_backup || has_all(present, &self.last) {
                Ok(())
            } else {
                Err("a restore left neither the facts of before nor those of the backup".to_owned())
            };
        }
        if step.act == Act::UndoImport {
            let typed = |rows: &Rows| -> Rows {
                let own = rows.iter().filter(|(_, row)| !row.starts_with("import"));
                own.map(|(key, row)| (key.clone(), row.clone())).collect()
            };
            return kept("the step", &typed(&self.last.facts), &present.facts);
        }
        kept("the step", &self.last.facts, &present.facts)
    }

    /// Remembers the contents after a step.
    fn keep(&mut self, step: &Step, answer: &Answer, seen: &Seen, present: Contents) {
        let is_synced = matches!(
            step.act,
            Act::Issue { .. } | Act::Cancel { .. } | Act::Pay { .. } | Act::Send { .. } | Act::Restore { .. }
        );
        if step.act == Act::Power {
            // A fact that never left this home may be named anew.
            let backups = self.backups.iter().map(|backup| &backup.contents);
            let known: Vec<&Rows> = backups.chain([&present]).map(|contents| &contents.identities).collect();
            self.identities
                .retain(|name, _| known.iter().any(|known| known.contains_key(name)));
        }
        if step.act == Act::UndoImport {
            // Its entries are gone for good, or back if that was not synced.
            self.durable.facts.retain(|_, row| !row.starts_with("import"));
        }
        if step.act == Act::Power || is_synced && answer.is_done && !seen.is_dead {
            self.durable = present.clone();
        }
        self.last = present;
    }
}

pub(crate) fn said(error: impl Into<anyhow::Error>) -> String {
    format!("the database cannot be read: {:#}", error.into())
}

fn kept(by: &str, before: &Rows, after: &Rows) -> Result<(), String> {
    match lost(before, after) {
        Some((key, value, None)) => Err(format!("{by} lost {key} ({value})")),
        Some((key, value, Some(now))) => Err(format!("{by} changed {key} from {value} to {now}")),
        None => Ok(()),
    }
}

/// Checks that all acknowledged rows are there.
fn promised(answer: &Answer, present: &Contents) -> Result<(), String> {
    for key in answer.promised.iter().filter(|_| answer.is_done) {
        let number = key.strip_prefix("number ");
        let is_there = match number {
            Some(number) => present.numbers.contains(number),
            None => present.facts.contains_key(key),
        };
        if !is_there {
            return Err(format!("{key} was acknowledged and is not there"));
        }
    }
    Ok(())
}

/// No identity names two facts, in whatever home or backup they were seen.
fn identities(known: &mut Rows, present: &Contents) -> Result<(), String> {
    for (name, fact) in &present.identities {
        if let Some(other) = known.get(name).filter(|other| *other != fact) {
            return Err(format!("identity{name} names two facts: {other}, and {fact}"));
        }
    }
    known.extend(present.identities.clone());
    Ok(())
}

/// Each series has all numbers from its first to its next, once.
fn numbers(connection: &Connection) -> Result<(), String> {
    let mut given = BTreeMap::<String, Vec<u32>>::new();
    each(connection, "SELECT number FROM invoice", |row| {
        let number: String = row.get(0)?;
        if let Some((series, counter)) = number.rsplit_once('-') {
            given
                .entry(series.to_owned())
                .or_default()
                .push(counter.parse().unwrap_or(0));
        }
        Ok(())
    })?;
    let mut series = Vec::new();
    each(
        connection,
        "SELECT org || '-' || month, first, next FROM series",
        |row| {
            series.push((row.get::<_, String>(0)?, row.get::<_, u32>(1)?, row.get::<_, u32>(2)?));
            Ok(())
        },
    )?;
    for (name, first, next) in series {
        let mut counters = given.remove(&name).unwrap_or_default();
        counters.sort_unstable();
        if !counters.iter().copied().eq(first..next) {
            return Err(format!(
                "series {name} runs from {first} to {next}, and has {counters:?}"
            ));
        }
    }
    match given.first_key_value() {
        Some((series, counters)) => Err(format!("series {series} is not known, and has {counters:?}")),
        None => Ok(()),
    }
}

/// No instant and no entry is billed by two live invoices.
fn claims(connection: &Connection) -> Result<(), String> {
    let mut spans = Vec::new();
    let sql = "SELECT start_at, end_at, claim FROM claim_span WHERE live = 1 ORDER BY start_at";
    each(connection, sql, |row| {
        spans.push((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?));
        Ok(())
    })?;
    if let Some(pair) = spans.windows(2).find(|pair| pair[0].1 > pair[1].0) {
        return Err(format!("claims {} and {} bill the same time", pair[0].2, pair[1].2));
    }
    let wrong = [
        ("an entry is billed twice", "SELECT entry FROM claim WHERE live = 1 AND entry IS NOT NULL GROUP BY entry HAVING count(*) > 1"),
        (
            "a claim is live though its line was credited and not kept",
            "SELECT claim.id FROM claim JOIN credit ON credit.invoice = claim.invoice AND credit.line = claim.line
             JOIN invoice AS note ON note.id = credit_note WHERE live = 1 AND note.content -> 'kind' -> 'credit-note' ->> 'kept' = 0",
        ),
        ("spans and claim disagree", "SELECT claim FROM claim_span JOIN claim ON claim.id = claim WHERE claim.live <> claim_span.live"),
        ("an entry is billed that is not there", "SELECT entry FROM claim WHERE live = 1 AND entry IS NOT NULL AND entry NOT IN (SELECT id FROM standing)"),
    ];
    for (law, sql) in wrong {
        let mut found = None;
        each(connection, sql, |row| {
            found = Some(row.get::<_, i64>(0)?);
            Ok(())
        })?;
        if let Some(which) = found {
            return Err(format!("{law}: {which}"));
        }
    }
    Ok(())
}

/// No change is taken back while an invoice bills time of it.
fn undone(connection: &Connection, before: &Contents, after: &Contents, step: &Step) -> Result<(), String> {
    if step.act != Act::Undo {
        return Ok(());
    }
    for apply in after.undone.difference(&before.undone) {
        let sql = format!(
            "SELECT correction.id FROM correction JOIN claim_span
                 ON claim_span.live = 1 AND claim_span.start_at < correction.end_at AND claim_span.end_at > correction.start_at
             JOIN claim ON claim.id = claim AND entry IS NULL
             WHERE apply = {apply}"
        );
        let mut billed = None;
        each(connection, &sql, |row| {
            billed = Some(row.get::<_, i64>(0)?);
            Ok(())
        })?;
        if let Some(correction) = billed {
            return Err(format!(
                "correction {correction} was taken back, and an invoice bills it"
            ));
        }
    }
    Ok(())
}

/// The file is whole: its pages, its indexes, its references.
fn structure(connection: &Connection) -> Result<(), String> {
    let mut wrong = None;
    each(connection, "PRAGMA foreign_key_check", |row| {
        wrong = Some(row.get::<_, String>(0)?);
        Ok(())
    })?;
    each(connection, "PRAGMA quick_check(1)", |row| {
        let said: String = row.get(0)?;
        wrong = Some(said).filter(|said| said != "ok").or(wrong.take());
        Ok(())
    })?;
    wrong.map_or(Ok(()), |wrong| Err(format!("the database is damaged: {wrong}")))
}

/// Calls a function on each row of a query.
pub(crate) fn each(
    connection: &Connection,
    sql: &str,
    mut each: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<()>,
) -> Result<(), String> {
    let mut read = || -> rusqlite::Result<()> {
        let mut statement = connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            each(row)?;
        }
        Ok(())
    };
    read().map_err(said)
}
