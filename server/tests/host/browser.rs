//! The host of the browser extension: the messages it accepts, and the callers it refuses.

use serde_json::{Value, json};

use crate::harness::{Browser, Home, MONDAY, OURS, Trace, holds, native};

const PAGE: &str = "https://git.example/acme/pulls/7";

fn visit(seq: u64, seconds: i64, uri: &str) -> Value {
    json!({ "seq": seq, "at": MONDAY + seconds * 1000, "kind": "visit", "uri": uri })
}

/// Returns the seconds of all time, by project, and the rest.
fn seconds(home: &Home) -> Value {
    let report = home.cli(["report", "--all"]).json();
    let rows = report["rows"].as_array().expect("rows").iter();
    let mut by: serde_json::Map<String, Value> = rows
        .map(|row| {
            (
                row["project"].as_str().expect("an id").to_owned(),
                row["seconds"].clone(),
            )
        })
        .collect();
    by.insert("unassigned".into(), report["unassignedSeconds"].clone());
    by.insert("private".into(), report["privateSeconds"].clone());
    by.into()
}

#[test]
fn an_hour_between_editor_and_browser_is_an_hour_in_all() {
    let home = Home::jane();
    let mut editor = home.plugin("editor");
    let mut browser = home.browser();
    let mut trace = Trace::new();
    let mut visits = Vec::new();
    // Two minutes in the editor, then two on a page of the same project or of none, and so on.
    for turn in 0..15 {
        let start = turn * 240;
        trace = trace.work("/work/acme/api/a.rs", start..=start + 119);
        for second in [120, 180, 239] {
            let seq = u64::try_from(visits.len()).unwrap() + 1;
            visits.push(visit(seq, start + second, PAGE));
        }
    }
    trace = trace.work("/work/acme/api/a.rs", 3600..=3600);
    editor.record(&trace);
    browser.send_events(&visits);
    browser.taken(45);
    let report = home.cli(["report", "--all"]).json();
    assert_eq!(report["totalSeconds"], 3600);
    assert_eq!(seconds(&home)["acme/api"], 3600);
}

#[test]
fn a_page_is_kept_under_its_rule_privately_or_not_at_all() {
    let home = Home::jane();
    let mut browser = home.browser();
    browser.send_events(&[
        visit(1, 0, "https://me:pw@GIT.example:443/acme/x?token=classified#y"),
        visit(2, 60, "https://elsewhere.example/nobody"),
        visit(3, 120, "https://bank.example/account"),
        visit(4, 180, "file:///etc/passwd"),
        visit(5, 240, "javascript:alert(1)"),
        json!({ "seq": 6, "at": MONDAY + 300_000, "kind": "edit", "uri": "file:///work/acme/api/a.rs" }),
        json!({ "seq": 7, "at": MONDAY + 360_000, "kind": "visit", "private": true, "uri": "https://git.example/acme/hidden" }),
        json!({ "seq": 8, "at": MONDAY + 420_000, "kind": "visit", "actor": "agent", "root": "/work/globex", "uri": PAGE }),
        json!({ "seq": 9, "at": MONDAY + 480_000, "kind": "lock" }),
    ]);
    browser.taken(9);
    // The first, the bank and the private page as bare instants, the last page, the lock.
    assert_eq!(home.events(), 5);
    assert_eq!(
        seconds(&home),
        json!({ "acme/api": 120, "unassigned": 0, "private": 300 })
    );
    browser.close();
    assert!(browser.ended().success());
    for text in [
        "elsewhere.example",
        "bank.example/account",
        "classified",
        "passwd",
        "alert",
        "hidden",
        "me:pw",
    ] {
        let files = holds(&home.folder(), text);
        // The ignore rule itself stands in the config, and in the stored copy of the config in force.
        assert!(files.is_empty(), "{text}: {files:?}");
    }
    assert!(!holds(&home.folder(), "https://git.example/acme/x").is_empty());
}

#[test]
fn a_page_that_came_to_the_front_is_kept_as_a_visit_would_be() {
    let home = Home::jane();
    let mut browser = home.browser();
    let focus = |seq: u64, uri: &str| json!({ "seq": seq, "at": MONDAY, "kind": "focus", "uri": uri });
    browser.send_events(&[
        focus(1, PAGE),
        focus(2, "https://elsewhere.example/nobody"),
        focus(3, "file:///etc/passwd"),
        json!({ "seq": 4, "at": MONDAY, "kind": "focus" }),
        json!({ "seq": 5, "at": MONDAY, "kind": "focus", "private": true }),
    ]);
    browser.taken(5);
    assert_eq!(home.events(), 2, "the page, and a bare instant");
    assert!(holds(&home.folder(), "elsewhere.example").is_empty());
}

