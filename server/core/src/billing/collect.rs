//! Collecting a project's time into keys, lines and parts.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::keyed::Keyed;
use super::natural::natural;
use super::{Claim, Grouping, Per, Policy, Rate, Reason, Terms, Time, Work};
use crate::calendar::Calendar;
use crate::entry::EntryId;
use crate::instant::{Instant, Length, Span};
use crate::money::{Amount, Currency, Price, Unit};
use crate::timeline::ProjectIndex;

/// The key of a project's lines. Currency and tax are the project's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) price: Price,
    pub(super) unit: Unit,
}

/// The order of the lines of a key, as they are printed: by day, then by note in natural order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// The day, if lines are grouped by days.
    day: Option<NaiveDate>,
    /// The note, if lines are grouped by notes; the line without a note comes first.
    pub(super) note: Option<Arc<str>>,
}

impl Ord for Row {
    fn cmp(&self, other: &Self) -> Ordering {
        let notes = match (&self.note, &other.note) {
            (Some(one), Some(other)) => natural(one, other),
            (one, other) => one.is_some().cmp(&other.is_some()),
        };
        self.day.cmp(&other.day).then(notes)
    }
}

impl PartialOrd for Row {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The time of one project.
#[derive(Clone, Debug, Default)]
pub(super) struct Collected {
    pub(super) keys: BTreeMap<Key, Keyed>,
    pub(super) left_out: BTreeMap<Reason, Length>,
}

/// The time of one line.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    /// Its share of each part that the policy rounds.
    pub(super) parts: BTreeMap<Part, Length>,
    pub(super) tracked: Length,
    /// The first and last civil day.
    pub(super) period: Option<(NaiveDate, NaiveDate)>,
    /// The stretches in order, without overlap, and the entries.
    pub(super) claims: Vec<Claim>,
}

/// A part of a key's time, which the policy rounds once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// All of it.
    Line,
    /// A civil day.
    Day(NaiveDate),
    /// A session, by its beginning.
    Session(Instant),
    /// An entry, which is a session of its own.
    Entry(EntryId),
    /// A note; time without a note is one part.
    Note(Option<Arc<str>>),
}

/// A piece of work within one civil day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) day: NaiveDate,
    pub(super) length: Length,
    pub(super) claim: Claim,
}

/// The session of the latest captured time. Adjacent pieces are one session.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Running(Option<Span>);

impl Running {
    /// Returns the part that a piece belongs to. Captured time comes in order.
    pub(super) fn part(&mut self, per: Per, piece: &Piece, note: Option<&Arc<str>>) -> Part {
        match (per, piece.claim) {
            (Per::Line, _) => Part::Line,
            (Per::Day, _) => Part::Day(piece.day),
            (Per::Note, _) => Part::Note(note.cloned()),
            (Per::Session, Claim::Entry(id, _)) => Part::Entry(id),
            (Per::Session, Claim::Span(span)) => {
                let touching = self.0.filter(|last| last.end() == span.start());
                let start = touching.map_or(span.start(), Span::start);
                self.0 = Span::new(start, span.end());
                Part::Session(start)
            }
        }
    }
}

impl Collected {
    /// Adds time; captured time comes in the order of the timeline.
    pub(super) fn add(&mut self, work: &Work, terms: &Terms, calendar: &Calendar) {
        match work.time {
            Time::Captured(span) => calendar.split(span).for_each(|(day, span)| {
                let (length, claim) = (span.length(), Claim::Span(span));
                self.add_piece(Piece { day, length, claim }, work, terms);
            }),
            Time::Entry(id, day, length) => {
                let claim = Claim::Entry(id, day);
                self.add_piece(Piece { day, length, claim }, work, terms);
            }
        }
    }

    fn add_piece(&mut self, piece: Piece, work: &Work, terms: &Terms) {
        let own = work.rate.map(|price| (price, Unit::Hour));
        let project = || terms.rate_on(piece.day).map(|Rate { price, unit, .. }| (price, unit));
        match own.or_else(project) {
            _ if !(terms.billable && work.billable) => {
                *self.left_out.entry(Reason::NotBillable).or_default() += piece.length;
            }
            None => *self.left_out.entry(Reason::NoRate).or_default() += piece.length,
            Some((price, unit)) => {
                let row = Row {
                    day: (terms.grouping == Grouping::Day).then_some(piece.day),
                    note: work.note.clone().filter(|_| terms.grouping == Grouping::Note),
                };
                let keyed = self.keys.entry(Key { price, unit }).or_default();
                keyed.add(row, terms.policy.per, piece, work.note.as_ref());
            }
        }
    }
}

impl Group {
    /// Collects the pieces of one line into parts. Claims carry no notes: per note, all pieces fall into one part.
    pub(super) fn of(pieces: impl IntoIterator<Item = Piece>, per: Per) -> Self {
        let (mut group, mut running) = (Self::default(), Running::default());
        for piece in pieces {
            group.add(running.part(per, &piece, None), piece);
        }
        group
    }

