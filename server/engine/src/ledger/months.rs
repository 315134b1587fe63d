//! The entries of whole months, computed once for totals.
//!
//! A month is kept without notes and clock times, and without anything of the config. The store removes it in the statement
//! that changes one of its entries, or an instant that one of them may count.

use anyhow::Result;
use chrono::{Datelike as _, Days, NaiveDate};
use keeptab_core::calendar::Month;
use keeptab_core::entry::EntryId;
use keeptab_core::instant::{Instant, Length, Span, united};
use keeptab_core::rule::ProjectId;
use keeptab_store::EntryMonth;
use tracing::warn;

use super::summed::Projects;
use super::{BilledEntry, Entered, Entries, Ledger, Summed, hull};
use crate::Engine;
use crate::packed::{get, get_signed, get_text, put, put_signed, put_text};

/// Rises when the bytes of a month, or the counting of entries, change.
const VERSION: i64 = 1;

/// An entry's clock times begin less than this before or after its civil day.
const APART: Days = Days::new(3);

const BILLABLE: i64 = 1;
const ELSEWHERE: i64 = 2;
const BESIDE: i64 = 4;
const RATED: i64 = 8;
const TAKEN: i64 = 16;
const CLAIMED: i64 = 32;

impl Engine {
    /// Computes the same as [`Engine::ledger`], for totals: entries of whole months may have neither notes nor clock times.
    pub(crate) fn totals_ledger(
        &mut self,
        span: Span,
        days: Option<(NaiveDate, NaiveDate)>,
        now: Instant,
    ) -> Result<Ledger> {
        let last = match days {
            None => None,
            Some((NaiveDate::MIN, last)) => Some(last),
            Some(_) => return self.ledger(span, days, now),
        };
        if self.config.bills_by_note() {
            return self.ledger(span, days, now);
        }
        let (entries, fresh, revision) = self.store.snapshot(|_| self.of_months(span, last))?;
        if !fresh.is_empty()
            && self.keeps_days
            && !self.store.is_read_only()
            && let Err(error) = self.store.cache_entry_months(&fresh, revision)
        {
            // A full disk does not keep anybody from reading.
            warn!("computed months were not kept: {error:#}");
        }
        self.ledger_with(span, entries, now)
    }

    /// Returns the entries up to a day, those of whole months from the cache. Also returns the months that the cache lacks,
    /// and the revision of the past.
    fn of_months(&self, span: Span, last: Option<NaiveDate>) -> Result<(Entries, Vec<EntryMonth>, i64)> {
        let revision = self.store.past_revision()?;
        let (mut entries, mut fresh) = (Entries::default(), Vec::new());
        let mut projects = Projects::new(&self.config);
        for (name, known) in self.store.entry_months()? {
            let Ok(month) = name.parse::<Month>() else {
                let days = last.map(|last| (NaiveDate::MIN, last));
                return Ok((self.entries(span, days)?, Vec::new(), revision));
            };
            let (first, end) = month.bounds();
            // An entry of a later day may reach into the last days.
            if let Some(last) = last
                && end.checked_add_days(APART).is_none_or(|end| end > last)
            {
                let near = first.checked_sub_days(APART).unwrap_or(first);
                let begin = self.config.calendar.day(near).start();
                let rest = Span::new(begin, span.end()).unwrap_or(span);
                entries.join(self.entries(rest, Some((first, last)))?);
                break;
            }
            if known.is_none_or(|known| unpack(&known, first, &mut projects, &mut entries).is_none()) {
                let computed = self.month(month)?;
                unpack(&computed.bytes, first, &mut projects, &mut entries);
                fresh.push(computed);
            }
        }
        entries.covered = entries
            .covered
            .iter()
            .filter_map(|covered| covered.intersect(span))
            .collect();
        Ok((entries, fresh, revision))
    }

    fn month(&self, month: Month) -> Result<EntryMonth> {
        let (first, last) = month.bounds();
        let near = self.config.calendar.day(first);
        let entries = self.entries(near, Some((first, last)))?;
        let all = entries
            .open
            .iter()
            .chain(entries.billed.iter().map(|billed| &billed.entered));
        Ok(EntryMonth {
            month: month.to_string(),
            hull: all.clone().filter_map(|entered| entered.entry.span).reduce(hull),
            projects: all.filter_map(|entered| entered.entry.project.clone()).collect(),
            bytes: pack(&entries.open, &entries.billed),
        })
    }
}

