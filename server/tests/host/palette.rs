//! The palette: commands with all arguments answer at once; others ask in the editor.

use std::path::Path;

use serde_json::{Value, json};

use crate::harness::{Home, Host, Trace, keys};

/// A user with an hour for Acme.
pub fn after_work() -> Home {
    let home = Home::jane();
    home.plugin("before")
        .record(&Trace::new().work("/work/acme/api/a.rs", 0..=3_600));
    home
}

/// Returns the values of a question's items.
pub fn values(question: &Value) -> Vec<&Value> {
    let items = question["items"].as_array().expect("items");
    items.iter().map(|item| &item["value"]).collect()
}

pub fn contains(value: &Value, part: &str) -> bool {
    value.as_str().is_some_and(|text| text.contains(part))
}

/// Waits for a request to open a document outside, and returns its path.
fn opened(host: &mut Host) -> String {
    let document = host.answer("window/showDocument", |_| json!({ "success": true }));
    assert_eq!(document["external"], true);
    let uri = document["uri"].as_str().expect("a uri");
    uri.strip_prefix("file://").expect("a file").to_owned()
}

#[test]
fn a_command_with_its_arguments_answers_text_and_data() {
    let home = after_work();
    let mut host = home.plugin("test");
    let mut answer = |command: &str, arguments: &[&str]| {
        let answer = host.execute(command, arguments).expect(command);
        let mut keys = keys(&answer);
        keys.retain(|key| *key != "told");
        assert_eq!(keys, ["data", "text"], "{command}");
        answer
    };
    // The data is the shell's output with --json, and the text its output without.
    let shell: [(&str, &[&str], &[&str]); 7] = [
        ("keeptab.status", &[], &["status"]),
        ("keeptab.report", &["--all"], &["report", "--all"]),
        (
            "keeptab.report",
            &["--all", "--by", "day"],
            &["report", "--all", "--by", "day"],
        ),
        (
            "keeptab.explain",
            &["/work/acme/api/b.rs"],
            &["explain", "/work/acme/api/b.rs"],
        ),
        ("keeptab.project", &[], &["project"]),
        ("keeptab.client", &["list"], &["client", "list"]),
        ("keeptab.invoice", &["list"], &["invoice", "list"]),
    ];
    for (command, arguments, words) in shell {
        let answer = answer(command, arguments);
        assert_eq!(answer["data"], home.cli(words).json(), "{command}");
        let text = answer["text"].as_str().expect("a text").trim().to_owned();
        assert_eq!(text, home.cli(words).ok().trim(), "{command}");
    }
    let invoice = answer("keeptab.invoice", &["issue", "acme", "--date", "2025-03-31"]);
    assert_eq!(invoice["data"]["number"], "JDS-202503-0001");
    assert!(
        contains(&invoice["text"], "JDS-202503-0001  overdue  acme"),
        "{invoice}"
    );
    let paused = answer("keeptab.pause", &[]);
    assert_eq!(
        (&paused["data"]["paused"], &paused["told"]["undo"]),
        (&json!(true), &Value::Null)
    );
    assert_eq!(home.cli(["status"]).json()["state"], "paused");
    answer("keeptab.resume", &[]);
    assert_eq!(home.cli(["status"]).json()["state"], "idle");
    let log = host.execute("keeptab.log", &[]).expect("a path");
    let path = Path::new(log["path"].as_str().expect("a path"));
    assert!(path.starts_with(home.folder()) && path.exists(), "{log}");
}

