//! A backup is restored without losing invoices issued since.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::harness::{Home, Trace};

/// An hour for Acme on each of three days.
fn after_work() -> Home {
    let home = Home::jane();
    let day = |trace: Trace, day: i64| trace.work("/work/acme/api/a.rs", day * 86_400..=day * 86_400 + 3_600);
    home.plugin("test").record(&(0..3).fold(Trace::new(), day));
    home
}

/// Bills one of the days and returns the invoice's number.
fn issue(home: &Home, day: &str) -> String {
    let words = ["invoice", "issue", "acme", "--from", day, "--to", day];
    let invoice = home.cli(words).json();
    invoice["number"].as_str().expect("a number").to_owned()
}

fn counter(number: &str) -> &str {
    number.rsplit('-').next().expect("a counter")
}

fn backed_up(home: &Home) -> PathBuf {
    let file = home.user().join("own.db.gz");
    home.cli(["backup", file.to_str().expect("a path")]).ok();
    file
}

fn restore(home: &Home, file: &Path, options: &[&str]) -> Value {
    home.cli([&["restore", file.to_str().expect("a path")], options].concat())
        .json()
}

/// Issues two invoices and pays the first. The second also bills an entry that the backup lacks.
fn issue_two(home: &Home) -> [String; 2] {
    let first = issue(home, "2025-03-03");
    home.cli(["add", "acme/api", "0:30", "--day", "2025-03-04", "--note", "call"])
        .ok();
    let second = issue(home, "2025-03-04");
    home.cli(["invoice", "pay", &first]).ok();
    [first, second]
}

#[test]
fn invoices_since_the_backup_are_carried_over_and_their_numbers_stay_taken() {
    let home = after_work();
    let file = backed_up(&home);
    let numbers = issue_two(&home);
    let before = home.cli(["invoice", "verify"]).json();
    let list = home.cli(["invoice", "list"]).json();
    let events = home.events();
    home.plugin("later")
        .record(&Trace::new().work("/work/acme/api/b.rs", 300_000..=303_600));
    // First it only reports what it would do.
    let dry = restore(&home, &file, &[]);
    assert_eq!((&dry["done"], &dry["kept"]), (&false.into(), &Value::Null));
    assert_eq!(dry["carried"]["invoices"], json!(numbers));
    assert!(home.events() > events);
    let done = restore(&home, &file, &["--yes"]);
    assert_eq!((&done["done"], &done["carried"]), (&true.into(), &dry["carried"]));
    assert_eq!(done["carried"]["payments"], 1);
    assert_eq!(home.events(), events);
    // Both are there, unchanged, and the recorded head is still in the chain.
    assert_eq!(home.cli(["invoice", "list"]).json(), list);
    let head = before["chain"]["head"].as_str().expect("a head");
    let verified = home.cli(["invoice", "verify", "--head", head]).json();
    assert_eq!((&verified["problems"], &verified["invoices"]), (&json!([]), &2.into()));
    assert_eq!(verified["chain"]["noted"], before["chain"]["links"]);
    assert_eq!(verified["files"]["intact"], before["files"]["intact"]);
    // No time is billed again, and the next number is the third.
    let third = issue(&home, "2025-03-05");
    assert_eq!((counter(&numbers[1]), counter(&third)), ("0002", "0003"));
    home.cli(["invoice", "issue", "acme"]).fails(1);
    // The replaced file is a whole database.
    let kept = Home::jane();
    fs::copy(done["kept"].as_str().expect("a path"), kept.database()).expect("a database");
    assert!(kept.events() > events);
    assert_eq!(kept.cli(["invoice", "verify"]).json()["problems"], json!([]));
}

#[test]
fn numbers_of_documents_are_taken_where_the_database_cannot_be_read() {
    let home = after_work();
    let file = backed_up(&home);
    let numbers = issue_two(&home);
    for end in ["-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{end}", home.database().display()));
    }
    let noise: Vec<u8> = (0..100_000_u32)
        .map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()[3])
        .collect();
    fs::write(home.database(), &noise).expect("a file");
    let done = restore(&home, &file, &["--yes"]);
    assert_eq!(done["taken"], json!(numbers));
    assert_eq!(done["present"], Value::Null);
    assert_eq!(fs::read(done["kept"].as_str().expect("a path")).expect("a file"), noise);
    assert_eq!(counter(&issue(&home, "2025-03-05")), "0003");
    // The first two are missing, and are reported.
    let verified = home.cli(["invoice", "verify"]).fails_with_json(1);
    assert_eq!(verified["problems"].as_array().expect("problems").len(), 2);
}

