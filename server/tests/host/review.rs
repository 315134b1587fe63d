//! The week in the editor: written, edited, saved and undone by any LSP client.

use serde_json::{Value, json};

use crate::harness::{Home, Host, Trace};

/// A user who worked an hour for one project and, on the same morning, an hour in a folder without a project.
fn after_work() -> Home {
    let home = Home::jane();
    let trace = Trace::new()
        .work("/work/acme/api/a.rs", 0..=3_600)
        .work("/work/scratch/b.rs", 3_601..=7_200);
    home.plugin("before").record(&trace);
    home
}

/// An editor with a timesheet open.
struct Sheet {
    host: Host,
    uri: String,
    text: String,
    version: i64,
}

impl Sheet {
    fn open(home: &Home) -> Self {
        let written = home.cli(["review", &week(home)]).json();
        let path = written["path"].as_str().expect("a path");
        let mut sheet = Self {
            host: home.plugin("review"),
            uri: format!("file://{path}"),
            text: std::fs::read_to_string(path).expect("a sheet"),
            version: 1,
        };
        assert_eq!(written["text"], sheet.text.as_str());
        let document = json!({ "uri": sheet.uri, "languageId": "timesheet", "version": 1, "text": sheet.text });
        sheet
            .host
            .notify("textDocument/didOpen", &json!({ "textDocument": document }));
        sheet
    }

    fn edit(&mut self, from: &str, to: &str) {
        assert_eq!(self.text.matches(from).count(), 1, "{from} in\n{}", self.text);
        self.put(self.text.replace(from, to));
    }

    fn put(&mut self, text: String) {
        self.text = text;
        self.version += 1;
        let params = json!({
            "textDocument": { "uri": self.uri, "version": self.version },
            "contentChanges": [{ "text": self.text }],
        });
        self.host.notify("textDocument/didChange", &params);
    }

    /// Returns the messages of the text's problems.
    fn problems(&mut self) -> Vec<String> {
        let uri = self.uri.clone();
        let said = self.host.wait_for("textDocument/publishDiagnostics", |params| {
            params["uri"] == uri.as_str()
        });
        let diagnostics = said["params"]["diagnostics"]
            .as_array()
            .or(said["diagnostics"].as_array());
        let message = |diagnostic: &Value| {
            let (line, severity) = (&diagnostic["range"]["start"]["line"], &diagnostic["severity"]);
            format!(
                "{line} {severity} {}",
                diagnostic["message"].as_str().unwrap_or_default()
            )
        };
        diagnostics.expect("diagnostics").iter().map(message).collect()
    }

    /// Saves as an editor does that asks first; returns true if the text was refreshed.
    fn save(&mut self, reason: u8) -> bool {
        let document = json!({ "uri": self.uri });
        let params = json!({ "textDocument": document, "reason": reason });
        let edits = self.host.ask("textDocument/willSaveWaitUntil", &params);
        let edits = edits.as_array().cloned().unwrap_or_default();
        for edit in &edits {
            self.text = applied(&self.text, edit);
        }
        if !edits.is_empty() {
            self.put(self.text.clone());
        }
        self.host
            .notify("textDocument/didSave", &json!({ "textDocument": document }));
        !edits.is_empty()
    }
}

/// Applies an edit that begins and ends at the start of lines.
fn applied(text: &str, edit: &Value) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let line = |end: &str| usize::try_from(edit["range"][end]["line"].as_u64().expect("a line")).expect("a line");
    assert_eq!(edit["range"]["start"]["character"], 0);
    let after = lines.get(line("end")..).unwrap_or_default();
    [
        &lines[..line("start")].concat(),
        edit["newText"].as_str().expect("a text"),
        &after.concat(),
    ]
    .concat()
}

/// Returns the week of the work.
fn week(home: &Home) -> String {
    let report = home.cli(["report", "--all", "--by", "week"]).json();
    report["rows"][0]["day"].as_str().expect("a week").to_owned()
}

/// Returns the seconds by project, with `?` for unassigned time.
fn seconds(home: &Home) -> Vec<(String, i64)> {
    let report = home.cli(["report", "--all"]).json();
    let rows = report["rows"].as_array().expect("rows").iter();
    let row = |row: &Value| {
        (
            row["project"].as_str().unwrap_or("?").to_owned(),
            row["seconds"].as_i64().unwrap_or(0),
        )
    };
    let mut seconds: Vec<_> = rows.map(row).collect();
    seconds.push(("?".into(), report["unassignedSeconds"].as_i64().unwrap_or(0)));
    seconds
}