#[test]
fn a_change_says_in_fields_what_was_done_and_how_it_is_taken_back() {
    let home = after_work();
    let mut host = home.plugin("test");
    let mut answer = |command: &str, words: &[&str]| host.execute(command, words).expect(command);
    let started = answer("keeptab.start", &["acme/api"]);
    assert_eq!(
        (&started["data"]["project"], &started["told"]["undo"]),
        (&json!("acme/api"), &Value::Null)
    );
    // The first is counted when another begins, and that can be taken back.
    let next = answer("keeptab.start", &["globex/web"]);
    assert_eq!(
        (&next["data"]["project"], &next["told"]["undo"]),
        (&json!("globex/web"), &json!("keeptab.undo"))
    );
    assert_eq!(next["data"]["before"]["project"], "acme/api");
    let stopped = answer("keeptab.stop", &[]);
    assert_eq!(
        (&stopped["data"]["project"], &stopped["told"]["undo"]),
        (&json!("globex/web"), &json!("keeptab.undo"))
    );
    let added = answer(
        "keeptab.add",
        &["acme/api", "0:45", "--day", "2025-03-07", "--note", "call"],
    );
    let data = &added["data"];
    assert_eq!(
        (&data["day"], &data["note"], &data["billable"]),
        (&json!("2025-03-07"), &json!("call"), &json!(true))
    );
    assert_eq!(data["entries"][0]["countedSeconds"], 2_700);
    assert_eq!(
        (&added["told"]["undo"], &data["undo"]["command"]),
        (&json!("keeptab.undo"), &json!("keeptab.undo"))
    );
    // The sentence for plugins names no shell command.
    assert!(!contains(&added["told"]["text"], "keeptab"), "{added}");
    let undone = answer("keeptab.undo", &[]);
    assert_eq!(
        (&undone["data"]["takenBackEntries"], &undone["told"]["undo"]),
        (&json!(1), &Value::Null)
    );
    let written = answer("keeptab.assign", &["/work/new", "acme/api"]);
    assert_eq!(
        (&written["data"]["config"], &written["told"]["undo"]),
        (&json!(home.config_file()), &json!("keeptab.undo"))
    );
    home.cli(["invoice", "draft", "acme"]).json();
    assert_eq!(
        answer("keeptab.invoice", &["discard", "1"])["data"],
        json!({
            "items": [], "summary": "draft 1 of acme is discarded; its time is free again", "draft": 1, "client": "acme",
        })
    );
    assert_eq!(answer("keeptab.resume", &[])["data"]["paused"], false);
}

#[test]
fn every_command_that_is_announced_is_known_and_no_other() {
    let home = Home::jane();
    let mut host = home.host();
    let result = host.initialize(&json!({ "activity": "plugin" }));
    let announced = result["capabilities"]["executeCommandProvider"]["commands"]
        .as_array()
        .expect("commands")
        .clone();
    for command in &announced {
        let command = command.as_str().expect("a name");
        // A command with wrong arguments is known all the same.
        if let Err(error) = host.execute(command, &["--no-such-option"]) {
            assert!(
                !contains(&error["message"], "there is no command"),
                "{command}: {error}"
            );
        }
    }
    for command in [
        "keeptab.dance",
        "keeptab.",
        "",
        "lsp",
        "keeptab.lsp",
        "keeptab.report --json",
        "other.command",
    ] {
        let error = host.execute(command, &[]).expect_err(command);
        assert!(contains(&error["message"], "there is no command"), "{command}: {error}");
        assert!(error["data"]["hint"].is_string(), "{command}: {error}");
    }
}

#[test]
fn a_command_that_is_misused_says_so_and_how_to_use_it() {
    let home = Home::jane();
    let mut host = home.plugin("test");
    let misused: [(&str, &[&str], &str); 5] = [
        ("keeptab.report", &["--week", "someday"], "is not a week"),
        (
            "keeptab.report",
            &["--from", "2025-03-03", "--to", "2025-03-01"],
            "before it begins",
        ),
        ("keeptab.invoice", &["show", "JDS-209901-0001"], "there is no invoice"),
        ("keeptab.invoice", &["draft", "nobody"], "there is no client `nobody`"),
        ("keeptab.client", &["add", "acme", "--name", "Acme"], "is there already"),
    ];
    for (command, arguments, says) in misused {
        let error = host.execute(command, arguments).expect_err(command);
        assert!(contains(&error["message"], says), "{arguments:?}: {error}");
    }
    host.expect_no_error();
}

