//! The cached results of months of entries.

use std::collections::BTreeSet;

use anyhow::Result;
use keeptab_core::instant::Span;
use keeptab_core::rule::ProjectId;

use super::{Store, immediate};

/// A month of entries as the cache stores it.
#[derive(Clone, Debug)]
pub struct EntryMonth {
    /// The month as in `entry.day`: `2026-11`.
    pub month: String,
    /// The hull of the entries' clock times, if any of them has some.
    pub hull: Option<Span>,
    /// The projects of the entries.
    pub projects: BTreeSet<ProjectId>,
    /// The encoded result.
    pub bytes: Vec<u8>,
}

/// The months with entries, each with a column of its cached result: one search in the index a month, not one row an
/// entry. A month is the first seven letters of a day, whatever its year.
fn months(column: &str) -> String {
    format!(
        "WITH RECURSIVE near(name) AS (
             SELECT (SELECT substr(min(day), 1, 7) FROM entry)
             UNION
             SELECT (SELECT substr(min(day), 1, 7) FROM entry WHERE day > name || '~') FROM near WHERE name IS NOT NULL
         )
         SELECT name, {column} FROM near LEFT JOIN entry_month ON month = name AND entry_month.person = ?1
         WHERE name IS NOT NULL"
    )
}

impl Store {
    /// Returns the months with entries, in order, each with its cached result, if any.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn entry_months(&self) -> Result<Vec<(String, Option<Vec<u8>>)>> {
        let mut statement = self.connection.prepare_cached(&months("entries"))?;
        let rows = statement.query_map([self.person.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns the projects of entries; those of months with a cached result are read from there.
    pub(super) fn projects_of_entries(&self) -> Result<BTreeSet<ProjectId>> {
        let within = "day >= ?1 AND day < ?1 || '~'";
        let sql = format!("SELECT DISTINCT project FROM entry WHERE {within} AND project IS NOT NULL");
        let mut written = self.connection.prepare_cached(&sql)?;
        // Looking whether an entry stands takes ten times as long as reading it: one is enough.
        let sql = format!("SELECT EXISTS (SELECT 1 FROM standing WHERE {within} AND project = ?2)");
        let mut stands = self.connection.prepare_cached(&sql)?;
        let mut statement = self.connection.prepare_cached(&months("projects"))?;
        let mut rows = statement.query([self.person.0])?;
        let mut projects = BTreeSet::new();
        while let Some(row) = rows.next()? {
            let (month, known): (String, Option<String>) = (row.get(0)?, row.get(1)?);
            let known = known.and_then(|known| serde_json::from_str::<Vec<ProjectId>>(&known).ok());
            if let Some(known) = known {
                projects.extend(known);
                continue;
            }
            for project in written.query_map([&month], |row| row.get::<_, String>(0))? {
                let project = ProjectId::new(project?);
                if !projects.contains(&project) && stands.query_row((&month, project.as_str()), |row| row.get(0))? {
                    projects.insert(project);
                }
            }
        }
        Ok(projects)
    }

    /// Stores the results of some months, unless the past has another revision than the one they were computed at.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn cache_entry_months(&mut self, months: &[EntryMonth], revision: i64) -> Result<()> {
        let transaction = immediate(&mut self.connection)?;
        let sql = "INSERT OR REPLACE INTO entry_month (person, month, start_at, end_at, projects, entries)
                   SELECT ?1, ?2, ?3, ?4, ?5, ?6
                   WHERE ?7 = coalesce((SELECT CAST(value AS INTEGER) FROM setting WHERE key = 'past'), 0)";
        let mut insert = transaction.prepare_cached(sql)?;
        for month in months {
            let start = month.hull.map(|hull| hull.start().millis());
            let end = month.hull.map(|hull| hull.end().millis());
            let projects = serde_json::to_string(&month.projects)?;
            insert.execute((
                self.person.0,
                &month.month,
                start,
                end,
                projects,
                &month.bytes,
                revision,
            ))?;
        }
        drop(insert);
        transaction.commit()?;
        Ok(())
    }
}
