//! Importing history, and exporting it.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::harness::{Home, Trace};

/// The path of a fixture.
#[expect(clippy::disallowed_methods, reason = "the test runner says so")]
pub(super) fn fixture(name: &str) -> PathBuf {
    Path::new(&std::env::var("CARGO_MANIFEST_DIR").expect("a manifest"))
        .join("tests/host/fixtures/import")
        .join(name)
}

fn import(home: &Home, file: &Path, options: &[&str]) -> Value {
    let file = file.to_str().expect("a path");
    home.cli([&["import", file, "--yes"], options].concat()).json()
}

/// A file in the user's home.
pub(super) fn write(home: &Home, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
    let path = home.user().join(name);
    fs::write(&path, text).expect("a file");
    path
}

/// Returns the seconds by project of a report of all time.
fn seconds(home: &Home) -> Vec<(String, i64)> {
    let report = home.cli(["report", "--all"]).json();
    let row = |row: &Value| {
        let project = row["project"].as_str().unwrap_or_default().to_owned();
        (project, row["seconds"].as_i64().expect("seconds"))
    };
    report["rows"].as_array().expect("rows").iter().map(row).collect()
}

/// Writes a file of three hours, in January, March and June 2024, that does not tell if they were billed.
pub(super) fn half_a_year(home: &Home) -> PathBuf {
    let row =
        |day: &str| format!("Jane,jane@doe.example,Acme Co,API,,Work,Yes,{day},09:00:00,{day},10:00:00,01:00:00,,\n");
    let head = "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags,Amount (EUR)\n";
    let rows = ["2024-01-08", "2024-03-04", "2024-06-03"].map(row).concat();
    write(home, "toggl.csv", format!("{head}{rows}"))
}

#[test]
fn a_dry_run_writes_nothing_and_the_import_says_the_same() {
    let home = Home::jane();
    let before = home.config();
    let file = fixture("toggl-classic.csv");
    let looked = home.cli(["import", file.to_str().expect("a path"), "--dry-run"]).json();
    assert_eq!(looked["dryRun"], true);
    assert_eq!(looked["new"]["entries"], 3);
    assert_eq!(looked["new"]["seconds"], 5415 + 2700 + 1200);
    assert_eq!(looked["files"][0]["timeZone"], "Europe/Berlin");
    assert_eq!(home.config(), before);
    assert_eq!(seconds(&home), []);
    let done = import(&home, &file, &[]);
    for key in ["new", "total", "projects", "clients", "first", "last", "rows"] {
        assert_eq!(done[key], looked[key], "{key}");
    }
    assert_eq!(done["batch"], 1);
    // Globex is a client of the config; its project is not in it.
    let added = home
        .config()
        .strip_prefix(&before)
        .expect("what was there is there")
        .to_owned();
    assert_eq!(
        added,
        "\n[project.\"globex/shop-relaunch\"]\nclient = \"globex\"\nname = \"Shop relaunch\"\nrate = \"90\"\n\n\
         [project.learning]\nname = \"Learning\"\n"
    );
    assert_eq!(
        seconds(&home),
        [("learning".into(), 1200), ("globex/shop-relaunch".into(), 5415 + 2700)]
    );
}

#[test]
fn nothing_is_imported_twice_and_two_equal_rows_are_two() {
    let home = Home::jane();
    let header = "description,billable,client,project,tags,start,end,task,user_name,user_email";
    let row =
        |hour: u32| format!("call,true,Globex,Shop,,2024-03-04T{hour:02}:00:00Z,2024-03-04T{hour:02}:30:00Z,,Jane,");
    let rows = |hours: &[u32]| {
        format!(
            "{header}\n{}\n",
            hours.iter().map(|hour| row(*hour)).collect::<Vec<_>>().join("\n")
        )
    };
    let first = write(&home, "first.csv", rows(&[8, 9, 9, 10]));
    let overlapping = write(&home, "second.csv", rows(&[9, 9, 9, 10, 11]));
    let done = import(&home, &first, &[]);
    assert_eq!((&done["new"]["entries"], &done["batch"]), (&json!(4), &json!(1)));
    let again = import(&home, &first, &[]);
    assert_eq!(
        (&again["new"]["entries"], &again["alreadyThere"]["entries"]),
        (&json!(0), &json!(4))
    );
    assert_eq!(again["batch"], Value::Null);
    let second = import(&home, &overlapping, &[]);
    assert_eq!(
        (&second["new"]["entries"], &second["alreadyThere"]["entries"]),
        (&json!(2), &json!(3))
    );
    // The third row of nine o'clock is another entry, over time that is taken: it is stored, and counts nothing.
    assert_eq!(
        (&second["takenRows"], &second["takenSeconds"]),
        (&json!(1), &json!(1800))
    );
    assert_eq!(seconds(&home), [("globex/shop".into(), 5 * 1800)]);
    // One import of both files gives the same.
    let other = Home::jane();
    let both = [first.to_str().expect("a path"), overlapping.to_str().expect("a path")];
    for options in [["--dry-run"], ["--yes"]] {
        let done = other.cli([&["import"], &both[..], &options].concat()).json();
        assert_eq!(
            (&done["rows"], &done["overlapping"], &done["new"]["entries"]),
            (&json!(9), &json!(3), &json!(6))
        );
        assert_eq!(done["projects"][0]["seconds"], 6 * 1800, "{options:?}");
    }
    assert_eq!(seconds(&other), seconds(&home));
    for file in both {
        assert_eq!(other.cli(["import", "--yes", file]).json()["batch"], Value::Null);
    }
}

