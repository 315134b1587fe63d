//! Kinds of files of other tools, each with neighbours of the cases in the table.

use serde_json::{Value, json};

use super::import::write;
use super::import_cases::{BUSINESS, newcomer, run};

#[test]
fn a_page_counts_where_the_afk_watcher_saw_the_person() {
    let export = |afk: &str, pages: &str| {
        format!(
            r#"{{"buckets": {{
            "aw-watcher-window_pc": {{"type": "currentwindow", "events": [
                {{"timestamp": "2024-03-04T09:00:00+00:00", "duration": 60.0, "data": {{"app": "x", "title": "y"}}}}]}},
            {pages}
            "aw-watcher-afk_pc": {{"type": "afkstatus", "events": [{afk}]}} }} }}"#
        )
    };
    let there = |minute: u32, seconds: u32| {
        format!(
            r#"{{"timestamp": "2024-03-04T09:{minute:02}:00+00:00", "duration": {seconds}.0, "data": {{"status": "not-afk"}}}}"#
        )
    };
    let page = r#""aw-watcher-web-firefox": {"type": "web.tab.current", "events": [
        {"timestamp": "2024-03-04T09:00:00+00:00", "duration": 2400.0, "data": {"url": "https://example.com/acme/pull/7"}}]},"#;
    let seconds = |text: String| {
        let home = newcomer();
        home.write_config(&format!(
            "{BUSINESS}\n[project.acme]\nname = \"Acme\"\nurls = [\"https://example.com/acme/**\"]\n"
        ));
        let file = write(&home, "aw.json", text);
        let (code, view, said) = run(&home, &file, &[], "--yes");
        assert_eq!(code, 0, "{said}");
        let report = home.cli(["report", "--all"]).json();
        assert_eq!(report["totalSeconds"], view["countedSeconds"], "{view}");
        (view["countedSeconds"].as_i64().expect("seconds"), view["hint"].clone())
    };
    assert_eq!(seconds(export(&there(0, 2400), page)), (2400, Value::Null));
    // Ten minutes at the beginning and five at the end.
    let twice = format!("{}, {}", there(0, 600), there(35, 900));
    assert_eq!(seconds(export(&twice, page)), (900, Value::Null));
    assert_eq!(seconds(export(&there(50, 600), page)), (0, Value::Null));
    // Without the watcher, the beginning and the end of a short stretch.
    let alone = |seconds: u32| {
        format!(
            r#"{{"buckets": {{"aw-watcher-web-firefox": {{"type": "web.tab.current", "events": [
            {{"timestamp": "2024-03-04T09:00:00+00:00", "duration": {seconds}.0, "data": {{"url": "https://example.com/acme/pull/7"}}}}]}}}}}}"#
        )
    };
    assert_eq!(seconds(alone(600)), (600, Value::Null));
    assert_eq!(seconds(alone(2400)), (0, Value::Null));
    // Windows alone name no project, and the answer says what to export.
    let (counted, hint) = seconds(export(&there(0, 2400), ""));
    assert_eq!(counted, 0);
    assert!(hint.as_str().is_some_and(|hint| hint.contains("watcher")), "{hint}");
}

