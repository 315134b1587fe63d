use std::collections::{BTreeMap, BTreeSet, HashMap};

use keeptab_core::entry::{Beside, Counted, Entry, EntryId, Held, Place, Taken, count, counted_length};
use keeptab_core::instant::{Instant, Length, Span};
use proptest::prelude::*;

use super::{INSTANTS, any_span, instants, span};

/// Entries in any state that undo, imports and other machines can bring about, and time that invoices bill.
#[derive(Clone, Debug)]
struct World {
    entries: Vec<Entry>,
    billed: BTreeMap<EntryId, Counted>,
    held: Vec<Held>,
}

fn entry() -> impl Strategy<Value = Entry> {
    let free = prop::collection::vec(any_span(), 0..3);
    let beside = prop_oneof![6 => Just(Beside::No), 1 => Just(Beside::Rows), 1 => Just(Beside::All)];
    let rows = prop_oneof![4 => Just(None), 1 => Just(Some("one")), 1 => Just(Some("other"))];
    (
        prop::option::weighted(0.9, any_span()),
        free,
        0..30_i64,
        beside,
        rows,
        (0..4_i64, 0..2_u32),
    )
        .prop_map(|(span, taken, length, beside, rows, (made_at, device))| {
            let day = "2026-11-16".parse().unwrap();
            let taken: Taken = taken.into_iter().collect();
            Entry {
                free: match span {
                    Some(span) if beside != Beside::All => taken.free(span),
                    _ => Vec::new(),
                },
                beside,
                rows: rows.map(Into::into),
                place: Place {
                    made_at: Instant::from_millis(made_at),
                    device,
                    n: 0,
                },
                ..Entry::new(EntryId(0), day, span, Length::from_millis(length))
            }
        })
}

/// Returns entries, some of them billed with what they counted, and stretches of captured time that are billed.
fn world() -> impl Strategy<Value = World> {
    let entries = prop::collection::vec((entry(), prop::bool::weighted(0.2)), 0..9);
    (entries, prop::collection::vec(any_span(), 0..3)).prop_map(|(drawn, captured)| {
        let mut world = World {
            entries: Vec::new(),
            billed: BTreeMap::new(),
            held: Vec::new(),
        };
        let mut taken = Taken::default();
        for span in captured {
            world
                .held
                .extend(taken.free(span).into_iter().map(|span| Held { span, entry: None }));
            taken.add(span);
        }
        for (index, (mut entry, billed)) in drawn.into_iter().enumerate() {
            entry.id = EntryId(i64::try_from(index).unwrap());
            entry.place.n = u64::try_from(index).unwrap();
            if billed {
                // An invoice bills only time that nothing else has billed.
                let spans: Vec<Span> = entry.free.iter().flat_map(|span| taken.free(*span)).collect();
                let spans = if entry.beside == Beside::No { spans } else { Vec::new() };
                taken.extend(spans.iter().copied());
                let id = Some(entry.id);
                world
                    .held
                    .extend(spans.iter().map(|span| Held { span: *span, entry: id }));
                let length = entry.length;
                world.billed.insert(entry.id, Counted { spans, length });
            }
            world.entries.push(entry);
        }
        world
    })
}

