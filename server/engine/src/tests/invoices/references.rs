//! References, terms and taxes that the config has for a client.

use super::*;

const ABROAD: &str = r#"
[business]
name = "Jane"
org = "JDS"
city = "Berlin"
country = "DE"
vat_id = "DE123456789"
currency = "EUR"
time_zone = "Europe/Berlin"
payment_days = 30
payment_end_of_month = "after"
tax = { category = "S", rate = 19 }

[client.acme]
name = "Acme"
city = "Wien"
country = "AT"
currency = "USD"
contract_reference = "RV-7"
project_reference = "P-0"
supplier_number = "LF-0815"

[project.api]
client = "acme"
rate = "95.00"
paths = ["/w/api"]
project_reference = "P-17"

[project.web]
client = "acme"
rate = "110.00"
paths = ["/w/web"]
"#;

fn abroad() -> (TempDir, Engine) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("keeptab.toml"), ABROAD).unwrap();
    let mut engine = open(&folder);
    week(&mut engine);
    (folder, engine)
}

fn draft(engine: &mut Engine) -> Value {
    ask(engine, |engine, now| {
        engine.draft("acme", &None.into(), None, None, now)
    })
    .unwrap()
}

fn warnings(view: &Value) -> Vec<&str> {
    view["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|text| text.as_str().unwrap())
        .collect()
}

fn exchange(engine: &mut Engine, rate: &str) -> Result<Value> {
    let item = Item::Exchange(rate.parse()?);
    ask(engine, |engine, now| engine.add_item("acme", &item, now))
}

#[test]
fn references_and_terms_come_from_the_config() {
    let (_folder, mut engine) = abroad();
    draft(&mut engine);
    exchange(&mut engine, "EUR=1.0850").unwrap();
    let issued = ask(&mut engine, issue("acme", None)).unwrap();
    assert_eq!(issued["contractReference"], "RV-7");
    assert_eq!(issued["supplierNumber"], "LF-0815");
    // The one of the project that has one.
    assert_eq!(issued["projectReference"], "P-17");
    // Issued on the 21st of November: 30 days, and the month is filled up.
    assert_eq!(issued["issueDate"], "2026-11-21");
    assert_eq!(issued["dueDate"], "2026-12-31");
}

#[test]
fn the_tax_in_the_own_currency_follows_the_rate_that_was_given() {
    let (_folder, mut engine) = abroad();
    let view = draft(&mut engine);
    let lacks = |view: &Value| warnings(view).iter().any(|text| text.contains("--exchange-rate EUR="));
    assert!(lacks(&view), "{view}");
    let third = exchange(&mut engine, "CHF=1.1").unwrap_err().to_string();
    assert!(third.contains("does not convert USD to EUR"), "{third}");
    let view = exchange(&mut engine, "EUR=1.0850").unwrap();
    assert!(!lacks(&view), "{view}");
    // 512.50 net: 97.38 of tax.
    assert_eq!(view["taxTotal"], "97.38");
    let expected = serde_json::json!({ "currency": "EUR", "amount": "89.75", "rate": "EUR=1.0850" });
    assert_eq!(view["homeTax"], expected);
    let issued = ask(&mut engine, issue("acme", None)).unwrap();
    assert_eq!(issued["homeTax"], expected);
    // The credit note of a line has its tax at the same rate.
    let note = ask(&mut engine, cancel("JDS-202611-0001", Some(vec![0]), false)).unwrap();
    let tax: Decimal = note["taxTotal"].as_str().unwrap().parse().unwrap();
    let amount: Decimal = note["homeTax"]["amount"].as_str().unwrap().parse().unwrap();
    assert_eq!(amount, (tax / Decimal::new(1085, 3)).round_dp(2));
    verified(&mut engine);
}

#[test]
fn a_tax_that_a_client_abroad_only_inherits_is_doubted_everywhere() {
    let (folder, mut engine) = abroad();
    let about = |text: &str| text.contains("category = \"AE\"") && text.contains("vat_id under [client.acme]");
    let view = draft(&mut engine);
    assert_eq!(warnings(&view).iter().filter(|text| about(text)).count(), 1, "{view}");
    assert!(
        warnings(&view)
            .iter()
            .all(|text| !about(text) || text.lines().count() == 1)
    );
    assert_eq!(
        engine
            .findings()
            .iter()
            .filter(|finding| about(&finding.message))
            .count(),
        1
    );
    let monday = keeptab_core::calendar::Calendar::new(chrono_tz::Europe::Berlin).day_of(at(0));
    let week = keeptab_core::calendar::Week::of(monday);
    let sheet = engine
        .sheet(week, keeptab_core::timesheet::Revision(0), at(NOW))
        .unwrap()
        .sheet;
    assert_eq!(
        sheet.doubts.iter().filter(|text| about(text)).count(),
        1,
        "{:?}",
        sheet.doubts
    );
    // With a tax of its own there is no doubt, whichever it is.
    let own = ABROAD.replace("currency = \"USD\"", "tax = { category = \"S\", rate = 20 }");
    fs::write(folder.path().join("keeptab.toml"), own).unwrap();
    engine.reload(at(NOW)).unwrap();
    assert_eq!(engine.findings().len(), 0);
    let view = ask(&mut engine, |engine, now| engine.show("acme", now)).unwrap();
    assert_eq!(warnings(&view), Vec::<&str>::new());
}

#[test]
fn a_credit_note_says_its_reason_and_a_client_without_a_draft_has_its_latest_document() {
    let (_folder, mut engine) = abroad();
    draft(&mut engine);
    exchange(&mut engine, "EUR=1.0850").unwrap();
    let show = |engine: &mut Engine| ask(engine, |engine, now| engine.show("acme", now));
    assert_eq!(show(&mut engine).unwrap()["draft"], 1);
    ask(&mut engine, issue("acme", None)).unwrap();
    assert_eq!(show(&mut engine).unwrap()["number"], "JDS-202611-0001");
    let number: InvoiceNumber = "JDS-202611-0001".parse().unwrap();
    let mut cancel = |reason: &str| {
        ask(&mut engine, |engine, now| {
            engine.cancel(&number, None, true, None, Some(reason.into()), now)
        })
    };
    // No font has this one, and nothing is issued with a box in its place.
    let refused = cancel("wrong \u{378}").unwrap_err().to_string();
    assert!(refused.contains("U+0378"), "{refused}");
    let note = cancel("wrong rate").unwrap();
    assert_eq!(note["notes"], serde_json::json!(["wrong rate"]));
    assert_eq!(show(&mut engine).unwrap()["number"], "JDS-202611-0002");
    verified(&mut engine);
}
