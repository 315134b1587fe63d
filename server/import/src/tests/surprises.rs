//! Old files with surprises: each row that is wrong is named with its line, and hides no other.

use super::*;

/// A file, the columns if the user names them, and its rows: `line seconds` or `line why`.
type Case = (&'static str, &'static str, &'static str, &'static [&'static str]);

const TOGGL: &str =
    "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags\n";
const MAP: &str = "date=Day,start=From,end=To,duration=Time,project=Job";

#[expect(clippy::too_many_lines, reason = "it is a table")]
fn cases() -> Vec<Case> {
    vec![
        (
            "no day",
            MAP,
            "Day,From,To,Time,Job\n2023-02-29,9:00,10:00,,a\n2024-02-29,9:00,10:00,,a\n",
            &["2 `2023-02-29` is not a date", "3 3600"],
        ),
        (
            "24:00",
            MAP,
            "Day,From,To,Time,Job\n2024-02-29,23:00,24:00,,a\n2024-03-01,24:30,25:00,,a\n",
            &["2 3600", "3 `24:30` has no clock time"],
        ),
        (
            "negative",
            MAP,
            "Day,From,To,Time,Job\n2024-03-04,,,-1:00,a\n2024-03-04,,,-0.5,a\n2024-03-04,,,1:00,a\n",
            &[
                "2 `-1:00` is not a length of time",
                "3 it ends before it begins",
                "4 3600",
            ],
        ),
        (
            "two digits",
            MAP,
            "Day,From,To,Time,Job\n31.12.24,,,1:00,a\n04.03.99,,,1:00,a\n",
            &["2 3600", "3 3600"],
        ),
        (
            "sums and headers",
            MAP,
            "Day,From,To,Time,Job\n2024-03-04,,,1:00,a\nDay,From,To,Time,Job\n2024-03-05,,,1:00,a\n,,,,\nTotal:,,,2:00,\n",
            &["2 3600", "4 3600", "6 left Total"],
        ),
        (
            "quotes",
            MAP,
            "Day;From;To;Time;Job\r\n\"2024-03-04\";;;\"1:00\";\"a \"\"b\"\"; c\"\r\n2024-03-05;;;1:00;\"a\r\n2024-03-06;;;1:00;a\r\n",
            &[
                "2 3600",
                "3 a quotation mark is not closed, or closed in the middle of a field",
                "4 3600",
            ],
        ),
        (
            "tabs",
            MAP,
            "Day\tFrom\tTo\tTime\tJob\n2024-03-04\t\t\t1:00\ta\n2024-03-04\t\t1:00\ta\n",
            &["2 3600", "3 it has 4 fields where the header has 5"],
        ),
        (
            "a sum of Toggl",
            "",
            "Jane,,Acme,Site,,x,Yes,2024-03-04,09:00:00,2024-03-04,10:00:00,01:00:00,\nTotal,,,,,,,,,,,01:00:00,\n",
            &["2 3600", "3 left Total"],
        ),
        (
            "worklogs",
            "",
            "{\"worklogs\":[\n{\"started\":\"2024-03-04T09:00:00.000+0000\",\"timeSpentSeconds\":60},\n{\"timeSpentSeconds\":60},\n{\"started\":\"2024-03-04T10:00:00.000+0000\",\"timeSpentSeconds\":\"x\"}\n]}",
            &["2 60", "3 `` is not a date", "4 it has no timeSpentSeconds"],
        ),
        (
            "bartib",
            "",
            "2024-03-04 09:00 - 2024-03-04 10:00 | a | b\n2024-03-04 09:00 - 2024-03-04 25:00 | a | b\n2024-03-04 10:00 - 2024-03-04 11:00\n",
            &["1 3600", "2 `25:00` is not a clock time", "3 it has no project"],
        ),
        (
            "gtimelog",
            "",
            "2024-03-04 09:00: arrived\n2024-03-04 10:00: a: b\n2024-03-04 09:30: a: c\n2024-03-04 11:00: a: d\n",
            &["2 3600", "3 it is before the line above it", "4 3600"],
        ),
        (
            "timedot",
            "",
            "2024-03-04\na:b  1h\na:c  x1\n2024-13-04\na:b  1h\n2024-03-05\na:b  ..\n",
            &[
                "2 3600",
                "3 `x1` is not a length of time",
                "4 `2024-13-04` is not a date",
                "5 no date stands above it",
                "7 1800",
            ],
        ),
        (
            "org",
            "",
            "* a\n** b\nCLOCK: [2024-03-04 Mon 09:00]--[2024-03-04 Mon 10:00] =>  1:00\nCLOCK: [2024-03-04 Mon 9]--[2024-03-04 Mon 10:00]\nCLOCK: none\n",
            &["3 3600", "4 `9` is not a clock time", "5 it has no clock times"],
        ),
        (
            "clock table",
            "",
            "#+BEGIN: clocktable :step day\nDaily report: [2024-03-04 Mon]\n| L | Headline | Time | % |\n|---+---\n| | *Total time* | *3:00* | 100.0 |\n| 1 | a | 3:00 | 100.0 |\n| 2 | \\_  b | 2:00 | 66.7 |\n| 3 | \\_    c | 0:30 | 16.7 |\n| 2 | \\_  d | x | |\n#+END:\n",
            &["9 `x` is not a length of time", "6 3600", "7 5400", "8 1800"],
        ),
        (
            "clock tables without a day",
            "",
            "#+begin: clocktable :maxlevel 2\n#+CAPTION: Clock summary at [2024-03-10 Sun 10:00]\n| Headline | Time |\n|---+---|\n| *Total time* | *1:30* |\n| a | 1:00 |\n| b | 0:30 |\n#+end:\n#+BEGIN: clocktable :block 2024-03-04\n#+CAPTION: Clock summary at [2024-03-10 Sun 10:00], for Monday, March 04, 2024.\n| Headline | Time |\n|---+---|\n| *Total time* | *1:00* |\n| a | 1:00 |\n#+END:\nCLOCK: [2024-03-04 Mon 09:00]\n",
            &[
                "6 its table does not say the day; `:step day` makes one that does",
                "14 3600",
                "16 the clock table above may have this time, too",
            ],
        ),
        (
            "calendar",
            "",
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20240304T090000Z\nDTEND:20240304T100000Z\nEND:VEVENT\nBEGIN:VEVENT\nDTSTART;TZID=Moon/Base:20240304T090000\nDTEND:20240304T100000Z\nEND:VEVENT\nBEGIN:VEVENT\nDTEND:20240304T100000Z\nEND:VEVENT\nBEGIN:VEVENT\nDTSTART:20240304T110000Z\n",
            &[
                "2 3600",
                "6 `Moon/Base` is not a time zone",
                "10 it has no start",
                "13 the event has no end in the file",
            ],
        ),
        (
            "timewarrior",
            "",
            "inc 20240304T090000Z - 20240304T100000Z # a\ninc 20240304 - 20240304T100000Z # a\nexc monday\n",
            &[
                "1 3600",
                "2 `20240304` is not an instant: premature end of input",
                "3 it does not begin with inc",
            ],
        ),
        (
            "watson",
            "",
            "[\n{\"id\":\"1\",\"project\":\"a\",\"start\":\"2024-03-04T09:00:00+00:00\",\"stop\":\"2024-03-04T10:00:00+00:00\"},\n{\"id\":\"2\",\"start\":\"2024-03-04T09:00:00+00:00\",\"stop\":\"2024-03-04T10:00:00+00:00\"}\n]",
            &["2 3600", "3 it has no project"],
        ),
        (
            "days",
            "",
            "{\"days\":[\n{\"date\":\"2024-03-04\",\"projects\":[{\"name\":\"a\",\"grand_total\":{\"total_seconds\":60}}]},\n{\"projects\":[]},\n{\"date\":\"2024-03-05\",\"projects\":[{\"name\":\"a\"}]}\n]}",
            &["2 60", "3 it has no date", "4 a project has no sum"],
        ),
    ]
}

fn shown(row: &Row) -> Option<String> {
    let line = row.line;
    Some(match &row.found {
        Found::Entry(draft) => format!("{line} {}", length(draft).whole_seconds()),
        Found::Refused(why) => format!("{line} {why}"),
        Found::Left(what) => format!("{line} left {what}"),
        Found::Running => format!("{line} running"),
        Found::Aside | Found::Heartbeat(_) | Found::Own(_) => return None,
    })
}

#[test]
fn what_is_wrong_is_named_by_its_line() {
    let mut wrong = Vec::new();
    for (name, columns, text, expected) in cases() {
        let text = if name == "a sum of Toggl" {
            format!("{TOGGL}{text}")
        } else {
            text.to_owned()
        };
        let mapping = (!columns.is_empty()).then(|| columns.parse().unwrap());
        let wish = Wish {
            mapping,
            ..Wish::default()
        };
        // A mark and UTF-16 make no difference.
        let marked = format!("\u{feff}{text}");
        let wide: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [text.as_bytes(), marked.as_bytes(), &wide] {
            let found = match read(file(bytes).path(), &wish) {
                Ok((_, rows)) => rows.iter().filter_map(shown).collect(),
                Err(error) => vec![format!("{error:#}")],
            };
            if found != expected {
                wrong.push(format!("{name}: {found:#?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
