//! Bloom filter over texts, in constant memory.

use std::hash::{BuildHasher as _, RandomState};

/// The number of bits as a power of two: 4 MiB. Among two million texts, one in a hundred is wrongly taken for a
/// repeated one.
const BITS: u32 = 25;

/// The texts seen so far.
pub(super) struct Seen {
    words: Vec<u64>,
    state: RandomState,
}

impl Seen {
    pub(super) fn new() -> Self {
        Self {
            words: vec![0; 1 << (BITS - 6)],
            state: RandomState::new(),
        }
    }

    /// Adds a text, and returns whether it may have come before: always true if it did.
    pub(super) fn may_have(&mut self, text: &str) -> bool {
        let hash = self.state.hash_one(text);
        let one = self.set(hash);
        let other = self.set(hash >> 32);
        one && other
    }

    /// Sets a bit, and returns whether it was set.
    fn set(&mut self, hash: u64) -> bool {
        let place = hash & ((1 << BITS) - 1);
        let word = usize::try_from(place >> 6)
            .ok()
            .and_then(|word| self.words.get_mut(word));
        let bit = 1 << (place & 63);
        word.is_none_or(|word| {
            let was = *word & bit != 0;
            *word |= bit;
            was
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_before_is_always_known_and_little_else() {
        let mut seen = Seen::new();
        let text = |nth: u32| format!("row {nth}");
        let mistaken = (0..100_000).filter(|nth| seen.may_have(&text(*nth))).count();
        assert!(mistaken < 100, "{mistaken}");
        assert!((0..100_000).all(|nth| seen.may_have(&text(nth))));
    }
}
