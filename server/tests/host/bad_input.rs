//! The host survives any input of an editor, and accepts later messages.

use serde_json::{Value, json};

use crate::harness::{Home, Host, MONDAY, Trace, frame};

/// Sends bytes to a host, then work, and expects the work to be taken.
#[track_caller]
fn check(what: &str, bytes: &[u8]) {
    let home = Home::jane();
    let mut host = home.plugin("test");
    host.send_bytes(bytes);
    expect_alive(&home, &mut host, what);
}

#[track_caller]
fn expect_alive(home: &Home, host: &mut Host, what: &str) {
    let before = home.events();
    let trace = Trace::after(1_000).work("/work/acme/api/a.rs", 0..=600);
    host.record(&trace);
    assert_eq!(home.events(), before + trace.last() - 1_000, "after {what}");
}

#[test]
fn frames_that_are_none_are_survived() {
    check("words", b"hello there\r\n\r\n");
    check("no header", b"\r\n\r\n\r\n\r\n");
    check(
        "no length",
        b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n",
    );
    check("a length of words", b"Content-Length: five\r\n\r\n{}");
    check("a negative length", b"Content-Length: -5\r\n\r\n");
    check(
        "a length beyond reason",
        b"Content-Length: 18446744073709551615\r\n\r\n",
    );
    check("no body", b"Content-Length: 0\r\n\r\n");
    check(
        "a length that is too short",
        b"Content-Length: 3\r\n\r\n{\"jsonrpc\":\"2.0\",\"method\":\"x\"}",
    );
    check("bytes", &[0, 159, 146, 150, b'\n', 255]);
}

