//! Workbooks and archives.

use flate2::{Compression, Crc, write::DeflateEncoder};

use super::*;

/// Packs files into an archive.
fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in members {
        let mut sum = Crc::new();
        sum.update(content);
        let mut packed = DeflateEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(content).unwrap();
        let packed = packed.finish().unwrap();
        let at = bytes.len();
        let size = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap().to_le_bytes();
        // The version, the method, the time, the checksum, the sizes, the lengths of the name and of what follows it.
        let mut common = vec![20, 0, 0, 0, 8, 0, 0, 0, 0, 0];
        common.extend(sum.sum().to_le_bytes());
        common.extend(size(&packed).into_iter().chain(size(content)));
        common.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        common.extend([0, 0]);
        bytes.extend(
            b"PK\x03\x04"
                .iter()
                .chain(&common)
                .chain(name.as_bytes())
                .chain(&packed),
        );
        directory.extend(b"PK\x01\x02\x14\x00".iter().chain(&common).chain(&[0; 10]));
        directory.extend(u32::try_from(at).unwrap().to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (count, at) = (u16::try_from(members.len()).unwrap().to_le_bytes(), bytes.len());
    let length = u32::try_from(directory.len()).unwrap().to_le_bytes();
    bytes.extend(directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0".iter().chain(&count).chain(&count).chain(&length));
    bytes.extend(u32::try_from(at).unwrap().to_le_bytes().into_iter().chain([0, 0]));
    bytes
}

/// A sheet: its name, its state, its rows, and its merged cells.
type Sheet<'s> = (&'s str, &'s str, &'s [&'s [&'s str]], &'s str);

/// Writes a cell. The letter before its text is the kind: `d`, `m`, `t` and `l` are formats of dates, of dates with clock
/// times, of clock times and of lengths.
fn cell(row: usize, column: usize, text: &str) -> String {
    let place = format!("{}{}", char::from(b'A' + u8::try_from(column).unwrap()), row + 1);
    let Some((kind, value)) = text.split_once(':') else {
        return String::new();
    };
    let number = |style: u8| format!("<c r=\"{place}\" s=\"{style}\"><v>{value}</v></c>");
    match kind {
        "d" => number(1),
        "m" => number(2),
        "t" => number(3),
        "l" => number(4),
        "n" => number(0),
        "f" => format!("<c r=\"{place}\"><f>A1*2</f><v>{value}</v></c>"),
        "b" => format!("<c r=\"{place}\" t=\"b\"><v>{value}</v></c>"),
        "e" => format!("<c r=\"{place}\" t=\"e\"><v>{value}</v></c>"),
        _ => format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{value}</t></is></c>"),
    }
}

/// Writes a workbook.
fn book(sheets: &[Sheet<'_>], is_1904: bool) -> Vec<u8> {
    const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let mut parts: Vec<(String, String)> = Vec::new();
    let (mut list, mut relations) = (String::new(), String::new());
    for (index, (name, state, rows, merged)) in sheets.iter().enumerate() {
        let nth = index + 1;
        list.extend([format!(
            "<sheet name=\"{name}\" sheetId=\"{nth}\" state=\"{state}\" r:id=\"rId{nth}\"/>"
        )]);
        relations.extend([format!(
            "<Relationship Id=\"rId{nth}\" Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet{nth}.xml\"/>"
        )]);
        let row = |(number, cells): (usize, &&[&str])| {
            let cells: String = cells
                .iter()
                .enumerate()
                .map(|(column, text)| cell(number, column, text))
                .collect();
            format!("<row r=\"{}\">{cells}</row>", number + 1)
        };
        let rows: String = rows.iter().enumerate().map(row).collect();
        let merged = match *merged {
            "" => String::new(),
            cells => format!("<mergeCells count=\"1\"><mergeCell ref=\"{cells}\"/></mergeCells>"),
        };
        parts.push((
            format!("xl/worksheets/sheet{nth}.xml"),
            format!("{HEAD}<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData>{merged}</worksheet>"),
        ));
    }
    let since = if is_1904 { "<workbookPr date1904=\"1\"/>" } else { "" };
    parts.push((
        "xl/workbook.xml".into(),
        format!("{HEAD}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\">{since}<sheets>{list}</sheets></workbook>"),
    ));
    parts.push((
        "xl/_rels/workbook.xml.rels".into(),
        format!("{HEAD}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{relations}</Relationships>"),
    ));
    let formats = [0, 14, 22, 20, 46]
        .map(|id| format!("<xf numFmtId=\"{id}\"/>"))
        .concat();
    parts.push((
        "xl/styles.xml".into(),
        format!("{HEAD}<styleSheet xmlns=\"{MAIN}\"><cellXfs count=\"5\">{formats}</cellXfs></styleSheet>"),
    ));
    let parts: Vec<(&str, &[u8])> = parts
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_bytes()))
        .collect();
    archive(&parts)
}

