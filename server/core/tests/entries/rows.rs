use std::collections::BTreeSet;

use keeptab_core::entry::{Overlaps, Row, Taken, land};
use proptest::prelude::*;

use super::{any_span, instants};

fn rows() -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec(
        (0..3_u32, any_span()).prop_map(|(file, span)| Row { file, span }),
        0..10,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_row_counts_beside_the_rows_of_its_file_alone(
        rows in rows(), there in prop::collection::vec(any_span(), 0..4),
    ) {
        let taken: Taken = there.iter().copied().collect();
        let landed = land(&rows, &taken, Overlaps::Beside);
        for (index, (row, land)) in rows.iter().zip(&landed).enumerate() {
            let mut expected = instants([&row.span]);
            expected = &expected - &instants(&there);
            for (other, before) in rows.iter().zip(&landed).take(index) {
                if other.file != row.file {
                    expected = &expected - &instants(&before.free);
                }
            }
            prop_assert_eq!(instants(&land.free), expected.clone());
            let meets = |(other, nth): (&Row, usize)| {
                other.file == row.file && nth != index && !instants(&landed[nth].free).is_disjoint(&expected)
            };
            prop_assert_eq!(!land.beside.is_zero(), rows[..index].iter().zip(0..).any(meets));
            prop_assert_eq!(land.shares, rows.iter().zip(0..).any(meets));
        }
    }

    #[test]
    fn once_counts_each_instant_once(rows in rows(), there in prop::collection::vec(any_span(), 0..4)) {
        let taken: Taken = there.iter().copied().collect();
        let mut seen = instants(&there);
        for land in land(&rows, &taken, Overlaps::Once) {
            prop_assert!(land.beside.is_zero() && !land.shares);
            for at in instants(&land.free) {
                prop_assert!(seen.insert(at));
            }
        }
        let all: BTreeSet<i64> = instants(rows.iter().map(|row| &row.span)).union(&instants(&there)).copied().collect();
        prop_assert_eq!(seen, all);
    }

    #[test]
    fn rows_that_are_there_count_nothing_a_second_time(rows in rows()) {
        let mut taken = Taken::default();
        for land in land(&rows, &Taken::default(), Overlaps::Beside) {
            taken.extend(land.free);
        }
        for land in land(&rows, &taken, Overlaps::Beside) {
            prop_assert!(land.free.is_empty() && land.beside.is_zero());
        }
    }
}
