//! From what is kept to the timeline.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use anyhow::Result;
use chrono::NaiveDate;
use keeptab_core::billing::{Time, Work};
use keeptab_core::correction::{Change, Correction, To};
use keeptab_core::entity::Entity;
use keeptab_core::entry::{Entry, EntryId};
use keeptab_core::instant::{Instant, Length, Span, united};
use keeptab_core::rule::{ProjectId, Target};
use keeptab_core::timeline::{Effect, NoteId, ProjectIndex, Stretch, Tag, Tagged, correct, within, without};

use super::Engine;
use crate::config::Config;
use crate::store::{Claimed, EntityId, Store};

/// An entry that an invoice bills, with the store's number of the invoice and the place of the line.
pub type BilledEntry = (Entry, i64, usize);

/// The timeline of a span, and the entries of its days.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// Captured time that no invoice bills and no entry covers.
    pub open: Vec<Stretch<Tagged>>,
    /// Captured time that live invoices bill, clipped to the span.
    pub claims: Vec<Claimed>,
    /// Entries that no invoice bills.
    pub entries: Vec<Entry>,
    /// Entries that live invoices bill.
    pub claimed_entries: Vec<BilledEntry>,
    /// The notes of the captured time.
    pub notes: HashMap<NoteId, Arc<str>>,
}

impl Ledger {
    /// Returns the open captured time of a tag.
    pub fn captured(&self, tag: Tag) -> Length {
        let tagged = self.open.iter().filter(|stretch| stretch.tag.tag == tag);
        tagged.map(|stretch| stretch.span.length()).sum()
    }

    /// Counts entries whose clock times begin before an earlier one's end.
    pub fn overlapping_entries(&self) -> usize {
        let open = self.entries.iter().filter_map(|entry| entry.span);
        let billed = self.claimed_entries.iter().filter_map(|(entry, ..)| entry.span);
        let mut spans: Vec<Span> = open.chain(billed).collect();
        spans.sort();
        let mut end = Instant::EARLIEST;
        let mut count = 0;
        for span in spans {
            count += usize::from(span.start() < end);
            end = end.max(span.end());
        }
        count
    }

    /// Returns all open time of no project: captured and entered.
    pub fn unassigned(&self) -> Length {
        let entered = self.entries.iter().filter(|entry| entry.project.is_none());
        self.captured(Tag::Unassigned) + entered.map(|entry| entry.length).sum()
    }
}

impl Config {
    /// Returns the tag of a project; one that is gone from the config is unassigned until it comes back.
    fn tag_of(&self, project: &ProjectId) -> Tag {
        self.index_of(project)
            .map_or(Tag::Unassigned, |index| Tag::Project(ProjectIndex(index)))
    }
}

impl Engine {
    /// Computes the timeline of a span, up to `now`, with the entries of its days.
    pub(super) fn ledger(&mut self, span: Span, days: Option<(NaiveDate, NaiveDate)>, now: Instant) -> Result<Ledger> {
        let captured = self.captured(span, now)?;
        let corrections = self.store.corrections(span)?;
        let corrected = within(&correct(&captured, &self.effects(&corrections)), span);
        let claims: Vec<Claimed> = self
            .store
            .claims(span)?
            .into_iter()
            .filter_map(|claim| clip(claim, span))
            .collect();
        let (entries, claimed_entries) = self.entries(days)?;
        let mut cuts: Vec<Span> = claims.iter().map(|claim| claim.span).collect();
        cuts.extend(self.entry_spans(span)?);
        Ok(Ledger {
            open: without(&corrected, &united(cuts)),
            claims,
            entries,
            claimed_entries,
            notes: notes(corrections),
        })
    }

    /// Computes what was captured in a span with the user's corrections, whatever is billed of it.
    pub(super) fn corrected(&mut self, span: Span, now: Instant) -> Result<Vec<Stretch<Tagged>>> {
        let captured = self.captured(span, now)?;
        let effects = self.effects(&self.store.corrections(span)?);
        Ok(within(&correct(&captured, &effects), span))
    }

    fn effects(&self, corrections: &[Correction]) -> Vec<(Span, Effect)> {
        let tag = |to: &To| match to {
            To::Project(project) => self.config.tag_of(project),
            To::Unassigned => Tag::Unassigned,
            To::Private => Tag::Private,
        };
        let corrections = corrections.iter();
        corrections
            .map(|correction| (correction.span, correction.effect(tag)))
            .collect()
    }