/// Reads a workbook and returns its sheet and its rows.
fn rows(bytes: &[u8], wish: &Wish) -> (String, Vec<String>) {
    let path = file(bytes);
    let recognised = recognise(&File::new(path.path()), wish).unwrap_or_else(|error| panic!("{error:#}"));
    let (_, rows) = read(path.path(), wish).unwrap_or_else(|error| panic!("{error:#}"));
    let shown = |row: &Row| match &row.found {
        Found::Entry(draft) => {
            let when = match draft.when {
                When::Day(day) => day.to_string(),
                When::Clock(start, end) => format!("{start} {end}"),
                When::Exact(start, end) => format!("{} {}", start.to_rfc3339(), end.to_rfc3339()),
            };
            format!(
                "{}: {when} {} {} {}",
                row.line,
                length(draft).whole_seconds(),
                draft.project,
                draft.description
            )
            .trim_end()
            .to_owned()
        }
        found => format!("{}: {found:?}", row.line),
    };
    (recognised.sheet.unwrap_or_default(), rows.iter().map(shown).collect())
}

fn mapped(columns: &str) -> Wish {
    Wish {
        mapping: Some(columns.parse().unwrap()),
        ..Wish::default()
    }
}

#[test]
fn dates_clock_times_and_lengths_of_a_workbook_are_exact() {
    let wish = mapped("date=Day,duration=Time,project=Job,note=Note,billable=Paid");
    for (is_1904, first) in [(false, 45_365), (true, 45_365 - 1_462)] {
        let day = format!("d:{first}");
        let noon = format!("m:{first}.5");
        let sheet: &[&[&str]] = &[
            &["s:Day", "s:Time", "s:Job", "s:Note", "s:Paid"],
            // One and a half hours, 36 hours, ten seconds.
            &[&day, "t:0.0625", "s:api", "s:said \"a\", b", "b:1"],
            &[&day, "l:1.5", "s:api", "", "b:0"],
            &[&day, "l:0.00011574074074074075", "s:api"],
            // Hours, also as a formula with the value it had.
            &[&noon, "n:1.125", "s:api"],
            &[&day, "f:0.30000000000000004", "s:api"],
            &["s:14.03.2024", "s:1h 30m", "s:two\nlines"],
            &[&day, "e:#REF!", "s:api"],
            &["s:Total", "l:9"],
        ];
        let (name, found) = rows(&book(&[("Times", "visible", sheet, "")], is_1904), &wish);
        assert_eq!(name, "Times");
        assert_eq!(
            found,
            [
                "2: 2024-03-14 5400 api said \"a\", b",
                "3: 2024-03-14 129600 api",
                "4: 2024-03-14 10 api",
                "5: 2024-03-14 4050 api",
                "6: 2024-03-14 1080 api",
                "7: 2024-03-14 5400 two lines",
                "8: Refused(\"`#REF!` is not a length of time\")",
                "9: Left(\"Total\")",
            ]
        );
    }
}

