//! Features of a timesheet in a bare client: hover, completion, code lenses, inlay hints.

use serde_json::{Value, json};

use crate::harness::{Home, Host, MONDAY, Trace};

/// The week of [`MONDAY`], open in an editor.
struct Open {
    host: Host,
    uri: String,
    text: String,
    version: i32,
}

impl Open {
    fn week(home: &Home) -> Self {
        let mut host = home.generic();
        let sheet = host.execute("keeptab.review", &["2025-W10"]).expect("a sheet");
        let path = sheet["data"]["path"].as_str().expect("a path");
        let text = sheet["data"]["text"].as_str().expect("a text").to_owned();
        let uri = format!("file://{path}");
        let document = json!({ "uri": uri, "languageId": "timesheet", "version": 1, "text": text });
        host.notify("textDocument/didOpen", &json!({ "textDocument": document }));
        Self {
            host,
            uri,
            text,
            version: 1,
        }
    }

    /// Replaces the line that contains a text.
    fn put(&mut self, old: &str, new: &str) {
        let line = self.line(old);
        let mut lines: Vec<&str> = self.text.split('\n').collect();
        lines[line] = new;
        self.text = lines.join("\n");
        self.version += 1;
        let params = json!({
            "textDocument": { "uri": self.uri, "version": self.version },
            "contentChanges": [{ "text": self.text }],
        });
        self.host.notify("textDocument/didChange", &params);
    }

    #[track_caller]
    fn line(&self, text: &str) -> usize {
        let found = self.text.split('\n').position(|line| line.contains(text));
        found.unwrap_or_else(|| panic!("{text} is not in\n{}", self.text))
    }

    /// Sends a request about the whole document, or about the end of the line that contains a text.
    fn ask(&mut self, method: &str, line: Option<&str>) -> Value {
        let mut params = json!({ "textDocument": { "uri": self.uri } });
        if let Some(text) = line {
            let line = self.line(text);
            let length = self
                .text
                .split('\n')
                .nth(line)
                .map_or(0, |line| line.encode_utf16().count());
            params["position"] = json!({ "line": line, "character": length });
            params["context"] = json!({ "triggerKind": 1 });
        }
        params["range"] = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 999, "character": 0 } });
        self.host.ask(method, &params)
    }

    fn hover(&mut self, line: &str) -> String {
        let hover = self.ask("textDocument/hover", Some(line));
        assert_eq!(hover["contents"]["kind"], "markdown", "{line} in\n{}", self.text);
        hover["contents"]["value"].as_str().expect("a text").to_owned()
    }

    /// Returns the hints, each with its line.
    fn hints(&mut self) -> Vec<(u64, String)> {
        let hints = self.ask("textDocument/inlayHint", None);
        let hint = |hint: &Value| {
            let label = hint["label"].as_str().expect("a label").to_owned();
            (hint["position"]["line"].as_u64().expect("a line"), label)
        };
        hints.as_array().expect("hints").iter().map(hint).collect()
    }

    fn lenses(&mut self) -> Vec<Value> {
        let lenses = self.ask("textDocument/codeLens", None);
        lenses
            .as_array()
            .expect("lenses")
            .iter()
            .map(|lens| lens["command"].clone())
            .collect()
    }

    fn titles(&mut self) -> Vec<String> {
        let title = |lens: &Value| lens["title"].as_str().expect("a title").to_owned();
        self.lenses().iter().map(title).collect()
    }
}

/// A user who typed in two files for Acme from 9 to 10, in an unassigned file until 10:20, and for Globex until 11.
fn worked() -> Home {
    let home = Home::jane();
    let edit = |seconds: i64, uri: &str, language: &str| json!({ "at": MONDAY + seconds * 1000, "kind": "edit", "uri": uri, "language": language });
    let mut trace = Trace::new();
    for minute in 0..40 {
        trace = trace.event(edit(minute * 60, "file:///work/acme/api/src/orders.rs", "rust"));
    }
    for minute in 40..55 {
        trace = trace.event(edit(minute * 60, "file:///work/acme/api/README.md", "markdown"));
    }
    trace =
        trace.event(json!({ "at": MONDAY + 55 * 60_000, "kind": "visit", "uri": "https://git.example/acme/pull/7" }));
    for minute in 60..80 {
        trace = trace.event(edit(minute * 60, "file:///work/scratch/x.py", "python"));
    }
    home.plugin("test")
        .record(&trace.work("/work/globex/web.ts", 4_800..=7_200));
    home
}

