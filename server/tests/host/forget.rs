//! Forgotten time leaves the database, its backups, and later restores.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::harness::{Home, PATIENCE, Trace, files_below, holds, monotonic};

const SECRET: &str = "/work/acme/api/hush";

/// An hour on each of three days in a folder to be forgotten, and an hour elsewhere; reviewed and backed up.
fn after_work() -> Home {
    let home = Home::jane();
    let day = |trace: Trace, day: i64| {
        let from = day * 86_400;
        let trace = trace.work(&format!("{SECRET}/{day}.rs"), from..=from + 3_600);
        trace.work("/work/acme/api/a.rs", from + 7_200..=from + 10_800)
    };
    home.plugin("test").record(&(0..3).fold(Trace::new(), day));
    home.cli(["review", "2025-W10"]).ok();
    home.cli(["backup"]).ok();
    home
}

fn forget(home: &Home, words: &[&str]) -> Value {
    home.cli([&["forget"], words].concat()).json()
}

fn issue(home: &Home, day: &str) -> String {
    let invoice = home
        .cli(["invoice", "issue", "acme", "--from", day, "--to", day])
        .json();
    invoice["number"].as_str().expect("a number").to_owned()
}

/// Returns the files of a home that contain a text, with backups unpacked.
fn holding(home: &Home, text: &str) -> Vec<PathBuf> {
    let mut found = holds(&home.folder(), text);
    for file in files_below(&home.folder().join("backups")) {
        let mut bytes = Vec::new();
        let packed = fs::File::open(&file).expect("a file");
        let is_packed = GzDecoder::new(packed).read_to_end(&mut bytes).is_ok();
        if is_packed && bytes.windows(text.len()).any(|window| window == text.as_bytes()) {
            found.push(file);
        }
    }
    found
}

fn seconds(home: &Home) -> i64 {
    home.cli(["report", "--all"]).json()["totalSeconds"]
        .as_i64()
        .expect("seconds")
}

fn checks(home: &Home) -> Vec<(String, bool)> {
    let ran = home.cli(["--json", "doctor"]).run();
    let checks: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let of = |check: &Value| {
        let what = check["what"].as_str().expect("a name").to_owned();
        (what, check["ok"].as_bool().expect("a truth"))
    };
    checks.as_array().expect("checks").iter().map(of).collect()
}

#[test]
fn a_folder_leaves_the_database_and_its_backups() {
    let home = after_work();
    let (events, time) = (home.events(), seconds(&home));
    assert!(holding(&home, "hush").len() > 1);
    let would = forget(&home, &[SECRET]);
    assert_eq!((&would["done"], &would["copies"]), (&false.into(), &Value::Null));
    assert_eq!(
        (&would["events"], &would["things"], &would["billed"]),
        (&183.into(), &3.into(), &0.into())
    );
    assert_eq!(
        (&would["first"], &would["last"]),
        (&"2025-03-03".into(), &"2025-03-05".into())
    );
    let moved = &would["moved"][0];
    assert_eq!(
        (&moved["project"], &moved["currency"]),
        (&"acme/api".into(), &"EUR".into())
    );
    assert_eq!((home.events(), seconds(&home)), (events, time));
    assert!(holding(&home, "hush").len() > 1);
    let done = forget(&home, &[SECRET, "--yes"]);
    for key in ["events", "things", "names", "first", "last", "moved", "billed"] {
        assert_eq!(done[key], would[key], "{key}");
    }
    assert_eq!(done["copies"]["written"].as_array().expect("files").len(), 1);
    assert_eq!(holding(&home, "hush"), Vec::<PathBuf>::new());
    assert_eq!(home.events(), events - 183);
    let moved = |key: &str| moved[key].as_i64().expect("seconds");
    assert_eq!(seconds(&home), time - (moved("secondsBefore") - moved("secondsAfter")));
    assert!(checks(&home).iter().all(|(_, ok)| *ok), "{:?}", checks(&home));
    // Work in the folder may go on, and only its past is forgotten.
    let trace = Trace::after(10_000).event(json!({ "kind": "edit", "uri": format!("file://{SECRET}/0.rs") }));
    home.plugin("test").record(&trace);
    assert_eq!(home.events(), events - 182);
}

#[test]
fn billed_time_stays_and_verifies() {
    let home = after_work();
    let number = issue(&home, "2025-03-03");
    home.cli(["add", "acme/api", "0:30", "--day", "2025-03-03", "--note", "call"])
        .ok();
    let noted = issue(&home, "2025-03-03");
    let before = home.cli(["invoice", "show", &number]).json();
    let done = forget(&home, &["--from", "2025-03-03", "--to", "2025-03-04", "--yes"]);
    // All of the first day is billed, with an entry.
    assert_eq!(
        (&done["billed"], &done["events"], &done["entries"]),
        (&123.into(), &122.into(), &0.into())
    );
    assert_eq!(home.cli(["invoice", "show", &number]).json(), before);
    let verified = home.cli(["invoice", "verify"]).json();
    assert_eq!(
        (&verified["problems"], &verified["invoices"]),
        (&json!([]), &2.into()),
        "{noted}"
    );
    assert_eq!(forget(&home, &["/work/acme/api", "--yes"])["events"], 122);
    let day = home.cli(["report", "--from", "2025-03-03"]).json();
    let billed = home.cli(["invoice", "show", &number]).json();
    assert_eq!(day["rows"].as_array().expect("rows").len(), 1, "{billed}");
    assert_eq!(home.cli(["invoice", "verify"]).json()["problems"], json!([]));
}

