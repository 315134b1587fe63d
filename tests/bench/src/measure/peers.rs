//! History in the formats of tools that read such files themselves: their time, and keeptab's.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::Bench;
use super::import::{bring, toggl};
use crate::clock;
use crate::home::Home;
use crate::sample::Sample;
use crate::table::{Reach, Table, Unit};

/// Intervals per file: forty a day.
const ROWS: usize = 100_000;

/// Rules for hledger to read the table of Toggl Track.
const RULES: &str = "
skip 1
fields user, email, client, project, task, description, billable, date, start, enddate, endtime, duration, tags, money
date-format %Y-%m-%d
account1 %client:%project
account2 income
amount1 %money
currency EUR
";

/// Programs to compare with; a tool that is not given is left out.
#[derive(Debug, clap::Args)]
pub struct Peers {
    /// bartib, for reports
    #[arg(long, value_name = "PROGRAM")]
    pub(super) bartib: Option<PathBuf>,
    /// Watson, to merge frames and for reports
    #[arg(long, value_name = "PROGRAM")]
    pub(super) watson: Option<PathBuf>,
    /// Timewarrior, for reports; 1.8 or later also imports
    #[arg(long, value_name = "PROGRAM")]
    pub(super) timewarrior: Option<PathBuf>,
    /// hledger, to read a timeclock file and for reports
    #[arg(long, value_name = "PROGRAM")]
    pub(super) hledger: Option<PathBuf>,
}

/// Measures keeptab and each of the tools with the same file, as whole processes and in turns.
pub fn measure(bench: &Bench, table: &mut Table) -> Result<()> {
    let Peers {
        watson,
        timewarrior,
        hledger,
        ..
    } = &bench.peers;
    if let Some(program) = watson {
        let what = "100,000 of Watson's frames imported";
        beside(
            bench,
            table,
            (what, "watson merge"),
            ("frames", &frames()?),
            |file, home| {
                let mut command = Command::new(program);
                command.env("WATSON_DIR", home).args(["merge", "--force"]).arg(file);
                command
            },
        )?;
    }
    if let Some(program) = timewarrior.as_ref().filter(|program| imports(program)) {
        let what = "100,000 of Timewarrior's intervals imported";
        let export = ("export.json", &*exported()?);
        beside(bench, table, (what, "timew import"), export, |file, home| {
            let mut command = Command::new(program);
            command.env("TIMEWARRIORDB", home).args([":yes", "import"]).arg(file);
            command
        })?;
    }
    if let Some(program) = hledger {
        let folder = tempfile::tempdir()?;
        let rules = folder.path().join("toggl.rules");
        std::fs::write(&rules, RULES)?;
        let table_of_toggl = ("toggl.csv", &*toggl(ROWS)?);
        let what = ("100,000 rows of a table imported", "hledger reading it by rules");
        beside(bench, table, what, table_of_toggl, |file, _| {
            let mut command = Command::new(program);
            command.arg("-f").arg(file).arg("--rules-file").arg(&rules).arg("stats");
            command
        })?;
        let what = "100,000 of a timeclock's intervals imported";
        let file = ("work.timeclock", &*timeclock()?);
        beside(bench, table, (what, "hledger reading it"), file, |file, _| {
            let mut command = Command::new(program);
            command.arg("-f").arg(file).arg("stats");
            command
        })?;
    }
    Ok(())
}

/// Returns true if a Timewarrior has the command `import`, which came with 1.8.
fn imports(timewarrior: &Path) -> bool {
    let output = Command::new(timewarrior).arg("--version").output();
    let version = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let version = version.unwrap_or_default();
    let mut numbers = version
        .trim()
        .split('.')
        .map(|number| number.parse::<u32>().unwrap_or_default());
    (numbers.next(), numbers.next()) >= (Some(1), Some(8))
}

fn beside(
    bench: &Bench,
    table: &mut Table,
    (what, peer): (&str, &str),
    (name, text): (&str, &str),
    other: impl Fn(&Path, &Path) -> Command,
) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join(name);
    std::fs::write(&file, text)?;
    let [mut ours, mut theirs] = [const { Sample::new() }; 2];
    for round in 0..bench.rounds {
        let home = Home::settled(&bench.host)?;
        ours.add_time(bring(bench, &home, &file, ROWS)?);
        let its_home = folder.path().join(format!("home-{round}"));
        std::fs::create_dir(&its_home)?;
        theirs.add_time(run(&mut other(&file, &its_home))?);
    }
    table.row(what, Unit::Milliseconds, &ours, Some((peer, &theirs)), Reach::None)
}

/// Runs a program to its end, and returns the time it took. A program that only reads must print that it found
/// everything.
fn run(command: &mut Command) -> Result<Duration> {
    let begun = clock::now();
    let output = command
        .output()
        .with_context(|| format!("cannot run {}", command.get_program().display()))?;
    let taken = clock::now() - begun;
    let told = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{}: {told}", command.get_program().display());
    let only_reads = command.get_args().any(|argument| argument == "stats");
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(
        !only_reads || said.contains(&format!(": {ROWS} ")),
        "not all was read: {said}"
    );
    Ok(taken)
}

/// Returns the start, the end and the project of each interval.
fn intervals() -> impl Iterator<Item = (DateTime<Utc>, DateTime<Utc>, usize)> {
    let first = DateTime::UNIX_EPOCH + TimeDelta::days(16_071) + TimeDelta::hours(8);
    (0_i32..).take(ROWS).zip((0..37).cycle()).map(move |(nth, project)| {
        let begin = first + TimeDelta::days((nth / 40).into()) + TimeDelta::minutes((nth % 40 * 15).into());
        (begin, begin + TimeDelta::seconds(630), project)
    })
}

fn frames() -> Result<String> {
    let frame = |(id, (begin, end, project)): (u128, (DateTime<Utc>, DateTime<Utc>, usize))| {
        let (begin, end) = (begin.timestamp(), end.timestamp());
        // As random as the ids of Watson.
        let id = format!("{:032x}", id.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835));
        json!([
            begin,
            end,
            format!("client-{}-project-{project}", project % 8),
            id,
            ["dev"],
            end
        ])
    };
    let frames: Vec<Value> = (1..).zip(intervals()).map(frame).collect();
    Ok(serde_json::to_string(&frames)?)
}

fn exported() -> Result<String> {
    let mut text = String::from("[\n");
    let mut number = ROWS;
    for (begin, end, project) in intervals() {
        let at = |at: DateTime<Utc>| at.format("%Y%m%dT%H%M%SZ").to_string();
        let tags = [format!("Client {}", project % 8), format!("Project {project}")];
        let interval = json!({
            "id": number, "start": at(begin), "end": at(end), "tags": tags,
            "annotation": format!("Change {number}, reviewed"),
        });
        number -= 1;
        writeln!(text, "{interval}{}", if number == 0 { "" } else { "," })?;
    }
    text.push_str("]\n");
    Ok(text)
}

fn timeclock() -> Result<String> {
    let mut text = String::new();
    for (nth, (begin, end, project)) in intervals().enumerate() {
        let at = |at: DateTime<Utc>| at.format("%Y-%m-%d %H:%M:%S").to_string();
        let account = format!("client-{}:project-{project}", project % 8);
        writeln!(text, "i {} {account}  Change {nth}, reviewed\no {}", at(begin), at(end))?;
    }
    Ok(text)
}
