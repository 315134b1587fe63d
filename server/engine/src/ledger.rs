//! From stored records to the timeline.

mod months;
mod summed;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use anyhow::Result;
use chrono::NaiveDate;
use keeptab_config::Config;
use keeptab_core::billing::{Time, Work};
use keeptab_core::correction::{Change, Correction, To};
use keeptab_core::entity::Entity;
use keeptab_core::entry::{Counted, Entry, EntryId, count};
use keeptab_core::instant::{Instant, Length, Span, united};
use keeptab_core::rule::Target;
use keeptab_core::timeline::{Effect, NoteId, ProjectIndex, Stretch, Tag, Tagged, correct, within, without};
use keeptab_store::{Claimed, EntityId, Store};

use super::Engine;
use months::Covered;
use summed::Projects;
pub use summed::{Grain, Summed};

/// An entry with its counted time.
#[derive(Clone, Debug)]
pub struct Entered {
    /// The entry.
    pub entry: Entry,
    /// Its project under the config in force; `None` if it has none, or the config has it no longer.
    pub project: Option<ProjectIndex>,
    /// The counted part.
    pub counted: Counted,
}

impl Entered {
    /// Returns the length that counts elsewhere.
    pub fn taken(&self) -> Length {
        (self.entry.length - self.counted.length).max(Length::ZERO)
    }
}

/// An entry that an invoice bills.
#[derive(Clone, Debug)]
pub struct BilledEntry {
    /// The entry, with the billed part of it.
    pub entered: Entered,
    /// The invoice, as the store numbers them.
    pub invoice: i64,
    /// The line's place on it.
    pub line: usize,
}

/// The timeline of a span, and the entries of its days.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// Captured time that no invoice bills and no entry covers.
    pub open: Vec<Stretch<Tagged>>,
    /// Captured time that live invoices bill, clipped to the span.
    pub claims: Vec<Claimed>,
    /// Captured time that invoices of other homes bill, with their numbers. It is open, and not billable.
    pub elsewhere: Vec<(Span, String)>,
    /// Entries that no invoice bills.
    pub entries: Vec<Entered>,
    /// Entries that live invoices bill.
    pub claimed_entries: Vec<BilledEntry>,
    /// Further entries, billed or not, of which only the totals are known.
    pub summed: Vec<Summed>,
    /// The notes of the captured time.
    pub notes: HashMap<NoteId, Arc<str>>,
}

/// The entries of some days.
#[derive(Clone, Debug, Default)]
struct Entries {
    open: Vec<Entered>,
    billed: Vec<BilledEntry>,
    summed: Vec<Summed>,
    /// The instants that they count, and those that neighbours count.
    covered: Vec<Span>,
    /// Further instants, by month.
    months: Vec<Covered>,
}

impl Entries {
    fn join(&mut self, other: Self) {
        self.open.extend(other.open);
        self.billed.extend(other.billed);
        self.summed.extend(other.summed);
        self.covered.extend(other.covered);
        self.months.extend(other.months);
    }
}

impl Ledger {
    /// Returns the open captured time of a tag.
    pub fn captured(&self, tag: Tag) -> Length {
        let tagged = self.open.iter().filter(|stretch| stretch.tag.tag == tag);
        tagged.map(|stretch| stretch.span.length()).sum()
    }

    /// Returns the open work of projects for billing, in the order of the timeline, entries last.
    pub fn work(&self) -> Vec<Work> {
        let captured = self.open.iter().filter_map(|stretch| match stretch.tag.tag {
            Tag::Project(project) => Some(Work {
                project,
                billable: stretch.tag.billable.unwrap_or(true),
                note: stretch.tag.note.and_then(|note| self.notes.get(&note).cloned()),
                rate: None,
                time: Time::Captured(stretch.span),
            }),
            Tag::Unassigned | Tag::Private => None,
        });
        // An entry whose time is all held by others is no work.
        let works = |taken: Length, length: Length| taken.is_zero() || !length.is_zero();
        let entered = self.entries.iter().filter_map(
            |entered @ Entered {
                 entry,
                 project,
                 counted,
             }| {
                let project = project.filter(|_| works(entered.taken(), counted.length))?;
                Some(Work {
                    project,
                    billable: entry.billable && !entry.billed_elsewhere,
                    note: entry.note.as_deref().map(Arc::from),
                    rate: entry.rate,
                    time: Time::Entry(entry.id, entry.day, counted.length),
                })
            },
        );
        let summed = self.summed.iter().filter(|summed| summed.claim.is_none());
        let summed = summed.filter_map(|summed| {
            Some(Work {
                project: summed.project.filter(|_| summed.is_work())?,
                billable: summed.billable,
                note: None,
                rate: summed.rate,
                time: Time::Entry(summed.id, summed.day, summed.length),
            })
        });
        captured.chain(entered).chain(summed).collect()
    }

    /// Returns all entries, billed or not.
    pub fn entered(&self) -> impl Iterator<Item = &Entered> {
        self.entries
            .iter()
            .chain(self.claimed_entries.iter().map(|billed| &billed.entered))
    }

