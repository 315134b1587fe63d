//! `keeptab.toml` in an editor that knows only the protocol.

use serde_json::{Value, json};

use crate::harness::{Home, Host, Trace, now};

/// The config, open in a bare client.
struct Config {
    uri: String,
    text: String,
    version: i64,
}

impl Config {
    fn open(home: &Home, host: &mut Host) -> Self {
        let uri = format!("file://{}", home.config_file().display());
        let text = home.config();
        let document = json!({ "uri": uri, "languageId": "toml", "version": 1, "text": text });
        host.notify("textDocument/didOpen", &json!({ "textDocument": document }));
        Self { uri, text, version: 1 }
    }

    /// Replaces a part of the text as typing does, with positions in UTF-16.
    fn replace(&mut self, host: &mut Host, old: &str, new: &str) {
        let start = self.at(old, 0);
        let end = self.at(old, old.len());
        self.text = self.text.replacen(old, new, 1);
        self.version += 1;
        let change = json!({ "range": { "start": start, "end": end }, "text": new });
        let document = json!({ "uri": self.uri, "version": self.version });
        host.notify(
            "textDocument/didChange",
            &json!({ "textDocument": document, "contentChanges": [change] }),
        );
    }

    /// Returns the position a number of bytes after the first occurrence of a text.
    #[track_caller]
    fn at(&self, text: &str, into: usize) -> Value {
        let byte = self.text.find(text).unwrap_or_else(|| panic!("no {text}")) + into;
        let before = &self.text[..byte];
        let line = before.matches('\n').count();
        let column = before.rsplit('\n').next().unwrap_or_default().encode_utf16().count();
        json!({ "line": line, "character": column })
    }

    fn ask(&self, host: &mut Host, method: &str, text: &str, into: usize) -> Value {
        let params = json!({ "textDocument": { "uri": self.uri }, "position": self.at(text, into) });
        host.ask(&format!("textDocument/{method}"), &params)
    }

    fn close(self, host: &mut Host) {
        host.notify("textDocument/didClose", &json!({ "textDocument": { "uri": self.uri } }));
    }
}

/// Waits for diagnostics of which one contains a text; `None` waits for empty diagnostics.
#[track_caller]
fn problems(host: &mut Host, says: Option<&str>) -> Value {
    let wanted = |params: &Value| {
        let list = params["diagnostics"].as_array().expect("diagnostics");
        let is_it = |problem: &Value| {
            says.is_some_and(|says| problem["message"].as_str().is_some_and(|text| text.contains(says)))
        };
        params["uri"].as_str().is_some_and(|uri| uri.ends_with("/keeptab.toml"))
            && if says.is_some() {
                list.iter().any(is_it)
            } else {
                list.is_empty()
            }
    };
    host.wait_for("textDocument/publishDiagnostics", wanted)["diagnostics"].take()
}

#[test]
fn what_is_wrong_shows_while_it_is_typed_and_the_file_speaks_again_after() {
    let home = Home::jane();
    let mut host = home.generic();
    problems(&mut host, None);
    let mut config = Config::open(&home, &mut host);
    problems(&mut host, None);

    config.replace(&mut host, "name = \"Globex\"", "name = \"𝄞\"\nibans = \"x\" # 𝄞");
    let unknown = problems(&mut host, Some("unknown key ibans"));
    assert_eq!(unknown[0]["range"]["start"], config.at("ibans = \"x\"", 0));
    config.replace(&mut host, "client = \"globex\"", "client = \"globe\"");
    let nobody = problems(&mut host, Some("there is no client `globe`"));
    assert_eq!(nobody[1]["range"]["start"], config.at("\"globe\"", 0));
    assert_eq!(nobody[1]["range"]["end"], config.at("\"globe\"", 7));

    // The file is broken elsewhere meanwhile; the diagnostics are still those of the typed text.
    let good = home.config();
    home.write_config(&good.replace("\"JDS\"", "\"jane\""));
    host.wait_for("window/showMessage", |message| {
        message["message"]
            .as_str()
            .is_some_and(|text| text.contains("`jane` cannot stand"))
    });
    let said = host
        .said()
        .iter()
        .filter(|message| message["method"] == "textDocument/publishDiagnostics");
    let said: Vec<&Value> = said.filter(|message| message.to_string().contains("`jane`")).collect();
    assert!(said.is_empty(), "{said:?}");
    config.close(&mut host);
    problems(&mut host, Some("`jane` cannot stand"));
    home.write_config(&good);
    problems(&mut host, None);
}

