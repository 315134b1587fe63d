//! Code actions of the timesheet, through a bare LSP client: open, act, save, and the report shows it.

use serde_json::{Value, json};

use crate::harness::{Home, Host, Trace};

/// An editor with the sheet of the week open.
struct Editor {
    host: Host,
    uri: String,
    text: String,
    version: i32,
}

/// Monday: an hour for Acme from 9:00, nothing until 9:40, half an hour in a folder that no rule matches, half an hour
/// for Globex.
fn after_work() -> Home {
    let home = Home::jane();
    let trace = Trace::new()
        .work("/work/acme/api/a.rs", 0..=3_610)
        .work("/src/scratch/a.rs", 6_020..=7_800)
        .work("/work/globex/a.rs", 7_860..=9_600);
    home.plugin("work").record(&trace);
    home
}

impl Editor {
    fn open(home: &Home) -> Self {
        let mut host = home.plugin("test");
        let sheet = host.execute("keeptab.review", &["2025-W10"]).expect("a sheet");
        let text = |field: &str| sheet["data"][field].as_str().expect("a text").to_owned();
        let editor = Self {
            uri: format!("file://{}", text("path")),
            text: text("text"),
            version: 1,
            host,
        };
        let document = json!({ "uri": editor.uri, "languageId": "timesheet", "version": 1, "text": editor.text });
        let mut editor = editor;
        editor
            .host
            .notify("textDocument/didOpen", &json!({ "textDocument": document }));
        editor
    }

    fn line(&self, words: &str) -> usize {
        let line = self.text.lines().position(|line| line.contains(words));
        line.unwrap_or_else(|| panic!("no {words} in\n{}", self.text))
    }

    /// Sends a request about the sheet.
    fn ask(&mut self, method: &str, params: Value) -> Value {
        let mut params = params;
        params["textDocument"] = json!({ "uri": self.uri });
        self.host.ask(method, &params)
    }

    /// Returns the code actions of the line that contains a text.
    fn actions(&mut self, words: &str, only: &[&str]) -> Vec<Value> {
        let at = json!({ "line": self.line(words), "character": 3 });
        let mut context = json!({ "diagnostics": [] });
        if !only.is_empty() {
            context["only"] = json!(only);
        }
        let actions = self.ask(
            "textDocument/codeAction",
            json!({ "range": { "start": at, "end": at }, "context": context }),
        );
        actions.as_array().expect("actions").clone()
    }

    /// Runs the action with a title: edits the text, or runs the command and returns its answer.
    #[track_caller]
    fn act(&mut self, words: &str, title: &str) -> Option<Value> {
        let actions = self.actions(words, &[]);
        let action = actions.iter().find(|action| action["title"] == title);
        let action = action.unwrap_or_else(|| panic!("no {title} in {actions:#?}"));
        if let Some(command) = action["command"].as_object() {
            let words: Vec<&str> = command["arguments"]
                .as_array()
                .expect("words")
                .iter()
                .filter_map(Value::as_str)
                .collect();
            return Some(
                self.host
                    .execute(command["command"].as_str().expect("a command"), &words)
                    .expect(title),
            );
        }
        let edits = action["edit"]["changes"][&self.uri].clone();
        self.change(&edits);
        None
    }

    /// Applies edits, and reports the new text.
    fn change(&mut self, edits: &Value) {
        let mut edits: Vec<&Value> = edits.as_array().expect("edits").iter().collect();
        edits.sort_by_key(|edit| {
            (
                edit["range"]["start"]["line"].as_u64(),
                edit["range"]["start"]["character"].as_u64(),
            )
        });
        for edit in edits.into_iter().rev() {
            let byte = |at: &Value| {
                let line = usize::try_from(at["line"].as_u64().expect("a line")).expect("a line");
                let before: usize = self.text.split_inclusive('\n').take(line).map(str::len).sum();
                before + usize::try_from(at["character"].as_u64().expect("a column")).expect("a column")
            };
            let bytes = byte(&edit["range"]["start"])..byte(&edit["range"]["end"]);
            self.text
                .replace_range(bytes, edit["newText"].as_str().expect("a text"));
        }
        self.version += 1;
        let document = json!({ "uri": self.uri, "version": self.version });
        let params = json!({ "textDocument": document, "contentChanges": [{ "text": self.text }] });
        self.host.notify("textDocument/didChange", &params);
    }

