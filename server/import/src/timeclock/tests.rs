use std::ops::ControlFlow;

use super::*;
use crate::Row;

/// Reads a file and returns a line for each row: the length in minutes, the account and the note.
fn read(text: &'static str) -> Vec<String> {
    let mut found = Vec::new();
    let input = Input::new(text.as_bytes()).unwrap();
    let mut take = |Row { line, found: row }| {
        found.push(match row {
            Found::Entry(draft) => {
                let When::Clock(start, end) = draft.when else {
                    panic!("{draft:?}")
                };
                let minutes = (end - start).num_minutes();
                format!(
                    "{line}: {minutes} {}/{} {}",
                    draft.client, draft.project, draft.description
                )
            }
            Found::Refused(why) => format!("{line}: {why}"),
            Found::Running => format!("{line}: running"),
            other => panic!("{other:?}"),
        });
        ControlFlow::Continue(())
    };
    Timeclock.read(input, &Conventions::default(), &mut take).unwrap();
    found
}

#[test]
fn an_account_on_the_end_names_the_session() {
    let crossed = "i 2025-01-01 09:00 a:x\ni 2025-01-01 10:00 b\no 2025-01-01 12:00 a:x\no 2025-01-01 17:00 b\n";
    assert_eq!(read(crossed), ["1: 180 a/x ", "2: 420 /b "]);
    // Without one, the latest session ends.
    let nested = "i 2025-01-01 09:00 a\ni 2025-01-01 10:00 b\no 2025-01-01 12:00\no 2025-01-01 17:00\n";
    assert_eq!(read(nested), ["2: 120 /b ", "1: 480 /a "]);
    let left = "i 2025-01-01 09:00 a\ni 2025-01-01 10:00 b\no 2025-01-01 12:00\n";
    assert_eq!(read(left), ["2: 120 /b ", "1: running"]);
    let unknown = "i 2025-01-01 09:00 a\ni 2025-01-01 10:00 b\no 2025-01-01 12:00 c\n";
    assert_eq!(
        read(unknown),
        ["3: it ends `c`, which never began", "1: running", "2: running"]
    );
    assert_eq!(read("o 2025-01-01 12:00 c\n"), ["1: it ends what never began"]);
    let twice = "i 2025-01-01 09:00 a\ni 2025-01-01 10:00 a\no 2025-01-01 12:00\n";
    assert_eq!(read(twice), ["1: it is never ended: line 2 begins anew", "2: 120 /a "]);
}

#[test]
fn comments_and_descriptions_are_no_account() {
    for (line, expected) in [
        ("i 2025-01-01 09:00 a:x ; note, tag:", "1: 60 a/x note, tag:"),
        ("i 2025-01-01 09:00 a:x; note", "1: 60 a/x note"),
        ("i 2025-01-01 09:00 a:x  work done", "1: 60 a/x work done"),
        ("i 2025-01-01 09:00 a:x  work done  ; note", "1: 60 a/x work done"),
        ("i 2025-01-01\t09:00\ta:x y", "1: 60 a/x y "),
        ("i 2025/01/01 09:00:00+0100 a", "1: 60 /a "),
    ] {
        let text = format!("{line}\no 2025-01-01 10:00; done: well\n").leak();
        let found = read(text);
        // A note of the beginning comes before one of the end.
        let expected = if expected.ends_with(' ') {
            format!("{expected}done: well")
        } else {
            expected.to_owned()
        };
        assert_eq!(found, [expected], "{line}");
    }
    // Text after the end of a lone session says what was done.
    assert_eq!(
        read("i 2025-01-01 09:00 a\no 2025-01-01 10:00 all done\n"),
        ["1: 60 /a all done"]
    );
    assert_eq!(
        read("; a\n# b\n* c\nb 2025-01-01 0\nh 2025-01-01 8\n\n"),
        [] as [&str; 0]
    );
}