#[test]
fn it_is_completed_and_what_was_worked_on_is_proposed() {
    let home = Home::jane();
    let mut plugin = home.plugin("other");
    plugin.record(&work(&["/work/initech/tps/a.rs"]));
    let mut host = home.generic();
    let mut config = Config::open(&home, &mut host);
    config.replace(&mut host, "[project.\"globex/web\"]\n", "[project.\"globex/web\"]\n\n");
    let items = config.ask(&mut host, "completion", "web\"]\n", 6);
    let labels: Vec<&str> = items
        .as_array()
        .expect("items")
        .iter()
        .filter_map(|item| item["label"].as_str())
        .collect();
    assert!(
        labels.contains(&"urls") && labels.contains(&"billable") && !labels.contains(&"rate"),
        "{labels:?}"
    );

    config.replace(&mut host, "[\"/work/globex/**\"]", "[\"\"]");
    let items = config.ask(&mut host, "completion", "[\"\"]", 2);
    assert_eq!(items[0]["label"], "/work/initech/tps/**", "{items}");
    assert_eq!(items[0]["textEdit"]["newText"], "\"/work/initech/tps/**\"");
    assert!(
        items[0]["detail"]
            .as_str()
            .is_some_and(|detail| detail.contains("unassigned")),
        "{items}"
    );
}

#[test]
fn hovers_tell_hours_and_money() {
    let home = Home::jane();
    let mut plugin = home.plugin("other");
    plugin.record(&work(&["/work/acme/api/src/main.rs"]));
    let mut host = home.generic();
    let config = Config::open(&home, &mut host);
    let said = |host: &mut Host, text: &str| {
        let hover = config.ask(host, "hover", text, 3);
        hover["contents"]["value"]
            .as_str()
            .unwrap_or_else(|| panic!("{hover}"))
            .to_owned()
    };
    let glob = said(&mut host, "\"/work/acme/api/**\"");
    assert!(
        glob.contains("**acme/api**") && glob.contains("1:00 in 30 days") && glob.contains("`src/main.rs`"),
        "{glob}"
    );
    let project = said(&mut host, "\"acme/api\"");
    assert!(
        project.contains("1:00 in all") && project.contains("EUR 95.00 unbilled"),
        "{project}"
    );
    let key = said(&mut host, "currency");
    assert!(key.contains("ISO 4217") && key.contains("must be there"), "{key}");
}

#[test]
fn it_can_be_mended_and_folded() {
    let home = Home::jane();
    let mut host = home.generic();
    let mut config = Config::open(&home, &mut host);
    config.replace(&mut host, "vat_id =", "vatid =");
    let at = config.at("vatid", 2);
    let params = json!({
        "textDocument": { "uri": config.uri },
        "range": { "start": at, "end": at },
        "context": { "diagnostics": [] },
    });
    let actions = host.ask("textDocument/codeAction", &params);
    assert_eq!(actions[0]["title"], "Change to vat_id", "{actions}");
    let edit = &actions[0]["edit"]["changes"][&config.uri][0];
    assert_eq!(
        (&edit["newText"], &edit["range"]["start"]),
        (&"vat_id".into(), &config.at("vatid", 0))
    );

    let document = json!({ "textDocument": { "uri": config.uri } });
    let symbols = host.ask("textDocument/documentSymbol", &document);
    assert_eq!(symbols[2]["name"], "client.acme");
    let folds = host.ask("textDocument/foldingRange", &document);
    assert_eq!(folds[0]["startLine"], 0);
    // Other files get no answer.
    let other = json!({ "textDocument": { "uri": "file:///x/a.rs" }, "position": { "line": 0, "character": 0 } });
    assert_eq!(host.ask("textDocument/hover", &other), Value::Null);
    host.expect_no_error();
}

/// An hour on each file, up to a minute ago.
fn work(paths: &[&str]) -> Trace {
    let mut trace = Trace::new();
    for path in paths {
        for minute in (0..=60).rev().step_by(10) {
            let at = now() - 60_000 - minute * 60_000;
            trace = trace.event(json!({ "at": at, "kind": "edit", "uri": format!("file://{path}") }));
        }
    }
    trace
}
