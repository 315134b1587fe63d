//! An import that is taken back: the others are as if it had never been.

use super::*;

/// The rows from which files are made: the beginning in minutes, the length, and a note.
const ROWS: [(i64, i64, &str); 7] = [
    (0, 60, "a"),
    (0, 60, "b"),
    (30, 60, "c"),
    (60, 90, "d"),
    (45, 15, "e"),
    (120, 30, "f"),
    (0, 180, "g"),
];

/// The counted time of each entry, by its note.
fn counted(desk: &mut Desk) -> Vec<(String, Length)> {
    let ledger = desk.engine.ledger(Span::ALL, None, at(desk.now)).unwrap();
    let mut counted: Vec<_> = ledger
        .entered()
        .map(|entered| (entered.entry.note.clone().unwrap_or_default(), entered.counted.length))
        .collect();
    counted.sort();
    counted
}

impl Desk {
    fn file(&self, rows: &[usize]) -> PathBuf {
        let rows: Vec<_> = rows.iter().map(|row| ROWS[*row]).collect();
        let name = format!("{}.csv", rows.iter().map(|(_, _, note)| *note).collect::<String>());
        self.table(&name, &rows)
    }

    /// Imports rows and returns the number of the import, if anything is new.
    fn bring(&mut self, rows: &[usize]) -> Option<i64> {
        let file = self.file(rows);
        self.import(&file)["batch"].as_i64()
    }

    fn take_back(&mut self, batch: i64) -> Value {
        self.run(|engine, now| engine.undo_import(Some(batch), now))
    }
}

#[test]
fn the_hour_that_a_later_import_has_too_comes_back() {
    let hour = Length::from_minutes(60);
    let mut desk = Desk::new();
    // Both files have the first row; another row of the second one lies over it.
    let first = desk.bring(&[0]).unwrap();
    let second = desk.bring(&[0, 2]).unwrap();
    assert_eq!(
        counted(&mut desk),
        [("a".into(), hour), ("c".into(), Length::from_minutes(30))]
    );
    let said = desk.take_back(first);
    assert_eq!((&said["takenBackEntries"], &said["kept"]), (&0.into(), &1.into()));
    // The second file alone: its rows count beside each other.
    assert_eq!(counted(&mut desk), [("a".into(), hour), ("c".into(), hour)]);
    let said = desk.take_back(second);
    assert_eq!((&said["takenBackEntries"], &said["kept"]), (&2.into(), &0.into()));
    assert_eq!(counted(&mut desk), []);
    // Nothing is remembered that would keep the file from coming again.
    assert_eq!(desk.bring(&[0, 2]).map(|_| counted(&mut desk).len()), Some(2));
}

#[test]
fn what_is_billed_meanwhile_is_not_given_back() {
    let mut desk = Desk::new();
    let first = desk.bring(&[0]).unwrap();
    desk.bring(&[6]).unwrap();
    desk.take_back(first);
    assert_eq!(counted(&mut desk), [("g".into(), Length::from_minutes(180))]);
    desk.issue().unwrap();
    let other = desk.bring(&[1]).unwrap();
    desk.take_back(other);
    assert_eq!(desk.seconds(), (3 * 3600, 0));
    desk.hold();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn imports_and_undos_are_the_imports_that_are_left(
        steps in vec((vec(0..ROWS.len(), 1..4), prop::option::weighted(0.4, any::<prop::sample::Index>())), 1..8),
    ) {
        let mut desk = Desk::new();
        let mut left: Vec<(i64, Vec<usize>)> = Vec::new();
        for (rows, undo) in steps {
            match undo {
                Some(which) if !left.is_empty() => {
                    let (batch, _) = left.remove(which.index(left.len()));
                    desk.take_back(batch);
                }
                _ => {
                    if let Some(batch) = desk.bring(&rows) {
                        left.push((batch, rows));
                    }
                }
            }
        }
        let mut fresh = Desk::new();
        for (_, rows) in &left {
            fresh.bring(rows);
        }
        prop_assert_eq!(counted(&mut desk), counted(&mut fresh), "{:?}", left);
        prop_assert_eq!(desk.seconds(), fresh.seconds());
        desk.hold();
    }
}
