//! Time away, and how it is counted.

use anyhow::Result;
use chrono::DateTime;
use keeptab_core::activity::{Cause, Seq};
use keeptab_core::correction::To;
use keeptab_core::instant::{Instant, Length};
use keeptab_core::rule::ProjectId;
use keeptab_core::timesheet::{Alteration, Revised};
use serde_json::{Value, json};

use super::glances::focus;
use super::{at, home, hour, open, record, report, work};
use crate::tests::Json;
use crate::{Activity, Done, Engine, LineChange, What};

#[test]
fn time_away_is_offered_for_an_hour_until_it_is_counted() {
    let folder = home();
    let mut engine = open(&folder);
    hour(&mut engine);
    let back = (0..=6).map(|index| work(20 + index, at(100 + i64::try_from(index).unwrap()), "/w/api/a.rs"));
    record(&mut engine, "vim", back.collect(), at(106));
    let away = |engine: &mut Engine, now| engine.ask(at(now), Engine::status).unwrap().json()["away"].clone();
    let gap = serde_json::json!({ "from": "10:00", "to": "10:40", "seconds": 2400, "attended": false });
    assert_eq!(away(&mut engine, 106), gap);
    assert_eq!(away(&mut engine, 160), gap);
    assert_eq!(away(&mut engine, 161), serde_json::Value::Null);
    let fill =
        |engine: &mut Engine, now| engine.fill(None, "10:00-10:40".parse().unwrap(), Some(&ProjectId::new("web")), now);
    engine.ask(at(106), fill).unwrap();
    assert_eq!(away(&mut engine, 106), serde_json::Value::Null);
}

fn time(text: &str) -> Instant {
    DateTime::parse_from_rfc3339(text).unwrap().into()
}

/// Edits at clock times, all in one file.
fn edits(times: &[&str], path: &str) -> Vec<Activity> {
    let edits = (1..).zip(times).map(|(seq, text)| work(seq, time(text), path));
    edits.collect()
}

fn run<T: Json>(engine: &mut Engine, call: impl FnOnce(&mut Engine, Instant) -> Result<T>, now: Instant) -> Value {
    engine.ask(now, call).unwrap().json()
}

fn fill(times: &str, project: Option<&str>) -> impl FnOnce(&mut Engine, Instant) -> Result<Done> {
    let (times, project) = (times.parse().unwrap(), project.map(ProjectId::new));
    move |engine: &mut Engine, now| engine.fill(None, times, project.as_ref(), now)
}

/// A key, signs of the window every minute for forty, and a key again; without those that `lacks` names.
fn attended(lacks: impl Fn(i64) -> bool) -> Vec<Activity> {
    let mut events = vec![work(1, at(0), "/w/api/a.rs"), work(2, at(1), "/w/api/a.rs")];
    let minutes = (2..=40).filter(|minute| !lacks(*minute));
    events.extend(minutes.map(|minute| focus(minute.unsigned_abs() + 1, at(minute), "/w/web/b.rs")));
    events.push(work(100, at(41), "/w/api/a.rs"));
    events.push(work(101, at(42), "/w/api/a.rs"));
    events
}

fn offered(events: Vec<Activity>) -> Value {
    let folder = home();
    let mut engine = open(&folder);
    record(&mut engine, "vscode", events, at(42));
    run(&mut engine, Engine::status, at(43))["away"].clone()
}

#[test]
fn a_gap_says_whether_a_window_was_in_front_all_the_while() {
    let gap = |attended: bool| json!({ "from": "09:01", "to": "09:41", "seconds": 2400, "attended": attended });
    assert_eq!(offered(attended(|_| false)), gap(true));
    // Fifteen minutes of silence are one timeout; sixteen are more, at the ends, too.
    assert_eq!(offered(attended(|minute| (11..25).contains(&minute))), gap(true));
    assert_eq!(offered(attended(|minute| (11..26).contains(&minute))), gap(false));
    assert_eq!(offered(attended(|minute| minute < 17)), gap(false));
    assert_eq!(offered(attended(|minute| minute > 25)), gap(false));
    assert_eq!(offered(attended(|_| true)), gap(false));
    // A locked screen shows no window.
    let mut locked = attended(|minute| (11..20).contains(&minute));
    locked.insert(
        11,
        Activity {
            seq: Some(Seq(12)),
            at: at(11),
            what: What::Cut(Cause::Lock),
        },
    );
    assert_eq!(offered(locked), gap(false));
}

