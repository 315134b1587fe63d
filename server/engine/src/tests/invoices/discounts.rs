//! A discount goes with the time that a credit note released, to the invoice that bills it again.

use super::*;

fn give(engine: &mut Engine, percent: i64) {
    let item = Item::Discount(Discount {
        reason: "loyalty".into(),
        tax: None,
        covers: Covers::All,
        of: Reduction::Percent(percent.into()),
    });

    ask(engine, |engine, now| engine.add_item("acme", &item, now)).unwrap();
}

/// Returns the net of all invoices, less credit notes.
fn net(engine: &Engine) -> Decimal {
    let rows = engine.store.invoices().unwrap();
    let net = |row: &keeptab_store::InvoiceRow| {
        let content = row.invoice.content();
        let net = content.totals.net.value();
        if content.kind.credited().is_some() { -net } else { net }
    };
    rows.iter().map(net).sum()
}

#[test]
fn time_that_is_billed_again_takes_its_share_of_the_discount() {
    let folder = home();
    let mut engine = open(&folder);
    week(&mut engine);
    give(&mut engine, 10);
    // 237.50 and 275.00, less 51.25.
    ask(&mut engine, issue("acme", None)).unwrap();
    let note = ask(&mut engine, cancel("JDS-202611-0001", Some(vec![0]), false)).unwrap();
    assert_eq!(note["allowanceTotal"], "23.75");
    // A day of five, and the draft of the rest says so before it is issued.
    let part = ask(&mut engine, issue("acme", day(2))).unwrap();
    assert_eq!(
        (
            &part["allowances"][0]["reason"],
            &part["allowanceTotal"],
            &part["netTotal"]
        ),
        (&"discount of JDS-202611-0001".into(), &"4.75".into(), &"42.75".into())
    );
    let draft = |engine: &mut Engine, now| engine.draft("acme", &Scope::default(), None, None, now);
    assert_eq!(ask(&mut engine, draft).unwrap()["allowanceTotal"], "19.00");
    ask(&mut engine, issue("acme", None)).unwrap();
    assert_eq!(net(&engine).to_string(), "461.25");
    // The discount on the day is credited with it once more, under the new invoice's name.
    let note = ask(&mut engine, cancel("JDS-202611-0003", None, false)).unwrap();
    assert_eq!(note["allowanceTotal"], "4.75");
    let again = ask(&mut engine, issue("acme", None)).unwrap();
    assert_eq!(
        (&again["allowances"][0]["reason"], &again["netTotal"]),
        (&"discount of JDS-202611-0003".into(), &"42.75".into())
    );
    // Time that stays billed keeps its discount.
    ask(&mut engine, cancel("JDS-202611-0001", None, true)).unwrap();
    assert!(
        engine
            .store
            .released("acme")
            .unwrap()
            .iter()
            .all(|of| of.share.to_string() != "27.50")
    );
    verified(&mut engine);
}

#[test]
fn a_share_that_another_window_billed_meanwhile_is_not_billed_twice() {
    let folder = home();
    let mut engine = open(&folder);
    week(&mut engine);
    give(&mut engine, 10);
    ask(&mut engine, issue("acme", None)).unwrap();
    ask(&mut engine, cancel("JDS-202611-0001", Some(vec![0]), false)).unwrap();
    let stale = engine.store.released("acme").unwrap();
    ask(&mut engine, issue("acme", day(2))).unwrap();
    let content = engine.store.invoices().unwrap().remove(0).invoice.content().clone();
    let issue = keeptab_store::Issue {
        org: "JDS".parse().unwrap(),
        date: "2026-11-20".parse().unwrap(),
        content,
        lines: Vec::new(),
        entries: HashMap::new(),
        released: stale,
    };
    let error = engine.store.issue(&issue, None, at(NOW)).unwrap_err();
    assert!(error.to_string().contains("look at it again"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    /// All time comes to the first invoice's net, whatever lines are taken back and however they are billed again.
    #[test]
    fn discounts_are_conserved_to_the_cent(percent in 1..60_i64, steps in vec((0..5_i64, 0..8_usize, 0..2_usize), 1..14)) {
        let folder = home();
        let mut engine = open(&folder);
        week(&mut engine);
        give(&mut engine, percent);
        ask(&mut engine, issue("acme", None)).unwrap();
        let whole = net(&engine);
        for (nth, invoice, line) in steps {
            let rows = engine.store.invoices().unwrap();
            let two = |row: &&keeptab_store::InvoiceRow| {
                row.invoice.content().kind.credited().is_none() && row.invoice.content().lines.len() > 1
            };
            let numbers: Vec<String> = rows.iter().filter(two).map(|row| row.invoice.number().to_string()).collect();
            let number = one_of(&numbers, invoice).unwrap();
            // Some of it is refused: a line twice, a day without time.
            let _ = ask(&mut engine, cancel(number, Some(vec![line]), false));
            let _ = ask(&mut engine, issue("acme", day(nth)));
        }
        let _ = ask(&mut engine, issue("acme", None));
        prop_assert_eq!(net(&engine), whole);
        let found = engine.verify(None, None).unwrap();
        prop_assert!(found.holds(), "{}", found);
    }
}
