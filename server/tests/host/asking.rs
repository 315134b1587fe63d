//! The questions of the palette, step by step: periods, new clients and projects, words that a command lacks.

use serde_json::{Value, json};

use crate::harness::{Home, Host};
use crate::palette::{after_work, contains, values};
use crate::setup::answered;

#[test]
fn an_invoice_bills_the_period_that_is_chosen() {
    let home = after_work();
    let mut host = home.plugin("test");
    let begin = |host: &mut Host, period: &str| {
        host.execute("keeptab.invoice", &[]).expect("a conversation");
        host.answer("keeptab/pick", |_| json!("acme"));
        host.answer("keeptab/pick", |_| json!(period));
    };
    // A wrong day is asked for again.
    begin(&mut host, "days");
    for (asks, day) in [
        ("Day", "soon"),
        ("no day", "2025-03-02"),
        ("Day", "2025-03-01"),
        ("before the first", "2025-03-31"),
    ] {
        let question = host.answer("keeptab/input", |_| json!(day));
        assert!(contains(&question["prompt"], asks), "{question}");
    }
    let draft = home.cli(["invoice", "show", "1"]);
    host.answer("keeptab/pick", |_| json!("keep"));
    host.wait_for("keeptab/offer", |_| true);
    let draft = draft.json();
    assert_eq!(
        draft["period"],
        json!({ "from": "2025-03-03", "to": "2025-03-03" }),
        "{draft}"
    );
    home.cli(["invoice", "discard", "1"]).ok();
    begin(&mut host, "project");
    let projects = host.answer("keeptab/pick", |_| json!("acme/api"));
    assert_eq!(values(&projects), ["acme/api"]);
    host.answer("keeptab/pick", |_| json!("keep"));
    host.wait_for("keeptab/offer", |_| true);
    let draft = home.cli(["invoice", "show", "acme"]).json();
    assert_eq!(draft["reserves"]["projects"], json!(["acme/api"]), "{draft}");
}

#[test]
fn a_client_and_a_project_are_added_on_the_way() {
    let home = after_work();
    let mut host = home.plugin("test");
    host.execute("keeptab.add", &[]).expect("a conversation");
    host.answer("keeptab/pick", |_| json!(""));
    let clients = host.answer("keeptab/pick", |_| json!(""));
    assert_eq!(values(&clients), ["acme", "globex", " ", ""]);
    answered(
        &mut host,
        &[
            ("Name of the client", "Initech"),
            ("Street", "<"),
            ("Name of the client", "Initech GmbH"),
            ("Street", "Weg 2; Haus B"),
            ("Postal code", "10115"),
            ("City", ""),
            ("this is needed", "Berlin"),
            ("Country", "germany"),
            ("VAT id", ""),
            ("E-mail", ""),
            ("Name of the project", "TPS reports"),
            ("Hourly rate", "much"),
            ("Hourly rate", "80"),
            ("Folder", "~/work/tps"),
            // A wrong length is asked for again.
            ("Day", "yesterday"),
            ("no day", "2025-03-05"),
            ("Hours", "soon"),
            ("no length", "10:00-9:00"),
            ("not after the first", "9:10-10:00"),
            ("note", "meeting"),
        ],
    );
    let told = host.wait_for("keeptab/told", |_| true);
    assert!(
        contains(&told["text"], "0:50 on 2025-03-05 for initech-gmbh/tps-reports"),
        "{told}"
    );
    let config = home.config();
    for part in [
        "[client.initech-gmbh]\nname = \"Initech GmbH\"\naddress = [\"Weg 2\", \"Haus B\"]",
        "[project.\"initech-gmbh/tps-reports\"]\nclient = \"initech-gmbh\"\nname = \"TPS reports\"\nrate = \"80\"",
        "paths = [\"~/work/tps/**\"]",
    ] {
        assert!(config.contains(part), "{part} is not in\n{config}");
    }
    home.cli(["doctor"]).ok();
}

#[test]
fn a_timer_starts_with_one_choice_and_takes_a_start_and_a_note() {
    let home = after_work();
    let mut host = home.plugin("test");
    host.execute("keeptab.start", &[]).expect("a conversation");
    let projects = host.answer("keeptab/pick", |_| json!("acme/api"));
    assert_eq!(values(&projects), ["acme/api", "globex/web", " ", ""]);
    host.wait_for("keeptab/told", |told| contains(&told["text"], "timing acme/api"));
    host.execute("keeptab.stop", &[]).expect("an end");
    host.execute("keeptab.start", &[]).expect("a conversation");
    host.answer("keeptab/pick", |_| json!(" "));
    let projects = host.answer("keeptab/pick", |_| json!("globex/web"));
    assert_eq!(values(&projects), ["acme/api", "globex/web", ""]);
    let start = host.answer("keeptab/input", |_| json!("soon"));
    assert!(contains(&start["prompt"], "Clock time"), "{start}");
    answered(&mut host, &[("not a clock time", ""), ("note", "call with Kim")]);
    host.wait_for("keeptab/told", |told| contains(&told["text"], "timing globex/web"));
    let status = home.cli(["status"]).json();
    assert_eq!(status["timer"]["note"], "call with Kim", "{status}");
}

