//! Removal of forgotten records that are not billed, in one transaction.

use std::collections::BTreeSet;

use anyhow::Result;
use chrono::{Days, NaiveDate};
use keeptab_core::calendar::Week;
use keeptab_core::entity::Entity;
use keeptab_core::instant::{Instant, Span};
use rusqlite::Connection;
use schemars::JsonSchema;
use serde::Serialize;

use super::super::events::entity_of;
use super::super::invoices::span;
use super::super::touch_past;
use super::fact::{Fact, Meant};

/// The most names of things that an answer lists.
const LISTED: u32 = 10;

/// The records that were removed, or would be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Removed {
    /// Number of events.
    pub events: u64,
    /// The first UTC day of them.
    pub first: Option<NaiveDate>,
    /// The last UTC day of them.
    pub last: Option<NaiveDate>,
    /// Number of files, folders and pages without stored records now.
    pub things: u64,
    /// The names of those files, folders and pages, at most ten.
    pub names: Vec<String>,
    /// Number of entries that were added by hand or imported.
    pub entries: u64,
    /// Number of corrections.
    pub corrections: u64,
    /// Number of events and entries that stay, because an invoice bills their time.
    pub billed: u64,
}

impl Removed {
    /// Returns whether there was nothing to remove.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.events + self.things + self.entries + self.corrections == 0
    }
}

/// Returns the instants that invoices bill, of this home and of others, joined and in order.
pub(super) fn billed(connection: &Connection) -> Result<Vec<Span>> {
    let sql = "SELECT start_at, end_at FROM claim_span WHERE live = 1 UNION ALL SELECT start_at, end_at FROM elsewhere
               ORDER BY 1, 2";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut spans: Vec<Span> = Vec::new();
    while let Some(row) = rows.next()? {
        spans.push(span(row.get(0)?, row.get(1)?)?);
    }
    Ok(spans)
}

/// Removes the records that a fact names, except those in `billed` instants, which are in order.
pub(super) fn remove(transaction: &Connection, fact: &Fact, billed: &[Span]) -> Result<Removed> {
    transaction.execute_batch(TABLES)?;
    {
        let mut insert = transaction.prepare("INSERT INTO temp.billed VALUES (?1, ?2)")?;
        for span in joined(billed) {
            insert.execute((span.start().millis(), span.end().millis()))?;
        }
    }
    let mut removed = Removed::default();
    let until = fact.made_at;
    match &fact.meant {
        Meant::Things { .. } => {
            let mut insert = transaction.prepare("INSERT INTO temp.meant VALUES (?1)")?;
            each_thing(transaction, |id, thing| {
                if fact.meant.names(thing) {
                    insert.execute([id])?;
                }
                Ok(())
            })?;
            transaction.execute_batch(&format!("{GONE} entity IN temp.meant AND at <= {}", until.millis()))?;
            forget_names(transaction, &fact.meant)?;
        }
        Meant::Time { span, first, last } => {
            let (start, end) = (span.start().millis(), span.end().millis());
            transaction.execute_batch(&format!(
                "{GONE} at >= {start} AND at < {end} AND at <= {};
                 INSERT INTO temp.meant SELECT DISTINCT entity FROM event JOIN temp.gone USING (at, source, seq)
                 WHERE entity IS NOT NULL",
                until.millis()
            ))?;
            (removed.entries, removed.corrections, removed.billed) =
                forget_facts(transaction, *span, (*first, *last), until)?;
        }
    }
    let count = |sql: &str| -> Result<u64> {
        let count: i64 = transaction.query_row(sql, [], |row| row.get(0))?;
        Ok(count.try_into()?)
    };
    removed.events = count("SELECT count(*) FROM temp.gone WHERE is_billed = 0")?;
    removed.billed += count("SELECT count(*) FROM temp.gone WHERE is_billed = 1")?;
    transaction.execute_batch("DELETE FROM temp.gone WHERE is_billed = 1")?;
    let days = days_of(transaction)?;
    (removed.first, removed.last) = (days.first().copied(), days.last().copied());
    transaction.execute_batch(EVENTS)?;
    let is_left = "NOT EXISTS (SELECT 1 FROM temp.remaining WHERE remaining.entity = meant.id)";
    removed.things = count(&format!("SELECT count(*) FROM temp.meant WHERE {is_left}"))?;
    let sql =
        format!("SELECT kind, text FROM entity JOIN temp.meant USING (id) WHERE {is_left} ORDER BY text LIMIT ?1");
    let mut statement = transaction.prepare(&sql)?;
    let names = statement.query_map([LISTED], |row| Ok(entity_of(row.get(0)?, row.get(1)?).to_string()))?;
    removed.names = names.collect::<rusqlite::Result<_>>()?;
    transaction.execute_batch(&format!("{NAMES} IN (SELECT id FROM temp.meant WHERE {is_left})"))?;
    transaction.execute_batch(ROOTS)?;
    forget_sheets(transaction, &days, &fact.meant)?;
    if !removed.is_nothing() {
        touch_past(transaction)?;
    }
    transaction.execute_batch(
        "DROP TABLE temp.billed; DROP TABLE temp.meant; DROP TABLE temp.gone; DROP TABLE temp.remaining",
    )?;
    Ok(removed)
}

