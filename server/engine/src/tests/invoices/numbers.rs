//! The numbers of invoices.

use super::*;

#[test]
fn they_may_begin_higher_in_a_month_without_invoices_only() {
    let folder = home();
    let mut engine = open(&folder);
    week(&mut engine);
    let start = |number: Option<&str>, next: Option<u32>| {
        let number = number.map(|number| number.parse().unwrap());
        move |engine: &mut Engine, now| engine.start_numbers(number, next, now)
    };
    let error = ask(&mut engine, start(Some("XYZ-202611-0042"), None))
        .unwrap_err()
        .to_string();
    assert!(error.contains("is not one of yours"), "{error}");
    ask(&mut engine, start(None, Some(7))).unwrap();
    ask(&mut engine, start(Some("JDS-202611-0042"), None)).unwrap();
    assert_eq!(
        ask(&mut engine, issue("acme", day(0))).unwrap()["number"],
        "JDS-202611-0042"
    );
    let error = ask(&mut engine, start(None, Some(100))).unwrap_err().to_string();
    assert!(error.contains("would have a gap"), "{error}");
    assert_eq!(
        ask(&mut engine, issue("acme", day(1))).unwrap()["number"],
        "JDS-202611-0043"
    );
    verified(&mut engine);
}