#[test]
fn no_number_is_given_twice_wherever_the_database_is_damaged() {
    let home = after_work();
    let file = backed_up(&home);
    let numbers = issue_two(&home);
    let good = fs::read(home.database()).expect("a database");
    let pages = good.len() / 4_096;
    let mut carried = 0;
    for page in (0..pages).step_by(pages / 4) {
        for end in ["-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{end}", home.database().display()));
        }
        let mut bytes = good.clone();
        bytes[page * 4_096..][..4_096].fill(0xa5);
        fs::write(home.database(), bytes).expect("a file");
        let done = restore(&home, &file, &["--yes"]);
        assert!(done["unreadable"].is_string(), "page {page}: {done}");
        carried += done["carried"]["invoices"].as_array().expect("numbers").len();
        let third = issue(&home, "2025-03-05");
        assert_eq!(counter(&third), "0003", "page {page}: {done}");
        let document = home.folder().join("invoices").join(format!("{third}.pdf"));
        fs::remove_file(document).expect("a document");
    }
    assert!(carried > numbers.len(), "nothing was carried over from what was left");
}

#[test]
fn an_editor_restores_over_its_own_damaged_database() {
    let home = after_work();
    let file = backed_up(&home);
    let numbers = issue_two(&home);
    let mut bytes = fs::read(home.database()).expect("a database");
    let end = bytes.len() / 4_096 * 4_096 - 4_096;
    bytes[end..].fill(0xa5);
    fs::write(home.database(), bytes).expect("a file");
    let mut host = home.plugin("test");
    let path = file.to_str().expect("a path");
    let done = host
        .execute("keeptab.restore", &[path, "--yes"])
        .expect("a restoration");
    assert_eq!(done["data"]["done"], true);
    assert!(done["data"]["unreadable"].is_string(), "{done}");
    let before = home.events();
    host.record(&Trace::after(1_000).work("/work/acme/api/c.rs", 400_000..=400_600));
    assert_eq!(home.events(), before + 11);
    let list = home.cli(["invoice", "list"]).json();
    let listed = list.as_array().expect("invoices").len();
    let taken = done["data"]["taken"].as_array().expect("numbers").len();
    assert_eq!(listed + taken, numbers.len());
}

#[test]
fn a_damaged_backup_is_refused_and_changes_nothing() {
    let home = after_work();
    let file = backed_up(&home);
    let number = issue(&home, "2025-03-03");
    let good = fs::read(&file).expect("a backup");
    let mut damaged = good.clone();
    let middle = damaged.len() / 2;
    damaged[middle..middle + 64].fill(0x55);
    for bytes in [
        &good[..good.len() / 2],
        &damaged,
        b"",
        b"SQLite format 3\0",
        b"something else",
    ] {
        let bad = home.user().join("bad.db.gz");
        fs::write(&bad, bytes).expect("a file");
        home.cli(["restore", bad.to_str().expect("a path"), "--yes"]).fails(1);
    }
    home.cli(["restore", home.database().to_str().expect("a path"), "--yes"])
        .fails(1);
    assert_eq!(home.cli(["invoice", "show", &number]).json()["number"], number);
    let left = fs::read_dir(home.folder()).expect("a folder").flatten();
    let left: Vec<_> = left.map(|entry| entry.file_name()).collect();
    let stray = |name: &&std::ffi::OsString| name.to_string_lossy().starts_with(".keeptab");
    assert_eq!(left.iter().find(stray), None);
}

#[test]
fn an_editor_restores_and_goes_on_as_another_device() {
    let home = after_work();
    let file = backed_up(&home);
    let mut host = home.plugin("test");
    let path = file.to_str().expect("a path");
    let done = host
        .execute("keeptab.restore", &[path, "--yes"])
        .expect("a restoration");
    assert_eq!(done["data"]["done"], true);
    let before = home.events();
    let trace = Trace::after(1_000).work("/work/acme/api/c.rs", 400_000..=400_600);
    host.record(&trace);
    assert_eq!(home.events(), before + 11);
    assert_eq!(devices(&home).len(), 2);
    // Another host and a command belong to the same device.
    home.plugin("other")
        .record(&Trace::new().work("/work/acme/api/d.rs", 500_000..=500_060));
    home.cli(["add", "acme/api", "0:10"]).ok();
    assert_eq!(devices(&home).len(), 2);
}

/// Returns the devices of all sources and entries.
fn devices(home: &Home) -> BTreeSet<String> {
    let export: Vec<Value> = serde_json::from_str(&home.cli(["export"]).ok()).expect("JSON");
    let records = export.iter().flat_map(|record| [&record["source"], &record["entry"]]);
    let devices = records.filter_map(|record| record["device"].as_str());
    devices.map(str::to_owned).collect()
}

#[test]
fn credit_that_was_used_since_the_backup_is_used_still() {
    let home = after_work();
    let file = backed_up(&home);
    let first = issue(&home, "2025-03-03");
    home.cli(["invoice", "pay", &first]).ok();
    home.cli(["invoice", "cancel", &first]).ok();
    let second = issue(&home, "2025-03-04");
    let list = home.cli(["invoice", "list"]).json();
    let used = home.cli(["invoice", "show", &first]).json();
    assert_eq!(used["payments"][1]["usedBy"], json!(second));
    restore(&home, &file, &["--yes"]);
    assert_eq!(home.cli(["invoice", "list"]).json(), list);
    let verified = home.cli(["invoice", "verify"]).json();
    assert_eq!(verified["problems"], json!([]));
}
