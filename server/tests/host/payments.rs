//! Payments from the shell and from the palette: discounts, write-offs, and what is paid beyond what is owed.

use std::fs;

use serde_json::{Value, json};

use crate::harness::Home;

/// Issues an invoice of a fee.
fn issued(home: &Home, amount: &str, date: Option<&str>) -> String {
    home.cli(["invoice", "item", "add", "acme", "--fee", "Setup", amount])
        .ok();
    let mut words = vec!["invoice", "issue", "acme"];
    words.extend(date.iter().flat_map(|date| ["--date", date]));
    let invoice = home.cli(words).json();
    invoice["number"].as_str().expect("a number").to_owned()
}

fn granting() -> Home {
    let home = Home::jane();
    let text = fs::read_to_string(home.config_file()).expect("a config");
    let keys = "[client.acme]\ncash_discount = { days = 10, percent = 2 }\n";
    home.write_config(&text.replacen("[client.acme]\n", keys, 1));
    home
}

fn pay(home: &Home, number: &str, words: &[&str]) -> Value {
    home.cli(["invoice", "pay", number]).args(words).json()
}

fn has_no_problem(home: &Home) {
    assert_eq!(home.cli(["invoice", "verify"]).json()["problems"], json!([]));
}

fn warned(view: &Value, words: &str) -> bool {
    let warnings = view["warnings"].as_array().expect("warnings");
    warnings
        .iter()
        .any(|warning| warning.as_str().is_some_and(|warning| warning.contains(words)))
}

#[test]
fn the_reduced_amount_closes_an_invoice_and_says_the_tax_that_it_takes_back() {
    let home = granting();
    let number = issued(&home, "100", None);
    let shown = home.cli(["invoice", "show", &number]).json();
    assert_eq!(
        (&shown["grossTotal"], &shown["grants"][0]["amount"]),
        (&"119.00".into(), &"2.38".into())
    );
    // As a German writes it.
    let paid = pay(&home, &number, &["--amount", "116,62"]);
    assert_eq!(
        (&paid["status"], &paid["owed"], &paid["paid"]),
        (&"paid".into(), &"0.00".into(), &"116.62".into())
    );
    let taxes = json!([{ "category": "S", "rate": "19", "base": "2.00", "amount": "0.38" }]);
    assert_eq!(paid["discount"], json!({ "amount": "2.38", "taxes": taxes }));
    let discount = &paid["payments"][1];
    assert_eq!(
        (&discount["kind"], &discount["amount"], &discount["taxes"]),
        (&"discount".into(), &"2.38".into(), &taxes)
    );
    let list = home.cli(["invoice", "list"]).ok();
    assert!(
        list.lines()
            .any(|line| line.contains("client") && line.contains("discount")),
        "{list}"
    );
    // Cancelled, the money is credit, and the discount is not.
    home.cli(["invoice", "cancel", &number]).ok();
    let cancelled = home.cli(["invoice", "show", &number]).json();
    assert_eq!(
        (&cancelled["credit"], &cancelled["discount"]),
        (&"116.62".into(), &Value::Null)
    );
    has_no_problem(&home);
}

#[test]
fn a_late_discount_is_taken_by_a_word_and_taken_back_by_another() {
    let home = granting();
    let number = issued(&home, "100", Some("2025-03-10"));
    let late = ["--amount", "116.62", "--date", "2025-03-21"];
    let part = pay(&home, &number, &late);
    assert_eq!((&part["status"], &part["owed"]), (&"part-paid".into(), &"2.38".into()));
    assert!(warned(&part, "--take-discount") && warned(&part, "write-off"), "{part}");
    let taken = pay(&home, &number, &["--take-discount", "--date", "2025-03-21"]);
    assert_eq!((&taken["status"], &taken["paid"]), (&"paid".into(), &"116.62".into()));
    let back = pay(&home, &number, &["--undo-discount"]);
    assert_eq!(
        (&back["status"], &back["owed"], &back["discount"]),
        (&"part-paid".into(), &"2.38".into(), &Value::Null)
    );
    let error = home.cli(["invoice", "pay", &number, "--undo-discount"]).fails(1);
    assert!(error.contains("hint: "), "{error}");
    has_no_problem(&home);
}

#[test]
fn a_write_off_closes_an_invoice_has_a_reason_and_is_taken_back() {
    let home = Home::jane();
    let number = issued(&home, "100", Some("2025-03-10"));
    pay(&home, &number, &["--amount", "118.50"]);
    home.cli(["invoice", "write-off", &number]).fails(2);
    let write_off = ["invoice", "write-off", &number, "--reason", "bank fees"];
    let closed = home.cli(write_off).json();
    assert_eq!(
        (&closed["status"], &closed["owed"], &closed["writtenOff"]["amount"]),
        (&"paid".into(), &"0.00".into(), &"0.50".into())
    );
    let payment = &closed["payments"][1];
    assert_eq!(
        (&payment["kind"], &payment["reason"]),
        (&"write-off".into(), &"bank fees".into())
    );
    home.cli(write_off).fails(1);
    let open = home.cli(["invoice", "write-off", &number, "--undo"]).json();
    assert_eq!((&open["status"], &open["owed"]), (&"part-paid".into(), &"0.50".into()));
    // At once with a payment; and an invoice on which nothing came in is not called paid.
    let paid = pay(
        &home,
        &number,
        &["--amount", "0,30", "--write-off", "too little to ask for"],
    );
    assert_eq!(
        (&paid["owed"], &paid["writtenOff"]["amount"]),
        (&"0.00".into(), &"0.20".into())
    );
    let lost = issued(&home, "50", None);
    let lost = home
        .cli(["invoice", "write-off", &lost, "--reason", "insolvent"])
        .json();
    assert_eq!(lost["status"], "written-off");
    let found = home.cli(["invoice", "list", "--state", "written-off"]).json();
    assert_eq!(found.as_array().map(Vec::len), Some(1));
    assert_eq!(home.cli(["invoice", "list", "--unpaid"]).json(), json!([]));
    has_no_problem(&home);
}

