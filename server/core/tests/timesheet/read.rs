//! Reading any text.

use keeptab_core::timesheet::{Item, Parsed, Position, Sheet, Stamp, TimeText, changes, format, parse, print};
use proptest::prelude::*;
use proptest::sample::Index;

use super::ledger::{ledger, projects};

/// Checks that a sheet, printed and read, is the same sheet.
#[track_caller]
pub fn assert_reads_back(sheet: &Sheet) {
    let text = print(sheet);
    let parsed = parse(&text);
    assert_eq!(parsed.problems, [], "{text}");
    assert_eq!(parsed.stamp(), Some(Stamp::printed(sheet)));
    assert_eq!(parsed.header().unwrap().1.week.value, sheet.week);
    let time = |line: &keeptab_core::timesheet::SourceLine| match &line.item {
        Item::Time(time) => Some((
            time.time.as_ref().unwrap().value,
            time.to.as_ref().unwrap().value.clone(),
            time.mark.is_none(),
            time.note.as_ref().map(|note| note.value.clone()),
        )),
        _ => None,
    };
    let read: Vec<_> = parsed.lines.iter().filter_map(time).collect();
    let lines = sheet
        .days
        .iter()
        .flat_map(|day| day.lines.iter().map(move |line| (day.date, line)));
    let shown: Vec<_> = lines
        .map(|(day, line)| {
            let time = TimeText::of(&line.time, &sheet.calendar, day);
            (
                time,
                line.to.clone(),
                line.billable,
                line.shown_note().map(str::to_owned),
            )
        })
        .collect();
    assert_eq!(read, shown, "{text}");
    assert_eq!(format(&parsed), text);
    assert_eq!(changes(sheet, &parsed, sheet, &projects()).unwrap(), []);
}

/// Checks that every byte of a text is in a line or in a line break, and that places and positions agree.
fn assert_lossless(text: &str, parsed: &Parsed) {
    let mut end = 0;
    for (index, line) in parsed.lines.iter().enumerate() {
        let between = &text[end..line.range.start];
        assert!(
            if index == 0 {
                between.is_empty()
            } else {
                ["\n", "\r\n", "\r"].contains(&between)
            },
            "{between:?}"
        );
        assert!(!text[line.range.clone()].contains(['\n', '\r']));
        if matches!(line.item, Item::Blank) {
            assert_eq!(text[line.range.clone()].trim_start_matches('\u{feff}').trim(), "");
        }
        end = line.range.end;
    }
    assert_eq!(end, text.len());
    for problem in &parsed.problems {
        let line = &parsed.lines[problem.line];
        assert!(line.range.start <= problem.range.start && problem.range.end <= line.range.end);
        assert!(text.get(problem.range.clone()).is_some());
        assert!(!problem.message.is_empty() && !problem.hint.is_empty());
    }
}

/// Checks that formatting is idempotent, and keeps the content of every line.
fn assert_formats(text: &str, parsed: &Parsed) {
    let formatted = format(parsed);
    let again = parse(&formatted);
    assert_eq!(format(&again), formatted);
    assert_eq!(again.lines.len(), parsed.lines.len());
    let blank = |text: &str| {
        text.trim_start_matches('\u{feff}')
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    };
    for (old, new) in parsed.lines.iter().zip(&again.lines) {
        match (&old.item, &new.item) {
            (Item::Time(old), Item::Time(new)) => {
                assert_eq!(
                    old.time.as_ref().map(|time| time.value),
                    new.time.as_ref().map(|time| time.value)
                );
                assert_eq!(old.to.as_ref().map(|to| &to.value), new.to.as_ref().map(|to| &to.value));
                assert_eq!(old.mark.is_some(), new.mark.is_some());
                assert_eq!(
                    old.note.as_ref().map(|note| &note.value),
                    new.note.as_ref().map(|note| &note.value)
                );
            }
            _ => assert_eq!(blank(&text[old.range.clone()]), blank(&formatted[new.range.clone()])),
        }
    }
}

/// Runs all checks on a text.
pub fn assert_sound(text: &str) {
    let parsed = parse(text);
    assert_lossless(text, &parsed);
    assert_formats(text, &parsed);
    for (byte, _) in text.char_indices() {
        let position = parsed.position(byte);
        let line = &parsed.lines[position.line].range;
        let back = parsed.byte(position);
        assert!(
            back == byte || (byte >= line.end && back == line.end),
            "{byte} {position:?} {back}"
        );
    }
    let base =
        ledger("16 09:02:10-10:47:20 acme/api\n16 10:47:20-12:10:05 ?\n16 +0:45 zen\n16 13:00-13:00:30 zen").sheet();
    let _ = changes(&base, &parsed, &base, &projects());
}