#[test]
fn amounts_and_rates_of_a_file_are_billed_as_it_has_them() {
    let head = "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags,Amount (EUR)\n";
    let row = |day: u32, minutes: u32, amount: &str| {
        let (hours, minutes) = (9 + minutes / 60, minutes % 60);
        format!(
            "Ann,a@x,Acme,Site,,Work,Yes,2026-09-{day:02},09:00:00,2026-09-{day:02},{hours:02}:{minutes:02}:00,,,{amount}\n"
        )
    };
    // 80 an hour, 60 an hour, and twenty minutes at 80, of which the amount is rounded.
    let rows = [row(1, 480, "640.00"), row(2, 240, "240.00"), row(3, 20, "26.67")].concat();
    let home = newcomer();
    let file = write(&home, "toggl.csv", format!("{head}{rows}"));
    let (_, view, said) = run(&home, &file, &[], "--yes");
    let money = |view: &Value| view["projects"][0].clone();
    let part = money(&view);
    assert_eq!(part["fileRates"], json!(["60", "80"]), "{said}");
    assert_eq!((&part["rate"], &part["fileAmount"]), (&json!("80"), &json!("906.67")));
    // A third of an hour is billed as 0.33.
    assert_eq!(part["amount"], json!("906.40"), "{said}");
    let report = home.cli(["report", "--all"]).json();
    assert_eq!(report["rows"][0]["amount"], "906.40");
    // A configured rate that differs is said, and the rows keep theirs.
    let other = newcomer();
    other.write_config(&format!(
        "{BUSINESS}\n[client.acme]\nname = \"Acme\"\n\n[project.\"acme/site\"]\nclient = \"acme\"\nname = \"Site\"\nrate = \"90.00\"\n"
    ));
    let text = other.cli(["import", file.to_str().expect("a path"), "--dry-run"]).ok();
    assert!(text.contains("the file has 60, 80, keeptab.toml 90"), "{text}");
    run(&other, &file, &[], "--yes");
    assert_eq!(other.cli(["report", "--all"]).json()["rows"][0]["amount"], "906.40");
}

#[test]
fn the_mapping_of_a_hint_can_be_used_as_it_stands() {
    for (header, row) in [
        ("Day,Hrs,Job", "2024-03-14,1.5,Site"),
        ("Date;Time spent;Notes;Project", "2024-03-14;1:30;a, b;Site"),
        (
            "Date,Duration (decimal),Amount (EUR),Project Name",
            "2024-03-14,1.5,90,Site",
        ),
        ("Datum;Von;Bis;Projekt;Tätigkeit", "14.03.2024;09:00;10:30;Site;x"),
    ] {
        let home = newcomer();
        let file = write(&home, "table.csv", format!("{header}\n{row}\n"));
        let (code, _, said) = run(&home, &file, &[], "--dry-run");
        assert_eq!(code, 2, "{said}");
        let said = home
            .cli(["import", file.to_str().expect("a path"), "--dry-run"])
            .fails(2);
        let map = said
            .split("--map ")
            .nth(1)
            .unwrap_or_else(|| panic!("{header}: {said}"))
            .trim();
        // As a shell reads it.
        let map = map.trim_matches('\'').replace("'\\''", "'").replace("'\"'\"'", "'");
        let (code, view, said) = run(&home, &file, &["--map", &map], "--dry-run");
        assert_eq!(
            (code, &view["new"]["seconds"]),
            (0, &json!(5400)),
            "{header} {map}: {said}"
        );
    }
}

#[test]
fn an_export_is_read_however_it_is_indented() {
    let home = newcomer();
    home.write_config(&format!("{BUSINESS}\n[project.acme]\nname = \"Acme\"\n"));
    home.cli(["add", "acme", "0:45", "--day", "2026-11-02", "--note", "call"])
        .ok();
    let export: Value = serde_json::from_str(&home.cli(["export"]).ok()).expect("JSON");
    let pretty = serde_json::to_string_pretty(&export).expect("JSON");
    let other = newcomer();
    other.write_config(&home.config());
    let file = write(&other, "pretty.json", pretty);
    let (code, view, said) = run(&other, &file, &[], "--yes");
    assert_eq!((code, &view["new"]["seconds"]), (0, &json!(2700)), "{said}");
}

/// The path of a file of the table.
fn case(name: &str) -> std::path::PathBuf {
    super::import::fixture("").join("../import-cases").join(name)
}

#[test]
fn the_same_rows_in_another_layout_and_under_another_name_count_once() {
    let home = newcomer();
    let total = || home.cli(["report", "--all"]).json()["totalSeconds"].clone();
    let seconds = 10 * 3600;
    let (code, first, said) = run(&home, &case("reimport-1-classic.csv"), &[], "--yes");
    assert_eq!(
        (code, &first["new"]["seconds"], total()),
        (0, &json!(seconds), json!(seconds)),
        "{said}"
    );
    for again in ["reimport-2-new-layout.csv", "reimport-3-project-renamed.csv"] {
        let text = home
            .cli(["import", case(again).to_str().expect("a path"), "--dry-run"])
            .ok();
        assert!(text.contains("same time as import 1"), "{again}: {text}");
        let (_, view, said) = run(&home, &case(again), &[], "--yes");
        assert_eq!(
            (&view["takenSeconds"], total()),
            (&json!(seconds), json!(seconds)),
            "{again}: {said}"
        );
    }
}