#[test]
fn clock_times_of_a_workbook_stand_in_cells_of_their_own() {
    let sheet: &[&[&str]] = &[
        &["s:Day", "s:From", "s:To", "s:Job"],
        &["d:45365", "t:0.375", "t:0.4375", "s:api"],
        // Past midnight, and the whole date with each.
        &["d:45365", "t:0.9583333333333334", "t:0.041666666666666664", "s:api"],
        &["d:45365", "m:45365.375", "m:45366.375", "s:api"],
        // Midnight is a clock time, too.
        &["d:45365", "m:45365.75", "m:45366", "s:api"],
    ];
    let wish = mapped("date=Day,start=From,end=To,project=Job");
    assert_eq!(
        rows(&book(&[("a", "visible", sheet, "")], false), &wish).1,
        [
            "2: 2024-03-14 09:00:00 2024-03-14 10:30:00 5400 api",
            "3: 2024-03-14 23:00:00 2024-03-15 01:00:00 7200 api",
            "4: 2024-03-14 09:00:00 2024-03-15 09:00:00 86400 api",
            "5: 2024-03-14 18:00:00 2024-03-15 00:00:00 21600 api",
        ]
    );
    let both = mapped("start=From,end=To,project=Job");
    let sheet: &[&[&str]] = &[&["s:From", "s:To", "s:Job"], &["m:45365.75", "m:45366", "s:api"]];
    assert_eq!(
        rows(&book(&[("a", "visible", sheet, "")], false), &both).1,
        ["2: 2024-03-14 18:00:00 2024-03-15 00:00:00 21600 api"]
    );
}

#[test]
fn a_table_may_begin_below_rows_without_text() {
    let wish = mapped("date=Day,hours=Hours,project=Job");
    let sheet: &[&[&str]] = &[
        &["s:"],
        &[],
        &["s:Day", "s:Hours", "s:Job"],
        &["d:45365", "n:1", "s:api"],
    ];
    assert_eq!(
        rows(&book(&[("a", "visible", sheet, "")], false), &wish).1,
        ["4: 2024-03-14 3600 api"]
    );
}

#[test]
fn a_cell_is_no_place_for_a_book() {
    let long = format!("s:{}", "x".repeat(300 * 1024));
    let sheet: &[&[&str]] = &[&["s:Day", "s:Hours", "s:Job"], &["d:45365", "n:1", &long]];
    let path = file(&book(&[("a", "visible", sheet, "")], false));
    let wish = mapped("date=Day,hours=Hours,project=Job");
    let why = recognise(&File::new(path.path()), &wish)
        .err()
        .map(|why| format!("{why:#}"));
    assert!(why.as_ref().is_some_and(|why| why.contains("256 kB")), "{why:?}");
}

#[test]
fn of_several_sheets_the_first_with_a_table_is_read_or_the_named_one() {
    let header: &[&str] = &["s:Day", "s:Hours", "s:Job"];
    let sheet = |hours: &'static str| -> Vec<&'static [&'static str]> {
        let row: &'static [&'static str] = match hours {
            "1" => &["d:45365", "n:1", "s:api"],
            _ => &["d:45365", "n:2", "s:api"],
        };
        vec![row]
    };
    let (one, two) = (sheet("1"), sheet("2"));
    let first: Vec<&[&str]> = [&[header][..], &one].concat();
    let second: Vec<&[&str]> = [&[header][..], &two].concat();
    let cover: &[&[&str]] = &[&["s:Times of March"]];
    let bytes = book(
        &[
            ("Old", "hidden", &second, ""),
            ("Cover", "visible", cover, ""),
            ("March", "visible", &first, ""),
            ("Empty", "visible", &[], ""),
        ],
        false,
    );
    let wish = mapped("date=Day,hours=Hours,project=Job");
    assert_eq!(
        rows(&bytes, &wish),
        ("March".into(), vec!["2: 2024-03-14 3600 api".into()])
    );
    let old = Wish {
        sheet: Some("old".into()),
        ..wish.clone()
    };
    assert_eq!(
        rows(&bytes, &old),
        ("Old".into(), vec!["2: 2024-03-14 7200 api".into()])
    );
    // The columns of the table are shown, not those of the cover.
    let path = file(&bytes);
    let why = recognise(&File::new(path.path()), &Wish::default())
        .err()
        .expect("of nobody");
    assert_eq!(
        why.downcast::<Unknown>().expect("a table").columns,
        ["Day", "Hours", "Job"]
    );
    for (sheet, says) in [("May", "Cover, March, Empty, Old"), ("Empty", "is empty")] {
        let wish = Wish {
            sheet: Some(sheet.into()),
            ..wish.clone()
        };
        let why = recognise(&File::new(path.path()), &wish)
            .err()
            .expect("no table")
            .to_string();
        assert!(why.contains(says), "{why}");
    }
    let plain = file(b"Day,Hours\n2024-03-14,1\n");
    assert!(recognise(&File::new(plain.path()), &old).is_err());
}

