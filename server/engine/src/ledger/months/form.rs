//! The bytes of a month in the cache.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};
use keeptab_core::entry::EntryId;
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::money::Price;
use keeptab_core::rule::ProjectId;
use keeptab_store::Form;

use crate::ledger::summed::{Projects, Summed};
use crate::packed::{get, get_signed, get_text, put, put_signed, put_text};

/// Rises when the bytes of a month, or the counting of entries, change.
const VERSION: i64 = 2;

const BILLABLE: i64 = 1;
const ELSEWHERE: i64 = 2;
const BESIDE: i64 = 4;
const RATED: i64 = 8;
const TAKEN: i64 = 16;
const CLAIMED: i64 = 32;

/// An entry or a sum, with the place of its project in a month's list, if it has one.
pub(super) type Item = (Option<usize>, Summed);

/// Adds up what totals need not tell apart.
pub(super) fn sums(items: &[Item]) -> Vec<Item> {
    let mut sums = BTreeMap::new();
    for (project, one) in items {
        let key = (
            *project,
            one.billable,
            one.elsewhere,
            one.beside,
            one.rate,
            one.claim,
            one.is_work(),
        );
        let sum = sums.entry(key).or_insert(Summed {
            id: EntryId(0),
            day: one.day.with_day(1).unwrap_or(one.day),
            length: Length::ZERO,
            taken: Length::ZERO,
            entries: 0,
            shortened: 0,
            ..*one
        });
        sum.length += one.length;
        sum.taken += one.taken;
        sum.entries += one.entries;
        sum.shortened += one.shortened;
    }
    sums.into_iter().map(|((project, ..), sum)| (project, sum)).collect()
}

/// Writes the version, the projects' ids and the rates, then each entry or sum as small numbers.
pub(super) fn pack(form: Form, projects: &[&ProjectId], items: &[Item]) -> Vec<u8> {
    let mut bytes = Vec::new();
    put(&mut bytes, VERSION);
    put(&mut bytes, count(projects.len()));
    for project in projects {
        put_text(&mut bytes, project.as_str());
    }
    let mut rates: Vec<Price> = items.iter().filter_map(|(_, one)| one.rate).collect();
    rates.sort_unstable();
    rates.dedup();
    put(&mut bytes, count(rates.len()));
    for rate in &rates {
        put_text(&mut bytes, &rate.value().to_string());
    }
    put(&mut bytes, count(items.len()));
    let mut before = 0;
    for (project, one) in items {
        put(&mut bytes, project.map_or(0, |index| count(index) + 1));
        let flag = |is_set: bool, flag: i64| if is_set { flag } else { 0 };
        put(
            &mut bytes,
            flag(one.billable, BILLABLE)
                | flag(one.elsewhere, ELSEWHERE)
                | flag(one.beside, BESIDE)
                | flag(one.rate.is_some(), RATED)
                | flag(one.shortened > 0, TAKEN)
                | flag(one.claim.is_some(), CLAIMED),
        );
        put(&mut bytes, one.length.millis());
        match form {
            Form::Sums => put(&mut bytes, count(one.entries)),
            Form::Entries => {
                put_signed(&mut bytes, one.id.0 - before);
                before = one.id.0;
                put(&mut bytes, i64::from(one.day.day0()));
            }
        }
        if let Some(rate) = one.rate {
            put(&mut bytes, rates.binary_search(&rate).map_or(0, count));
        }
        if one.shortened > 0 {
            put(&mut bytes, one.taken.millis());
            if form == Form::Sums {
                put(&mut bytes, count(one.shortened));
            }
        }
        if let Some((invoice, line)) = one.claim {
            put(&mut bytes, invoice);
            put(&mut bytes, count(line));
        }
    }
    bytes
}

/// Reads the entries or the sums of a month; `None` if the bytes are not an output of [`pack`].
pub(super) fn unpack(
    form: Form,
    mut bytes: &[u8],
    first: NaiveDate,
    projects: &mut Projects<'_>,
) -> Option<Vec<Summed>> {
    let bytes = &mut bytes;
    (get(bytes)? == VERSION).then_some(())?;
    let mut known = vec![None];
    for _ in 0..get(bytes)? {
        known.push(projects.index_of(get_text(bytes)?));
    }
    let mut rates = Vec::new();
    for _ in 0..get(bytes)? {
        rates.push(get_text(bytes)?.parse::<Price>().ok()?);
    }
    let items = length(bytes)?;
    // A broken count does not reserve memory.
    let mut unpacked = Vec::with_capacity(items.min(bytes.len()));
    let mut id = 0;
    for _ in 0..items {
        let project = *known.get(length(bytes)?)?;
        let flags = get(bytes)?;
        let has = |flag: i64| flags & flag != 0;
        let counted = Length::from_millis(get(bytes)?);
        let (mut entries, mut day) = (1, first);
        match form {
            Form::Sums => entries = length(bytes)?,
            Form::Entries => {
                id += get_signed(bytes)?;
                day = first.with_day0(u32::try_from(get(bytes)?).ok()?)?;
            }
        }
        let rate = if has(RATED) {
            Some(*rates.get(length(bytes)?)?)
        } else {
            None
        };
        let (mut taken, mut shortened) = (0, 0);
        if has(TAKEN) {
            taken = get(bytes)?;
            shortened = if form == Form::Sums { length(bytes)? } else { 1 };
        }
        let claim = if has(CLAIMED) {
            Some((get(bytes)?, length(bytes)?))
        } else {
            None
        };
        unpacked.push(Summed {
            id: EntryId(id),
            day,
            project,
            billable: has(BILLABLE),
            elsewhere: has(ELSEWHERE),
            beside: has(BESIDE),
            rate,
            length: counted,
            taken: Length::from_millis(taken),
            entries,
            shortened,
            claim,
        });
    }
    bytes.is_empty().then_some(unpacked)
}

/// Writes spans in order: the version, the number of them, and for each the distance from the one before and its length.
pub(super) fn pack_spans(spans: &[Span]) -> Vec<u8> {
    let mut bytes = Vec::new();
    put(&mut bytes, VERSION);
    put(&mut bytes, count(spans.len()));
    let mut at = Instant::from_millis(0);
    for span in spans {
        put_signed(&mut bytes, (span.start() - at).millis());
        put(&mut bytes, span.length().millis());
        at = span.end();
    }
    bytes
}

/// Reads spans; `None` if the bytes are not an output of [`pack_spans`].
pub(super) fn unpack_spans(mut bytes: &[u8]) -> Option<Vec<Span>> {
    let bytes = &mut bytes;
    (get(bytes)? == VERSION).then_some(())?;
    let spans = length(bytes)?;
    let mut unpacked = Vec::with_capacity(spans.min(bytes.len()));
    let mut at = Instant::from_millis(0);
    for _ in 0..spans {
        let start = at + Length::from_millis(get_signed(bytes)?);
        at = start + Length::from_millis(get(bytes)?);
        unpacked.push(Span::new(start, at)?);
    }
    bytes.is_empty().then_some(unpacked)
}

fn count(count: usize) -> i64 {
    i64::try_from(count).unwrap_or_default()
}

fn length(bytes: &mut &[u8]) -> Option<usize> {
    usize::try_from(get(bytes)?).ok()
}
