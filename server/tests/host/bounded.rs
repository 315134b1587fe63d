//! Endless and far too long inputs are refused at once and never held in memory.

#![cfg(target_os = "linux")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::harness::{Home, Watching};

fn fifo(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status().expect("mkfifo");
    assert!(made.success());
}

/// Replaces a file by each kind of input without an end.
fn endless(path: &Path, mut check: impl FnMut(&str)) {
    for what in ["a device", "a FIFO", "a large file"] {
        let _ = fs::remove_file(path);
        match what {
            "a device" => symlink("/dev/zero", path).expect("a link"),
            "a FIFO" => fifo(path),
            _ => fs::write(path, " ".repeat(1024 * 1024 + 1)).expect("a file"),
        }
        check(what);
    }
}

const CAUSES: [&str; 2] = ["it is no plain file", "it has more than 1 MiB"];

#[track_caller]
fn is_refused(what: &str, said: &str) {
    assert!(CAUSES.iter().any(|cause| said.contains(cause)), "{what}: {said}");
}

#[test]
fn a_config_without_an_end_is_refused_and_the_last_one_stays_in_force() {
    let home = Home::jane();
    home.cli(["status"]).ok();
    endless(&home.config_file(), |what| {
        let checks = home.cli(["doctor"]).fails_with_json(1);
        let checks = checks.as_array().expect("checks").iter();
        let config = checks.filter(|check| check["what"] == "config" && check["ok"] == false);
        is_refused(what, &config.map(|check| check["says"].to_string()).collect::<String>());
        let ran = home.cli(["project"]).run();
        assert!(ran.stdout.contains("acme/api"), "{what}: {ran:?}");
        is_refused(what, &home.cli(["client", "add", "b", "--name", "B"]).fails(1));
    });
}

#[test]
fn sheets_configs_and_imports_without_an_end_are_refused() {
    let home = Home::jane();
    let path = home.user().join("given");
    endless(&path, |what| {
        let given = path.to_str().expect("a path");
        is_refused(what, &home.cli(["review", "--apply", given]).fails(1));
        is_refused(what, &home.cli(["explain", "--config", given]).fails(1));
        if what != "a large file" {
            is_refused(what, &home.cli(["import", given, "--dry-run"]).fails(1));
        }
    });
}

#[test]
fn a_gitignore_without_an_end_ignores_nothing() {
    let home = Home::jane();
    let folder = home.user().join("work");
    fs::create_dir_all(folder.join("below/.git/info")).expect("a folder");
    let project = "\n[project.design]\nclient = \"acme\"\npaths = [\"~/work/**\"]\nwatch = true\n";
    home.write_config(&(home.config() + project));
    for place in [".gitignore", ".ignore", "below/.gitignore", "below/.git/info/exclude"] {
        endless(&folder.join(place), |what| {
            let watching = Watching::start(home.program());
            assert_eq!(watching.says()["count"], 2, "{place}: {what}");
        });
        fs::remove_file(folder.join(place)).expect("removed");
    }
}

/// Returns the peak memory of a process, in kB.
fn peak(id: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).expect("a process");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.expect("a peak").trim().trim_end_matches(" kB");
    peak.parse().expect("a number")
}

#[test]
fn a_message_over_64_mib_is_passed_over_without_being_held() {
    let home = Home::jane();
    let mut host = home.generic();
    let open = |text: String| json!({ "textDocument": { "uri": "file:///work/acme/api/a.rs", "languageId": "text", "version": 1, "text": text } });
    host.execute("keeptab.status", &[]).expect("a status");
    let before = peak(host.id());
    host.notify("textDocument/didOpen", &open("x".repeat(64 * 1024 * 1024)));
    host.execute("keeptab.status", &[]).expect("a status");
    assert_eq!(home.events(), 0);
    let more = peak(host.id()) - before;
    assert!(more < 16 * 1024, "{more} kB");
    host.notify("textDocument/didOpen", &open("x".into()));
    host.wait_for("keeptab/status", |status: &Value| status["state"] == "tracking");
    assert_eq!(home.events(), 1);
}