    /// Splits claimed time by civil days. Each claim has its length beside it.
    pub(super) fn pieces(claims: &[(Claim, Length)], calendar: &Calendar) -> Vec<Piece> {
        let time = |(claim, length): &(Claim, Length)| match *claim {
            Claim::Span(span) => Time::Captured(span),
            Claim::Entry(id, day) => Time::Entry(id, day, *length),
        };
        claims.iter().flat_map(|claim| pieces(time(claim), calendar)).collect()
    }

    pub(super) fn add(&mut self, part: Part, piece: Piece) {
        *self.parts.entry(part).or_default() += piece.length;
        self.tracked += piece.length;
        let (first, last) = self.period.unwrap_or((piece.day, piece.day));
        self.period = Some((first.min(piece.day), last.max(piece.day)));
        if let (Some(Claim::Span(last)), Claim::Span(next)) = (self.claims.last_mut(), &piece.claim)
            && last.end() == next.start()
            && let Some(joined) = Span::new(last.start(), next.end())
        {
            *last = joined;
            return;
        }
        self.claims.push(piece.claim);
    }

    /// Adds the time of another line of the same key.
    pub(super) fn join(&mut self, other: &Self) {
        for (part, length) in &other.parts {
            *self.parts.entry(part.clone()).or_default() += *length;
        }
        self.tracked += other.tracked;
        let periods = self.period.into_iter().chain(other.period);
        self.period = periods.reduce(|all, more| (all.0.min(more.0), all.1.max(more.1)));
        let mut spans = Vec::new();
        let mut entries = Vec::new();
        for claim in self.claims.drain(..).chain(other.claims.iter().copied()) {
            match claim {
                Claim::Span(span) => spans.push(span),
                Claim::Entry(..) => entries.push(claim),
            }
        }
        self.claims = crate::instant::united(spans).into_iter().map(Claim::Span).collect();
        self.claims.append(&mut entries);
    }

    /// Returns the rounded length, provided that no other line shares any of its parts.
    pub(super) fn rounded(&self, policy: &Policy) -> Length {
        self.parts.values().map(|part| policy.round(*part)).sum()
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

/// The worth of some time, as the lines of [`super::bill`] say it together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Worth {
    /// The time on lines.
    pub billable: Length,
    /// The sum of the lines; `None` without a line.
    pub amount: Option<Amount>,
}

/// Returns the worth of work of one project, in the order of the timeline, without making its lines.
#[must_use]
pub fn worth<'a>(work: impl IntoIterator<Item = &'a Work>, terms: &Terms, calendar: &Calendar) -> Worth {
    let mut collected = Collected::default();
    work.into_iter().for_each(|work| collected.add(work, terms, calendar));
    let mut worth = Worth::default();
    for (key, keyed) in &collected.keys {
        let runs = keyed.runs(&terms.rounding(key.unit), key.unit);
        if runs.is_empty() {
            continue;
        }
        worth.billable += keyed.tracked();
        for run in runs {
            let amount = Amount::rounded(run.quantity * key.price.value(), terms.currency);
            worth.amount = Some(worth.amount.map_or(amount, |sum| sum + amount));
        }
    }
    worth
}

/// A running sum of billable time. Its amounts equal those of [`super::bill`] for all work that was added.
#[derive(Clone, Debug, Default)]
pub struct Tally(BTreeMap<ProjectIndex, Collected>);

impl Tally {
    /// Adds work in the order of the timeline. It must come after all work that was added before.
    pub fn add<'a>(&mut self, work: &[Work], terms: impl Fn(ProjectIndex) -> Option<&'a Terms>, calendar: &Calendar) {
        for work in work {
            let Some(terms) = terms(work.project) else { continue };
            let collected = self.0.entry(work.project).or_default();
            collected.add(work, terms, calendar);
        }
        let keys = self.0.values_mut().flat_map(|collected| collected.keys.values_mut());
        keys.for_each(Keyed::forget_claims);
    }

    /// Returns the sum of the lines, by currency.
    #[must_use]
    pub fn amounts<'a>(&self, terms: impl Fn(ProjectIndex) -> Option<&'a Terms>) -> BTreeMap<Currency, Amount> {
        let mut amounts = BTreeMap::new();
        for (project, collected) in &self.0 {
            let Some(terms) = terms(*project) else { continue };
            let currency = terms.currency;
            for (key, keyed) in &collected.keys {
                for run in keyed.runs(&terms.rounding(key.unit), key.unit) {
                    let sum = amounts.entry(currency).or_insert_with(|| Amount::zero(currency));
                    *sum = *sum + Amount::rounded(run.quantity * key.price.value(), currency);
                }
            }
        }
        amounts
    }
}
