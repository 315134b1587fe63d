//! An invoice's life from the shell and from the palette: drafted, issued, sent, paid, cancelled, verified.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::harness::{Home, Trace};

/// Jane has worked an hour for Acme on a Monday and half an hour on the Tuesday.
fn after_work() -> Home {
    let home = Home::jane();
    let work = Trace::new()
        .work("/work/acme/api/a.rs", 0..=3_600)
        .work("/work/acme/api/a.rs", 86_400..=86_400 + 1_800);
    home.plugin("test").record(&work);
    home
}

/// Adds keys to the client.
fn of_acme(home: &Home, keys: &str) {
    let text = fs::read_to_string(home.config_file()).expect("a config");
    let text = text.replacen("[client.acme]\n", &format!("[client.acme]\n{keys}"), 1);
    home.write_config(&text);
}

fn invoice<'a>(home: &Home, words: impl IntoIterator<Item = &'a str>) -> Value {
    home.cli(["invoice"].into_iter().chain(words)).json()
}

/// Drafts an invoice by day with an expense, a fee, a discount, and a text that is removed again.
fn draft_with_items(home: &Home) {
    let call = [
        "add",
        "acme/api",
        "0:30",
        "--day",
        "2025-03-05",
        "--note",
        "call with Sam",
    ];
    home.cli(call).ok();
    let draft = invoice(home, ["draft", "acme", "--by", "day"]);
    let days: Vec<&Value> = draft["lines"]
        .as_array()
        .expect("lines")
        .iter()
        .map(|line| &line["period"]["from"])
        .collect();
    assert_eq!(days, ["2025-03-03", "2025-03-04", "2025-03-05"]);
    let draft = invoice(
        home,
        [
            "item",
            "add",
            "acme",
            "--expense",
            "Train, Berlin – München",
            "89.90",
            "--tax",
            "7",
            "--day",
            "2025-03-04",
        ],
    );
    assert_eq!(draft["lines"][3]["amount"], "89.90");
    invoice(
        home,
        [
            "item",
            "add",
            "acme",
            "--fee",
            "Setup",
            "100",
            "--quantity",
            "2",
            "--project",
            "acme/api",
        ],
    );
    invoice(
        home,
        [
            "item",
            "add",
            "acme",
            "--discount",
            "10%",
            "--reason",
            "first order",
            "--with-expenses",
        ],
    );
    let text = invoice(home, ["item", "add", "acme", "--text", "Thank you."]);
    let id = text["items"].as_array().expect("items").last().expect("the text")["number"].to_string();
    assert_eq!(
        invoice(home, ["item", "remove", "acme", &id])["items"]
            .as_array()
            .map(Vec::len),
        Some(3)
    );
}

#[test]
fn a_whole_life_from_the_shell() {
    let home = after_work();
    draft_with_items(&home);
    let issued = invoice(&home, ["issue", "acme", "--date", "2025-03-10"]);
    // 190.00 + 200.00 at 19 %, 89.90 at 7 %, each less a tenth.
    assert_eq!(issued["lineTotal"], "479.90");
    assert_eq!(issued["allowanceTotal"], "47.99");
    assert_eq!(issued["netTotal"], "431.91");
    assert_eq!(
        issued["taxes"],
        json!([
            { "category": "S", "rate": "7", "base": "80.91", "amount": "5.66" },
            { "category": "S", "rate": "19", "base": "351.00", "amount": "66.69" },
        ])
    );
    assert_eq!(
        (&issued["grossTotal"], &issued["owed"]),
        (&"504.26".into(), &"504.26".into())
    );
    let number = issued["number"].as_str().expect("a number");

    let sent = invoice(&home, ["send", number, "--mark", "--date", "2025-03-10"]);
    assert_eq!(
        (&sent["status"], &sent["overdue"], &sent["sentOn"]),
        (&"sent".into(), &true.into(), &"2025-03-10".into())
    );
    let part = invoice(&home, ["pay", number, "--amount", "400", "--date", "2025-03-20"]);
    assert_eq!(
        (&part["status"], &part["owed"]),
        (&"part-paid".into(), &"104.26".into())
    );
    let paid = invoice(&home, ["pay", number]);
    assert_eq!(
        (&paid["status"], &paid["owed"], &paid["overdue"]),
        (&"paid".into(), &"0.00".into(), &false.into())
    );
    assert_eq!(
        paid["payments"][0],
        json!({ "day": "2025-03-20", "amount": "400.00", "kind": "money" })
    );

    // The fee is credited, and its payment is owed to the client until it is returned.
    let note = invoice(&home, ["cancel", number, "--lines", "5", "--date", "2025-03-21"]);
    assert_eq!(
        (&note["number"], &note["credits"]),
        (&"JDS-202503-0002".into(), &number.into())
    );
    assert_eq!(
        (&note["lineTotal"], &note["allowanceTotal"], &note["grossTotal"]),
        (&"200.00".into(), &"20.00".into(), &"214.20".into())
    );
    // It is on a draft again, to be billed correctly.
    let draft = note["givenBack"]["draft"].to_string();
    let shown = home.cli(["invoice", "show", &draft]).ok();
    assert!(shown.contains("fee Setup, 2 × 100.00\n"), "{shown}");
    assert_eq!(invoice(&home, ["show", number])["owed"], "-214.20");
    assert_eq!(invoice(&home, ["pay", number, "--amount", "-214.20"])["owed"], "0.00");
    invoice(&home, ["note", number, "asks for another discount"]);
    assert_eq!(
        invoice(&home, ["show", number])["privateNote"],
        "asks for another discount"
    );
    assert_eq!(invoice(&home, ["note", number]).get("privateNote"), None);

    let checked = invoice(&home, ["verify"]);
    assert_eq!((&checked["invoices"], &checked["problems"]), (&2.into(), &json!([])));
    let folder = home.user().join("for the tax office");
    home.cli(["invoice", "export"]).args([&folder]).ok();
    let mut names: Vec<String> = fs::read_dir(&folder)
        .expect("a folder")
        .map(|entry| entry.expect("a file").file_name().into_string().expect("a name"))
        .collect();
    names.retain(|name| Path::new(name).extension().is_some_and(|ending| ending == "pdf"));
    names.sort();
    assert_eq!(names, ["JDS-202503-0001.pdf", "JDS-202503-0002.pdf"]);
}