#[test]
fn a_batch_is_taken_back_whole_until_something_of_it_is_invoiced() {
    let home = Home::jane();
    let file = fixture("toggl-classic.csv");
    import(&home, &file, &[]);
    let list = home.cli(["import", "--list"]).json();
    assert_eq!((&list[0]["batch"], &list[0]["source"]), (&json!(1), &json!("toggl")));
    assert_eq!(
        (&list[0]["entries"], &list[0]["from"], &list[0]["to"]),
        (&json!(3), &json!("2024-03-04"), &json!("2024-03-05"))
    );
    home.cli(["import", "--undo"]).ok();
    assert_eq!(seconds(&home), []);
    assert_eq!(home.cli(["import", "--list"]).json(), json!([]));
    assert!(
        home.cli(["import", "--undo", "1"])
            .fails(1)
            .contains("no import 1\nhint: ")
    );
    // The same file can be imported again.
    let again = import(&home, &file, &[]);
    assert_eq!(again["new"]["entries"], 3);
    home.cli([
        "invoice",
        "issue",
        "globex",
        "--date",
        "2024-04-01",
        "--from",
        "2024-03-01",
        "--to",
        "2024-03-31",
    ])
    .json();
    let refused = home.cli(["import", "--undo"]).fails(1);
    assert!(
        refused.contains("JDS-202404-0001 bills some of that import\nhint: "),
        "{refused}"
    );
    assert_eq!(seconds(&home).len(), 2);
}

