//! Broken files: reading never panics, and whole rows are read.

use proptest::prelude::*;

use super::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let _ = read(file(&bytes).path(), &Wish::default());
    }

    #[test]
    fn a_fixture_with_holes_and_dirt_is_read_or_refused(
        which in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..12),
        cut in any::<prop::sample::Index>(),
    ) {
        let files = all();
        let mut bytes = std::fs::read(which.get(&files)).unwrap();
        for (place, byte, kind) in edits {
            let at = place.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => drop(bytes.remove(at)),
                _ => bytes.splice(at..at, "\"\n,;'{[".bytes()).for_each(drop),
            }
        }
        let mapping = "date=Day,hours=Hrs,project=Job".parse().unwrap();
        let mapped = Wish { mapping: Some(mapping), ..Wish::default() };
        for wish in [Wish::default(), mapped] {
            let _ = read_any(file(&bytes).path(), &wish);
            let cut = &bytes[..cut.index(bytes.len())];
            let _ = read_any(file(cut).path(), &wish);
        }
    }
}

/// Puts a line of garbage behind every tenth line of the header's table.
fn with_garbage(text: &str, garbage: &[&str]) -> (String, usize) {
    let mut dirty = String::new();
    let mut count = 0;
    for (index, line) in text.lines().enumerate() {
        dirty += line;
        dirty.push('\n');
        if index % 10 == 9 {
            dirty += garbage[count % garbage.len()];
            dirty.push('\n');
            count += 1;
        }
    }
    (dirty, count)
}

#[test]
fn garbage_every_tenth_line_costs_its_own_lines_alone() {
    let row = |number: i64| {
        let (hour, minute) = (number / 60 % 24, number % 60);
        format!(
            "Jane,,Acme,P{},,\"a, b\",Yes,2024-03-04,{hour:02}:{minute:02}:00,2024-03-05,00:00:00,00:10:00,",
            number % 3
        )
    };
    let header =
        "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags";
    let rows: Vec<String> = (0..500).map(row).collect();
    let clean = format!("{header}\n{}\n", rows.join("\n"));
    let expected = totals(&read(file(clean.as_bytes()).path(), &Wish::default()).unwrap().1);
    assert_eq!(expected.0.values().sum::<i64>(), 500 * 600);
    let garbage = [
        "\"",
        "\u{1}\u{2}\0\0",
        "\"never closed, and \"more\"",
        "<html>",
        ",,,",
        "Jane,,Acme,P1,,x,Yes,2024-99-04,09:00:00,2024-03-04,10:00:00,01:00:00,",
    ];
    let (dirty, count) = with_garbage(&clean, &garbage);
    let (sums, rest) = totals(&read(file(dirty.as_bytes()).path(), &Wish::default()).unwrap().1);
    assert_eq!(sums, expected.0);
    assert_eq!(rest.len(), count, "{rest:#?}");
    // Each is named by its own line.
    assert!(
        rest.iter()
            .zip(1..)
            .all(|(why, nth)| why.starts_with(&format!("{}: ", nth * 11))),
        "{rest:#?}"
    );
}

#[test]
fn garbage_between_elements_that_have_a_line_each_costs_its_own_lines_alone() {
    let lines: Vec<String> = (0..50)
        .map(|hour| {
            format!(
                "{{\"start\":\"20240301T{:02}0000Z\",\"end\":\"20240301T{:02}3000Z\",\"tags\":[\"a\"]}},",
                hour % 24,
                hour % 24
            )
        })
        .collect();
    let (dirty, count) = with_garbage(&format!("[\n{}\n]\n", lines.join("\n")), &["{{{", "\"", "nonsense"]);
    let (sums, rest) = totals(&read(file(dirty.as_bytes()).path(), &Wish::default()).unwrap().1);
    assert_eq!(sums.values().sum::<i64>(), 50 * 1800);
    assert_eq!(rest.len(), count);
}

#[test]
fn a_file_that_was_cut_brings_what_is_whole_and_says_where_it_ends() {
    for name in [
        "toggl-classic.csv",
        "harvest.csv",
        "clockify-us.csv",
        "kimai.csv",
        "wakatime.json",
        "watson.json",
    ] {
        let bytes = std::fs::read(fixtures().join(name)).unwrap();
        let whole = read(&fixtures().join(name), &Wish::default()).unwrap().1;
        for cut in (bytes.len() / 2..bytes.len() - 3).step_by(7) {
            let Ok((_, rows)) = read(file(&bytes[..cut]).path(), &Wish::default()) else {
                continue;
            };
            let good: Vec<&Row> = rows
                .iter()
                .filter(|row| !matches!(row.found, Found::Refused(_)))
                .collect();
            // All rows but the one that the cut goes through are unchanged.
            for row in good.iter().rev().skip(1) {
                assert!(whole.contains(row), "{name} cut at {cut}: {row:?}");
            }
            let refused = rows.len() - good.len();
            assert!(refused <= 1, "{name} cut at {cut}: {rows:?}");
        }
    }
}