#[test]
fn create_invoice_asks_for_a_client_shows_the_draft_and_issues_it() {
    let home = after_work();
    let mut host = home.plugin("test");
    assert_eq!(host.execute("keeptab.invoice", &[]), Ok(Value::Null));
    let clients = host.answer("keeptab/pick", |_| json!("acme"));
    assert_eq!(keys(&clients), ["items", "placeholder", "title"]);
    let acme = json!({ "label": "Acme Co", "detail": "1:00 unbilled", "value": "acme" });
    let globex = json!({ "label": "Globex", "detail": "0:00 unbilled", "value": "globex" });
    let new = json!({ "label": "New client…", "detail": "adds it to keeptab.toml", "value": "" });
    assert_eq!(clients["items"], json!([acme, globex, new]));
    let periods = host.answer("keeptab/pick", |_| json!("all"));
    assert_eq!(values(&periods), ["all", "this", "last", "days", "project"]);
    // Looking at the paper comes back to the question.
    let preview = host.answer("keeptab/pick", |_| json!("look"));
    assert!(contains(&preview["title"], "draft 1, 2025-03-03"), "{preview}");
    assert!(opened(&mut host).ends_with("draft-1.pdf"));
    // Nothing is final yet, and the first item is not what cannot be taken back.
    let preview = host.answer("keeptab/pick", |_| json!("issue"));
    assert!(contains(&preview["title"], "95.00"), "{preview}");
    assert_eq!(values(&preview), ["keep", "issue", "look", "discard"]);
    let told = host.wait_for("keeptab/told", |_| true);
    let invoice = home.cli(["invoice", "list"]).json()[0].take();
    assert_eq!(invoice["status"], "issued");
    let number = invoice["number"].as_str().expect("a number");
    assert!(contains(&told["text"], number), "{told}");
    let path = opened(&mut host);
    assert!(path.ends_with(&format!("{number}.pdf")), "{path}");
    assert!(std::fs::read(&path).expect("the document").starts_with(b"%PDF-"));
    host.expect_no_error();
}

#[test]
fn create_invoice_can_be_left_at_every_step() {
    let home = after_work();
    let mut host = home.plugin("test");
    let list = || home.cli(["invoice", "list"]).json();

    // At the choice of a client nothing has happened yet.
    host.execute("keeptab.invoice", &[]).expect("a conversation");
    host.answer("keeptab/pick", |_| Value::Null);
    host.execute("keeptab.status", &[]).expect("a status");
    assert_eq!(list(), json!([]));

    // Nor at that of a period.
    host.execute("keeptab.invoice", &[]).expect("a conversation");
    host.answer("keeptab/pick", |_| json!("acme"));
    host.answer("keeptab/pick", |_| Value::Null);
    host.execute("keeptab.status", &[]).expect("a status");
    assert_eq!(list(), json!([]));

    // Leaving the preview keeps the draft, and offers to discard it; it has its period. Discarding it releases its time.
    for (answer, drafts) in [(Value::Null, 1), (json!("keep"), 1), (json!("discard"), 0)] {
        host.execute("keeptab.invoice", &[]).expect("a conversation");
        host.answer("keeptab/pick", |_| json!("acme"));
        if answer == Value::Null {
            host.answer("keeptab/pick", |_| json!("all"));
        }
        host.answer("keeptab/pick", |_| answer.clone());
        if drafts == 0 {
            host.wait_for("keeptab/told", |_| true);
        } else {
            let offer = host.wait_for("keeptab/offer", |_| true);
            assert_eq!(
                (&offer["command"], &offer["words"]),
                (&json!("keeptab.invoice"), &json!(["discard", "1"]))
            );
        }
        assert_eq!(list().as_array().map(Vec::len), Some(drafts), "{answer}");
    }

    // With nothing to bill, it says so.
    host.execute("keeptab.invoice", &[]).expect("a conversation");
    host.answer("keeptab/pick", |_| json!("globex"));
    host.answer("keeptab/pick", |_| json!("all"));
    let told = host.wait_for("window/showMessage", |message| message["type"] == 1);
    assert!(contains(&told["message"], "nothing to bill globex"), "{told}");
}

