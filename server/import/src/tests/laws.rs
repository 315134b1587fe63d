//! Entries written in each format, read again: the same totals.

use std::fmt::Write as _;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use proptest::prelude::*;

use super::*;

/// An entry that is written.
#[derive(Clone, Debug)]
struct Written {
    start: NaiveDateTime,
    seconds: i64,
    client: String,
    project: String,
    note: String,
}

impl Written {
    fn end(&self) -> NaiveDateTime {
        self.start + TimeDelta::seconds(self.seconds)
    }
}

fn written() -> impl Strategy<Value = Written> {
    let names = prop::sample::select(vec![
        "Acme",
        "Müller & Söhne",
        "a, b; c",
        "He said \"hi\"",
        "x\ty",
        "日本",
    ]);
    let projects = prop::sample::select(vec!["Site", "API v2", "Größe", "p;q,r"]);
    let notes = prop::sample::select(vec![
        "",
        "plain",
        "two\nlines",
        "\"quoted\", with comma",
        "tab\there",
        "=1+1",
    ]);
    (0..900_i64, 0..86_400_i64, 1..50_000_i64, names, projects, notes).prop_map(
        |(day, second, seconds, client, project, note)| Written {
            start: NaiveDate::from_ymd_opt(2024, 1, 1)
                .unwrap()
                .and_hms_opt(0, 0, 0)
                .unwrap()
                + TimeDelta::days(day)
                + TimeDelta::seconds(second),
            seconds,
            client: client.into(),
            project: project.into(),
            note: note.into(),
        },
    )
}

fn hms(seconds: i64) -> String {
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

fn table(header: &str, rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header.split(',')).unwrap();
    rows.for_each(|row| writer.write_record(row).unwrap());
    writer.into_inner().unwrap()
}

fn toggl(entries: &[Written]) -> Vec<u8> {
    table(
        "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags",
        entries.iter().map(|entry| {
            let (start, end) = (entry.start, entry.end());
            vec![
                "Jane".into(),
                "jane@doe.example".into(),
                entry.client.clone(),
                entry.project.clone(),
                String::new(),
                entry.note.clone(),
                "Yes".into(),
                start.format("%Y-%m-%d").to_string(),
                start.format("%H:%M:%S").to_string(),
                end.format("%Y-%m-%d").to_string(),
                end.format("%H:%M:%S").to_string(),
                hms(entry.seconds),
                String::new(),
            ]
        }),
    )
}

fn clockify(entries: &[Written], date: &str, time: &str) -> Vec<u8> {
    table(
        "Project,Client,Description,Task,User,Group,Email,Tags,Billable,Start Date,Start Time,End Date,End Time,\
         Duration (h),Duration (decimal),Billable Rate (EUR),Billable Amount (EUR)",
        entries.iter().map(|entry| {
            let (start, end) = (entry.start, entry.end());
            vec![
                entry.project.clone(),
                entry.client.clone(),
                entry.note.clone(),
                String::new(),
                "Jane".into(),
                String::new(),
                String::new(),
                String::new(),
                "Yes".into(),
                start.format(date).to_string(),
                start.format(time).to_string(),
                end.format(date).to_string(),
                end.format(time).to_string(),
                hms(entry.seconds),
                "0.00".into(),
                "0.00".into(),
                "0.00".into(),
            ]
        }),
    )
}

fn kimai_importer(entries: &[Written]) -> Vec<u8> {
    table(
        "Date,From,To,Duration,Rate,User,Customer,Project,Activity,Description,Exported,Tags,Hourly rate,Fixed rate",
        entries.iter().map(|entry| {
            vec![
                entry.start.format("%Y-%m-%d").to_string(),
                entry.start.format("%H:%M").to_string(),
                entry.end().format("%H:%M").to_string(),
                entry.seconds.to_string(),
                "0".into(),
                "jane".into(),
                entry.client.clone(),
                entry.project.clone(),
                "Work".into(),
                entry.note.clone(),
                "0".into(),
                String::new(),
                String::new(),
                String::new(),
            ]
        }),
    )
}