#[test]
fn a_line_says_what_stands_behind_it() {
    let home = worked();
    let mut open = Open::week(&home);
    assert_eq!(
        open.hover("acme/api"),
        "**`acme/api`** · API development · Acme Co\n\n\
         1:00 · EUR 95.00 (1.00 h × 95.00)\n\n\
         - `/work/acme/api/src/orders.rs` 0:40 · 40×\n\
         - `/work/acme/api/README.md` 0:15 · 15×\n\n\
         rust, markdown\n\n\
         - `https://git.example/acme/pull/7` 0:05 · 1×\n\n\
         Rule: `/work/acme/api/**` wins for `/work/acme/api/src/orders.rs` and names `acme/api`"
    );
    // A hover on a part of the line shows only the evidence in that part.
    open.put("09:00-10:00", "  09:50-10:00  acme/api");
    assert_eq!(
        open.hover("09:50-10:00"),
        "**`acme/api`** · API development · Acme Co\n\n\
         0:10 · EUR 16.15 (0.17 h × 95.00)\n\n\
         - `/work/acme/api/README.md` 0:05 · 5×\n\n\
         markdown\n\n\
         - `https://git.example/acme/pull/7` 0:05 · 1×\n\n\
         Rule: `/work/acme/api/**` wins for `/work/acme/api/README.md` and names `acme/api`"
    );
    assert_eq!(
        open.hover("10:00-10:20  ?"),
        "**unassigned**\n\n0:20\n\n\
         No rule names what was touched in `/work/scratch`. Write a project instead of the `?`, such as `acme/api`, or \
         assign the folder to one: add it to the project's `paths` in keeptab.toml.\n\n\
         - `/work/scratch/x.py` 0:20 · 20×\n\n\
         python\n\n\
         Rule: none names `/work/scratch/x.py`"
    );
    let doubt = open.hover("# ?");
    assert!(
        doubt.starts_with("**Mon 10:00-10:20  0:20 unassigned in /work/scratch**\n\n"),
        "{doubt}"
    );
    assert!(doubt.contains("Write a project instead of the `?`"), "{doubt}");
    assert_eq!(
        open.hover("Mon 3 Mar   2:00"),
        "**1:10**\n\n\
         - 0:40 `globex/web` · Globex\n\
         - 0:20 unassigned\n\
         - 0:10 `acme/api` · API development · Acme Co"
    );
    assert_eq!(open.ask("textDocument/hover", Some("# 2025-W10")), Value::Null);
    open.host.expect_no_error();
}

#[test]
fn what_a_line_may_be_is_proposed_likeliest_first() {
    let home = worked();
    let mut open = Open::week(&home);
    let labels = |list: &Value| -> Vec<String> {
        let items = list["items"].as_array().expect("items").iter();
        items
            .map(|item| item["label"].as_str().expect("a label").to_owned())
            .collect()
    };
    // Nothing stands after the time, so the evidence in its minutes ranks the projects.
    for (line, expected) in [
        ("  09:00-10:00 ", ["acme/api", "globex/web", "?", "-"]),
        ("  10:30-11:00 ", ["globex/web", "acme/api", "?", "-"]),
    ] {
        open.put("acme/api", line);
        let list = open.ask("textDocument/completion", Some(line.trim()));
        assert_eq!(labels(&list), expected, "{line}");
        open.put(line.trim(), "  09:00-10:00  acme/api");
    }
    open.put("09:00-10:00", "  09:00-10:00  globex/w");
    let list = open.ask("textDocument/completion", Some("globex/w"));
    let line = open.line("09:00-10:00");
    assert_eq!(
        list,
        json!({ "isIncomplete": true, "items": [{
            "label": "globex/web",
            "kind": 9,
            "detail": "Globex · EUR 120.00/h · 0:40 this week",
            "preselect": true,
            "sortText": "0000",
            "filterText": "globex/web",
            "textEdit": {
                "range": { "start": { "line": line, "character": 15 }, "end": { "line": line, "character": 23 } },
                "newText": "globex/web",
            },
        }] })
    );
    open.put("09:00-10:00", "  09:00-10:00");
    assert_eq!(open.ask("textDocument/completion", Some("09:00-10:00")), Value::Null);
    open.host.expect_no_error();
}

