//! The order of texts with numbers in them.

use std::cmp::Ordering;

/// Compares two texts so that the numbers in them order by their value: `#9` comes before `#10`. Only equal texts are
/// equal.
pub(super) fn natural(one: &str, other: &str) -> Ordering {
    let (mut left, mut right) = (one, other);
    loop {
        let (Some(first), Some(second)) = (left.chars().next(), right.chars().next()) else {
            // Texts that differ only in leading zeros have an order, too.
            return left.len().cmp(&right.len()).then_with(|| one.cmp(other));
        };
        let order = if first.is_ascii_digit() && second.is_ascii_digit() {
            number(&mut left).cmp(&number(&mut right))
        } else {
            left = left.get(first.len_utf8()..).unwrap_or_default();
            right = right.get(second.len_utf8()..).unwrap_or_default();
            first.cmp(&second)
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// Takes the digits at the beginning of a text. Returns how many they are without leading zeros, and these: compared
/// in this order they compare as numbers of any size do.
fn number<'a>(text: &mut &'a str) -> (usize, &'a str) {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    *text = rest;
    let digits = digits.trim_start_matches('0');
    (digits.len(), digits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_order_by_value() {
        let sorted = [
            "",
            "#9",
            "#9 b",
            "#10",
            "#10a2",
            "#10a10",
            "#99999999999999999999",
            "#100000000000000000000",
            "007",
            "7",
            "7a",
            "08",
            "a",
            "b1",
            "é2",
            "é10",
        ];
        for pair in sorted.windows(2) {
            assert_eq!(natural(pair[0], pair[1]), Ordering::Less, "{pair:?}");
        }
    }

    proptest! {
        #[test]
        fn it_is_a_total_order(texts in prop::collection::vec("[#a0-1é]{0,5}", 3)) {
            let (a, b, c) = (&texts[0], &texts[1], &texts[2]);
            prop_assert_eq!(natural(a, b), natural(b, a).reverse());
            prop_assert_eq!(natural(a, b).is_eq(), a == b);
            if natural(a, b).is_le() && natural(b, c).is_le() {
                prop_assert!(natural(a, c).is_le());
            }
        }
    }
}