#[test]
fn without_a_plugin_create_invoice_asks_by_messages_with_buttons() {
    let home = after_work();
    let mut host = home.generic();
    host.execute("keeptab.invoice", &[]).expect("a conversation");
    let clients = host.answer("window/showMessageRequest", |_| json!({ "title": "Acme Co" }));
    assert_eq!(
        clients["actions"],
        json!([{ "title": "Acme Co" }, { "title": "Globex" }, { "title": "New client…" }])
    );
    host.answer("window/showMessageRequest", |params| params["actions"][0].clone());
    let preview = host.answer("window/showMessageRequest", |params| params["actions"][1].clone());
    assert!(contains(&preview["message"], "95.00"), "{preview}");
    assert!(opened(&mut host).ends_with("-0001.pdf"));
    assert_eq!(home.cli(["invoice", "list"]).json()[0]["status"], "issued");
}

#[test]
fn totals_of_a_range_are_shown_with_bars_and_nothing_is_asked() {
    let home = after_work();
    let mut host = home.plugin("test");
    let answer = host.execute("keeptab.totals", &["--all"]).expect("totals");
    assert_eq!(answer["data"], home.cli(["report", "--all"]).json());
    let text = answer["text"].as_str().expect("a text");
    let bar = "█".repeat(24);
    assert!(text.starts_with("all time   1:00   EUR 95.00\n"), "{text}");
    assert!(text.contains(&format!("\n  acme/api  1:00  {bar}  EUR ")), "{text}");
    let wrong = host.execute("keeptab.totals", &["--week", "soon"]);
    assert!(wrong.expect_err("no week")["data"]["hint"].is_string());
}

#[test]
fn an_editor_with_a_command_line_of_its_own_reads_its_own_words() {
    let home = after_work();
    let mut host = home.host();
    host.initialize(&json!({ "activity": "plugin", "source": "nvim", "commands": ":Keeptab" }));
    let started = host.execute("keeptab.start", &["acme/api"]).expect("a timer");
    assert!(
        contains(&started["told"]["text"], "`:Keeptab stop` counts it"),
        "{started}"
    );
    host.execute("keeptab.stop", &[]).expect("an end");
    let refused = host.execute("keeptab.stop", &[]).expect_err("no timer");
    let (message, hint) = (&refused["message"], &refused["data"]["hint"]);
    assert!(contains(message, "`:Keeptab start PROJECT`"), "{refused}");
    assert!(contains(hint, "`:Keeptab start PROJECT`"), "{refused}");
}

#[test]
fn a_command_line_is_completed_with_what_there_is() {
    let home = after_work();
    let mut host = home.plugin("test");
    let mut complete = |words: &[&str]| host.execute("keeptab.complete", words).expect("a list");
    assert_eq!(complete(&["start"])[0], "acme/api");
    assert_eq!(complete(&["report", "--by"])[0], "client");
    assert_eq!(complete(&["dance"]), json!([]));
    assert_eq!(complete(&[]), json!([]));
    home.cli(["invoice", "issue", "acme"]).ok();
    let known = complete(&["invoice", "show"]);
    assert_eq!(known[0], "acme");
    assert!(known.to_string().contains("-0001"), "{known}");
    // It is for command lines, and not in the palette.
    let answer = home.host().ask("initialize", &json!({ "capabilities": {} }));
    let offered = &answer["capabilities"]["executeCommandProvider"]["commands"];
    assert!(offered.to_string().contains("keeptab.totals"), "{offered}");
    assert!(!offered.to_string().contains("complete"), "{offered}");
}
