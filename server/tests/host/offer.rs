//! A folder that no rule names is pointed out once, and never guessed.

use serde_json::{Value, json};

use crate::harness::{Home, Host, Trace, now};

/// Work in a file of a folder, or in its terminal, for some minutes until now, a heartbeat a minute.
fn until_now(folder: &str, file: bool, minutes: i64) -> Trace {
    let root = format!("file://{folder}");
    let uri = file.then(|| format!("{}/a.rs", root.trim_end_matches('/')));
    let beat = |minute: i64| {
        let at = now() - minute * 60_000;
        json!({ "at": at, "kind": "edit", "uri": uri, "root": root })
    };
    (0..=minutes)
        .rev()
        .fold(Trace::new(), |trace, minute| trace.event(beat(minute)))
}

/// Returns what a host offered and nobody has looked at yet.
fn offers(host: &mut Host) -> Vec<Value> {
    let said = host.said().iter();
    let offers = said.filter(|message| message["method"] == "keeptab/offer");
    offers.map(|offer| offer["params"].clone()).collect()
}

#[test]
fn a_folder_that_no_rule_names_is_offered_once() {
    let home = Home::jane();
    let mut first = home.plugin("first");
    first.record(&until_now("/work/sc[r]atch", true, 6));
    let offer = first.wait_for("keeptab/offer", |_| true);
    let expected = json!({ "folder": "/work/sc[[]r[]]atch", "text": "Assign /work/sc[r]atch to a project?" });
    assert_eq!(offer, expected);

    // As good as a word of the user's: the rule is one for this folder.
    let folder = offer["folder"].as_str().expect("a folder");
    first.execute("keeptab.assign", &[folder, "acme/api"]).expect("a rule");
    let explained = home.cli(["explain", "/work/sc[r]atch/a.rs"]).json();
    assert_eq!(explained["project"], "acme/api", "{explained}");
    assert_eq!(offers(&mut first), Vec::<Value>::new());
}

#[test]
fn another_editor_does_not_offer_it_again() {
    let home = Home::jane();
    let mut first = home.plugin("first");
    first.record(&until_now("/work/scratch", true, 6));
    first.wait_for("keeptab/offer", |_| true);
    let mut second = home.plugin("second");
    second.record(&until_now("/work/scratch", true, 2));
    second.wait_for("keeptab/status", |status| status["state"] == "unassigned");
    assert_eq!(offers(&mut second), Vec::<Value>::new());
}

#[test]
fn a_look_into_a_folder_and_what_is_nobodys_business_are_not_offered() {
    for (folder, file, minutes, state) in [
        ("/work/scratch", true, 4, "unassigned"),
        ("/secret", true, 30, "unassigned"),
        ("/work/acme/api", true, 30, "tracking"),
        // A terminal in a folder that has a rule.
        ("/work/acme/api", false, 30, "unassigned"),
        ("/", true, 30, "unassigned"),
    ] {
        let home = Home::jane();
        let mut host = home.plugin("test");
        host.record(&until_now(folder, file, minutes));
        host.wait_for("keeptab/status", |status| status["state"] == state);
        assert_eq!(offers(&mut host), Vec::<Value>::new(), "{folder}");
    }
}

#[test]
fn nobody_is_asked_before_there_is_a_config() {
    let home = Home::empty();
    let mut host = home.plugin("test");
    host.record(&until_now("/work/scratch", true, 6));
    host.wait_for("keeptab/status", |status| status["state"] == "unassigned");
    assert_eq!(offers(&mut host), Vec::<Value>::new());

    home.write_config(&Home::jane().config());
    host.wait_for("keeptab/offer", |offer| offer["folder"] == "/work/scratch");
}

#[test]
fn a_bare_client_is_told_and_not_stopped() {
    let home = Home::empty();
    home.plugin("test").record(&until_now("/work/scratch", true, 6));
    home.write_config(&Home::jane().config());
    let mut bare = home.generic();
    let told = bare.wait_for("window/showMessage", |_| true);
    assert_eq!(told["type"], 3);
    assert_eq!(
        told["message"],
        "Assign /work/scratch to a project? `keeptab assign /work/scratch PROJECT` does"
    );
}
