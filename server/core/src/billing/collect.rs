//! Collecting a project's time into its lines.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{Claim, Per, Rate, Reason, Terms, Time, Work};
use crate::calendar::Calendar;
use crate::entry::EntryId;
use crate::instant::{Instant, Length, Span};
use crate::money::{Amount, Currency, Price, Unit};
use crate::timeline::ProjectIndex;

/// The key of a project's line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) price: Price,
    pub(super) unit: Unit,
}

/// The time of one project.
#[derive(Clone, Debug, Default)]
pub(super) struct Collected {
    pub(super) groups: BTreeMap<Key, Group>,
    pub(super) left_out: BTreeMap<Reason, Length>,
    /// The session that the last captured piece belongs to: when it began, and where the piece ends.
    session: Option<Span>,
}

/// The time of one line.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    /// What the policy rounds, one by one.
    parts: BTreeMap<Part, Length>,
    pub(super) tracked: Length,
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
    /// A session, by its beginning: pieces that touch are one.
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
                    let part = match terms.policy.per {
                        Per::Line => Part::Line,
                        Per::Day => Part::Day(piece.day),
                        Per::Session => self.session_of(&piece.claim),
                    };
                    self.groups.entry(Key { price, unit }).or_default().add(part, piece);
                }
            }
        }
    }

    fn session_of(&mut self, claim: &Claim) -> Part {
        match *claim {
            Claim::Entry(id, _) => Part::Entry(id),
            Claim::Span(span) => {
                let goes_on = self.session.filter(|session| session.end() == span.start());
                let session = goes_on.and_then(|session| Span::new(session.start(), span.end()));
                Part::Session(self.session.insert(session.unwrap_or(span)).start())
            }
        }
    }
}

impl Group {
    fn add(&mut self, part: Part, piece: Piece) {
        *self.parts.entry(part).or_default() += piece.length;
        self.tracked += piece.length;
        if let (Some(Claim::Span(last)), Claim::Span(next)) = (self.claims.last_mut(), &piece.claim)
            && last.end() == next.start()
            && let Some(joined) = Span::new(last.start(), next.end())
        {
            *last = joined;
            return;
        }
        self.claims.push(piece.claim);
    }

    /// Returns the line's quantity: rounded by the policy, then quantised to two decimals, half up.
    pub(super) fn quantity(&self, unit: Unit, terms: &Terms) -> Decimal {
        let billed: Length = self.parts.values().map(|part| terms.policy.round(*part)).sum();
        terms.quantity(billed, unit)
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
            // What is claimed does not matter here.
            collected.groups.values_mut().for_each(|group| group.claims.clear());
        }
    }

    /// Returns what the lines come to, by currency.
    #[must_use]
    pub fn amounts<'a>(&self, terms: impl Fn(ProjectIndex) -> Option<&'a Terms>) -> BTreeMap<Currency, Amount> {
        let mut amounts = BTreeMap::new();
        for (project, collected) in &self.0 {
            let Some(terms) = terms(*project) else { continue };
            for (key, group) in &collected.groups {
                let amount = Amount::rounded(group.quantity(key.unit, terms) * key.price.value(), terms.currency);
                let sum = amounts
                    .entry(terms.currency)
                    .or_insert_with(|| Amount::zero(terms.currency));
                *sum = *sum + amount;
            }
        }
        amounts
    }
}
