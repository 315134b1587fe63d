//! The setup: what it asks, what it writes, and what it changes later.

use serde_json::{Value, json};

use crate::harness::{Home, Host, Trace, keys};
use crate::palette::contains;

/// Answers the questions of the setup, and returns them.
pub fn answered(host: &mut Host, answers: &[(&str, &str)]) -> Vec<Value> {
    let answer = |(asks, answer): &(&str, &str)| {
        let question = host.answer("keeptab/input", |_| json!(answer));
        assert_eq!(keys(&question), ["prompt", "title", "value"]);
        assert!(contains(&question["prompt"], asks), "{asks}: {question}");
        question
    };
    answers.iter().map(answer).collect()
}

#[test]
fn init_asks_what_an_invoice_needs_and_writes_a_config_that_is_right() {
    let home = Home::empty();
    let mut host = home.plugin("test");
    assert_eq!(host.execute("keeptab.init", &[]), Ok(Value::Null));
    let questions = answered(
        &mut host,
        &[
            ("Name of your business (1 of 22)", "Jane Doe Software"),
            ("invoice numbers", "jds"),
            ("Street", "Hauptstr. 1"),
            ("Postal code", "10115"),
            ("City", "Berlin"),
            ("Country", "Atlantis"),
            ("not a country", "germany"),
            ("VAT id", "123"),
            ("no country prefix", ""),
            ("Your e-mail address", "jane@example.com"),
            ("IBAN", "DE89 3704 0044 0532 0130 01"),
            ("is not an IBAN", "de89 3704 0044 0532 0130 00"),
            ("Currency", "eur"),
            ("VAT in per cent", ""),
            ("Tax number", "12/345/67890"),
            ("Time zone", "europe/berlin"),
            ("first client", "Acme Co"),
            ("street", "Ring 1"),
            ("postal code", "80331"),
            ("city", "München"),
            ("country", "de"),
            ("client's VAT id", ""),
            ("invoices go", "billing"),
            ("not an e-mail address", "billing@acme.example"),
            ("project", "API"),
            ("Hourly rate", "much"),
            ("Hourly rate", "95,00"),
            ("Folder", "~/work/acme/api"),
        ],
    );
    // The prefix of invoice numbers is proposed from the name, and a wrong answer is there to be mended.
    assert_eq!(questions[1]["value"], "JDS");
    assert_eq!(questions[6]["value"], "Atlantis");
    assert_eq!(questions[11]["value"], "DE89 3704 0044 0532 0130 01");
    assert_eq!(questions[12]["value"], "EUR");
    assert_eq!(questions[20]["value"], "DE");
    assert!(contains(&questions[27]["prompt"], "(23 of 23)"), "{}", questions[27]);
    host.wait_for("keeptab/told", |told| contains(&told["text"], "Written: "));
    let document = host.answer("window/showDocument", |_| json!({ "success": true }));
    assert_eq!(document["uri"], format!("file://{}", home.config_file().display()));
    home.cli(["doctor"]).ok();
    assert!(!home.folder().join("setup.json").exists());

    // The new config applies.
    let path = home.user().join("work/acme/api/a.rs");
    host.record(&Trace::new().work(path.to_str().expect("a path"), 0..=3_600));
    assert_eq!(home.cli(["invoice", "issue", "acme-co"]).json()["grossTotal"], "95.00");

    // Run again, it changes what is there: the answers of today are proposed, and the rest stays as it is written.
    host.execute("keeptab.init", &[]).expect("a conversation");
    let questions = answered(
        &mut host,
        &[
            ("Name of your business (1 of 12)", "Jane Doe Software"),
            ("invoice numbers", "JDS"),
            ("Street", "Hauptstr. 2"),
            ("Postal code", "10115"),
            ("City", "Berlin"),
            ("Country", "DE"),
            ("VAT id", ""),
            ("Your e-mail address", "jane@example.com"),
            ("IBAN", "DE89 3704 0044 0532 0130 00"),
            ("Currency", "EUR"),
            ("VAT in per cent", ""),
            ("Tax number", "12/345/67890"),
            ("Time zone", "Europe/Berlin"),
        ],
    );
    let proposed: Vec<&str> = questions
        .iter()
        .filter_map(|question| question["value"].as_str())
        .collect();
    assert_eq!(
        proposed[..6],
        ["Jane Doe Software", "JDS", "Hauptstr. 1", "10115", "Berlin", "DE"]
    );
    let before = home.config();
    host.wait_for("keeptab/told", |told| contains(&told["text"], "written to"));
    assert_eq!(home.config(), before.replace("Hauptstr. 1", "Hauptstr. 2"));
    home.cli(["init", "--name", "Jane Doe"]).ok();
    assert!(home.config().contains("name = \"Jane Doe\"\n"), "{}", home.config());
    let refused = home.cli(["init"]).fails(1);
    assert!(refused.contains("set up already"), "{refused}");
}

