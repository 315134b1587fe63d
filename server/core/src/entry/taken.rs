//! A set of taken instants.

use std::collections::BTreeMap;

use crate::instant::{Instant, Span};

/// A set of instants. Adding and asking cost the logarithm of its spans.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Each span's end by its start; they neither overlap nor touch.
    spans: BTreeMap<Instant, Instant>,
}

impl Taken {
    /// Adds the instants of a span.
    pub fn add(&mut self, span: Span) {
        let (mut start, mut end) = (span.start(), span.end());
        while let Some((from, to)) = self.last_before(end).filter(|(_, to)| *to >= start) {
            self.spans.remove(&from);
            (start, end) = (start.min(from), end.max(to));
        }
        self.spans.insert(start, end);
    }

    /// Returns the instants of a span that are not in the set, in order.
    #[must_use]
    pub fn free(&self, span: Span) -> Vec<Span> {
        let before = self.spans.range(..span.start()).next_back();
        let inside = self.spans.range(span.start()..span.end());
        let mut free = Vec::new();
        let mut start = span.start();
        for (from, to) in before.into_iter().chain(inside) {
            free.extend(Span::new(start, *from));
            start = start.max(*to);
        }
        free.extend(Span::new(start, span.end()));
        free
    }

    /// Returns whether it holds an instant of a span.
    #[must_use]
    pub fn meets(&self, span: Span) -> bool {
        let last = self.spans.range(..span.end()).next_back();
        last.is_some_and(|(_, to)| *to > span.start())
    }

    /// Returns its spans, in order.
    pub fn spans(&self) -> impl Iterator<Item = Span> {
        self.spans.iter().filter_map(|(start, end)| Span::new(*start, *end))
    }

    /// Returns the last span that begins at or before an instant.
    fn last_before(&self, at: Instant) -> Option<(Instant, Instant)> {
        self.spans.range(..=at).next_back().map(|(start, end)| (*start, *end))
    }
}

impl Extend<Span> for Taken {
    fn extend<I: IntoIterator<Item = Span>>(&mut self, spans: I) {
        spans.into_iter().for_each(|span| self.add(span));
    }
}

impl FromIterator<Span> for Taken {
    fn from_iter<I: IntoIterator<Item = Span>>(spans: I) -> Self {
        let mut taken = Self::default();
        taken.extend(spans);
        taken
    }
}