/// Writes the entries of a month: the version, the projects' ids, then each entry as small numbers, then the counted
/// instants of all.
fn pack(open: &[Entered], billed: &[BilledEntry]) -> Vec<u8> {
    let mut all: Vec<(&Entered, Option<(i64, usize)>)> = open.iter().map(|entered| (entered, None)).collect();
    all.extend(
        billed
            .iter()
            .map(|billed| (&billed.entered, Some((billed.invoice, billed.line)))),
    );
    let mut projects: Vec<&ProjectId> = all
        .iter()
        .filter_map(|(entered, _)| entered.entry.project.as_ref())
        .collect();
    projects.sort_unstable();
    projects.dedup();
    let mut bytes = Vec::new();
    put(&mut bytes, VERSION);
    put(&mut bytes, count(projects.len()));
    for project in &projects {
        put_text(&mut bytes, project.as_str());
    }
    put(&mut bytes, count(all.len()));
    let mut before = 0;
    for (entered, claim) in &all {
        let entry = &entered.entry;
        let summed = Summed::of(entered, *claim);
        put_signed(&mut bytes, summed.id.0 - before);
        before = summed.id.0;
        put(&mut bytes, i64::from(summed.day.day0()));
        let project = entry.project.as_ref().and_then(|id| projects.binary_search(&id).ok());
        put(&mut bytes, project.map_or(0, |index| count(index) + 1));
        let flag = |is_set: bool, flag: i64| if is_set { flag } else { 0 };
        put(
            &mut bytes,
            flag(summed.billable, BILLABLE)
                | flag(summed.elsewhere, ELSEWHERE)
                | flag(summed.beside, BESIDE)
                | flag(summed.rate.is_some(), RATED)
                | flag(!summed.taken.is_zero(), TAKEN)
                | flag(claim.is_some(), CLAIMED),
        );
        put(&mut bytes, summed.length.millis());
        if let Some(rate) = summed.rate {
            put_text(&mut bytes, &rate.value().to_string());
        }
        if !summed.taken.is_zero() {
            put(&mut bytes, summed.taken.millis());
        }
        if let Some((invoice, line)) = claim {
            put(&mut bytes, *invoice);
            put(&mut bytes, count(*line));
        }
    }
    let spans = all
        .iter()
        .flat_map(|(entered, _)| entered.counted.spans.iter().copied());
    let spans = united(spans.collect());
    put(&mut bytes, count(spans.len()));
    let mut at = Instant::from_millis(0);
    for span in spans {
        put_signed(&mut bytes, (span.start() - at).millis());
        put(&mut bytes, span.length().millis());
        at = span.end();
    }
    bytes
}

fn count(count: usize) -> i64 {
    i64::try_from(count).unwrap_or_default()
}

/// Adds the entries of a month; `None`, with nothing added, if the bytes are not an output of [`pack`].
fn unpack(mut bytes: &[u8], first: NaiveDate, projects: &mut Projects<'_>, entries: &mut Entries) -> Option<()> {
    let (summed, covered) = (entries.summed.len(), entries.covered.len());
    let unpacked = unpack_all(&mut bytes, first, projects, entries).filter(|()| bytes.is_empty());
    if unpacked.is_none() {
        entries.summed.truncate(summed);
        entries.covered.truncate(covered);
    }
    unpacked
}

fn unpack_all(bytes: &mut &[u8], first: NaiveDate, projects: &mut Projects<'_>, entries: &mut Entries) -> Option<()> {
    (get(bytes)? == VERSION).then_some(())?;
    let mut known = vec![None];
    for _ in 0..get(bytes)? {
        known.push(projects.index_of(&ProjectId::new(get_text(bytes)?)));
    }
    let mut id = 0;
    for _ in 0..get(bytes)? {
        id += get_signed(bytes)?;
        let day = first.with_day0(u32::try_from(get(bytes)?).ok()?)?;
        let project = *known.get(usize::try_from(get(bytes)?).ok()?)?;
        let flags = get(bytes)?;
        let length = Length::from_millis(get(bytes)?);
        let rate = if flags & RATED == 0 {
            None
        } else {
            Some(get_text(bytes)?.parse().ok()?)
        };
        let taken = if flags & TAKEN == 0 { 0 } else { get(bytes)? };
        let claim = if flags & CLAIMED == 0 {
            None
        } else {
            Some((get(bytes)?, usize::try_from(get(bytes)?).ok()?))
        };
        entries.summed.push(Summed {
            id: EntryId(id),
            day,
            project,
            billable: flags & BILLABLE != 0,
            elsewhere: flags & ELSEWHERE != 0,
            beside: flags & BESIDE != 0,
            rate,
            length,
            taken: Length::from_millis(taken),
            claim,
        });
    }
    let mut at = Instant::from_millis(0);
    for _ in 0..get(bytes)? {
        let start = at + Length::from_millis(get_signed(bytes)?);
        at = start + Length::from_millis(get(bytes)?);
        entries.covered.push(Span::new(start, at)?);
    }
    Some(())
}