#[test]
fn init_that_is_left_writes_nothing_and_proposes_its_answers_again() {
    let home = Home::empty();
    let mut host = home.plugin("test");
    host.execute("keeptab.init", &[]).expect("a conversation");
    answered(
        &mut host,
        &[("business", "Jane Doe Software"), ("invoice numbers", "JD")],
    );
    host.answer("keeptab/input", |_| Value::Null);
    host.wait_for("keeptab/told", |told| contains(&told["text"], "kept"));
    host.expect_no_error();
    assert!(!home.config_file().exists());

    host.execute("keeptab.init", &[]).expect("a conversation");
    let questions = answered(&mut host, &[("business", "Jane Doe"), ("invoice numbers", "<")]);
    assert_eq!(questions[0]["value"], "Jane Doe Software");
    assert_eq!(questions[1]["value"], "JD");
    // One question back, with the answer of just now.
    let questions = answered(&mut host, &[("business", "<"), ("business", "Jane Doe")]);
    assert_eq!(questions[0]["value"], "Jane Doe");
    assert!(contains(&questions[1]["prompt"], "(1 of "), "{}", questions[1]);

    // A setup that is left after one answer keeps the later ones of the setup before.
    host.answer("keeptab/input", |_| Value::Null);
    host.execute("keeptab.init", &[]).expect("a conversation");
    let questions = answered(&mut host, &[("business", "Jane Doe"), ("invoice numbers", "JDX")]);
    assert_eq!(questions[1]["value"], "JD");
    // A business that is written by hand meanwhile ends it, and no answer stays behind.
    host.answer("keeptab/input", |_| Value::Null);
    assert!(home.folder().join("setup.json").exists());
    std::fs::write(home.config_file(), Home::jane().config()).expect("a config");
    host.execute("keeptab.init", &[]).expect("a conversation");
    let name = host.answer("keeptab/input", |_| Value::Null);
    assert!(contains(&name["title"], "Change Your Business"), "{name}");
    assert!(!home.folder().join("setup.json").exists());
}

#[test]
fn init_counts_only_the_questions_that_come() {
    let home = Home::empty();
    let mut host = home.plugin("test");
    host.execute("keeptab.init", &[]).expect("a conversation");
    let questions = answered(
        &mut host,
        &[
            ("business", "Jane"),
            ("invoice numbers", "J"),
            ("Street", ""),
            ("Postal code", ""),
            ("City", "Berlin"),
            ("Country", "DE"),
            ("VAT id", ""),
            ("e-mail address", ""),
            ("IBAN", ""),
            ("Currency", "EUR"),
            ("VAT in per cent", "19 %"),
            ("Tax number", "13/815/08150"),
            ("Time zone", "Europe/Berlin"),
            ("first client", ""),
        ],
    );
    // Without a VAT id, there is one question more.
    assert!(contains(&questions[6]["prompt"], "(7 of 22)"), "{}", questions[6]);
    assert!(contains(&questions[10]["prompt"], "(11 of 23)"), "{}", questions[10]);
    assert!(contains(&questions[11]["prompt"], "(12 of 23)"), "{}", questions[11]);
    host.wait_for("keeptab/told", |told| contains(&told["text"], "Written: "));
    let config = std::fs::read_to_string(home.config_file()).expect("a config");
    assert!(
        config.contains("13/815/08150") && !config.contains("[client"),
        "{config}"
    );
}