#[test]
fn a_command_asks_for_the_words_that_it_lacks() {
    let home = after_work();
    let mut host = home.plugin("test");
    // A fee: the draft, what it is, its description and its amount, one after another.
    assert_eq!(host.execute("keeptab.invoice", &["item", "add"]), Ok(Value::Null));
    host.answer("keeptab/pick", |_| json!("acme"));
    let kinds = host.answer("keeptab/pick", |_| json!("0"));
    assert!(contains(&kinds["items"][0]["label"], "Fee"), "{kinds}");
    host.answer("keeptab/input", |_| json!("Set-up"));
    host.answer("keeptab/input", |_| json!("much"));
    // The amount was wrong: it alone is asked for again, with the reason.
    let amount = host.answer("keeptab/input", |_| json!("250"));
    assert!(contains(&amount["prompt"], "Amount: "), "{amount}");
    host.wait_for("keeptab/told", |told| contains(&told["text"], "Set-up"));
    // A command within a command.
    host.execute("keeptab.project", &["add"]).expect("a conversation");
    host.answer("keeptab/pick", |_| Value::Null);
    // A step that cannot be taken back is asked once more.
    let issued = home.cli(["invoice", "issue", "acme"]).json();
    let number = issued["number"].as_str().expect("a number").to_owned();
    for (answer, status) in [("no", "issued"), ("yes", "cancelled")] {
        host.execute("keeptab.invoice", &["cancel"]).expect("a conversation");
        let numbers = host.answer("keeptab/pick", |_| json!(number));
        assert_eq!(values(&numbers), [&json!(number)]);
        host.answer("keeptab/pick", |_| json!(answer));
        if answer == "yes" {
            host.wait_for("keeptab/told", |_| true);
        } else {
            host.execute("keeptab.status", &[]).expect("a status");
        }
        let shown = home.cli(["invoice", "show", &number]).json();
        assert_eq!(shown["status"], status);
    }
}

#[test]
fn help_is_an_answer_and_a_table_can_be_csv() {
    let home = after_work();
    let mut host = home.plugin("test");
    let help = host.execute("keeptab.invoice", &["cancel", "--help"]).expect("help");
    assert!(contains(&help["text"], "--keep"), "{help}");
    let csv = host.execute("keeptab.report", &["--all", "--csv"]).expect("a table");
    let shell = home.cli(["report", "--all", "--csv"]).ok();
    assert_eq!(csv["text"].as_str().map(str::trim), Some(shell.trim()));
}

#[test]
fn an_export_is_chosen_and_its_folder_is_written_as_in_a_shell() {
    let home = after_work();
    let mut host = home.plugin("test");
    for (what, file) in [("json", "keeptab.json"), ("tables", "entries.csv")] {
        host.execute("keeptab.export", &[]).expect("a conversation");
        host.answer("keeptab/pick", |_| json!(what));
        let folder = host.answer("keeptab/input", |_| json!("out"));
        assert!(contains(&folder["value"], "~/keeptab"), "{folder}");
        host.answer("keeptab/input", |_| json!("~/out"));
        host.wait_for("keeptab/told", |told| contains(&told["text"], "out"));
        let out = home.user().join("out");
        assert!(
            out.join(file).exists(),
            "{:?}",
            std::fs::read_dir(out).map(Iterator::count)
        );
    }
}

#[test]
fn before_there_is_a_business_an_invoice_leads_to_the_setup() {
    let home = Home::empty();
    let mut host = home.plugin("test");
    let status = host.execute("keeptab.status", &[]).expect("a status");
    assert_eq!(status["data"]["setUp"], false);
    host.execute("keeptab.invoice", &[]).expect("a conversation");
    let question = host.answer("keeptab/input", |_| Value::Null);
    assert!(contains(&question["prompt"], "Name of your business"), "{question}");
    home.write_config(&Home::jane().config());
    let status = home.cli(["status"]).json();
    assert_eq!(status["setUp"], true);
}
