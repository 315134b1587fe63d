//! Invalid invoices are refused before anything is written, with a hint.

use serde_json::{Value, json};

use crate::harness::{Home, Trace};

fn after_work() -> Home {
    let home = Home::jane();
    let work = Trace::new()
        .work("/work/acme/api/a.rs", 0..=3_600)
        .work("/work/globex/a.rs", 3_600..=7_200);
    home.plugin("test").record(&work);
    home
}

/// Changes Jane's config and expects an invoice to Acme to be refused, with nothing written.
#[track_caller]
fn refused(changes: &[(&str, &str)], words: &[&str], says: &str) {
    let home = after_work();
    let mut config = home.config();
    for (from, to) in changes {
        assert!(config.contains(from), "{from}");
        config = config.replacen(from, to, 1);
    }
    home.write_config(&config);
    let error = home.cli(["invoice"].iter().chain(words)).fails(1);
    assert!(error.contains(says) && error.contains("hint: "), "{error}");
    nothing_was_written(&home);
}

#[track_caller]
fn nothing_was_written(home: &Home) {
    assert_eq!(home.cli(["invoice", "list"]).json(), json!([]));
    let report = home.cli(["report", "--all"]).json();
    let invoiced = report["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| &row["invoicedSeconds"]);
    assert!(invoiced.into_iter().all(|seconds| *seconds == 0));
}

const ISSUE: [&str; 4] = ["issue", "acme", "--date", "2025-03-10"];

#[test]
fn an_empty_period() {
    refused(
        &[],
        &["issue", "acme", "--from", "2025-03-01", "--date", "2025-03-10"],
        "there is nothing to bill acme",
    );
    refused(
        &[],
        &["draft", "acme", "--from", "2025-03-01"],
        "there is nothing to bill acme",
    );
}

#[test]
fn several_currencies() {
    refused(
        &[(
            "[project.\"globex/web\"]\nclient = \"globex\"",
            "[project.\"globex/web\"]\ncurrency = \"USD\"\nclient = \"acme\"",
        )],
        &ISSUE,
        "EUR (acme/api), USD (globex/web)",
    );
    let home = after_work();
    let dollars = "[project.\"acme/us\"]\nclient = \"acme\"\ncurrency = \"USD\"";
    home.write_config(&format!("{}\n{dollars}\n", home.config()));
    let words = [
        "invoice",
        "item",
        "add",
        "acme",
        "--fee",
        "Setup",
        "10",
        "--project",
        "acme/us",
    ];
    // A fee in another currency is on a draft of its own, without time in euros.
    let draft = home.cli(words).json();
    assert_eq!(
        (&draft["currency"], &draft["netTotal"]),
        (&json!("USD"), &json!("10.00"))
    );
    let id = draft["draft"].to_string();
    let words = [
        "invoice",
        "item",
        "add",
        &id,
        "--fee",
        "Trip",
        "10",
        "--project",
        "acme/api",
    ];
    let error = home.cli(words).fails(1);
    assert!(
        error.contains("in several currencies: USD, and EUR (acme/api)"),
        "{error}"
    );
    home.cli(["invoice", "discard", &id]).json();
    nothing_was_written(&home);
}

#[test]
fn parties_that_are_not_whole() {
    refused(&[("city = \"München\"\n", "")], &ISSUE, "Acme Co has no address");
    refused(
        &[("vat_id = \"DE123456789\"\n", "")],
        &ISSUE,
        "has no VAT id or tax number",
    );
    refused(
        &[("vat_id = \"DE123456789\"", "vat_id = \"DE1234\"")],
        &ISSUE,
        "`DE1234` is not a VAT id",
    );
    refused(
        &[(
            "country = \"DE\"\n\n[client.globex]",
            "country = \"DE\"\nvat_id = \"12345678\"\n\n[client.globex]",
        )],
        &ISSUE,
        "no country prefix",
    );
}

#[test]
fn taxes_that_demand_more() {
    let taxed = |category: &str| format!("[client.acme]\ntax = {{ category = \"{category}\" }}");
    refused(
        &[("[client.acme]", &taxed("AE"))],
        &ISSUE,
        "reverse charge needs the VAT id of Acme Co",
    );
    refused(
        &[
            ("[client.acme]", &taxed("G")),
            ("vat_id = \"DE123456789\"\n", "tax_number = \"12/345\"\n"),
        ],
        &ISSUE,
        "an export without VAT needs the VAT id",
    );
    let home = after_work();
    let drafted = home
        .cli(["invoice", "item", "add", "acme", "--fee", "Fine", "10", "--tax", "O"])
        .json();
    assert!(
        drafted["trouble"]
            .as_str()
            .expect("trouble")
            .contains("cannot stand beside taxed ones")
    );
    let error = home.cli(["invoice", "issue", "acme"]).fails(1);
    assert!(
        error.contains("outside the scope of VAT") && error.contains("hint: "),
        "{error}"
    );
    home.cli(["invoice", "discard", "acme"]).ok();
    nothing_was_written(&home);
}

#[test]
fn numbers_that_cannot_be_right() {
    refused(
        &[("DE75512108001245126199", "DE75512108001245126198")],
        &ISSUE,
        "is not an IBAN",
    );
    refused(&[("iban = ", "bic = \"DEUT1\"\niban = ")], &ISSUE, "is not a BIC");
    refused(
        &[("currency = \"EUR\"", "currency = \"EURO\"")],
        &ISSUE,
        "unknown currency `EURO`",
    );
    refused(
        &[("country = \"DE\"", "country = \"XX\"")],
        &ISSUE,
        "unknown country `XX`",
    );
    refused(
        &[("[client.acme]", "[client.acme]\nlanguage = \"xx\"")],
        &ISSUE,
        "unknown language `xx`",
    );
    refused(
        &[("[client.acme]", "[client.acme]\nlogo = \"none.svg\"")],
        &ISSUE,
        "none.svg cannot be read",
    );
}

#[test]
fn dates_that_go_back_or_ahead() {
    let home = after_work();
    let range = ["--from", "2025-03-03", "--date"];
    home.cli(["invoice", "issue", "acme"])
        .args(range)
        .args(["2025-03-10"])
        .ok();
    let back = home
        .cli(["invoice", "issue", "globex"])
        .args(range)
        .args(["2025-03-09"])
        .fails(1);
    assert!(
        back.contains("2025-03-09 lies before 2025-03-10") && back.contains("hint: "),
        "{back}"
    );
    let number = "JDS-202503-0001";
    for words in [
        vec!["issue", "globex", "--date", "2099-01-01"],
        vec!["cancel", number, "--date", "2099-01-01"],
        vec!["pay", number, "--date", "2099-01-01"],
        vec!["send", number, "--mark", "--date", "2099-01-01"],
    ] {
        let ahead = home.cli(["invoice"].into_iter().chain(words)).fails(1);
        assert!(
            ahead.contains("is in the future") && ahead.contains("hint: "),
            "{ahead}"
        );
    }
    let before = home.cli(["invoice", "cancel", number, "--date", "2025-03-09"]).fails(1);
    assert!(before.contains("lies before 2025-03-10"), "{before}");
    assert_eq!(home.cli(["invoice", "list"]).json().as_array().map(Vec::len), Some(1));
}

#[test]
fn words_that_say_nothing_or_too_much() {
    let home = after_work();
    for words in [
        vec!["item", "add", "acme"],
        vec!["item", "add", "acme", "--fee", "Setup"],
        vec![
            "item",
            "add",
            "acme",
            "--fee",
            "Setup",
            "1",
            "--discount",
            "10%",
            "--reason",
            "x",
        ],
        vec!["item", "add", "acme", "--discount", "10%"],
        vec!["item", "add", "acme", "--discount", "ten", "--reason", "x"],
        vec!["item", "add", "acme", "--prepaid", "1", "--reason", "x"],
        vec!["item", "add", "acme", "--fee", "Setup", "1", "--tax", "X"],
        vec!["pay"],
        vec!["pay", "JDS-202503-0001", "--amount", "much"],
        vec!["cancel", "JDS-202503-0001", "--lines", "one"],
        vec!["list", "--state", "lost"],
        vec!["start"],
        vec!["start", "JDS-202503-0002", "--next", "3"],
    ] {
        home.cli(["invoice"].into_iter().chain(words)).fails(2);
    }
    for words in [
        vec!["item", "add", "acme", "--fee", "", "1"],
        vec!["item", "add", "acme", "--fee", "Setup", "-1"],
        vec!["item", "add", "acme", "--fee", "Setup", "1", "--quantity", "0"],
        vec![
            "item",
            "add",
            "acme",
            "--fee",
            "Setup",
            "1",
            "--project",
            "nobody/nothing",
        ],
        vec!["item", "add", "acme", "--fee", "Setup", "1", "--project", "globex/web"],
        vec!["item", "add", "acme", "--discount", "101%", "--reason", "x"],
        vec!["item", "add", "acme", "--discount", "100000", "--reason", "x"],
        vec!["item", "add", "acme", "--prepaid", "100000"],
        vec!["item", "add", "nobody", "--fee", "Setup", "1"],
        vec!["item", "remove", "acme", "1"],
        vec!["cancel", "JDS-202503-0001", "--lines", "0"],
        vec!["cancel", "JDS-202503-0001"],
        vec!["start", "--next", "0"],
        vec!["export", "/nowhere", "--client", "acme"],
    ] {
        let error = home.cli(["invoice"].into_iter().chain(words)).fails(1);
        assert!(error.contains("hint: "), "{error}");
    }
    nothing_was_written(&home);
    let none: Value = home.cli(["invoice", "verify"]).json();
    assert_eq!(none["invoices"], 0);
}
