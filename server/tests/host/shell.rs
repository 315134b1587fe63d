//! The command line: its output, its exit codes, and the places of its files.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::harness::{Cli, Home, Host, Trace, files_below, keys, now};

/// A user with an hour for Acme and half an hour for Globex on Monday, and a private quarter of an hour.
fn after_work() -> Home {
    let home = Home::jane();
    let trace = Trace::new()
        .work("/work/acme/api/a.rs", 0..=3_600)
        .work("/work/globex/a.rs", 3_600..=5_400);
    home.plugin("test").record(
        &trace
            .work("/secret/a.rs", 5_400..=6_300)
            .work("/elsewhere/a.rs", 6_300..=6_600),
    );
    home
}

#[test]
fn what_was_mistyped_exits_with_2_and_what_failed_with_1() {
    let home = Home::jane();
    let mistyped: [&[&str]; 9] = [
        &[],
        &["dance"],
        &["report", "--week", "2025-W99"],
        &["report", "--month", "2025-13"],
        &["report", "--today", "--all"],
        &["report", "--to", "2025-03-03"],
        &["report", "--from", "2025-02-30"],
        &["invoice", "render", "someday"],
        &["report", "--by", "moon"],
    ];
    for arguments in mistyped {
        let error = home.cli(arguments).fails(2);
        assert!(
            error.contains("Usage: ") || error.contains("--help"),
            "{arguments:?}: {error}"
        );
    }
    let failed: [&[&str]; 7] = [
        &["report", "--from", "2025-03-03", "--to", "2025-03-01"],
        &["invoice", "issue", "nobody"],
        &["invoice", "issue", "acme"],
        &["invoice", "issue", "acme", "--date", "2999-01-01"],
        &["invoice", "render", "JDS-202503-0001"],
        &["invoice", "show", "7"],
        &["invoice", "discard", "7"],
    ];
    for arguments in failed {
        let error = home.cli(arguments).fails(1);
        assert!(
            error.starts_with("error: ") && error.contains("\nhint: "),
            "{arguments:?}: {error}"
        );
    }
}

#[test]
fn nothing_waits_for_an_answer_without_a_terminal() {
    // The pipe to stdin stays open, so a command that reads it would not end.
    let home = Home::empty();
    let error = home.cli(["init"]).fails(1);
    assert!(error.contains("--name"), "{error}");
    assert!(!home.config_file().exists());
    for arguments in [
        &["status"][..],
        &["report"],
        &["project"],
        &["client"],
        &["invoice", "list"],
        &["explain", "/a"],
    ] {
        home.cli(arguments).ok();
    }
    home.cli(["doctor"]).run();
}

fn words(words: &str) -> Vec<&str> {
    words.split(' ').collect()
}

#[test]
fn json_has_the_keys_that_are_promised() {
    let home = after_work();
    let report = home.cli(["report", "--all"]).json();
    let of_report = words("from privateSeconds rows timeZone to totalSeconds unassignedSeconds");
    assert_eq!(keys(&report), of_report);
    let row = words("amount billableSeconds client currency invoicedSeconds project seconds");
    assert_eq!(keys(&report["rows"][0]), row);
    let by_day = home.cli(["report", "--all", "--by", "day"]).json();
    assert_eq!(
        keys(&by_day["rows"][0]),
        words("amount billableSeconds client currency day invoicedSeconds project seconds")
    );

    let of_invoice = words(
        "allowanceTotal allowances buyerReference client creditedBy currency draft due dueDate files grossTotal issueDate kind leftOut lineTotal lines netTotal notes number orderReference overdue owed paid payments period prepaid sentOn status taxTotal taxes warnings",
    );
    let of_line = words("amount description kind note number period project quantity rate taxCategory taxRate unit");
    let draft = home.cli(["invoice", "draft", "acme"]).json();
    let issued = home.cli(["invoice", "issue", "globex", "--date", "2025-03-31"]).json();
    let list = home.cli(["invoice", "list"]).json();
    for invoice in [&draft, &issued, &list[0], &list[1]] {
        assert_eq!(keys(invoice), of_invoice);
        assert_eq!(keys(&invoice["lines"][0]), of_line);
        let texts = [
            &invoice["netTotal"],
            &invoice["grossTotal"],
            &invoice["lines"][0]["rate"],
            &invoice["lines"][0]["quantity"],
        ];
        assert!(
            texts.iter().all(|text| text.is_string()),
            "money and quantities are texts: {invoice}"
        );
    }
    assert_eq!(keys(&draft["leftOut"][0]), ["project", "reason", "seconds"]);
    assert_eq!(
        (&issued["issueDate"], &issued["dueDate"]),
        (&"2025-03-31".into(), &"2025-04-14".into())
    );
    assert!(draft["number"].is_null() && issued["draft"].is_null());

    let status = home.cli(["status"]).json();
    let of_status = words(
        "away budget client project projectTodaySeconds reason setUp state text timer todaySeconds tooltip unbilled",
    );
    assert_eq!(keys(&status), of_status);
    assert_eq!(keys(&status["unbilled"][0]), ["amount", "currency"]);
}

