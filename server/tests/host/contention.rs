//! Several programs bill at once: no number is used twice, none is left out, no time is billed twice.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::thread;

use serde_json::Value;

use crate::harness::{Home, Trace};

const PROCESSES: usize = 4;
const ATTEMPTS: usize = 10;
/// A quarter of an hour: two decimals of an hour, so that quantities add up exactly.
const PIECE: i64 = 900;
/// Billing needs today's config, and a date that does not change at midnight.
const DATE: [&str; 2] = ["--date", "2025-12-31"];

/// Returns the seconds that all invoices bill, from their printed quantities.
fn printed_seconds(invoices: &Value) -> i64 {
    let quantity = |line: &Value| {
        line["quantity"]
            .as_str()
            .expect("a quantity")
            .replace('.', "")
            .parse::<i64>()
    };
    let lines = invoices
        .as_array()
        .expect("a list")
        .iter()
        .flat_map(|invoice| invoice["lines"].as_array().expect("lines"));
    // In hundredths of an hour.
    lines.map(|line| quantity(line).expect("a number") * 36).sum()
}

/// Checks that all tracked time is billed once, under numbers without a gap.
#[track_caller]
fn check_books(home: &Home, tracked: i64, issued: usize) {
    let invoices = home.cli(["invoice", "list"]).json();
    let number = |invoice: &Value| invoice["number"].as_str().expect("a number").to_owned();
    let numbers: Vec<String> = invoices.as_array().expect("a list").iter().map(number).collect();
    let expected: Vec<String> = (1..=issued).map(|counter| format!("JDS-202512-{counter:04}")).collect();
    assert_eq!(numbers, expected);
    assert_eq!(printed_seconds(&invoices), tracked);
    let row = &home.cli(["report", "--all"]).json()["rows"][0];
    assert_eq!(
        (&row["seconds"], &row["invoicedSeconds"]),
        (&tracked.into(), &tracked.into())
    );
}

/// Runs `each` in all processes at once, and returns the number of their invoices.
fn at_once(home: &Home, each: impl Fn(&Home, usize) -> usize + Sync) -> usize {
    thread::scope(|scope| {
        let each = &each;
        let threads: Vec<_> = (0..PROCESSES)
            .map(|process| scope.spawn(move || each(home, process)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("a process"))
            .sum()
    })
}

/// Tries to issue; returns true if it did. Losing the race is not a failure, anything else is.
#[track_caller]
fn try_to_issue(home: &Home, range: &[&str]) -> bool {
    let ran = home.cli(["invoice", "issue", "acme"]).args(DATE).args(range).run();
    let lost = ["there is nothing to bill", "some of this time is billed already"];
    assert!(
        ran.code == Some(0) || lost.iter().any(|words| ran.stderr.contains(words)),
        "{ran:?}"
    );
    ran.code == Some(0)
}

#[test]
fn each_bills_a_day_of_its_own() {
    let home = Home::jane();
    let day = |trace: Trace, day: usize| {
        let start = i64::try_from(day).expect("a day") * 86_400;
        trace.work("/work/acme/api/a.rs", start..=start + PIECE)
    };
    let days = PROCESSES * ATTEMPTS;
    home.plugin("test").record(&(0..days).fold(Trace::new(), day));
    let issued = at_once(&home, |home, process| {
        let mine = (0..ATTEMPTS).map(|attempt| {
            // MONDAY is 3 March.
            let day = 3 + attempt * PROCESSES + process;
            let date = if day > 31 {
                format!("2025-04-{:02}", day - 31)
            } else {
                format!("2025-03-{day:02}")
            };
            assert!(try_to_issue(home, &["--from", &date]), "{date} is nobody else's");
            1
        });
        mine.sum()
    });
    assert_eq!(issued, days);
    check_books(&home, PIECE * i64::try_from(days).expect("a number"), days);
}

#[test]
fn all_bill_the_same_time_while_it_grows() {
    let home = Home::jane();
    let issued = at_once(&home, |home, process| {
        let mut host = home.plugin(&format!("editor-{process}"));
        let attempts = (0..ATTEMPTS).filter(|attempt| {
            let piece = i64::try_from(attempt * PROCESSES + process).expect("a number");
            // An hour apart, so that each piece stands alone.
            let seq = u64::try_from(attempt * 100).expect("a number");
            host.record(&Trace::after(seq).work("/work/acme/api/a.rs", piece * 3_600..=piece * 3_600 + PIECE));
            try_to_issue(home, &[])
        });
        attempts.count()
    });
    // Bill the time that was recorded while the last ones billed.
    let last = usize::from(try_to_issue(&home, &[]));
    assert!(issued >= 2, "there was no contention");
    check_books(
        &home,
        PIECE * i64::try_from(PROCESSES * ATTEMPTS).expect("a number"),
        issued + last,
    );
}

#[test]
fn one_draft_is_issued_once() {
    let home = Home::jane();
    home.plugin("test")
        .record(&Trace::new().work("/work/acme/api/a.rs", 0..=PIECE));
    let draft = home.cli(["invoice", "draft", "acme"]).json()["draft"].to_string();
    let issued = at_once(&home, |home, _| {
        let ran = home.cli(["invoice", "issue", &draft]).args(DATE).run();
        assert!(ran.code == Some(0) || ran.stderr.contains("hint: "), "{ran:?}");
        usize::from(ran.code == Some(0))
    });
    assert_eq!(issued, 1);
    check_books(&home, PIECE, 1);
}

#[test]
fn two_drafts_never_hold_the_same_time() {
    const DAYS: usize = 12;
    let home = Home::jane();
    let day = |trace: Trace, day: i64| trace.work("/work/acme/api/a.rs", day * 86_400..=day * 86_400 + PIECE);
    home.plugin("test").record(&(0..12).fold(Trace::new(), day));
    let drafted = Mutex::new(BTreeSet::new());
    at_once(&home, |home, _| {
        // All race for each day in turn; a late one fails, or continues with the draft of that day.
        for day in 3..3 + DAYS {
            let from = format!("2025-03-{day:02}");
            let words = ["--json", "invoice", "draft", "acme", "--from", &from];
            let ran = home.cli(words).run();
            assert!(ran.code == Some(0) || ran.stdout.contains("\"hint\": "), "{ran:?}");
            if ran.code == Some(0) {
                let draft: Value = serde_json::from_str(&ran.stdout).expect("a draft");
                drafted
                    .lock()
                    .expect("drafts")
                    .insert((day, draft["draft"].to_string()));
            }
        }
        0
    });
    assert_eq!(drafted.lock().expect("drafts").len(), DAYS);
    let drafts = home.cli(["invoice", "list"]).json();
    assert_eq!(drafts.as_array().expect("a list").len(), DAYS);
    assert_eq!(printed_seconds(&drafts), PIECE * i64::try_from(DAYS).expect("a number"));
}
