use std::fs;

use chrono::{Days, NaiveDate};
use keeptab_core::instant::Length;
use keeptab_core::rule::ProjectId;
use keeptab_engine::Addition;
use keeptab_system::home::Home;
use tempfile::TempDir;

use super::*;

const CONFIG: &str = r#"
[business]
name = "Jane"
org = "JDS"
city = "Berlin"
country = "DE"
currency = "EUR"
time_zone = "Europe/Berlin"

[project."<script>alert(1)</script>"]
paths = ["/w/api"]
"#;

/// 2026-11-16T08:00:00Z, a Monday.
const MONDAY: Instant = Instant::from_millis(1_794_816_000_000);

/// Writes the page of weeks that have one entry each, the newest first, with notes of some length; returns its path and text.
fn written(weeks: u64, note: usize) -> (TempDir, Done, String) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("keeptab.toml"), CONFIG).unwrap();
    let mut engine = Engine::open(Home::at(folder.path().to_owned(), None), MONDAY).unwrap();
    for week in 0..weeks {
        let addition = Addition {
            project: ProjectId::new("<script>alert(1)</script>"),
            length: Length::from_minutes(45),
            day: Some("2026-11-16".parse::<NaiveDate>().unwrap() - Days::new(7 * week)),
            at: None,
            note: Some("n".repeat(note)),
            billable: true,
            beside: false,
        };
        engine.ask(MONDAY, |engine, now| engine.add(&addition, now)).unwrap();
    }
    let written = engine
        .ask(MONDAY, |engine, now| write(engine, None, None, None, now))
        .unwrap();
    let page = fs::read_to_string(folder.path().join("dashboard.html")).unwrap();
    (folder, written, page)
}

#[test]
fn a_page_that_is_only_looked_at_brings_its_weeks_and_no_keys() {
    let (folder, written, page) = written(2, 10);
    let file = folder.path().join("dashboard.html");
    assert_eq!(
        serde_json::to_value(&written).unwrap()["files"][0],
        file.to_str().unwrap()
    );
    assert!(page.len() <= LONGEST_PAGE);
    assert!(!page.contains("\"key\""));
    assert!(page.contains("\\u003cscript\\u003ealert(1)"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_page_is_never_too_long_however_much_there_is() {
    // A note that no page has room for six times.
    let (_folder, _, page) = written(6, 60_000);
    assert!(page.len() <= LONGEST_PAGE, "{}", page.len());
    assert!(page.contains("\"week\":\"2026-W47\"") && !page.contains("\"week\":\"2026-W42\""));
    // The totals of months stay.
    assert!(page.contains("\"name\":\"2026-10\""));
}
