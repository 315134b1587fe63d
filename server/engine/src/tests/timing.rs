//! A timer by hand, which may begin before it is started.

use keeptab_core::instant::Length;
use keeptab_core::rule::ProjectId;
use serde_json::{Value, json};

use super::{Json, at, home, hour, open, report};
use crate::{Engine, Start};

/// A timer of a project from a clock time; 9:00 is minute 0.
pub(super) fn start(project: &str, at: Option<&str>) -> Start {
    Start {
        project: ProjectId::new(project),
        at: at.map(|at| at.parse().unwrap()),
        note: None,
    }
}

fn begin(engine: &mut Engine, project: &str, clock: &str, now: i64) -> anyhow::Result<Value> {
    let start = start(project, Some(clock));
    engine
        .ask(at(now), |engine, now| engine.start(&start, now))
        .map(|done| done.json())
}

fn timer(engine: &mut Engine, now: i64) -> Value {
    engine.ask(at(now), Engine::status).unwrap().json()["timer"].clone()
}

#[test]
fn a_timer_counts_from_its_start_with_its_note() {
    let folder = home();
    let mut engine = open(&folder);
    let call = Start {
        note: Some(" call with Sam ".to_owned()),
        ..start("api", Some("9:10"))
    };
    engine.ask(at(30), |engine, now| engine.start(&call, now)).unwrap();
    assert_eq!(
        timer(&mut engine, 30),
        json!({ "project": "api", "from": "09:10", "note": "call with Sam" })
    );
    let stopped = engine.ask(at(50), Engine::stop).unwrap().json();
    assert_eq!(
        (&stopped["note"], &stopped["entries"][0]["countedSeconds"]),
        (&json!("call with Sam"), &json!(2400))
    );
    assert_eq!(timer(&mut engine, 50), Value::Null);
}

#[test]
fn a_start_that_is_still_to_come_starts_nothing() {
    let folder = home();
    let mut engine = open(&folder);
    let refused = begin(&mut engine, "api", "9:31", 30).unwrap_err().to_string();
    assert!(refused.starts_with("09:31 is still to come"), "{refused}");
    assert_eq!(timer(&mut engine, 30), Value::Null);
    // The present minute has come.
    begin(&mut engine, "api", "9:30", 30).unwrap();
}

#[test]
fn a_start_over_counted_time_names_who_has_it() {
    let folder = home();
    let mut engine = open(&folder);
    let first = begin(&mut engine, "api", "9:00", 30).unwrap();
    assert_eq!(first["since"], json!(at(0).to_rfc3339()));
    engine.ask(at(30), Engine::stop).unwrap();
    let refused = begin(&mut engine, "web", "9:10", 30).unwrap_err().to_string();
    assert!(refused.contains("0:20 is in 09:00-09:30 of api"), "{refused}");
    // Some of it is free: it starts, and says how much.
    let partly = begin(&mut engine, "web", "9:10", 40).unwrap();
    let said = partly["summary"].as_str().unwrap();
    assert!(
        said.contains("0:10 of 0:30 counts: 0:20 is in 09:00-09:30 of api"),
        "{said}"
    );
}

#[test]
fn a_start_over_captured_time_takes_it_over() {
    let folder = home();
    let mut engine = open(&folder);
    hour(&mut engine);
    let begun = begin(&mut engine, "web", "9:20", 60).unwrap();
    let said = begun["summary"].as_str().unwrap();
    assert!(
        said.contains("0:40 tracked elsewhere since then counts for web instead"),
        "{said}"
    );
    engine.ask(at(60), Engine::stop).unwrap();
    let rows = report(&mut engine, at(61))["rows"].clone();
    assert_eq!(
        (&rows[0]["seconds"], &rows[1]["seconds"]),
        (&json!(20 * 60), &json!(40 * 60))
    );
}

#[test]
fn a_running_timer_ends_where_the_next_begins() {
    let folder = home();
    let mut engine = open(&folder);
    begin(&mut engine, "api", "9:00", 0).unwrap();
    let refused = begin(&mut engine, "web", "8:50", 30).unwrap_err().to_string();
    assert!(refused.starts_with("api is timed since 09:00 already"), "{refused}");
    let begun = begin(&mut engine, "web", "9:20", 30).unwrap();
    assert_eq!(begun["before"]["entries"][0]["countedSeconds"], 20 * 60);
    let stopped = engine.ask(at(60), Engine::stop).unwrap().json();
    assert_eq!(stopped["entries"][0]["countedSeconds"], 40 * 60);
}

#[test]
fn a_timer_that_began_within_a_minute_ends_at_that_minute() {
    let folder = home();
    let mut engine = open(&folder);
    let api = start("api", None);
    let since = at(10) + Length::from_secs(30);
    engine.ask(since, |engine, now| engine.start(&api, now)).unwrap();
    let refused = begin(&mut engine, "web", "9:09", 40).unwrap_err().to_string();
    assert!(refused.starts_with("api is timed since 09:10 already"), "{refused}");
    let begun = begin(&mut engine, "web", "9:10", 40).unwrap();
    assert_eq!(begun["since"], json!(since.to_rfc3339()));
    assert_eq!(begun["before"]["summary"], "no time for api");
    let stopped = engine.ask(at(50), Engine::stop).unwrap().json();
    assert_eq!(
        stopped["entries"][0]["countedSeconds"],
        (at(50) - since).whole_seconds()
    );
}
