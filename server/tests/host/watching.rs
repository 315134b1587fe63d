//! Saves that no editor reports, in the folders of projects that are watched.

#![cfg(target_os = "linux")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Home, Watching, now};

/// A user with a project in `work` below home; `watch` is its setting.
fn home(watch: &str) -> (Home, PathBuf) {
    let home = Home::jane();
    let folder = home.user().join("work");
    fs::create_dir_all(&folder).expect("a folder");
    let project = format!("\n[project.design]\nclient = \"acme\"\npaths = [\"~/work/**\"]\nwatch = {watch}\n");
    home.write_config(&(home.config() + &project));
    (home, folder)
}

/// Starts `keeptab watch` and waits until it follows.
fn follow(home: &Home) -> (Watching, u64) {
    let watching = Watching::start(home.program());
    let says = watching.says();
    let count = says["count"].as_u64().unwrap_or_else(|| panic!("{says}"));
    (watching, count)
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}

fn run(folder: &Path, program: &str, words: &[&str]) {
    let mut command = Command::new(program);
    command
        .args(words)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null");
    let ran = command.output().unwrap_or_else(|error| panic!("{program}: {error}"));
    assert!(
        ran.status.success(),
        "{program} {words:?}: {}",
        String::from_utf8_lossy(&ran.stderr)
    );
}

fn git(folder: &Path, words: &[&str]) {
    let name = [
        "-c",
        "user.name=Jane",
        "-c",
        "user.email=jane@example.com",
        "-c",
        "commit.gpgsign=false",
    ];
    run(folder, "git", &[&name, words].concat());
}

#[track_caller]
fn is_kept(watching: &Watching, expected: &[(&str, &str, bool)]) {
    let expected: Vec<_> = expected
        .iter()
        .map(|(name, actor, many)| ((*name).to_owned(), (*actor).to_owned(), *many))
        .collect();
    assert_eq!(watching.kept(), expected);
}

#[test]
fn a_single_save_is_the_persons_where_the_config_says_so() {
    for (watch, actor) in [("\"human\"", "human"), ("true", "agent")] {
        let (home, folder) = home(watch);
        let (watching, _) = follow(&home);
        write(&folder.join("logo.fig"), "1");
        is_kept(&watching, &[("logo.fig", actor, false)]);
        // Saved by writing beside the file and moving the new file into its place.
        write(&folder.join(".logo.fig.part"), "2");
        fs::rename(folder.join(".logo.fig.part"), folder.join("logo.fig")).unwrap();
        is_kept(&watching, &[("logo.fig", actor, false)]);
        // In a new folder.
        write(&folder.join("new/deep/icon.svg"), "1");
        is_kept(&watching, &[("icon.svg", actor, false)]);
        write(&folder.join("new/deep/icon.svg"), "2");
        is_kept(&watching, &[("icon.svg", actor, false)]);
        assert_eq!(home.events(), 4);
    }
}

#[test]
fn what_is_no_save_is_not_kept() {
    let (home, folder) = home("\"human\"");
    git(&folder, &["init", "-q"]);
    write(&folder.join(".gitignore"), "*.log\nout/\n");
    write(&folder.join("old.txt"), "old");
    let (watching, _) = follow(&home);
    write(&folder.join("server.log"), "x");
    write(&folder.join("out/a.bin"), "x");
    write(&folder.join("a.txt~"), "x");
    write(&folder.join("#a.txt#"), "x");
    write(&folder.join("Cargo.lock"), "x");
    write(&folder.join("4913"), "x");
    fs::remove_file(folder.join("4913")).unwrap();
    // Opened for writing by a program that writes nothing, long after it was written.
    run(&folder, "touch", &["-d", "2020-01-01", "old.txt"]);
    drop(
        fs::OpenOptions::new()
            .append(true)
            .open(folder.join("old.txt"))
            .unwrap(),
    );
    write(&folder.join("real.txt"), "x");
    is_kept(&watching, &[("real.txt", "human", false)]);
    // Files that are no longer ignored are followed, folders too.
    fs::write(folder.join(".gitignore"), "").unwrap();
    write(&folder.join("marker.txt"), "x");
    is_kept(&watching, &[("marker.txt", "human", false)]);
    write(&folder.join("out/b.bin"), "x");
    is_kept(&watching, &[("b.bin", "human", false)]);
}

