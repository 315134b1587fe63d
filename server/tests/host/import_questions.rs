//! Facts that an import cannot know: it finds them in the file, or asks.

use std::fs;

use serde_json::{Value, json};

use super::import::{fixture, half_a_year, write};
use crate::harness::{Home, Host};

#[test]
fn what_only_the_user_can_say_has_to_be_said() {
    let home = Home::jane();
    let usage = |options: &[&str]| home.cli([&["import"], options].concat()).fails(2);
    assert!(usage(&[]).contains("nothing to import\nhint: "));
    let toggl = fixture("toggl-classic.csv");
    let toggl = toggl.to_str().expect("a path");
    assert!(usage(&[toggl]).contains("nobody to ask\nhint: "));
    let ambiguous = fs::read_to_string(fixture("clockify-us.csv"))
        .expect("a fixture")
        .replace("03/14/2024", "03/04/2024");
    let ambiguous = write(&home, "ambiguous.csv", ambiguous);
    let ambiguous = ambiguous.to_str().expect("a path");
    let order = usage(&[ambiguous, "--yes"]);
    assert!(
        order.contains("read either way") && order.contains("\nhint: say it with --dates"),
        "{order}"
    );
    let day = |order: &str| home.cli(["import", ambiguous, "--dry-run", "--dates", order]).json()["from"].clone();
    assert_eq!([day("mdy"), day("dmy")], ["2024-03-04", "2024-04-03"]);
    let several = fs::read_to_string(fixture("harvest.csv"))
        .expect("a fixture")
        .replacen("Jane,Doe", "Kim,Roe", 1);
    let several = write(&home, "several.csv", several);
    let several = several.to_str().expect("a path");
    let users = usage(&[several, "--yes"]);
    assert!(users.contains("Jane Doe, Kim Roe\nhint: "), "{users}");
    assert!(usage(&[several, "--yes", "--user", "Sam"]).contains("no time of `Sam`"));
    let mine = home.cli(["import", several, "--dry-run", "--user", "jane doe"]).json();
    assert_eq!((&mine["new"]["entries"], &mine["others"]), (&json!(1), &json!(1)));
    let other = fixture("other.csv");
    let other = other.to_str().expect("a path");
    let unknown = usage(&[other, "--yes"]);
    assert!(
        unknown.contains("--map 'client=Customer,date=Day,hours=Hrs"),
        "{unknown}"
    );
    let map = "date=Day,hours=Hrs,project=Job,client=Customer";
    home.cli(["import", other, "--yes", "--map", map, "--save-map", "books"])
        .json();
    home.cli(["import", "--undo"]).ok();
    // It is known from now on.
    assert_eq!(home.cli(["import", other, "--dry-run"]).json()["new"]["entries"], 2);
    assert!(
        home.cli(["import", "/nowhere", "--yes"])
            .fails(1)
            .contains("cannot read /nowhere")
    );
}

#[test]
fn what_late_rows_tell_holds_for_the_first_ones() {
    let home = Home::jane();
    let map = [
        "--dry-run",
        "--long-days",
        "--map",
        "date=Day,hours=Hrs,project=Job,client=Customer,user=Who",
    ];
    let look = |first: &str, last: &str| {
        let many = format!("03/04/2024;1.250;Shop;Globex;Jane\n{first}").repeat(1_500);
        let file = write(&home, "late.csv", format!("Day;Hrs;Job;Customer;Who\n{many}{last}"));
        let file = file.to_str().expect("a path").to_owned();
        home.cli([&["import", &file], &map[..]].concat())
    };
    let read = |first: &str, last: &str| {
        let view = look(first, last).json();
        (
            view["from"].clone(),
            view["total"]["seconds"].as_i64().expect("seconds"),
        )
    };
    let early_rows = 1_500;
    assert!(look("", "").fails(2).contains("read either way"));
    let day_first = read("", "13/04/2024;1;Shop;Globex;Jane\n");
    assert_eq!(day_first, ("2024-04-03".into(), early_rows * 4_500 + 3_600));
    let month_first = read("", "04/13/2024;1;Shop;Globex;Jane\n");
    assert_eq!(month_first, ("2024-03-04".into(), early_rows * 4_500 + 3_600));
    // A dot separates thousands if another row has decimals after a comma.
    let comma = read("", "13/04/2024;0,5;Shop;Globex;Jane\n");
    assert_eq!(comma, ("2024-04-03".into(), early_rows * 1_250 * 3_600 + 1_800));
    assert!(
        look("", "13/04/2024;1;Shop;Globex;Kim\n")
            .fails(2)
            .contains("several people: Jane, Kim")
    );
    // The majority of rows decides, not the first ones.
    let early = "13/04/2024;1;Shop;Globex;Jane\n";
    let most = look(early, &"04/13/2024;1;Shop;Globex;Jane\n".repeat(2_000)).fails_with_json(1);
    assert_eq!(
        (&most["from"], &most["refusedRows"]),
        (&json!("2024-03-04"), &json!(1_500))
    );
}