#[test]
fn merged_cells_stand_for_each_of_their_rows_and_lengths_do_not() {
    let sheet: &[&[&str]] = &[
        &["s:Times of March"],
        &["s:Day", "s:Time", "", "s:Job"],
        &["", "s:From", "s:To"],
        &["d:45365", "t:0.375", "t:0.4375", "s:api"],
    ];
    // The day's name stands above two rows of the header.
    let wish = mapped("date=Day,start=From,end=To");
    assert_eq!(
        rows(&book(&[("a", "visible", sheet, "A2:A3")], false), &wish).1,
        ["4: 2024-03-14 09:00:00 2024-03-14 10:30:00 5400"]
    );
    let days: &[&[&str]] = &[
        &["s:Day", "s:Hours", "s:Job"],
        &["d:45365", "n:1", "s:api"],
        &["", "n:2", "s:web"],
    ];
    let wish = mapped("date=Day,hours=Hours,project=Job");
    let both = ["2: 2024-03-14 3600 api", "3: 2024-03-14 7200 web"];
    assert_eq!(rows(&book(&[("a", "visible", days, "A2:A3")], false), &wish).1, both);
    // A name with a colon is a name.
    let names: &[&[&str]] = &[
        &["s:Day", "s:Hours", "s:Job"],
        &["d:45365", "n:1", "s:Acme: Site"],
        &["d:45366", "n:2"],
    ];
    let found = rows(&book(&[("a", "visible", names, "C2:C3")], false), &wish).1;
    assert_eq!(
        found,
        ["2: 2024-03-14 3600 Acme: Site", "3: 2024-03-15 7200 Acme: Site"]
    );
    let hours: &[&[&str]] = &[
        &["s:Day", "s:Hours", "s:Job"],
        &["d:45365", "n:1", "s:api"],
        &["d:45365", "", "s:web"],
    ];
    let found = rows(&book(&[("a", "visible", hours, "B2:B3")], false), &wish).1;
    assert_eq!(found.first().map(String::as_str), Some("2: 2024-03-14 3600 api"));
    assert!(
        !found.iter().any(|row| row.starts_with("3: 2024-03-14 3600")),
        "{found:?}"
    );
}

const TOGGL: &str = "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags\n\
                     Jane,,Acme,Site,,x,Yes,2024-03-04,09:00:00,2024-03-04,10:00:00,01:00:00,\n";

#[test]
fn the_files_of_an_archive_are_read_and_none_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export.zip");
    let members: [(&str, &[u8]); 5] = [
        ("../../time.csv", TOGGL.as_bytes()),
        ("time/2024.csv", TOGGL.as_bytes()),
        ("clients.json", b"[{\"id\":1,\"name\":\"Acme\"}]"),
        ("__MACOSX/time/._2024.csv", b"\0\0"),
        ("large.csv", &vec![b'0'; 5 * 1024 * 1024]),
    ];
    std::fs::write(&path, archive(&members)).unwrap();
    let found = File::members(&path).unwrap().expect("an archive");
    let names: Vec<String> = found.iter().map(File::name).collect();
    assert_eq!(
        names,
        [
            "export.zip: time.csv",
            "export.zip: clients.json",
            "export.zip: large.csv",
            "export.zip: 2024.csv"
        ]
    );
    let time = |file: &File| read_file(file, &Wish::default()).map(|(source, rows)| (source, totals(&rows).0));
    let acme = BTreeMap::from([(("Acme".to_owned(), "Site".to_owned()), 3600)]);
    assert_eq!(time(&found[0]).unwrap(), (Source::Toggl, acme.clone()));
    assert_eq!(time(&found[3]).unwrap(), (Source::Toggl, acme));
    assert!(time(&found[1]).is_err());
    // One that unpacks to more than can be is refused, whatever size the archive gives.
    let columns = mapped("date=a,hours=b");
    assert!(read_file(&found[2], &columns).is_err());
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1);
}