#[test]
fn what_an_editor_tells_of_is_not_told_twice() {
    let (home, folder) = home("\"human\"");
    let (file, other) = (folder.join("a.rs"), folder.join("b.rs"));
    write(&file, "1");
    let (watching, _) = follow(&home);
    let mut editor = home.plugin("editor");
    write(&file, "2");
    editor
        .send_events(&[json!({ "seq": 1, "at": now(), "kind": "save", "uri": format!("file://{}", file.display()) })]);
    write(&other, "1");
    is_kept(&watching, &[("b.rs", "human", false)]);
    assert_eq!(home.events(), 2);
}

#[test]
fn a_checkout_of_five_thousand_files_is_one_event_and_nobodys() {
    let (home, folder) = home("\"human\"");
    git(&folder, &["init", "-q", "-b", "one"]);
    for (branch, text) in [("one", "1"), ("two", "2")] {
        if branch == "two" {
            git(&folder, &["checkout", "-q", "-b", branch]);
        }
        for number in 0..5000 {
            write(&folder.join(format!("d{}/f{number}.txt", number % 50)), text);
        }
        git(&folder, &["add", "."]);
        git(&folder, &["commit", "-qm", branch]);
    }
    let (watching, _) = follow(&home);
    let before = home.events();
    git(&folder, &["checkout", "-q", "one"]);
    let [(name, actor, many)] = &watching.kept()[..] else {
        panic!("one event")
    };
    let is_text = Path::new(name).extension().is_some_and(|end| end == "txt");
    assert!(is_text && actor == "agent" && *many);
    // A later save counts as the person's again, also one after which git status refreshes the index.
    write(&folder.join("d1/f1.txt"), "mine");
    is_kept(&watching, &[("f1.txt", "human", false)]);
    write(&folder.join("d1/f1.txt"), "mine again");
    git(&folder, &["status"]);
    is_kept(&watching, &[("f1.txt", "human", false)]);
    // A checkout of a single file is git's, too.
    git(&folder, &["checkout", "--", "d1/f1.txt"]);
    is_kept(&watching, &[("f1.txt", "agent", true)]);
    assert_eq!(home.events(), before + 4);
}

#[test]
fn a_build_is_nobodys_work() {
    let (home, folder) = home("\"human\"");
    write(
        &folder.join("Cargo.toml"),
        "[package]\nname = \"small\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
    );
    write(&folder.join("src/main.rs"), "fn main() {}\n");
    let (watching, _) = follow(&home);
    #[expect(clippy::disallowed_methods, reason = "cargo says so to what it runs")]
    let cargo = std::env::var("CARGO").expect("cargo");
    run(
        &folder,
        &cargo,
        &["build", "--offline", "--quiet", "--target-dir", "target"],
    );
    assert!(folder.join("target/debug/small").is_file() && folder.join("Cargo.lock").is_file());
    write(&folder.join("src/main.rs"), "fn main() { }\n");
    is_kept(&watching, &[("main.rs", "human", false)]);
    run(
        &folder,
        &cargo,
        &["build", "--offline", "--quiet", "--target-dir", "target"],
    );
    write(&folder.join("src/main.rs"), "fn main() {  }\n");
    is_kept(&watching, &[("main.rs", "human", false)]);
    assert_eq!(home.events(), 2);
}

#[test]
fn an_archive_and_a_formatter_are_one_event() {
    let (home, folder) = home("\"human\"");
    for number in 0..300 {
        write(&folder.join(format!("src/{number}.rs")), "fn x() {}\n");
    }
    run(&folder, "tar", &["-cf", "../all.tar", "src"]);
    let (watching, _) = follow(&home);
    fs::create_dir(folder.join("unpacked")).unwrap();
    run(&folder, "tar", &["-xmf", "../all.tar", "-C", "unpacked"]);
    let kept = watching.kept();
    assert!(kept.len() == 1 && kept[0].2 && kept[0].1 == "agent", "{kept:?}");
    run(
        &folder,
        "sed",
        &[
            "-i",
            "s/fn x() {}/fn x() { }/",
            "src/1.rs",
            "src/2.rs",
            "src/3.rs",
            "src/4.rs",
        ],
    );
    let kept = watching.kept();
    assert!(kept.len() == 1 && kept[0].2 && kept[0].1 == "agent", "{kept:?}");
    assert_eq!(home.cli(["report", "--all"]).json()["totalSeconds"], 0);
}

