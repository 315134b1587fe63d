//! The cached results of months of entries.

use std::collections::{BTreeSet, HashSet};

use anyhow::Result;
use keeptab_core::instant::Span;
use keeptab_core::rule::ProjectId;
use rusqlite::OptionalExtension as _;

use super::{Store, immediate, spans};

/// A month of entries as the cache stores it.
#[derive(Clone, Debug)]
pub struct EntryMonth {
    /// The month as in `entry.day`: `2026-11`.
    pub month: String,
    /// The hull of the entries' clock times, if any of them has some.
    pub hull: Option<Span>,
    /// The projects of the entries.
    pub projects: BTreeSet<ProjectId>,
    /// The encoded sums.
    pub sums: Vec<u8>,
    /// The encoded entries.
    pub entries: Vec<u8>,
    /// The encoded instants that they count.
    pub spans: Vec<u8>,
}

/// A form in which the cache has a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The sums of its entries.
    Sums,
    /// Its entries one by one.
    Entries,
}

/// A month as it was found in the cache.
#[derive(Clone, Debug)]
pub struct KnownMonth {
    /// The hull of the entries' clock times, if any of them has some.
    pub hull: Option<Span>,
    /// The encoded sums or entries.
    pub bytes: Vec<u8>,
}

/// Returns the number of a month, so that the next one has the next; `None` for years with more or fewer than four digits.
fn ordinal(month: &str) -> Option<i64> {
    let (year, month) = month
        .split_once('-')
        .filter(|(year, month)| (year.len(), month.len()) == (4, 2))?;
    Some(year.parse::<i64>().ok()? * 12 + month.parse::<i64>().ok()?)
}

impl Store {
    /// Returns the months with entries, in order, each with its cached result, if any.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn entry_months(&self, form: Form) -> Result<Vec<(String, Option<KnownMonth>)>> {
        let sql = match form {
            Form::Sums => "SELECT month, start_at, end_at, sums FROM entry_month WHERE person = ?1 ORDER BY month",
            Form::Entries => {
                "SELECT month, start_at, end_at, entries FROM entry_month JOIN entry_month_detail USING (person, month)
                 WHERE person = ?1 ORDER BY month"
            }
        };
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([self.person.0], |row| {
            let hull = spans::clock_times(row, 1, 2)?;
            let bytes = row.get(3)?;
            Ok((row.get(0)?, Some(KnownMonth { hull, bytes })))
        })?;
        let mut months: Vec<(String, Option<KnownMonth>)> = rows.collect::<rusqlite::Result<_>>()?;
        let unknown = self.unknown_months(months.iter().map(|(month, _)| month.as_str()))?;
        if !unknown.is_empty() {
            months.extend(unknown.into_iter().map(|month| (month, None)));
            months.sort_by(|(one, _), (other, _)| one.cmp(other));
        }
        Ok(months)
    }

    /// Returns the months with entries that are not among known ones, given in order. A month is the first seven letters of a
    /// day, whatever its year. Costs one search for each of them and each gap between known ones.
    fn unknown_months<'m>(&self, known: impl Iterator<Item = &'m str>) -> Result<Vec<String>> {
        let sql = "SELECT substr(min(day), 1, 7) FROM entry WHERE day > ?1 AND day < ?2";
        let mut search = self.connection.prepare_cached(sql)?;
        let mut unknown: Vec<String> = Vec::new();
        let mut after = None;
        // No day sorts behind the last of these.
        for next in known.map(Some).chain([None]) {
            let follows = after.and_then(ordinal).zip(next.and_then(ordinal));
            if follows.is_none_or(|(after, next)| after + 1 != next) {
                let mut from = after.map_or_else(String::new, |after| format!("{after}~"));
                let end = next.unwrap_or("~");
                while let Some(found) = search.query_row((&from, end), |row| row.get::<_, Option<String>>(0))? {
                    from = format!("{found}~");
                    unknown.push(found);
                }
            }
            after = next;
        }
        Ok(unknown)
    }

    /// Returns the encoded instants that the entries of a month count, if the cache has them.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn entry_month_spans(&self, month: &str) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT spans FROM entry_month_detail WHERE person = ?1 AND month = ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement
            .query_row((self.person.0, month), |row| row.get(0))
            .optional()?)
    }

    /// Returns the projects of entries; those of months with a cached result are read from there.
    pub(super) fn projects_of_entries(&self) -> Result<BTreeSet<ProjectId>> {
        let sql = "SELECT month, projects FROM entry_month WHERE person = ?1 ORDER BY month";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([self.person.0])?;
        let (mut known, mut projects) = (Vec::<String>::new(), BTreeSet::new());
        // The months of somebody who has few projects are alike.
        let mut read = HashSet::<String>::new();
        while let Some(row) = rows.next()? {
            let listed = row.get_ref(1)?.as_str()?;
            if !read.contains(listed) {
                let Ok(listed) = serde_json::from_str::<Vec<ProjectId>>(listed) else {
                    continue;
                };
                projects.extend(listed);
                read.insert(row.get(1)?);
            }
            known.push(row.get(0)?);
        }
        for month in self.unknown_months(known.iter().map(String::as_str))? {
            self.add_projects_of(&month, &mut projects)?;
        }
        Ok(projects)
    }

    /// Adds the projects of a month's entries.
    fn add_projects_of(&self, month: &str, projects: &mut BTreeSet<ProjectId>) -> Result<()> {
        let within = "day >= ?1 AND day < ?1 || '~'";
        let sql = format!("SELECT DISTINCT project FROM entry WHERE {within} AND project IS NOT NULL");
        let mut written = self.connection.prepare_cached(&sql)?;
        // Looking whether an entry stands takes ten times as long as reading it: one is enough.
        let sql = format!("SELECT EXISTS (SELECT 1 FROM standing WHERE {within} AND project = ?2)");
        let mut stands = self.connection.prepare_cached(&sql)?;
        for project in written.query_map([month], |row| row.get::<_, String>(0))? {
            let project = ProjectId::new(project?);
            if !projects.contains(&project) && stands.query_row((month, project.as_str()), |row| row.get(0))? {
                projects.insert(project);
            }
        }
        Ok(())
    }

    /// Stores the results of some months, unless the past has another revision than the one they were computed at.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn cache_entry_months(&mut self, months: &[EntryMonth], revision: i64) -> Result<()> {
        let transaction = immediate(&mut self.connection)?;
        let unchanged = "?7 = coalesce((SELECT CAST(value AS INTEGER) FROM setting WHERE key = 'past'), 0)";
        let sql = format!(
            "INSERT OR REPLACE INTO entry_month (person, month, start_at, end_at, projects, sums)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE {unchanged}"
        );
        let mut insert = transaction.prepare_cached(&sql)?;
        let sql = "INSERT OR REPLACE INTO entry_month_detail (person, month, entries, spans) VALUES (?1, ?2, ?3, ?4)";
        let mut detail = transaction.prepare_cached(sql)?;
        for month in months {
            let start = month.hull.map(|hull| hull.start().millis());
            let end = month.hull.map(|hull| hull.end().millis());
            let projects = serde_json::to_string(&month.projects)?;
            let (person, name) = (self.person.0, &month.month);
            if insert.execute((person, name, start, end, projects, &month.sums, revision))? > 0 {
                detail.execute((person, name, &month.entries, &month.spans))?;
            }
        }
        drop((insert, detail));
        transaction.commit()?;
        Ok(())
    }
}
