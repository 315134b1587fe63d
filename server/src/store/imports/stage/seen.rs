//! Which texts came before, in a memory that does not grow: a Bloom filter.

use std::hash::{BuildHasher as _, RandomState};

/// Bits, as a power of two: 4 MiB. Of two million texts one in a hundred is taken for one that came before.
const BITS: u32 = 25;

/// Texts that came.
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

    /// Takes a text, and returns whether it may have come before. Where it did, that is always true.
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