#[test]
fn a_workbook_or_archive_that_is_damaged_or_too_large_is_refused() {
    let row: &[&str] = &["s:Day", "s:Hours"];
    let good = book(&[("a", "visible", &[row], "")], false);
    for cut in [4, 40, good.len() / 2, good.len() - 10] {
        assert!(read_any(file(&good[..cut]).path(), &Wish::default()).is_err(), "{cut}");
    }
    let row = format!(
        "<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>{}</t></is></c></row></sheetData></worksheet>",
        "x".repeat(5 * 1024 * 1024)
    );
    let parts: [(&str, &[u8]); 3] = [
        (
            "xl/workbook.xml",
            b"<workbook><sheets><sheet name=\"a\" id=\"r\"/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            b"<Relationships><Relationship Id=\"r\" Type=\"/worksheet\" Target=\"a.xml\"/></Relationships>",
        ),
        ("xl/a.xml", row.as_bytes()),
    ];
    let why = read_any(file(&archive(&parts)).path(), &Wish::default()).expect_err("too large");
    assert!(format!("{why:#}").contains("2 GB"), "{why:#}");
    assert!(File::members(file(&archive(&[])).path()).unwrap().is_some());
}

#[test]
fn an_export_of_solidtime_names_projects_by_their_ids() {
    let entries = "id,description,start,end,billable_rate,billable,member_id,user_id,organization_id,client_id,project_id,task_id,tags,is_imported\n\
        e1,Pagination,2024-03-04T09:00:00Z,2024-03-04T10:30:00Z,9550,true,m1,u1,o1,c1,p1,t1,\"[\"\"g1\"\"]\",false\n\
        e2,,2024-03-04T11:00:00Z,,,true,m1,u1,o1,,p1,,[],false\n";
    let bytes = archive(&[
        ("time_entries.csv", entries.as_bytes()),
        ("clients.csv", b"id,name\nc1,\"Acme, Inc\"\n"),
        ("projects.csv", b"id,name,client_id\np1,API,c1\n"),
        ("tasks.csv", b"id,name\nt1,Dev\n"),
        ("members.csv", b"id,user_id,name\nm1,u1,Jane\n"),
        ("tags.csv", b"id,name\ng1,deep\n"),
        ("organizations.csv", b"id,name,currency\no1,Own,CHF\n"),
    ]);
    let path = file(&bytes);
    let members = File::members(path.path()).unwrap().expect("an archive");
    let entries = members
        .iter()
        .find(|member| member.name().ends_with("time_entries.csv"))
        .unwrap();
    let (source, rows) = read_file(entries, &Wish::default()).unwrap();
    assert_eq!(source, Source::Solidtime);
    let Found::Entry(draft) = &rows[0].found else {
        panic!("{rows:?}")
    };
    assert_eq!(
        [
            &draft.user,
            &draft.client,
            &draft.project,
            &draft.task,
            &draft.description
        ],
        ["Jane", "Acme, Inc", "API", "Dev", "Pagination"]
    );
    assert_eq!(draft.tags, ["deep"]);
    assert_eq!(draft.own_rate.map(|rate| rate.to_string()).as_deref(), Some("95.50"));
    assert_eq!(draft.currency.map(|code| code.to_string()).as_deref(), Some("CHF"));
    assert_eq!(rows[1].found, Found::Running);
    let other = members
        .iter()
        .find(|member| member.name().ends_with("clients.csv"))
        .unwrap();
    assert!(read_file(other, &Wish::default()).is_err());
}
