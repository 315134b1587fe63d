//! Eight programs issue at once and are killed at random: no number is left out or used twice, no time is billed twice,
//! nothing is lost.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::harness::{Home, Trace};

const PROCESSES: usize = 8;
/// Invoices per process.
const EACH: usize = 50;
/// The seconds that each bills: exactly 0.03 hours.
const PIECE: i64 = 108;

/// Returns the client of a process.
fn client(process: usize) -> String {
    format!("client{process}")
}

/// Jane with a client and a project for each process.
fn home() -> Home {
    let home = Home::jane();
    let mut config = home.config();
    for process in 0..PROCESSES {
        let client = client(process);
        let _ = write!(
            config,
            "\n[client.{client}]\nname = \"{client}\"\ncity = \"Bonn\"\ncountry = \"DE\"\n\
             [project.\"{client}/p\"]\nclient = \"{client}\"\nrate = \"100\"\npaths = [\"/work/{client}/**\"]\n"
        );
    }
    home.write_config(&config);
    home
}

/// One piece of work a day for each client, on as many days as there are invoices.
fn work() -> Trace {
    let mut trace = Trace::new();
    for day in 0..EACH {
        for process in 0..PROCESSES {
            let start = i64::try_from(day * 86_400 + process * 1_800).expect("seconds");
            trace = trace.work(&format!("/work/{}/a.rs", client(process)), start..=start + PIECE);
        }
    }
    trace
}

fn day(index: usize) -> String {
    let first = chrono::NaiveDate::from_ymd_opt(2025, 3, 3).expect("a day");
    (first + chrono::Days::new(u64::try_from(index).expect("a number"))).to_string()
}

/// Starts to issue an invoice and kills the program after a while, if it still runs.
fn issue_and_kill(home: &Home, client: &str, day: &str, after: Duration) {
    let mut program = home.program();
    program.args(["invoice", "issue", client, "--from", day, "--date", "2025-12-31"]);
    program.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = program.spawn().expect("a program");
    let (tell, told) = std::sync::mpsc::channel::<()>();
    // Nobody sends: the wait ends by its timeout, or is not needed.
    let _ = told.recv_timeout(after);
    drop(tell);
    let _ = child.kill();
    child.wait().expect("an end");
}

/// Issues an invoice; an invoice that a killed program issued before counts, too.
fn issue(home: &Home, client: &str, day: &str) {
    let ran = home
        .cli(["invoice", "issue", client, "--from", day, "--date", "2025-12-31"])
        .run();
    assert!(
        ran.code == Some(0) || ran.stderr.contains("there is nothing to bill"),
        "{ran:?}"
    );
}

#[test]
fn numbers_have_no_gap_and_no_time_is_lost_or_billed_twice() {
    let home = home();
    home.plugin("test").record(&work());
    thread::scope(|scope| {
        for process in 0..PROCESSES {
            let home = &home;
            scope.spawn(move || {
                let mut random = fastrand::Rng::with_seed(u64::try_from(process).expect("a number"));
                for index in 0..EACH {
                    let (client, day) = (client(process), day(index));
                    // Every fourth is killed at a random moment, and repeated by another program.
                    if random.u8(..4) == 0 {
                        issue_and_kill(home, &client, &day, Duration::from_millis(random.u64(1..150)));
                    }
                    issue(home, &client, &day);
                }
            });
        }
    });
    let invoices = home.cli(["invoice", "list"]).json();
    let invoices = invoices.as_array().expect("a list");
    let numbers: Vec<&str> = invoices
        .iter()
        .map(|invoice| invoice["number"].as_str().expect("a number"))
        .collect();
    let expected: Vec<String> = (1..=PROCESSES * EACH)
        .map(|counter| format!("JDS-202512-{counter:04}"))
        .collect();
    assert_eq!(numbers, expected);
    let mut by_client = BTreeMap::<&str, Vec<&Value>>::new();
    for invoice in invoices {
        assert_eq!(invoice["lines"][0]["quantity"], "0.03", "{invoice}");
        by_client
            .entry(invoice["client"].as_str().expect("a client"))
            .or_default()
            .push(&invoice["period"]["from"]);
    }
    for (client, mut days) in by_client {
        days.sort_by_key(std::string::ToString::to_string);
        days.dedup();
        assert_eq!(days.len(), EACH, "{client}");
    }
    let report = home.cli(["report", "--all"]).json();
    for row in report["rows"].as_array().expect("rows") {
        assert_eq!(
            (&row["seconds"], &row["invoicedSeconds"]),
            (&(PIECE * 50).into(), &(PIECE * 50).into())
        );
    }
    // Those that were killed before they had rendered lack a document; the first `verify` makes it.
    let checked = home.cli(["invoice", "verify"]).json();
    let made = checked["files"]["rendered"].as_array().expect("files").len();
    assert_eq!(
        (&checked["invoices"], &checked["problems"]),
        (&(PROCESSES * EACH).into(), &Value::Array(Vec::new()))
    );
    assert_eq!(checked["documents"], PROCESSES * EACH - made);
    let checked = home.cli(["invoice", "verify"]).json();
    assert_eq!(
        (&checked["documents"], &checked["files"]["intact"]),
        (&(PROCESSES * EACH).into(), &(PROCESSES * EACH).into())
    );
}
