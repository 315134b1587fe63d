//! Reports of ten years, as whole processes.

use std::process::Command;
use std::time::Duration;

use anyhow::{Result, ensure};
use rusqlite::Connection;
use serde_json::Value;

use super::{Bench, SCAN};
use crate::clock;
use crate::sample::Sample;
use crate::table::{Reach, Table, Unit};

/// Measures a report of everything after an edit that invalidates all of it, then one from stored sums, and one of the
/// week.
pub fn measure(bench: &Bench, table: &mut Table) -> Result<()> {
    let home = bench.decade()?;
    let report = |arguments: &[&str]| -> Result<Duration> {
        let mut command = Command::new(&bench.host.path);
        command.env("KEEPTAB_HOME", home.path()).args(["report", "--json"]);
        let begun = clock::now();
        let output = command.args(arguments).output()?;
        let taken = clock::now() - begun;
        let report: Value = serde_json::from_slice(&output.stdout)?;
        ensure!(report["totalSeconds"].as_i64() > Some(3600), "the report is empty");
        Ok(taken)
    };
    let [mut anew, mut all, mut week, mut scan] = [const { Sample::new() }; 4];
    for _ in 0..bench.rounds {
        let connection = Connection::open(home.database())?;
        connection.execute("DELETE FROM day_cache", [])?;
        let begun = clock::now();
        connection.query_row(SCAN, [], |_| Ok(()))?;
        scan.add_time(clock::now() - begun);
        drop(connection);
        anew.add_time(report(&["--all", "--by", "client"])?);
        all.add_time(report(&["--all", "--by", "client"])?);
        week.add_time(report(&[])?);
    }
    let (ms, peer) = (Unit::Milliseconds, Some(("one scan of the table", &scan)));
    let anew_reach = Reach::AtMost(1000.0);
    table.row(
        "`report --all --by client`, nothing computed before",
        ms,
        &anew,
        peer,
        anew_reach,
    )?;
    table.row("the same from kept days", ms, &all, peer, Reach::AtMost(30.0))?;
    table.row("`report` of the week", ms, &week, peer, Reach::AtMost(4.0))
}
