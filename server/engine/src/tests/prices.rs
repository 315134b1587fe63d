//! One piece of work has one price, from the config to stored invoices and their recomputation.

use keeptab_core::billing::Grouping;
use keeptab_core::rule::ProjectId;
use serde_json::Value;

use super::*;

/// A month in which a client has days, hours and notes.
fn november() -> (TempDir, Engine) {
    let folder = tempfile::tempdir().unwrap();
    let config = CONFIG
        .replace("[client.acme]", "[client.acme]\nappendix = \"hours\"")
        .replace("rate = \"110.00\"", "rate = \"800\"\nunit = \"day\"");
    fs::write(folder.path().join("keeptab.toml"), config).unwrap();
    let engine = Engine::open(Home::at(folder.path().to_owned(), None), at(0)).unwrap();
    (folder, engine)
}

fn add(engine: &mut Engine, project: &str, day: &str, minutes: i64, note: Option<&str>) {
    let addition = Addition {
        project: ProjectId::new(project),
        length: Length::from_minutes(minutes),
        day: Some(day.parse().unwrap()),
        at: None,
        note: note.map(str::to_owned),
        billable: true,
        beside: false,
    };
    engine.ask(at(NOW), |engine, now| engine.add(&addition, now)).unwrap();
}

const NOW: i64 = 30 * 24 * 60;

fn draft(engine: &mut Engine, by: Grouping) -> Value {
    let command = |engine: &mut Engine, now| engine.draft("acme", &Scope::default(), Some(by), None, now);
    engine.ask(at(NOW), command).unwrap().json()
}

fn issue(engine: &mut Engine) {
    let command = |engine: &mut Engine, now| engine.issue("acme", &Scope::default(), None, now);
    engine.ask(at(NOW), command).unwrap();
    let found = engine.verify(None, None).unwrap();
    assert!(found.holds(), "{found}");
}

#[test]
fn twenty_days_cost_the_same_by_day_and_by_project() {
    for by in [Grouping::Day, Grouping::Project, Grouping::Note] {
        let (_folder, mut engine) = november();
        for day in 1..=20 {
            add(&mut engine, "web", &format!("2026-11-{day:02}"), 7 * 60, None);
        }
        assert_eq!(draft(&mut engine, by)["netTotal"], "14000.00", "{by:?}");
        issue(&mut engine);
    }
}

#[test]
fn twelve_notes_cost_an_hour_and_the_appendix_says_so() {
    for by in [Grouping::Note, Grouping::Project, Grouping::Day] {
        let (_folder, mut engine) = november();
        for note in 0..12 {
            add(&mut engine, "api", "2026-11-16", 5, Some(&format!("note {note}")));
        }
        assert_eq!(draft(&mut engine, by)["netTotal"], "95.00", "{by:?}");
        issue(&mut engine);
        let row = engine.store.invoices().unwrap().remove(0);
        let appendix = row.invoice.content().appendix.as_ref().unwrap();
        let hours: Length = appendix.rows.iter().map(|row| row.length).sum();
        assert_eq!(hours, Length::from_minutes(60));
    }
}
