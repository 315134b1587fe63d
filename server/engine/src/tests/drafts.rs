//! Drafts of a client side by side: projects, currencies, ranges and fees.

use keeptab_core::billing::LineKind;
use keeptab_core::invoice::{Charge, Item, Selection};
use keeptab_core::rule::ProjectId;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::entries::Desk;
use super::*;

/// An hour for a project in euros and two for one in dollars.
fn desk() -> Desk {
    let dollars = "[project.us]\nclient = \"acme\"\ncurrency = \"USD\"\nrate = \"100.00\"\npaths = [\"/w/us\"]\n";
    let mut desk = Desk::with(&format!("{CONFIG}\n{dollars}"));
    desk.capture(0, 60, "/w/api/a.rs");
    desk.capture(120, 120, "/w/us/a.rs");
    desk
}

fn november() -> Scope {
    Scope::from(Some(Range::Month("2026-11".parse().unwrap())))
}

fn of_currency(code: &str) -> Selection {
    Selection::of_currency(code.parse().unwrap())
}

fn projects(ids: &[&str]) -> Selection {
    Selection {
        projects: Some(ids.iter().map(|id| ProjectId::new(*id)).collect()),
        currency: None,
    }
}

fn draft(scope: Scope) -> impl FnOnce(&mut Engine, Instant) -> Result<InvoiceView> + Clone {
    move |engine: &mut Engine, now| engine.draft("acme", &scope, None, None, now)
}

fn all(selection: Selection) -> impl FnOnce(&mut Engine, Instant) -> Result<InvoiceView> + Clone {
    draft(Scope { range: None, selection })
}

fn issue(which: &str, scope: Scope) -> impl FnOnce(&mut Engine, Instant) -> Result<InvoiceView> + Clone {
    let which = which.to_owned();
    move |engine: &mut Engine, now| engine.issue(&which, &scope, None, now)
}

fn fee(which: &str, project: Option<&str>) -> impl FnOnce(&mut Engine, Instant) -> Result<InvoiceView> + Clone {
    let fee = Charge {
        kind: LineKind::Fee,
        description: "Setup".into(),
        quantity: Decimal::ONE,
        price: "100".parse().unwrap(),
        project: project.map(ProjectId::new),
        day: None,
        tax: None,
    };
    let which = which.to_owned();
    move |engine: &mut Engine, now| engine.add_item(&which, &Item::Charge(fee), now)
}

#[track_caller]
fn refused<T: Json>(desk: &mut Desk, call: impl FnOnce(&mut Engine, Instant) -> Result<T>, says: &[&str]) {
    let error = format!("{:#}", desk.ask(call).unwrap_err());
    for part in says {
        assert!(error.contains(part), "`{part}` is not in: {error}");
    }
}

#[test]
fn a_client_with_two_currencies_gets_a_draft_of_each_over_one_month() {
    let mut desk = desk();
    let mixed = ["EUR (api), USD (us)", "`--currency EUR`, `--currency USD`"];
    refused(&mut desk, draft(november()), &mixed);
    refused(&mut desk, issue("acme", november()), &mixed);
    assert_eq!(desk.engine.store.drafts().unwrap(), []);
    let scope = |code| Scope {
        selection: of_currency(code),
        ..november()
    };
    let euros = desk.run(draft(scope("EUR")));
    assert_eq!(
        euros["leftOut"],
        json!([{ "seconds": 7_200, "project": "us", "reason": "other currency", "currency": "USD" }])
    );
    assert_eq!(
        euros["reserves"],
        json!({ "projects": null, "currency": "EUR", "from": "2026-11-01", "to": "2026-11-30" })
    );
    let dollars = desk.run(draft(scope("USD")));
    assert_eq!(
        dollars["leftOut"],
        json!([{ "seconds": 3_600, "project": "api", "reason": "reserved", "draft": euros["draft"] }])
    );
    // Each is found again, and neither takes the other's time.
    assert_eq!(desk.run(draft(scope("EUR")))["draft"], euros["draft"]);
    for (code, gross) in [("EUR", "95.00"), ("USD", "200.00")] {
        let issued = desk.run(issue("acme", scope(code)));
        assert_eq!(
            (&issued["currency"], &issued["grossTotal"]),
            (&json!(code), &json!(gross))
        );
    }
    refused(&mut desk, issue("acme", november()), &["nothing to bill acme"]);
    let found = desk.engine.verify(None, None).unwrap();
    assert!(found.holds(), "{found}");
}

