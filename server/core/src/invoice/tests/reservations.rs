//! Reservations meet exactly if they may hold the same project at the same instant.

use std::collections::BTreeSet;

use proptest::collection::btree_set;
use proptest::prelude::*;

use crate::instant::{Instant, Span};
use crate::invoice::{Reservation, Selection};
use crate::money::Currency;
use crate::rule::ProjectId;

const CURRENCIES: [&str; 2] = ["EUR", "USD"];

fn id(index: u8) -> ProjectId {
    ProjectId::new(index.to_string())
}

fn currency(index: usize) -> Currency {
    CURRENCIES[index].parse().unwrap()
}

fn reservation() -> impl Strategy<Value = Reservation> {
    let chosen = proptest::option::of(btree_set(0..3_u8, 0..3));
    let money = proptest::option::of(0..2_usize);
    (0..6_i64, 1..3_i64, chosen, money).prop_map(|(from, length, chosen, money)| Reservation {
        client: "acme".into(),
        span: Span::new(Instant::from_millis(from), Instant::from_millis(from + length)).unwrap(),
        selection: Selection {
            projects: chosen.map(|chosen| chosen.into_iter().map(id).collect::<BTreeSet<_>>()),
            currency: money.map(currency),
        },
    })
}

proptest! {
    #[test]
    fn reservations_meet_where_both_may_hold_a_project(one in reservation(), other in reservation()) {
        // A fourth project comes later, and any project may be in any currency.
        let both = (0..4_u8).any(|project| (0..2).any(|money| {
            let holds = |selection: &Selection| selection.holds(&id(project), currency(money));
            holds(&one.selection) && holds(&other.selection)
        }));
        let together = (0..9).map(Instant::from_millis).any(|at| one.span.contains(at) && other.span.contains(at));
        prop_assert_eq!(one.meets(&other), both && together);
        prop_assert_eq!(other.meets(&one), both && together);
        let of_another = Reservation { client: "globex".into(), ..other };
        prop_assert!(!one.meets(&of_another));
    }
}
