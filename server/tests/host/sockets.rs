//! keeptab opens no socket: neither a host, nor a command, nor the browser's host. `strace` sees every system call.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use crate::harness::{Browser, Cli, Home, Host, OURS, Trace};

/// Returns keeptab in a home under `strace`: its network calls and those of its children go to the file `seen`.
fn watched(home: &Home, seen: &Path) -> Command {
    let program = home.program();
    let mut strace = Command::new("strace");
    strace
        .args(["-f", "-qq", "-e", "trace=%network,execve", "-o"])
        .arg(seen);
    strace
        .arg(program.get_program())
        .env_clear()
        .env("PATH", "/usr/bin:/bin");
    for (name, value) in program.get_envs() {
        strace.env(name, value.unwrap_or_default());
    }
    strace
}

/// Returns the calls by which keeptab itself made or used a socket, without those of programs that it started.
fn sockets(seen: &Path) -> Vec<String> {
    let text = fs::read_to_string(seen).expect("what strace saw");
    assert!(text.contains("execve("), "strace saw nothing: {text}");
    let mut others = HashSet::new();
    let mut found = Vec::new();
    for line in text.lines() {
        let (process, call) = line.split_once(' ').unwrap_or_default();
        let call = call.trim_start();
        if call.starts_with("execve(") && !call.contains("/keeptab\"") {
            others.insert(process);
        }
        let names = [
            "socket(", "connect(", "bind(", "listen(", "accept", "sendto(", "sendmsg(",
        ];
        if names.iter().any(|name| call.starts_with(name)) && !others.contains(process) {
            found.push(line.to_owned());
        }
    }
    found
}

fn place(home: &Home, name: &str) -> PathBuf {
    home.user().join(name)
}

#[test]
fn the_host_opens_no_socket() {
    let home = Home::jane();
    let seen = place(&home, "host.strace");
    let mut host = Host::start(watched(&home, &seen));
    host.initialize(&json!({ "activity": "plugin", "source": "test" }));
    host.record(&Trace::new().work("/work/acme/api/a.rs", 0..=3_600));
    host.execute("keeptab.review", &["2025-W10"]).expect("a sheet");
    host.execute("keeptab.dashboard", &["--page"]).expect("a page");
    host.request("shutdown", &json!(null)).expect("an answer");
    host.notify("exit", &json!(null));
    host.ended();
    assert_eq!(sockets(&seen), Vec::<String>::new());
}

#[test]
fn no_command_opens_a_socket() {
    let home = Home::jane();
    home.plugin("test")
        .record(&Trace::new().work("/work/acme/api/a.rs", 0..=3_600));
    let rows = place(&home, "rows.csv");
    fs::write(&rows, "").expect("a file");
    let commands: &[&[&str]] = &[
        &["status"],
        &["report", "--all"],
        &["review", "2025-W10"],
        &["explain", "https://git.example/acme/x"],
        &["invoice", "issue", "acme", "--date", "2025-03-31"],
        &["invoice", "verify"],
        &["invoice", "export", "JDS-202503-0001"],
        &["import", rows.to_str().expect("a path"), "--yes"],
        &["export", "-"],
        &["doctor"],
    ];
    for (number, words) in commands.iter().enumerate() {
        let seen = place(&home, &format!("{number}.strace"));
        Cli::new(watched(&home, &seen)).args(*words).run();
        assert_eq!(sockets(&seen), Vec::<String>::new(), "{words:?}");
    }
}

#[test]
fn the_browsers_host_opens_no_socket() {
    let home = Home::jane();
    let seen = place(&home, "browser.strace");
    let mut browser = Browser::start(watched(&home, &seen), &[OURS]);
    browser.hello();
    browser.close();
    browser.ended();
    assert_eq!(sockets(&seen), Vec::<String>::new());
}

#[test]
fn a_socket_would_be_seen() {
    let folder = tempfile::tempdir().expect("a folder");
    let seen = folder.path().join("seen");
    let text = "7 execve(\"/x/keeptab\", [], 0x0) = 0\n7 socket(AF_INET, SOCK_STREAM, 0) = 3\n8 execve(\"/bin/gdbus\", [], 0x0) = 0\n8  socket(AF_UNIX, 0, 0) = 3\n";
    fs::write(&seen, text).expect("a file");
    assert_eq!(sockets(&seen), ["7 socket(AF_INET, SOCK_STREAM, 0) = 3"]);
}