#[test]
fn a_second_draft_cannot_take_the_time_of_the_first_and_names_it() {
    let mut desk = desk();
    let first = desk.run(all(projects(&["api"])));
    let ways = [
        "draft 1 (EUR, api, up to 2026-11-19)",
        "invoice issue 1`",
        "invoice discard 1`",
    ];
    // Another range, another choice of projects, and an invoice without a draft.
    for scope in [
        november(),
        Scope::from(Some(Range::All)),
        Scope {
            selection: of_currency("EUR"),
            ..Scope::default()
        },
        Scope {
            selection: projects(&["api", "web"]),
            ..Scope::default()
        },
    ] {
        refused(&mut desk, draft(scope), &ways);
    }
    let api = Scope {
        selection: projects(&["api"]),
        ..november()
    };
    refused(&mut desk, issue("acme", api), &ways);
    // The rest is free.
    let rest = desk.run(issue("acme", november()));
    assert_eq!(
        (&rest["grossTotal"], &rest["currency"]),
        (&json!("200.00"), &json!("USD"))
    );
    assert_eq!(
        rest["leftOut"],
        json!([{ "seconds": 3_600, "project": "api", "reason": "reserved", "draft": first["draft"] }])
    );
    refused(&mut desk, issue("acme", november()), &ways);
    assert_eq!(desk.run(issue("1", Scope::default()))["grossTotal"], "95.00");
}

#[test]
fn a_draft_of_a_week_and_one_of_its_month_do_not_meet_in_the_database() {
    let mut desk = desk();
    let week = Scope {
        range: Some(Range::Week("2026-W47".parse().unwrap())),
        selection: of_currency("EUR"),
    };
    desk.run(draft(week));
    desk.capture(-7 * 24 * 60, 60, "/w/api/a.rs");
    let month = Scope {
        selection: of_currency("EUR"),
        ..november()
    };
    refused(
        &mut desk,
        draft(month.clone()),
        &[
            "draft 1 (EUR, 2026-11-16 to 2026-11-22)",
            "invoice issue 1`",
            "invoice discard 1`",
        ],
    );
    // Its free part can be issued without a draft.
    let rest = desk.run(issue("acme", month));
    assert_eq!(rest["grossTotal"], "95.00");
    assert_eq!(rest["leftOut"][0]["draft"], 1);
}

#[test]
fn chosen_projects_are_the_clients_and_of_one_currency() {
    let mut desk = desk();
    refused(
        &mut desk,
        all(projects(&["api", "us"])),
        &["EUR (api), USD (us)", "--currency"],
    );
    refused(
        &mut desk,
        all(projects(&["shop"])),
        &["acme has no project `shop`", "hint: "],
    );
    let both = Selection {
        currency: "USD".parse().ok(),
        ..projects(&["api"])
    };
    refused(&mut desk, all(both), &["api is billed in EUR, not in USD", "hint: "]);
    let us = desk.run(all(projects(&["us"])));
    assert_eq!((&us["grossTotal"], &us["leftOut"]), (&json!("200.00"), &json!([])));
    refused(
        &mut desk,
        draft(Scope {
            selection: of_currency("CHF"),
            ..Scope::default()
        }),
        &["nothing to bill acme", "1:00 other currency"],
    );
}

#[test]
fn a_project_stays_in_its_draft_under_another_name() {
    let mut desk = desk();
    desk.run(all(projects(&["us"])));
    let renamed = desk.path("keeptab.toml");
    let config = fs::read_to_string(&renamed).unwrap();
    fs::write(
        &renamed,
        config.replace("[project.us]", "[project.west]\nwas = [\"us\"]"),
    )
    .unwrap();
    desk.run(Engine::reload);
    let held = desk.run(|engine, now| engine.show("1", now));
    assert_eq!(
        (&held["lines"][0]["project"], &held["grossTotal"]),
        (&json!("west"), &json!("200.00"))
    );
    refused(&mut desk, all(projects(&["web"])), &["nothing to bill acme"]);
    let issued = desk.run(issue("acme", Scope::default()));
    assert_eq!(issued["grossTotal"], "200.00");
}

#[test]
fn several_open_drafts_are_named_by_their_numbers() {
    let mut desk = desk();
    desk.run(all(of_currency("EUR")));
    desk.run(all(of_currency("USD")));
    let named = ["1 (EUR, up to 2026-11-19)", "2 (USD, up to 2026-11-19)", "hint: "];
    let which = || "acme".to_owned();
    refused(&mut desk, issue("acme", Scope::default()), &named);
    refused(&mut desk, |engine, _| engine.discard(&which()), &named);
    refused(&mut desk, |engine, now| engine.show(&which(), now), &named);
    refused(&mut desk, draft(Scope::default()), &named);
    // A fee in dollars has one draft that holds it.
    let with_fee = desk.run(fee("acme", Some("us")));
    assert_eq!(
        (&with_fee["draft"], &with_fee["grossTotal"]),
        (&json!(2), &json!("300.00"))
    );
    assert_eq!(desk.run(issue("2", Scope::default()))["grossTotal"], "300.00");
    desk.run(|engine, _| engine.discard("1"));
    refused(
        &mut desk,
        issue("2", Scope::default()),
        &["there is no draft `2`", "hint: "],
    );
}

