//! Drafts side by side for a client whose projects have two currencies, from the shell and from the palette.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::harness::{Home, Trace};

/// Jane has worked an hour for Acme in euros and one in dollars.
fn after_work() -> Home {
    let home = Home::jane();
    let config = home.config().replacen(
        "[project.\"globex/web\"]\nclient = \"globex\"",
        "[project.\"globex/web\"]\ncurrency = \"USD\"\nclient = \"acme\"",
        1,
    );
    home.write_config(&config);
    let work = Trace::new()
        .work("/work/acme/api/a.rs", 0..=3_600)
        .work("/work/globex/a.rs", 3_600..=7_200);
    home.plugin("test").record(&work);
    home
}

fn values(pick: &Value) -> Vec<&str> {
    let items = pick["items"].as_array().expect("items").iter();
    items.filter_map(|item| item["value"].as_str()).collect()
}

#[test]
fn two_drafts_over_one_month_are_issued_by_their_numbers() {
    let home = after_work();
    let invoice = |words: &[&str]| home.cli(["invoice"].iter().chain(words));
    let error = invoice(&["draft", "acme", "--month", "2025-03"]).fails(1);
    for part in ["EUR (acme/api), USD (globex/web)", "`--currency EUR`, `--currency USD`"] {
        assert!(error.contains(part), "{error}");
    }
    let euros = invoice(&["draft", "acme", "--month", "2025-03", "--currency", "EUR"]).json();
    let left = &euros["leftOut"][0];
    assert_eq!(
        (&left["reason"], &left["currency"]),
        (&json!("other currency"), &json!("USD"))
    );
    let dollars = ["draft", "acme", "--month", "2025-03", "--project", "globex/web"];
    let dollars = invoice(&dollars).json();
    assert_eq!(dollars["reserves"]["currency"], "USD");
    let text = invoice(&["show", "1"]).ok();
    assert!(text.contains("\nreserves: EUR, 2025-03-01 to 2025-03-31"), "{text}");
    assert!(
        text.contains("\nleft out: 1:00 of globex/web, reserved by draft 2"),
        "{text}"
    );
    // There is nobody to ask.
    let error = invoice(&["issue", "acme"]).fails(1);
    for part in [
        "1 (EUR, 2025-03-01 to 2025-03-31)",
        "2 (USD, globex/web, 2025-03-01 to 2025-03-31)",
        "hint: ",
    ] {
        assert!(error.contains(part), "{error}");
    }
    let error = invoice(&["issue", "acme", "--from", "2025-03-03", "--currency", "EUR"]).fails(1);
    for part in ["draft 1", "keeptab invoice issue 1", "keeptab invoice discard 1"] {
        assert!(error.contains(part), "{error}");
    }
    for (draft, gross) in [("1", "113.05"), ("2", "142.80")] {
        let issued = invoice(&["issue", draft, "--date", "2025-03-31"]).json();
        assert_eq!(issued["grossTotal"], gross);
    }
    invoice(&["verify"]).ok();
}

#[test]
fn the_palette_asks_for_a_currency_and_for_a_draft_where_there_are_several() {
    let home = after_work();
    let mut host = home.plugin("test");
    host.execute("keeptab.invoice", &[]).expect("a conversation");
    host.answer("keeptab/pick", |_| json!("acme"));
    host.answer("keeptab/pick", |_| json!("all"));
    let currencies = host.answer("keeptab/pick", |_| json!("USD"));
    assert_eq!(values(&currencies), ["EUR", "USD"]);
    assert_eq!(currencies["items"][1]["detail"], "globex/web");
    // Besides the draft, there is time in the other currency, which gets a draft of its own.
    let preview = host.answer("keeptab/pick", |_| json!("EUR"));
    assert_eq!(values(&preview), ["keep", "issue", "look", "discard", "EUR"]);
    let preview = host.answer("keeptab/pick", |_| json!("keep"));
    assert_eq!(values(&preview), ["keep", "issue", "look", "discard"]);
    host.wait_for("keeptab/offer", |_| true);
    let list = home.cli(["invoice", "list"]).json();
    let currencies: Vec<&Value> = list
        .as_array()
        .expect("drafts")
        .iter()
        .map(|draft| &draft["currency"])
        .collect();
    assert_eq!(currencies, ["USD", "EUR"]);
    // A conversation continues with one of them, and so does a command with arguments.
    host.execute("keeptab.invoice", &[]).expect("a conversation");
    host.answer("keeptab/pick", |_| json!("acme"));
    let drafts = host.answer("keeptab/pick", |_| json!("1"));
    assert_eq!(values(&drafts), ["1", "2"]);
    host.answer("keeptab/pick", |_| json!("discard"));
    host.wait_for("keeptab/told", |_| true);
    home.cli(["invoice", "draft", "acme", "--currency", "USD"]).json();
    let words = ["issue", "acme", "--date", "2025-03-31"];
    assert_eq!(host.execute("keeptab.invoice", &words), Ok(Value::Null));
    let drafts = host.answer("keeptab/pick", |_| json!("2"));
    assert_eq!(values(&drafts), ["2", "3"]);
    let told = host.wait_for("keeptab/told", |_| true);
    assert!(
        told["text"]
            .as_str()
            .is_some_and(|text| text.contains("JDS-202503-0001")),
        "{told}"
    );
    host.expect_no_error();
}