#[test]
fn days_are_forgotten_with_entries_and_corrections() {
    let home = after_work();
    for (day, note) in [("2025-03-04", "hush hush"), ("2025-03-06", "loud")] {
        home.cli(["add", "acme/api", "1:00", "--day", day, "--note", note]).ok();
    }
    home.cli([
        "add",
        "globex/web",
        "1:00",
        "--day",
        "2025-03-04",
        "--at",
        "20:00",
        "--note",
        "hush",
    ])
    .ok();
    home.cli(["backup"]).ok();
    let done = forget(&home, &["--from", "2025-03-04", "--yes"]);
    assert_eq!(
        (&done["events"], &done["entries"], &done["billed"]),
        (&122.into(), &2.into(), &0.into())
    );
    assert_eq!(holding(&home, "hush hush"), Vec::<PathBuf>::new());
    let day = home.cli(["report", "--from", "2025-03-04"]).json();
    assert_eq!(day["totalSeconds"], 0);
    let later = home.cli(["report", "--from", "2025-03-06"]).json();
    assert_eq!(later["totalSeconds"], 3_600);
    // Nothing of it can be undone, and the rest can be exported.
    home.cli(["export"]).ok();
    assert!(checks(&home).iter().all(|(_, ok)| *ok));
}

#[test]
fn all_time_has_all_entries_and_sheets() {
    let home = after_work();
    home.cli(["add", "acme/api", "1:00", "--day", "2025-03-06", "--note", "hush hush"])
        .ok();
    home.cli([
        "add",
        "acme/api",
        "1:00",
        "--day",
        "2025-06-02",
        "--at",
        "09:00",
        "--note",
        "hush hush",
    ])
    .ok();
    // A week in which nothing but an entry lies.
    home.cli(["review", "2025-W23"]).ok();
    let done = forget(&home, &["--all", "--yes"]);
    assert_eq!(
        (&done["entries"], &done["billed"], &done["edited"]),
        (&2.into(), &0.into(), &json!([]))
    );
    assert_eq!(home.events(), 0);
    assert_eq!(holding(&home, "hush"), Vec::<PathBuf>::new());
}

#[test]
fn pages_and_globs_and_aliases_are_forgotten() {
    let home = Home::jane();
    let mut trace = Trace::new();
    for (at, uri) in [
        (0, "https://git.example/acme/hush/pulls/1"),
        (60, "https://git.example/acme/loud"),
        (120, "file:///work/acme/api/x/hush.key"),
        (180, "file:///work/acme/api/x/y/hush.key"),
        (240, "file:///work/acme/api/x/y/loud.rs"),
    ] {
        let at = crate::harness::MONDAY + at * 1000;
        let kind = if uri.starts_with("https") { "visit" } else { "edit" };
        trace = trace.event(json!({ "at": at, "kind": kind, "uri": uri }));
    }
    home.plugin("test").record(&trace);
    assert_eq!(forget(&home, &["https://git.example/acme/hush/"])["events"], 1);
    assert_eq!(forget(&home, &["https://git.example/acme/hus"])["events"], 0);
    assert_eq!(forget(&home, &["https://git.example/acme/hush", "--yes"])["events"], 1);
    assert_eq!(forget(&home, &["**/*.key", "--yes"])["events"], 2);
    assert_eq!(holding(&home, "hush"), Vec::<PathBuf>::new());
    assert_eq!(home.events(), 2);
    home.cli(["forget"]).fails(1);
    home.cli(["forget", "--ignored", "/work"]).fails(2);
}

#[test]
fn a_root_that_no_rule_names_leaves_no_trace() {
    let home = Home::jane();
    let mut host = home.plugin("test");
    let root = "file:///home/jane/hush";
    let names = json!({ "root": root, "real": "file:///mnt/hush", "repository": "file:///mnt/hush" });
    host.notify("keeptab/roots", &json!({ "roots": [names] }));
    let mut trace = Trace::new();
    for at in 0..20 {
        let at = crate::harness::MONDAY + at * 60_000;
        trace = trace.event(json!({ "at": at, "kind": "edit", "uri": format!("{root}/a.rs"), "root": root }));
        trace = trace.event(json!({ "at": at + 1, "kind": "navigate", "root": root }));
    }
    host.record(&trace);
    home.cli(["review", "2025-W10"]).ok();
    // Also by its other name.
    assert_eq!(forget(&home, &["/mnt/hush"])["events"], 40);
    assert_eq!(forget(&home, &["/home/jane/hush", "--yes"])["events"], 40);
    assert_eq!(forget(&home, &["/mnt/hush", "--yes"])["events"], 0);
    home.cli(["review", "2025-W10"]).ok();
    host.close();
    host.ended();
    let logs = home.folder().join("logs");
    let left: Vec<PathBuf> = holding(&home, "hush")
        .into_iter()
        .filter(|file| !file.starts_with(&logs))
        .collect();
    assert_eq!(left, Vec::<PathBuf>::new());
}