/// Returns the instants that an entry counts by the literal rule: its stored instants, less live claims of others, less
/// the stored instants of earlier entries. Rows of one file take nothing from each other.
fn defined(world: &World, entry: &Entry) -> BTreeSet<i64> {
    let by_id = |id: EntryId| world.entries.iter().find(|entry| entry.id == id).unwrap();
    let alike = |other: &Entry| other.rows.is_some() && other.rows == entry.rows;
    let mut counted = instants(&entry.free);
    for held in &world.held {
        if held.entry.is_none_or(|id| id != entry.id && !alike(by_id(id))) {
            counted = &counted - &instants([&held.span]);
        }
    }
    for other in world
        .entries
        .iter()
        .filter(|other| other.place < entry.place && !alike(other))
    {
        counted = &counted - &instants(&other.free);
    }
    counted
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn entries_count_what_the_rule_says(world in world()) {
        let counted = count(&world.entries, &world.billed, &world.held);
        for (entry, counted) in world.entries.iter().zip(&counted) {
            if let Some(billed) = world.billed.get(&entry.id) {
                prop_assert_eq!(counted.length, billed.length);
                if entry.beside == Beside::No {
                    prop_assert_eq!(&counted.spans, &billed.spans);
                }
                continue;
            }
            let expected = defined(&world, entry);
            prop_assert_eq!(instants(&counted.spans), expected.clone());
            let length = match entry.span {
                Some(span) if entry.beside != Beside::All => counted_length(span, entry.length, &counted.spans),
                _ => entry.length,
            };
            prop_assert_eq!(counted.length, length);
        }
    }

    #[test]
    fn no_instant_counts_twice(world in world()) {
        let counted = count(&world.entries, &world.billed, &world.held);
        let mut seen: BTreeSet<i64> = world.held.iter().filter(|held| held.entry.is_none()).flat_map(|held| instants([&held.span])).collect();
        for (entry, counted) in world.entries.iter().zip(&counted) {
            // Rows of one file may share instants: the law leaves them out.
            if entry.beside == Beside::No && entry.rows.is_none() {
                for at in instants(&counted.spans) {
                    prop_assert!(seen.insert(at), "{} counts twice", at);
                }
            }
        }
    }

    #[test]
    fn their_order_in_the_list_does_not_matter(world in world(), seed in any::<u64>()) {
        let mut shuffled: Vec<Entry> = world.entries.clone();
        let key = |entry: &Entry| (u64::try_from(entry.id.0).unwrap() + 1).wrapping_mul(seed | 1) >> 7;
        shuffled.sort_by_key(key);
        let by_id = |entries: &[Entry]| {
            let counted = count(entries, &world.billed, &world.held);
            entries.iter().map(|entry| entry.id).zip(counted).collect::<HashMap<_, _>>()
        };
        prop_assert_eq!(by_id(&world.entries), by_id(&shuffled));
    }

    #[test]
    fn what_meets_none_of_them_does_not_matter(world in world(), within in any_span()) {
        // Counting a part of time gives the same as counting the whole, given all entries that reach into it and all
        // that meet these.
        let whole = count(&world.entries, &world.billed, &world.held);
        let asked = |entry: &Entry| entry.span.is_some_and(|span| span.intersect(within).is_some());
        let reach: Vec<Span> = world.entries.iter().filter(|entry| asked(entry)).filter_map(|entry| entry.span).collect();
        let meets = |span: Span| reach.iter().any(|other| other.intersect(span).is_some());
        let near: Vec<usize> = (0..world.entries.len()).filter(|index| world.entries[*index].span.is_some_and(meets)).collect();
        let entries: Vec<Entry> = near.iter().map(|index| world.entries[*index].clone()).collect();
        let held: Vec<Held> = world.held.iter().filter(|held| meets(held.span)).copied().collect();
        for (index, counted) in near.into_iter().zip(count(&entries, &world.billed, &held)) {
            if asked(&world.entries[index]) {
                prop_assert_eq!(&counted, &whole[index]);
            }
        }
    }

    #[test]
    fn entries_written_one_after_the_other_count_what_they_stored(
        spans in prop::collection::vec(any_span(), 1..9), billed in prop::collection::vec(any_span(), 0..3),
    ) {
        let mut taken: Taken = billed.iter().copied().collect();
        let held: Vec<Held> = taken.spans().map(|span| Held { span, entry: None }).collect();
        let day = "2026-11-16".parse().unwrap();
        let mut entries = Vec::new();
        for (index, span) in spans.iter().enumerate() {
            let id = EntryId(i64::try_from(index).unwrap());
            let entry = Entry {
                free: taken.free(*span),
                place: Place { n: u64::try_from(index).unwrap(), ..Place::default() },
                ..Entry::new(id, day, Some(*span), span.length())
            };
            taken.extend(entry.free.iter().copied());
            entries.push(entry);
        }
        let counted = count(&entries, &BTreeMap::new(), &held);
        for (entry, counted) in entries.iter().zip(&counted) {
            prop_assert_eq!(&entry.free, &counted.spans);
        }
        // In any order of writing, the sum is the same.
        let all: Length = counted.iter().map(|counted| counted.length).sum();
        let union: BTreeSet<i64> = instants(&spans).difference(&instants(&billed)).copied().collect();
        prop_assert_eq!(all.millis(), i64::try_from(union.len()).unwrap());
    }

    #[test]
    fn a_break_is_taken_first(whole in any_span(), length in 0..2 * INSTANTS, holes in prop::collection::vec(any_span(), 0..4)) {
        let length = Length::from_millis(length);
        let taken: Taken = holes.into_iter().collect();
        let free = taken.free(whole);
        let counted = counted_length(whole, length, &free);
        let is_free: Length = free.iter().map(|span| span.length()).sum();
        prop_assert!(Length::ZERO <= counted && counted <= length);
        if free.is_empty() {
            prop_assert_eq!(counted, Length::ZERO);
        } else if length <= whole.length() {
            prop_assert_eq!(counted, length.min(is_free));
        } else {
            prop_assert_eq!(counted, (length - (whole.length() - is_free)).max(Length::ZERO));
        }
        // Fewer free instants never count more.
        let less = free.iter().skip(1).copied().collect::<Vec<_>>();
        prop_assert!(counted_length(whole, length, &less) <= counted);
    }
}

#[test]
fn of_two_that_another_machine_brings_the_earlier_one_counts() {
    let day = "2026-11-16".parse().unwrap();
    let made = |id: i64, made_at: i64, device: u32| Entry {
        place: Place {
            made_at: Instant::from_millis(made_at),
            device,
            n: 1,
        },
        ..Entry::new(EntryId(id), day, Some(span(0, 10)), Length::from_millis(10))
    };
    let counts = |entries: &[Entry]| -> Vec<i64> {
        count(entries, &BTreeMap::new(), &[])
            .iter()
            .map(|counted| counted.length.millis())
            .collect()
    };
    assert_eq!(counts(&[made(1, 5, 0), made(2, 4, 1)]), [0, 10]);
    assert_eq!(counts(&[made(1, 4, 1), made(2, 4, 0)]), [0, 10]);
}