#[test]
fn one_follows_at_a_time_and_another_takes_over() {
    let (home, folder) = home("\"human\"");
    let (first, _) = follow(&home);
    let second = Watching::start(home.program());
    assert_eq!(second.says(), json!({ "waiting": true }));
    let _editor = home.plugin("editor");
    write(&folder.join("a.fig"), "1");
    is_kept(&first, &[("a.fig", "human", false)]);
    assert_eq!(home.events(), 1);
    drop(first);
    // One of the two others has taken over.
    write(&folder.join("b.fig"), "1");
    let saves = |home: &Home| home.cli(["explain", "--at", "0:00-24:00"]).json()["heartbeats"].to_string();
    let mut turn = 0;
    while !saves(&home).contains("b.fig") {
        turn += 1;
        write(&folder.join("b.fig"), &turn.to_string());
        second.is_silent_for(Duration::from_millis(3500));
        assert!(turn < 10, "nobody took over");
    }
}

#[test]
fn a_host_follows_what_the_config_comes_to_say() {
    let (home, folder) = home("false");
    let watching = Watching::start(home.program());
    home.write_config(&home.config().replace("watch = false", "watch = \"human\""));
    assert_eq!(watching.says()["count"], 1);
    write(&folder.join("a.fig"), "1");
    is_kept(&watching, &[("a.fig", "human", false)]);
    home.write_config(&home.config().replace("~/work/**", "~/**"));
    let problem = watching.says().to_string();
    assert!(problem.contains("too wide"), "{problem}");
}

/// Returns the processor time of a process, in ticks, and its memory, in kilobytes.
fn spent(id: u32) -> (u64, u64) {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).expect("a process");
    let fields: Vec<&str> = stat.rsplit(')').next().expect("fields").split_whitespace().collect();
    let ticks = |index: usize| fields[index].parse::<u64>().expect("ticks");
    let status = fs::read_to_string(format!("/proc/{id}/status")).expect("a process");
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .expect("a peak");
    let memory = line.trim().trim_end_matches(" kB").parse().expect("kilobytes");
    (ticks(11) + ticks(12), memory)
}

#[test]
fn a_hundred_thousand_files_cost_little_memory_and_no_time() {
    let (home, folder) = home("\"human\"");
    for number in 0..100_000_u32 {
        let folder = folder.join(format!("{}/{}", number % 40, number % 4000));
        if number < 4000 {
            fs::create_dir_all(&folder).unwrap();
        }
        fs::write(folder.join(format!("{number}.rs")), "").unwrap();
    }
    let (watching, count) = follow(&home);
    assert_eq!(count, 4041);
    // It reports that it follows before the work of its start is done, which takes a second on a busy machine.
    let (mut before, _) = spent(watching.id());
    let mut is_idle = false;
    for _ in 0..10 {
        assert!(watching.is_silent_for(Duration::from_secs(2)));
        let (after, memory) = spent(watching.id());
        assert!(memory < 50_000, "{memory} kB");
        is_idle = after == before;
        if is_idle {
            break;
        }
        before = after;
    }
    assert!(is_idle, "it goes on spending processor time while nothing happens");
    write(&folder.join("39/3999/3999.rs"), "x");
    is_kept(&watching, &[("3999.rs", "human", false)]);
}

#[test]
fn doctor_says_what_is_followed_and_what_cannot_be() {
    let (home, folder) = home("true");
    fs::create_dir_all(folder.join("a/b")).unwrap();
    assert!(home.cli(["doctor"]).ok().contains("watch: ") && home.cli(["doctor"]).ok().contains(": 3 folders"));
    fs::remove_dir_all(&folder).unwrap();
    let problem = home.cli(["doctor"]).fails_with_json(1).to_string();
    assert!(problem.contains("it is not there"), "{problem}");
    home.write_config(&home.config().replace("~/work/**", "~/**"));
    let problem = home.cli(["doctor"]).fails_with_json(1).to_string();
    assert!(problem.contains("`~/**` is too wide"), "{problem}");
}

#[test]
fn what_watch_can_be_is_said() {
    let (home, _) = home("\"humam\"");
    let checks: Value = home.cli(["doctor"]).fails_with_json(1);
    let says = checks.to_string();
    assert!(
        says.contains("unknown watch `humam`") && says.contains("human"),
        "{says}"
    );
}
