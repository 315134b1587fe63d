//! The engine on a store in a folder of its own, with a clock that the test sets.

mod away;
mod budgets;
#[cfg(target_os = "linux")]
mod counted;
mod dates;
mod drafts;
mod entries;
mod forgotten;
mod glances;
mod invoices;
mod migrated;
mod offers;
mod prices;
mod replay;
mod rules;
mod timing;
mod usual;

use std::fs;

use keeptab_core::activity::{Actor, Kind, Seq};
use keeptab_core::calendar::Range;
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::timesheet::Edit;
use proptest::collection::vec;
use proptest::prelude::*;
use tempfile::TempDir;

use super::*;

pub(super) const CONFIG: &str = r#"
[business]
name = "Jane"
org = "JDS"
city = "Berlin"
country = "DE"
currency = "EUR"
time_zone = "Europe/Berlin"

[client.acme]
name = "Acme"
city = "Wien"
country = "AT"

[project.api]
client = "acme"
rate = "95.00"
paths = ["/w/api"]

[project.web]
client = "acme"
rate = "110.00"
paths = ["/w/web"]
"#;

/// 2026-11-16T08:00:00Z, a Monday.
const MONDAY: i64 = 1_794_816_000_000;
const MINUTE: i64 = 60_000;

pub(super) fn at(minutes: i64) -> Instant {
    Instant::from_millis(MONDAY + minutes * MINUTE)
}

/// Returns a config whose business has the number that electronic invoices need.
pub(super) fn with_tax_number(config: &str) -> String {
    config.replacen(
        "currency = \"EUR\"",
        "currency = \"EUR\"\ntax_number = \"13/815/08150\"",
        1,
    )
}

pub(super) fn home() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("keeptab.toml"), CONFIG).unwrap();
    folder
}

pub(super) fn open(folder: &TempDir) -> Engine {
    Engine::open(Home::at(folder.path().to_owned(), None), at(0)).unwrap()
}

pub(super) fn work(seq: u64, at: Instant, uri: &str) -> Activity {
    Activity {
        seq: Some(Seq(seq)),
        at,
        what: What::Work {
            kind: Kind::Edit,
            actor: Actor::Human,
            uri: Some(uri.to_owned()),
            root: None,
            cwd: None,
            language: None,
            private: false,
        },
    }
}

/// An answer as programs read it.
pub(super) trait Json: serde::Serialize {
    fn json(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap()
    }
}

impl<T: serde::Serialize> Json for T {}

/// Calls of one step of a history, whatever they answer.
pub(super) type Call = Box<dyn FnOnce(&mut Engine, Instant) -> Result<serde_json::Value>>;

pub(super) fn boxed<T: serde::Serialize>(call: impl FnOnce(&mut Engine, Instant) -> Result<T> + 'static) -> Call {
    Box::new(move |engine, now| call(engine, now).map(|answer| answer.json()))
}

pub(super) fn record(engine: &mut Engine, source: &str, events: Vec<Activity>, now: Instant) {
    let batch = Batch {
        source: source.to_owned(),
        events,
    };
    engine.take(&batch, now).unwrap();
}

/// An hour for the api, from minute 0, with a heartbeat every five.
fn hour(engine: &mut Engine) {
    let events = (0..=12).map(|index| work(index + 1, at(i64::try_from(index).unwrap() * 5), "/w/api/a.rs"));
    record(engine, "vim", events.collect(), at(60));
}

fn report(engine: &mut Engine, now: Instant) -> serde_json::Value {
    let command = |engine: &mut Engine, now| engine.report(Some(Range::All), By::Project, now);
    engine.ask(now, command).unwrap().json()
}

#[test]
fn billed_time_stays_as_it_was_whatever_comes_later() {
    let folder = home();
    let mut engine = open(&folder);
    hour(&mut engine);
    let issue = |engine: &mut Engine, now| engine.issue("acme", &Scope::default(), None, now);
    engine.ask(at(61), issue).unwrap();
    let before = report(&mut engine, at(62));
    // Another rate, another rule, a correction, an entry and a late heartbeat over the billed hour.
    let config = CONFIG.replace("95.00", "10.00").replace("/w/api", "/elsewhere");
    fs::write(folder.path().join("keeptab.toml"), config).unwrap();
    engine.ask(at(63), Engine::reload).unwrap();
    record(&mut engine, "late", vec![work(1, at(7), "/w/web/b.rs")], at(64));
    let span = Span::new(at(10), at(20)).unwrap();
    let erase = keeptab_core::correction::Change::Erase;
    engine.store.apply(&[Edit::Correct(span, erase)], at(65)).unwrap();
    assert_eq!(report(&mut engine, at(66))["rows"][0], before["rows"][0]);
    assert!(
        engine
            .ask(at(67), issue)
            .unwrap_err()
            .to_string()
            .contains("nothing to bill")
    );
}

