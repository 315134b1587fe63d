//! Reports and the status over 100,000 imported sessions, beside the tools that people would use instead.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use tempfile::TempDir;

use super::import::bring;
use super::{Bench, status};
use crate::clock::Evening;
use crate::home::Home;
use crate::process::{Spent, run};
use crate::sample::Sample;
use crate::sessions::Sessions;
use crate::table::{Reach, Table, Unit};

/// Sessions of ten years.
const SESSIONS: usize = 100_000;

/// A question to keeptab, and the same question to each of the others, as far as they can be asked.
struct Question {
    what: &'static str,
    keeptab: &'static [&'static str],
    bartib: Option<&'static [&'static str]>,
    timewarrior: Option<&'static [&'static str]>,
    hledger: Option<&'static [&'static str]>,
    watson: Option<&'static [&'static str]>,
    /// The limit in milliseconds.
    most: f64,
}

/// The least that has to be read if no sums are stored.
const SCAN: &str = "SELECT count(*), sum(start_at), sum(length) FROM entry";

const HEAD: [&str; 7] = [
    "`keeptab report`",
    "keeptab: min · **median** · max",
    "of the processor",
    "peer",
    "of the processor",
    "times ahead",
    "reach",
];

const QUESTIONS: [Question; 6] = [
    Question {
        what: "everything by client",
        keeptab: &["--all", "--by", "client"],
        bartib: Some(&["report"]),
        timewarrior: None,
        hledger: Some(&["balance", "--depth", "1"]),
        watson: None,
        most: 11.0,
    },
    Question {
        what: "everything by project",
        keeptab: &["--all", "--by", "project"],
        bartib: Some(&["report"]),
        timewarrior: None,
        hledger: Some(&["balance"]),
        watson: Some(&["report", "--all", "--no-pager"]),
        most: 11.0,
    },
    Question {
        what: "everything by day",
        keeptab: &["--all", "--by", "day"],
        bartib: None,
        timewarrior: Some(&["summary", "2000-01-01", "-", "tomorrow"]),
        hledger: Some(&["balance", "--daily", "--output-format", "csv"]),
        watson: None,
        most: 100.0,
    },
    Question {
        what: "everything by week",
        keeptab: &["--all", "--by", "week"],
        bartib: None,
        timewarrior: None,
        hledger: Some(&["balance", "--weekly", "--output-format", "csv"]),
        watson: None,
        most: 100.0,
    },
    Question {
        what: "everything by month",
        keeptab: &["--all", "--by", "month"],
        bartib: None,
        timewarrior: None,
        hledger: Some(&["balance", "--monthly", "--output-format", "csv"]),
        watson: None,
        most: 100.0,
    },
    Question {
        what: "this week",
        keeptab: &[],
        bartib: Some(&["report", "--current_week"]),
        timewarrior: Some(&["summary", ":week"]),
        hledger: Some(&["balance", "--period", "thisweek"]),
        watson: Some(&["report", "--week", "--no-pager"]),
        most: 4.0,
    },
];

/// Sessions in the forms of all tools, and keeptab's home with them.
pub struct Imported {
    folder: TempDir,
    zone: String,
    home: Home,
}

impl Imported {
    /// Makes the sessions and imports them.
    pub(super) fn make(bench: &Bench) -> Result<Self> {
        let evening = Evening::now();
        let sessions = Sessions::make(SESSIONS, evening);
        let folder = tempfile::tempdir()?;
        let path = |name: &str| folder.path().join(name);
        sessions.toggl(&path("toggl.csv"))?;
        sessions.bartib(&path("activities.bartib"))?;
        sessions.timeclock(&path("work.timeclock"))?;
        sessions.timewarrior(&path("timewarrior"))?;
        sessions.watson(&path("watson"))?;
        let home = Home::settled(&bench.host)?;
        bring(bench, &home, &path("toggl.csv"), SESSIONS)?;
        let mut command = Command::new(&bench.host.path);
        command.env("KEEPTAB_HOME", home.path());
        let output = command.args(["report", "--all", "--json"]).output()?;
        let report: Value = serde_json::from_slice(&output.stdout)?;
        let total = report["totalSeconds"].as_i64();
        ensure!(
            total == Some(sessions.seconds()),
            "keeptab counts {total:?} seconds of {}",
            sessions.seconds()
        );
        Ok(Self {
            zone: sessions.zone(),
            folder,
            home,
        })
    }