#[test]
fn a_report_adds_up_in_every_grouping() {
    let home = after_work();
    for by in ["client", "project", "day", "week", "month"] {
        let report = home.cli(["report", "--all", "--by", by]).json();
        let rows = report["rows"].as_array().expect("rows");
        let seconds: i64 = rows.iter().map(|row| row["seconds"].as_i64().expect("seconds")).sum();
        assert_eq!(seconds + 300, 5_700, "{by}: {report}");
        assert_eq!(
            (
                &report["totalSeconds"],
                &report["unassignedSeconds"],
                &report["privateSeconds"]
            ),
            (&5_700.into(), &300.into(), &900.into())
        );
    }
    let days = |by: &str| home.cli(["report", "--all", "--by", by]).json()["rows"][0]["day"].clone();
    assert_eq!(
        (days("day"), days("week"), days("month")),
        ("2025-03-03".into(), "2025-W10".into(), "2025-03".into())
    );
}

#[test]
fn ranges_are_civil_days_and_the_last_one_is_in() {
    let home = after_work();
    let check = |range: &[&str], from: &str, to: &str, seconds: i64| {
        let report = home.cli(["report"]).args(range).json();
        assert_eq!(
            (&report["from"], &report["to"], &report["totalSeconds"]),
            (&from.into(), &to.into(), &seconds.into()),
            "{range:?}"
        );
    };
    check(&["--from", "2025-03-03"], "2025-03-03", "2025-03-03", 5_700);
    check(
        &["--from", "2025-03-01", "--to", "2025-03-03"],
        "2025-03-01",
        "2025-03-03",
        5_700,
    );
    check(
        &["--from", "2025-03-01", "--to", "2025-03-02"],
        "2025-03-01",
        "2025-03-02",
        0,
    );
    check(&["--week", "2025-W10"], "2025-03-03", "2025-03-09", 5_700);
    check(&["--week", "2025-W09"], "2025-02-24", "2025-03-02", 0);
    check(&["--month", "2025-03"], "2025-03-01", "2025-03-31", 5_700);
    check(&["--month", "2025-04"], "2025-04-01", "2025-04-30", 0);
    assert_eq!(home.cli(["report", "--today"]).json()["totalSeconds"], 0);
    // The default is this week.
    assert_eq!(home.cli(["report"]).json()["totalSeconds"], 0);
}

#[test]
fn csv_can_be_read_by_a_program() {
    let home = after_work();
    let text = home.cli(["report", "--all", "--csv"]).ok();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let head: Vec<String> = reader.headers().expect("a head").iter().map(str::to_owned).collect();
    assert_eq!(
        head,
        [
            "client",
            "project",
            "seconds",
            "billableSeconds",
            "invoicedSeconds",
            "amount",
            "currency"
        ]
    );
    let rows: Vec<Vec<String>> = reader
        .records()
        .map(|row| row.expect("a row").iter().map(str::to_owned).collect())
        .collect();
    assert_eq!(rows[0], ["acme", "acme/api", "3600", "3600", "0", "95.00", "EUR"]);
    assert_eq!(rows[1], ["globex", "globex/web", "1800", "1800", "0", "60.00", "EUR"]);
    assert_eq!(rows.len(), 2);
}

#[test]
fn what_is_paused_is_not_counted_and_neither_is_the_gap() {
    let home = Home::jane();
    let mut host = home.plugin("test");
    let at = |at: i64| json!({ "at": at, "kind": "edit", "uri": "file:///work/acme/api/a.rs" });
    let early = Trace::new().event(at(now() - 600_000));
    host.record(&early);
    home.cli(["pause"]).ok();
    assert_eq!(home.cli(["status"]).json()["state"], "paused");
    assert_eq!(
        host.execute("keeptab.status", &[]).expect("a status")["data"]["state"],
        "paused"
    );

    // Acknowledged, so that no editor sends it again, and not stored.
    let meanwhile = Trace::after(early.last()).event(at(now() - 300_000));
    host.record(&meanwhile);
    assert_eq!(home.events(), 2, "the first heartbeat, and the pause");
    let checks = home.cli(["doctor"]).fails_with_json(1);
    assert!(
        checks
            .as_array()
            .expect("checks")
            .iter()
            .any(|check| check["what"] == "paused" && check["ok"] == false)
    );

    home.cli(["resume"]).ok();
    host.record(&Trace::after(meanwhile.last()).event(at(now())));
    assert_eq!(home.cli(["status"]).json()["state"], "tracking");
    // Ten minutes lie between the two heartbeats, and the pause cut them.
    assert_eq!(home.cli(["report", "--all"]).json()["totalSeconds"], 0);
    home.cli(["doctor"]).ok();
}

