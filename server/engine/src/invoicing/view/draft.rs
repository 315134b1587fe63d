//! A draft's reservation and left-out time, shown beside the invoice that it would be.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use keeptab_core::billing::Reason;
use keeptab_core::calendar::{Calendar, Range};
use keeptab_core::instant::{Instant, Length};
use keeptab_core::invoice::{DraftId, Reservation};
use keeptab_core::money::Currency;
use keeptab_core::rule::ProjectId;
use schemars::JsonSchema;
use serde::Serialize;

use super::InvoiceView;
use crate::invoicing::{Left, told};
use crate::taking::TakenEntry;

/// Time that is not on it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct LeftOutView {
    /// The time.
    pub(super) seconds: i64,
    /// The project, if it has one.
    pub(super) project: Option<ProjectId>,
    /// The reason.
    pub(super) reason: Reason,
    /// The draft that reserves it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) draft: Option<DraftId>,
    /// The other currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) currency: Option<Currency>,
}

/// The reservation of a draft that does not hold all projects.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct ReservesView {
    /// The chosen projects; all if `None`.
    projects: Option<Vec<ProjectId>>,
    /// The currency of the reserved time; any if `None`.
    pub(super) currency: Option<Currency>,
    /// The first day; any if `None`.
    from: Option<NaiveDate>,
    /// The last day.
    to: NaiveDate,
}

impl InvoiceView {
    /// Adds the time that is left out.
    pub fn left_out(&mut self, left_out: &[Left]) {
        let view = |left: &Left| LeftOutView {
            seconds: left.time.length.whole_seconds(),
            project: left.time.project.clone(),
            reason: left.time.reason,
            draft: left.draft,
            currency: left.currency,
        };
        self.left_out.extend(left_out.iter().map(view));
    }

    /// Adds the billed entries that lost time to others.
    pub fn taken(&mut self, taken: &[TakenEntry]) {
        self.entries.extend_from_slice(taken);
    }

    /// Returns the other currencies in which there is time that no draft reserves.
    #[must_use]
    pub fn other_currencies(&self) -> BTreeSet<Currency> {
        self.left_out.iter().filter_map(|left| left.currency).collect()
    }

    /// Adds the reservation of a draft.
    pub fn reserves(&mut self, reserves: &Reservation, calendar: &Calendar) {
        let Reservation { span, selection, .. } = reserves;
        let first = Some(span.start()).filter(|start| *start != Instant::EARLIEST);
        let from = first.map(|first| calendar.day_of(first));
        let to = calendar.day_of(span.end() - Length::from_millis(1));
        self.range = from.map(|from| Range::Days(from, to));
        self.told_reserves = told(reserves, calendar);
        let chosen = selection.projects.as_ref();
        self.reserves = (!selection.is_all()).then(|| ReservesView {
            projects: chosen.map(|chosen| chosen.iter().cloned().collect()),
            currency: selection.currency,
            from,
            to,
        });
    }

    /// Returns the reserved range of a draft; `None` for all time up to its creation.
    #[must_use]
    pub fn range(&self) -> Option<Range> {
        self.range
    }

    /// Returns the reservation of a draft in words: its projects, their currency and the range.
    #[must_use]
    pub fn told_reserves(&self) -> &str {
        &self.told_reserves
    }
}