#[test]
fn what_is_too_much_is_confirmed_and_the_next_invoice_uses_it() {
    let home = Home::jane();
    let first = issued(&home, "15.97", Some("2025-03-10"));
    let over = ["invoice", "pay", &first, "--amount", "25"];
    let error = home.cli(over).fails_with_json(1);
    assert_eq!(error["code"], "overpaid");
    assert_eq!(home.cli(["invoice", "show", &first]).json()["payments"], json!([]));
    let paid = home.cli(over).args(["--yes"]).json();
    assert_eq!((&paid["status"], &paid["credit"]), (&"paid".into(), &"6.00".into()));
    let clients = home.cli(["client", "list"]).json();
    assert_eq!(clients["clients"][0]["credit"], json!({ "EUR": "6.00" }));
    // A draft takes it, and gives it back when it is discarded.
    let item = ["invoice", "item", "add", "acme", "--fee", "Setup", "100"];
    let used = json!([{ "of": first, "amount": "6.00" }]);
    let draft = home.cli(item).json();
    assert_eq!((&draft["prepayments"], &draft["due"]), (&used, &"113.00".into()));
    home.cli(["invoice", "discard", "acme"]).ok();
    assert_eq!(home.cli(item).json()["prepayments"], used);
    let second = home.cli(["invoice", "issue", "acme"]).json();
    assert_eq!(
        (&second["prepaid"], &second["owed"]),
        (&"6.00".into(), &"113.00".into())
    );
    let first = home.cli(["invoice", "show", &first]).json();
    assert_eq!(
        (&first["credit"], &first["payments"][1]["usedBy"]),
        (&Value::Null, &second["number"])
    );
    // Cancelled, it is credit again.
    let number = second["number"].as_str().expect("a number");
    home.cli(["invoice", "cancel", number]).ok();
    assert_eq!(home.cli(["invoice", "show", number]).json()["credit"], "6.00");
    has_no_problem(&home);
}

#[test]
fn of_two_issues_at_once_one_uses_the_credit() {
    let home = Home::jane();
    let first = issued(&home, "100", Some("2025-03-10"));
    pay(&home, &first, &["--amount", "129", "--yes"]);
    for day in ["2025-03-03", "2025-03-04"] {
        home.cli(["add", "acme/api", "1:00", "--day", day]).ok();
    }
    let used: Vec<Value> = std::thread::scope(|scope| {
        let issues = ["2025-03-03", "2025-03-04"].map(|day| {
            let home = &home;
            scope.spawn(move || {
                let words = ["invoice", "issue", "acme", "--from", day, "--to", day, "--json"];
                let ran = home.cli(words).run();
                let issued = || serde_json::from_str::<Value>(&ran.stdout).expect("JSON");
                // The one that computed with what the other used is refused, and issues nothing.
                if ran.code == Some(0) {
                    issued()["prepaid"].clone()
                } else {
                    json!("0.00")
                }
            })
        });
        issues
            .into_iter()
            .map(|issue| issue.join().expect("an issue"))
            .collect()
    });
    let times = used.iter().filter(|used| **used == "10.00").count();
    assert_eq!(times, 1, "{used:?}");
    assert_eq!(home.cli(["invoice", "show", &first]).json()["credit"], Value::Null);
    has_no_problem(&home);
}

#[test]
fn editors_ask_before_they_note_too_much_and_write_off_by_a_choice() {
    let home = Home::jane();
    let number = issued(&home, "15.97", None);
    let mut host = home.plugin("test");
    let choose = |host: &mut crate::harness::Host, what: &str| {
        host.execute("keeptab.invoices", &[]).expect("a conversation");
        host.answer("keeptab/pick", |_| json!(number));
        host.answer("keeptab/pick", |_| json!(what))
    };
    choose(&mut host, "pay");
    host.answer("keeptab/input", |_| json!("10,00"));
    host.answer("keeptab/input", |_| json!(""));
    host.wait_for("keeptab/told", |_| true);
    choose(&mut host, "write-off");
    host.answer("keeptab/input", |_| json!("bank fees"));
    host.wait_for("keeptab/told", |_| true);
    let shown = || home.cli(["invoice", "show", &number]).json();
    assert_eq!(
        (&shown()["owed"], &shown()["writtenOff"]["amount"]),
        (&"0.00".into(), &"9.00".into())
    );
    let offered = choose(&mut host, "undo-write-off");
    let values: Vec<&Value> = offered["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|item| &item["value"])
        .collect();
    assert!(!values.contains(&&json!("pay")), "{offered}");
    host.wait_for("keeptab/told", |_| true);
    // By the words of the shell as well.
    assert_eq!(
        host.execute("keeptab.invoice", &["pay", &number, "--amount", "15"]),
        Ok(Value::Null)
    );
    host.answer("keeptab/pick", |_| json!("no"));
    assert_eq!(shown()["owed"], "9.00");
    choose(&mut host, "pay");
    host.answer("keeptab/input", |_| json!("15"));
    host.answer("keeptab/input", |_| json!(""));
    host.answer("keeptab/pick", |_| json!("yes"));
    host.wait_for("keeptab/told", |_| true);
    assert_eq!(shown()["credit"], "6.00");
    host.expect_no_error();
}