#[test]
fn odd_texts_lose_no_line() {
    for text in [
        "",
        "\n",
        "\r",
        "\r\n\r",
        "\u{feff}",
        "\u{feff}Mon",
        "# 2026-W47",
        "#",
        "# 2026-W47 r7\rMon\r9:00-",
        "\u{feff}# 2026-W47 r99999999999999999999\nMon 16 Nov\n 09:00-10:00 acme/api \u{301}note",
        "# 2026-W47 r7\n\u{2028}Mon 99999999999 Nov\n+999999:59 ?\n+9999999:00 ?\n99:59-99:59b -\n~0:00 \"\\",
        "09:00-10:00 \"unclosed\\n note",
        "Mon 16 Nov\n09:0\u{0}0-10:00\tacme/api",
    ] {
        assert_sound(text);
    }
}

#[test]
fn positions_count_utf_16() {
    let parsed = parse("# 🦀x\r\nMon ü");
    let position = |line, utf16| Position { line, utf16 };
    assert_eq!(parsed.position(6), position(0, 4));
    assert_eq!(parsed.position(4), position(0, 2));
    assert_eq!(parsed.position(1000), position(1, 5));
    assert_eq!(parsed.byte(position(0, 4)), 6);
    assert_eq!(parsed.byte(position(0, 3)), 2);
    assert_eq!(parsed.byte(position(0, 99)), 7);
    assert_eq!(parsed.byte(position(9, 0)), parsed.text().len());
}

/// Texts made from the parts of sheets.
fn sheetlike() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "# 2026-W47",
        "r7",
        "#",
        "\n",
        "\n",
        "\r\n",
        "\r",
        " ",
        "  ",
        "\t",
        "Mon 16 Nov",
        "Tue",
        "Sun 22 Nov",
        "5:23",
        "09:02-10:47",
        "09:02",
        "-",
        "–",
        "10:47-12:10",
        "9:00-24:00",
        "25:10",
        "02:30b",
        "+0:45",
        "+",
        "~0:00",
        "~",
        "+13:00-14:30",
        "=1:20",
        "acme/api",
        "?",
        "\"a b\"",
        "\"",
        "\\",
        "!",
        "! ",
        "note",
        "1 short visit",
        "ü",
        "🦀",
        "\u{feff}",
        "\u{a0}",
        "0",
        ":",
    ]);
    prop::collection::vec(part, 0..60).prop_map(|parts| parts.concat())
}

/// A valid sheet with some of its bytes changed.
fn mutated() -> impl Strategy<Value = String> {
    let change = (
        any::<Index>(),
        0..3_u8,
        any::<char>(),
        prop::sample::select(vec![' ', '\n', '-', ':', '0', '+', '"', '!']),
    );
    prop::collection::vec(change, 0..12).prop_map(|changes| {
        let ledger = ledger(
            "16 09:02:10-10:47:20 acme/api GET /orders\n16 10:47:20-12:10:05 ?\n16 +0:45 zen\n17 13:00-13:00:30 zen !x",
        );
        let mut letters: Vec<char> = print(&ledger.sheet()).chars().collect();
        for (place, kind, any, usual) in changes {
            let at = place.index(letters.len().max(1)).min(letters.len());
            let letter = if any.is_ascii() { usual } else { any };
            match kind {
                0 if at < letters.len() => drop(letters.remove(at)),
                1 if at < letters.len() => letters[at] = letter,
                _ => letters.insert(at, letter),
            }
        }
        letters.into_iter().collect()
    })
}

/// Number of inputs for each fuzz target: 20,000, or `KEEPTAB_FUZZ_INPUTS`.
fn inputs() -> u32 {
    #[expect(clippy::disallowed_methods, reason = "a run by hand says how long it may take")]
    let asked = std::env::var("KEEPTAB_FUZZ_INPUTS").ok();
    asked.and_then(|asked| asked.parse().ok()).unwrap_or(20_000)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: inputs(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        assert_sound(&text);
    }

    #[test]
    fn any_sheetlike_text_is_read(text in sheetlike()) {
        assert_sound(&text);
    }

    #[test]
    fn any_mutated_sheet_is_read(text in mutated()) {
        assert_sound(&text);
    }
}