#[test]
fn an_attended_gap_counts_whole_to_what_was_in_front() {
    let folder = home();
    let mut engine = open(&folder);
    record(&mut engine, "vscode", attended(|_| false), at(42));
    assert_eq!(report(&mut engine, at(43))["totalSeconds"], 2 * 60);
    run(&mut engine, fill("09:01-09:41", None), at(43));
    let report = report(&mut engine, at(43));
    assert_eq!(report["totalSeconds"], 42 * 60);
    // The time from the last key to the first glance belongs to the key, later time to the window in front.
    let rows: Vec<_> = report["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (&row["project"], &row["seconds"]))
        .collect();
    assert_eq!(
        rows,
        [(&json!("api"), &json!(3 * 60)), (&json!("web"), &json!(39 * 60))]
    );
    assert_eq!(run(&mut engine, Engine::status, at(43))["away"], Value::Null);
}

#[test]
fn a_gap_that_nobody_attended_counts_to_no_project_by_itself() {
    let folder = home();
    let mut engine = open(&folder);
    record(&mut engine, "vscode", attended(|_| true), at(42));
    assert!(engine.ask(at(43), fill("09:01-09:41", None)).is_err());
    assert_eq!(report(&mut engine, at(43))["totalSeconds"], 2 * 60);
}

#[test]
fn a_break_is_not_offered_again() {
    let folder = home();
    let mut engine = open(&folder);
    record(&mut engine, "vscode", attended(|_| true), at(42));
    let times = "09:01-09:41".parse().unwrap();
    run(&mut engine, |engine, now| engine.break_off(None, times, now), at(43));
    assert_eq!(run(&mut engine, Engine::status, at(43))["away"], Value::Null);
}

#[test]
fn a_listed_gap_is_filled_to_the_millisecond() {
    let folder = home();
    let mut engine = open(&folder);
    let times = ["09:00:00", "09:10:30", "09:40:45", "09:50:00"].map(|time| format!("2026-11-16T{time}+01:00"));
    let now = time("2026-11-16T09:50:00+01:00");
    record(
        &mut engine,
        "vim",
        edits(&times.each_ref().map(String::as_str), "/w/api/a.rs"),
        now,
    );
    let gaps = run(&mut engine, |engine, now| engine.away(None, now), now);
    assert_eq!(
        gaps,
        json!([{ "from": "09:10", "to": "09:40", "seconds": 1815, "attended": false }])
    );
    run(&mut engine, fill("09:10-09:40", Some("web")), now);
    let report = report(&mut engine, now);
    assert_eq!(report["totalSeconds"], 50 * 60);
    assert_eq!(report["rows"][1]["seconds"], 1815);
}

#[test]
fn half_of_a_gap_ends_at_its_own_bound_and_at_the_minute() {
    let folder = home();
    let mut engine = open(&folder);
    let times = ["09:00:00", "09:10:30", "09:40:45", "09:50:00"].map(|time| format!("2026-11-16T{time}+01:00"));
    let now = time("2026-11-16T09:50:00+01:00");
    record(
        &mut engine,
        "vim",
        edits(&times.each_ref().map(String::as_str), "/w/api/a.rs"),
        now,
    );
    run(&mut engine, fill("09:20-09:40", Some("web")), now);
    assert_eq!(report(&mut engine, now)["rows"][1]["seconds"], 20 * 60 + 45);
    run(&mut engine, fill("09:10-09:20", Some("web")), now);
    assert_eq!(report(&mut engine, now)["totalSeconds"], 50 * 60);
}

#[test]
fn the_second_pass_of_a_doubled_hour_is_listed_and_counted_as_such() {
    let folder = home();
    let mut engine = open(&folder);
    let times = ["02:02", "02:07", "02:32", "02:42"].map(|time| format!("2026-10-25T{time}:00+01:00"));
    let now = time("2026-10-25T03:00:00+01:00");
    record(
        &mut engine,
        "vim",
        edits(&times.each_ref().map(String::as_str), "/w/api/a.rs"),
        now,
    );
    let gaps = run(&mut engine, |engine, now| engine.away(None, now), now);
    assert_eq!(
        gaps,
        json!([{ "from": "02:07b", "to": "02:32b", "seconds": 1500, "attended": false }])
    );
    run(&mut engine, fill("02:07b-02:32b", Some("web")), now);
    assert_eq!(report(&mut engine, now)["totalSeconds"], 40 * 60);
    // Clock times of evidence are written and read in the same form.
    let evidence = |engine: &mut Engine, now| engine.evidence(None, "02:02b-02:05b".parse().unwrap(), now);
    let stretch = run(&mut engine, evidence, now)["stretches"][0].clone();
    assert_eq!(
        (&stretch["from"], &stretch["to"]),
        (&json!("02:02:00.000b"), &json!("02:05:00.000b"))
    );
}

#[test]
fn an_entry_begins_in_the_pass_that_is_named() {
    let folder = home();
    let mut engine = open(&folder);
    let now = time("2026-10-25T12:00:00+01:00");
    let add = |at: &str| {
        let addition = crate::Addition {
            project: ProjectId::new("api"),
            length: Length::from_minutes(10),
            day: None,
            at: Some(at.parse().unwrap()),
            note: None,
            billable: true,
            beside: false,
        };
        move |engine: &mut Engine, now| engine.add(&addition, now)
    };
    run(&mut engine, add("02:10b"), now);
    let span = engine.store().entries(None).unwrap()[0].span.unwrap();
    assert_eq!(span.start(), time("2026-10-25T02:10:00+01:00"));
    assert!(engine.ask(now, add("03:10b")).is_err());
}

#[test]
fn a_line_of_the_second_pass_is_split_in_it() {
    let folder = home();
    let mut engine = open(&folder);
    let times = ["02:02", "02:07", "02:14", "02:22"].map(|time| format!("2026-10-25T{time}:00+01:00"));
    let now = time("2026-10-25T03:00:00+01:00");
    record(
        &mut engine,
        "vim",
        edits(&times.each_ref().map(String::as_str), "/w/api/a.rs"),
        now,
    );
    let split = |at: &str| {
        let web = Revised {
            to: Some(To::Project(ProjectId::new("web"))),
            ..Revised::default()
        };
        let change = LineChange {
            day: None,
            line: "02:02b-02:22b".to_owned(),
            alteration: Alteration::Split(at.parse().unwrap(), web),
        };
        move |engine: &mut Engine, now| engine.change(&change, now)
    };
    assert!(engine.ask(now, split("02:10")).is_err());
    run(&mut engine, split("02:10b"), now);
    assert_eq!(report(&mut engine, now)["rows"][1]["seconds"], 12 * 60);
}
