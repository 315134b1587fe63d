//! The damage of a file, however much of it is damaged.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};
use rusqlite::{Connection, Error, ErrorCode};

use keeptab_core::plain::counted;

use super::{Store, brief, chain, open, sums};

/// The most lines to report per check.
const MOST: usize = 20;

/// A damage of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The check that found it: `pages`, `references`, `days` or `chain`.
    pub check: &'static str,
    /// The faults that it found.
    pub says: String,
}

/// One check: a line for each thing that it finds.
type Look = fn(&Connection) -> Result<Vec<String>>;

/// Examines all of the file that can be read, and returns the damage. A failed check does not prevent the others.
#[must_use]
pub fn examine(path: &Path) -> Vec<Damage> {
    let connection = match open::connect(path).and_then(|connection| open::check(&connection).map(|()| connection)) {
        Ok(connection) => connection,
        Err(error) => {
            return vec![Damage {
                check: "pages",
                says: brief(&error),
            }];
        }
    };
    let mut found = Vec::new();
    let checks: [(&'static str, Look); 4] = [
        ("pages", pages),
        ("references", references),
        ("days", days),
        ("chain", links),
    ];
    for (check, look) in checks {
        let lines = look(&connection).unwrap_or_else(|error| vec![brief(&error)]);
        // Other checks break off at the same place.
        let is_new = |says: &String| !found.iter().any(|damage: &Damage| damage.says == *says);
        let lines: Vec<String> = lines.into_iter().filter(is_new).collect();
        found.extend(lines.into_iter().map(|says| Damage { check, says }));
    }
    found
}

fn pages(connection: &Connection) -> Result<Vec<String>> {
    let mut statement = connection.prepare(&format!("PRAGMA integrity_check({MOST})"))?;
    let mut rows = statement.query([])?;
    let mut lines = Vec::new();
    loop {
        // Findings from before the failure are reported too.
        match rows.next() {
            Ok(Some(row)) => lines.push(row.get(0)?),
            Ok(None) => break,
            Err(error) => {
                lines.push(error.to_string());
                break;
            }
        }
    }
    lines.retain(|line: &String| line != "ok");
    Ok(lines)
}

fn references(connection: &Connection) -> Result<Vec<String>> {
    let mut statement = connection.prepare("PRAGMA foreign_key_check")?;
    let mut rows = statement.query([])?;
    let mut counts = BTreeMap::<(String, String), usize>::new();
    while let Some(row) = rows.next()? {
        *counts.entry((row.get(0)?, row.get(2)?)).or_default() += 1;
    }
    let line = |((from, to), count)| format!("{} of {from} refer to missing rows of {to}", counted(count, "row"));
    Ok(counts.into_iter().map(line).collect())
}

fn days(connection: &Connection) -> Result<Vec<String>> {
    let wrong = sums::wrong_days(connection)?;
    let line = |day: &super::UtcDay| {
        let day = day.span().start().to_rfc3339();
        let day = day.split('T').next().unwrap_or_default();
        format!("the events of {day} (UTC) are not those that were written")
    };
    let mut lines: Vec<String> = wrong.iter().take(MOST).map(line).collect();
    if wrong.len() > MOST {
        lines.push(format!("and those of {} more days", wrong.len() - MOST));
    }
    Ok(lines)
}

fn links(connection: &Connection) -> Result<Vec<String>> {
    let faults = chain::audit(connection)?.faults.len();
    let line =
        format!("{faults} records of invoices are not as they were written\nhint: `keeptab invoice verify` names them");
    Ok((faults > 0).then_some(line).into_iter().collect())
}

impl Store {
    /// Refuses a file with damage that a short check finds; the check takes at most the given time.
    ///
    /// # Errors
    ///
    /// If the file is damaged.
    pub fn refuse_damage(&self, most: std::time::Duration) -> Result<()> {
        let handle = self.connection.get_interrupt_handle();
        let (done, over) = std::sync::mpsc::channel::<()>();
        let watch = std::thread::spawn(move || {
            if over.recv_timeout(most) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                handle.interrupt();
            }
        });
        let found = self
            .connection
            .query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
        drop(done);
        let _ = watch.join();
        match found {
            Ok(found) if found == "ok" => Ok(()),
            Err(Error::SqliteFailure(failure, _)) if failure.code == ErrorCode::OperationInterrupted => Ok(()),
            Ok(found) => Err(anyhow::anyhow!(found)).context(DAMAGED),
            Err(error) => Err(error).context(DAMAGED),
        }
    }
}

const DAMAGED: &str = "the database is damaged\nhint: `keeptab doctor` lists what is, and what to do";

#[cfg(test)]
mod tests;
