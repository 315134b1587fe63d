//! Letters beyond Latin, Greek and Cyrillic on invoices: their fonts come from the config or the system.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::harness::Home;

/// A face with `株式会社東京ア`, U+10FA11 and `אבגדה`.
const SQUARES: &[u8] = include_bytes!("../../document/fonts/squares.ttf");
/// No other font has this private character.
const OURS: char = '\u{10fa11}';
/// A code point that stands for no character, so no font has it.
const NOBODYS: char = '\u{378}';

/// Acme has this name and an hour of unbilled work; `more` is added to its config.
fn home(name: &str, more: &str) -> Home {
    let home = Home::jane();
    let named = format!("name = \"{name}\"\n{more}");
    home.write_config(&home.config().replace("name = \"Acme Co\"\n", &named));
    home.cli(["add", "acme/api", "1:00", "--day", "2026-01-05"]).json();
    home
}

fn issue(home: &Home) -> Value {
    home.cli(["invoice", "issue", "acme"]).json()
}

/// Returns how many files the database keeps for documents.
fn assets(home: &Home) -> i64 {
    let connection = Connection::open(home.database()).expect("a database");
    let count = connection.query_row("SELECT count(*) FROM asset", (), |row| row.get(0));
    count.expect("a count")
}

#[test]
fn a_font_that_the_config_names_is_used_and_kept() {
    let home = home("株式会社", "fonts = [\"squares.ttf\"]\n");
    let font = home.folder().join("squares.ttf");
    let refused = home.cli(["invoice", "issue", "acme"]).fails(1);
    assert!(refused.contains("squares.ttf cannot be read"), "{refused}");
    fs::write(&font, SQUARES).expect("a font");
    let issued = issue(&home);
    assert_eq!(issued["trouble"], Value::Null, "{issued}");
    assert_eq!(assets(&home), 1);
    fs::remove_file(&font).expect("the font");
    // Another form of it is made without the file.
    let number = issued["number"].as_str().expect("a number");
    home.cli(["invoice", "render", number, "--format", "html"]).json();
    assert_eq!(home.cli(["invoice", "verify"]).json()["problems"], json!([]));
    // A second invoice keeps the font once.
    fs::write(&font, SQUARES).expect("a font");
    home.cli(["add", "acme/api", "1:00", "--day", "2026-01-06"]).json();
    issue(&home);
    assert_eq!(assets(&home), 1);
}

#[test]
fn a_font_of_the_system_is_found() {
    let home = home(&format!("Acme {OURS}"), "");
    let fonts = home.user().join(".fonts");
    fs::create_dir(&fonts).expect("a folder");
    fs::write(fonts.join("squares.ttf"), SQUARES).expect("a font");
    let draft = home.cli(["invoice", "draft", "acme"]).json();
    assert_eq!(draft["trouble"], Value::Null, "{draft}");
    issue(&home);
    assert_eq!(assets(&home), 1);
}

#[test]
fn without_a_font_nothing_is_issued_and_the_characters_are_named() {
    let home = home(&format!("Acme {NOBODYS}"), "");
    let draft = home.cli(["invoice", "draft", "acme"]).json();
    assert!(
        draft["trouble"].as_str().expect("trouble").contains("U+0378"),
        "{draft}"
    );
    assert!(Path::new(draft["files"][0].as_str().expect("a preview")).exists());
    let which = draft["draft"].to_string();
    let refused = home.cli(["invoice", "issue", &which]).fails(1);
    assert!(refused.contains("U+0378"), "{refused}");
    assert_eq!(home.cli(["report", "--all"]).json()["rows"][0]["invoicedSeconds"], 0);
    home.write_config(&home.config().replace(NOBODYS, "Ltd"));
    let issued = home.cli(["invoice", "issue", &which]).json();
    assert!(
        issued["number"].as_str().expect("a number").ends_with("-0001"),
        "{issued}"
    );
}

#[test]
fn a_font_that_may_not_be_embedded_is_refused() {
    let home = home("株式会社", "fonts = [\"squares.ttf\"]\n");
    let mut font = SQUARES.to_vec();
    let record = font.windows(4).position(|tag| tag == b"OS/2").expect("a table");
    let offset = font[record + 8..record + 12]
        .iter()
        .fold(0, |sum, byte| sum << 8 | usize::from(*byte));
    // Restricted licence embedding.
    font[offset + 9] = 2;
    for (bytes, why) in [(&font[..], "does not permit embedding"), (b"text", "is no TrueType")] {
        fs::write(home.folder().join("squares.ttf"), bytes).expect("a font");
        let refused = home.cli(["invoice", "issue", "acme"]).fails(1);
        assert!(refused.contains(why), "{refused}");
    }
    assert_eq!(home.cli(["invoice", "list"]).json(), json!([]));
}

#[test]
fn a_timesheet_to_sign_has_the_letters_too() {
    let home = home("株式会社", "fonts = [\"squares.ttf\"]\n");
    fs::write(home.folder().join("squares.ttf"), SQUARES).expect("a font");
    let sheet = ["review", "2026-W02", "--pdf", "--client", "acme"];
    let done = home.cli(sheet).json();
    let path = Path::new(done["files"][0].as_str().expect("a path"));
    assert_eq!(path.extension(), Some("pdf".as_ref()), "{done}");
    home.write_config(&home.config().replace("株式会社", &format!("Acme {NOBODYS}")));
    let refused = home.cli(sheet).fails(1);
    assert!(refused.contains("U+0378"), "{refused}");
    home.cli(["review", "2026-W02", "--csv", "--client", "acme"]).json();
}
