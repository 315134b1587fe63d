//! Agents' time beside the person's.

use super::{Stretch, Tag, push, without};
use crate::instant::Span;

/// Fills instants that no human time covers with agents' time, for projects whose client counts it.
///
/// Both lists are timelines: in order, without overlap. However many agents ran at once, `agents` is one stream, so
/// parallel agents never multiply time.
#[must_use]
pub fn beside(human: &[Stretch<Tag>], agents: &[Stretch<Tag>], counts: impl Fn(Tag) -> bool) -> Vec<Stretch<Tag>> {
    let covered: Vec<Span> = human.iter().map(|stretch| stretch.span).collect();
    let counted: Vec<Stretch<Tag>> = agents.iter().filter(|stretch| counts(stretch.tag)).copied().collect();
    let mut all: Vec<Stretch<Tag>> = human.iter().copied().chain(without(&counted, &covered)).collect();
    all.sort_by_key(|stretch| stretch.span);
    let mut joined = Vec::with_capacity(all.len());
    for stretch in all {
        push(&mut joined, Some(stretch.span), stretch.tag);
    }
    joined
}