#[test]
fn a_backup_from_before_forgets_again_when_it_is_restored() {
    let home = after_work();
    let file = home.user().join("own.db.gz");
    let file = file.to_str().expect("a path");
    home.cli(["backup", file]).ok();
    let number = issue(&home, "2025-03-03");
    forget(&home, &[SECRET, "--yes"]);
    let events = home.events();
    home.cli(["restore", file, "--yes"]).ok();
    // All that the invoice bills is there, unchanged.
    assert_eq!(home.events(), events);
    assert_eq!(home.cli(["invoice", "verify", &number]).json()["problems"], json!([]));
    assert_eq!(forget(&home, &[SECRET])["events"], 0);
}

#[test]
fn an_import_brings_nothing_back_that_was_forgotten() {
    let home = after_work();
    let folder = home.user().join("export");
    home.cli(["export", folder.to_str().expect("a path")]).ok();
    let file = folder.join("keeptab.json");
    let file = file.to_str().expect("a path");
    forget(&home, &[SECRET, "--yes"]);
    let events = home.events();
    home.cli(["import", file, "--yes"]).ok();
    assert_eq!(home.events(), events);
    // Another home never forgot it.
    let other = Home::jane();
    other.cli(["import", file, "--yes"]).ok();
    assert!(other.events() > events);
}

#[test]
fn a_copy_that_cannot_be_written_anew_is_named_until_it_is_gone() {
    let home = after_work();
    let bad = home.folder().join("keeptab.removed-2025-03-03.db");
    fs::write(&bad, "hush").expect("a file");
    // A backup of the year before, truncated by a full disk.
    let cut = home.folder().join("backups/keeptab-2024-12-31.db.gz");
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(b"SQLite format 3\0").expect("bytes");
    fs::write(&cut, encoder.finish().expect("bytes")).expect("a file");
    let done = forget(&home, &[SECRET, "--yes"]);
    let failed = |done: &Value| -> Vec<PathBuf> {
        let failed = done["copies"]["failed"].as_array().expect("files").iter();
        failed
            .map(|failed| Path::new(failed["file"].as_str().expect("a path")).to_owned())
            .collect()
    };
    assert_eq!(failed(&done), [bad.clone(), cut.clone()]);
    assert_eq!(done["unfinished"].as_array().expect("instants").len(), 1);
    assert!(checks(&home).contains(&("forgotten".into(), false)));
    for file in [bad, cut] {
        fs::remove_file(file).expect("a file");
    }
    let done = forget(&home, &["--yes"]);
    assert_eq!((failed(&done), &done["unfinished"]), (vec![], &json!([])));
    assert!(checks(&home).iter().all(|(_, ok)| *ok));
}

#[test]
fn a_new_ignore_rule_offers_to_forget_and_every_host_goes_on() {
    let home = after_work();
    let mut other = home.plugin("other");
    let mut host = home.plugin("editor");
    // Both have the old config.
    host.said();
    other.said();
    let config = home
        .config()
        .replace("ignore = [", "ignore = [\"/work/acme/api/hu*/**\", ");
    home.write_config(&config);
    // One of the hosts puts it in force, and that one makes the offer.
    let offer = |said: &[Value]| said.iter().find(|said| said["method"] == "keeptab/offer").cloned();
    let until = monotonic() + PATIENCE;
    let offered = loop {
        if let Some(offered) = offer(host.said()).or_else(|| offer(other.said())) {
            break offered;
        }
        assert!(monotonic() < until, "nothing was offered");
    };
    assert_eq!(offered["params"]["command"], "keeptab.forget");
    assert_eq!(offered["params"]["words"], json!(["--ignored"]));
    let asked = host.execute("keeptab.forget", &["--ignored"]).expect("no answer yet");
    assert_eq!(asked, Value::Null);
    let pick = host.answer("keeptab/pick", |_| json!("yes"));
    assert!(pick["items"].as_array().is_some_and(|items| items.len() == 2));
    host.wait_for("keeptab/told", |_| true);
    assert_eq!(holding(&home, "hush"), Vec::<PathBuf>::new());
    let events = home.events();
    let trace = |seq| Trace::after(seq).event(json!({ "kind": "edit", "uri": "file:///work/acme/api/a.rs" }));
    host.record(&trace(20_000));
    other.record(&trace(30_000));
    assert_eq!(home.events(), events + 2);
    host.expect_no_error();
    other.expect_no_error();
}
