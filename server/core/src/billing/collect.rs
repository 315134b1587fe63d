//! Collecting a project's time into its lines.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{Claim, Grouping, Per, Rate, Reason, Rounding, Terms, Time, Work};
use crate::calendar::Calendar;
use crate::entry::EntryId;
use crate::instant::{Instant, Length, Span};
use crate::money::{Amount, Currency, Price, Unit};
use crate::timeline::ProjectIndex;

/// The key of a project's line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    /// The day, where time is grouped by days.
    day: Option<NaiveDate>,
    /// The note, where it is grouped by notes; what has none comes first.
    pub(super) note: Option<Arc<str>>,
    pub(super) price: Price,
    pub(super) unit: Unit,
}

/// The time of one project.
#[derive(Clone, Debug, Default)]
pub(super) struct Collected {
    pub(super) groups: BTreeMap<Key, Group>,
    pub(super) left_out: BTreeMap<Reason, Length>,
}

/// The time of one line.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    /// What the policy rounds, one by one.
    parts: BTreeMap<Part, Length>,
    pub(super) tracked: Length,
    /// The first and last civil day.
    pub(super) period: Option<(NaiveDate, NaiveDate)>,
    /// The stretches in order, without overlap.
    pub(super) claims: Vec<Claim>,
}

/// What a policy rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// The whole line.
    Line,
    /// A civil day.
    Day(NaiveDate),
    /// A session, by its beginning: pieces of the line that touch are one.
    Session(Instant),
    /// An entry, which is a session of its own.
    Entry(EntryId),
}

/// A piece of work within one civil day.
#[derive(Clone, Copy)]
struct Piece {
    day: NaiveDate,
    length: Length,
    claim: Claim,
}

impl Collected {
    /// Adds time; captured time comes in the order of the timeline.
    pub(super) fn add(&mut self, work: &Work, terms: &Terms, calendar: &Calendar) {
        for piece in pieces(work.time, calendar) {
            let length = piece.length;
            match terms.rate_on(piece.day) {
                _ if !(terms.billable && work.billable) => {
                    *self.left_out.entry(Reason::NotBillable).or_default() += length;
                }
                None => *self.left_out.entry(Reason::NoRate).or_default() += length,
                Some(Rate { price, unit, .. }) => {
                    let key = Key {
                        day: (terms.grouping == Grouping::Day).then_some(piece.day),
                        note: work.note.clone().filter(|_| terms.grouping == Grouping::Note),
                        price,
                        unit,
                    };
                    self.groups.entry(key).or_default().add(terms.policy.per, piece);
                }
            }
        }
    }
}

impl Group {
    /// Collects what was claimed once more.
    pub(super) fn of(claims: &[(Claim, Length)], per: Per, calendar: &Calendar) -> Self {
        let mut group = Self::default();
        for (claim, length) in claims {
            let time = match *claim {
                Claim::Span(span) => Time::Captured(span),
                Claim::Entry(id, day) => Time::Entry(id, day, *length),
            };
            for piece in pieces(time, calendar) {
                group.add(per, piece);
            }
        }
        group
    }

    fn add(&mut self, per: Per, piece: Piece) {
        self.tracked += piece.length;
        let (first, last) = self.period.unwrap_or((piece.day, piece.day));
        self.period = Some((first.min(piece.day), last.max(piece.day)));
        self.claim(piece.claim);
        let part = match (per, self.claims.last()) {
            (Per::Line, _) | (Per::Session, None) => Part::Line,
            (Per::Day, _) => Part::Day(piece.day),
            (Per::Session, Some(Claim::Entry(id, _))) => Part::Entry(*id),
            (Per::Session, Some(Claim::Span(span))) => Part::Session(span.start()),
        };
        *self.parts.entry(part).or_default() += piece.length;
    }

    fn claim(&mut self, claim: Claim) {
        if let (Some(Claim::Span(last)), Claim::Span(next)) = (self.claims.last_mut(), &claim)
            && last.end() == next.start()
            && let Some(joined) = Span::new(last.start(), next.end())
        {
            *last = joined;
            return;
        }
        self.claims.push(claim);
    }

    /// Returns the line's quantity: rounded by the policy, then quantised to two decimals, half up.
    pub(super) fn quantity(&self, unit: Unit, rounding: &Rounding) -> Decimal {
        let billed: Length = self.parts.values().map(|part| rounding.policy.round(*part)).sum();
        rounding.quantity(billed, unit)
    }
}

fn pieces(time: Time, calendar: &Calendar) -> Vec<Piece> {
    match time {
        Time::Captured(span) => calendar
            .split(span)
            .map(|(day, span)| Piece {
                day,
                length: span.length(),
                claim: Claim::Span(span),
            })
            .collect(),
        Time::Entry(id, day, length) => vec![Piece {
            day,
            length,
            claim: Claim::Entry(id, day),
        }],
    }
}

/// Billable time added up, to which more can be added: it always comes to what [`super::bill`] would print of it all.
#[derive(Clone, Debug, Default)]
pub struct Tally(BTreeMap<ProjectIndex, Collected>);

impl Tally {
    /// Adds work, in the order of the timeline, that comes after what was added before.
    pub fn add<'a>(&mut self, work: &[Work], terms: impl Fn(ProjectIndex) -> Option<&'a Terms>, calendar: &Calendar) {
        for work in work {
            let Some(terms) = terms(work.project) else { continue };
            let collected = self.0.entry(work.project).or_default();
            collected.add(work, terms, calendar);
            // What is claimed does not matter here, but for the last, which may be gone on with.
            for group in collected.groups.values_mut() {
                group.claims.drain(..group.claims.len().saturating_sub(1));
            }
        }
    }

    /// Returns what the lines come to, by currency.
    #[must_use]
    pub fn amounts<'a>(&self, terms: impl Fn(ProjectIndex) -> Option<&'a Terms>) -> BTreeMap<Currency, Amount> {
        let mut amounts = BTreeMap::new();
        for (project, collected) in &self.0 {
            let Some(terms) = terms(*project) else { continue };
            for (key, group) in &collected.groups {
                let amount = Amount::rounded(
                    group.quantity(key.unit, &terms.rounding()) * key.price.value(),
                    terms.currency,
                );
                let sum = amounts
                    .entry(terms.currency)
                    .or_insert_with(|| Amount::zero(terms.currency));
                *sum = *sum + amount;
            }
        }
        amounts
    }
}
