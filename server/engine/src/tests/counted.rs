//! The hot paths cost no more instructions, allocations, steps of `SQLite` and bytes than `costs.txt` says.
//!
//! Each path is a test that callgrind runs a second time and counts. Nothing here measures time: a busy machine counts the same.
//! A path fails with five per cent more instructions or bytes, one per cent more allocations, or one more step; write the new
//! number only with a reason.

mod callgrind;

use std::hint::black_box;

use callgrind::{check, tell};

use super::entries::Desk;
use super::*;

/// Minutes from the first Monday to the morning on which the paths are measured, two weeks later.
const TODAY: i64 = 14 * 24 * 60;

/// Returns a home with 300 imported entries in two months, and a morning of captured time.
fn desk() -> Desk {
    let mut desk = Desk::new();
    desk.now = TODAY + 12 * 60;
    let rows: Vec<(i64, i64, &str)> = (0..300).map(|nth| (TODAY - (nth + 1) * 100, 45, "work")).collect();
    let file = desk.table("rows.csv", &rows);
    desk.import(&file);
    desk.capture(TODAY, 240, "file:///w/web/a.rs");
    // The second of each only finds what the first computed.
    let now = at(desk.now);
    desk.engine.report(Some(Range::All), By::Client, now).unwrap();
    desk.engine.status(now).unwrap();
    desk
}

#[inline(never)]
fn counted_heartbeat(engine: &mut Engine, batches: &[Batch], now: Instant) {
    for batch in batches {
        black_box(engine.take(batch, now).unwrap());
    }
}

#[inline(never)]
fn counted_status(engine: &mut Engine, now: Instant) -> Status {
    engine.status(now).unwrap()
}

#[inline(never)]
fn counted_report(engine: &mut Engine, now: Instant) -> Report {
    engine.report(Some(Range::All), By::Client, now).unwrap()
}

#[inline(never)]
fn counted_opening(home: &Home, now: Instant) -> Engine {
    Engine::open(home.clone(), now).unwrap()
}

/// Ends the part that is counted.
#[inline(never)]
fn counted_end() {
    black_box(());
}

#[test]
fn heartbeats() {
    let mut desk = desk();
    let batch = |nth: i64| Batch {
        source: "vim".into(),
        events: vec![work(
            1_000 + u64::try_from(nth).unwrap(),
            at(desk.now + nth),
            "file:///w/web/a.rs",
        )],
    };
    let batches: Vec<Batch> = (0..20).map(batch).collect();
    let log = desk.path("keeptab.db-wal");
    let before = fs::metadata(&log).unwrap().len();
    let now = at(desk.now + 20);
    counted_heartbeat(&mut desk.engine, &batches, now);
    counted_end();
    tell(fs::metadata(&log).unwrap().len() - before);
    assert_eq!(desk.engine.status(now).unwrap().json()["project"], "web");
}

#[test]
fn the_status() {
    let mut desk = desk();
    let now = at(desk.now + 1);
    let status = counted_status(&mut desk.engine, now);
    counted_end();
    assert_eq!(status.json()["unbilled"][0]["currency"], "EUR");
}

#[test]
fn a_report() {
    let mut desk = desk();
    let now = at(desk.now + 1);
    let report = counted_report(&mut desk.engine, now);
    counted_end();
    assert_eq!(report.rows[0].client.as_deref(), Some("acme"));
}

#[test]
fn opening() {
    let desk = desk();
    let engine = counted_opening(desk.engine.home(), at(desk.now + 1));
    counted_end();
    assert!(engine.file_is_good());
}

#[test]
fn twenty_heartbeats_cost_what_is_written() {
    check("heartbeats");
}

#[test]
fn the_status_costs_what_is_written() {
    check("the_status");
}

#[test]
fn a_report_of_all_time_costs_what_is_written() {
    check("a_report");
}

#[test]
fn opening_the_engine_costs_what_is_written() {
    check("opening");
}