#[test]
fn an_older_file_makes_billed_time_no_unbilled_time() {
    let home = newcomer();
    run(&home, &case("harvest-newer-invoiced.csv"), &[], "--yes");
    let (_, view, said) = run(&home, &case("harvest-older-not-invoiced.csv"), &[], "--yes");
    assert_eq!(
        (&view["new"]["entries"], &view["billedChanged"]),
        (&json!(0), &json!(0)),
        "{said}"
    );
    let report = home.cli(["report", "--all"]).json();
    assert_eq!(
        (&report["totalSeconds"], &report["rows"][0]["billableSeconds"]),
        (&json!(7200), &json!(0))
    );
}

#[test]
fn a_dry_run_tells_which_name_an_id_stands_for() {
    let home = newcomer();
    let text = home
        .cli(["import", case("names-merge.csv").to_str().expect("a path"), "--dry-run"])
        .ok();
    for (id, name) in [("a-b", "A&B"), ("a-b-2", "A+B"), ("acme/c", "C++"), ("acme/c-2", "C#")] {
        let said =
            |line: &str| line.split_whitespace().any(|word| word == id) && line.ends_with(&format!("for {name}"));
        assert!(text.lines().any(said), "{id}: {text}");
    }
}

#[test]
fn a_row_that_cannot_be_right_is_refused_and_moves_no_other() {
    const MAP: &[&str] = &["--map", "date=Date,project=Project,hours=Hours,rate=Rate"];
    let row = |row: &str| format!("Date,Project,Hours,Rate\n2026-03-04,Acme,1,50\n{row}\n");
    let event = |start: &str, end: &str| {
        format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Acme\nDTSTART:{start}\n{end}\nEND:VEVENT\nEND:VCALENDAR\n")
    };
    let whole = "BEGIN:VEVENT\nSUMMARY:b\nDTSTART:20260304T080000Z\nDTEND:20260304T090000Z\nEND:VEVENT\n";
    let cut = "BEGIN:VEVENT\nSUMMARY:a\nDTSTART:20260304T060000Z\n";
    // The file, its text, the options, the hours that come in, and the rows that are refused.
    for (name, text, options, hours, refused) in [
        // Lines below an impossible date belong to no day.
        (
            "a.timedot",
            "2026-03-04\nacme:api  1\n\n2026-02-30\nacme:api  2\n".to_owned(),
            &[][..],
            1,
            2,
        ),
        // A time that goes back begins nothing, and a line without a text ends what was before it.
        (
            "timelog.txt",
            "2026-03-04 09:00: arrived\n2026-03-04 07:00: Acme: typo\n2026-03-04 10:00: Acme: ok\n".to_owned(),
            &[],
            1,
            1,
        ),
        (
            "timelog.txt",
            "2026-03-04 09:00: arrived\n2026-03-04 12:00:\n2026-03-04 13:00: Acme: ok\n".to_owned(),
            &[],
            1,
            1,
        ),
        (
            "timelog.txt",
            "2026-03-04 09:00: arrived\n2026-03-04 99:00: Acme\n2026-03-04 13:00: Acme: lost\n2026-03-04 14:00: Acme: ok\n"
                .to_owned(),
            &[],
            1,
            2,
        ),
        ("a.csv", row("2026-03-05,Acme,0.1.5,50"), MAP, 1, 1),
        ("a.csv", row("2026-03-05,Acme,1'2,50"), MAP, 1, 1),
        ("a.csv", row("0000-03-05,Acme,1,50"), MAP, 1, 1),
        ("a.csv", row("0026-03-05,Acme,1,50"), MAP, 1, 1),
        // A rate that no config can have.
        ("a.csv", row("2026-03-05,Globex,1,100.5555555555"), MAP, 1, 1),
        ("a.ics", event("99991231T230000Z", "DURATION:PT3H"), &[], 0, 1),
        (
            "a.ics",
            format!("BEGIN:VCALENDAR\n{cut}{whole}END:VCALENDAR\n"),
            &[],
            1,
            1,
        ),
        ("a.ics", format!("BEGIN:VCALENDAR\n{whole}{cut}"), &[], 1, 1),
    ] {
        let home = newcomer();
        let file = write(&home, name, text.clone());
        let options = [options, &["--time-zone", "Europe/Berlin"][..]].concat();
        let (_, view, said) = run(&home, &file, &options, "--yes");
        assert_eq!(
            (&view["new"]["seconds"], &view["refusedRows"]),
            (&json!(hours * 3600), &json!(refused)),
            "{text}{said}{view}"
        );
    }
}

