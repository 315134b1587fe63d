//! Altering one line changes that line, and nothing else.

use keeptab_core::clock::ClockError;
use keeptab_core::correction::To;
use keeptab_core::timesheet::{
    AlterError, Alteration, Edit, Line, LineTime, Place, Revised, Sheet, alter, changes, parse, print,
};
use proptest::prelude::*;

use super::ledger::{ledger, projects, to};
use super::week::any_ledger;

fn places(sheet: &Sheet) -> impl Iterator<Item = (Place, &Line)> {
    let lines = |(day, of_day)| {
        (0..)
            .zip(of_day)
            .map(move |(line, of_line)| (Place { day, line }, of_line))
    };
    (0..).zip(sheet.days.iter().map(|day| &day.lines)).flat_map(lines)
}

/// Returns the text of the line at a place alone.
fn said(sheet: &Sheet, place: Place) -> String {
    let mut alone = sheet.clone();
    for (day, of_day) in (0..).zip(&mut alone.days) {
        let line = of_day.lines.get(place.line).filter(|_| day == place.day).cloned();
        of_day.lines = line.into_iter().collect();
    }
    print(&alone)
}

/// Returns the lines whose text equals that of the line at a place: a change of one of them may be made to another.
fn twins(sheet: &Sheet, place: Place) -> Vec<&Line> {
    let text = said(sheet, place);
    let alike = places(sheet).filter(|(other, _)| said(sheet, *other) == text);
    alike.map(|(_, line)| line).collect()
}

/// Returns true if all that an edit changes lies in a line.
fn is_inside(edit: &Edit, line: &Line) -> bool {
    match (edit, &line.time) {
        (Edit::Correct(span, _), LineTime::Clock(whole)) => span.intersect(*whole) == Some(*span),
        (Edit::Correct(span, _), LineTime::Short(parts)) => parts.contains(span),
        (Edit::Replace { entry, .. } | Edit::Void(entry), LineTime::Entry { id, .. }) => entry == id,
        _ => false,
    }
}

fn revised(target: To) -> Revised {
    Revised {
        to: Some(target),
        note: Some("altered".to_owned()),
        billable: Some(false),
    }
}

proptest! {
    #[test]
    fn nothing_altered_is_the_same_text(ledger in any_ledger()) {
        let sheet = ledger.sheet();
        for (place, _) in places(&sheet) {
            let text = alter(&sheet, place, &Alteration::Revise(Revised::default())).unwrap();
            prop_assert_eq!(text, print(&sheet));
        }
    }

    #[test]
    fn what_is_altered_lies_in_its_line(ledger in any_ledger()) {
        let sheet = ledger.sheet();
        for (place, _) in places(&sheet).filter(|(_, line)| line.billed.is_none()) {
            let lines = twins(&sheet, place);
            for alteration in [Alteration::Erase, Alteration::Revise(revised(to("zen")))] {
                let text = alter(&sheet, place, &alteration).unwrap();
                let edits = changes(&sheet, &parse(&text), &sheet, &projects());
                let edits = edits.map_err(|problems| TestCaseError::fail(format!("{alteration:?}: {problems:?}\n{text}")))?;
                prop_assert!(!edits.is_empty(), "{alteration:?}\n{text}");
                prop_assert!(edits.iter().all(|edit| lines.iter().any(|line| is_inside(edit, line))), "{alteration:?} {edits:?}\n{text}");
            }
        }
    }
}

#[test]
fn of_two_lines_that_read_alike_one_goes() {
    let sheet = ledger("16 +0:54 zen\n16 +0:54 zen").sheet();
    for line in 0..2 {
        let text = alter(&sheet, Place { day: 0, line }, &Alteration::Erase).unwrap();
        let edits = changes(&sheet, &parse(&text), &sheet, &projects()).unwrap();
        assert!(matches!(edits[..], [Edit::Void(_)]), "{edits:?}");
    }
}

#[test]
fn a_line_is_split_only_inside() {
    let sheet = ledger("16 09:02:10-10:47:20 acme/api\n16 11:00-12:00 zen").sheet();
    let place = Place { day: 0, line: 0 };
    let split = |at: &str| {
        alter(
            &sheet,
            place,
            &Alteration::Split(at.parse().unwrap(), revised(to("zen"))),
        )
    };
    assert!(
        split("10:00")
            .unwrap()
            .contains("09:02-10:00  acme/api\n  10:00-10:47  zen       ! altered\n")
    );
    for outside in ["09:02", "10:48", "00:00"] {
        assert_eq!(split(outside), Err(AlterError::Outside(outside.parse().unwrap())));
    }
    assert_eq!(split("10:00b"), Err(AlterError::Clock(ClockError::Once)));
    let nowhere = Place { day: 0, line: 2 };
    assert_eq!(alter(&sheet, nowhere, &Alteration::Erase), Err(AlterError::Gone));
}

#[test]
fn a_line_is_moved_and_made_longer_or_shorter() {
    let sheet = ledger("16 09:02:10-10:47:20 acme/api\n16 11:00-12:00 zen").sheet();
    let place = Place { day: 0, line: 0 };
    let moved = |times: &str| {
        let alteration = Alteration::Move(times.parse().unwrap(), Revised::default());
        alter(&sheet, place, &alteration)
    };
    for times in ["08:00-09:45", "09:02-10:00", "08:30-10:47"] {
        let text = moved(times).unwrap();
        assert!(
            text.contains(&format!("{times}  acme/api\n  11:00-12:00  zen")),
            "{text}"
        );
    }
    assert_eq!(moved("10:00-09:00"), Err(AlterError::Backwards));
    assert_eq!(moved("09:00b-10:00"), Err(AlterError::Clock(ClockError::Once)));
}
