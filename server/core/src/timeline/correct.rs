//! Corrections: the user's changes in review, applied to the computed timeline.

use std::collections::BTreeSet;

use super::{Stretch, Tag, push};
use crate::instant::{Instant, Span};

/// The id of the correction whose note an instant carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NoteId(pub u64);

/// The effect of a correction on the instants in its span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Retags instants that are counted.
    Assign(Tag),
    /// Counts instants that were not counted.
    Fill(Tag),
    /// Uncounts all instants, later arrivals too.
    Erase,
    /// Sets or removes the note of counted instants.
    Note(Option<NoteId>),
    /// Marks counted instants billable or not.
    Billable(bool),
}

/// A tag with the additions of review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tagged {
    /// The tag.
    pub tag: Tag,
    /// True if it is billable; `None` if the user did not say.
    pub billable: Option<bool>,
    /// The note, if any.
    pub note: Option<NoteId>,
}

impl From<Tag> for Tagged {
    fn from(tag: Tag) -> Self {
        Self {
            tag,
            billable: None,
            note: None,
        }
    }
}

impl Effect {
    /// Applies it to one instant, which may be uncounted.
    fn apply(self, instant: Option<Tagged>) -> Option<Tagged> {
        match (self, instant) {
            (Self::Assign(tag), Some(old)) => Some(Tagged { tag, ..old }),
            (Self::Fill(tag), None) => Some(tag.into()),
            (Self::Erase, _) => None,
            (Self::Note(note), Some(old)) => Some(Tagged { note, ..old }),
            (Self::Billable(billable), Some(old)) => Some(Tagged {
                billable: Some(billable),
                ..old
            }),
            (_, instant) => instant,
        }
    }
}

/// Applies corrections in order, each to the result so far, instant by instant.
#[must_use]
pub fn correct(stretches: &[Stretch<Tag>], corrections: &[(Span, Effect)]) -> Vec<Stretch<Tagged>> {
    let mut points: Vec<(Instant, usize)> = Vec::with_capacity(corrections.len() * 2);
    for (index, (span, _)) in corrections.iter().enumerate() {
        points.extend([(span.start(), index), (span.end(), index)]);
    }
    points.sort_unstable();
    let mut corrected = Vec::with_capacity(stretches.len());
    let mut rest = stretches;
    let mut active = BTreeSet::new();
    let mut from = Instant::EARLIEST;
    for (at, index) in points {
        rest = segment(&mut corrected, rest, Span::new(from, at), &active, corrections);
        from = from.max(at);
        // The first point of a correction begins it, the second ends it.
        if !active.remove(&index) {
            active.insert(index);
        }
    }
    segment(
        &mut corrected,
        rest,
        Span::new(from, Instant::LATEST),
        &active,
        corrections,
    );
    corrected
}

/// Corrects one segment, in which the same corrections apply throughout. Returns the stretches that end after it.
fn segment<'a>(
    corrected: &mut Vec<Stretch<Tagged>>,
    stretches: &'a [Stretch<Tag>],
    segment: Option<Span>,
    active: &BTreeSet<usize>,
    corrections: &[(Span, Effect)],
) -> &'a [Stretch<Tag>] {
    let Some(segment) = segment else { return stretches };
    let first = stretches
        .iter()
        .position(|stretch| stretch.span.end() > segment.start());
    let stretches = &stretches[first.unwrap_or(stretches.len())..];
    let mut put = |span: Option<Span>, tag: Option<Tag>| {
        let start = tag.map(Tagged::from);
        let state = active
            .iter()
            .fold(start, |state, index| corrections[*index].1.apply(state));
        if let Some(state) = state {
            push(corrected, span, state);
        }
    };
    let mut from = segment.start();
    let mut used = 0;
    for stretch in stretches
        .iter()
        .take_while(|stretch| stretch.span.start() < segment.end())
    {
        put(Span::new(from, stretch.span.start()), None);
        put(stretch.span.intersect(segment), Some(stretch.tag));
        from = stretch.span.end();
        used += usize::from(from <= segment.end());
    }
    put(Span::new(from, segment.end()), None);
    &stretches[used..]
}
