//! The config in a running host: an error is reported at its place, and the last good config stays in force.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::harness::{Home, Host, Trace, holds};

/// Ways in which users may break a good config: the replaced text, its replacement, the place of the error, and a part
/// of the message.
const BROKEN: &[(&str, &str, &str, &str)] = &[
    ("/work/globex/**", "/work/{globex", "41:10", "does not compile"),
    ("\"EUR\"", "\"EURO\"", "9:12", "unknown currency"),
    ("\"120.00\"", "\"-120.00\"", "40:8", "is negative"),
    ("globex/web\"]", "acme/api\"]", "38:10", "duplicate key"),
    ("[client.globex]", "[client.globex", "24:15", "unclosed table"),
];

fn break_it(home: &Home, old: &str, new: &str) -> String {
    let good = home.config();
    let broken = good.replace(old, new);
    assert_ne!(good, broken, "the config has {old}");
    home.write_config(&broken);
    good
}

/// Waits until the host has published this many errors of the config.
#[track_caller]
fn published(host: &mut Host, home: &Home, count: usize) -> Value {
    let uri = format!("file://{}", home.config_file().display());
    let wanted = |params: &Value| params["uri"] == uri && params["diagnostics"].as_array().map(Vec::len) == Some(count);
    host.wait_for("textDocument/publishDiagnostics", wanted)["diagnostics"].take()
}

#[test]
fn doctor_names_the_line_and_says_what_to_do() {
    for (old, new, place, says) in BROKEN {
        let home = Home::jane();
        home.cli(["doctor"]).ok();
        break_it(&home, old, new);
        let ran = home.cli(["doctor"]).run();
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""), "{new}");
        let wanted = format!("{}:{place}: error: ", home.config_file().display());
        let line = ran
            .stdout
            .lines()
            .position(|line| line.contains(&wanted) && line.contains(says));
        let line = line.unwrap_or_else(|| panic!("no {wanted} … {says} in:\n{}", ran.stdout));
        assert!(
            ran.stdout
                .lines()
                .nth(line + 1)
                .is_some_and(|line| line.contains("hint: ")),
            "{}",
            ran.stdout
        );
        let checks = home.cli(["doctor"]).fails_with_json(1);
        assert!(
            checks
                .as_array()
                .expect("checks")
                .iter()
                .any(|check| check["ok"] == false),
            "{checks}"
        );
    }
}

#[test]
fn a_running_host_tells_of_a_broken_config_and_of_its_mending() {
    let home = Home::jane();
    let mut host = home.plugin("test");
    published(&mut host, &home, 0);
    for (old, new, place, says) in BROKEN {
        let good = break_it(&home, old, new);
        let mistakes = published(&mut host, &home, 1);
        let start = &mistakes[0]["range"]["start"];
        let line = start["line"].as_u64().expect("a line") + 1;
        let column = start["character"].as_u64().expect("a column") + 1;
        assert_eq!(
            (format!("{line}:{column}").as_str(), &mistakes[0]["severity"]),
            (*place, &1.into()),
            "{new}"
        );
        assert!(
            mistakes[0]["message"]
                .as_str()
                .is_some_and(|message| message.contains(says)),
            "{mistakes}"
        );
        let wanted = |message: &Value| message["message"].as_str().is_some_and(|text| text.contains(says));
        host.wait_for("window/showMessage", |message| message["type"] == 1 && wanted(message));

        home.write_config(&good);
        published(&mut host, &home, 0);
    }
}

#[test]
fn the_status_bar_says_while_the_config_is_broken() {
    let home = Home::jane();
    let mut host = home.plugin("test");
    published(&mut host, &home, 0);
    let (old, new, place, _) = BROKEN[0];
    let good = break_it(&home, old, new);
    let status = host.wait_for("keeptab/status", |status| !status["reason"].is_null());
    let reason = status["reason"].as_str().expect("a reason");
    assert!(
        reason.starts_with(&format!("keeptab.toml:{place}: error: ")),
        "{status}"
    );
    assert!(
        status["text"]
            .as_str()
            .is_some_and(|text| text.ends_with("(config broken)")),
        "{status}"
    );
    home.write_config(&good);
    host.wait_for("keeptab/status", |status| status["reason"].is_null());
}

