//! A glob that is compiled when it is first needed.

use std::sync::OnceLock;

use globset::{ErrorKind, Glob, GlobBuilder, GlobMatcher, GlobSet};

use super::RuleError;
use super::folder::literal;

/// The maximum length of a glob, in bytes. No longer path or page is kept.
pub(super) const LONGEST: usize = 4096;

/// One glob, compiled when a text with its literal beginning is first compared: a day needs few of a config's globs.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    glob: Glob,
    /// The beginning of every text that it matches.
    literal: String,
    blind: bool,
    matcher: OnceLock<GlobMatcher>,
}

impl Pattern {
    /// Checks a glob. `blind` ignores case.
    ///
    /// # Errors
    ///
    /// If it is too long or does not compile.
    pub(super) fn new(glob: &str, blind: bool) -> Result<Self, RuleError> {
        // Its parser recurses at each brace.
        if glob.len() > LONGEST {
            return Err(RuleError::Long);
        }
        let glob = GlobBuilder::new(glob)
            .literal_separator(true)
            .case_insensitive(blind)
            .backslash_escape(true)
            .build()
            .map_err(|error| match error.kind() {
                ErrorKind::TooManyNestedAlternates => RuleError::Nested,
                kind => RuleError::Syntax(kind.to_string()),
            })?;
        if glob.glob().contains(['{', '[']) {
            // The later compilation of the matcher cannot report errors, so it is tried here. Without braces and sets
            // it always succeeds: its size is bounded by the glob's length.
            GlobSet::builder()
                .add(glob.clone())
                .build()
                .map_err(|_| RuleError::Nested)?;
        }
        Ok(Self {
            literal: literal(glob.glob()).0,
            glob,
            blind,
            matcher: OnceLock::new(),
        })
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        let prefix = self.literal.as_bytes();
        let fits = text.as_bytes().get(..prefix.len()).is_some_and(|start| {
            if self.blind {
                start.eq_ignore_ascii_case(prefix) || !prefix.is_ascii()
            } else {
                start == prefix
            }
        });
        // If case is folded beyond ASCII, lengths may differ too.
        let fits = fits || self.blind && !prefix.is_ascii();
        fits && self.matcher.get_or_init(|| self.glob.compile_matcher()).is_match(text)
    }

    pub(super) fn glob(&self) -> &str {
        self.glob.glob()
    }

    /// Returns the literal text before the first wildcard.
    pub(super) fn literal(&self) -> &str {
        &self.literal
    }

    /// Returns the equivalent regular expression.
    pub(super) fn expression(&self) -> &str {
        let expression = self.glob.regex();
        // The flag for bytes instead of characters; for ASCII there is no difference.
        expression.strip_prefix("(?-u)").unwrap_or(expression)
    }

    /// Returns a sample: the glob with each wildcard replaced by `x`, to test if another glob matches the same texts.
    /// The glob matches it, unless it has braces or sets.
    pub(super) fn sample(&self) -> String {
        let text = self.glob.glob();
        text.replace("/**/", "/x/").replace("**", "x").replace(['*', '?'], "x")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(glob: &str, blind: bool, text: &str, expected: bool) {
        assert_eq!(
            Pattern::new(glob, blind).unwrap().is_match(text),
            expected,
            "{text} by {glob}"
        );
    }

    #[test]
    fn a_beginning_that_does_not_fit_decides_and_one_that_does_is_compared() {
        check("/w/api/**", false, "/w/api/a.rs", true);
        check("/w/api/**", false, "/w/web/a.rs", false);
        check("/w/api/**", false, "/w", false);
        check("/w/api/*.rs", false, "/w/api/a/b.rs", false);
        check(r"/w/a\{b\}/**", false, "/w/a{b}/c", true);
        check("/w/[{]a/**", false, "/w/{a/c", true);
    }

    #[test]
    fn blind_globs_fold_case_beyond_ascii_or_leave_it_to_the_matcher() {
        check("/W/Api/**", true, "/w/aPI/a.rs", true);
        check("/W/Api/**", false, "/w/aPI/a.rs", false);
        check("/w/Ä/**", true, "/w/Ä/x", true);
        check("/w/Ä/**", true, "/v/Ä/x", false);
    }
}