fn line_of<'a>(text: &'a str, part: &str) -> &'a str {
    text.lines()
        .find(|line| !line.starts_with('#') && line.contains(part))
        .unwrap_or_else(|| panic!("{part} in\n{text}"))
}

#[test]
fn a_week_is_reviewed_in_the_editor_and_taken_back() {
    let home = after_work();
    let before = seconds(&home);
    let mut sheet = Sheet::open(&home);
    assert_eq!(sheet.problems().len(), 1, "unassigned time is a warning");

    let unassigned = line_of(&sheet.text, " ? ").to_owned();
    let (time, _) = unassigned.trim().split_once(' ').expect("a time");
    sheet.edit(&unassigned, &format!("  {time}  acme/api  a talk with Sam"));
    assert!(sheet.save(1));
    assert_eq!(
        line_of(&sheet.text, "a talk with Sam").trim(),
        format!("{time}  acme/api  a talk with Sam")
    );
    let total: i64 = before.iter().map(|(_, seconds)| seconds).sum();
    assert_eq!(seconds(&home), [("acme/api".into(), total), ("?".into(), 0)]);
    assert!(
        sheet.text.contains("   r2-") && !sheet.text.contains("   r1-"),
        "{}",
        sheet.text
    );

    // Saving again changes nothing.
    assert!(!sheet.save(1));
    sheet.host.execute("keeptab.undo", &[]).expect("undo");
    assert_eq!(seconds(&home), before);
    // An open sheet without edits is refreshed.
    let edit = sheet.host.answer("workspace/applyEdit", |_| json!({ "applied": true }));
    assert!(
        edit["edit"]["changes"][&sheet.uri][0]["newText"]
            .as_str()
            .expect("a text")
            .contains(" ? ")
    );
}

#[test]
fn a_sheet_with_an_error_changes_nothing_and_says_where() {
    let home = after_work();
    let before = seconds(&home);
    let mut sheet = Sheet::open(&home);
    sheet.problems();
    let unassigned = line_of(&sheet.text, " ? ").to_owned();
    let project = line_of(&sheet.text, "acme/api").to_owned();
    sheet.edit(&unassigned, &unassigned.replace(" ? ", " acme/apy "));
    let line = sheet
        .text
        .lines()
        .position(|line| line.contains("acme/apy"))
        .expect("the line");
    let problems = sheet.problems();
    assert!(
        problems[0].starts_with(&format!("{line} 1 ")) && problems[0].contains("acme/api"),
        "{problems:?}"
    );
    sheet.edit(&project, "");
    assert!(!sheet.save(1));
    let told = sheet.host.wait_for("window/showMessage", |params| params["type"] == 1);
    assert!(told.to_string().contains("nothing was applied"), "{told}");
    assert_eq!(seconds(&home), before);
}