    /// Saves by hand, as an editor does that asks first.
    fn save(&mut self) {
        let edits = self.ask("textDocument/willSaveWaitUntil", json!({ "reason": 1 }));
        self.change(&edits);
        let document = json!({ "uri": self.uri });
        self.host
            .notify("textDocument/didSave", &json!({ "textDocument": document }));
    }

    /// Applies the refreshed text.
    fn refreshed(&mut self) {
        let asked = self.host.answer("workspace/applyEdit", |_| json!({ "applied": true }));
        let edits = asked["edit"]["changes"][&self.uri].clone();
        self.change(&edits);
    }
}

/// Returns the minutes of Acme, of Globex, and of unassigned time.
fn minutes(home: &Home) -> (i64, i64, i64) {
    let report = home.cli(["report", "--all"]).json();
    let of = |project: &str| {
        let rows = report["rows"].as_array().expect("rows").iter();
        let seconds = rows
            .filter(|row| row["project"] == project)
            .filter_map(|row| row["seconds"].as_i64());
        seconds.sum::<i64>() / 60
    };
    let unassigned = report["unassignedSeconds"].as_i64().expect("seconds");
    (of("acme/api"), of("globex/web"), unassigned / 60)
}

#[test]
fn unassigned_time_is_counted_split_and_merged_and_undo_takes_it_back() {
    let home = after_work();
    let mut editor = Editor::open(&home);
    let before = minutes(&home);
    assert_eq!(before, (60, 29, 30));
    editor.act("  10:40-", "Count it to acme/api");
    editor.act("  10:40-", "Split at 10:55");
    assert_eq!(minutes(&home), before, "nothing is settled before it is saved");
    editor.save();
    assert_eq!(minutes(&home), (90, 29, 0));
    // Adjacent lines that are alike become one again.
    assert!(editor.text.contains("  10:40-11:11  acme/api"), "{}", editor.text);
    editor.act("  10:40-", "Split at 10:55");
    editor.act("  10:55-", "Not billable");
    editor.save();
    editor.act("  10:55-", "Merge with the line above");
    editor.act("  09:00-", "Not billable");
    editor.save();
    assert_eq!(minutes(&home), (90, 29, 0));
    for _ in 0..3 {
        editor.host.execute("keeptab.undo", &[]).expect("an undo");
        editor.refreshed();
    }
    assert_eq!(minutes(&home), before);
    assert!(editor.text.contains("/src/scratch"), "{}", editor.text);
    editor.host.expect_no_error();
}

#[test]
fn a_gap_is_a_call_or_a_break() {
    let home = after_work();
    let mut editor = Editor::open(&home);
    let asked = "# ? Mon 10:00-10:40";
    editor.act(asked, "10:00-10:40 was a break");
    editor.refreshed();
    assert!(!editor.text.contains(asked), "{}", editor.text);
    assert_eq!(minutes(&home), (60, 29, 30));
    editor.host.execute("keeptab.undo", &[]).expect("an undo");
    editor.refreshed();
    editor.act(asked, "Count 10:00-10:40 to globex/web");
    editor.save();
    assert!(!editor.text.contains(asked), "{}", editor.text);
    assert_eq!(minutes(&home), (60, 69, 30));
    editor.host.expect_no_error();
}