#[test]
fn the_last_good_config_stays_in_force_and_nothing_is_issued() {
    for (old, new, ..) in BROKEN {
        let home = Home::jane();
        let mut host = home.plugin("test");
        published(&mut host, &home, 0);
        let good = break_it(&home, old, new);
        published(&mut host, &home, 1);
        host.record(
            &Trace::new()
                .work("/work/globex/a.rs", 0..=3_600)
                .work("/secret/a.rs", 3_600..=4_200),
        );

        // Reported to the host, to a command beside it, and to another editor that opens meanwhile.
        home.plugin("other")
            .record(&Trace::new().work("/work/acme/api/a.rs", 4_200..=4_800));
        let report = home.cli(["report", "--all"]).json();
        let row = |index: usize| {
            (
                report["rows"][index]["project"].clone(),
                report["rows"][index]["seconds"].clone(),
            )
        };
        assert_eq!(row(0), ("acme/api".into(), 600.into()), "{new}: {report}");
        assert_eq!(row(1), ("globex/web".into(), 3_600.into()), "{new}: {report}");
        assert_eq!(report["privateSeconds"], 600);
        assert_eq!(report["rows"][1]["amount"], "120.00");
        let warning = "warning: the last config that was right is in force: keeptab.toml:";
        for words in [
            &["report", "--all"][..],
            &["report", "--all", "--csv"],
            &["dashboard", "--text"],
            &["import", "--list"],
        ] {
            let told = home.cli(words).run().stderr;
            assert!(
                told.starts_with(warning) && told.contains("hint: "),
                "{words:?}: {told}"
            );
        }

        let error = home.cli(["invoice", "issue", "globex"]).fails(1);
        assert!(
            error.contains("config is broken") && error.contains("hint: "),
            "{error}"
        );
        let error = host
            .execute("keeptab.invoice", &["issue", "globex"])
            .expect_err("the config is broken");
        assert!(
            error["message"]
                .as_str()
                .is_some_and(|text| text.contains("config is broken")),
            "{error}"
        );

        home.write_config(&good);
        published(&mut host, &home, 0);
        host.execute("keeptab.invoice", &["issue", "globex"])
            .expect("an invoice");
        assert_eq!(home.cli(["invoice", "issue", "acme"]).json()["status"], "issued");
    }
}

#[test]
fn a_good_edit_is_in_force_at_once_in_every_host_and_for_all_unbilled_time() {
    let home = Home::jane();
    let mut hosts = [home.plugin("one"), home.plugin("two")];
    hosts[0].record(&Trace::new().work("/work/initech/a.rs", 0..=3_600));
    assert_eq!(home.cli(["report", "--all"]).json()["unassignedSeconds"], 3_600);
    home.cli([
        "project",
        "add",
        "acme/tps",
        "--client",
        "acme",
        "--rate",
        "10",
        "--path",
        "/work/initech",
    ])
    .ok();
    for host in &mut hosts {
        host.wait_for("keeptab/status", |status| status["unbilled"][0]["amount"] == "10.00");
    }
    assert_eq!(home.cli(["report", "--all"]).json()["rows"][0]["project"], "acme/tps");
}

#[test]
fn a_config_that_is_gone_or_empty_is_nobodys_will() {
    for spoil in [|path: &Path| fs::remove_file(path), |path: &Path| fs::write(path, "\n")] {
        let home = Home::jane();
        let mut host = home.plugin("test");
        published(&mut host, &home, 0);
        let good = home.config();
        spoil(&home.config_file()).expect("spoilt");
        let mistakes = published(&mut host, &home, 1);
        let message = mistakes[0]["message"].as_str().expect("a message");
        assert!(message.contains("is gone or empty\nhint: "), "{message}");
        // Ignored paths stay ignored, by this host and by one that starts now.
        host.record(
            &Trace::new()
                .work("/work/acme/api/a.rs", 0..=600)
                .work("/secret/xyzzyplugh.rs", 600..=1_200),
        );
        home.plugin("other")
            .record(&Trace::new().work("/secret/xyzzyplugh.rs", 700..=900));
        let report = home.cli(["report", "--all"]).json();
        assert_eq!(
            (&report["rows"][0]["project"], &report["privateSeconds"]),
            (&"acme/api".into(), &600.into())
        );
        assert!(holds(home.user(), "xyzzyplugh").is_empty());
        home.cli(["invoice", "issue", "acme"]).fails(1);

        home.write_config(&good);
        published(&mut host, &home, 0);
        home.cli(["invoice", "issue", "acme"]).ok();
    }
}

