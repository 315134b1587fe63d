//! The stationery of invoices: a layout of the user that breaks, before an invoice is issued and after, and the formats
//! that the config names.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::harness::{Home, Trace};

const WHOLE: &str = "#let sheet = json(\"sheet.json\")\n#sheet.number, by hand\n";
const BROKEN: &str = "#let sheet = json(\"sheet.json\")\n\n#sheet.nowhere\n";

/// Jane has worked an hour for Acme on a Monday and on the Tuesday; `paper` is added to her config.
fn home(paper: &str) -> Home {
    let home = Home::jane();
    let work = Trace::new()
        .work("/work/acme/api/a.rs", 0..=3_600)
        .work("/work/acme/api/a.rs", 86_400..=90_000);
    home.plugin("test").record(&work);
    home.write_config(
        &home
            .config()
            .replace("[client.acme]\n", &format!("[client.acme]\n{paper}\n")),
    );
    home
}

fn template(home: &Home) -> PathBuf {
    home.config_file().with_file_name("own.typ")
}

fn invoice<'a>(home: &Home, words: impl IntoIterator<Item = &'a str>) -> Value {
    home.cli(["invoice"].into_iter().chain(words)).json()
}

fn issue(home: &Home, day: &str) -> Value {
    let words = ["issue", "acme", "--from", day, "--to", day, "--date", "2025-12-31"];
    invoice(home, words)
}

/// Returns the names of an invoice's files.
fn files(invoice: &Value) -> Vec<&str> {
    let files = invoice["files"].as_array().expect("files").iter();
    files
        .map(|file| {
            file.as_str()
                .expect("a path")
                .rsplit(['/', '\\'])
                .next()
                .expect("a name")
        })
        .collect()
}

#[test]
fn with_a_broken_layout_nothing_is_issued_and_no_number_is_used_up() {
    let home = home("template = \"own.typ\"");
    fs::write(template(&home), BROKEN).expect("a layout");
    let error = home.cli(["invoice", "draft", "acme"]).fails(1);
    assert!(error.contains("own.typ:3: ") && error.contains("hint: "), "{error}");
    assert_eq!(invoice(&home, ["list"]), json!([]));

    // A draft that is there keeps its time while its layout is broken.
    fs::write(template(&home), WHOLE).expect("a layout");
    let draft = invoice(&home, ["draft", "acme"])["draft"].to_string();
    fs::write(template(&home), BROKEN).expect("a layout");
    let shown = invoice(&home, ["show", &draft]);
    let trouble = shown["trouble"].as_str().expect("trouble");
    assert!(trouble.starts_with("own.typ:3: "), "{trouble}");
    let refused = home.cli(["invoice", "issue", &draft, "--date", "2025-12-31"]).fails(1);
    assert!(refused.contains("own.typ:3: "), "{refused}");
    let row = &home.cli(["report", "--all"]).json()["rows"][0];
    assert_eq!((&row["seconds"], &row["invoicedSeconds"]), (&7_200.into(), &0.into()));

    fs::write(template(&home), WHOLE).expect("a layout");
    let issued = invoice(&home, ["issue", &draft, "--date", "2025-12-31"]);
    assert_eq!(files(&issued), ["JDS-202512-0001.pdf"]);
}

#[test]
fn a_picture_that_is_broken_is_named_and_nothing_is_issued() {
    let home = home("logo = \"logo.png\"");
    let logo = home.config_file().with_file_name("logo.png");
    fs::write(&logo, b"\x89PNG\r\n\x1a\nand no picture").expect("a logo");
    let refused = home.cli(["invoice", "issue", "acme", "--date", "2025-12-31"]).fails(1);
    assert!(
        refused.contains("logo.png is no picture") && refused.contains("hint: take an SVG"),
        "{refused}"
    );
    let invoices = invoice(&home, ["list"]);
    assert!(
        invoices
            .as_array()
            .expect("a list")
            .iter()
            .all(|invoice| invoice["number"].is_null()),
        "{invoices}"
    );
    fs::remove_file(&logo).expect("a logo");
    fs::create_dir(&logo).expect("a folder in its place");
    let refused = home.cli(["invoice", "issue", "acme", "--date", "2025-12-31"]).fails(1);
    assert!(refused.contains("it is no plain file"), "{refused}");
}

