use keeptab_core::entry::Taken;
use proptest::prelude::*;

use super::{any_span, instants};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn it_is_the_set_of_the_instants_that_were_added(
        added in prop::collection::vec(any_span(), 0..12), asked in any_span(),
    ) {
        let taken: Taken = added.iter().copied().collect();
        let expected = instants(&added);
        let spans: Vec<_> = taken.spans().collect();
        prop_assert_eq!(instants(&spans), expected.clone());
        // They neither overlap nor touch.
        prop_assert!(spans.windows(2).all(|pair| pair[0].end() < pair[1].start()));
        let free = taken.free(asked);
        prop_assert!(free.windows(2).all(|pair| pair[0].end() < pair[1].start()));
        let left: std::collections::BTreeSet<i64> = instants([&asked]).difference(&expected).copied().collect();
        prop_assert_eq!(instants(&free), left);
        prop_assert_eq!(taken.meets(asked), instants([&asked]).intersection(&expected).next().is_some());
    }
}
