//! Fixes for a finding.

use std::ops::Range;

use keeptab_core::rule::ProjectId;

/// A change to the text that a finding proposes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fix {
    /// Puts another text in the place of the finding.
    Replace(String),
    /// Adds keys to the table that the finding is in.
    AddKeys(Vec<&'static str>),
    /// Adds the table of a client.
    AddClient(String),
    /// Settles a tie of two projects by an exception in one of them.
    Except {
        /// The project that wins then.
        winner: ProjectId,
        /// The winner's glob, which the other project gets as an exception.
        glob: String,
        /// The range of the glob that the exception follows, in bytes.
        behind: Range<usize>,
    },
}

/// The similarity of two words, from 0 to 1, above which one is taken for a misspelling of the other.
const ALIKE: f64 = 0.8;

/// Returns the known word most similar to `word`, regardless of case; `None` if none has a Jaro-Winkler similarity
/// above 0.8.
#[must_use]
pub fn nearest<'w>(word: &str, words: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let alike = |known: &str| strsim::jaro_winkler(&known.to_lowercase(), &word.to_lowercase());
    let words = words.into_iter().map(|known| (alike(known), known));
    let best = words.max_by(|(a, _), (b, _)| a.total_cmp(b));
    best.filter(|(alike, _)| *alike > ALIKE).map(|(_, known)| known)
}