#[test]
fn however_an_editor_saves_no_half_saved_config_is_read() {
    let home = Home::jane();
    let (config, beside) = (home.config_file(), home.folder().join("keeptab.toml~"));
    let mut host = home.plugin("test");
    published(&mut host, &home, 0);
    for round in 0..30 {
        let text = format!("# {round}\n{}", home.config());
        match round % 3 {
            // In place: emptied, then written.
            0 => fs::write(&config, text).expect("written"),
            // Written beside, then put in its place.
            1 => {
                fs::write(&beside, text).expect("written");
                fs::rename(&beside, &config).expect("renamed");
            }
            // Moved away as a backup, then written anew.
            _ => {
                fs::rename(&config, &beside).expect("renamed");
                fs::write(&config, text).expect("written");
            }
        }
    }
    home.cli(["client", "add", "last", "--name", "Last"]).ok();
    let knows_last = |host: &mut Host| {
        let clients = host.execute("keeptab.client", &["list"]).expect("clients");
        clients["data"]["clients"]
            .as_array()
            .expect("a list")
            .iter()
            .any(|client| client["id"] == "last")
    };
    // The last state is read, and no error was reported on the way.
    while !knows_last(&mut host) {}
    host.expect_no_error();
}

#[test]
#[cfg(unix)]
fn a_config_that_is_a_link_is_followed_and_stays_one() {
    let home = Home::jane();
    let dotfiles = home.user().join("dotfiles");
    fs::create_dir(&dotfiles).expect("a folder");
    let target = dotfiles.join("tab.toml");
    fs::rename(home.config_file(), &target).expect("moved");
    std::os::unix::fs::symlink(&target, home.config_file()).expect("a link");

    let mut host = home.plugin("test");
    published(&mut host, &home, 0);
    let good = home.config();
    fs::write(&target, good.replace("\"EUR\"", "\"EURO\"")).expect("written");
    published(&mut host, &home, 1);
    fs::write(&target, good).expect("written");
    published(&mut host, &home, 0);

    home.cli(["client", "add", "initech", "--name", "Initech"]).ok();
    assert_eq!(fs::read_link(home.config_file()).expect("still a link"), target);
    assert!(
        fs::read_to_string(&target)
            .expect("a config")
            .contains("[client.initech]")
    );
    assert_eq!(names(&dotfiles), ["tab.toml"]);
    home.cli(["doctor"]).ok();
}

#[cfg(unix)]
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    entries
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
        .collect()
}

#[test]
fn commands_keep_what_the_user_wrote_and_refuse_to_break_it() {
    let home = Home::jane();
    let mine = format!("# my own words\n{}", home.config());
    home.write_config(&mine);
    home.cli(["client", "add", "initech", "--name", "Initech"]).ok();
    for comes in ["# my own words", "[client.initech]\nname = \"Initech\"\n"] {
        assert!(home.config().contains(comes), "{}", home.config());
    }
    let before = home.config();
    let refused: [&[&str]; 4] = [
        &["client", "add", "initech", "--name", "Initech"],
        &["project", "add", "initech/x", "--client", "nobody"],
        &["project", "add", "initech/x", "--client", "initech", "--rate=-5"],
        &["project", "add", "initech/x", "--path", "relative/path"],
    ];
    for arguments in refused {
        let error = home.cli(arguments).fails(1);
        assert!(error.contains("\nhint: "), "{arguments:?}: {error}");
        assert_eq!(home.config(), before, "{arguments:?}");
    }
    // A business that is set up is changed, and no more of it than was said.
    let name = before.lines().find(|line| line.starts_with("name = ")).expect("a name");
    home.cli(["init", "--name", "Somebody Else"]).ok();
    assert_eq!(home.config(), before.replacen(name, "name = \"Somebody Else\"", 1));
}

#[test]
fn what_several_programs_change_at_once_is_all_kept() {
    let home = Home::jane();
    std::thread::scope(|scope| {
        for number in 0..8 {
            let home = &home;
            let id = format!("client-{number}");
            scope.spawn(move || home.cli(["client", "add", &id, "--name", "Another"]).ok());
        }
    });
    let config = home.config();
    let missing: Vec<u8> = (0..8)
        .filter(|number| !config.contains(&format!("[client.client-{number}]")))
        .collect();
    assert!(missing.is_empty(), "{missing:?} are not in\n{config}");
}