#[test]
fn explain_says_which_rule_won_and_why() {
    let home = Home::jane();
    let explain = |target: &str| home.cli(["explain", target]).json();
    let acme = explain("/work/acme/api/src/main.rs");
    assert_eq!(keys(&acme), ["client", "entity", "private", "project", "rules"]);
    assert_eq!(
        (&acme["client"], &acme["project"], &acme["private"]),
        (&"acme".into(), &"acme/api".into(), &false.into())
    );
    let won: Vec<&Value> = acme["rules"]
        .as_array()
        .expect("rules")
        .iter()
        .filter(|rule| rule["verdict"] == "won")
        .collect();
    assert_eq!(
        won,
        [&json!({ "project": "acme/api", "glob": "/work/acme/api/**", "verdict": "won" })]
    );
    assert_eq!(
        explain("file:///work/acme/api/a%20b.rs")["entity"],
        "/work/acme/api/a b.rs"
    );
    assert_eq!(explain("https://git.example/acme/x?token=1")["project"], "acme/api");
    assert_eq!(explain("/secret/a")["private"], true);
    assert_eq!(explain("/elsewhere")["project"], Value::Null);
}

#[test]
#[cfg(unix)]
fn without_a_home_of_its_own_the_platforms_places_are_used() {
    let home = Home::empty();
    let add = ["client", "add", "acme", "--name", "Acme"];
    home.cli(add).env("KEEPTAB_HOME", "").ok();
    assert!(home.user().join(".config/keeptab/keeptab.toml").is_file());
    assert!(home.user().join(".local/share/keeptab/keeptab.db").is_file());
    assert!(!home.folder().exists());

    let elsewhere = Home::empty();
    let (config, data) = (elsewhere.user().join("c"), elsewhere.user().join("d"));
    let add = home
        .cli(add)
        .env("KEEPTAB_HOME", "")
        .env("XDG_CONFIG_HOME", &config)
        .env("XDG_DATA_HOME", &data);
    add.ok();
    assert!(config.join("keeptab/keeptab.toml").is_file() && data.join("keeptab/keeptab.db").is_file());
}

#[test]
#[cfg(unix)]
fn nobody_else_can_read_what_is_kept() {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    // The folder is made by the first program, a host or a command.
    let by_host = Home::empty();
    let mut host = by_host.plugin("test");
    host.record(&Trace::new().work("/work/a.rs", 0..=60));
    let by_command = Home::empty();
    by_command.cli(["status"]).ok();
    for home in [&by_host, &by_command] {
        assert_eq!(mode(&home.folder()), 0o700);
        let database = files_below(&home.folder())
            .into_iter()
            .filter(|file| file.to_string_lossy().contains("keeptab.db"));
        for file in database {
            assert_eq!(mode(&file), 0o600, "{}", file.display());
        }
    }
    // In a folder that others can enter, our files are still private.
    let open = after_work();
    assert_eq!(
        mode(&open.folder()) & 0o055,
        0o055,
        "made by the test, with the usual mode"
    );
    open.cli(["invoice", "issue", "acme"]).ok();
    for name in ["invoices", "log"] {
        assert_eq!(mode(&open.folder().join(name)), 0o700, "{name}");
    }
}