#[test]
fn bodies_that_are_no_messages_are_survived() {
    let texts = [
        "{\"jsonrp",
        "[]",
        "7",
        "null",
        "\"text\"",
        "{}",
        "{\"jsonrpc\":\"1.0\",\"method\":\"x\"}",
        "{\"method\":7}",
    ];
    for text in texts {
        check(text, &frame(text.as_bytes()));
    }
    check(
        "a batch",
        &frame(br#"[{"jsonrpc":"2.0","method":"keeptab/activity"},{"jsonrpc":"2.0"}]"#),
    );
    check(
        "half a character",
        &frame(br#"{"jsonrpc":"2.0","method":"x","params":{"text":"\ud800"}}"#),
    );
    check(
        "a number without end",
        &frame(br#"{"jsonrpc":"2.0","method":"x","params":[1e999]}"#),
    );
    check("an abyss", &frame("[".repeat(200_000).as_bytes()));
    check(
        "an answer to nothing",
        &frame(br#"{"jsonrpc":"2.0","id":99,"result":null}"#),
    );
    check("an answer without an id", &frame(br#"{"jsonrpc":"2.0","result":7}"#));
    check(
        "an id that is none",
        &frame(br#"{"jsonrpc":"2.0","id":{"a":1},"method":"shutdown"}"#),
    );
}

#[test]
fn a_header_in_other_words_is_understood() {
    let home = Home::jane();
    let mut host = home.plugin("test");
    let message = json!({ "jsonrpc": "2.0", "method": "keeptab/activity", "params": { "events": [{ "seq": 1, "kind": "edit" }] } });
    let body = message.to_string();
    let length = body.len();
    host.send_bytes(
        format!("content-length: {length}\r\nContent-Type: application/vscode-jsonrpc\r\n\r\n{body}").as_bytes(),
    );
    host.taken(1);
}

#[test]
fn a_text_that_is_not_utf8_is_still_work() {
    let home = Home::jane();
    let mut host = home.generic();
    let head =
        br#"{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///work/acme/api/"#;
    let tail = br#"","text":"x"}}}"#;
    host.send_bytes(&frame(&[head, &b"caf\xe9.txt"[..], tail].concat()));
    let status = host.wait_for("keeptab/status", |status| status["state"] == "tracking");
    assert_eq!(status["project"], "acme/api");
}

#[test]
fn a_message_of_fifty_megabytes_is_survived() {
    let home = Home::jane();
    let mut host = home.generic();
    let text = "line of a very long file\n".repeat(2_000_000);
    let document = json!({ "uri": "file:///work/acme/api/a.rs", "languageId": "text", "version": 1, "text": text });
    host.notify("textDocument/didOpen", &json!({ "textDocument": document }));
    host.execute("keeptab.status", &[]).expect("a status");
    assert_eq!(home.events(), 1);
}

#[test]
fn what_is_not_known_is_refused_and_what_is_only_told_is_ignored() {
    let home = Home::jane();
    let mut host = home.plugin("test");
    let mut refused = |method: &str, params: &Value| host.request(method, params).expect_err(method)["code"].clone();
    assert_eq!(refused("keeptab/unheardOf", &json!({})), -32601);
    assert_eq!(refused("keeptab/activity", &json!({ "events": [] })), -32601);
    assert_eq!(refused("textDocument/didOpen", &json!({})), -32600);
    assert_eq!(refused("workspace/executeCommand", &json!({ "command": 7 })), -32602);
    assert_eq!(refused("initialize", &json!({ "capabilities": {} })), -32600);
    for method in [
        "keeptab/unheardOf",
        "$/unheardOf",
        "textDocument/unheardOf",
        "",
        "exit/",
        "textDocument/did",
    ] {
        host.notify(method, &json!({}));
    }
    expect_alive(&home, &mut host, "unknown methods");
}

#[test]
fn messages_without_params_are_survived() {
    let home = Home::jane();
    let mut host = home.plugin("test");
    for method in [
        "workspace/executeCommand",
        "textDocument/hover",
        "textDocument/completion",
        "textDocument/codeLens",
    ] {
        let id = host.next_request();
        host.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method }));
        host.reply(id).expect_err(method);
    }
    let told = [
        "keeptab/activity",
        "textDocument/didOpen",
        "textDocument/didChange",
        "textDocument/didSave",
    ];
    for method in told
        .into_iter()
        .chain(["workspace/didChangeWorkspaceFolders", "$/cancelRequest", "initialized"])
    {
        host.send(&json!({ "jsonrpc": "2.0", "method": method }));
        for params in [
            json!(null),
            json!([]),
            json!(7),
            json!("text"),
            json!({ "textDocument": 7, "event": [] }),
        ] {
            host.notify(method, &params);
        }
    }
    expect_alive(&home, &mut host, "no params");
}

#[test]
fn before_initialize_everything_is_refused_and_nothing_is_lost() {
    let home = Home::jane();
    let mut host = home.host();
    for method in ["workspace/executeCommand", "textDocument/hover", "shutdown"] {
        assert_eq!(
            host.request(method, &json!({})).expect_err(method)["code"],
            -32002,
            "{method}"
        );
    }
    // A wrong `initialize` is refused, and may be repeated.
    host.request("initialize", &json!({ "processId": -1 }))
        .expect_err("no capabilities");
    host.initialize(&json!({ "activity": "plugin", "source": "test" }));
    expect_alive(&home, &mut host, "early requests");
}

#[test]
fn events_of_every_shape_are_survived() {
    let junk = [
        json!(null),
        json!([]),
        json!({}),
        json!(7),
        json!("edit"),
        json!([[]]),
        json!({ "events": null }),
        json!({ "events": {} }),
        json!({ "events": "x" }),
        json!({ "events": [[], 7, null, "x"] }),
        json!({ "events": [{ "seq": null }, { "seq": "1" }, { "seq": 1.5 }, { "seq": -1 }, { "kind": "edit" }] }),
        json!({ "events": [{ "seq": u64::MAX, "kind": "edit" }, { "seq": 1_u64 << 63, "kind": "edit" }] }),
    ];
    let home = Home::jane();
    let mut host = home.plugin("test");
    for params in junk {
        host.notify("keeptab/activity", &params);
    }
    assert_eq!(home.events(), 0);
    expect_alive(&home, &mut host, "junk");
}

#[test]
fn an_event_that_cannot_be_read_is_left_out_and_its_neighbours_are_kept() {
    let home = Home::jane();
    let mut host = home.plugin("test");
    let good =
        |minute: i64| json!({ "at": MONDAY + minute * 60_000, "kind": "edit", "uri": "file:///work/acme/api/a.rs" });
    let trace = Trace::new()
        .event(good(0))
        .event(json!({ "kind": "dance" }))
        .event(json!({ "kind": "edit", "at": "yesterday" }))
        .event(json!({ "kind": "edit", "at": 1.5 }))
        .event(json!({ "kind": "edit", "at": u64::MAX }))
        .event(json!({ "kind": "edit", "uri": 7 }))
        .event(json!({ "kind": "edit", "actor": "robot" }))
        .event(json!({ "kind": "edit", "private": "yes" }))
        .event(good(10));
    host.send_events(&[&[json!({ "seq": u64::MAX, "kind": "edit" })], trace.events()].concat());
    host.taken(trace.last());
    host.expect_no_error();
    assert_eq!(home.events(), 2);
    assert_eq!(home.cli(["report", "--all"]).json()["totalSeconds"], 600);
}

#[test]
fn instants_beyond_all_time_do_not_spoil_a_report() {
    let home = Home::jane();
    let mut host = home.plugin("test");
    let at = |at: i64| json!({ "at": at, "kind": "edit", "uri": "file:///work/acme/api/a.rs" });
    let trace = Trace::new()
        .event(at(i64::MIN))
        .event(at(i64::MAX))
        .event(at(0))
        .event(at(-1));
    host.record(&trace.work("/work/acme/api/a.rs", 0..=600));
    host.expect_no_error();
    for by in ["client", "project", "day", "week", "month"] {
        let report = home.cli(["report", "--all", "--by", by]).json();
        assert_eq!(report["totalSeconds"], 600, "{by}");
    }
    home.cli(["invoice", "issue", "acme"]).ok();
}