#[test]
fn lenses_and_hints_say_what_it_comes_to() {
    let home = worked();
    let mut open = Open::week(&home);
    assert_eq!(
        open.titles(),
        [
            "Acme Co 1:00 · EUR 95.00 · Create invoice",
            "Globex 0:40 · EUR 80.40 · Create invoice",
            "acme/api 1:00 · globex/web 0:40 · ? 0:20",
        ]
    );
    let line = |text: &str, open: &Open| open.line(text) as u64;
    let (api, scratch, web) = (line("acme/api", &open), line("  ?  ", &open), line("globex/web", &open));
    assert_eq!(
        open.hints(),
        [
            (api, "1:00 · EUR 95.00".to_owned()),
            (scratch, "0:20".to_owned()),
            (web, "0:40 · EUR 80.40".to_owned()),
        ]
    );
    // A line with an error has no hint, and the week still shows the ledger's values.
    open.put("acme/api", "  09:00-10:00  acme/apy");
    assert_eq!(
        open.hints().iter().map(|(line, _)| *line).collect::<Vec<_>>(),
        [scratch, web]
    );
    assert_eq!(open.titles()[0], "Acme Co 1:00 · EUR 95.00 · Create invoice");
    open.host.expect_no_error();
}

#[test]
fn a_lens_leads_to_the_invoice_of_its_client_and_week() {
    let home = worked();
    // Time of another week is not on it.
    home.plugin("later")
        .record(&Trace::new().work("/work/acme/api/a.rs", 604_800..=606_600));
    let mut open = Open::week(&home);
    let lens = open.lenses().remove(0);
    assert_eq!(lens["command"], "keeptab.invoice");
    assert_eq!(lens["arguments"], json!([{ "client": "acme", "week": "2025-W10" }]));
    let run = |open: &mut Open, choose: usize| {
        let params = json!({ "command": lens["command"], "arguments": lens["arguments"] });
        assert_eq!(open.host.ask("workspace/executeCommand", &params), Value::Null);
        open.host
            .answer("window/showMessageRequest", |params| params["actions"][choose].clone())
    };
    let kept = run(&mut open, 0);
    assert!(
        kept["message"].as_str().is_some_and(|text| text.contains("95.00")),
        "{kept}"
    );
    open.host.wait_for("window/showMessage", |message| message["type"] == 3);
    // The kept draft is continued.
    let preview = run(&mut open, 1);
    assert_eq!(preview["message"], kept["message"]);
    // The sheet, the draft and the invoice.
    for _ in 0..3 {
        open.host.answer("window/showDocument", |_| json!({ "success": true }));
    }
    let invoices = home.cli(["invoice", "list"]).json();
    assert_eq!(invoices.as_array().map(Vec::len), Some(1), "{invoices}");
    assert_eq!(invoices[0]["lines"][0]["amount"], "95.00");
    let number = invoices[0]["number"].as_str().expect("a number").to_owned();

    // The open sheet shows it.
    let edit = open.host.answer("workspace/applyEdit", |_| json!({ "applied": true }));
    assert!(!edit["edit"]["changes"][&open.uri].is_null(), "{edit}");
    let again = Open::week(&home).hints();
    assert_eq!(again[0].1, format!("1:00 · billed {number}"));
    assert_eq!(open.hints()[0].1, format!("1:00 · billed {number}"));
}

#[test]
fn an_invoice_that_cannot_be_read_or_made_says_so() {
    let home = worked();
    let mut host = home.generic();
    for (arguments, says) in [
        (
            json!([{ "client": "acme", "weak": "2025-W10" }]),
            "unknown field `weak`",
        ),
        (json!([{ "client": "acme", "week": "W10" }]), "is not a week"),
        (json!([7]), " — write it as {\"client\""),
    ] {
        let params = json!({ "command": "keeptab.invoice", "arguments": arguments });
        let error = host.request("workspace/executeCommand", &params).expect_err("refused");
        assert!(
            error["message"].as_str().is_some_and(|text| text.contains(says)),
            "{error}"
        );
    }
    let params = json!({ "command": "keeptab.invoice", "arguments": [{ "client": "nobody" }] });
    host.ask("workspace/executeCommand", &params);
    let told = host.wait_for("window/showMessage", |message| message["type"] == 1);
    assert!(
        told["message"]
            .as_str()
            .is_some_and(|text| text.contains("no client `nobody`")),
        "{told}"
    );
}