#[test]
fn a_list_says_who_owes_what() {
    let home = after_work();
    home.plugin("other")
        .record(&Trace::new().work("/work/globex/a.rs", 172_800..=172_800 + 3_600));
    invoice(&home, ["issue", "acme", "--from", "2025-03-03", "--date", "2025-03-10"]);
    invoice(&home, ["issue", "acme", "--from", "2025-03-04", "--date", "2025-03-10"]);
    invoice(&home, ["issue", "globex"]);
    invoice(&home, ["pay", "JDS-202503-0001"]);
    let count = |words: &[&str]| {
        let list = invoice(&home, ["list"].into_iter().chain(words.iter().copied()));
        list.as_array().map(Vec::len)
    };
    assert_eq!(count(&[]), Some(3));
    assert_eq!(count(&["--client", "acme"]), Some(2));
    assert_eq!(count(&["--overdue"]), Some(1));
    assert_eq!(count(&["--state", "overdue"]), Some(1));
    assert_eq!(count(&["--unpaid"]), Some(2));
    assert_eq!(count(&["--state", "paid"]), Some(1));
    assert_eq!(count(&["--client", "acme", "--unpaid", "--month", "2025-03"]), Some(1));
    let text = home.cli(["invoice", "list"]).ok();
    let owed: Vec<Vec<&str>> = text
        .lines()
        .skip_while(|line| !line.trim_start().starts_with("client"))
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(
        owed,
        [
            vec!["client", "owed", "overdue"],
            vec!["acme", "EUR", "56.53", "EUR", "56.53"],
            vec!["globex", "EUR", "142.80"],
            vec!["in", "all", "EUR", "199.33", "EUR", "56.53"],
        ]
    );
}

#[cfg(unix)]
#[test]
fn sending_opens_a_mail_and_leaves_the_rest_to_the_user() {
    use std::os::unix::fs::PermissionsExt as _;

    let home = after_work();
    of_acme(&home, "formats = [\"html\", \"json\"]\n");
    invoice(&home, ["issue", "acme", "--date", "2025-03-10"]);
    let number = "JDS-202503-0001";
    // Without a mail program nothing is marked as sent, and the message names the file.
    let nothing = home.user().join("nothing");
    fs::create_dir(&nothing).expect("a folder");
    let error = home.cli(["invoice", "send", number]).env("PATH", &nothing).fails(1);
    assert!(
        error.contains("no program that opens a mail") && error.contains(".pdf") && error.contains("--mark"),
        "{error}"
    );
    assert_eq!(invoice(&home, ["show", number])["status"], "issued");

    let programs = home.user().join("bin");
    fs::create_dir(&programs).expect("a folder");
    let (mail, seen) = (programs.join("xdg-email"), home.user().join("seen"));
    let write = |code: u8| {
        let script = format!(
            "#!/bin/sh\nfor word; do echo \"$word\"; done > '{}'\nexit {code}\n",
            seen.display()
        );
        fs::write(&mail, script).expect("a program");
        fs::set_permissions(&mail, fs::Permissions::from_mode(0o755)).expect("a program");
    };
    let path = format!("{}:/usr/bin:/bin", programs.display());
    write(3);
    let error = home.cli(["invoice", "send", number]).env("PATH", &path).fails(1);
    assert!(error.contains("could not be opened"), "{error}");
    assert_eq!(invoice(&home, ["show", number])["status"], "issued");
    write(0);
    let sent = home.cli(["invoice", "send", number]).env("PATH", &path).json();
    assert_eq!(sent["status"], "sent");
    let words = fs::read_to_string(&seen).expect("what the program was given");
    assert!(
        words.contains("--subject\nInvoice JDS-202503-0001\n") && words.contains("/JDS-202503-0001.pdf\n"),
        "{words}"
    );
    let attached = |ending: &str| words.contains(&format!("--attach\n{}\n", sent_file(&home, ending)));
    assert!([".pdf", ".html", ".json"].into_iter().all(attached), "{words}");
    // Nobody to write to is no error, and is said.
    assert!(
        sent["warnings"][0]
            .as_str()
            .is_some_and(|text| text.contains("no recipient")),
        "{sent}"
    );
}

