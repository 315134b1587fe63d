//! Dates that an invoice may have, time that lies ahead, and the messages before and after issuing.

use keeptab_core::billing::LineKind;
use keeptab_core::calendar::Month;
use keeptab_core::invoice::{Charge, Item};
use keeptab_core::rule::ProjectId;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::*;

/// 2026-12-16, a Wednesday.
const NOW: i64 = 30 * 24 * 60;

fn ask<T: Json>(engine: &mut Engine, call: impl FnOnce(&mut Engine, Instant) -> Result<T>) -> anyhow::Result<Value> {
    engine.ask(at(NOW), call).map(|answer| answer.json())
}

fn add(engine: &mut Engine, day: &str, clock: Option<&str>) {
    let addition = Addition {
        project: ProjectId::new("api"),
        length: Length::from_minutes(120),
        day: Some(day.parse().unwrap()),
        at: clock.map(|clock| clock.parse().unwrap()),
        note: None,
        billable: true,
        beside: false,
    };
    ask(engine, |engine, now| engine.add(&addition, now)).unwrap();
}

fn fee(engine: &mut Engine) {
    let item = Item::Charge(Charge {
        kind: LineKind::Fee,
        description: "Setup".into(),
        quantity: Decimal::ONE,
        price: "100".parse().unwrap(),
        project: None,
        day: None,
        tax: None,
    });
    add_item(engine, item);
}

fn add_item(engine: &mut Engine, item: Item) {
    ask(engine, |engine, now| engine.add_item("acme", &item, now)).unwrap();
}

fn issue(date: Option<&str>) -> impl FnOnce(&mut Engine, Instant) -> Result<InvoiceView> + Clone {
    move |engine: &mut Engine, now| engine.issue("acme", &Scope::default(), date.map(|date| date.parse().unwrap()), now)
}

fn cancel(number: &Value, date: Option<&str>) -> impl FnOnce(&mut Engine, Instant) -> Result<InvoiceView> + Clone {
    move |engine: &mut Engine, now| {
        engine.cancel(
            &number.as_str().unwrap().parse().unwrap(),
            None,
            false,
            date.map(|date| date.parse().unwrap()),
            None,
            now,
        )
    }
}

#[test]
fn an_invoice_is_not_older_than_the_time_on_it() {
    let folder = home();
    let mut engine = open(&folder);
    add(&mut engine, "2026-11-20", None);
    let refused = ask(&mut engine, issue(Some("2026-11-19"))).unwrap_err().to_string();
    assert!(refused.contains("--date 2026-11-20"), "{refused}");
    ask(&mut engine, issue(Some("2026-12-17"))).unwrap_err();
    assert_eq!(
        ask(&mut engine, issue(Some("2026-11-20"))).unwrap()["issueDate"],
        "2026-11-20"
    );
}

#[test]
fn entries_that_lie_ahead_are_to_come() {
    let folder = home();
    let mut engine = open(&folder);
    add(&mut engine, "2026-12-15", None);
    // Today, but not over yet; and tomorrow.
    add(&mut engine, "2026-12-16", Some("08:00"));
    add(&mut engine, "2026-12-17", None);
    let draft = |engine: &mut Engine, now| {
        engine.draft(
            "acme",
            &Some(Range::Month(Month::of("2026-12-01".parse().unwrap()))).into(),
            None,
            None,
            now,
        )
    };
    let draft = ask(&mut engine, draft).unwrap();
    assert_eq!(draft["lines"][0]["quantity"], "2.00");
    assert_eq!(
        draft["leftOut"],
        json!([{ "seconds": 4 * 3600, "project": "api", "reason": "to come" }])
    );
    // Once they are over they are billed.
    let later = engine.ask(at(NOW + 2 * 24 * 60), |engine, now| engine.show("acme", now));
    assert_eq!(later.unwrap().json()["lines"][0]["quantity"], "6.00");
}

#[test]
fn a_business_without_a_number_is_warned_and_can_issue() {
    let folder = home();
    let mut engine = open(&folder);
    fee(&mut engine);
    let draft = |engine: &mut Engine, now| engine.draft("acme", &Scope::default(), None, None, now);
    let shown = ask(&mut engine, draft).unwrap();
    let warning = shown["warnings"][0].as_str().unwrap();
    assert!(
        warning.starts_with("there will be no electronic invoice inside the PDF: Factur-X needs"),
        "{warning}"
    );
    assert_eq!(shown["trouble"], Value::Null);
    assert_eq!(ask(&mut engine, issue(None)).unwrap()["status"], "issued");
}

#[test]
fn a_fee_without_a_day_has_the_issue_date() {
    let folder = home();
    let mut engine = open(&folder);
    fee(&mut engine);
    let issued = ask(&mut engine, issue(Some("2026-12-01"))).unwrap();
    assert_eq!(issued["period"], json!({ "from": "2026-12-01", "to": "2026-12-01" }));
}

#[test]
fn what_was_issued_by_a_wrong_clock_can_be_cancelled_and_the_clock_is_doubted() {
    let folder = home();
    fs::write(folder.path().join("keeptab.toml"), with_tax_number(CONFIG)).unwrap();
    let mut engine = open(&folder);
    let events = (0..=6).map(|step| work(step + 1, at(i64::try_from(step).unwrap() * 5), "/w/api/a.rs"));
    record(&mut engine, "vim", events.collect(), at(60));
    let draft = |engine: &mut Engine, now| engine.draft("acme", &Scope::default(), None, None, now);
    assert_eq!(ask(&mut engine, draft).unwrap()["warnings"], json!([]));
    let in_2028 = at(NOW + 600 * 24 * 60);
    let issued = engine.ask(in_2028, issue(None)).unwrap().json();
    assert_eq!(issued["issueDate"], "2028-08-07");
    assert_eq!(issued["warnings"].as_array().map(Vec::len), Some(1));
    ask(&mut engine, cancel(&issued["number"], Some("2027-01-01"))).unwrap_err();
    let note = ask(&mut engine, cancel(&issued["number"], None)).unwrap();
    assert_eq!(note["issueDate"], issued["issueDate"]);
    let found = engine.verify(None, None).unwrap();
    assert!(found.holds(), "{found}");
}

#[test]
fn an_advance_on_a_cancelled_invoice_is_the_clients_credit_and_on_the_draft() {
    let folder = home();
    let mut engine = open(&folder);
    fee(&mut engine);
    add_item(&mut engine, Item::Prepaid(Decimal::from(50)));
    let issued = ask(&mut engine, issue(None)).unwrap();
    let note = ask(&mut engine, cancel(&issued["number"], None)).unwrap();
    let said = note["warnings"][0].as_str().unwrap();
    assert!(
        said.contains("EUR 50.00") && said.contains("draft 2 takes it"),
        "{said}"
    );
    let row = engine.store.invoices().unwrap().remove(0);
    assert_eq!(row.standing.owed(&row.invoice).to_string(), "-50.00");
}

#[test]
fn undo_names_a_draft_that_it_leaves_with_nothing() {
    let folder = home();
    let mut engine = open(&folder);
    add(&mut engine, "2026-12-15", None);
    let draft = |engine: &mut Engine, now| engine.draft("acme", &Scope::default(), None, None, now);
    let id = ask(&mut engine, draft).unwrap()["draft"].clone();
    let said = ask(&mut engine, Engine::undo).unwrap().to_string();
    assert!(said.contains(&format!("invoice discard {id}")), "{said}");
}
