//! The timeline: the project of the person's work at every instant.
//!
//! A function from instants to at most one tag, written as [`Stretch`]es in order that never overlap. It is computed
//! each time and never stored as truth:
//!
//! `timeline = corrections(absorb(credit(heartbeats, boundaries, rules)))`, with billed time and the spans of
//! entries cut out. Each step is a file of its own: [`credit`], [`absorb`], [`beside`] for agents, [`correct`].

mod absorb;
mod beside;
mod correct;
mod credit;

use std::collections::BTreeMap;

use crate::instant::{Length, Span, subtract};

pub use absorb::absorb;
pub use beside::beside;
pub use correct::{Effect, NoteId, Tagged, correct};
pub use credit::{Counting, Crediting, credit};

/// A piece of the timeline with one tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch<T> {
    /// The span.
    pub span: Span,
    /// The tag.
    pub tag: T,
}

/// A project, by its place in the caller's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProjectIndex(pub usize);

/// The assignment of an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tag {
    /// A project.
    Project(ProjectIndex),
    /// No project: no rule matches.
    Unassigned,
    /// Private: an ignore rule or the person says so.
    Private,
}

/// Adds a stretch at the end, joining it with the last one if they touch and have the same tag.
fn push<T: Copy + Eq>(stretches: &mut Vec<Stretch<T>>, span: Option<Span>, tag: T) {
    let Some(span) = span else { return };
    if let Some(last) = stretches.last_mut()
        && last.tag == tag
        && last.span.end() == span.start()
        && let Some(joined) = Span::new(last.span.start(), span.end())
    {
        last.span = joined;
        return;
    }
    stretches.push(Stretch { span, tag });
}

/// Returns the stretches without the given spans, which are sorted and do not overlap.
#[must_use]
pub fn without<T: Copy>(stretches: &[Stretch<T>], spans: &[Span]) -> Vec<Stretch<T>> {
    let keep = |stretch: &Stretch<T>| {
        let tag = stretch.tag;
        let left = subtract(stretch.span, spans);
        left.into_iter().map(move |span| Stretch { span, tag })
    };
    stretches.iter().flat_map(keep).collect()
}

/// Returns the parts of the stretches that lie in `span`.
#[must_use]
pub fn within<T: Copy>(stretches: &[Stretch<T>], span: Span) -> Vec<Stretch<T>> {
    let first = stretches.partition_point(|stretch| stretch.span.end() <= span.start());
    let after = stretches.partition_point(|stretch| stretch.span.start() < span.end());
    let clip = |stretch: &Stretch<T>| {
        let tag = stretch.tag;
        stretch.span.intersect(span).map(|span| Stretch { span, tag })
    };
    stretches[first..after.max(first)].iter().filter_map(clip).collect()
}

/// Adds the stretches up by tag.
#[must_use]
pub fn totals<T: Copy + Ord>(stretches: &[Stretch<T>]) -> BTreeMap<T, Length> {
    let mut totals = BTreeMap::new();
    for stretch in stretches {
        *totals.entry(stretch.tag).or_default() += stretch.span.length();
    }
    totals
}

#[cfg(test)]
mod tests;
