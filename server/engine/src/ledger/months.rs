//! The entries of whole months, computed once for totals.
//!
//! A month is kept without notes and clock times, and without anything of the config: its entries one by one, their sums by
//! project, and the instants that they count. The store removes it in the statement that changes one of its entries, or an
//! instant that one of them may count.

mod form;

use std::collections::BTreeSet;

use anyhow::Result;
use chrono::{Days, NaiveDate};
use keeptab_core::calendar::Month;
use keeptab_core::instant::{Instant, Span, united};
use keeptab_core::timeline::{Stretch, Tagged};
use keeptab_store::{EntryMonth, Form};
use tracing::warn;

use super::summed::{Grain, Projects, Summed};
use super::{BilledEntry, Entries, Ledger, hull};
use crate::Engine;

/// An entry's clock times begin less than this before or after its civil day.
const APART: Days = Days::new(3);

/// The instants that the entries of a month count, as yet unread: most months have no captured time beside them.
#[derive(Clone, Debug)]
pub(super) struct Covered {
    month: Month,
    /// The hull of the entries' clock times.
    hull: Span,
    /// The encoded instants; `None` if the store has them.
    bytes: Option<Vec<u8>>,
}

impl Engine {
    /// Computes the same as [`Engine::ledger`], for totals: entries of whole months may have neither notes nor clock times,
    /// and sums may stand for them, if the caller and the config need no more.
    pub(crate) fn totals_ledger(
        &mut self,
        span: Span,
        days: Option<(NaiveDate, NaiveDate)>,
        grain: Grain,
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
        let form = match grain {
            Grain::Month if self.config.bills_by_month() => Form::Sums,
            Grain::Month | Grain::Day => Form::Entries,
        };
        let (entries, fresh, revision) = self.store.snapshot(|_| self.of_months(span, last, form))?;
        if !fresh.is_empty()
            && self.keeps_days
            && !self.store.is_read_only()
            && let Err(error) = self.store.cache_entry_months(&fresh, revision)
        {
            // A full disk does not keep anybody from reading.
            warn!("computed months were not kept: {error:#}");
        }
        let ledger = self.ledger_with(span, entries, now)?;
        // The instants of months are read after their sums; another host may have changed entries between.
        if self.store.past_revision()? == revision {
            Ok(ledger)
        } else {
            self.ledger(span, days, now)
        }
    }

    /// Returns the entries up to a day, those of whole months from the cache. Also returns the months that the cache lacks,
    /// and the revision of the past.
    fn of_months(&self, span: Span, last: Option<NaiveDate>, form: Form) -> Result<(Entries, Vec<EntryMonth>, i64)> {
        let revision = self.store.past_revision()?;
        let (mut entries, mut fresh) = (Entries::default(), Vec::new());
        let mut projects = Projects::new(&self.config);
        for (name, known) in self.store.entry_months(form)? {
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
            let read = known.as_ref().and_then(|known| {
                let summed = form::unpack(form, &known.bytes, first, &mut projects)?;
                Some((summed, known.hull, None))
            });
            let (summed, hull, bytes) = if let Some(read) = read {
                read
            } else {
                let computed = self.month(month)?;
                let bytes = match form {
                    Form::Sums => &computed.sums,
                    Form::Entries => &computed.entries,
                };
                let summed = form::unpack(form, bytes, first, &mut projects).unwrap_or_default();
                let (hull, spans) = (computed.hull, computed.spans.clone());
                fresh.push(computed);
                (summed, hull, Some(spans))
            };
            entries.summed.extend(summed);
            entries.months.extend(hull.map(|hull| Covered { month, hull, bytes }));
        }
        entries.covered = entries
            .covered
            .iter()
            .filter_map(|covered| covered.intersect(span))
            .collect();
        Ok((entries, fresh, revision))
    }

    /// Returns the instants that the entries of months count, of those months that reach into captured time.
    pub(super) fn covered(&self, months: Vec<Covered>, captured: &[Stretch<Tagged>]) -> Result<Vec<Span>> {
        let mut spans = Vec::new();
        for month in months {
            let next = captured.partition_point(|stretch| stretch.span.end() <= month.hull.start());
            if captured
                .get(next)
                .is_none_or(|next| next.span.start() >= month.hull.end())
            {
                continue;
            }
            let bytes = match month.bytes {
                Some(bytes) => Some(bytes),
                None => self.store.entry_month_spans(&month.month.to_string())?,
            };
            let read = bytes.and_then(|bytes| form::unpack_spans(&bytes));
            spans.extend(match read {
                Some(spans) => spans,
                None => form::unpack_spans(&self.month(month.month)?.spans).unwrap_or_default(),
            });
        }
        Ok(spans)
    }

    fn month(&self, month: Month) -> Result<EntryMonth> {
        let (first, last) = month.bounds();
        let near = self.config.calendar.day(first);
        let entries = self.entries(near, Some((first, last)))?;
        let all = entries
            .open
            .iter()
            .chain(entries.billed.iter().map(|billed| &billed.entered));
        let spans = all.clone().flat_map(|entered| entered.counted.spans.iter().copied());
        let projects: BTreeSet<_> = all
            .clone()
            .filter_map(|entered| entered.entry.project.as_ref())
            .collect();
        let listed: Vec<_> = projects.iter().copied().collect();
        let place = |project: Option<&_>| project.and_then(|id| listed.binary_search(&id).ok());
        let open = entries.open.iter().map(|entered| (entered, None));
        let billed = entries.billed.iter();
        let billed = billed.map(|BilledEntry { entered, invoice, line }| (entered, Some((*invoice, *line))));
        let items: Vec<form::Item> = open
            .chain(billed)
            .map(|(entered, claim)| (place(entered.entry.project.as_ref()), Summed::of(entered, claim)))
            .collect();
        Ok(EntryMonth {
            month: month.to_string(),
            hull: all.clone().filter_map(|entered| entered.entry.span).reduce(hull),
            sums: form::pack(Form::Sums, &listed, &form::sums(&items)),
            entries: form::pack(Form::Entries, &listed, &items),
            spans: form::pack_spans(&united(spans.collect())),
            projects: projects.into_iter().cloned().collect(),
        })
    }
}