    /// Returns the entries of some days: those that are open, and those that an invoice bills.
    fn entries(&self, days: Option<(NaiveDate, NaiveDate)>) -> Result<(Vec<Entry>, Vec<BilledEntry>)> {
        let claimed = self.store.claimed_entries(days)?;
        let claimed: HashMap<EntryId, (i64, usize)> = claimed
            .into_iter()
            .map(|(entry, invoice, line)| (entry, (invoice, line)))
            .collect();
        let mut open = Vec::new();
        let mut billed = Vec::new();
        for entry in self.store.entries(days)? {
            match claimed.get(&entry.id) {
                Some((invoice, line)) => billed.push((entry, *invoice, *line)),
                None => open.push(entry),
            }
        }
        Ok((open, billed))
    }

    /// Returns the spans of all entries that have clock times and reach into a span.
    fn entry_spans(&self, span: Span) -> Result<Vec<Span>> {
        let day = |at| self.config.calendar.day_of(at);
        // An entry that began the day before may reach into the span.
        let days = (span != Span::ALL).then(|| (day(span.start() - Length::from_minutes(48 * 60)), day(span.end())));
        let spans = self
            .store
            .entries(days)?
            .into_iter()
            .filter_map(|entry| entry.span?.intersect(span));
        Ok(spans.collect())
    }

    /// Returns the open work of projects for billing, in the order of the timeline, entries last.
    pub(super) fn work(&self, ledger: &Ledger) -> Vec<Work> {
        let captured = ledger.open.iter().filter_map(|stretch| match stretch.tag.tag {
            Tag::Project(project) => Some(Work {
                project,
                billable: stretch.tag.billable.unwrap_or(true),
                note: stretch.tag.note.and_then(|note| ledger.notes.get(&note).cloned()),
                time: Time::Captured(stretch.span),
            }),
            Tag::Unassigned | Tag::Private => None,
        });
        let billed: HashSet<EntryId> = self.over_billed(ledger);
        let entered = ledger.entries.iter().filter_map(|entry| {
            Some(Work {
                project: ProjectIndex(self.config.index_of(entry.project.as_ref()?)?),
                billable: entry.billable && !entry.billed_elsewhere && !billed.contains(&entry.id),
                note: entry.note.as_deref().map(Arc::from),
                time: Time::Entry(entry.id, entry.day, entry.length),
            })
        });
        captured.chain(entered).collect()
    }

    /// Returns the open entries that lie over a billed stretch: kept, and not billable.
    pub(super) fn over_billed(&self, ledger: &Ledger) -> HashSet<EntryId> {
        let spans = ledger.entries.iter().filter_map(|entry| entry.span);
        let (Some(start), Some(end)) = (spans.clone().map(Span::start).min(), spans.map(Span::end).max()) else {
            return HashSet::new();
        };
        // Live claims are in order and never overlap: asked for once, each entry finds its own.
        let claims = Span::new(start, end).and_then(|span| self.store.claims(span).ok());
        let claims = claims.unwrap_or_default();
        let over = |entry: &&Entry| {
            entry.span.is_some_and(|span| {
                let first = claims.partition_point(|claim| claim.span.end() <= span.start());
                claims.get(first).is_some_and(|claim| claim.span.start() < span.end())
            })
        };
        ledger.entries.iter().filter(over).map(|entry| entry.id).collect()
    }

    /// Returns what a thing that is not kept yet is credited to under the config in force.
    pub(super) fn tag_of_entity(&self, entity: &Entity) -> Tag {
        credited(&self.config, entity)
    }

    /// Returns what an entity's time is credited to under the config in force.
    pub(super) fn tag(&mut self, entity: EntityId) -> Result<Tag> {
        tag(&self.store, &self.config, &mut self.tags, entity)
    }
}

/// Returns the texts of notes.
pub(super) fn notes(corrections: Vec<Correction>) -> HashMap<NoteId, Arc<str>> {
    let texts = corrections
        .into_iter()
        .filter_map(|correction| match correction.change {
            Change::Note { text } => Some((NoteId(correction.id), text.into())),
            _ => None,
        });
    texts.collect()
}

fn clip(claim: Claimed, span: Span) -> Option<Claimed> {
    claim.span.intersect(span).map(|span| Claimed { span, ..claim })
}

pub(super) fn tag(store: &Store, config: &Config, tags: &mut HashMap<EntityId, Tag>, id: EntityId) -> Result<Tag> {
    if let Some(tag) = tags.get(&id) {
        return Ok(*tag);
    }
    let (entity, _) = store.entity(id)?;
    let tag = credited(config, &entity);
    tags.insert(id, tag);
    Ok(tag)
}

fn credited(config: &Config, entity: &Entity) -> Tag {
    match (entity, config.rules.resolve(entity)) {
        (Entity::Private, _) | (_, Some(Target::Ignore)) => Tag::Private,
        (_, Some(Target::Project(project))) => config.tag_of(project),
        (_, None) => Tag::Unassigned,
    }
}