#[test]
fn a_draft_follows_what_review_fixes_and_holds_its_time() {
    let folder = home();
    let mut engine = open(&folder);
    hour(&mut engine);
    let draft = |engine: &mut Engine| {
        let command = |engine: &mut Engine, now| engine.draft("acme", &Scope::default(), None, None, now);
        engine.ask(at(61), command).unwrap().json()
    };
    let first = draft(&mut engine);
    assert_eq!(first["lines"][0]["quantity"], "1.00");
    let span = Span::new(at(0), at(30)).unwrap();
    engine
        .store
        .apply(&[Edit::Correct(span, keeptab_core::correction::Change::Erase)], at(62))
        .unwrap();
    let second = draft(&mut engine);
    assert_eq!(second["draft"], first["draft"]);
    assert_eq!(second["lines"][0]["quantity"], "0.50");
    let narrower = |engine: &mut Engine, now| engine.draft("acme", &Some(Range::Today).into(), None, None, now);
    assert!(engine.ask(at(63), narrower).is_err());
}

#[test]
fn undo_restores_to_the_second_and_not_what_is_billed() {
    let folder = home();
    let mut engine = open(&folder);
    hour(&mut engine);
    let before = report(&mut engine, at(90));
    let project = keeptab_core::rule::ProjectId::new("web");
    let fill =
        |engine: &mut Engine, now| engine.fill(None, "09:30-10:20".parse().unwrap(), Some(&project.clone()), now);
    engine.ask(at(90), fill).unwrap();
    assert_eq!(report(&mut engine, at(90))["rows"][1]["seconds"], 20 * 60);
    engine.ask(at(91), Engine::undo).unwrap();
    assert_eq!(report(&mut engine, at(91)), before);
    engine.ask(at(92), fill).unwrap();
    let issue = |engine: &mut Engine, now| engine.issue("acme", &Scope::default(), None, now);
    engine.ask(at(93), issue).unwrap();
    assert!(
        engine
            .ask(at(94), Engine::undo)
            .unwrap_err()
            .to_string()
            .contains("JDS-202611-0001")
    );
}

#[test]
fn a_call_that_is_timed_by_hand_is_the_projects() {
    let folder = home();
    let mut engine = open(&folder);
    hour(&mut engine);
    let start = timing::start("web", None);
    engine.ask(at(30), |engine, now| engine.start(&start, now)).unwrap();
    engine.ask(at(75), Engine::stop).unwrap();
    let report = report(&mut engine, at(76));
    assert_eq!(report["rows"][0]["seconds"], 30 * 60);
    assert_eq!(report["rows"][1]["seconds"], 45 * 60);
}

#[test]
fn an_entry_with_clock_times_is_not_counted_twice() {
    let folder = home();
    let mut engine = open(&folder);
    hour(&mut engine);
    let addition = Addition {
        project: keeptab_core::rule::ProjectId::new("web"),
        length: Length::from_minutes(30),
        day: None,
        at: "09:15".parse().ok(),
        note: None,
        billable: true,
        beside: false,
    };
    engine.ask(at(61), |engine, now| engine.add(&addition, now)).unwrap();
    let report = report(&mut engine, at(61));
    assert_eq!(report["rows"][0]["seconds"], 30 * 60);
    assert_eq!(report["rows"][1]["seconds"], 30 * 60);
    assert_eq!(report["totalSeconds"], 60 * 60);
}

