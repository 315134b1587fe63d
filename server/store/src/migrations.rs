//! The versions of the database, and migrations that SQL alone cannot express.

use anyhow::Result;
use keeptab_core::activity::PersonId;
use keeptab_core::entry::{EntryId, Taken, counted_length};
use keeptab_core::instant::{Length, Span};
use rusqlite::{Connection, Transaction};
use serde::{Deserialize, Serialize};

use super::{spans, sums};

/// A version: its statements, then a function that computes values from them.
pub(super) struct Migration {
    pub(super) sql: &'static str,
    pub(super) then: fn(&Transaction<'_>) -> Result<()>,
}

const fn plain(sql: &'static str) -> Migration {
    Migration { sql, then: |_| Ok(()) }
}

/// Append-only: a version, once released, is never changed.
pub(super) const MIGRATIONS: &[Migration] = &[
    plain(include_str!("schema.sql")),
    plain(include_str!("migrations/2_invoices.sql")),
    plain(include_str!("migrations/3_import.sql")),
    plain(include_str!("migrations/4_roots.sql")),
    plain(include_str!("migrations/5_links.sql")),
    Migration {
        sql: include_str!("migrations/6_spans.sql"),
        then: give_spans,
    },
    plain(include_str!("migrations/7_chain.sql")),
    plain(include_str!("migrations/8_used.sql")),
    plain(include_str!("migrations/9_rate.sql")),
    plain(include_str!("migrations/10_drafts.sql")),
    Migration {
        sql: include_str!("migrations/11_sums.sql"),
        then: sums::fill,
    },
    plain(include_str!("migrations/12_forgotten.sql")),
    plain(include_str!("migrations/13_waived.sql")),
    plain(include_str!("migrations/14_entry_months.sql")),
    plain(include_str!("migrations/15_month_sums.sql")),
];

/// The setting that keeps the time that entries lost when they got their spans, until the user is told.
pub(super) const LOST: &str = "spans.lost";

/// The time that an entry from before the rule "no instant counts twice" lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    /// The civil day.
    pub day: String,
    /// The project.
    pub project: Option<String>,
    /// The description of the work.
    pub note: Option<String>,
    /// The length that counted before.
    pub before: Length,
    /// The length that counts now.
    pub after: Length,
}

struct Old {
    id: EntryId,
    person: PersonId,
    span: Span,
    length: Length,
    lost: Lost,
    claim: Option<i64>,
}

/// Gives entries that are older than version 6 their free instants, in the order of their ids.
///
/// One that is billed keeps its whole span, and its claim gets it. If billed time holds some of that already, the entry is
/// marked as beside other time, and its claim gets none.
fn give_spans(transaction: &Transaction<'_>) -> Result<()> {
    let old = old_entries(transaction)?;
    release_spans(transaction)?;
    let mut taken = spans_billed(transaction)?;
    for entry in &old {
        let Some(claim) = entry.claim else { continue };
        if taken.meets(entry.span) {
            transaction.execute("UPDATE entry SET beside = 1 WHERE id = ?1", [entry.id.0])?;
        } else {
            insert_span(transaction, claim, entry)?;
        }
        taken.add(entry.span);
    }
    let mut lost = Vec::new();
    for entry in old.into_iter().filter(|entry| entry.claim.is_none()) {
        let free = taken.free(entry.span);
        taken.extend(free.iter().copied());
        if let Some(text) = spans::write(Some(entry.span), &free) {
            transaction.execute("UPDATE entry SET free = ?2 WHERE id = ?1", (entry.id.0, text))?;
            let after = counted_length(entry.span, entry.length, &free);
            lost.extend((after < entry.length).then_some(Lost { after, ..entry.lost }));
        }
    }
    if !lost.is_empty() {
        let sql = "INSERT OR REPLACE INTO setting (key, value) VALUES (?1, ?2)";
        transaction.execute(sql, (LOST, serde_json::to_string(&lost)?))?;
    }
    Ok(())
}

/// Returns the entries with clock times that are there, in the order of their ids.
fn old_entries(connection: &Connection) -> Result<Vec<Old>> {
    let sql = "SELECT id, person, start_at, end_at, length, day, project, note,
                   (SELECT claim.id FROM claim WHERE claim.entry = standing.id AND live = 1)
               FROM standing WHERE start_at < end_at ORDER BY id";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut old = Vec::new();
    while let Some(row) = rows.next()? {
        let Some(span) = spans::clock_times(row, 2, 3)? else {
            continue;
        };
        let length = Length::from_millis(row.get(4)?);
        old.push(Old {
            id: EntryId(row.get(0)?),
            person: PersonId(row.get(1)?),
            span,
            length,
            lost: Lost {
                day: row.get(5)?,
                project: row.get(6)?,
                note: row.get(7)?,
                before: length,
                after: length,
            },
            claim: row.get(8)?,
        });
    }
    Ok(old)
}

/// Returns the captured time that is billed.
fn spans_billed(connection: &Connection) -> Result<Taken> {
    let mut statement = connection.prepare("SELECT start_at, end_at FROM claim_span WHERE live = 1")?;
    let spans = statement.query_map([], |row| spans::clock_times(row, 0, 1))?;
    let spans = spans.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(spans.into_iter().flatten().collect())
}

/// Gives claims on entries that were released the spans that they had.
fn release_spans(transaction: &Transaction<'_>) -> Result<()> {
    let sql = "INSERT INTO claim_span (claim, start_at, end_at, person, live)
               SELECT claim.id, start_at, end_at, claim.person, 0 FROM claim JOIN entry ON entry.id = claim.entry
               WHERE claim.live = 0 AND start_at < end_at";
    transaction.execute(sql, [])?;
    Ok(())
}

fn insert_span(transaction: &Transaction<'_>, claim: i64, entry: &Old) -> Result<()> {
    let sql = "INSERT INTO claim_span (claim, start_at, end_at, person) VALUES (?1, ?2, ?3, ?4)";
    let (start, end) = (entry.span.start().millis(), entry.span.end().millis());
    transaction.execute(sql, (claim, start, end, entry.person.0))?;
    Ok(())
}

/// Makes a database as an older version left it, with rows of that version: for tests of migrations.
///
/// # Errors
///
/// If the file cannot be written, or the rows do not fit that version.
pub fn older_database(path: &std::path::Path, version: usize, rows: &str) -> Result<()> {
    let connection = Connection::open(path)?;
    for migration in MIGRATIONS.iter().take(version) {
        connection.execute_batch(migration.sql)?;
    }
    connection.pragma_update(None, "application_id", 0x6b74_6162)?;
    connection.pragma_update(None, "user_version", i64::try_from(version)?)?;
    connection.execute_batch(rows)?;
    Ok(())
}

#[cfg(test)]
mod tests;