#[test]
#[cfg(unix)]
fn all_that_is_made_in_a_home_is_of_its_owner_alone_whatever_the_umask() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = Home::empty();
    let open_handed = || {
        let mut program = Command::new("/bin/sh");
        let with_umask = "umask 000; exec \"$0\" \"$@\"";
        program.args(["-c", with_umask, env!("CARGO_BIN_EXE_keeptab")]);
        program
            .env_clear()
            .env("HOME", home.user())
            .env("KEEPTAB_HOME", home.folder());
        program
    };
    let run = |words: &[&str]| Cli::new(open_handed()).args(words).ok();
    run(&["status"]);
    // The config belongs to its writer.
    home.write_config(&Home::jane().config());
    fs::set_permissions(home.config_file(), fs::Permissions::from_mode(0o600)).expect("a config");
    let mut host = Host::start(open_handed());
    host.initialize(&json!({ "activity": "plugin", "source": "test" }));
    host.record(&Trace::new().work("/work/acme/api/a.rs", 0..=7_200));
    let user = |name: &str| home.user().join(name).to_string_lossy().into_owned();
    run(&["backup"]);
    run(&["backup", &user("own.db.gz")]);
    run(&["invoice", "draft", "acme"]);
    run(&["invoice", "issue", "acme"]);
    run(&["review", "2025-W10"]);
    run(&["review", "2025-W10", "--pdf"]);
    run(&["export", &user("export")]);
    run(&["import", &user("export/keeptab.json"), "--dry-run"]);
    run(&["doctor"]);
    run(&["salvage", "--to", &user("salvaged.db")]);
    run(&["restore", &user("own.db.gz"), "--yes"]);
    Cli::new(open_handed()).args(["invoice", "show", "7"]).fails(1);
    let mut others = Vec::new();
    let mut folders = vec![home.folder()];
    while let Some(folder) = folders.pop() {
        let mode = |path: &Path| fs::symlink_metadata(path).expect("there").permissions().mode() & 0o777;
        others.extend((mode(&folder) != 0o700).then(|| folder.clone()));
        for entry in fs::read_dir(&folder).expect("a folder").flatten() {
            if entry.file_type().expect("a kind").is_dir() {
                folders.push(entry.path());
            } else {
                others.extend((mode(&entry.path()) != 0o600).then(|| entry.path()));
            }
        }
    }
    assert_eq!(others, [] as [PathBuf; 0]);
    let is_there = |name: &str| home.folder().join(name).exists();
    for name in [
        "backups/lock",
        "log",
        "invoices",
        "timesheets",
        "keeptab.lock",
        "keeptab.db",
    ] {
        assert!(is_there(name), "{name} was not made, and so not looked at");
    }
}

#[test]
fn a_damaged_database_is_left_as_it_is() {
    let good = after_work();
    let bytes = fs::read(good.database()).expect("a database");
    let mut torn = bytes.clone();
    torn[16..100].fill(0xff);
    let damaged = [
        ("words", b"not a database at all".to_vec()),
        ("nothing", Vec::new()),
        ("zeroes", vec![0; 8_192]),
        ("a torn head", torn),
    ];
    for (what, damaged) in damaged {
        let home = Home::jane();
        fs::write(home.database(), &damaged).expect("written");
        for arguments in [&["status"][..], &["report", "--all"], &["invoice", "list"], &["pause"]] {
            let error = home.cli(arguments).fails(1);
            assert!(
                error.contains("left as it is") && error.contains("\nhint: "),
                "{what}: {error}"
            );
            assert!(
                error.contains(&home.database().display().to_string()),
                "{what}: {error}"
            );
        }
        let checks = home.cli(["doctor"]).fails_with_json(1);
        assert_eq!(
            (&checks[0]["what"], &checks[0]["ok"]),
            (&"database".into(), &false.into())
        );

        // A host stays, reports it, and acknowledges nothing that it cannot store.
        let mut host = home.plugin("test");
        host.send_events(Trace::new().work("/work/acme/api/a.rs", 0..=60).events());
        let status = host.wait_for("keeptab/status", |status| status["state"] == "error");
        assert!(
            status["reason"]
                .as_str()
                .is_some_and(|reason| reason.contains("left as it is")),
            "{status}"
        );
        host.execute("keeptab.report", &["--all"]).expect_err("no database");
        host.ask("shutdown", &Value::Null);
        host.notify("exit", &Value::Null);
        assert_eq!(host.ended().0, Some(0));
        assert!(
            host.kill9().iter().all(|message| message["method"] != "keeptab/taken"),
            "{what}"
        );
        assert_eq!(fs::read(home.database()).expect("a file"), damaged, "{what}");
    }
}

#[test]
fn help_is_printed() {
    let home = Home::empty();
    for command in [
        "init", "lsp", "status", "report", "project", "client", "invoice", "explain", "pause", "resume", "doctor",
    ] {
        assert!(home.cli(["--help"]).ok().contains(command), "{command}");
        assert!(home.cli([command, "--help"]).ok().contains("Usage: "), "{command}");
    }
    assert_eq!(
        fs::read_dir(home.user()).expect("a folder").count(),
        0,
        "help makes no files"
    );
}
