//! A week to try the features on, without a host.

use std::sync::Arc;

use keeptab_core::billing::{Grouping, Mode, Per, Policy, Rate, Terms};
use keeptab_core::calendar::{Calendar, Week};
use keeptab_core::correction::To;
use keeptab_core::entry::{Entry, EntryId};
use keeptab_core::instant::{Length, Span};
use keeptab_core::money::{Amount, Currency, Tax, Unit};
use keeptab_core::rule::ProjectId;
use keeptab_core::timesheet::{self, Heading, Piece, Revision, parse, print, review};
use keeptab_engine::{Checked, Offered, Owed};

use super::Sheet;

/// The projects: `acme/api`, `acme/day rate` at a daily rate, `acme/web` rounded by the day to 15 minutes, and `inner`
/// without a client.
fn projects() -> Vec<Offered> {
    let project = |id: &str, client: Option<&str>, price: &str, unit, policy| Offered {
        client: client.map(str::to_owned),
        terms: Terms {
            project: ProjectId::new(id),
            name: if id == "acme/api" { "API development" } else { id }.into(),
            billable: client.is_some(),
            rates: vec![Rate {
                from: None,
                price: price.parse().unwrap(),
                unit,
            }],
            hours_per_day: 8.into(),
            quantity_decimals: None,
            currency: Currency::EUR,
            tax: Tax::none(),
            policy,
            grouping: Grouping::Project,
        },
    };
    let quarter = Policy {
        increment: Length::from_minutes(15),
        mode: Mode::Up,
        per: Per::Day,
        minimum: Length::ZERO,
    };
    let none = Policy::default();
    vec![
        project("acme/day rate", Some("Acme Co"), "760.00", Unit::Day, none),
        project("acme/web", Some("Acme Co"), "110.00", Unit::Hour, quarter),
        project("acme/api", Some("Acme Co"), "95.00", Unit::Hour, none),
        project("inner", None, "1.00", Unit::Hour, none),
    ]
}

fn base() -> timesheet::Sheet {
    let calendar = Calendar::new(chrono_tz::Europe::Berlin);
    let week: Week = "2026-W47".parse().unwrap();
    let midnight = calendar.day(week.monday()).start();
    let to = |id: &str| match id {
        "?" => To::Unassigned,
        "-" => To::Private,
        id => To::Project(ProjectId::new(id)),
    };
    let piece = |from: i64, end: i64, id: &str, note: Option<&str>| Piece {
        span: Span::new(
            midnight + Length::from_minutes(from),
            midnight + Length::from_minutes(end),
        )
        .unwrap(),
        to: to(id),
        note: note.map(str::to_owned),
        billable: true,
        billed: None,
        hint: (id == "?").then(|| "~/src/scratch".to_owned()),
    };
    let mut pieces = vec![
        piece(540, 645, "acme/api", Some("GET /orders")),
        piece(645, 700, "acme/web", None),
        piece(720, 750, "?", None),
        piece(750, 770, "-", None),
        piece(780, 840, "inner", Some("hiring")),
        piece(24 * 60 + 540, 24 * 60 + 600, "acme/api", Some("GET /users")),
        piece(24 * 60 + 600, 24 * 60 + 840, "acme/day rate", None),
    ];
    pieces[5].billed = Some("JDS-202611-0001".into());
    let length = Length::from_minutes(45);
    let call = Entry {
        project: Some(ProjectId::new("acme/api")),
        note: Some("call with Sam".into()),
        ..Entry::new(EntryId(1), week.monday(), None, length)
    };
    let heading = Heading {
        revision: Revision(7),
        unbilled: vec![(Currency::EUR, Amount::rounded(2853.into(), Currency::EUR))],
        doubts: vec!["Mon 12:00-12:30  0:30 unassigned in ~/src/scratch".into()],
        usual: Vec::new(),
    };
    timesheet::Sheet::of(week, &calendar, heading, pieces, [(call, length, None)])
}

/// Returns the text of the week as written.
pub(super) fn text() -> String {
    print(&base())
}

/// Returns the week with a typed text.
pub(super) fn sheet(text: &str) -> Sheet {
    let (base, parsed) = (base(), parse(text));
    let projects = projects();
    let ids: Vec<ProjectId> = projects.iter().map(|project| project.terms.project.clone()).collect();
    let review = review(&base, &parsed, &base, &ids);
    Sheet {
        uri: "file:///2026-W47.timesheet".parse().unwrap(),
        version: 1,
        parsed: Arc::new(parsed),
        checked: Arc::new(Checked {
            now: base.clone(),
            base,
            review,
            doubts: Vec::new(),
            usual: Vec::new(),
            owed: vec![Owed {
                client: "acme".into(),
                name: "Acme Co".into(),
                length: Length::from_minutes(31 * 60 + 42),
                amount: Amount::rounded(2853.into(), Currency::EUR),
                currency: Currency::EUR,
            }],
            projects,
            rates: std::collections::BTreeMap::new(),
        }),
    }
}

/// Returns the week with one text put for another.
pub(super) fn with(old: &str, new: &str) -> Sheet {
    let text = text();
    assert!(text.contains(old), "{old} is not in\n{text}");
    sheet(&text.replacen(old, new, 1))
}

/// Returns the number of the first line with a text in it.
pub(super) fn line(sheet: &Sheet, text: &str) -> usize {
    let found = sheet.parsed.text().lines().position(|line| line.contains(text));
    found.unwrap_or_else(|| panic!("{text} is not in\n{}", sheet.parsed.text()))
}

/// Returns the week with another line in the place of the one with a text in it, and the line's number.
pub(super) fn with_line(old: &str, new: &str) -> (Sheet, usize) {
    let text = text();
    let mut lines: Vec<&str> = text.split('\n').collect();
    let place = line(&sheet(&text), old);
    lines[place] = new;
    (sheet(&lines.join("\n")), place)
}