    /// Returns all open time of no project: captured and entered.
    pub fn unassigned(&self) -> Length {
        let entered = self.open_sums().filter(|summed| summed.project.is_none());
        self.captured(Tag::Unassigned) + entered.map(|summed| summed.length).sum()
    }
}

impl Engine {
    /// Computes the timeline of a span, up to `now`, with the entries of its days.
    pub(super) fn ledger(&mut self, span: Span, days: Option<(NaiveDate, NaiveDate)>, now: Instant) -> Result<Ledger> {
        let entries = self.entries(span, days)?;
        self.ledger_with(span, entries, now)
    }

    /// Computes the timeline of a span, up to `now`, around entries.
    fn ledger_with(&mut self, span: Span, entries: Entries, now: Instant) -> Result<Ledger> {
        let captured = self.captured(span, now)?;
        let corrections = self.store.corrections(span)?;
        let corrected = within(&correct(&captured, &self.effects(&corrections)), span);
        let mut claims = self.store.claims(span)?;
        let mut cuts: Vec<Span> = claims.iter().map(|claim| claim.span).collect();
        cuts.extend(entries.covered);
        cuts.extend(self.covered(entries.months, &corrected)?);
        claims.retain(|claim| claim.entry.is_none());
        let elsewhere = self.store.elsewhere(span)?;
        Ok(Ledger {
            open: not_billable(&without(&corrected, &united(cuts)), &elsewhere),
            claims: claims.into_iter().filter_map(|claim| clip(claim, span)).collect(),
            elsewhere,
            entries: entries.open,
            claimed_entries: entries.billed,
            summed: entries.summed,
            notes: notes(corrections),
        })
    }

    /// Computes the captured time of a span with the user's corrections, billed or not.
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

    /// Returns the entries of some days with their counted time: open ones, and those that an invoice bills. Also
    /// returns the instants of a span that entries of any day count.
    fn entries(&self, span: Span, days: Option<(NaiveDate, NaiveDate)>) -> Result<Entries> {
        let mut entries = self.store.entries(days)?;
        let listed = entries.len();
        let reach = entries.iter().filter_map(|entry| entry.span).fold(span, hull);
        if days.is_some() {
            let known: HashSet<EntryId> = entries.iter().map(|entry| entry.id).collect();
            let near = self.store.entries_near(reach)?;
            entries.extend(near.into_iter().filter(|entry| !known.contains(&entry.id)));
        }
        let of_all = entries.iter().map(|entry| (entry.day, entry.day));
        let of_all = of_all.reduce(|(first, last), (from, to)| (first.min(from), last.max(to)));
        let claimed = match of_all {
            Some(of_all) => self.store.claimed_entries(days.map(|_| of_all))?,
            None => Vec::new(),
        };
        let billed: BTreeMap<EntryId, Counted> = claimed
            .iter()
            .map(|claim| (claim.entry, claim.counted.clone()))
            .collect();
        let claimed: HashMap<EntryId, (i64, usize)> = claimed
            .into_iter()
            .map(|claim| (claim.entry, (claim.invoice, claim.line)))
            .collect();
        let counted = count(&entries, &billed, &self.store.held(reach)?);
        let covered = counted.iter().flat_map(|counted| &counted.spans);
        let covered = covered.filter_map(|counted| counted.intersect(span)).collect();
        let (mut open, mut paid) = (Vec::new(), Vec::new());
        let mut projects = Projects::new(&self.config);
        for (entry, counted) in entries.into_iter().zip(counted).take(listed) {
            let claim = claimed.get(&entry.id).copied();
            let project = entry.project.as_ref().and_then(|id| projects.index_of(id.as_str()));
            let entered = Entered {
                entry,
                project,
                counted,
            };
            match claim {
                Some((invoice, line)) => paid.push(BilledEntry { entered, invoice, line }),
                None => open.push(entered),
            }
        }
        Ok(Entries {
            open,
            billed: paid,
            covered,
            ..Entries::default()
        })
    }

    /// Returns the project of an entity that is not stored, under the config in force.
    pub(super) fn tag_of_entity(&self, entity: &Entity) -> Tag {
        credited(&self.config, entity)
    }

    /// Returns the project of an entity under the config in force.
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

/// Returns the smallest span that holds both.
fn hull(one: Span, other: Span) -> Span {
    Span::new(one.start().min(other.start()), one.end().max(other.end())).unwrap_or(one)
}

/// Marks the parts of stretches that lie in spans as not billable.
fn not_billable(stretches: &[Stretch<Tagged>], spans: &[(Span, String)]) -> Vec<Stretch<Tagged>> {
    if spans.is_empty() {
        return stretches.to_vec();
    }
    let spans = united(spans.iter().map(|(span, _)| *span).collect());
    let mut marked = without(stretches, &spans);
    for span in spans {
        marked.extend(within(stretches, span).into_iter().map(|stretch| Stretch {
            tag: Tagged {
                billable: Some(false),
                ..stretch.tag
            },
            ..stretch
        }));
    }
    marked.sort_by_key(|stretch| stretch.span);
    marked
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
