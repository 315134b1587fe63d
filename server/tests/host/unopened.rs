//! A store that cannot be opened or written: the true cause is reported, reading still works, and opening is retried.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::harness::{Home, Trace};

fn work(after: u64) -> Trace {
    Trace::after(after).work("/work/acme/api/a.rs", 0..=540)
}

/// Checks that a message names the cause, and does not advise to move a good file away.
#[track_caller]
fn check(told: &str, cause: &str) {
    // An editor has it on one line.
    let has_hint = told.contains("\nhint: ") || told.contains(" — ");
    assert!(told.contains(cause) && has_hint, "{told}");
    assert!(!told.contains("move it away"), "{told}");
}

#[test]
fn a_store_that_cannot_be_opened_at_the_start_is_opened_once_it_can() {
    let home = Home::jane();
    fs::create_dir(home.database()).expect("a folder in its place");
    let mut hosts = [home.plugin("nvim-1"), home.generic()];
    let [plugin, other] = &mut hosts;
    for host in [&mut *plugin, other] {
        let status = host.wait_for("keeptab/status", |status| status["state"] == "error");
        check(status["reason"].as_str().expect("a reason"), "is a folder");
    }
    plugin.send_events(work(0).events());
    let refused = plugin.execute("keeptab.report", &["--all"]).expect_err("no database");
    check(refused["message"].as_str().expect("words"), "is a folder");
    check(&home.cli(["status"]).fails(1), "is a folder");
    fs::remove_dir(home.database()).expect("away");
    plugin.taken(10);
    for host in [plugin, other] {
        host.wait_for("keeptab/status", |status| status["state"] != "error");
        host.execute("keeptab.report", &["--all"]).expect("a report");
    }
    assert_eq!(home.events(), 10);
    let log = home.folder().join("log");
    let logs = fs::read_dir(log).expect("logs").map(|log| log.expect("a log").path());
    let logs: String = logs.map(|log| fs::read_to_string(log).expect("a log")).collect();
    assert!(
        logs.contains("unable to open database file"),
        "the log has the error's chain: {logs}"
    );
}

#[cfg(unix)]
mod read_only {
    use std::os::unix::fs::{PermissionsExt as _, chown};
    use std::os::unix::process::CommandExt as _;
    use std::process::Command;

    use super::*;
    use crate::harness::{Cli, Host, files_below};

    /// A user id that nobody has.
    const NOBODY: u32 = 65_534;

    /// Returns the program under a user who is subject to the permissions of files; root is not.
    fn program(home: &Home) -> Command {
        let mut program = home.program();
        if rustix::process::geteuid().is_root() {
            let own = home.user().join("program");
            if !own.exists() {
                fs::hard_link(program.get_program(), &own)
                    .or_else(|_| fs::copy(program.get_program(), &own).map(drop))
                    .expect("the program");
            }
            let mut nobodys = Command::new(own);
            nobodys.env_clear();
            nobodys.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
            program = nobodys;
            program.uid(NOBODY).gid(NOBODY);
        }
        program
    }

    fn give_away(home: &Home) {
        if rustix::process::geteuid().is_root() {
            let below = files_below(home.user());
            let folders = below.iter().filter_map(|file| file.parent());
            for path in below.iter().map(|file| &**file).chain(folders).chain([home.user()]) {
                chown(path, Some(NOBODY), Some(NOBODY)).expect("given away");
            }
        }
    }

    fn allow(home: &Home, folder: u32, file: u32) {
        for (path, mode) in files_below(&home.folder())
            .into_iter()
            .map(|path| (path, file))
            .chain([(home.folder(), folder)])
        {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("permissions");
        }
    }

    /// Reads after `kill -9` or after an orderly end.
    #[track_caller]
    fn read(end: impl FnOnce(Host)) {
        let home = Home::jane();
        let mut host = home.plugin("nvim-1");
        host.record(&work(0));
        end(host);
        give_away(&home);
        allow(&home, 0o500, 0o400);
        let cli = |words: &[&str]| Cli::new(program(&home)).args(words);
        assert_eq!(cli(&["report", "--all"]).json()["totalSeconds"], 540);
        cli(&["status"]).ok();
        assert_eq!(cli(&["invoice", "list"]).json(), Value::Array(Vec::new()));
        check(&cli(&["pause"]).fails(1), "read-only");

        let mut host = Host::start(program(&home));
        host.initialize(&serde_json::json!({ "activity": "plugin", "source": "nvim-1" }));
        let status = host.wait_for("keeptab/status", |status| status["state"] == "error");
        check(status["reason"].as_str().expect("a reason"), "");
        host.send_events(work(10).events());
        allow(&home, 0o700, 0o600);
        host.taken(20);
        assert_eq!(home.events(), 20);
    }

    #[test]
    fn what_an_orderly_end_leaves_is_read() {
        read(|mut host| {
            host.close();
            host.ended();
        });
    }

    #[test]
    fn what_a_killed_host_leaves_is_read() {
        read(|host| drop(host.kill9()));
    }
}

#[test]
fn files_of_killed_hosts_are_removed_by_a_later_one() {
    let home = Home::jane();
    let left = |name: &str| {
        let path = home.folder().join(name);
        let file = fs::File::create(&path).expect("a file");
        file.set_modified(std::time::UNIX_EPOCH).expect("an old file");
        path
    };
    fs::create_dir(home.folder().join("backups")).expect("a folder");
    let files = [
        left(".keeptab-0123456789abcdef.new-db"),
        left("backups/.keeptab-0123456789abcdef.new-db-wal"),
        left(".keeptab-0123456789abcdef.new"),
        left(".keeptab-0123456789abcdef.unfinished"),
        left("keeptab.new-77"),
    ];
    let other = left("notes.new");
    let mut host = home.plugin("nvim-1");
    host.record(&work(0));
    assert!(!files.iter().any(|file| Path::exists(file)));
    assert!(other.exists());
}