#[test]
fn a_preview_goes_with_its_draft() {
    let home = after_work();
    let invoice = |words: &[&str]| home.cli(["invoice"].iter().chain(words)).json();
    let draft = |currency| invoice(&["draft", "acme", "--month", "2025-03", "--currency", currency]);
    let path = |view: &Value| PathBuf::from(view["files"][0].as_str().expect("a file"));
    let euros = path(&draft("EUR"));
    assert!(euros.is_file());
    invoice(&["discard", "1"]);
    assert!(!euros.exists());
    let euros = path(&draft("EUR"));
    assert!(euros.is_file());
    let issued = path(&invoice(&["issue", "2"]));
    assert!(!euros.exists() && issued.is_file());
    // A preview that cannot be removed does not cause a failure.
    let dollars = path(&draft("USD"));
    fs::remove_file(&dollars).expect("a preview");
    fs::create_dir(&dollars).expect("a folder");
    assert!(path(&invoice(&["issue", "3"])).is_file());
    assert!(dollars.exists());
}

#[test]
fn a_draft_that_cannot_write_its_preview_holds_nothing() {
    let home = after_work();
    // The folder of invoices cannot be made: a file has its name.
    let folder = home.folder().join("invoices");
    let _ = fs::remove_dir_all(&folder);
    fs::write(&folder, "in the way").expect("a file");
    let invoice = |words: &[&str]| home.cli(["invoice"].iter().chain(words));
    for words in [
        &["draft", "acme", "--currency", "EUR"][..],
        &["item", "add", "acme", "--fee", "Setup", "100"],
    ] {
        let error = invoice(words).fails(1);
        assert!(error.contains("no draft is made: "), "{error}");
        assert_eq!(invoice(&["list"]).json(), json!([]), "{words:?}");
    }
    // The same for a font that is gone.
    fs::remove_file(&folder).expect("the file");
    let config = home.config();
    home.write_config(&config.replace("name = \"Acme Co\"\n", "name = \"株式会社\"\nfonts = [\"gone.ttf\"]\n"));
    let error = invoice(&["draft", "acme", "--currency", "EUR"]).fails(1);
    assert!(error.contains("gone.ttf"), "{error}");
    assert_eq!(invoice(&["list"]).json(), json!([]));
    // All of the time is free, and a draft that is open outlives a preview that cannot be written.
    home.write_config(&config);
    let draft = invoice(&["draft", "acme", "--currency", "EUR"]).json()["draft"].to_string();
    let _ = fs::remove_dir_all(&folder);
    fs::write(&folder, "in the way").expect("a file");
    let shown = invoice(&["show", &draft]).json();
    assert!(shown["trouble"].is_string(), "{shown}");
    assert_eq!(invoice(&["list"]).json().as_array().expect("a list").len(), 1);
}

/// The number beside a line takes that line off, however many items other drafts had, and whatever was added before it.
#[test]
fn an_item_has_one_number_everywhere() {
    let home = after_work();
    let invoice = |words: &[&str]| home.cli(["invoice"].iter().chain(words));
    // Items of another client's draft come first in the store.
    invoice(&["item", "add", "globex", "--fee", "Other", "1"]).ok();
    invoice(&["draft", "acme", "--currency", "EUR"]).json();
    invoice(&["item", "add", "2", "--discount", "10%", "--reason", "loyalty"]).json();
    invoice(&["item", "add", "2", "--fee", "Setup", "100"]).json();
    invoice(&["item", "add", "2", "--text", "Thank you."]).json();
    let draft = invoice(&["item", "add", "2", "--fee", "Hosting", "20"]).json();
    let numbers = |of: &Value| -> Vec<u64> {
        let rows = of.as_array().expect("rows").iter();
        rows.map(|row| row["number"].as_u64().expect("a number")).collect()
    };
    assert_eq!(numbers(&draft["lines"]), [1, 2, 3]);
    // The discount and the text stand behind the lines.
    assert_eq!(numbers(&draft["items"]), [2, 3, 4, 5]);
    // The list of drafts has the same.
    let list = invoice(&["list"]).json();
    let rows = list.as_array().expect("a list").iter();
    let listed: Vec<Vec<u64>> = rows.map(|row| numbers(&row["items"])).collect();
    assert_eq!(listed, [vec![1], vec![2, 3, 4, 5]]);
    let text = invoice(&["show", "2"]).ok();
    let has = |start: &str, word: &str| text.lines().any(|line| line.starts_with(start) && line.contains(word));
    for (start, word) in [
        ("  2 ", "Setup"),
        ("item 2: ", "fee Setup"),
        ("item 3: ", "fee Hosting"),
        ("item 4: ", "discount 10%"),
    ] {
        assert!(has(start, word), "{start}{word}: {text}");
    }
    let left = invoice(&["item", "remove", "2", "3"]).json();
    let names: Vec<&Value> = left["lines"]
        .as_array()
        .expect("lines")
        .iter()
        .map(|line| &line["description"])
        .collect();
    assert_eq!(names, ["API development", "Setup"]);
    // Time is no item.
    let error = invoice(&["item", "remove", "2", "1"]).fails(1);
    assert!(error.contains("line 1 is time") && error.contains("hint: "), "{error}");
    let left = invoice(&["item", "remove", "2", "3"]).json();
    assert_eq!((&left["allowances"], numbers(&left["items"])), (&json!([]), vec![2, 3]));
    // Discarding says what is gone, and gives it to programs.
    let discarded = invoice(&["discard", "2"]).json();
    let gone: Vec<&Value> = discarded["items"].as_array().expect("items").iter().collect();
    assert_eq!((gone.len(), &gone[0]["charge"]["description"]), (2, &json!("Setup")));
    let said = discarded["summary"].as_str().expect("a sentence");
    assert!(
        said.contains("gone with it: fee Setup, 1 × 100") && said.contains("hint: "),
        "{said}"
    );
}

