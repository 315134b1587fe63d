//! Work that takes a while shows progress in the editor until it is done.

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::harness::{Home, Host};

/// A host for an editor that shows progress.
fn host(home: &Home) -> Host {
    // Creating the database takes a while, too.
    home.cli(["status"]).ok();
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

/// Another program that locks the database, so that writing takes a while.
fn busy(home: &Home) -> Connection {
    let other = Connection::open(home.folder().join("keeptab.db")).expect("a database");
    other.execute_batch("BEGIN IMMEDIATE").expect("a lock");
    other
}

/// Waits until progress with a title is shown; returns its token and its beginning. On a busy machine, earlier work may
/// have been shown, too.
fn shown(host: &mut Host, title: &str) -> (Value, Value) {
    loop {
        let created = host.answer("window/workDoneProgress/create", |_| Value::Null);
        let begun = host.wait_for("$/progress", |params| params["token"] == created["token"]);
        assert_eq!(begun["value"]["kind"], "begin");
        if begun["value"]["title"] == title {
            return (created["token"].clone(), begun["value"].clone());
        }
    }
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
    let (token, begun) = shown(&mut host, "Keeptab: at work");
    assert!(begun.get("percentage").is_none(), "nobody knows how long: {begun}");
    other.execute_batch("ROLLBACK").expect("an end");
    host.reply(id).expect("an answer");
    wait_for_end(&mut host, &token);
}

#[test]
fn a_conversation_shows_its_work_and_not_its_questions() {
    let home = Home::jane();
    let mut host = host(&home);
    // The database is free, and nobody has to wait for it.
    host.execute("keeptab.status", &[]).expect("a status");
    host.execute("keeptab.start", &[]).expect("a conversation");
    let mut other = None;
    host.answer("keeptab/pick", |_| json!(" "));
    host.answer("keeptab/pick", |params| params["items"][0]["value"].clone());
    host.answer("keeptab/input", |_| json!(""));
    host.answer("keeptab/input", |_| {
        other = Some(busy(&home));
        json!("")
    });
    let (token, _) = shown(&mut host, "Keeptab: at work");
    drop(other);
    wait_for_end(&mut host, &token);
    let told = host.wait_for("keeptab/told", |_| true);
    assert!(
        told["text"].as_str().is_some_and(|text| text.contains("acme/api")),
        "{told}"
    );
}

#[test]
fn an_import_says_how_far_it_is() {
    let home = Home::jane();
    let mut host = host(&home);
    let header = "description,billable,client,project,tags,start,end,task,user_name,user_email";
    let row = |nth: usize| format!("n{nth},true,Globex,Shop,,2024-03-04T08:00:00Z,2024-03-04T08:01:00Z,,Jane,\n");
    let rows: String = (0..30_000).map(row).collect();
    let file = home.user().join("many.csv");
    std::fs::write(&file, format!("{header}\n{rows}")).expect("a file");
    // The rows are read, and then wait to be written.
    let other = busy(&home);
    let id = host.next_request();
    let params = json!({ "command": "keeptab.import", "arguments": [file, "--yes"] });
    host.send(&json!({ "jsonrpc": "2.0", "id": id, "method": "workspace/executeCommand", "params": params }));
    let (token, begun) = shown(&mut host, "Keeptab: importing");
    let mut percent = begun["percentage"].as_u64().expect("a percentage");
    while percent < 60 {
        let told = host.wait_for("$/progress", |params| {
            params["token"] == token && params["value"]["kind"] == "report"
        });
        let next = told["value"]["percentage"].as_u64().expect("a percentage");
        assert!(next > percent, "{percent} and then {next}");
        percent = next;
    }
    assert_eq!(percent, 60, "nothing is written yet");
    other.execute_batch("ROLLBACK").expect("an end");
    wait_for_end(&mut host, &token);
    let reply = host.reply(id).expect("an answer");
    assert_eq!(reply["data"]["new"]["entries"], 30_000);
}
