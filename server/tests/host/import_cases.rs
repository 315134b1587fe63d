//! Files of other tools, each with the time it brings. A file stands for its kind.

use std::path::Path;

use serde_json::{Value, json};

use crate::harness::Home;

/// A business alone, without clients and projects.
pub(super) const BUSINESS: &str = r#"[business]
name = "Test Ltd"
org = "TST"
address = ["Weg 1"]
postcode = "10115"
city = "Berlin"
country = "DE"
vat_id = "DE123456789"
currency = "EUR"
iban = "DE75512108001245126199"
time_zone = "Europe/Berlin"
tax = { category = "S", rate = "19" }
"#;

/// The result of a file.
enum Gives {
    /// Time by project, `-` for none, and fields of the answer.
    Time(&'static [(&'static str, &'static str)], Value),
    /// An exit code, and words of the message.
    Error(i32, &'static [&'static str]),
}

use Gives::{Error, Time};

/// A file, the options, and the result.
type Case = (&'static str, &'static [&'static str], Gives);

#[expect(clippy::too_many_lines, reason = "it is a table")]
fn cases() -> Vec<Case> {
    let usual = || json!({});
    vec![
        (
            "kimai-decimal.csv",
            &[],
            Time(&[("acme/net", "3:50:00")], json!({ "flaggedRows": 0 })),
        ),
        (
            "toggl-duration-formats.csv",
            &[],
            Time(
                &[("kunde-a/shop", "5:37:32")],
                json!({ "flaggedRows": 0, "refusedRows": 0 }),
            ),
        ),
        (
            "tc-crossed.timeclock",
            &[],
            Time(&[("session1", "3:00:00"), ("session2", "7:00:00")], usual()),
        ),
        ("tc-comments.timeclock", &[], Time(&[("acme/site", "2:00:00")], usual())),
        (
            "tc-comment-on-i.timeclock",
            &[],
            Time(&[("acme/site", "1:00:00")], usual()),
        ),
        (
            "names-merge.csv",
            &[],
            Time(
                &[
                    ("acme/c", "1:00:00"),
                    ("acme/c-2", "2:00:00"),
                    ("acme/c-3", "4:00:00"),
                    ("a-b/web", "1:00:00"),
                    ("a-b-2/web", "2:00:00"),
                    ("株式会社田中/ウェブ", "1:00:00"),
                    ("株式会社山田/ウェブ", "1:00:00"),
                    ("unnamed/unnamed", "1:00:00"),
                    ("unnamed-2/unnamed", "1:00:00"),
                ],
                usual(),
            ),
        ),
        (
            "rates-differ.csv",
            &[],
            Time(
                &[("acme/site", "30:00:00")],
                json!({ "projects": [{ "fileAmount": "2350.00", "amount": "2350.00" }] }),
            ),
        ),
        (
            "kimai-it.csv",
            &[],
            Time(&[("acme/net", "3:45:00")], json!({ "billedElsewhereSeconds": 5400 })),
        ),
        (
            "kimai-nl.csv",
            &[],
            Time(&[("acme/net", "3:45:00")], json!({ "billedElsewhereSeconds": 5400 })),
        ),
        (
            "clockify-types.csv",
            &[],
            Time(
                &[("acme/site", "1:00:00")],
                json!({ "leftOut": [
                    { "what": "Break", "rows": 1 },
                    { "what": "Holiday", "rows": 1 },
                    { "what": "Time off", "rows": 1 },
                ] }),
            ),
        ),
        (
            "map-seconds.csv",
            &["--map", "date=Date,duration=Seconds,project=Project"],
            Error(2, &["seconds=Seconds"]),
        ),
        (
            "map-seconds.csv",
            &["--map", "date=Date,seconds=Seconds,project=Project"],
            Time(&[("api", "1:30:00")], usual()),
        ),
        (
            "watson-log.json",
            &[],
            Time(&[("hubble", "3:08:26")], json!({ "refusedRows": 0 })),
        ),
        (
            "timew-tags.json",
            &["--project-tag", "acme"],
            Time(&[("acme", "2:00:00")], usual()),
        ),
        ("timew-tags.json", &[], Error(2, &["--project-tag"])),
        ("wakatime-daily.json", &[], Time(&[("api", "2:00:00")], usual())),
        (
            "map-rates.csv",
            &["--map", "date=Date,client=Client,project=Project,hours=Hours,rate=Rate"],
            Time(
                &[
                    ("acme/site", "1:30:00"),
                    ("acme/site2", "1:30:00"),
                    ("acme/site3", "1:30:00"),
                    ("acme/site4", "1:30:00"),
                ],
                json!({ "flaggedRows": 0, "projects": [
                    { "rate": "100", "currency": "USD" },
                    { "rate": "95", "currency": "EUR" },
                    { "rate": "80", "currency": "EUR" },
                    { "rate": "1250" },
                ] }),
            ),
        ),
        (
            "map-lengths.csv",
            &["--map", "date=Date,project=Project,duration=Dur", "--long-days"],
            Time(&[("a", "74:15:00")], json!({ "refusedRows": 0 })),
        ),
        (
            "map-dates.csv",
            &["--map", "date=Date,project=Project,hours=Hours"],
            Time(
                &[("a", "11:00:00")],
                json!({ "refusedRows": 1, "from": "2024-03-14", "to": "2024-03-14" }),
            ),
        ),
        (
            "own-future-version.json",
            &[],
            Error(1, &["version 99", "newer keeptab"]),
        ),
        (
            "folder",
            &[],
            Time(
                &[("acme/web", "2:45:00")],
                json!({ "skipped": [{ "file": "broken.zip" }, { "file": "notes.csv" }] }),
            ),
        ),
        ("header-escape.csv", &[], Error(2, &["its columns are"])),
        (
            "kimai-more-than-a-day.csv",
            &[],
            Time(&[("acme/net", "35:36:00")], json!({ "running": 1 })),
        ),
        ("blank-user.csv", &[], Time(&[("acme/web", "2:00:00")], usual())),
        (
            "excel-title-lines.csv",
            &["--map", "date=Datum,start=Von,end=Bis,hours=Stunden,note=Beschreibung"],
            Time(&[("-", "2:30:00")], json!({ "refusedRows": 0 })),
        ),
        ("everhour.csv", &[], Time(&[("acme/site", "2:15:00")], usual())),
        (
            "day.bartib",
            &[],
            Time(
                &[("acme-site", "1:30:00"), ("garden", "0:30:00")],
                json!({ "running": 1 }),
            ),
        ),
        (
            "timelog.txt",
            &[],
            Time(
                &[("acme-site", "2:45:00"), ("garden", "0:30:00")],
                json!({ "leftOut": [{ "what": "slack", "rows": 1 }], "refusedRows": 0 }),
            ),
        ),
        (
            "week.timedot",
            &[],
            Time(
                &[("acme/site", "3:00:00"), ("garden", "1:15:00")],
                json!({ "refusedRows": 0 }),
            ),
        ),
        (
            "notes.org",
            &[],
            Time(
                &[("acme-site", "1:30:00"), ("garden", "0:20:00")],
                json!({ "running": 1, "first": [
                    "line 5: Mon 4 Mar 2024  09:00:00-10:30:00 Europe/Berlin  1:30:00  acme-site  Review #client",
                    "line 9: Mon 4 Mar 2024  11:00:00-11:20:00 Europe/Berlin  0:20:00  garden",
                ] }),
            ),
        ),
        (
            "calendar.ics",
            &[],
            Time(
                &[("-", "2:15:00")],
                json!({ "leftOut": [
                    { "what": "cancelled events", "rows": 1 },
                    { "what": "events that repeat", "rows": 1 },
                    { "what": "whole days", "rows": 1 },
                ], "first": [
                    "line 3: Mon 4 Mar 2024  09:00:00-10:30:00 Europe/Berlin  1:30:00  ?  Call with Acme, long title #acme",
                    "line 15: Tue 5 Mar 2024  09:00:00-09:45:00 Europe/Berlin  0:45:00  ?  Review",
                ] }),
            ),
        ),
        (
            "outlook.ics",
            &[],
            Time(
                &[("-", "2:30:00")],
                json!({ "refusedRows": 0, "first": [
                    "line 20: Mon 4 Mar 2024  08:00:00-09:30:00 Europe/Berlin  1:30:00  ?  Winter call",
                    "line 26: Thu 4 Jul 2024  08:00:00-09:00:00 Europe/Berlin  1:00:00  ?  Summer call",
                ] }),
            ),
        ),
        (
            "report.org",
            &[],
            Time(
                &[("acme-site", "4:15:00"), ("garden", "0:20:00")],
                json!({ "refusedRows": 0, "new": { "entries": 5 } }),
            ),
        ),
        (
            "map-days.csv",
            &["--map", "start=\"Start, local\",duration=Spent,project=Project"],
            Time(
                &[("site", "35:00:00")],
                json!({ "refusedRows": 0, "flaggedRows": 1, "first": [
                    "line 2: Fri 2 Oct 2026  09:00:00-10:30:00 Europe/Berlin  1:30:00  site",
                    "line 3: Fri 2 Oct 2026  11:00:00-12:30:00 Europe/Berlin  1:30:00  site",
                    "line 4: Sat 3 Oct 2026  no clock times  8:00:00  site",
                ] }),
            ),
        ),
        (
            "jira-worklogs.json",
            &[],
            Time(&[("acme", "9:30:00")], json!({ "refusedRows": 0 })),
        ),
        (
            "tempo-worklogs.json",
            &[],
            Time(&[("acme", "1:00:00")], json!({ "refusedRows": 0 })),
        ),
        (
            "tempo.csv",
            &[],
            Time(&[("acme-ltd/site", "1:45:00")], json!({ "refusedRows": 0 })),
        ),
        (
            "clickup.csv",
            &[],
            Time(&[("acme/site", "1:30:00")], json!({ "flaggedRows": 0 })),
        ),
        (
            "hamster.tsv",
            &[],
            Time(&[("acme", "1:30:00")], json!({ "flaggedRows": 0 })),
        ),
        (
            "2024-03.data",
            &["--project-tag", "acme"],
            Time(&[("acme", "2:15:00")], json!({ "running": 1, "refusedRows": 0 })),
        ),
        (
            "book.xlsx",
            &[],
            Time(
                &[("acme/site", "7:30:00")],
                json!({ "refusedRows": 0, "flaggedRows": 0, "files": [{ "source": "clockify", "sheet": "Entries" }],
                    "leftOut": [{ "what": "Total", "rows": 1 }] }),
            ),
        ),
        ("book.xlsx", &["--sheet", "Cover"], Error(1, &["Cover"])),
        (
            "book.xlsx",
            &["--sheet", "March"],
            Error(1, &["its sheets are Cover, Entries"]),
        ),
        ("damaged.xlsx", &[], Error(1, &["cannot read"])),
        (
            "toggl.zip",
            &[],
            Time(
                &[("acme/site", "3:00:00")],
                json!({ "files": [{ "file": "toggl.zip: time 2024.csv" }, { "file": "toggl.zip: 2025.csv" }],
                    "skipped": [{ "file": "toggl.zip: clients.json" }] }),
            ),
        ),
        (
            "solidtime.zip",
            &[],
            Time(
                &[("acme/site", "1:30:00")],
                json!({ "projects": [{ "rate": "95", "currency": "EUR" }] }),
            ),
        ),
        ("clients.zip", &[], Error(1, &["clients.json in ", "no file of a tool"])),
        (
            "tmetric.csv",
            &[],
            Time(
                &[("acme/site", "1:45:00")],
                json!({ "flaggedRows": 0, "projects": [{ "rate": "100", "currency": "EUR" }] }),
            ),
        ),
        (
            "timecamp.csv",
            &[],
            Time(&[("acme/site", "1:30:00")], json!({ "flaggedRows": 0 })),
        ),
        (
            "hubstaff.csv",
            &[],
            Time(&[("acme/site", "1:30:00")], json!({ "refusedRows": 0 })),
        ),
        (
            "freshbooks.csv",
            &[],
            Time(&[("acme/site", "1:30:00")], json!({ "refusedRows": 0 })),
        ),
        (
            "paymo.csv",
            &[],
            Time(&[("acme/site", "1:30:00")], json!({ "flaggedRows": 0 })),
        ),
        (
            "super-productivity.csv",
            &[],
            Time(&[("site", "1:30:00"), ("-", "0:45:00")], json!({ "refusedRows": 0 })),
        ),
        ("picture.csv", &[], Error(1, &["binary file", "export it as CSV"])),
    ]
}

/// Runs an import and returns its exit code, its answer and its error output.
pub(super) fn run(home: &Home, file: &Path, options: &[&str], how: &str) -> (i32, Value, String) {
    let file = file.to_str().expect("a path");
    let ran = home.cli([&["import", file], options, &[how, "--json"]].concat()).run();
    let answer = serde_json::from_str(&ran.stdout).unwrap_or(Value::Null);
    (ran.code.unwrap_or(-1), answer, ran.stderr + &ran.stdout)
}

/// A user with a business alone.
pub(super) fn newcomer() -> Home {
    let home = Home::empty();
    home.write_config(BUSINESS);
    home
}

fn hms(seconds: i64) -> String {
    format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// Returns the differences between the expected fields and an answer.
fn differs(expected: &Value, answer: &Value, place: &str) -> Vec<String> {
    match (expected, answer) {
        (Value::Object(expected), Value::Object(answer)) => expected
            .iter()
            .flat_map(|(key, value)| differs(value, answer.get(key).unwrap_or(&Value::Null), key))
            .collect(),
        (Value::Array(expected), Value::Array(answer)) if expected.len() == answer.len() => expected
            .iter()
            .zip(answer)
            .flat_map(|(expected, answer)| differs(expected, answer, place))
            .collect(),
        _ if expected == answer => Vec::new(),
        _ => vec![format!("{place} is {answer}, not {expected}")],
    }
}

/// Returns the time by project of an answer.
fn times(answer: &Value) -> Vec<(String, String)> {
    let part = |part: &Value| {
        let id = part["project"].as_str().unwrap_or("-").to_owned();
        (id, hms(part["seconds"].as_i64().unwrap_or(-1)))
    };
    let parts = answer["projects"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut times: Vec<_> = parts.iter().map(part).collect();
    times.sort();
    times
}

/// Returns the faults of one case.
fn faults((file, options, gives): &Case) -> Vec<String> {
    let home = newcomer();
    let path = super::import::fixture("").join("../import-cases").join(file);
    let (code, dry, said) = run(&home, &path, options, "--dry-run");
    let (expected, fields) = match gives {
        Error(expected, words) => {
            let mut faults: Vec<String> = words
                .iter()
                .filter(|word| !said.contains(**word))
                .map(|word| format!("does not say `{word}`: {said}"))
                .collect();
            if code != *expected {
                faults.push(format!("exit code {code}, not {expected}: {said}"));
            }
            if said.contains('\u{1b}') {
                faults.push("a raw escape".into());
            }
            return faults;
        }
        Time(expected, fields) => (expected, fields),
    };
    let mut expected: Vec<(String, String)> = expected
        .iter()
        .map(|(id, time)| ((*id).to_owned(), (*time).to_owned()))
        .collect();
    expected.sort();
    let mut faults = differs(fields, &dry, "");
    if times(&dry) != expected {
        let said: String = said.chars().filter(|_| times(&dry).is_empty()).collect();
        faults.push(format!("gives {:?}, not {expected:?}: {said}", times(&dry)));
        return faults;
    }
    // The import says the same, a second one brings nothing, and undo leaves no trace.
    let before = home.config();
    let (_, done, _) = run(&home, &path, options, "--yes");
    if times(&done) != expected {
        faults.push(format!("the import gives {:?}", times(&done)));
    }
    let (_, again, _) = run(&home, &path, options, "--yes");
    if !again["batch"].is_null() {
        faults.push(format!("twice is twice: {again}"));
    }
    let undone = home.cli(["import", "--undo"]).run();
    if undone.code != Some(0) {
        faults.push(format!("cannot be undone: {undone:?}"));
    }
    let left = home.cli(["report", "--all"]).json();
    if left["totalSeconds"] != 0 {
        faults.push(format!("undo leaves time: {left}"));
    }
    if home.config() != before {
        faults.push(format!("undo leaves in the config: {}", home.config()));
    }
    faults
}

#[test]
fn every_file_brings_the_time_it_says() {
    let mut wrong = Vec::new();
    for case in cases() {
        let faults = faults(&case);
        if !faults.is_empty() {
            wrong.push(format!("{} {:?}\n    {}", case.0, case.1, faults.join("\n    ")));
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}