    fn command(&self, program: &Path, words: &[&str]) -> Command {
        let mut command = Command::new(program);
        // The others know the zone of the system alone.
        command.env("TZ", &self.zone).args(words);
        command
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// The time of several runs of one program.
#[derive(Default)]
struct Runs {
    wall: Sample,
    processor: Sample,
}

impl Runs {
    fn add(&mut self, spent: &Spent) {
        self.wall.add_time(spent.wall);
        self.processor.add_time(spent.processor);
    }
}

/// Measures each question, in turns, as whole processes.
pub fn measure(bench: &Bench, table: &mut Table) -> Result<()> {
    let imported = bench.imported()?;
    for question in &QUESTIONS {
        let peers = peers(bench, imported, question);
        let mut ours = Runs::default();
        let mut theirs: Vec<Runs> = peers.iter().map(|_| Runs::default()).collect();
        for round in 0..bench.rounds {
            for (runs, (name, command)) in theirs.iter_mut().zip(&peers) {
                // Some take seconds.
                if round < 2 || runs.wall.median() < 1000.0 {
                    runs.add(&run(&mut command()).with_context(|| (*name).to_owned())?);
                }
                ours.add(&keeptab(bench, imported, question.keeptab)?);
            }
        }
        for ((name, _), theirs) in peers.iter().zip(&theirs) {
            beside(
                table,
                question.what,
                &ours,
                (name, theirs),
                Reach::AtMost(question.most),
            )?;
        }
    }
    first(bench, imported, table)?;
    status::of_home(bench, table, &imported.home, ("100,000 unbilled entries", SCAN))
}

/// Measures the first report after an import, when nothing is computed yet.
fn first(bench: &Bench, imported: &Imported, table: &mut Table) -> Result<()> {
    let [mut ours, mut theirs] = [Runs::default(), Runs::default()];
    let question = &QUESTIONS[0];
    let peers = peers(bench, imported, question);
    let Some((name, command)) = peers.first() else {
        return Ok(());
    };
    for _ in 0..bench.rounds {
        let connection = rusqlite::Connection::open(imported.home.database())?;
        connection.execute("DELETE FROM entry_month", [])?;
        drop(connection);
        ours.add(&keeptab(bench, imported, question.keeptab)?);
        theirs.add(&run(&mut command())?);
    }
    let what = format!("{}, the first time after an import", question.what);
    beside(table, &what, &ours, (name, &theirs), Reach::None)
}

fn beside(table: &mut Table, what: &str, ours: &Runs, (name, theirs): (&str, &Runs), reach: Reach) -> Result<()> {
    let ms = Unit::Milliseconds;
    let ahead = theirs.wall.median() / ours.wall.median();
    let cells = [
        what,
        &ms.show(&ours.wall),
        &ms.show(&ours.processor),
        &format!("{name} {}", ms.show(&theirs.wall)),
        &ms.show(&theirs.processor),
        &Unit::Times.one(ahead),
        &reach.held(ms, &ours.wall, None),
    ];
    table.line(&HEAD, &cells)
}

fn keeptab(bench: &Bench, imported: &Imported, words: &[&str]) -> Result<Spent> {
    let mut command = Command::new(&bench.host.path);
    run(command
        .env("KEEPTAB_HOME", imported.home.path())
        .arg("report")
        .args(words))
}

type Asked<'a> = (&'static str, Box<dyn Fn() -> Command + 'a>);

/// Returns the programs that can be asked a question, with the command of each.
fn peers<'a>(bench: &'a Bench, imported: &'a Imported, question: &'a Question) -> Vec<Asked<'a>> {
    let mut peers: Vec<Asked<'a>> = Vec::new();
    if let (Some(program), Some(words)) = (&bench.peers.bartib, question.bartib) {
        peers.push((
            "bartib",
            Box::new(move || {
                let mut command = imported.command(program, words);
                command.env("BARTIB_FILE", imported.path("activities.bartib"));
                command
            }),
        ));
    }
    if let (Some(program), Some(words)) = (&bench.peers.timewarrior, question.timewarrior) {
        peers.push((
            "Timewarrior",
            Box::new(move || {
                let mut command = imported.command(program, words);
                command.env("TIMEWARRIORDB", imported.path("timewarrior"));
                command
            }),
        ));
    }
    if let (Some(program), Some(words)) = (&bench.peers.hledger, question.hledger) {
        peers.push((
            "hledger",
            Box::new(move || {
                let mut command = imported.command(program, words);
                command.env("LEDGER_FILE", imported.path("work.timeclock"));
                command
            }),
        ));
    }
    if let (Some(program), Some(words)) = (&bench.peers.watson, question.watson) {
        peers.push((
            "Watson",
            Box::new(move || {
                let mut command = imported.command(program, words);
                command.env("WATSON_DIR", imported.path("watson"));
                command
            }),
        ));
    }
    peers
}
