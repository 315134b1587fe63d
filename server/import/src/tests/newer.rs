//! Entries written in the dialects of smaller tools, in any encoding, read again: the same rows.

use std::fmt::Write as _;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use proptest::prelude::*;
use serde_json::json;

use super::*;

/// An entry that is written: all on one line.
#[derive(Clone, Debug)]
struct Written {
    start: NaiveDateTime,
    minutes: i64,
    seconds: i64,
    client: &'static str,
    project: &'static str,
    note: &'static str,
}

impl Written {
    /// The end to the minute, for tools that write no seconds.
    fn end(&self) -> NaiveDateTime {
        self.start + TimeDelta::minutes(self.minutes)
    }

    /// The end to the second.
    fn exact(&self) -> NaiveDateTime {
        self.end() + TimeDelta::seconds(self.seconds)
    }
}

fn entries() -> impl Strategy<Value = Vec<Written>> {
    let one = (
        0..1_380_i64,
        1..700_i64,
        0..60_i64,
        prop::sample::select(vec!["Acme", "Müller & Söhne", "He said \"hi\"", "日本", "a|b"]),
        prop::sample::select(vec!["Site", "API v2", "Größe", "x\\y"]),
        prop::sample::select(vec![
            "plain",
            "\"quoted\", with comma; and more",
            "a | b \\ c",
            "=1+1",
            "long, so that a calendar folds it at a blank or in the middle of a letter, Größe, 日本, and further on",
        ]),
    );
    prop::collection::vec(one, 1..20).prop_map(|parts| {
        let first = NaiveDate::from_ymd_opt(2024, 1, 1)
            .unwrap()
            .and_time(chrono::NaiveTime::MIN);
        let entry = |(day, (minute, minutes, seconds, client, project, note)): (i64, _)| Written {
            start: first + TimeDelta::days(day) + TimeDelta::minutes(minute),
            minutes,
            seconds,
            client,
            project,
            note,
        };
        (0..).zip(parts).map(entry).collect()
    })
}

/// A row as it is compared: its time, its length, its client, its project, its note.
type Shown = (When, i64, String, String, String);

fn shown(rows: &[Row]) -> Result<Vec<Shown>, TestCaseError> {
    let mut shown = Vec::new();
    for row in rows {
        match &row.found {
            Found::Entry(draft) => {
                let tag = draft.tags.first().filter(|_| draft.has_project_tag);
                let project = tag.unwrap_or(&draft.project).clone();
                // A length that only rounds the span is the span.
                let said = length(draft);
                let between = draft
                    .seconds_between()
                    .map(|seconds| Length::from_secs(seconds.cast_signed()));
                let off = between.map(|between| if said > between { said - between } else { between - said });
                let counts = between
                    .filter(|_| off.is_some_and(|off| off < draft.exact))
                    .unwrap_or(said);
                let client = draft.client.clone();
                shown.push((
                    draft.when,
                    counts.whole_seconds(),
                    client,
                    project,
                    draft.description.clone(),
                ));
            }
            Found::Aside => {}
            other => return Err(TestCaseError::fail(format!("line {}: {other:?}", row.line))),
        }
    }
    Ok(shown)
}

/// Reads a file as it is, with a mark, in UTF-16, and with the line ends of Windows.
fn check(source: Source, text: &str, expected: &[Shown]) -> Result<(), TestCaseError> {
    let marked = format!("\u{feff}{text}");
    let wide: Vec<u8> = marked.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let windows = text.replace('\n', "\r\n");
    for bytes in [text.as_bytes(), marked.as_bytes(), &wide, windows.as_bytes()] {
        let read = read(file(bytes).path(), &Wish::default());
        let (found, rows) = read.map_err(|error| TestCaseError::fail(format!("{source}: {error:#}")))?;
        prop_assert_eq!(found, source);
        let rows = shown(&rows)?;
        prop_assert_eq!(&rows[..], expected, "{}:\n{}", source, text);
    }
    Ok(())
}

fn each<T>(entries: &[Written], one: impl Fn(&Written) -> T) -> Vec<T> {
    entries.iter().map(one).collect()
}

