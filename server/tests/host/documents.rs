//! Generic LSP clients attach to all files; and nothing private reaches the disk, from them or from plugins.

use serde_json::{Value, json};

use crate::harness::{Home, Host, MONDAY, Trace, holds, now};

/// Stands in texts and names that must not be stored. No name of ours contains it.
const MARKER: &str = "xyzzyplugh";

fn open(host: &mut Host, uri: &str, text: &str) {
    let document = json!({ "uri": uri, "languageId": "rust", "version": 1, "text": text });
    host.notify("textDocument/didOpen", &json!({ "textDocument": document }));
}

fn change(host: &mut Host, uri: &str, text: &str) {
    let at = json!({ "line": 0, "character": 0 });
    let change = json!({ "range": { "start": at, "end": at }, "rangeLength": 0, "text": text });
    let params = json!({ "textDocument": { "uri": uri, "version": 2 }, "contentChanges": [change, { "text": text }] });
    host.notify("textDocument/didChange", &params);
}

fn save(host: &mut Host, uri: &str, text: &str) {
    host.notify(
        "textDocument/didSave",
        &json!({ "textDocument": { "uri": uri }, "text": text }),
    );
}

/// Ends a host in order, so that everything that it received is on the disk.
fn end(mut host: Host) {
    host.expect_no_error();
    host.ask("shutdown", &Value::Null);
    host.notify("exit", &Value::Null);
    assert_eq!(host.ended().0, Some(0));
}

#[test]
fn a_bare_client_asks_for_small_changes_and_a_plugin_for_none_of_the_users_files() {
    let home = Home::jane();
    let result = home.host().ask("initialize", &json!({ "capabilities": {} }));
    assert_eq!(result["capabilities"]["textDocumentSync"]["change"], 2, "incremental");
    assert_eq!(result["capabilities"]["textDocumentSync"]["openClose"], true);
    assert_eq!(result["capabilities"]["textDocumentSync"]["save"]["includeText"], false);
    // Some clients request edits before a save with a text that is not the latest.
    assert_eq!(result["capabilities"]["textDocumentSync"]["willSaveWaitUntil"], false);
    assert_eq!(result["serverInfo"]["name"], "keeptab");

    // A plugin reports activity itself: the events of its documents are not counted again.
    let mut host = home.plugin("test");
    let uri = "file:///work/acme/api/a.rs";
    open(&mut host, uri, "");
    change(&mut host, uri, "x");
    end(host);
    assert_eq!(home.events(), 0);
}

#[test]
fn opening_changing_and_saving_is_work() {
    let home = Home::jane();
    // An edit ten minutes ago; an edit now shows that the person has worked since.
    let before = json!({ "at": now() - 600_000, "kind": "edit", "uri": "file:///work/acme/api/a.rs" });
    home.plugin("other").record(&Trace::new().event(before));

    let mut host = home.generic();
    let uri = "file:///work/acme/api/src/b.rs";
    open(&mut host, uri, "fn main() {}");
    change(&mut host, uri, "// ");
    save(&mut host, uri, "// fn main() {}");
    host.notify("textDocument/didClose", &json!({ "textDocument": { "uri": uri } }));
    let status = host.wait_for("keeptab/status", |status| status["state"] == "tracking");
    assert_eq!(
        (&status["client"], &status["project"]),
        (&"acme".into(), &"acme/api".into())
    );
    end(host);

    assert_eq!(home.events(), 4);
    let row = &home.cli(["report", "--all"]).json()["rows"][0];
    assert_eq!(row["project"], "acme/api");
    let seconds = row["seconds"].as_i64().expect("seconds");
    assert!((600..660).contains(&seconds), "{seconds}");
}

#[test]
fn the_text_of_a_document_never_reaches_the_disk() {
    let home = Home::jane();
    let mut host = home.generic();
    let text = format!("let secret = \"{MARKER}\";\n").repeat(2_000);
    for uri in [
        "file:///work/acme/api/a.rs",
        "file:///elsewhere/b.txt",
        "untitled:Untitled-1",
        "not a uri",
    ] {
        open(&mut host, uri, &text);
        change(&mut host, uri, &text);
        save(&mut host, uri, &text);
    }
    // A message that cannot be understood is logged, without its text.
    host.notify("textDocument/didOpen", &json!({ "textDocument": { "text": text } }));
    host.notify("textDocument/didChange", &json!([MARKER]));
    host.notify("workspace/unheardOf", &json!({ "text": MARKER }));
    assert!(
        host.request("textDocument/unheardOf", &json!({ "text": MARKER }))
            .is_err()
    );
    host.send_events(&[json!({ "seq": MARKER, "kind": MARKER, "uri": MARKER })]);
    end(host);
    assert_eq!(home.events(), 12);
    assert_eq!(holds(home.user(), MARKER), Vec::<std::path::PathBuf>::new());
    // The search does find a text that is there.
    assert!(!holds(home.user(), "/work/acme/api/a.rs").is_empty());
}

#[test]
fn what_is_ignored_or_private_leaves_a_bare_instant() {
    let home = Home::jane();
    let mut generic = home.generic();
    for uri in [
        "file:///secret/xyzzyplugh.rs",
        "file:///s%65cret/a/../xyzzyplugh.rs",
        "https://bank.example/xyzzyplugh",
    ] {
        open(&mut generic, uri, "");
        change(&mut generic, uri, "x");
    }
    end(generic);
    assert_eq!(home.events(), 6);

    let mut plugin = home.plugin("test");
    let event = |event: Value| {
        let mut event = event;
        event["at"] = MONDAY.into();
        event["kind"] = "edit".into();
        event
    };
    let trace = Trace::new()
        .event(event(
            json!({ "uri": "file:///secret/xyzzyplugh.rs", "root": "file:///secret/xyzzyplugh" }),
        ))
        .event(event(json!({ "uri": "file:///secret/a.rs", "language": MARKER })))
        .event(event(json!({ "uri": "https://bank.example/xyzzyplugh?xyzzyplugh" })))
        .event(event(
            json!({ "uri": "file:///work/xyzzyplugh.rs", "root": "file:///xyzzyplugh", "private": true }),
        ))
        // Work without a file, or in another file, under an ignored root.
        .event(event(json!({ "root": "file:///secret/xyzzyplugh" })))
        .event(event(
            json!({ "uri": "untitled:1", "root": "file:///secret/xyzzyplugh" }),
        ))
        .event(event(
            json!({ "uri": "file:///work/acme/api/a.rs", "root": "file:///secret/xyzzyplugh" }),
        ));
    plugin.record(&trace);
    end(plugin);
    assert_eq!(home.events(), 6 + trace.last());
    assert_eq!(holds(home.user(), MARKER), Vec::<std::path::PathBuf>::new());
}

#[test]
fn of_a_page_only_host_and_path_are_kept() {
    let home = Home::jane();
    let mut host = home.plugin("test");
    let page = "https://me:xyzzyplugh@git.example/acme/pull/7?token=xyzzyplugh#xyzzyplugh";
    let event = json!({ "at": MONDAY, "kind": "visit", "uri": page, "root": page });
    host.record(&Trace::new().event(event).work("/work/acme/api/a.rs", 60..=60));
    end(host);
    assert_eq!(holds(home.user(), MARKER), Vec::<std::path::PathBuf>::new());
    assert!(!holds(home.user(), "https://git.example/acme/pull/7").is_empty());
    let report = home.cli(["report", "--all"]).json();
    assert_eq!(
        (&report["rows"][0]["project"], &report["rows"][0]["seconds"]),
        (&"acme/api".into(), &60.into())
    );
}