#[test]
fn what_pausing_and_ignoring_keep_out_never_counts() {
    let folder = home();
    fs::write(
        folder.path().join("keeptab.toml"),
        format!("{CONFIG}\n[tracking]\nignore = [\"/w/api/secret\"]\n"),
    )
    .unwrap();
    let mut engine = open(&folder);
    record(
        &mut engine,
        "vim",
        vec![work(1, at(0), "/w/api/a.rs"), work(2, at(5), "/w/api/secret/a.rs")],
        at(6),
    );
    engine.ask(at(7), |engine, now| engine.pause(true, now)).unwrap();
    record(
        &mut engine,
        "vim",
        vec![work(3, at(8), "/w/api/a.rs"), work(4, at(10), "/w/api/a.rs")],
        at(10),
    );
    engine.ask(at(12), |engine, now| engine.pause(false, now)).unwrap();
    record(
        &mut engine,
        "vim",
        vec![work(5, at(13), "/w/api/a.rs"), work(6, at(14), "/w/api/a.rs")],
        at(14),
    );
    let report = report(&mut engine, at(15));
    assert_eq!(report["totalSeconds"], 6 * 60);
    assert_eq!(report["privateSeconds"], 0);
}

#[test]
fn agents_fill_only_what_nobody_covers_and_only_where_the_client_counts_them() {
    let agent = |seq: u64, minute| {
        let mut event = work(seq, at(minute), "/w/web/b.rs");
        if let What::Work { actor, .. } = &mut event.what {
            *actor = Actor::Agent;
        }
        event
    };
    let seconds = |config: &str| {
        let folder = home();
        fs::write(folder.path().join("keeptab.toml"), config).unwrap();
        let mut engine = open(&folder);
        hour(&mut engine);
        // Two agents at once, while the person works and on for half an hour.
        for source in ["one", "two"] {
            let events = (0..=9).map(|index| agent(index + 1, i64::try_from(index).unwrap() * 10));
            record(&mut engine, source, events.collect(), at(100));
        }
        report(&mut engine, at(24 * 60 * 3))["totalSeconds"].as_i64().unwrap()
    };
    assert_eq!(seconds(CONFIG), 60 * 60);
    let counting = CONFIG.replace("country = \"AT\"", "country = \"AT\"\nagent_time = \"count\"");
    assert_eq!(seconds(&counting), 90 * 60);
}

#[test]
fn a_renamed_project_keeps_its_history_and_a_missing_one_is_said() {
    let folder = home();
    let mut engine = open(&folder);
    hour(&mut engine);
    let fill = |engine: &mut Engine, now| {
        engine.fill(
            None,
            "10:00-10:30".parse().unwrap(),
            Some(&keeptab_core::rule::ProjectId::new("web")),
            now,
        )
    };
    engine.ask(at(200), fill).unwrap();
    let rename = |engine: &mut Engine, config: &str| {
        fs::write(folder.path().join("keeptab.toml"), config).unwrap();
        engine.ask(at(201), Engine::reload).unwrap();
        report(engine, at(202))
    };
    let gone = CONFIG.replace("[project.web]", "[project.site]");
    assert_eq!(rename(&mut engine, &gone)["unassignedSeconds"], 30 * 60);
    assert!(engine.findings()[0].message.contains("history uses project `web`"));
    let named = format!("{gone}was = [\"web\"]\n");
    let report = rename(&mut engine, &named);
    assert_eq!(engine.findings(), []);
    assert_eq!(report["rows"][1]["project"], "site");
    assert_eq!(report["rows"][1]["seconds"], 30 * 60);
}

#[test]
fn a_changed_rate_moves_money_and_says_so() {
    let folder = home();
    let mut engine = open(&folder);
    hour(&mut engine);
    fs::write(folder.path().join("keeptab.toml"), CONFIG.replace("95.00", "100.00")).unwrap();
    engine.ask(at(61), Engine::reload).unwrap();
    let moved = engine.take_moved().unwrap();
    assert!(moved.ends_with("api (+5.00 EUR)"), "{moved}");
    assert_eq!(engine.take_moved(), None);
}

#[test]
fn whatever_is_counted_traces_back_to_heartbeats_by_id() {
    let folder = home();
    let mut engine = open(&folder);
    hour(&mut engine);
    let command = |engine: &mut Engine, now| engine.evidence(None, "09:07-09:22".parse().unwrap(), now);
    let evidence = engine.ask(at(61), command).unwrap().json();
    assert_eq!(evidence["stretches"][0]["seconds"], 15 * 60);
    // From the heartbeat before the stretch to the last in it: minutes 5, 10, 15 and 20.
    assert_eq!(evidence["heartbeats"][0]["seqs"], "2-5");
}