#[test]
fn a_layout_that_breaks_later_harms_no_invoice_that_is_there() {
    let home = home("template = \"own.typ\"");
    fs::write(template(&home), WHOLE).expect("a layout");
    let issued = issue(&home, "2025-03-03");
    let pdf = PathBuf::from(issued["files"][0].as_str().expect("a path"));
    let printed = fs::read(&pdf).expect("a PDF");
    let print_again = || {
        fs::remove_file(&pdf).expect("the PDF was there");
        let rendered = invoice(&home, ["render", "JDS-202512-0001"]);
        assert_eq!(
            (&rendered["status"], &rendered["lines"]),
            (&"issued".into(), &issued["lines"])
        );
        fs::read(&pdf).expect("a PDF")
    };
    fs::write(template(&home), BROKEN).expect("a layout");
    assert!(print_again() == printed);
    fs::remove_file(template(&home)).expect("a layout");
    assert!(print_again() == printed);
    // A credit note is printed like its invoice: with the layout that was stored with it.
    let cancelled = invoice(&home, ["cancel", "JDS-202512-0001", "--date", "2025-12-31"]);
    assert_eq!(files(&cancelled), ["JDS-202512-0002.pdf"]);
    home.cli(["invoice", "verify"]).ok();
}

#[test]
fn invoices_are_made_in_the_formats_that_the_config_names() {
    let paper = "formats = [\"html\", \"csv\", \"json\", \"html\"]";
    let home = home(paper);
    let issued = issue(&home, "2025-03-03");
    assert_eq!(
        files(&issued),
        [
            "JDS-202512-0001.pdf",
            "JDS-202512-0001.html",
            "JDS-202512-0001.csv",
            "JDS-202512-0001.json"
        ]
    );
    let csv = issued["files"][2].as_str().expect("a path");
    assert!(fs::read_to_string(csv).expect("a table").contains("95.00"));
}

#[test]
fn a_layout_that_loops_for_ever_ends_with_an_error_and_issues_nothing() {
    let home = home("template = \"own.typ\"");
    let endless = "#for a in range(100000) { for b in range(100000) { for c in range(100000) { } } }\n";
    fs::write(template(&home), endless).expect("a layout");
    let error = home.cli(["invoice", "draft", "acme"]).fails(1);
    assert!(error.contains("own.typ:1: ") && error.contains("hint: "), "{error}");
    fs::write(template(&home), WHOLE).expect("a layout");
    let open = invoice(&home, ["draft", "acme"])["draft"].to_string();
    fs::write(template(&home), endless).expect("a layout");
    home.cli(["invoice", "issue", &open, "--date", "2025-12-31"]).fails(1);
    fs::write(template(&home), WHOLE).expect("a layout");
    let issued = invoice(&home, ["issue", &open, "--date", "2025-12-31"]);
    assert_eq!(files(&issued), ["JDS-202512-0001.pdf"]);
}

#[test]
fn what_a_qr_bill_lacks_is_said_before_and_when_an_invoice_is_issued() {
    let home = home("");
    let swiss = home.config().replace("DE75512108001245126199", "CH9300762011623852957");
    let warnings = |invoice: &Value| invoice["warnings"].as_array().expect("warnings").len();
    home.write_config(&swiss);
    let whole = warnings(&invoice(&home, ["draft", "acme"]));
    home.write_config(&swiss.replace("postcode = \"10115\"\n", ""));
    let draft = invoice(&home, ["show", "1"]);
    assert_eq!(warnings(&draft), whole + 1, "{draft}");
    let issued = invoice(&home, ["issue", "1", "--date", "2025-12-31"]);
    assert_eq!(warnings(&issued), whole + 1, "{issued}");
}