fn exact(start: NaiveDateTime, end: NaiveDateTime) -> When {
    When::Exact(start.and_utc().into(), end.and_utc().into())
}

fn utc(at: NaiveDateTime, format: &str) -> String {
    at.format(format).to_string()
}

fn table(mark: u8, header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut writer = csv::WriterBuilder::new().delimiter(mark).from_writer(Vec::new());
    writer.write_record(header).unwrap();
    rows.for_each(|row| writer.write_record(row).unwrap());
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

fn hms(seconds: i64) -> String {
    format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn worklogs_are_read_as_they_were_written(entries in entries()) {
        let total = |entry: &Written| entry.minutes * 60 + entry.seconds;
        let jira = each(&entries, |entry| json!({
            "started": utc(entry.start, "%Y-%m-%dT%H:%M:%S.000+0000"),
            "timeSpentSeconds": total(entry),
            "issue": { "key": format!("{}-7", entry.project) },
            "comment": { "type": "doc", "content": [{ "type": "paragraph", "content": [{ "type": "text", "text": entry.note }] }] },
        }));
        let row = |entry: &Written, when| (when, total(entry), String::new(), entry.project.to_owned(), entry.note.to_owned());
        let expected = each(&entries, |entry| row(entry, exact(entry.start, entry.exact())));
        check(Source::Jira, &serde_json::to_string_pretty(&json!({ "worklogs": jira })).unwrap(), &expected)?;
        let tempo = each(&entries, |entry| json!({
            "tempoWorklogId": 1,
            "startDate": utc(entry.start, "%Y-%m-%d"),
            "startTime": utc(entry.start, "%H:%M:%S"),
            "timeSpentSeconds": total(entry),
            "issue": { "key": format!("{}-7", entry.project) },
            "description": entry.note,
        }));
        let expected = each(&entries, |entry| row(entry, When::Clock(entry.start, entry.exact())));
        check(Source::Tempo, &json!({ "results": tempo }).to_string(), &expected)?;
        let watson = each(&entries, |entry| json!({
            "id": "x", "project": entry.project, "tags": [entry.client],
            "start": utc(entry.start, "%Y-%m-%dT%H:%M:%S+00:00"),
            "stop": utc(entry.exact(), "%Y-%m-%dT%H:%M:%S+00:00"),
        }));
        let expected = each(&entries, |entry| (
            exact(entry.start, entry.exact()), total(entry), String::new(), entry.project.to_owned(), String::new(),
        ));
        check(Source::Watson, &serde_json::to_string(&watson).unwrap(), &expected)?;
        let days = each(&entries, |entry| json!({
            "date": utc(entry.start, "%Y-%m-%d"),
            "projects": [{ "name": entry.project, "grand_total": { "total_seconds": total(entry) } }],
        }));
        let expected = each(&entries, |entry| (
            When::Day(entry.start.date()), total(entry), String::new(), entry.project.to_owned(), String::new(),
        ));
        check(Source::Wakatime, &json!({ "user": {}, "days": days }).to_string(), &expected)?;
    }

    #[test]
    fn tables_of_presets_are_read_as_they_were_written(entries in entries()) {
        let day = |entry: &Written| utc(entry.start, "%Y-%m-%d");
        let seconds = |entry: &Written| entry.minutes * 60 + entry.seconds;
        let names = |entry: &Written, client: bool| (
            if client { entry.client.to_owned() } else { String::new() }, entry.project.to_owned(), entry.note.to_owned(),
        );
        let row = |entry: &Written, when, seconds: i64, client| {
            let (client, project, note) = names(entry, client);
            (when, seconds, client, project, note)
        };
        let by_day = each(&entries, |entry| row(entry, When::Day(entry.start.date()), seconds(entry), true));
        let of_day = |source, header: &[&str], cells: &dyn Fn(&Written) -> Vec<String>| {
            check(source, &table(b',', header, entries.iter().map(cells)), &by_day)
        };
        of_day(Source::Everhour, &["Date", "Member", "Client", "Project", "Comments", "Time", "Billable time"], &|entry| vec![
            day(entry), "Jane".into(), entry.client.into(), entry.project.into(), entry.note.into(), hms(seconds(entry)), hms(0),
        ])?;
        of_day(Source::Hubstaff, &["Client", "Project", "Date", "Member", "Task", "Time", "Activity", "Notes"], &|entry| vec![
            entry.client.into(), entry.project.into(), day(entry), "Jane".into(), String::new(), hms(seconds(entry)), "60%".into(), entry.note.into(),
        ])?;
        of_day(Source::Freshbooks, &["Client", "Project", "Service", "Team Member", "Date", "Notes", "Duration"], &|entry| vec![
            entry.client.into(), entry.project.into(), String::new(), "Jane".into(), day(entry), entry.note.into(), hms(seconds(entry)),
        ])?;
        let clock = each(&entries, |entry| row(entry, When::Clock(entry.start, entry.end()), entry.minutes * 60, true));
        let with_clock = |source, header: &[&str], cells: &dyn Fn(&Written) -> Vec<String>| {
            check(source, &table(b',', header, entries.iter().map(cells)), &clock)
        };
        let time = |at: NaiveDateTime| utc(at, "%H:%M");
        with_clock(Source::Tmetric, &["Day", "User", "Time Entry", "Project", "Client", "Start Time", "End Time", "Duration"], &|entry| vec![
            day(entry), "Jane".into(), entry.note.into(), entry.project.into(), entry.client.into(), time(entry.start), time(entry.end()), hms(entry.minutes * 60),
        ])?;
        with_clock(Source::Timecamp, &["Date", "Person", "Client", "Project", "Task", "Note", "Start time", "End time", "Duration"], &|entry| vec![
            day(entry), "Jane".into(), entry.client.into(), entry.project.into(), String::new(), entry.note.into(), time(entry.start), time(entry.end()), hms(entry.minutes * 60),
        ])?;
        with_clock(Source::Paymo, &["Client", "Project", "Task list", "Task", "User", "Date", "Start", "End", "Hours", "Notes"], &|entry| vec![
            entry.client.into(), entry.project.into(), "-".into(), String::new(), "Jane".into(), day(entry), time(entry.start), time(entry.end()), hms(entry.minutes * 60), entry.note.into(),
        ])?;
        let text = table(b',', &["Time Entry ID", "Start", "Stop", "Space Name", "List Name", "Description"], entries.iter().map(|entry| vec![
            "1".into(), entry.start.and_utc().timestamp_millis().to_string(), entry.exact().and_utc().timestamp_millis().to_string(),
            entry.client.into(), entry.project.into(), entry.note.into(),
        ]));
        let expected = each(&entries, |entry| row(entry, exact(entry.start, entry.exact()), seconds(entry), true));
        check(Source::Clickup, &text, &expected)?;
        let expected = each(&entries, |entry| row(entry, When::Clock(entry.start, entry.exact()), seconds(entry), false));
        let text = table(b'\t', &["activity", "start time", "end time", "duration minutes", "category", "description", "tags"], entries.iter().map(|entry| vec![
            String::new(), utc(entry.start, "%Y-%m-%d %H:%M:%S"), utc(entry.exact(), "%Y-%m-%d %H:%M:%S"),
            format!("{}.{:02}", entry.minutes, entry.seconds * 100 / 60), entry.project.into(), entry.note.into(), String::new(),
        ]));
        check(Source::Hamster, &text, &expected)?;
        // Start and end are those of the day.
        let text = table(b';', &["Date", "Start", "End", "Worked", "Projects", "Titles"], entries.iter().map(|entry| vec![
            day(entry), "08:00".into(), " - ".into(), hms(seconds(entry)), entry.project.into(), entry.note.into(),
        ]));
        let expected = each(&entries, |entry| row(entry, When::Day(entry.start.date()), seconds(entry), false));
        check(Source::SuperProductivity, &text, &expected)?;
    }

    #[test]
    fn lines_are_read_as_they_were_written(entries in entries()) {
        let (mut bartib, mut gtimelog, mut timedot, mut org, mut data) = (String::new(), String::new(), String::new(), String::new(), String::new());
        let escaped = |text: &str| text.replace('\\', "\\\\").replace('|', "\\|");
        let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
        for entry in &entries {
            let at = |at: NaiveDateTime| utc(at, "%Y-%m-%d %H:%M");
            let _ = writeln!(bartib, "{} - {} | {} | {}", at(entry.start), at(entry.end()), escaped(entry.project), escaped(entry.note));
            let _ = writeln!(timedot, "\n{}\n{}:{}  {}s ; {}", utc(entry.start, "%Y-%m-%d"), entry.client, entry.project, entry.minutes * 60 + entry.seconds, entry.note);
            let stamp = |at: NaiveDateTime| utc(at, "[%Y-%m-%d %a %H:%M]");
            let _ = writeln!(org, "* TODO {}\n** {} :deep:\n:LOGBOOK:\nCLOCK: {}--{} =>  1:00\n:END:", entry.project, entry.note, stamp(entry.start), stamp(entry.end()));
            let stamp = |at: NaiveDateTime| utc(at, "%Y%m%dT%H%M%SZ");
            let _ = writeln!(data, "inc {} - {} # {} {} # {}", stamp(entry.start), stamp(entry.exact()), quoted(entry.project), quoted(entry.client), quoted(entry.note));
        }
        let row = |entry: &Written, when, seconds: i64, client: &str| {
            (when, seconds, client.to_owned(), entry.project.to_owned(), entry.note.to_owned())
        };
        let clock = each(&entries, |entry| row(entry, When::Clock(entry.start, entry.end()), entry.minutes * 60, ""));
        check(Source::Bartib, &bartib, &clock)?;
        check(Source::Org, &org, &clock)?;
        let by_day = each(&entries, |entry| row(entry, When::Day(entry.start.date()), entry.minutes * 60 + entry.seconds, entry.client));
        check(Source::Timedot, &timedot, &by_day)?;
        let utc_rows = each(&entries, |entry| row(entry, exact(entry.start, entry.exact()), entry.minutes * 60 + entry.seconds, ""));
        check(Source::Timewarrior, &data, &utc_rows)?;
        // A day begins at two in the morning, and its lines follow each other.
        let fits = |entry: &&Written| *utc(entry.start, "%H%M") >= *"0200" && entry.end().date() == entry.start.date();
        let fitting: Vec<Written> = entries.iter().filter(fits).cloned().collect();
        for entry in &fitting {
            let at = |at: NaiveDateTime| utc(at, "%Y-%m-%d %H:%M");
            let _ = writeln!(gtimelog, "\n{}: arrived\n{}: {}: {}", at(entry.start), at(entry.end()), entry.project, entry.note);
        }
        if !fitting.is_empty() {
            let clock = each(&fitting, |entry| row(entry, When::Clock(entry.start, entry.end()), entry.minutes * 60, ""));
            check(Source::Gtimelog, &gtimelog, &clock)?;
        }
    }

    #[test]
    fn calendars_are_read_as_they_were_written(entries in entries(), width in 20..74_usize) {
        let mut text = "BEGIN:VCALENDAR\nVERSION:2.0\n".to_owned();
        for entry in &entries {
            let stamp = |at: NaiveDateTime| utc(at, "%Y%m%dT%H%M%SZ");
            let note = entry.note.replace('\\', "\\\\").replace(',', "\\,").replace(';', "\\;");
            let mut summary = String::new();
            // A line is folded anywhere, also at a blank.
            for (index, letter) in format!("SUMMARY:{note}").chars().enumerate() {
                if index > 0 && index % width == 0 {
                    summary += "\n ";
                }
                summary.push(letter);
            }
            let _ = writeln!(text, "BEGIN:VEVENT\nDTSTART:{}\nDTEND:{}\n{summary}\nEND:VEVENT", stamp(entry.start), stamp(entry.exact()));
        }
        text += "END:VCALENDAR\n";
        let expected = each(&entries, |entry| (
            exact(entry.start, entry.exact()), entry.minutes * 60 + entry.seconds, String::new(), String::new(), entry.note.to_owned(),
        ));
        check(Source::Ics, &text, &expected)?;
    }
}