#[cfg(unix)]
fn sent_file(home: &Home, ending: &str) -> String {
    let path = home.folder().join(format!("invoices/JDS-202503-0001{ending}"));
    path.display().to_string()
}

#[test]
fn a_mail_is_written_as_a_file_with_all_documents() {
    let home = after_work();
    of_acme(
        &home,
        "formats = [\"csv\", \"json\"]\ncontact = { email = \"pay@acme.example\" }\n",
    );
    invoice(&home, ["issue", "acme", "--date", "2025-03-10"]);
    let sent = home.cli(["invoice", "send", "JDS-202503-0001", "--eml"]).json();
    assert_eq!(sent["status"], "sent");
    assert_eq!(sent["warnings"], json!([]));
    let eml = fs::read_to_string(home.folder().join("invoices/JDS-202503-0001.eml")).expect("a mail");
    assert!(eml.contains("\r\nTo: pay@acme.example\r\n"), "{eml}");
    let names: Vec<&str> = eml
        .split("filename=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert_eq!(
        names,
        [".pdf", ".csv", ".json"].map(|ending| format!("JDS-202503-0001{ending}"))
    );
}

#[test]
fn what_was_spoilt_behind_keeptabs_back_is_found() {
    let home = after_work();
    invoice(&home, ["issue", "acme", "--date", "2025-03-10"]);
    assert!(home.cli(["invoice", "verify"]).ok().contains("all agrees"));
    // The file on the disk is only a copy; the database is what counts.
    fs::remove_file(home.folder().join("invoices/JDS-202503-0001.pdf")).expect("a file");
    home.cli(["invoice", "verify", "JDS-202503-0001"]).ok();
    home.cli(["invoice", "verify", "JDS-202503-0009"]).fails(1);
}

#[test]
fn the_picker_of_invoices_opens_sends_pays_and_cancels() {
    let home = after_work();
    invoice(&home, ["issue", "acme", "--date", "2025-03-10"]);
    let number = "JDS-202503-0001";
    let mut host = home.plugin("test");
    let mut act = |answers: &[(&str, Value)]| {
        host.execute("keeptab.invoices", &[]).expect("a conversation");
        host.answer("keeptab/pick", |_| json!(number));
        let mut offered = Vec::new();
        for (request, answer) in answers {
            let asked = host.answer(request, |_| answer.clone());
            if offered.is_empty() {
                let items = asked["items"].as_array().expect("items").iter();
                offered = items
                    .map(|item| item["value"].as_str().expect("a value").to_owned())
                    .collect();
            }
        }
        let told = host.wait_for("keeptab/told", |_| true);
        (offered, told["text"].as_str().expect("a text").to_owned())
    };
    let (offered, _) = act(&[("keeptab/pick", json!("sent"))]);
    assert_eq!(
        offered,
        ["open", "send", "sent", "pay", "write-off", "cancel", "keep", "note"]
    );
    assert_eq!(invoice(&home, ["show", number])["status"], "sent");
    let (offered, told) = act(&[
        ("keeptab/pick", json!("pay")),
        ("keeptab/input", json!("100.00")),
        ("keeptab/input", json!("2025-03-20")),
    ]);
    assert_eq!(offered, ["open", "send", "pay", "write-off", "cancel", "keep", "note"]);
    assert!(told.contains("paid on 2025-03-20: EUR 100.00"), "{told}");
    let (_, told) = act(&[("keeptab/pick", json!("cancel")), ("keeptab/pick", json!("yes"))]);
    assert!(told.contains("credit note for JDS-202503-0001"), "{told}");
    let (offered, _) = act(&[("keeptab/pick", json!("open"))]);
    assert_eq!(offered, ["open", "send", "pay", "note"]);
    assert_eq!(invoice(&home, ["show", number])["owed"], "-100.00");
    assert_eq!(invoice(&home, ["show", number])["status"], "cancelled");
}