/// An auto-save keeps a change in the sheet without applying it; an invoice made then would lack it.
#[test]
fn an_invoice_asks_about_changes_that_are_not_applied() {
    let home = after_work();
    let before = seconds(&home);
    let mut sheet = Sheet::open(&home);
    let unassigned = line_of(&sheet.text, " ? ").to_owned();
    sheet.edit(&unassigned, &unassigned.replace(" ? ", " acme/api "));
    assert!(!sheet.save(2));
    let begin = |sheet: &mut Sheet, answer: Value| {
        sheet.host.execute("keeptab.invoice", &[]).expect("a conversation");
        let question = sheet.host.answer("keeptab/pick", |_| answer);
        let items = question["items"].as_array().expect("items").iter();
        items.map(|item| item["value"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(begin(&mut sheet, Value::Null), ["apply", "leave"]);
    assert_eq!(seconds(&home), before);

    begin(&mut sheet, json!("leave"));
    sheet.host.answer("keeptab/pick", |_| Value::Null);
    assert_eq!(seconds(&home), before);

    // The text that is there when the answer comes is applied.
    sheet.host.execute("keeptab.invoice", &[]).expect("a conversation");
    let question = sheet.host.asked("keeptab/pick");
    let project = line_of(&sheet.text, "acme/api").to_owned();
    sheet.edit(&project, &project.replace(" acme/api", " globex/web"));
    let answer = json!({ "jsonrpc": "2.0", "id": question["id"], "result": "apply" });
    sheet.host.send(&answer);
    sheet.host.answer("workspace/applyEdit", |_| json!({ "applied": true }));
    sheet.host.answer("keeptab/pick", |_| Value::Null);
    let now = seconds(&home);
    let of = |project: &str| {
        now.iter()
            .find(|(name, _)| name == project)
            .map(|(_, seconds)| *seconds)
    };
    assert_eq!(of("?"), Some(0), "{now:?}");
    assert_eq!(of("globex/web"), Some(before[0].1), "{now:?}");
}

#[test]
fn a_save_that_nobody_asked_for_applies_nothing() {
    let home = after_work();
    let before = seconds(&home);
    let mut sheet = Sheet::open(&home);
    let project = line_of(&sheet.text, "acme/api").to_owned();
    sheet.edit(&format!("{project}\n"), "");
    for reason in [2, 3] {
        assert!(!sheet.save(reason));
        assert_eq!(seconds(&home), before);
    }
    assert!(sheet.save(1));
    assert_eq!(seconds(&home).len(), 1, "the deleted line is gone");
}

#[test]
fn an_editor_that_does_not_ask_first_is_refreshed_after_the_save() {
    let home = after_work();
    let mut sheet = Sheet::open(&home);
    let unassigned = line_of(&sheet.text, " ? ").to_owned();
    sheet.edit(&unassigned, &unassigned.replace(" ? ", " acme/api "));
    std::fs::write(sheet.uri.trim_start_matches("file://"), &sheet.text).expect("a save");
    let document = json!({ "textDocument": { "uri": sheet.uri } });
    sheet.host.notify("textDocument/didSave", &document);
    let edit = sheet.host.answer("workspace/applyEdit", |_| json!({ "applied": true }));
    assert!(edit.to_string().contains("r2"), "{edit}");
    assert_eq!(seconds(&home).last(), Some(&("?".into(), 0)));
    // The text on the disk is the old one, and nothing of it is lost: the week is written anew.
    let again = home.cli(["review", &week(&home)]).json();
    assert!(again["outcome"].as_str().expect("an outcome").contains("as it is now"));
}

#[test]
fn edits_that_were_not_applied_are_never_overwritten() {
    let home = after_work();
    let written = home.cli(["review", &week(&home)]).json();
    let path = written["path"].as_str().expect("a path").to_owned();
    let text = written["text"].as_str().expect("a text").replace(" ? ", " acme/api ");
    std::fs::write(&path, &text).expect("an edit");
    let again = home.cli(["review", &week(&home)]).json();
    assert!(again["outcome"].as_str().expect("an outcome").contains("not applied"));
    assert_eq!(std::fs::read_to_string(&path).expect("the sheet"), text);
    let applied = home.cli(["review", "--apply", &path]).ok();
    assert!(
        applied.contains("1 change applied") && applied.trim().ends_with(&path),
        "{applied}"
    );
    assert_eq!(seconds(&home).last(), Some(&("?".into(), 0)));
    home.cli(["review", "--undo"]).ok();
    assert!(seconds(&home).last().expect("a row").1 > 3_000);
}

#[test]
fn billed_time_refuses_change_with_the_invoices_number() {
    let home = after_work();
    let number = home.cli(["invoice", "issue", "acme"]).json()["number"]
        .as_str()
        .expect("a number")
        .to_owned();
    let mut sheet = Sheet::open(&home);
    sheet.problems();
    let billed = line_of(&sheet.text, "acme/api").to_owned();
    sheet.edit(&format!("{billed}\n"), "");
    let problems = sheet.problems().join("\n");
    assert!(problems.contains(&number), "{problems}");
}

#[test]
fn a_week_is_written_for_its_client_to_sign() {
    let home = after_work();
    let week = week(&home);
    let told = home.cli(["review", &week, "--pdf"]).ok();
    let path = told.trim().lines().last().expect("a path");
    assert!(std::fs::read(path).expect("a file").starts_with(b"%PDF-"), "{told}");
    let csv = home.cli(["review", &week, "--csv", "--client", "acme"]).json();
    let text = std::fs::read_to_string(csv["files"][0].as_str().expect("a path")).expect("a file");
    assert_eq!(
        text.lines().next(),
        Some("date,from,to,duration,hours,project,note,billable")
    );
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(text.contains(",1:00,1.00,"), "{text}");
    let nobody = home.cli(["review", &week, "--csv", "--client", "nobody"]).fails(1);
    assert!(nobody.contains("clients are acme"), "{nobody}");
    let nothing = home.cli(["review", "2020-W01", "--pdf"]).fails(1);
    assert!(nothing.contains("no time for any client"), "{nothing}");
}