#[test]
fn a_list_names_credit_notes_and_has_the_sums_of_their_papers() {
    let home = after_work();
    let invoice = |words: &[&str]| home.cli(["invoice"].iter().chain(words));
    let empty = invoice(&["list"]).ok();
    assert!(empty.starts_with("No invoice has been made yet.\nhint: "), "{empty}");
    invoice(&["issue", "acme", "--currency", "EUR", "--date", "2025-03-31"]).json();
    invoice(&["cancel", "JDS-202503-0001", "--date", "2025-03-31"]).json();
    let list = invoice(&["list"]).json();
    let note = &list[1];
    assert_eq!(
        (&note["kind"], &note["grossTotal"]),
        (&json!("credit-note"), &list[0]["grossTotal"])
    );
    assert_eq!(
        invoice(&["show", "JDS-202503-0002"]).json()["grossTotal"],
        note["grossTotal"]
    );
    let text = invoice(&["list"]).ok();
    let row = text
        .lines()
        .find(|line| line.contains("JDS-202503-0002"))
        .expect("a row");
    assert!(
        row.contains("credit note for JDS-202503-0001") && row.contains("EUR 113.05"),
        "{row}"
    );
    assert!(!text.contains("-EUR") && !text.contains("-113"), "{text}");
    let empty = invoice(&["list", "--client", "globex"]).ok();
    assert!(empty.contains("hint: `keeptab invoice list`"), "{empty}");
}

#[test]
fn a_discount_covers_time_and_fees_and_expenses_only_if_asked() {
    let home = after_work();
    let invoice = |words: &[&str]| home.cli(["invoice"].iter().chain(words));
    invoice(&["draft", "acme", "--currency", "EUR"]).json();
    invoice(&["item", "add", "acme", "--expense", "Train", "200"]).json();
    let draft = invoice(&["item", "add", "acme", "--discount", "10%", "--reason", "loyalty"]).json();
    let given = &draft["allowances"][0];
    assert_eq!(
        (&given["base"], &given["amount"], &given["covers"]),
        (&json!("95.00"), &json!("9.50"), &json!("work"))
    );
    let text = invoice(&["show", "1"]).ok();
    assert!(text.contains("less 10% of 95.00 without expenses: loyalty"), "{text}");
    assert!(text.contains("discount 10% on time and fees"), "{text}");
    let all = [
        "item",
        "add",
        "acme",
        "--discount",
        "5%",
        "--reason",
        "sorry",
        "--with-expenses",
    ];
    let draft = invoice(&all).json();
    assert_eq!(draft["allowances"][1]["base"], "295.00");
    assert_eq!(draft["allowanceTotal"], "24.25");
    invoice(&["issue", "acme", "--date", "2025-03-31"]).json();
    invoice(&["verify"]).ok();
    // A draft of expenses alone has nothing to discount.
    invoice(&["item", "add", "globex", "--expense", "Train", "200"]).json();
    let error = invoice(&["item", "add", "globex", "--discount", "10%", "--reason", "loyalty"]).fails(1);
    assert!(error.contains("--with-expenses"), "{error}");
    // The time is billed elsewhere: the expense stays, and the discount takes nothing off it.
    invoice(&["discard", "globex"]).ok();
    let cancelled = invoice(&["cancel", "JDS-202503-0001"]).json();
    let back = &cancelled["givenBack"];
    assert_eq!(
        (&back["because"], back["draft"].is_number()),
        (&Value::Null, true),
        "{back}"
    );
}
