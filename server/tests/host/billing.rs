//! From an empty home to two billed clients: set up, work, report, bill.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::harness::{Home, Trace};

/// A user who set everything up by options alone, and worked for two clients.
fn after_work() -> Home {
    let home = Home::empty();
    let business = [
        "--name",
        "Jane Doe Software",
        "--org",
        "JDS",
        "--address",
        "Hauptstr. 1",
        "--postcode",
        "10115",
    ];
    let place = [
        "--city",
        "Berlin",
        "--country",
        "DE",
        "--vat-id",
        "DE123456789",
        "--iban",
        "DE75512108001245126199",
    ];
    let money = ["--currency", "EUR", "--time-zone", "Europe/Berlin", "--tax-rate", "19"];
    let client = [
        "--client",
        "Acme Co",
        "--client-address",
        "Ring 1",
        "--client-postcode",
        "80331",
    ];
    let place_of_client = ["--client-city", "München", "--client-country", "DE"];
    let project = ["--project", "API", "--rate", "95.00", "--folder", "/work/acme/api"];
    let init = home.cli(["init"]).args(business).args(place).args(money).args(client);
    init.args(place_of_client).args(project).ok();
    let client = [
        "--name",
        "Globex",
        "--address",
        "Allee 2",
        "--postcode",
        "20095",
        "--city",
        "Hamburg",
    ];
    home.cli(["client", "add", "globex", "--country", "DE"])
        .args(client)
        .ok();
    let project = ["--client", "globex", "--rate", "120", "--path", "/work/globex/**"];
    home.cli(["project", "add", "globex/web"]).args(project).ok();

    let work = Trace::new()
        .work("/work/acme/api/src/main.rs", 0..=3_661)
        .work("/work/globex/web/index.html", 3_661..=5_460)
        .work("/home/jane/notes.md", 5_460..=5_520);
    home.plugin("test").record(&work);
    home
}

/// Returns `(project, seconds, invoiced seconds, amount)` of each row of a report of all time.
fn rows(home: &Home) -> Vec<(String, i64, i64, String)> {
    let report = home.cli(["report", "--all"]).json();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let seconds = |value: &Value| value.as_i64().expect("seconds");
    let row = |row: &Value| {
        (
            text(&row["project"]),
            seconds(&row["seconds"]),
            seconds(&row["invoicedSeconds"]),
            text(&row["amount"]),
        )
    };
    report["rows"].as_array().expect("rows").iter().map(row).collect()
}

fn issue(home: &Home, client: &str) -> Value {
    home.cli(["invoice", "issue", client, "--date", "2025-03-31"]).json()
}

#[test]
fn work_for_two_clients_is_counted_to_the_second_and_billed_once() {
    let home = after_work();
    let report = home.cli(["report", "--all"]).json();
    assert_eq!(report["totalSeconds"], 5_520);
    assert_eq!(report["unassignedSeconds"], 60);
    let worked = [("acme-co/api", 3_661, 0, "96.90"), ("globex/web", 1_799, 0, "60.00")];
    assert_eq!(
        rows(&home),
        worked.map(|(project, all, billed, sum)| (project.into(), all, billed, sum.into()))
    );

    let acme = issue(&home, "acme-co");
    assert_eq!(acme["number"], "JDS-202503-0001");
    assert_eq!(
        (&acme["netTotal"], &acme["taxTotal"], &acme["grossTotal"]),
        (&"96.90".into(), &"18.41".into(), &"115.31".into())
    );
    assert_eq!(acme["lines"][0]["quantity"], "1.02");
    assert_eq!(
        acme["leftOut"],
        json!([{ "seconds": 60, "project": null, "reason": "unassigned" }])
    );
    let globex = issue(&home, "globex");
    assert_eq!(globex["number"], "JDS-202503-0002");
    assert_eq!(globex["netTotal"], "60.00");

    let billed = [
        ("acme-co/api", 3_661, 3_661, "96.90"),
        ("globex/web", 1_799, 1_799, "60.00"),
    ];
    assert_eq!(
        rows(&home),
        billed.map(|(project, all, billed, sum)| (project.into(), all, billed, sum.into()))
    );
}