fn solidtime(entries: &[Written]) -> Vec<u8> {
    table(
        "description,billable,client,project,tags,start,end,task,user_name,user_email",
        entries.iter().map(|entry| {
            vec![
                entry.note.clone(),
                "true".into(),
                entry.client.clone(),
                entry.project.clone(),
                String::new(),
                entry.start.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
                entry.end().format("%Y-%m-%dT%H:%M:%SZ").to_string(),
                String::new(),
                "Jane".into(),
                String::new(),
            ]
        }),
    )
}

fn mapped(entries: &[Written]) -> Vec<u8> {
    table(
        "Day,Time Spent,Job,Customer,Comment",
        entries.iter().map(|entry| {
            vec![
                entry.start.format("%Y-%m-%d").to_string(),
                hms(entry.seconds),
                entry.project.clone(),
                entry.client.clone(),
                entry.note.clone(),
            ]
        }),
    )
}

fn timewarrior(entries: &[Written]) -> Vec<u8> {
    let lines: Vec<String> = entries
        .iter()
        .map(|entry| {
            serde_json::json!({
                "start": entry.start.format("%Y%m%dT%H%M%SZ").to_string(),
                "end": entry.end().format("%Y%m%dT%H%M%SZ").to_string(),
                "tags": [entry.project, entry.client],
                "annotation": entry.note,
            })
            .to_string()
        })
        .collect();
    format!("[\n{}\n]\n", lines.join(",\n")).into_bytes()
}

fn watson(entries: &[Written]) -> Vec<u8> {
    let frames: Vec<serde_json::Value> = entries
        .iter()
        .map(|entry| {
            let start = entry.start.and_utc().timestamp();
            serde_json::json!([start, start + entry.seconds, entry.project, "id", [entry.client], start])
        })
        .collect();
    serde_json::to_vec_pretty(&frames).unwrap()
}

fn timeclock(entries: &[Written]) -> Vec<u8> {
    let mut text = String::new();
    for entry in entries {
        let note = entry.note.replace(['\n', ';'], " ");
        let _ = write!(
            text,
            "i {} x:{}  {note}\no {}\n",
            entry.start.format("%Y-%m-%d %H:%M:%S"),
            entry.project,
            entry.end().format("%Y-%m-%d %H:%M:%S"),
        );
    }
    text.into_bytes()
}

/// Returns seconds by client and project as written; `client` gives the client, if the format has one.
fn expected(entries: &[Written], client: impl Fn(&Written) -> String) -> BTreeMap<(String, String), i64> {
    let mut sums = BTreeMap::new();
    for entry in entries {
        *sums.entry((client(entry), entry.project.clone())).or_default() += entry.seconds;
    }
    sums
}

/// Checks that every row becomes an entry and that the totals are the same.
fn check(bytes: &[u8], wish: &Wish, expected: &BTreeMap<(String, String), i64>) -> Result<(), TestCaseError> {
    let (_, rows) = read(file(bytes).path(), wish).map_err(|error| TestCaseError::fail(format!("{error:#}")))?;
    let (sums, rest) = totals(&rows);
    prop_assert_eq!(rest, Vec::<String>::new());
    prop_assert_eq!(&sums, expected);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_in_any_format_is_read_with_the_same_totals(
        entries in prop::collection::vec(written(), 1..40)
    ) {
        let free = Wish::default();
        let with_client = expected(&entries, |entry| entry.client.clone());
        let without = expected(&entries, |_| String::new());
        check(&toggl(&entries), &free, &with_client)?;
        check(&kimai_importer(&entries), &free, &with_client)?;
        check(&solidtime(&entries), &free, &with_client)?;
        check(&clockify(&entries, "%d.%m.%Y", "%H:%M:%S"), &free, &with_client)?;
        check(&clockify(&entries, "%Y-%m-%d", "%I:%M:%S %p"), &free, &with_client)?;
        check(&timewarrior(&entries), &free, &without)?;
        check(&watson(&entries), &free, &without)?;
        let mapping = Some("date=Day,duration=Time Spent,project=Job,client=Customer,note=Comment".parse().unwrap());
        check(&mapped(&entries), &Wish { mapping, ..Wish::default() }, &with_client)?;
        let clock = expected(&entries, |_| "x".into());
        check(&timeclock(&entries), &free, &clock)?;
    }
}