/// Joins spans that meet. They come in the order of their starts.
fn joined(spans: &[Span]) -> Vec<Span> {
    let mut joined: Vec<Span> = Vec::new();
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.start() <= last.end() => {
                *last = Span::new(last.start(), last.end().max(span.end())).unwrap_or(*last);
            }
            _ => joined.push(*span),
        }
    }
    joined
}

/// Calls `each` on all that was touched and has a name.
fn each_thing(connection: &Connection, mut each: impl FnMut(i64, &Entity) -> Result<()>) -> Result<()> {
    let mut statement = connection.prepare("SELECT id, kind, text FROM entity")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        each(row.get(0)?, &entity_of(row.get(1)?, row.get(2)?))?;
    }
    Ok(())
}

/// Forgets other names of roots.
fn forget_names(transaction: &Connection, meant: &Meant) -> Result<()> {
    let mut statement = transaction.prepare("SELECT entity, real, repository FROM root")?;
    let mut rows = statement.query([])?;
    let mut names = Vec::new();
    while let Some(row) = rows.next()? {
        let keep = |name: Option<String>| name.filter(|name| !meant.names(&Entity::Path(name.clone())));
        let (real, repository): (Option<String>, Option<String>) = (row.get(1)?, row.get(2)?);
        let kept = (keep(real.clone()), keep(repository.clone()));
        if kept != (real, repository) {
            names.push((row.get::<_, i64>(0)?, kept));
        }
    }
    drop(rows);
    let sql =
        "UPDATE root SET real = ?2, repository = ?3, revision = (SELECT max(revision) + 1 FROM root) WHERE entity = ?1";
    for (entity, (real, repository)) in names {
        transaction.execute(sql, (entity, real, repository))?;
    }
    Ok(())
}

/// Removes entries and corrections of a stretch, and returns how many, and how many entries are billed.
fn forget_facts(
    transaction: &Connection,
    span: Span,
    (first, last): (NaiveDate, NaiveDate),
    until: Instant,
) -> Result<(u64, u64, u64)> {
    let meant = "made_at <= ?5 AND CASE WHEN start_at IS NULL THEN day >= ?3 AND day <= ?4
                     ELSE start_at >= ?1 AND end_at <= ?2 END";
    let billed = "(billed_elsewhere <> 0 OR id IN (SELECT entry FROM claim WHERE entry IS NOT NULL))";
    let (start, end) = (span.start().millis(), span.end().millis());
    let within = (start, end, first.to_string(), last.to_string(), until.millis());
    let sql = format!("SELECT count(*) FROM standing WHERE {meant} AND {billed}");
    let kept: i64 = transaction.query_row(&sql, within.clone(), |row| row.get(0))?;
    let sql = format!("SELECT id FROM entry WHERE {meant} AND NOT {billed}");
    transaction.execute(&format!("DELETE FROM void WHERE entry IN ({sql})"), within.clone())?;
    let entries = transaction.execute(&format!("DELETE FROM entry WHERE id IN ({sql})"), within)?;
    let sql = "DELETE FROM correction WHERE start_at >= ?1 AND end_at <= ?2
                   AND apply IN (SELECT id FROM apply WHERE made_at <= ?3)";
    let corrections = transaction.execute(sql, (start, end, until.millis()))?;
    Ok((entries.try_into()?, corrections.try_into()?, kept.try_into()?))
}

