//! Effect of a glance at another window on every surface.

use keeptab_core::activity::Kind;
use keeptab_core::instant::{Instant, Length, Span};
use serde_json::{Value, json};

use super::{at, home, open, record, report, work};
use crate::tests::Json as _;
use crate::{Activity, Engine, What};

pub(super) fn focus(seq: u64, at: Instant, path: &str) -> Activity {
    let mut event = work(seq, at, path);
    if let What::Work { kind, .. } = &mut event.what {
        *kind = Kind::Focus;
    }
    event
}

/// A key in the api, a glance at the web seconds later, and a key in `last` after a quarter of an hour less a minute.
fn history(last: &str) -> Vec<Activity> {
    let seconds = |seconds| at(0) + Length::from_secs(seconds);
    vec![
        work(1, at(0), "/w/api/a.rs"),
        focus(2, seconds(5), "/w/web/b.rs"),
        work(3, at(14), last),
    ]
}

fn seconds_of(engine: &mut Engine) -> Value {
    let rows = report(engine, at(20))["rows"].clone();
    let rows = rows.as_array().into_iter().flatten();
    rows.map(|row| json!([row["project"], row["seconds"]])).collect()
}

fn touched(engine: &mut Engine) -> Vec<(String, Length)> {
    let span = Span::new(at(0), at(14)).unwrap();
    let behind = engine.ask(at(20), |engine, now| engine.behind(&[span], now)).unwrap();
    let touched = behind.touched.into_iter();
    touched.map(|touched| (touched.name, touched.time)).collect()
}

#[test]
fn a_glance_before_a_break_takes_nothing_of_it() {
    let folder = home();
    let mut engine = open(&folder);
    record(&mut engine, "vim", history("/w/api/c.rs"), at(14));
    assert_eq!(seconds_of(&mut engine), json!([["api", 14 * 60]]));
    assert_eq!(
        touched(&mut engine),
        [("/w/api/a.rs".to_owned(), Length::from_minutes(14))]
    );
}

#[test]
fn a_glance_that_work_follows_is_where_it_begins_for_its_file_too() {
    let folder = home();
    let mut engine = open(&folder);
    record(&mut engine, "vim", history("/w/web/c.rs"), at(14));
    let rest = 14 * 60 - 5;
    assert_eq!(seconds_of(&mut engine), json!([["api", 5], ["web", rest]]));
    let expected = [("/w/web/c.rs", rest), ("/w/api/a.rs", 5)];
    assert_eq!(
        touched(&mut engine),
        expected.map(|(name, time)| (name.to_owned(), Length::from_secs(time)))
    );
}

#[test]
fn unassigned_time_goes_to_the_root_that_it_was_worked_in() {
    let folder = home();
    let mut engine = open(&folder);
    let mut events = history("/tmp/two/c.rs");
    events[0] = work(1, at(0), "/tmp/one/a.rs");
    events[1] = focus(2, at(4), "/tmp/two/b.rs");
    events.push(focus(4, at(16), "/tmp/one/a.rs"));
    events.push(work(5, at(20), "/tmp/two/c.rs"));
    record(&mut engine, "vim", events, at(20));
    let roots = engine.ask(at(20), Engine::unassigned).unwrap().json();
    // Unassigned is one project: from the last glance on, all goes to the root of the next key.
    assert_eq!(
        roots,
        json!([{ "root": "/tmp/two", "seconds": 16 * 60 }, { "root": "/tmp/one", "seconds": 4 * 60 }])
    );
}

#[test]
fn looking_keeps_nobody_at_work() {
    let folder = home();
    let mut engine = open(&folder);
    let mut events = vec![work(1, at(0), "/w/api/a.rs")];
    events.extend((1..=30_u64).map(|minute| focus(minute + 1, at(minute.cast_signed()), "/w/web/b.rs")));
    record(&mut engine, "vim", events, at(30));
    let mut status = |minute| {
        let status = engine.ask(at(minute), Engine::status).unwrap().json();
        (
            status["state"].clone(),
            status["project"].clone(),
            status["todaySeconds"].clone(),
        )
    };
    assert_eq!(status(0), (json!("tracking"), json!("api"), json!(0)));
    assert_eq!(status(15), (json!("tracking"), json!("web"), json!(0)));
    assert_eq!(status(16), (json!("idle"), Value::Null, json!(0)));
}

#[test]
fn evidence_tells_looking_from_working() {
    let folder = home();
    let mut engine = open(&folder);
    record(&mut engine, "vim", history("/w/web/c.rs"), at(14));
    let evidence = |engine: &mut Engine, now| engine.evidence(None, "09:01-09:15".parse().unwrap(), now);
    let evidence = engine.ask(at(20), evidence).unwrap().json();
    let rows = evidence["heartbeats"].as_array().unwrap().iter();
    let rows: Value = rows.map(|row| json!([row["entity"], row["weak"]])).collect();
    assert_eq!(
        rows,
        json!([["/w/api/a.rs", false], ["/w/web/b.rs", true], ["/w/web/c.rs", false]])
    );
}
