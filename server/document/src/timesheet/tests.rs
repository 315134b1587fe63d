use std::collections::BTreeMap;

use chrono::Days;
use expect_test::{Expect, expect};
use keeptab_core::cell::Cells;
use proptest::prelude::*;
use typst_layout::PagedDocument;

use super::*;
use crate::tests::fonts::SQUARES;
use crate::tests::layout::asset;
use crate::tests::printed::{Run, read, runs};
use crate::tests::sample::acme;

pub(super) mod sample;

use sample::{long, many, noted, november, one, paper, row, short};

fn document(paper: &TimesheetPaper) -> PagedDocument {
    let sheet = Sheet::of(paper);
    paper.manuscript(&sheet).typeset(&sheet).unwrap()
}

fn check(paper: TimesheetPaper, expected: &Expect) {
    expected.assert_eq(&read(&document(&paper)));
}

#[test]
fn a_timesheet_in_english() {
    check(
        short(),
        &expect![[r#"
        Jane Doe Software
        Timesheet
        Hauptstr. 1
        10115 Berlin
        16 Nov 2026 – 22 Nov 2026
        Germany
        jane@example.com
        Client
        Total | 6:14 (6.23 h)
        Time zone | Europe/Berlin
        Acme Co
        Ring 1
        1010 Wien
        Austria
        Time | Project | Note | Duration | Hours
        Mon 16 Nov 2026 | 3:53 | 3.88
        09:00 – 10:45 | API development | GET /orders pagination | 1:45 | 1.75
        10:45 – 12:08 | Dashboard | 1:23 | 1.38
        API development | call with Sam | 0:45 | 0.75
        Tue 17 Nov 2026 | 2:21 | 2.35
        09:00 – 11:00 | Dashboard | set up again what the update broke | 2:00 | 2.00
        Not billable
        11:00 – 11:20 | API development | 0:21 | 0.35
        Project | Duration | Hours
        API development | 2:51 | 2.85
        Dashboard | 3:23 | 3.38
        Billable | 4:14 | 4.23
        Not billable | 2:00 | 2.00
        Total | 6:14 | 6.23
        Approved
        Date | Name | Signature
        Jane Doe Software · Acme Co · 16 Nov 2026 – 22 Nov 2026 | Page 1 of 1
    "#]],
    );
}

#[test]
fn a_timesheet_in_german_without_a_place_to_sign() {
    let mut paper = short();
    paper.language = Language::De;
    paper.signature = false;
    paper.rows.retain(|row| row.billable && row.note.is_none());
    check(
        paper,
        &expect![[r#"
        Jane Doe Software
        Stundennachweis
        Hauptstr. 1
        10115 Berlin
        16.11.2026 – 22.11.2026
        Deutschland
        jane@example.com
        Auftraggeber
        Gesamt | 1:44 (1,72 h)
        Zeitzone | Europe/Berlin
        Acme Co
        Ring 1
        1010 Wien
        Österreich
        Zeit | Projekt | Dauer | Stunden
        Mo 16.11.2026 | 1:23 | 1,38
        10:45 – 12:08 | Dashboard | 1:23 | 1,38
        Di 17.11.2026 | 0:21 | 0,34
        11:00 – 11:20 | API development | 0:21 | 0,34
        Projekt | Dauer | Stunden
        API development | 0:21 | 0,34
        Dashboard | 1:23 | 1,38
        Gesamt | 1:44 | 1,72
        Jane Doe Software · Acme Co · 16.11.2026 – 22.11.2026 | Seite 1 von 1
    "#]],
    );
}

#[test]
fn what_users_write_is_printed_as_it_stands() {
    for text in [
        "#panic(1)",
        "$x^2$ *bold* _it_",
        "= Head",
        "- item -- ...",
        "\\u{41} \\ ~ `raw`",
    ] {
        let mut paper = paper(vec![row(november(16), 60, text, Some(text))]);
        paper.seller.name = text.to_owned();
        paper.client.name = text.to_owned();
        paper.time_zone = text.to_owned();
        let read = read(&document(&paper));
        // Seller and client, both again in the foot; zone; the row's project and note; the project's sum.
        assert_eq!(read.matches(text).count(), 8, "{text} in\n{read}");
    }
}

#[test]
fn the_same_timesheet_gives_the_same_bytes() {
    let bytes = timesheet(&noted()).unwrap();
    timesheet(&short()).unwrap();
    assert_eq!(timesheet(&noted()).unwrap(), bytes);
    let elsewhere = std::thread::spawn(|| timesheet(&noted()).unwrap());
    assert_eq!(elsewhere.join().unwrap(), bytes);
}

#[test]
fn the_file_is_an_archive_with_title_author_and_date() {
    let bytes = timesheet(&short()).unwrap();
    let text = String::from_utf8_lossy(&bytes).replace('\u{a0}', " ");
    for part in [
        "<pdfaid:part>3</pdfaid:part>",
        "<pdfaid:conformance>B</pdfaid:conformance>",
        "Timesheet 16 Nov 2026 – 22 Nov 2026</rdf:li>",
        "<rdf:li>Jane Doe Software</rdf:li>",
        "<xmp:CreateDate>2026-11-22T00:00:00+00:00</xmp:CreateDate>",
    ] {
        assert!(text.contains(part), "{part}");
    }
}

/// The texts of a page, line by line.
fn pages(document: &PagedDocument) -> Vec<String> {
    read(document).split("----\n").map(str::to_owned).collect()
}

#[test]
fn pages_are_numbered_and_repeat_the_head_of_the_table() {
    let pages = pages(&document(&many(60)));
    assert_eq!(pages.len(), 3);
    for (index, page) in pages.iter().enumerate() {
        assert_eq!(page.matches("Time | Project | Duration | Hours").count(), 1, "{page}");
        assert!(page.contains(&format!("Page {} of 3", index + 1)), "{page}");
    }
}

#[test]
fn a_day_stays_with_its_sum_and_names_itself_again_over_a_page() {
    let mut broken = 0;
    for count in 20..=44 {
        let mut paper = many(count);
        paper
            .rows
            .iter_mut()
            .for_each(|row| row.day = november(2 + u32::from(row.day > november(3))));
        let pages = pages(&document(&paper));
        let text = pages.concat();
        for day in &Sheet::of(&paper).days {
            let heading = format!("{} | {} | {}\n", day.total.label, day.total.duration, day.total.hours);
            let heading = heading.replace('\u{a0}', " ");
            // The heading stands once, and a row below it, on the same page.
            let below: Vec<&str> = text.split(&heading).skip(1).collect();
            assert!(
                below.len() == 1 && below[0].starts_with("09:00 – "),
                "{count} rows: {text}"
            );
            assert!(
                pages.iter().any(|page| page.contains(&format!("{heading}09:00 – "))),
                "{count} rows: {text}"
            );
        }
        for page in &pages[1..] {
            let body = page.split("Hours\n").nth(1).unwrap();
            // The first line of a new page: the rest of a day, a new day, or the sums.
            let continued =
                body.starts_with("Mon 2 Nov 2026 (continued)\n") || body.starts_with("Tue 3 Nov 2026 (continued)\n");
            broken += usize::from(continued);
            assert!(
                continued || body.starts_with("Tue 3 Nov 2026 | ") || body.starts_with("API development | "),
                "{page}"
            );
        }
    }
    assert!(broken > 10, "{broken}");
}

#[test]
fn the_total_and_the_signature_stay_with_the_last_projects() {
    let mut lengths = Vec::new();
    for count in 1..=40 {
        let rows = (1..=count).map(|index| row(november(16), 3_600, &format!("project {index:02}"), None));
        let document = document(&paper(rows.collect()));
        let runs = runs(&document);
        let page = |text: &str| runs.iter().rfind(|run| run.text == text).map(|run| run.page);
        let last = page(&format!("project {count:02}"));
        assert!(last.is_some());
        assert_eq!(
            page(&format!("project {:02}", 1.max(count - 7))),
            last,
            "{count} projects"
        );
        assert_eq!(page("Total"), last, "{count} projects");
        assert_eq!(page("Signature"), last, "{count} projects");
        lengths.push(document.pages().len());
    }
    assert_eq!((lengths.first(), lengths.last()), (Some(&1), Some(&3)));
}

#[test]
fn nothing_leaves_the_margins_or_its_column() {
    let (left, right) = (24.0 / 25.4 * 72.0 - 0.1, (210.0 - 24.0) / 25.4 * 72.0 + 0.1);
    for language in [Language::En, Language::De] {
        let document = document(&TimesheetPaper { language, ..long() });
        let mut runs = runs(&document);
        runs.sort_by(|a, b| a.left.total_cmp(&b.left));
        for (index, run) in runs.iter().enumerate() {
            assert!(run.left >= left && run.right <= right, "{}", run.text);
            let beside = |other: &&Run| other.page == run.page && (other.baseline - run.baseline).abs() < 1.0;
            for other in runs[index + 1..].iter().filter(beside) {
                assert!(other.left > run.right - 0.1, "{} | {}", run.text, other.text);
            }
        }
    }
}

#[test]
fn figures_of_a_column_end_at_one_line() {
    let rows = [60, 3_600_000, 36_000].map(|seconds| row(november(16), seconds, "a", None));
    let runs = runs(&document(&paper(rows.into())));
    for column in [
        ["0:01", "1000:00", "10:00", "1010:01"],
        ["0.02", "1,000.00", "10.00", "1,010.02"],
    ] {
        let figures = runs.iter().filter(|run| column.contains(&run.text.as_str()));
        let ends: Vec<f64> = figures.map(|run| run.right).collect();
        // Each row; the day, the project and all.
        assert_eq!(ends.len(), 6, "{column:?}");
        assert!(
            ends.windows(2).all(|pair| (pair[0] - pair[1]).abs() < 0.01),
            "{column:?} {ends:?}"
        );
    }
}

#[test]
fn odd_timesheets_still_render() {
    let mut bare = paper(vec![row(november(16), 0, "", Some(" "))]);
    bare.seller = Party::default();
    bare.client = Party::default();
    bare.time_zone = String::new();
    let words = "many words ".repeat(2_000);
    let endless = paper(vec![row(november(16), 60, &words, Some(&words))]);
    let names = (0..300).map(|index| row(november(16), 60, &format!("{index} {}", "name ".repeat(30)), None));
    let foreign = paper(vec![row(november(16), 60, "株式会社 🦀\u{0}\u{feff}\u{301}שלום", None)]);
    let lengths = [i64::MAX, i64::MIN, -60].map(|seconds| row(november(16), seconds, "a", None));
    for paper in [
        one(),
        paper(Vec::new()),
        bare,
        endless,
        paper(names.collect()),
        foreign,
        paper(lengths.into()),
    ] {
        assert!(timesheet(&paper).is_ok());
    }
}

#[test]
fn characters_that_cannot_be_printed_are_told() {
    assert!(short().missing_characters().is_empty());
    let paper = paper(vec![row(november(16), 60, "東京", Some("🦀"))]);
    assert_eq!(paper.missing_characters(), BTreeSet::from(['東', '京', '🦀']));
    let mut paper = paper;
    paper.fonts = vec![asset("squares.ttf", SQUARES)];
    assert_eq!(paper.missing_characters(), BTreeSet::from(['🦀']));
    assert!(timesheet(&paper).is_ok());
}

#[test]
fn a_timesheet_as_csv() {
    let mut paper = short();
    paper.rows[1].note = Some("a \"quote\", and\na line".to_owned());
    let csv = String::from_utf8(timesheet_csv(&paper, Cells::Guarded)).unwrap();
    assert_eq!(csv.matches("\r\n").count(), 6);
    let expected = expect![[r#"
        date,from,to,duration,hours,project,note,billable
        2026-11-16,09:00,10:45,1:45,1.75,API development,GET /orders pagination,true
        2026-11-16,10:45,12:08,1:23,1.38,Dashboard,"a ""quote"", and
        a line",true
        2026-11-16,,,0:45,0.75,API development,call with Sam,true
        2026-11-17,09:00,11:00,2:00,2.00,Dashboard,set up again what the update broke,false
        2026-11-17,11:00,11:20,0:21,0.35,API development,,true
    "#]];
    expected.assert_eq(&csv.replace("\r\n", "\n"));
}

#[test]
fn no_cell_is_a_formula() {
    let cell = |text: &str| {
        let mut row = row(november(16), 60, text, Some(text));
        row.from = Some(text.to_owned());
        row.to = Some(text.to_owned());
        let csv = timesheet_csv(&paper(vec![row]), Cells::Guarded);
        let record = ::csv::Reader::from_reader(csv.as_slice())
            .records()
            .next()
            .unwrap()
            .unwrap();
        let cells = [1, 2, 5, 6].map(|column| record[column].to_owned());
        assert!(cells.iter().all(|cell| *cell == cells[0]), "{cells:?}");
        cells[0].clone()
    };
    for text in [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "=cmd|' /C calc'!A0",
    ] {
        assert_eq!(cell(text), format!("'{text}"));
    }
    for text in ["09:02", "a=b", "call -- Sam", "'", "", "a, \"b\"\r\nc"] {
        assert_eq!(cell(text), text);
    }
}

/// A duration and hours as they are printed in English: minutes, and hundredths of an hour.
fn figures(duration: &str, hours: &str) -> (i64, i64) {
    let (whole, minutes) = duration.split_once(':').unwrap();
    let minutes = whole.parse::<i64>().unwrap() * 60 + minutes.parse::<i64>().unwrap();
    (minutes, hours.replace([',', '.'], "").parse().unwrap())
}

fn sum(figures: impl IntoIterator<Item = (i64, i64)>) -> (i64, i64) {
    let add = |sum: (i64, i64), figures: (i64, i64)| (sum.0 + figures.0, sum.1 + figures.1);
    figures.into_iter().fold((0, 0), add)
}

fn rows() -> impl Strategy<Value = Vec<TimesheetRow>> {
    let length = prop_oneof![0..90_000_000_i64, (0..600_i64).prop_map(|minutes| minutes * 60_000)];
    let row = (0..9_u64, length, 0..3_usize, any::<bool>()).prop_map(|(day, millis, project, billable)| TimesheetRow {
        day: november(16) + Days::new(day),
        length: Length::from_millis(millis),
        billable,
        ..row(november(16), 0, ["a", "b", "c"][project], None)
    });
    prop::collection::vec(row, 0..40)
}

proptest! {
    #[test]
    fn what_is_printed_adds_up(rows in rows()) {
        let paper = paper(rows);
        let sheet = Sheet::of(&paper);
        let of_sum = |sum: &sheet::Sum| figures(&sum.duration, &sum.hours);
        let of_rows = |day: &sheet::Day| sum(day.rows.iter().map(|row| figures(&row.duration, &row.hours)));
        for day in &sheet.days {
            prop_assert_eq!(of_sum(&day.total), of_rows(day));
        }
        let total = of_sum(&sheet.total);
        prop_assert_eq!(total, sum(sheet.days.iter().map(of_rows)));
        prop_assert_eq!(total, sum(sheet.projects.iter().map(of_sum)));
        let parts = !sheet.parts.is_empty();
        prop_assert!(!parts || total == sum(sheet.parts.iter().map(of_sum)));
        prop_assert_eq!(parts, paper.rows.iter().any(|row| !row.billable));
        // Each project shows the sum of its rows.
        let mut by_project = BTreeMap::new();
        for row in sheet.days.iter().flat_map(|day| &day.rows) {
            let project = by_project.entry(&row.project).or_insert((0, 0));
            *project = sum([*project, figures(&row.duration, &row.hours)]);
        }
        let printed: Vec<_> = sheet.projects.iter().map(|project| (&project.label, of_sum(project))).collect();
        prop_assert_eq!(printed, by_project.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn a_project_shows_what_an_invoice_bills_and_a_row_what_it_lasted(rows in rows()) {
        let mut paper = paper(rows);
        paper.rows.retain(|row| row.billable);
        let mut exact = BTreeMap::<&str, i64>::new();
        for row in &paper.rows {
            *exact.entry(&row.project).or_default() += row.length.millis();
        }
        let sheet = Sheet::of(&paper);
        let half_up = |millis: i64| ((millis + 30_000) / 60_000, (millis + 18_000) / 36_000);
        let projects = sheet.projects.iter().map(|sum| (sum.label.as_str(), figures(&sum.duration, &sum.hours)));
        let expected = exact.into_iter().map(|(project, millis)| (project, half_up(millis)));
        prop_assert_eq!(projects.collect::<Vec<_>>(), expected.collect::<Vec<_>>());

        paper.rows.sort_by_key(|row| row.day);
        for (row, shown) in paper.rows.iter().zip(sheet.days.iter().flat_map(|day| &day.rows)) {
            let millis = row.length.millis();
            let (minutes, hundredths) = figures(&shown.duration, &shown.hours);
            prop_assert!((minutes * 60_000 - millis).abs() < 60_000);
            prop_assert!((hundredths * 36_000 - millis).abs() < 36_000);
            prop_assert!(millis % 60_000 != 0 || minutes * 60_000 == millis);
        }
    }

    #[test]
    fn csv_and_paper_say_the_same(rows in rows()) {
        let paper = paper(rows);
        let sheet = Sheet::of(&paper);
        let printed = sheet.days.iter().flat_map(|day| &day.rows);
        let printed: Vec<_> = printed.map(|row| figures(&row.duration, &row.hours)).collect();
        let csv = timesheet_csv(&paper, Cells::Guarded);
        let records = ::csv::Reader::from_reader(csv.as_slice()).into_records();
        let written: Vec<_> = records.map(|record| record.map(|record| figures(&record[3], &record[4])).unwrap()).collect();
        prop_assert_eq!(printed, written);
    }
}