#[test]
fn fees_go_to_the_draft_that_holds_them_and_come_back_to_one_of_their_currency() {
    let mut desk = desk();
    desk.run(all(projects(&["us"])));
    // A fee of no project is not the chosen project's, but may be put there by the draft's number.
    let own = desk.run(fee("acme", None));
    assert_eq!((&own["draft"], &own["currency"]), (&json!(2), &json!("EUR")));
    let put = desk.run(fee("1", None));
    assert_eq!(
        (&put["currency"], &put["grossTotal"]),
        (&json!("USD"), &json!("300.00"))
    );
    let issued = desk.run(issue("1", Scope::default()));
    let note = desk.cancel(&issued["number"]).unwrap();
    // The open draft is one of euros.
    let back = &note["givenBack"]["draft"];
    assert_ne!((back, back), (&json!(2), &Value::Null));
    let shown = desk.run(|engine, now| engine.show(&back.to_string(), now));
    assert_eq!(
        (&shown["currency"], &shown["grossTotal"]),
        (&json!("USD"), &json!("300.00"))
    );
    // If another draft reserves the time, fees come back to a draft of their own that holds no time.
    let issued = desk.run(issue(&back.to_string(), Scope::default()));
    desk.capture(300, 60, "/w/us/a.rs");
    let held = desk.run(all(projects(&["us"])));
    let note = desk.cancel(&issued["number"]).unwrap();
    let back = desk.run(|engine, now| engine.show(&note["givenBack"]["draft"].to_string(), now));
    assert_eq!(back["reserves"]["projects"], json!([]));
    assert_eq!(
        (&back["currency"], &back["grossTotal"]),
        (&json!("USD"), &json!("100.00"))
    );
    let held = desk.run(|engine, now| engine.show(&held["draft"].to_string(), now));
    assert_eq!(held["grossTotal"], "300.00");
}

#[test]
fn a_draft_keeps_its_day_of_issue() {
    let mut desk = desk();
    let dated = |date: &str| {
        let scope = Scope {
            selection: of_currency("EUR"),
            ..Scope::default()
        };
        let date = date.parse().ok();
        move |engine: &mut Engine, now| engine.draft("acme", &scope, None, date, now)
    };
    assert_eq!(desk.run(dated("2026-11-17"))["issueDate"], "2026-11-17");
    let again = desk.run(|engine, now| engine.draft("1", &Scope::default(), None, "2026-11-18".parse().ok(), now));
    assert_eq!(
        (&again["draft"], &again["issueDate"]),
        (&json!(1), &json!("2026-11-18"))
    );
    refused(
        &mut desk,
        |engine: &mut Engine, now| engine.draft("1", &november(), None, None, now),
        &["draft 1 has its range", "hint: "],
    );
    let issued = desk.run(issue("acme", Scope::default()));
    assert_eq!(issued["issueDate"], "2026-11-18");
}

#[test]
fn a_draft_says_how_much_of_its_entries_is_taken_and_why() {
    let mut desk = Desk::new();
    desk.capture(0, 60, "/w/api/a.rs");
    let billed = desk.issue().unwrap();
    // Half of the first is billed, a third of the second is in the first, and the last is free.
    desk.add(Some(30), 60, false).unwrap();
    desk.add(Some(80), 30, false).unwrap();
    desk.add(Some(120), 15, false).unwrap();
    let drafted = desk.run(draft(Scope::default()));
    let taken = |entry: &Value| (entry["countedSeconds"].clone(), entry["taken"].clone());
    let entries: Vec<_> = drafted["entries"].as_array().unwrap().iter().map(taken).collect();
    let by = |seconds: i64, by: &str| json!([{ "seconds": seconds, "by": by }]);
    let of_entry = by(600, "is in 09:30-10:30 of api");
    let expected = [
        (json!(1_800), by(1_800, "is billed by JDS-202611-0001")),
        (json!(1_200), of_entry),
    ];
    assert_eq!(entries, expected);
    let show = |engine: &mut Engine, now| engine.show("acme", now);
    let text = desk.engine.ask(at(desk.now), show).unwrap().to_string();
    let line = "entry of 2026-11-16 for api: 0:30 of 1:00 counts: 0:30 is billed by JDS-202611-0001";
    assert!(text.contains(line), "{text}");
    // It does not grow back when the invoice is cancelled.
    desk.cancel(&billed["number"]).unwrap();
    let entries = desk.run(show)["entries"].clone();
    assert_eq!(
        taken(&entries[0]),
        (json!(1_800), by(1_800, "was taken when it was added"))
    );
}