#[test]
fn the_palette_asks_for_what_is_missing_shows_it_and_opens_the_first_week() {
    let home = Home::jane();
    let mut host = home.plugin("test");
    let file = fixture("toggl-classic.csv");
    assert_eq!(host.execute("keeptab.import", &[]), Ok(Value::Null));
    host.answer("keeptab/input", |params| {
        assert_eq!(params["title"], "Import history");
        json!(file)
    });
    host.answer("keeptab/input", |params| {
        assert_eq!(params["value"], "Europe/Berlin");
        json!("Europe/Vienna")
    });
    // The question shows it: no document opens over the question.
    host.answer("keeptab/pick", |params| {
        let preview = params["title"].as_str().expect("a title");
        assert!(
            preview.contains("clock times in Europe/Vienna") && preview.contains("nothing is written yet"),
            "{preview}"
        );
        json!("import")
    });
    let sheet = host.answer("window/showDocument", |_| json!({ "success": true }));
    assert!(
        sheet["uri"].as_str().expect("a uri").ends_with("2024-W10.timesheet"),
        "{sheet}"
    );
    assert_eq!(home.cli(["report", "--all"]).json()["totalSeconds"], 9315);
    // With all arguments given, it answers at once.
    let answer = host.execute("keeptab.import", &["--list"]).expect("an answer");
    assert_eq!(answer["data"][0]["entries"], 3);
}

#[test]
fn the_palette_asks_what_the_other_tool_billed_where_a_long_history_does_not_say() {
    let home = Home::jane();
    let file = half_a_year(&home);
    let file = file.to_str().expect("a path");
    let mut host = home.plugin("test");
    let begin = |host: &mut Host| {
        assert_eq!(
            host.execute("keeptab.import", &[file, "--time-zone", "UTC"]),
            Ok(Value::Null)
        );
        host.answer("keeptab/pick", |params| {
            let labels: Vec<&Value> = params["items"]
                .as_array()
                .expect("items")
                .iter()
                .map(|item| &item["label"])
                .collect();
            assert_eq!(labels, ["Import", "Billed before a day…", "Cancel"]);
            json!("billed")
        });
    };
    // The day cannot be read, so nothing is written.
    begin(&mut host);
    host.answer("keeptab/input", |_| json!("last summer"));
    let told = host.wait_for("window/showMessage", |message| message["type"] == 1);
    assert!(told.to_string().contains("`last summer` is not a day"), "{told}");
    assert_eq!(home.cli(["report", "--all"]).json()["totalSeconds"], 0);

    begin(&mut host);
    host.answer("keeptab/input", |params| {
        assert_eq!(params["value"], "2024-06-01");
        params["value"].clone()
    });
    host.answer("keeptab/pick", |params| {
        let preview = params["title"].as_str().expect("a title");
        assert!(preview.contains("never billed here: 2:00"), "{preview}");
        json!("import")
    });
    host.answer("window/showDocument", |_| json!({ "success": true }));
    let row = &home.cli(["report", "--all"]).json()["rows"][0];
    assert_eq!(
        (&row["seconds"], &row["billableSeconds"]),
        (&json!(3 * 3600), &json!(3600))
    );
}