#[test]
fn a_folder_gets_its_rule() {
    let home = after_work();
    let mut editor = Editor::open(&home);
    let answer = editor.act("  10:40-", "Assign /src/scratch to acme/api, with a rule");
    let text = answer.expect("an answer")["text"].to_string();
    assert!(text.contains("written to") && text.contains("0:30"), "{text}");
    editor.refreshed();
    assert!(editor.text.contains("10:40-11:11  acme/api"), "{}", editor.text);
    assert_eq!(minutes(&home), (90, 29, 0));
    assert!(
        home.config()
            .contains(r#"paths = ["/work/acme/api/**", "/src/scratch/**"]"#),
        "{}",
        home.config()
    );
    editor.host.expect_no_error();
}

#[test]
fn a_folder_is_assigned_by_a_conversation() {
    let home = after_work();
    let mut editor = Editor::open(&home);
    editor.act("# ? Mon 10:40", "Assign /src/scratch to a project…");
    let asked = editor.host.answer("keeptab/pick", |_| json!(""));
    assert_eq!(asked["title"], "Assign /src/scratch to a project?");
    let labels: Vec<&str> = asked["items"]
        .as_array()
        .expect("items")
        .iter()
        .filter_map(|item| item["label"].as_str())
        .collect();
    assert_eq!(labels, ["acme/api", "globex/web", "New project…"]);
    editor.host.answer("keeptab/pick", |_| json!("acme"));
    let name = editor.host.answer("keeptab/input", |asked| asked["value"].clone());
    assert_eq!(name["value"], "scratch");
    editor.host.answer("keeptab/input", |_| json!("80.00"));
    editor.refreshed();
    assert!(editor.text.contains("10:40-11:11  acme/scratch"), "{}", editor.text);
    let added = "[project.\"acme/scratch\"]\nclient = \"acme\"\nname = \"scratch\"\nrate = \"80.00\"\npaths = [\"/src/scratch/**\"]\n";
    assert!(home.config().ends_with(added), "{}", home.config());
    // The shell has the same message.
    let refused = home.cli(["assign", "/src/scratch", "acme/scratch"]).fails(1);
    assert!(refused.contains("has /src/scratch/** already"), "{refused}");
    editor.host.expect_no_error();
}

#[test]
fn a_misspelt_project_has_one_obvious_fix() {
    let home = after_work();
    let mut editor = Editor::open(&home);
    editor.text = editor.text.replace("globex/web", "globex/wep");
    editor.change(&json!([]));
    let fixes = editor.actions("globex/wep", &["quickfix"]);
    let first = fixes.first().expect("a fix");
    assert_eq!(
        (&first["title"], &first["isPreferred"]),
        (&"Change to globex/web".into(), &true.into())
    );
    assert_eq!(first["diagnostics"][0]["code"], "project");
    let rewrites = editor.actions("globex/wep", &["refactor"]);
    assert!(
        rewrites.iter().all(|action| action["kind"] == "refactor.rewrite"),
        "{rewrites:?}"
    );
    assert!(!rewrites.is_empty());
    editor.act("globex/wep", "Change to globex/web");
    assert_eq!(editor.actions("globex/web", &["quickfix"]), [] as [Value; 0]);
}

#[test]
fn a_sheet_has_folds_symbols_colours_and_columns() {
    let home = after_work();
    let mut editor = Editor::open(&home);
    let day = editor.line("Mon 3 Mar   ");
    let folds = editor.ask("textDocument/foldingRange", json!({}));
    let fold = folds.as_array().expect("folds").last().expect("a day");
    assert_eq!((&fold["startLine"], &fold["endLine"]), (&day.into(), &(day + 3).into()));
    let symbols = editor.ask("textDocument/documentSymbol", json!({}));
    assert_eq!(
        (&symbols[0]["name"], &symbols[0]["detail"]),
        (&"Mon 3 Mar".into(), &"2:00".into())
    );
    assert_eq!(symbols[0]["children"][0]["name"], "09:00-10:00  acme/api");
    let tokens = editor.ask("textDocument/semanticTokens/full", json!({}));
    assert_eq!(tokens["data"].as_array().expect("numbers").len(), 5 * 15, "{tokens}");
    let options = json!({ "options": { "tabSize": 2, "insertSpaces": true } });
    assert_eq!(editor.ask("textDocument/formatting", options.clone()), json!([]));
    let tidy = editor.text.clone();
    editor.text = tidy.replace("  globex/web", " globex/web");
    editor.change(&json!([]));
    let edits = editor.ask("textDocument/formatting", options);
    editor.change(&edits);
    assert_eq!(editor.text, tidy);
    // Other documents get no answer.
    let other = json!({ "textDocument": { "uri": "file:///a.rs" } });
    assert_eq!(editor.host.ask("textDocument/foldingRange", &other), Value::Null);
}
