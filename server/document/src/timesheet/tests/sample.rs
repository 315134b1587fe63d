//! Sample timesheets for the tests and the example.

use chrono::{Days, NaiveDate};
use keeptab_core::instant::Length;
use keeptab_core::invoice::Language;

use super::{TimesheetPaper, TimesheetRow, acme};

/// A day of November 2026.
pub(crate) fn november(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

/// A row without clock times, of the given length.
pub(crate) fn row(day: NaiveDate, seconds: i64, project: &str, note: Option<&str>) -> TimesheetRow {
    TimesheetRow {
        day,
        from: None,
        to: None,
        length: Length::from_secs(seconds),
        project: project.to_owned(),
        key: 0,
        note: note.map(str::to_owned),
        billable: true,
        paths: Vec::new(),
    }
}

fn clock(at: Length) -> String {
    format!("{:0>5}", at.to_string())
}

/// Gives rows clock times: each day starts at nine and has no breaks.
fn clocked(mut rows: Vec<TimesheetRow>) -> Vec<TimesheetRow> {
    for day in rows.chunk_by_mut(|a, b| a.day == b.day) {
        let mut at = Length::from_minutes(9 * 60);
        for row in day {
            row.from = Some(clock(at));
            at += row.length;
            row.to = Some(clock(at));
        }
    }
    rows
}

/// A timesheet of the week of Monday 16 November 2026 with these rows.
pub(crate) fn paper(rows: Vec<TimesheetRow>) -> TimesheetPaper {
    let parties = acme();
    TimesheetPaper {
        seller: parties.seller,
        client: parties.buyer,
        language: Language::En,
        period: (november(16), november(22)),
        time_zone: "Europe/Berlin".to_owned(),
        rows,
        signature: true,
        fonts: Vec::new(),
    }
}

/// A single row.
pub(crate) fn one() -> TimesheetPaper {
    paper(clocked(vec![row(november(16), 5_400, "API development", None)]))
}

/// Two days of work: a call without clock times, and a morning that is not billed.
pub(crate) fn short() -> TimesheetPaper {
    let mut rows = clocked(vec![
        row(november(16), 6_310, "API development", Some("GET /orders pagination")),
        row(november(16), 4_985, "Dashboard", None),
        row(november(16), 2_700, "API development", Some("call with Sam")),
        row(
            november(17),
            7_200,
            "Dashboard",
            Some("set up again what the update broke"),
        ),
        row(november(17), 1_234, "API development", None),
    ]);
    rows[2].from = None;
    rows[2].to = None;
    rows[3].billable = false;
    paper(rows)
}

/// The given number of rows without notes, four per working day.
pub(crate) fn many(count: u32) -> TimesheetPaper {
    let rows = (0..count).map(|index| {
        let week = u64::from(index / 20);
        let day = november(2) + Days::new(week * 7 + u64::from(index / 4 % 5));
        let project = ["API development", "Dashboard", "Support"][index as usize % 3];
        row(day, 2_000 + i64::from(index) * 37 % 5_000, project, None)
    });
    TimesheetPaper {
        period: (november(1), november(30)),
        ..paper(clocked(rows.collect()))
    }
}

/// A week with a note in every row.
pub(crate) fn noted() -> TimesheetPaper {
    const NOTES: [&str; 6] = [
        "GET /orders pagination",
        "review of #4711, and what came of it: the cursor is opaque now and survives a restart of the server",
        "call with Sam",
        "nightly build: found the test that waited for a port, made it wait for the event",
        "https://github.com/acme/api/pull/4711#issuecomment-2490817263",
        "deploy",
    ];
    let rows = (0..20_u32).map(|index| {
        let project = ["API development", "Dashboard"][index as usize / 2 % 2];
        let note = NOTES[index as usize % NOTES.len()];
        row(
            november(16 + index / 4),
            3_000 + i64::from(index) * 211,
            project,
            Some(note),
        )
    });
    paper(clocked(rows.collect()))
}

/// Names and notes that do not fit into a line.
pub(crate) fn long() -> TimesheetPaper {
    let name = "Konsolidierte Rechtsschutzversicherungsgesellschaft für Datenverarbeitung mbH & Co. KG";
    let url = format!("https://example.com/{}?q=1", "0123456789abcdef".repeat(8));
    let note = "Investigation of the intermittent failures in the nightly build and their repair, with notes. ";
    let mut rows = clocked(vec![
        row(november(16), 5_400, name, Some(&note.repeat(6))),
        row(november(16), 400_000, &url, Some(&url)),
        row(november(17), 5_400, &"W".repeat(120), Some(&"W".repeat(120))),
        row(november(18), 3_600_000, "short", None),
    ]);
    rows[1].billable = false;
    let mut paper = paper(rows);
    paper.seller.name = String::from(name);
    paper.client.name = name.repeat(2);
    paper.client.address = vec![url, name.to_owned()];
    paper
}