#[test]
fn what_is_billed_is_not_billed_again() {
    let home = after_work();
    issue(&home, "acme-co");
    let error = home.cli(["invoice", "issue", "acme-co"]).fails(1);
    assert!(
        error.contains("nothing to bill") && error.contains("\nhint: "),
        "{error}"
    );
    // Late events beside billed time are unbilled, and do not change the billed time.
    home.plugin("late")
        .record(&Trace::new().work("/work/acme/api/late.rs", 7_200..=9_000));
    let second = issue(&home, "acme-co");
    assert_eq!(second["number"], "JDS-202503-0002");
    assert_eq!(second["lines"][0]["quantity"], "0.50");
    assert_eq!(home.cli(["invoice", "list"]).json()[0]["netTotal"], "96.90");
}

#[test]
fn without_a_date_an_invoice_is_of_today() {
    let home = after_work();
    // The day in the business's zone, which a report names.
    let today = |home: &Home| home.cli(["report", "--today"]).json()["from"].clone();
    let before = today(&home);
    let invoice = home.cli(["invoice", "issue", "acme-co"]).json();
    let day = &invoice["issueDate"];
    assert!([&before, &today(&home)].contains(&day), "{day}");
    let month = day.as_str().expect("a day")[..7].replace('-', "");
    assert_eq!(invoice["number"], format!("JDS-{month}-0001"));
}

#[test]
fn an_issued_document_never_changes() {
    let home = after_work();
    let invoice = issue(&home, "acme-co");
    let path = Path::new(invoice["files"][0].as_str().expect("a file"));
    assert!(path.is_absolute());
    let bytes = fs::read(path).expect("the document");
    assert!(bytes.starts_with(b"%PDF-"), "{:?}", &bytes[..8]);

    // Later changes of the file or the config have no effect: the first rendering is the document.
    home.write_config(&home.config().replace("Jane Doe", "Janet Roe").replace("95.00", "10.00"));
    for spoil in [
        |path: &Path| fs::remove_file(path),
        |path: &Path| fs::write(path, "%PDF-spoilt"),
    ] {
        spoil(path).expect("spoilt");
        let rendered = home.cli(["invoice", "render", "JDS-202503-0001"]).json();
        assert_eq!(rendered["files"], invoice["files"]);
        assert_eq!(fs::read(path).expect("the document"), bytes);
    }
    assert_eq!(
        home.cli(["invoice", "show", "JDS-202503-0001"]).json()["netTotal"],
        "96.90"
    );
}

#[test]
fn a_draft_follows_the_time_until_it_is_issued_and_gives_it_back_when_discarded() {
    let home = after_work();
    let draft = home.cli(["invoice", "draft", "acme-co"]).json();
    assert_eq!(
        (&draft["number"], &draft["status"], &draft["netTotal"]),
        (&Value::Null, &"draft".into(), &"96.90".into())
    );
    let id = draft["draft"].as_i64().expect("an id").to_string();

    // Time that a draft holds is not offered twice.
    home.plugin("late")
        .record(&Trace::new().work("/work/acme/api/late.rs", 7_200..=9_000));
    assert_eq!(home.cli(["invoice", "show", &id]).json()["netTotal"], "144.40");
    home.cli(["invoice", "discard", &id]).ok();
    assert_eq!(home.cli(["invoice", "list"]).json(), json!([]));
    home.cli(["invoice", "discard", &id]).fails(1);

    home.cli(["invoice", "draft", "acme-co"]).ok();
    let issued = issue(&home, "acme-co");
    assert_eq!(
        (&issued["number"], &issued["draft"]),
        (&"JDS-202503-0001".into(), &Value::Null)
    );
    assert_eq!(
        home.cli(["invoice", "list"]).json().as_array().expect("a list").len(),
        1
    );
}
