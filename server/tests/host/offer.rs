//! A workspace root that no rule matches is offered once, and never guessed. The roots that are never offered are
//! tested in the engine, which decides.

use serde_json::json;

use crate::harness::{Home, Host, Trace, now};

/// Opens a folder and works in one of its files for some minutes until now, with a heartbeat a minute.
fn work_in(host: &mut Host, folder: &str, minutes: i64) {
    let root = format!("file://{folder}");
    let added = json!([{ "uri": root, "name": folder }]);
    let event = json!({ "event": { "added": added, "removed": [] } });
    host.notify("workspace/didChangeWorkspaceFolders", &event);
    let beat = |minute: i64| {
        let at = now() - minute * 60_000;
        json!({ "at": at, "kind": "edit", "uri": format!("{root}/a.rs"), "root": root })
    };
    let beats = (0..=minutes).rev();
    host.record(&beats.fold(Trace::new(), |trace, minute| trace.event(beat(minute))));
}

#[test]
fn a_root_that_no_rule_names_is_offered_as_a_rule_can_name_it() {
    let home = Home::jane();
    let mut host = home.plugin("test");
    work_in(&mut host, "/work/sc[r]atch", 6);
    let offer = host.wait_for("keeptab/offer", |_| true);
    let expected = json!({
        "text": "Assign /work/sc[r]atch to a project?",
        "action": "Assign…",
        "command": "keeptab.assign",
        "words": ["/work/sc[[]r[]]atch"],
    });
    assert_eq!(offer, expected);

    let folder = offer["words"][0].as_str().expect("a folder");
    host.execute("keeptab.assign", &[folder, "acme/api"]).expect("a rule");
    let explained = home.cli(["explain", "/work/sc[r]atch/a.rs"]).json();
    assert_eq!(explained["project"], "acme/api", "{explained}");
}

#[test]
fn the_first_config_brings_the_offer_along() {
    let home = Home::empty();
    let mut host = home.plugin("test");
    work_in(&mut host, "/work/scratch", 6);
    host.wait_for("keeptab/status", |status| status["state"] == "unassigned");
    home.write_config(&Home::jane().config());
    host.wait_for("keeptab/offer", |offer| offer["words"] == json!(["/work/scratch"]));
}

#[test]
fn a_bare_client_is_told_and_not_stopped() {
    let home = Home::jane();
    let mut bare = home.host();
    let folders = json!([{ "uri": "file:///work/scratch", "name": "scratch" }]);
    let params = json!({ "processId": null, "workspaceFolders": folders, "capabilities": {} });
    bare.ask("initialize", &params);
    bare.notify("initialized", &json!({}));
    // The editor itself reports no past events.
    let mut plugin = home.plugin("test");
    work_in(&mut plugin, "/work/scratch", 4);
    drop(plugin);
    let mut other = home.plugin("other");
    other.record(&Trace::after(10).event(json!({
        "at": now() - 600_000, "kind": "edit", "uri": "file:///work/scratch/b.rs", "root": "file:///work/scratch"
    })));
    drop(other);
    let document = json!({ "uri": "file:///work/scratch/a.rs", "languageId": "rust", "version": 1, "text": "" });
    bare.notify("textDocument/didOpen", &json!({ "textDocument": document }));
    let told = bare.wait_for("window/showMessage", |_| true);
    assert_eq!(told["type"], 3);
    assert_eq!(
        told["message"],
        "Assign /work/scratch to a project? `keeptab assign` tells how"
    );
}
