//! One line altered: what it changes lies in that line, and nowhere else.

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

/// Whether all that an edit does lies in a line.
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
        for (place, line) in places(&sheet).filter(|(_, line)| line.billed.is_none()) {
            for alteration in [Alteration::Erase, Alteration::Revise(revised(to("zen")))] {
                let text = alter(&sheet, place, &alteration).unwrap();
                let edits = changes(&sheet, &parse(&text), &sheet, &projects());
                let edits = edits.map_err(|problems| TestCaseError::fail(format!("{alteration:?}: {problems:?}\n{text}")))?;
                prop_assert!(!edits.is_empty(), "{alteration:?}\n{text}");
                prop_assert!(edits.iter().all(|edit| is_inside(edit, line)), "{alteration:?} {edits:?}\n{text}");
            }
        }
    }
}

#[test]
fn a_line_is_split_only_inside() {
    let sheet = ledger("16 09:02:10-10:47:20 acme/api\n16 11:00-12:00 zen").sheet();
    let place = Place { day: 0, line: 0 };
    let split = |minutes| {
        let at = keeptab_core::instant::Length::from_minutes(minutes);
        alter(&sheet, place, &Alteration::Split(at, revised(to("zen"))))
    };
    assert!(
        split(10 * 60)
            .unwrap()
            .contains("09:02-10:00  acme/api\n  10:00-10:47  zen       ! altered\n")
    );
    for outside in [9 * 60 + 2, 10 * 60 + 48, 0] {
        let at = keeptab_core::instant::Length::from_minutes(outside);
        assert_eq!(split(outside), Err(AlterError::Outside(at)));
    }
    let nowhere = Place { day: 0, line: 2 };
    assert_eq!(alter(&sheet, nowhere, &Alteration::Erase), Err(AlterError::Gone));
}
