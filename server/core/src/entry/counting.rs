//! The instants that each entry counts, so that none counts twice.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Beside, Entry, EntryId, Taken};
use crate::instant::{Instant, Length, Span};

/// The time that an entry counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// The counted instants, in order; captured time under them is not counted again.
    pub spans: Vec<Span>,
    /// The counted length.
    pub length: Length,
}

/// Instants that a live invoice bills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// The instants.
    pub span: Span,
    /// The billed entry, or `None` if the time was captured.
    pub entry: Option<EntryId>,
}

/// Returns the length that an entry counts if only `spans` of its span are left to it.
///
/// If the length is below that of the span, the rest is a break, and lost instants reduce the break first. A length
/// above that of the span is reduced by all lost instants. Zero if `spans` is empty.
#[must_use]
pub fn counted_length(span: Span, length: Length, spans: &[Span]) -> Length {
    if spans.is_empty() {
        return Length::ZERO;
    }
    let counted: Length = spans.iter().map(|span| span.length()).sum();
    let taken = span.length() - counted;
    let pause = (span.length() - length).max(Length::ZERO);
    (length - (taken - pause).max(Length::ZERO)).max(Length::ZERO)
}

/// Returns the time that each entry counts, in the order of `entries`: the instants that were free when it was written,
/// less those that live invoices bill otherwise, less those that were free for an earlier entry. The last two apply
/// only if an undo or another machine brings an entry back.
///
/// `billed` is the time that live invoices bill of some entries; these entries count just that. `entries` and `held`
/// must include all that reach into a free span of one of the entries.
#[must_use]
pub fn count(entries: &[Entry], billed: &BTreeMap<EntryId, Counted>, held: &[Held]) -> Vec<Counted> {
    let free = entries.iter().enumerate().filter(|(_, entry)| takes_part(entry));
    let free = free.flat_map(|(index, entry)| entry.free.iter().map(move |span| (*span, Some(index))));
    let meeting = meeting(free.chain(held.iter().map(|held| (held.span, None))).collect());
    let mut counted: Vec<Counted> = entries.iter().map(alone).collect();
    let mut order: Vec<usize> = meeting.into_iter().collect();
    order.sort_by_key(|index| entries[*index].place);
    let mut ground = Ground::new(entries, &order, held);
    for index in order {
        let entry = &entries[index];
        let spans = ground.left_for(entry);
        counted[index].length = entry
            .span
            .map_or(entry.length, |span| counted_length(span, entry.length, &spans));
        counted[index].spans = spans;
        ground.take(entry);
    }
    for (entry, counted) in entries.iter().zip(&mut counted) {
        if let Some(billed) = billed.get(&entry.id) {
            counted.length = billed.length;
            // A claim on rows beside others holds no spans. The entry keeps its own, so that captured time under it
            // stays uncounted.
            if entry.beside == Beside::No {
                counted.spans.clone_from(&billed.spans);
            }
        }
    }
    counted
}

/// Returns the time that an entry counts if it overlaps no other time.
fn alone(entry: &Entry) -> Counted {
    match entry.span {
        Some(span) if entry.beside != Beside::All => Counted {
            length: counted_length(span, entry.length, &entry.free),
            spans: entry.free.clone(),
        },
        _ => Counted {
            length: entry.length,
            spans: Vec::new(),
        },
    }
}

/// Returns the owners of spans that overlap another span. A span without an owner overlaps, but is not returned. The
/// spans of one owner must not overlap.
pub(super) fn meeting(mut spans: Vec<(Span, Option<usize>)>) -> BTreeSet<usize> {
    spans.sort_unstable();
    let mut meeting = BTreeSet::new();
    let mut last: Option<(Instant, Option<usize>)> = None;
    for (span, index) in spans {
        if let Some((end, before)) = last
            && span.start() < end
        {
            meeting.extend(before);
            meeting.extend(index);
        }
        last = match last {
            Some((end, before)) if end >= span.end() => Some((end, before)),
            _ => Some((span.end(), index)),
        };
    }
    meeting
}

fn takes_part(entry: &Entry) -> bool {
    entry.span.is_some() && entry.beside != Beside::All
}

/// The taken instants, as the rows of each file see them: rows of one file take nothing from one another.
struct Ground<'e> {
    all: Taken,
    without: BTreeMap<&'e str, Taken>,
}

impl<'e> Ground<'e> {
    fn new(entries: &'e [Entry], order: &[usize], held: &[Held]) -> Self {
        let sets: BTreeSet<&str> = order
            .iter()
            .filter_map(|index| entries[*index].rows.as_deref())
            .collect();
        let rows: HashMap<EntryId, &str> = if sets.is_empty() {
            HashMap::new()
        } else {
            entries
                .iter()
                .filter_map(|entry| Some((entry.id, entry.rows.as_deref()?)))
                .collect()
        };
        let mut ground = Self {
            all: Taken::default(),
            without: sets.into_iter().map(|set| (set, Taken::default())).collect(),
        };
        for held in held {
            let rows = held.entry.and_then(|entry| rows.get(&entry).copied());
            ground.add(held.span, rows);
        }
        ground
    }

    fn left_for(&self, entry: &Entry) -> Vec<Span> {
        let taken = entry
            .rows
            .as_deref()
            .and_then(|rows| self.without.get(rows))
            .unwrap_or(&self.all);
        entry.free.iter().flat_map(|span| taken.free(*span)).collect()
    }

    fn take(&mut self, entry: &Entry) {
        for span in &entry.free {
            self.add(*span, entry.rows.as_deref());
        }
    }

    fn add(&mut self, span: Span, rows: Option<&str>) {
        self.all.add(span);
        for (set, taken) in &mut self.without {
            if Some(*set) != rows {
                taken.add(span);
            }
        }
    }
}
