//! Assignment of pages to tables: by the tree that a page hangs in, or else by the shape of its rows.

use std::collections::{HashMap, HashSet};

use anyhow::Result;
use rusqlite::Connection;
use rusqlite::types::Value;

use super::pages::{Page, Pages, Row};

/// A table as its rows are stored.
pub(super) struct Shape {
    /// Its name.
    pub(super) name: String,
    /// Its columns in stored order.
    columns: Vec<Column>,
    has_rowid: bool,
}

struct Column {
    name: String,
    kind: String,
    /// True if it is never NULL.
    required: bool,
    /// True if a row may be older than it.
    late: bool,
    /// True if it is the rowid.
    is_rowid: bool,
}

/// An instant after 1973, in milliseconds. Numbers of rows are smaller.
const LONG_AGO: i64 = 100_000_000_000;
/// Sources are numbered from here on.
const FIRST_SOURCE: i64 = 1 << 24;

impl Shape {
    /// Returns the tables of a database of the present version.
    pub(super) fn all(connection: &Connection) -> Result<Vec<Self>> {
        let sql = "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name <> 'sqlite_schema'";
        let mut statement = connection.prepare(sql)?;
        let tables = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let tables: Vec<(String, bool)> = tables.collect::<rusqlite::Result<_>>()?;
        tables
            .into_iter()
            .map(|(name, bare)| Self::of(connection, name, !bare))
            .collect()
    }

    fn of(connection: &Connection, name: String, has_rowid: bool) -> Result<Self> {
        let order = if has_rowid { "cid" } else { "pk = 0, pk, cid" };
        let sql = format!(
            "SELECT name, type, \"notnull\" OR pk > 0 AND ?2, dflt_value IS NOT NULL OR \"notnull\" = 0,
                 pk > 0 AND type = 'INTEGER' AND (SELECT count(*) FROM pragma_table_info(?1) WHERE pk > 0) = 1
             FROM pragma_table_info(?1) ORDER BY {order}"
        );
        let mut statement = connection.prepare(&sql)?;
        let columns = statement.query_map((&name, !has_rowid), |row| {
            Ok(Column {
                name: row.get(0)?,
                kind: row.get(1)?,
                required: row.get(2)?,
                late: row.get(3)?,
                is_rowid: row.get::<_, bool>(4)? && has_rowid,
            })
        })?;
        let columns = columns.collect::<rusqlite::Result<_>>()?;
        Ok(Self {
            name,
            columns,
            has_rowid,
        })
    }

    /// Returns whether a row can be one of the table's.
    pub(super) fn fits(&self, row: &Row) -> bool {
        let given = row.values.len();
        row.rowid.is_some() == self.has_rowid
            && given <= self.columns.len()
            && self.columns.iter().skip(given).all(|column| column.late)
            && self
                .columns
                .iter()
                .zip(&row.values)
                .all(|(column, value)| column.fits(value))
            && self.is_likely(&row.values)
    }

    /// Tells apart tables whose column types are alike.
    fn is_likely(&self, values: &[Value]) -> bool {
        let number = |place: usize| match values.get(place) {
            Some(Value::Integer(number)) => *number,
            _ => 0,
        };
        let is_uuid = || matches!(values.get(1), Some(Value::Text(text)) if text.len() == 32);
        match &*self.name {
            "event" => (FIRST_SOURCE..1 << 32).contains(&number(1)) && (0..64).contains(&number(3)),
            "claim_span" => number(1) < number(2) && number(1) > LONG_AGO && (0..2).contains(&number(4)),
            "apply" => number(1) > LONG_AGO,
            "device" => is_uuid(),
            "person" => !is_uuid(),
            _ => true,
        }
    }

    /// Returns the statement that adds a row with a number of columns.
    pub(super) fn insert(&self, given: usize) -> String {
        let names: Vec<&str> = self
            .columns
            .iter()
            .take(given)
            .map(|column| column.name.as_str())
            .collect();
        let marks = vec!["?"; names.len()].join(", ");
        format!(
            "INSERT OR IGNORE INTO \"{}\" ({}) VALUES ({marks})",
            self.name,
            names.join(", ")
        )
    }

    /// Returns the values of a row as a statement takes them.
    pub(super) fn values(&self, row: Row) -> Vec<Value> {
        let with_rowid = |(column, value): (&Column, Value)| match row.rowid {
            Some(rowid) if column.is_rowid => Value::Integer(rowid),
            _ => value,
        };
        self.columns.iter().zip(row.values).map(with_rowid).collect()
    }
}

impl Column {
    fn fits(&self, value: &Value) -> bool {
        match value {
            Value::Null => self.is_rowid || !self.required,
            Value::Integer(_) => (self.kind == "INTEGER" || self.kind.is_empty()) && !self.is_rowid,
            Value::Text(_) => self.kind == "TEXT" || self.kind.is_empty(),
            Value::Blob(_) => self.kind == "BLOB",
            Value::Real(_) => false,
        }
    }
}

/// The tables of a file's pages, as its trees tell them.
#[derive(Default)]
pub(super) struct Trees {
    /// The table of a page.
    pub(super) tables: HashMap<u32, String>,
    /// Pages of indexes and of the schema.
    pub(super) others: HashSet<u32>,
}

/// Follows the trees that the schema names, as far as they can be read.
pub(super) fn follow(pages: &Pages) -> Trees {
    let mut trees = Trees::default();
    let mut roots = Vec::new();
    let mut waiting = vec![1];
    while let Some(number) = waiting.pop() {
        if !trees.others.insert(number) {
            continue;
        }
        match pages.page(number) {
            Some(Page::Table(below)) => waiting.extend(below),
            Some(Page::Rows(rows)) => roots.extend(rows.into_iter().filter_map(root)),
            _ => {}
        }
    }
    for (name, root) in roots {
        let mut waiting = vec![root];
        while let Some(number) = waiting.pop() {
            if trees.tables.contains_key(&number) || name.is_none() && !trees.others.insert(number) {
                continue;
            }
            if let Some(name) = &name {
                trees.tables.insert(number, name.clone());
            }
            if let Some(Page::Table(below) | Page::Index(_, below)) = pages.page(number) {
                waiting.extend(below);
            }
        }
    }
    trees
}

/// Reads a row of the schema: the table's name, `None` for an index, and the first page.
fn root(row: Row) -> Option<(Option<String>, u32)> {
    let [Value::Text(kind), Value::Text(name), _, Value::Integer(page), ..] = &row.values[..] else {
        return None;
    };
    let page = u32::try_from(*page).ok().filter(|page| *page > 1)?;
    match kind.as_str() {
        "table" => Some((Some(name.clone()), page)),
        "index" => Some((None, page)),
        _ => None,
    }
}