#[test]
fn the_rules_are_told_at_once_and_whenever_they_change() {
    let home = Home::jane();
    let mut browser = home.browser();
    let pages = browser.wait_for("pages", |_| true);
    let globs: Vec<&Value> = pages["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| &rule["glob"])
        .collect();
    assert_eq!(globs, ["https://bank.example/**", "https://git.example/acme/**"]);
    assert_eq!(pages["rules"][0]["project"], Value::Null);
    assert_eq!(
        pages["rules"][1],
        json!({
            "project": "acme/api", "glob": "https://git.example/acme/**", "prefix": 25, "exception": false,
            "expressions": ["^https://git\\.example/acme/.*$", "^https://git\\.example/acme$"],
        })
    );
    // Another host sees the change at the same time; each reports its own side.
    let _other = home.plugin("editor");
    home.write_config(&home.config().replace("git.example/acme", "git.example/new"));
    let pages = browser.wait_for("pages", |pages| {
        pages["rules"][1]["glob"] == "https://git.example/new/**"
    });
    assert_eq!(
        pages["projects"][0],
        json!({ "id": "acme/api", "name": "API development" })
    );
    home.write_config("[project");
    let trouble = browser.wait_for("trouble", |told| told["text"].is_string());
    assert!(trouble["text"].as_str().unwrap().contains("last good config"));
}

#[test]
fn the_popup_can_pause_and_write_a_rule() {
    let home = Home::jane();
    let mut browser = home.browser();
    assert!(browser.ask(&json!("pause")).0);
    browser.wait_for("status", |told| told["status"]["state"] == "paused");
    browser.send_events(&[visit(1, 0, PAGE)]);
    browser.taken(1);
    assert_eq!(home.events(), 1, "only the pause itself is kept");
    assert!(browser.ask(&json!("resume")).0);
    let count = |url: &str, project: &str| json!({ "count": { "url": url, "project": project } });
    let (ok, text) = browser.ask(&count("https://tracker.example/acme/?q=1", "acme/api"));
    assert!(ok, "{text}");
    browser.wait_for("pages", |pages| pages.to_string().contains("tracker.example"));
    assert!(home.config().contains(r#""https://tracker.example/acme/**""#));
    for (url, project) in [
        ("https://tracker.example/acme/", "acme/api"),
        ("~/work", "acme/api"),
        ("https://x.example/", "none"),
    ] {
        let before = home.config();
        let (ok, text) = browser.ask(&count(url, project));
        assert!(!ok, "{url}: {text}");
        assert_eq!(home.config(), before);
    }
}

#[test]
fn another_caller_is_refused() {
    let home = Home::jane();
    let others: [&[&str]; 4] = [
        &["chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/"],
        &["/home/jane/.mozilla/native-messaging-hosts/x.json", "other@example.com"],
        &["https://git.example/"],
        &["x"],
    ];
    for caller in others {
        let mut browser = Browser::start(home.program(), caller);
        browser.hello();
        browser.send_events(&[visit(1, 0, PAGE)]);
        assert_eq!(browser.ended().code(), Some(1), "{caller:?}");
    }
    assert_eq!(home.events(), 0);
    home.cli(["browser-host"]).fails(2);
    let mut firefox = Browser::start(home.program(), &["/x.json", "browser@keeptab.github.io"]);
    firefox.hello();
    firefox.send_events(&[visit(1, 0, PAGE)]);
    firefox.taken(1);
}

/// Sends bytes after a valid beginning, and returns the exit code.
#[track_caller]
fn ended_by(bytes: &[u8]) -> Option<i32> {
    let home = Home::jane();
    let mut browser = home.browser();
    browser.send_events(&[visit(1, 0, PAGE)]);
    browser.taken(1);
    browser.send_bytes(bytes);
    browser.close();
    let code = browser.ended().code();
    assert_eq!(home.events(), 1);
    code
}

#[test]
fn frames_that_are_too_long_or_cut_off_end_it_and_lose_nothing() {
    assert_eq!(ended_by(b""), Some(0));
    assert_eq!(ended_by(&[7, 0]), Some(1));
    assert_eq!(ended_by(&native(b"{}")[..5]), Some(1));
    assert_eq!(ended_by(&u32::MAX.to_ne_bytes()), Some(1));
    assert_eq!(ended_by(&(1_048_577_u32).to_ne_bytes()), Some(1));
}

#[test]
fn messages_of_wrong_types_are_left_out() {
    let home = Home::jane();
    let mut browser = home.browser();
    let nested = "[".repeat(200_000);
    let bodies = [
        "",
        "null",
        "7",
        "[]",
        "{}",
        "\u{feff}{}",
        r#"{"type":7}"#,
        r#"{"type":"hello","source":"browser-ffffffffffffffff"}"#,
        r#"{"type":"activity"}"#,
        r#"{"type":"activity","events":{"seq":1}}"#,
        r#"{"type":"activity","events":[null,7,"x",[],{}]}"#,
        r#"{"type":"activity","events":[{"seq":1e9,"kind":"visit"}]}"#,
        r#"{"type":"activity","events":[{"seq":18446744073709551615,"kind":"visit"}]}"#,
        r#"{"type":"ask","id":1,"wish":{"count":{"url":7,"project":"x"}}}"#,
        &nested,
    ];
    for body in bodies {
        browser.send_bytes(&native(body.as_bytes()));
    }
    browser.send_bytes(&native(&[0xff, 0xfe, 0]));
    browser.send_events(&[visit(1, 0, PAGE)]);
    browser.taken(1);
    assert_eq!(home.events(), 1);
}

#[test]
fn whoever_says_nothing_readable_is_refused_and_does_not_fill_the_log() {
    let home = Home::jane();
    let mut browser = home.browser();
    let flood = native(b"{\"classified\":1}").repeat(10_000);
    browser.send_bytes(&flood);
    assert_eq!(browser.ended().code(), Some(1));
    let log = home.folder().join("log");
    let size: u64 = std::fs::read_dir(log)
        .unwrap()
        .map(|file| file.unwrap().metadata().unwrap().len())
        .sum();
    assert!(size < 50_000, "{size} bytes of log");
    assert!(holds(&home.folder(), "classified").is_empty());
}

#[test]
fn activity_before_hello_is_not_taken_and_a_bad_name_is_none() {
    let home = Home::jane();
    let mut browser = Browser::start(home.program(), &[OURS]);
    browser.send_events(&[visit(1, 0, PAGE)]);
    browser.send(&json!({ "type": "hello", "source": "https://classified.example" }));
    browser.send_events(&[visit(1, 0, PAGE)]);
    browser.close();
    assert_eq!(browser.ended().code(), Some(0));
    assert_eq!(home.events(), 0);
}

/// Returns the peak memory of a process, in kilobytes.
#[cfg(target_os = "linux")]
fn peak(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).expect("a status");
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .expect("a peak");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

#[cfg(target_os = "linux")]
#[test]
fn a_million_messages_are_taken_in_bounded_memory() {
    let home = Home::jane();
    let mut browser = home.browser();
    browser.wait_for("pages", |_| true);
    let before = peak(browser.id());
    // Each is another page that no rule matches: read, judged, acknowledged, and not stored.
    for thousand in 0..1000_u64 {
        let mut frames = Vec::new();
        for one in 1..=1000 {
            let seq = thousand * 1000 + one;
            let message = json!({ "type": "activity", "events": [visit(seq, 0, &format!("https://x.example/{seq}"))] });
            frames.extend(native(message.to_string().as_bytes()));
        }
        browser.send_bytes(&frames);
    }
    browser.taken(1_000_000);
    let grown = peak(browser.id()) - before;
    assert!(grown < 30_000, "{grown} kB more");
    browser.send_events(&[visit(1_000_001, 0, PAGE)]);
    browser.taken(1_000_001);
    assert_eq!(home.events(), 1);
}

#[test]
fn what_is_sent_again_counts_once() {
    let home = Home::jane();
    for _ in 0..2 {
        let mut browser = home.browser();
        browser.send_events(&[visit(1, 0, PAGE), visit(2, 60, PAGE)]);
        browser.taken(2);
    }
    assert_eq!(home.events(), 2);
}

#[cfg(unix)]
#[test]
fn install_writes_what_browsers_and_doctor_look_for() {
    let home = Home::jane();
    assert!(
        home.cli(["doctor"])
            .ok()
            .contains("`keeptab install browser` lets pages be counted")
    );
    let installed = home.cli(["install", "browser"]).json();
    let manifests = installed["manifests"].as_array().unwrap();
    let names: Vec<&str> = manifests
        .iter()
        .map(|written| written["browser"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["Chromium", "Chrome", "Edge", "Brave", "Firefox"]);
    let read = |index: usize| -> Value {
        let path = manifests[index]["path"].as_str().unwrap();
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    };
    assert_eq!(read(0)["allowed_origins"], json!([OURS]));
    assert_eq!(read(4)["allowed_extensions"], json!(["browser@keeptab.github.io"]));
    let doctor = home.cli(["doctor"]).ok();
    assert_eq!(doctor.matches("browser: ").count(), 5, "{doctor}");
    // The program in the manifest is the host, in this home, in any environment.
    let mut program = std::process::Command::new(read(0)["path"].as_str().unwrap());
    program.env_clear();
    let mut child = program
        .arg(OURS)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let hello = json!({ "type": "hello", "source": "browser-0123456789abcdef" });
    let events = json!({ "type": "activity", "events": [visit(1, 0, PAGE)] });
    let mut stdin = child.stdin.take().unwrap();
    for message in [hello, events] {
        std::io::Write::write_all(&mut stdin, &native(message.to_string().as_bytes())).unwrap();
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
    assert_eq!(home.events(), 1);
    std::fs::write(manifests[1]["path"].as_str().unwrap(), "{").unwrap();
    let problems = home.cli(["doctor"]).fails_with_json(1).to_string();
    assert!(
        problems.contains("Chrome: ") && problems.contains("cannot be read"),
        "{problems}"
    );
}
