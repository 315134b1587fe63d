//! An entry with a rate of its own: it is billed by it, wherever it goes.

use rust_decimal::Decimal;

use super::*;

const HARVEST: &str =
    "Date,Client,Project,Task,Notes,Hours,Billable?,Invoiced?,First Name,Last Name,Billable Rate,Currency
2026-11-16,Acme,api,,one,2.00,Yes,No,Ann,Lee,120.00,Euro - EUR
2026-11-16,Acme,api,,two,1.00,Yes,No,Ann,Lee,,Euro - EUR
2026-11-17,Acme,api,,three,1.00,Yes,No,Ann,Lee,80.00,US Dollar - USD
";

/// Returns the lines of a draft as quantity × rate, and the report's amount for the same time.
fn bill(desk: &mut Desk) -> (Vec<String>, String) {
    let draft = desk.run(|engine, now| engine.draft("acme", &Scope::default(), None, None, now));
    let lines = draft["lines"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let lines = lines.map(|line| format!("{} × {}", text(&line["quantity"]), text(&line["rate"])));
    let lines = lines.collect();
    let which = draft["draft"].to_string();
    desk.run(|engine, _| engine.discard(&which));
    let report = report(&mut desk.engine, at(desk.now));
    let rows = report["rows"].as_array().unwrap().iter();
    let sum: Decimal = rows
        .map(|row| row["amount"].as_str().unwrap().parse::<Decimal>().unwrap())
        .sum();
    assert_eq!(sum.to_string(), text(&draft["lineTotal"]));
    (lines, sum.to_string())
}

#[test]
fn an_entry_is_billed_by_its_own_rate_wherever_it_goes() {
    let (mut one, mut other) = (Desk::new(), Desk::new());
    let file = one.path("harvest.csv");
    fs::write(&file, HARVEST).unwrap();
    one.import(&file);
    // A rate in another currency than the project's is ignored.
    let expected = (
        vec!["2.00 × 95.00".to_owned(), "2.00 × 120".to_owned()],
        "430.00".to_owned(),
    );
    assert_eq!(bill(&mut one), expected);
    // A replacement keeps it.
    let entry = |desk: &Desk| {
        let entries = desk.engine.store.entries(None).unwrap().into_iter();
        entries.filter(|entry| entry.rate.is_some()).collect::<Vec<_>>()
    };
    let [own] = &entry(&one)[..] else {
        panic!("one has a rate")
    };
    let with = keeptab_core::timesheet::NewEntryLine {
        day: own.day,
        project: own.project.clone(),
        span: None,
        length: own.length,
        note: Some("right words".into()),
        billable: true,
        beside: false,
    };
    let edit = Edit::Replace { entry: own.id, with };
    one.engine.store.apply(&[edit], at(one.now)).unwrap();
    assert_eq!(entry(&one)[0].note.as_deref(), Some("right words"));
    assert_eq!(bill(&mut one), expected);
    // Another home gets it from the export, and a restored invoice has the same amounts.
    other.import(&one.export("first.json"));
    assert_eq!(bill(&mut other), expected);
    one.issue().unwrap();
    one.hold();
    let mut third = Desk::new();
    third.import(&one.export("second.json"));
    third.hold();
}
