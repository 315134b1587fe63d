use keeptab_core::entry::counted_length;
use keeptab_core::instant::Length;

use super::span;

fn check(length: i64, free: &[(i64, i64)], expected: i64) {
    let free: Vec<_> = free.iter().map(|(start, end)| span(*start, *end)).collect();
    let counted = counted_length(span(0, 40), Length::from_millis(length), &free);
    assert_eq!(counted.millis(), expected, "{length} of {free:?}");
}

#[test]
fn a_length_counts_less_what_is_taken_beyond_its_break() {
    check(40, &[(0, 40)], 40);
    check(40, &[(20, 40)], 20);
    // A break of 10 is taken first.
    check(30, &[(20, 40)], 20);
    check(30, &[(5, 40)], 30);
    check(30, &[(0, 15), (25, 40)], 30);
    // A length above the span counts as it is, less what is taken.
    check(50, &[(0, 40)], 50);
    check(50, &[(20, 40)], 30);
    check(50, &[], 0);
    check(0, &[(0, 40)], 0);
}