#[test]
fn rows_that_two_imports_share_are_back_once_the_second_file_is_imported_again() {
    const HEAD: &str = "Date,Project,Hours\n";
    const MAP: &[&str] = &["--map", "date=Date,project=Project,hours=Hours"];
    let home = newcomer();
    let total = || home.cli(["report", "--all"]).json()["totalSeconds"].clone();
    let first = write(&home, "first.csv", format!("{HEAD}2024-03-04,a,1\n2024-03-05,a,2\n"));
    let second = write(&home, "second.csv", format!("{HEAD}2024-03-05,a,2\n2024-03-06,a,4\n"));
    for file in [&first, &second] {
        run(&home, file, MAP, "--yes");
    }
    assert_eq!(total(), json!(7 * 3600));
    let said = home.cli(["import", "--undo", "1"]).ok();
    // The shared row is gone, and the answer names the file that has it.
    assert_eq!(total(), json!(4 * 3600));
    assert!(said.contains("second.csv"), "{said}");
    run(&home, &second, MAP, "--yes");
    assert_eq!(total(), json!(6 * 3600));
    // No later import left out rows of the last one.
    let said = home.cli(["import", "--undo"]).ok();
    assert!(!said.contains(".csv"), "{said}");
}

#[test]
fn rows_that_gain_clock_times_are_known_from_their_days() {
    let days = "Day,Hrs,Job\n2024-03-04,1.5,Site\n2024-03-04,1.5,Site\n2024-03-05,2,Site\n";
    let instants = "From,Hrs,Job\n2024-03-04T09:00:00Z,1.5,Site\n2024-03-05T09:00:00Z,2,Site\n";
    for (earlier, map, later, later_map) in [
        (
            days,
            "date=Day,hours=Hrs,project=Job",
            "Day,From,Hrs,Job\n2024-03-04,09:00,1.5,Site\n2024-03-04,13:00,1.5,Site\n2024-03-05,09:00,2,Site\n",
            "date=Day,start=From,hours=Hrs,project=Job",
        ),
        (
            days,
            "date=Day,hours=Hrs,project=Job",
            "From,Hrs,Job\n2024-03-04 09:00,1.5,Site\n2024-03-04 13:00,1.5,Site\n2024-03-05 00:00,2,Site\n",
            "start=From,hours=Hrs,project=Job",
        ),
        // The end of an instant that is its start gives way to a length.
        (
            instants,
            "start=From,hours=Hrs,project=Job",
            "From,To,Hrs,Job\n2024-03-04T09:00:00Z,2024-03-04T09:00:00Z,1.5,Site\n2024-03-05T09:00:00Z,,2,Site\n",
            "start=From,end=To,hours=Hrs,project=Job",
        ),
    ] {
        let home = newcomer();
        let file = write(&home, "earlier.csv", earlier);
        let (code, first, said) = run(&home, &file, &["--map", map], "--yes");
        let rows = earlier.lines().count() - 1;
        assert_eq!((code, &first["new"]["entries"]), (0, &json!(rows)), "{said}");
        let file = write(&home, "later.csv", later);
        let (code, second, said) = run(&home, &file, &["--map", later_map], "--yes");
        assert_eq!(
            (code, &second["new"]["entries"], &second["alreadyThere"]["entries"]),
            (0, &json!(0), &json!(rows)),
            "{later}: {said}"
        );
    }
}
