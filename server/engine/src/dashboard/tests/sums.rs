//! The time of days, the worth of an hour, and tools, against the report.

use super::*;

#[test]
fn the_days_and_their_projects_add_up_to_the_report() {
    let mut desk = monday();
    let early = crate::Addition {
        project: keeptab_core::rule::ProjectId::new("own"),
        length: Length::from_minutes(30),
        day: "2019-03-04".parse().ok(),
        at: None,
        note: None,
        billable: true,
        beside: false,
    };
    desk.run(|engine, now| engine.add(&early, now));
    let document = desk.document();
    let days = &document["days"];
    let first: NaiveDate = days["first"].as_str().unwrap().parse().unwrap();
    assert_eq!(first.to_string(), "2019-03-04");
    let report = desk.report(Range::All, By::Day);
    let mut by_day = BTreeMap::<(String, String), i64>::new();
    for row in report["rows"].as_array().unwrap() {
        let key = (
            row["project"].as_str().unwrap().to_owned(),
            row["day"].as_str().unwrap().to_owned(),
        );
        *by_day.entry(key).or_default() += row["seconds"].as_i64().unwrap();
    }
    let mut shown = BTreeMap::new();
    for of_project in days["projects"].as_array().unwrap() {
        let place = usize::try_from(of_project[0].as_i64().unwrap()).unwrap();
        let id = document["projects"][place]["id"].as_str().unwrap();
        for pair in of_project[1].as_array().unwrap().chunks(2) {
            let day = first + chrono::Days::new(pair[0].as_u64().unwrap());
            shown.insert((id.to_owned(), day.to_string()), pair[1].as_i64().unwrap());
        }
    }
    assert_eq!(shown, by_day);
    let all: i64 = days["seconds"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_i64)
        .sum();
    assert_eq!(all, report["totalSeconds"].as_i64().unwrap());
}

#[test]
fn an_hour_is_worth_what_all_its_time_brought() {
    let mut desk = monday();
    let document = desk.document();
    let all = document["totals"].as_array().unwrap().last().unwrap();
    for row in all["clients"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| !row["amount"].is_null())
    {
        let number = |value: &Value| value.as_str().unwrap().parse::<f64>().unwrap();
        let expected = number(&row["amount"]) / row["seconds"].as_f64().unwrap() * 3600.0;
        assert!((number(&row["hourly"]) - expected).abs() <= 0.005, "{row}");
        let own = all["hourly"].as_array().unwrap().iter();
        let of_currency = own
            .clone()
            .find(|hourly| hourly["currency"] == row["currency"])
            .unwrap();
        assert_eq!(of_currency["amount"], row["hourly"]);
    }
    assert!(document["totals"][0]["clients"][0]["hourly"].is_null());
}

#[test]
fn tools_have_the_time_in_front_of_the_person() {
    let mut desk = Desk::new();
    desk.work_in("vscode-1f", Some("rust"), Actor::Human, 0, 60, "/w/api/a.rs")
        .work_in("nvim-2e", Some("lua"), Actor::Human, 61, 90, "/w/api/b.lua")
        .work_in("vscode-1f", Some("rust"), Actor::Agent, 300, 320, "/w/api/c.rs");
    let document = desk.document();
    let rows = document["tools"]["rows"].as_array().unwrap();
    let seconds = |editor: &str, language: &str| {
        let own = rows
            .iter()
            .filter(|row| row["editor"] == editor && row["language"] == language);
        own.filter_map(|row| row["seconds"].as_i64()).sum::<i64>()
    };
    assert!((seconds("vscode", "rust") - 3600).abs() <= 120, "{rows:?}");
    assert!((seconds("nvim", "lua") - 1800).abs() <= 120, "{rows:?}");
    let all: i64 = rows.iter().filter_map(|row| row["seconds"].as_i64()).sum();
    assert_eq!(all, document["weeks"][0]["seconds"].as_i64().unwrap());
    assert_eq!(rows[0]["project"], 0);
}

#[test]
fn a_doubt_names_its_day_by_the_place_in_the_week() {
    let document = monday().document();
    let doubts = document["weeks"][0]["doubts"].as_array().unwrap();
    let agents = doubts.iter().find(|doubt| doubt[4] == "agents").unwrap();
    assert_eq!(agents[1], 0);
    let run = &document["weeks"][0]["days"][0]["agents"][0];
    assert_eq!((&agents[2], &agents[3]), (&run["from"], &run["to"]));
    // It names the project as the page does.
    let place = run["project"]
        .as_u64()
        .and_then(|place| usize::try_from(place).ok())
        .unwrap();
    let project = &document["projects"][place];
    let name = project["name"].as_str().unwrap();
    assert_ne!(project["id"], name);
    let text = agents[0].as_str().unwrap();
    assert!(text.ends_with(&format!(" an agent alone on {name}")), "{text}");
}
