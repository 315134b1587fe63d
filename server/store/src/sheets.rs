//! Timesheets as written.

use anyhow::{Context as _, Result};
use keeptab_core::calendar::Week;
use keeptab_core::instant::Instant;
use keeptab_core::timesheet::{Revision, Sheet, Stamp, parse};
use rusqlite::OptionalExtension as _;

use super::{Store, immediate};

/// The most texts of a week to keep; the one in an editor is among the newest.
const KEPT: u32 = 200;

/// A timesheet as written.
#[derive(Clone, Debug)]
pub struct Written {
    /// The sheet, exact to the millisecond.
    pub sheet: Sheet,
    /// The text as the user saw it.
    pub text: String,
    /// The user's edited text, if it was applied.
    pub applied: Option<String>,
}

impl Store {
    /// Stores a timesheet under the next revision; `print` makes its text.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn write_sheet(
        &mut self,
        mut sheet: Sheet,
        print: impl FnOnce(&Sheet) -> String,
        now: Instant,
    ) -> Result<Written> {
        let transaction = immediate(&mut self.connection)?;
        let week = sheet.week.to_string();
        let sql = "INSERT INTO sheet (week, sheet, text, written_at) VALUES (?1, '', '', ?2)";
        transaction.execute(sql, (&week, now.millis()))?;
        let revision = transaction.last_insert_rowid();
        sheet.revision = Revision(u64::try_from(revision)?);
        let text = print(&sheet);
        let sql = "UPDATE sheet SET sheet = ?2, text = ?3 WHERE revision = ?1";
        transaction.execute(sql, (revision, serde_json::to_string(&sheet)?, &text))?;
        let sql = "DELETE FROM sheet WHERE week = ?1 AND revision <= (
                       SELECT revision FROM sheet WHERE week = ?1 ORDER BY revision DESC LIMIT 1 OFFSET ?2)";
        transaction.execute(sql, (&week, KEPT))?;
        transaction.commit()?;
        Ok(Written {
            sheet,
            text,
            applied: None,
        })
    }

    /// Returns the timesheet that was written with a stamp. Stamps of earlier versions have no hash.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn written(&self, stamp: Stamp) -> Result<Option<Written>> {
        let Ok(revision) = i64::try_from(stamp.revision.0) else {
            return Ok(None);
        };
        let written = self.one_sheet("SELECT sheet, text, applied FROM sheet WHERE revision = ?1", [revision])?;
        Ok(written.filter(|written| parse(&written.text).stamp() == Some(stamp)))
    }

    /// Returns the newest timesheet of a week.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn newest_sheet(&self, week: Week) -> Result<Option<Written>> {
        let sql = "SELECT sheet, text, applied FROM sheet WHERE week = ?1 ORDER BY revision DESC LIMIT 1";
        self.one_sheet(sql, [week.to_string()])
    }

    /// Returns the texts of a week's timesheets that were applied, the oldest first: as written, and as the user saved them.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn applied_sheets(&self, week: Week) -> Result<Vec<(String, String)>> {
        let sql = "SELECT text, applied FROM sheet WHERE week = ?1 AND applied IS NOT NULL ORDER BY revision";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([week.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn one_sheet(&self, sql: &str, of: impl rusqlite::Params) -> Result<Option<Written>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let row = statement.query_row(of, |row| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?)));
        let Some((sheet, text, applied)) = row.optional()? else {
            return Ok(None);
        };
        Ok(Some(Written {
            sheet: serde_json::from_str(&sheet).context("a written timesheet cannot be read")?,
            text,
            applied,
        }))
    }

    /// Stores the user's text of a timesheet, once it is applied.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn sheet_applied(&mut self, revision: Revision, text: &str) -> Result<()> {
        let sql = "UPDATE sheet SET applied = ?2 WHERE revision = ?1";
        self.connection.execute(sql, (i64::try_from(revision.0)?, text))?;
        Ok(())
    }
}