#[test]
fn what_was_billed_elsewhere_is_never_billed_here_and_follows_the_file() {
    let home = Home::jane();
    let text = fs::read_to_string(fixture("harvest.csv")).expect("a fixture");
    let file = write(&home, "harvest.csv", &text);
    let done = import(&home, &file, &[]);
    assert_eq!(done["billedElsewhereSeconds"], 5400);
    let report = home.cli(["report", "--all"]).json();
    assert_eq!(report["totalSeconds"], 6300);
    assert_eq!(report["rows"][0]["billableSeconds"], 900);
    // An edit in review keeps its state.
    let review = home.cli(["review", "2024-W10"]).ok();
    let path = review.lines().last().expect("a path").to_owned();
    let sheet = fs::read_to_string(&path).expect("a sheet");
    assert!(sheet.contains("Programming: Cart totals"), "{sheet}");
    fs::write(&path, sheet.replace("Cart totals", "Cart sums")).expect("a sheet");
    home.cli(["review", "--apply", &path]).ok();
    let report = home.cli(["report", "--all"]).json();
    assert_eq!(
        (&report["totalSeconds"], &report["rows"][0]["billableSeconds"]),
        (&json!(6300), &json!(900))
    );
    assert_eq!(import(&home, &file, &[])["new"]["entries"], 0);
    // The other row is billed meanwhile.
    let later = write(
        &home,
        "later.csv",
        text.replace("0.25,0.25,Yes,No", "0.25,0.25,Yes,Yes"),
    );
    let updated = import(&home, &later, &[]);
    assert_eq!(
        (&updated["billedChanged"], &updated["new"]["entries"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(home.cli(["report", "--all"]).json()["rows"][0]["billableSeconds"], 0);
}

#[test]
fn a_day_says_until_when_the_other_tool_billed() {
    let home = Home::jane();
    let file = half_a_year(&home);
    let billable = || home.cli(["report", "--all"]).json()["rows"][0]["billableSeconds"].clone();
    let words = ["import", file.to_str().expect("a path"), "--time-zone", "UTC", "--yes"];
    let told = home.cli(words).ok();
    assert!(
        told.contains("not billed yet: 3:00; `--billed-before DAY` says what was"),
        "{told}"
    );
    assert_eq!(billable(), 3 * 3600);
    // The same file again marks the rows as billed, which it did not tell.
    let until = ["--time-zone", "UTC", "--billed-before", "2024-06-03"];
    let done = import(&home, &file, &until);
    assert_eq!(
        (&done["billedChanged"], &done["new"]["entries"]),
        (&json!(2), &json!(0))
    );
    assert_eq!(done["billedElsewhereSeconds"], 2 * 3600);
    assert_eq!(billable(), 3600);
    assert_eq!(
        home.cli(["invoice", "draft", "acme"]).json()["lines"][0]["quantity"],
        "1.00"
    );

    // Given at once, it holds from the start.
    let other = Home::jane();
    let file = half_a_year(&other);
    import(&other, &file, &until);
    assert_eq!(
        other.cli(["report", "--all"]).json()["rows"][0]["billableSeconds"],
        3600
    );
}

#[test]
fn rows_that_are_refused_are_listed_and_hide_no_other() {
    let home = Home::jane();
    let text = fs::read_to_string(fixture("clockify-us.csv")).expect("a fixture");
    let bad = "\"Shop\",\"Globex\",\"x\",\"\",\"Jane Doe\",\"\",\"\",\"\",\"Yes\",\"13/15/2024\",\"11:00:00 AM\",\"10/15/2024\",\"11:30:00 AM\",\"00:30:00\",\"0.50\",\"0\",\"0\"\n";
    let file = write(&home, "clockify.csv", format!("{text}{bad}"));
    let done = home
        .cli(["import", file.to_str().expect("a path"), "--yes"])
        .fails_with_json(1);
    assert_eq!((&done["refusedRows"], &done["new"]["entries"]), (&json!(1), &json!(2)));
    assert_eq!(
        done["refused"][0],
        json!({ "file": "clockify.csv", "line": 4, "why": "`13/15/2024` is not a date" })
    );
    assert_eq!(seconds(&home), [("globex/shop".into(), 16_210 + 3600)]);
}

#[test]
fn heartbeats_are_counted_like_our_own_and_come_once() {
    let home = Home::jane();
    let done = import(&home, &fixture("wakatime.json"), &[]);
    assert_eq!(done["new"]["heartbeats"], 5);
    // Five minutes in a.rs, five in b.rs; the ignored file, and the program without a file.
    let report = home.cli(["report", "--all"]).json();
    assert_eq!(report["rows"][0]["project"], "acme/api");
    assert_eq!(report["rows"][0]["seconds"], 599);
    assert_eq!(report["privateSeconds"], 100);
    assert_eq!(import(&home, &fixture("wakatime.json"), &[])["new"]["heartbeats"], 0);
    let more = import(&home, &fixture("activitywatch.json"), &[]);
    // 40 minutes by the minute and their end, one of another file, ten minutes of a page, one of a private page.
    assert_eq!(more["new"]["heartbeats"], 41 + 1 + 11 + 2);
    // 40 minutes in a.rs, ten on the page and three after it; under five minutes of another client's file.
    assert_eq!(more["countedSeconds"], 2400 + 299 + 780);
    assert_eq!(
        import(&home, &fixture("activitywatch.json"), &[])["new"]["heartbeats"],
        0
    );
    home.cli(["import", "--undo", &more["batch"].to_string()]).ok();
    assert_eq!(
        home.cli(["report", "--all"]).json()["totalSeconds"],
        report["totalSeconds"]
    );
    assert_eq!(
        import(&home, &fixture("activitywatch.json"), &[])["new"]["heartbeats"],
        55
    );
}

#[test]
fn time_under_an_imported_entry_is_not_counted_again() {
    let home = Home::jane();
    // Half an hour is captured; the entry covers its first ten minutes.
    home.plugin("before")
        .record(&Trace::new().work("/work/acme/api/a.rs", 0..=1_800));
    let captured = home.cli(["report", "--all"]).json();
    assert_eq!(captured["totalSeconds"], 1800);
    let header = "description,billable,client,project,tags,start,end,task,user_name,user_email";
    let row = "x,true,Globex,Shop,,2025-03-03T07:50:00Z,2025-03-03T08:10:00Z,,Jane,";
    import(&home, &write(&home, "over.csv", format!("{header}\n{row}\n")), &[]);
    let mut found = seconds(&home);
    found.sort();
    assert_eq!(found, [("acme/api".into(), 1200), ("globex/shop".into(), 1200)]);
}

/// Returns a report and the timesheets, without the parts that name the time of writing.
fn picture(home: &Home, weeks: &[&str]) -> Vec<String> {
    let mut pictures = Vec::new();
    for by in ["client", "project", "day", "week", "month"] {
        pictures.push(home.cli(["report", "--all", "--by", by, "--json"]).ok());
    }
    for week in weeks {
        let answer = home.cli(["review", week]).ok();
        let path = answer.lines().last().expect("a path").to_owned();
        let sheet = fs::read_to_string(path).expect("a sheet");
        let (head, rest) = sheet.split_once('\n').expect("a header");
        let head = head.rsplit_once(" r").map_or(head, |(head, _)| head);
        pictures.push(format!("{head}\n{rest}"));
    }
    pictures.push(home.cli(["invoice", "list", "--json"]).ok());
    pictures
}

#[test]
fn an_export_brought_into_an_empty_home_gives_equal_reports_and_timesheets() {
    let home = Home::jane();
    home.plugin("nvim-1").record(
        &Trace::new()
            .work("/work/acme/api/a.rs", 0..=3_600)
            .work("/work/globex/b.ts", 3_600..=5_400)
            .work("/secret/c", 5_400..=6_000),
    );
    home.plugin("nvim-2")
        .record(&Trace::new().work("/elsewhere/d.rs", 7_000..=8_000));
    import(&home, &fixture("toggl-classic.csv"), &[]);
    import(&home, &fixture("harvest.csv"), &[]);
    import(&home, &fixture("wakatime.json"), &[]);
    home.cli([
        "add",
        "acme/api",
        "0:45",
        "--day",
        "2025-03-04",
        "--note",
        "call with Sam",
    ])
    .ok();
    home.cli([
        "add",
        "acme/api",
        "0:45",
        "--day",
        "2025-03-04",
        "--note",
        "call with Sam",
    ])
    .ok();
    home.cli(["add", "acme/api", "1:00", "--day", "2025-03-05", "--at", "14:30"])
        .ok();
    home.cli(["away", "--day", "2025-03-05", "14:45-16:00", "globex/web"])
        .run();
    home.cli(["invoice", "issue", "acme", "--date", "2025-03-31"]).json();
    let weeks = ["2024-W10", "2024-W12", "2025-W10"];
    let expected = picture(&home, &weeks);
    let folder = home.user().join("export");
    let folder = folder.to_str().expect("a path");
    home.cli(["export", folder]).ok();
    home.cli(["export", "--csv", folder]).ok();
    let json = format!("{folder}/keeptab.json");
    let text = fs::read_to_string(&json).expect("an export");
    serde_json::from_str::<Vec<Value>>(&text).expect("one JSON document");
    assert_eq!(home.cli(["export"]).ok(), text);
    let tables = home.user().join("tables");
    fs::create_dir(&tables).expect("a folder");
    for file in fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("a file").path())
    {
        if file.extension().is_some_and(|extension| extension == "csv") {
            fs::rename(&file, tables.join(file.file_name().expect("a name"))).expect("a file");
        }
    }
    for source in [&*json, tables.to_str().expect("a path")] {
        let other = Home::empty();
        other.write_config(&home.config());
        let done = other.cli(["import", source, "--yes"]).json();
        assert_eq!(done["refusedRows"], 0, "{done}");
        for (theirs, ours) in picture(&other, &weeks).iter().zip(&expected) {
            assert_eq!(theirs, ours, "{source}");
        }
        // If all of it is there, nothing is new.
        for home in [&other, &home] {
            let again = home.cli(["import", source, "--yes"]).json();
            assert_eq!(again["batch"], Value::Null, "{source}: {again}");
        }
        // The export keeps the knowledge of earlier imports.
        assert_eq!(import(&other, &fixture("toggl-classic.csv"), &[])["new"]["entries"], 0);
        // Numbers continue.
        other.cli(["invoice", "issue", "globex", "--date", "2025-03-31"]).json();
        assert_eq!(other.cli(["invoice", "list"]).json()[1]["number"], "JDS-202503-0002");
    }
    assert!(home.cli(["export", "--csv"]).fails(2).contains("name a folder"));
}

#[test]
fn two_imports_at_once_bring_each_row_once() {
    let home = Home::jane();
    home.cli(["status"]).ok();
    let header = "description,billable,client,project,tags,start,end,task,user_name,user_email";
    let rows: Vec<String> = (0..3_000)
        .map(|nth| format!("n{nth},true,Globex,Shop,,2024-03-04T08:00:00Z,2024-03-04T08:01:00Z,,Jane,"))
        .collect();
    let file = write(&home, "many.csv", format!("{header}\n{}\n", rows.join("\n")));
    let file = file.to_str().expect("a path");
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| home.cli(["import", file, "--yes"]).json());
        }
    });
    assert_eq!(seconds(&home), [("globex/shop".into(), 3_000 * 60)]);
}