/// Returns the UTC days of the events that go.
fn days_of(transaction: &Connection) -> Result<BTreeSet<NaiveDate>> {
    let sql = "SELECT DISTINCT at / 86400000 - (at % 86400000 < 0) FROM temp.gone";
    let mut statement = transaction.prepare(sql)?;
    let days = statement.query_map([], |row| row.get::<_, i64>(0))?;
    let mut dates = BTreeSet::new();
    for day in days {
        dates.insert(
            Instant::from_millis(day?.saturating_mul(86_400_000))
                .to_utc()
                .date_naive(),
        );
    }
    Ok(dates)
}

/// Removes the timesheets of the weeks that lost something. An editor that still shows one is told that it is no
/// longer known.
fn forget_sheets(transaction: &Connection, utc_days: &BTreeSet<NaiveDate>, meant: &Meant) -> Result<()> {
    let mut statement = transaction.prepare("SELECT DISTINCT week FROM sheet")?;
    let weeks = statement.query_map([], |row| row.get(0))?;
    let weeks: Vec<String> = weeks.collect::<rusqlite::Result<_>>()?;
    for text in weeks {
        let monday = text.parse::<Week>()?.monday();
        // A week may begin on another day than Monday, and a civil day overlaps two UTC days.
        let near = monday
            .checked_sub_days(Days::new(7))
            .zip(monday.checked_add_days(Days::new(14)));
        let is_touched = near.is_none_or(|(start, end)| {
            let is_meant = matches!(meant, Meant::Time { first, last, .. } if *first <= end && *last >= start);
            is_meant || utc_days.range(start..=end).next().is_some()
        });
        if is_touched {
            transaction.execute("DELETE FROM sheet WHERE week = ?1", [text])?;
        }
    }
    Ok(())
}

/// The temporary tables: billed time, the things to forget, the events to remove.
const TABLES: &str = "
    CREATE TEMP TABLE billed (start_at INTEGER PRIMARY KEY, end_at INTEGER NOT NULL);
    CREATE TEMP TABLE meant (id INTEGER PRIMARY KEY);
    CREATE TEMP TABLE gone (at INTEGER, source INTEGER, seq INTEGER, is_billed INTEGER NOT NULL,
        PRIMARY KEY (at, source, seq)) WITHOUT ROWID;
";

/// Selects the events that match the appended condition. An event at the end of billed time counts as billed.
const GONE: &str = "
    INSERT INTO temp.gone SELECT at, source, seq, coalesce(
        (SELECT end_at FROM temp.billed WHERE start_at <= event.at ORDER BY start_at DESC LIMIT 1) >= event.at, 0)
    FROM event WHERE";

/// Removes the selected events, and the counts and caches of their days.
const EVENTS: &str = "
    INSERT INTO day (day, revision, events, sum)
        SELECT at / 86400000 - (at % 86400000 < 0), 1, -count(*),
            -sum(event_hash(at, source, seq, sign, entity.kind, entity.text))
        FROM temp.gone JOIN event USING (at, source, seq) LEFT JOIN entity ON entity.id = event.entity
        WHERE 1 GROUP BY 1
        ON CONFLICT DO UPDATE SET revision = revision + 1, events = events + excluded.events, sum = sum + excluded.sum;
    DELETE FROM event WHERE (at, source, seq) IN (SELECT at, source, seq FROM temp.gone);
    DELETE FROM imported_event WHERE (at, source, seq) IN (SELECT at, source, seq FROM temp.gone);
    DELETE FROM day_cache WHERE EXISTS (
        SELECT 1 FROM temp.gone WHERE day_cache.day BETWEEN at / 86400000 - 2 AND at / 86400000 + 1);
    CREATE TEMP TABLE remaining AS SELECT DISTINCT entity FROM event WHERE entity IN temp.meant;
";

/// Removes the names of things, whose ids are appended. The rows stay: a host that knows an id must not find another
/// thing under it.
const NAMES: &str = "
    DELETE FROM root WHERE entity IN (SELECT id FROM temp.meant WHERE id NOT IN (SELECT entity FROM temp.remaining));
    UPDATE entity SET kind = 2, text = 'forgotten ' || id, root = NULL, language = NULL WHERE id";

/// Detaches the remaining things from roots that lost their name.
const ROOTS: &str = "
    UPDATE entity SET root = NULL WHERE root IN temp.meant AND root NOT IN (SELECT entity FROM temp.remaining);
";
