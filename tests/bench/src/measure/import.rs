//! Import of another tool's history, as a whole process.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, ensure};
use rusqlite::{Connection, params};
use serde_json::{Value, json};

use super::Bench;
use crate::clock;
use crate::editor::Editor;
use crate::home::Home;
use crate::sample::Sample;
use crate::table::{Reach, Table, Unit};

/// Rows of the file: forty a day for ten years.
const ROWS: usize = 100_000;
/// Rows of 250 MB.
const HUGE: usize = 1_850_000;

/// Measures the import of a table into a home without history, then of the same table again, beside `SQLite` inserting
/// the same rows in one transaction.
pub fn measure(bench: &Bench, table: &mut Table) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("toggl.csv");
    std::fs::write(&file, toggl(ROWS)?)?;
    let [mut first, mut again, mut floor] = [const { Sample::new() }; 3];
    for round in 0..bench.rounds {
        let home = Home::settled(&bench.host)?;
        for (sample, new) in [(&mut first, ROWS), (&mut again, 0)] {
            sample.add_time(bring(bench, &home, &file, new)?);
        }
        let begun = clock::now();
        insert(&folder.path().join(format!("floor-{round}.db")))?;
        floor.add_time(clock::now() - begun);
    }
    let (ms, peer) = (Unit::Milliseconds, Some(("SQLite inserting the rows", &floor)));
    table.row(
        "import of 100,000 rows, whole process",
        ms,
        &first,
        peer,
        Reach::AtMost(1000.0),
    )?;
    table.row("the same file again", ms, &again, peer, Reach::None)
}

/// Returns the parts of a row: its day, the minute at which it begins, and its project.
fn row(nth: usize) -> (String, usize, usize) {
    let day = nth / 40;
    let date = format!("{:04}-{:02}-{:02}", 2014 + day / 336, day / 28 % 12 + 1, day % 28 + 1);
    (date, nth % 40 * 15 + 480, nth % 37)
}

/// Imports a file with the given number of new entries, and returns the time of the process.
pub(super) fn bring(bench: &Bench, home: &Home, file: &Path, new: usize) -> Result<Duration> {
    let mut command = Command::new(&bench.host.path);
    command
        .env("KEEPTAB_HOME", home.path())
        .arg("import")
        .arg(file)
        .args(["--yes", "--json"]);
    let begun = clock::now();
    let output = command.output()?;
    let taken = clock::now() - begun;
    let view: Value = serde_json::from_slice(&output.stdout)?;
    ensure!(view["new"]["entries"].as_u64() == Some(new as u64), "{view}");
    Ok(taken)
}

/// Measures the import of 250 MB in a host, and its memory.
pub fn huge(bench: &Bench, table: &mut Table) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("toggl.csv");
    std::fs::write(&file, toggl(HUGE)?)?;
    let [mut taken, mut memory] = [const { Sample::new() }; 2];
    for _ in 0..bench.rounds {
        let home = Home::settled(&bench.host)?;
        let mut editor = Editor::start(&bench.host, home.path())?;
        editor.open("import")?;
        let question = json!({ "command": "keeptab.import", "arguments": [&file, "--yes"] });
        let begun = clock::now();
        let (answer, at) = editor.request("workspace/executeCommand", &question)?;
        taken.add_time(at - begun);
        let new = answer["data"]["new"]["entries"].as_u64();
        ensure!(new == Some(HUGE as u64), "{answer}");
        memory.add(editor.process().megabytes("VmHWM")?);
        editor.end()?;
    }
    let what = "import of 250 MB, 1,850,000 rows, in a host";
    table.row(what, Unit::Milliseconds, &taken, None, Reach::None)?;
    let most = Reach::AtMost(50.0);
    table.row("peak memory of that host", Unit::Megabytes, &memory, None, most)
}

/// Returns a table of Toggl Track with the given number of rows.
pub(super) fn toggl(rows: usize) -> Result<String> {
    let mut text = String::from(
        "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags,Amount (EUR)\n",
    );
    for nth in 0..rows {
        let (date, minute, project) = row(nth);
        let (hour, minute) = (minute / 60, minute % 60);
        writeln!(
            text,
            "Jane Doe,jane@doe.example,Client {},Project {project},,\"Change {nth}, reviewed\",Yes,{date},{hour:02}:{minute:02}:00,{date},{hour:02}:{:02}:30,00:10:30,dev,16.63",
            project % 8,
            minute + 10,
        )?;
    }
    Ok(text)
}

/// Writes rows like the host's, with the same indices.
fn insert(path: &Path) -> Result<()> {
    let mut connection = Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
         CREATE TABLE entry (
             id INTEGER PRIMARY KEY, person INTEGER NOT NULL, batch INTEGER, fingerprint TEXT UNIQUE, project TEXT,
             day TEXT NOT NULL, start_at INTEGER, end_at INTEGER, length INTEGER NOT NULL, note TEXT,
             billable INTEGER NOT NULL, billed_elsewhere INTEGER NOT NULL
         ) STRICT;
         CREATE INDEX entry_day ON entry (day);
         CREATE INDEX entry_batch ON entry (batch);",
    )?;
    let transaction = connection.transaction()?;
    {
        let sql =
            "INSERT INTO entry (person, batch, fingerprint, project, day, start_at, end_at, length, note, billable,
                       billed_elsewhere) VALUES (1, 1, ?1, ?2, ?3, ?4, ?5, 630000, ?6, 1, 0)";
        let mut statement = transaction.prepare(sql)?;
        for nth in 0..ROWS {
            let (date, minute, project) = row(nth);
            // As random as a hash.
            let fingerprint = format!(
                "{:024x}",
                (nth as u128 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060)
            );
            let at = i64::try_from(nth * 900_000 + minute)?;
            let names = (
                format!("client-{}/project-{project}", project % 8),
                format!("Change {nth}, reviewed"),
            );
            statement.execute(params![fingerprint, names.0, date, at, at + 630_000, names.1])?;
        }
    }
    transaction.commit()?;
    Ok(())
}
