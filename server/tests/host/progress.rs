//! Work that takes a while shows in the editor until it is over.

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::harness::{Home, Host};

/// A host of an editor that shows progress.
fn host(home: &Home) -> Host {
    let mut host = home.host();
    let params = json!({
        "processId": null,
        "capabilities": { "window": { "workDoneProgress": true } },
        "initializationOptions": { "activity": "plugin" },
    });
    host.ask("initialize", &params);
    host.notify("initialized", &json!({}));
    host.execute("keeptab.status", &[]).expect("a database that is there");
    host
}

/// Another program that keeps the database for itself, so that what is to be written takes a while.
fn busy(home: &Home) -> Connection {
    let other = Connection::open(home.folder().join("keeptab.db")).expect("a database");
    other.execute_batch("BEGIN IMMEDIATE").expect("a lock");
    other
}

/// Waits until progress is shown, and returns its token and title.
fn shown(host: &mut Host) -> (Value, Value) {
    let created = host.answer("window/workDoneProgress/create", |_| Value::Null);
    let begun = host.wait_for("$/progress", |params| params["token"] == created["token"]);
    assert_eq!(begun["value"]["kind"], "begin");
    (created["token"].clone(), begun["value"]["title"].clone())
}

fn wait_for_end(host: &mut Host, token: &Value) {
    host.wait_for("$/progress", |params| {
        params["token"] == *token && params["value"]["kind"] == "end"
    });
}

#[test]
fn a_command_that_takes_a_while_shows_until_it_is_over() {
    let home = Home::jane();
    let mut host = host(&home);
    let other = busy(&home);
    let id = host.next_request();
    let params = json!({ "command": "keeptab.pause", "arguments": [] });
    host.send(&json!({ "jsonrpc": "2.0", "id": id, "method": "workspace/executeCommand", "params": params }));
    let (token, title) = shown(&mut host);
    assert_eq!(title, "Keeptab: at work");
    other.execute_batch("ROLLBACK").expect("an end");
    host.reply(id).expect("an answer");
    wait_for_end(&mut host, &token);
}

#[test]
fn a_conversation_shows_its_work_and_not_its_questions() {
    let home = Home::jane();
    let mut host = host(&home);
    // The database is there, and nobody has to wait for it.
    host.execute("keeptab.status", &[]).expect("a status");
    host.execute("keeptab.start", &[]).expect("a conversation");
    let mut other = None;
    host.answer("keeptab/pick", |params| {
        other = Some(busy(&home));
        params["items"][0]["value"].clone()
    });
    let (token, _) = shown(&mut host);
    drop(other);
    wait_for_end(&mut host, &token);
    let told = host.wait_for("window/showMessage", |_| true);
    assert!(
        told["message"].as_str().is_some_and(|text| text.contains("acme/api")),
        "{told}"
    );
}
