//! The use of a budget is said from 80 per cent on, wherever the project's time is shown.

use keeptab_core::rule::ProjectId;
use serde_json::{Value, json};

use super::*;

/// Tuesday, 17 November 2026.
const NOW: i64 = 24 * 60;

fn website(budget: &str) -> (TempDir, Engine) {
    let folder = tempfile::tempdir().unwrap();
    let config = CONFIG.replace(
        "[project.web]",
        &format!("[project.web]\nname = \"Website\"\nbudget_hours = {budget}"),
    );
    fs::write(folder.path().join("keeptab.toml"), with_tax_number(&config)).unwrap();
    let engine = Engine::open(Home::at(folder.path().to_owned(), None), at(NOW)).unwrap();
    (folder, engine)
}

fn add(engine: &mut Engine, day: &str, minutes: i64) {
    let addition = Addition {
        project: ProjectId::new("web"),
        length: Length::from_minutes(minutes),
        day: Some(day.parse().unwrap()),
        at: None,
        note: None,
        billable: true,
        beside: false,
    };
    engine.ask(at(NOW), |engine, now| engine.add(&addition, now)).unwrap();
}

fn drafted(engine: &mut Engine) -> InvoiceView {
    let draft = |engine: &mut Engine, now| engine.draft("acme", &Scope::default(), None, None, now);
    engine.ask(at(NOW), draft).unwrap()
}

/// Returns the texts of status, report and sheet.
fn texts(engine: &mut Engine, week: &str) -> [String; 3] {
    let status = engine.status(at(NOW)).unwrap().to_string();
    let report = engine.report(None, By::Client, at(NOW)).unwrap().to_string();
    let sheet = engine.review(Some(week.parse().unwrap()), false, at(NOW)).unwrap();
    [status, report, sheet.text]
}

fn check(engine: &mut Engine, expected: Option<&str>) {
    for text in texts(engine, "2026-W47") {
        match expected {
            Some(expected) => assert!(text.contains(expected), "{expected}: {text}"),
            None => assert!(!text.contains("budget"), "{text}"),
        }
    }
}

#[test]
fn all_that_show_a_project_say_80_and_100_per_cent_of_its_budget() {
    let (_folder, mut engine) = website("2.0");
    add(&mut engine, "2026-11-10", 30);
    add(&mut engine, "2026-11-16", 65);
    check(&mut engine, None);
    assert_eq!(drafted(&mut engine).warnings, Vec::<String>::new());
    add(&mut engine, "2026-11-17", 1);
    let near = "Website: 1:36 of 2:00 budgeted (80 %)";
    check(&mut engine, Some(near));
    assert_eq!(drafted(&mut engine).warnings, [near]);
    let report = engine.report(None, By::Project, at(NOW)).unwrap().json();
    let budget = json!({ "project": "web", "usedSeconds": 96 * 60, "agreedSeconds": 7200, "percent": 80 });
    assert_eq!(report["budgets"], json!([budget]));
    // Billed time is used as well.
    let issue = |engine: &mut Engine, now| engine.issue("acme", &Scope::default(), None, now);
    engine.ask(at(NOW), issue).unwrap();
    add(&mut engine, "2026-11-17", 24);
    check(&mut engine, Some("Website: 2:00 of 2:00 budgeted (100 %)"));
    // Another host that has just started says the same.
    let mut other = Engine::open(engine.home.clone(), at(NOW)).unwrap();
    check(&mut other, Some("Website: 2:00 of 2:00 budgeted (100 %)"));
    // A sheet says what was used by the end of its week.
    let [_, _, sheet] = texts(&mut engine, "2026-W46");
    assert!(!sheet.contains("budgeted"), "{sheet}");
}

#[test]
fn the_status_bar_says_it_for_the_project_in_front() {
    let (_folder, mut engine) = website("\"10.5\"");
    add(&mut engine, "2026-11-16", 500);
    let events = (0..3).map(|step| work(step + 1, at(NOW - 10 + i64::try_from(step).unwrap() * 5), "/w/web/a.rs"));
    record(&mut engine, "vim", events.collect(), at(NOW));
    let status = engine.status(at(NOW)).unwrap();
    assert_eq!(status.text, "web 0:10 · 80 % of budget");
    let status: Value = serde_json::to_value(&status).unwrap();
    assert_eq!(
        status["budget"],
        json!({ "project": "web", "usedSeconds": 510 * 60, "agreedSeconds": 37_800, "percent": 80 })
    );
    // Not every budget is said at every look: only those of this week's projects.
    let (_folder, mut engine) = website("1");
    add(&mut engine, "2026-11-10", 90);
    let status = engine.status(at(NOW)).unwrap().to_string();
    assert!(!status.contains("budgeted"), "{status}");
}
