//! From the ledger to the pieces of a timesheet.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use anyhow::Result;
use keeptab_core::correction::To;
use keeptab_core::entity::Entity;
use keeptab_core::instant::{Instant, Span};
use keeptab_core::invoice::InvoiceNumber;
use keeptab_core::rule::ProjectId;
use keeptab_core::timeline::{Stretch, Tag, Tagged, within};
use keeptab_core::timesheet::Piece;
use keeptab_store::{EntityId, StoredSign};

use super::Engine;
use super::ledger::Ledger;

/// An invoice that bills time, and the projects of its lines.
struct Biller {
    number: String,
    projects: Vec<Option<ProjectId>>,
}

impl Engine {
    /// Returns the captured time of a span, in order, with its corrections and claims.
    pub(super) fn pieces(&mut self, ledger: &Ledger, span: Span, now: Instant) -> Result<Vec<Piece>> {
        let corrected = self.corrected(span, now)?;
        let note = |tagged: &Tagged| {
            tagged
                .note
                .and_then(|id| ledger.notes.get(&id))
                .map(ToString::to_string)
        };
        let mut pieces = Vec::new();
        for stretch in &ledger.open {
            let piece = Piece {
                span: stretch.span,
                to: match stretch.tag.tag {
                    Tag::Project(index) => To::Project(self.config.projects[index.0].terms.project.clone()),
                    Tag::Unassigned => To::Unassigned,
                    Tag::Private => To::Private,
                },
                note: note(&stretch.tag),
                billable: stretch.tag.billable.unwrap_or(true),
                billed: None,
                hint: None,
            };
            if piece.to == To::Unassigned {
                pieces.extend(self.by_root(&piece, now)?);
            } else {
                pieces.push(piece);
            }
        }
        let mut billers = HashMap::new();
        for claim in &ledger.claims {
            let biller = match billers.entry(claim.invoice) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(self.biller(claim.invoice)?),
            };
            let Some(Some(project)) = biller.projects.get(claim.line) else {
                continue;
            };
            let piece = |span, note| Piece {
                span,
                to: To::Project(project.clone()),
                note,
                billable: true,
                billed: Some(biller.number.clone()),
                hint: None,
            };
            pieces.extend(covered(claim.span, &corrected, note).map(|(span, note)| piece(span, note)));
        }
        pieces.sort_by_key(|piece| piece.span);
        Ok(pieces)
    }

    fn biller(&self, invoice: i64) -> Result<Biller> {
        let issued = self.store.invoice_numbered(invoice)?;
        let lines = issued.content().lines.iter();
        Ok(Biller {
            number: issued.number().to_string(),
            projects: lines
                .map(|line| line.project.as_ref().map(|id| self.config.present(id)))
                .collect(),
        })
    }

    /// Returns the number of an invoice.
    pub(super) fn number_of(&self, invoice: i64) -> Result<InvoiceNumber> {
        Ok(self.store.invoice_numbered(invoice)?.number().clone())
    }

    /// Splits unassigned time by the workspace roots that it was seen under: time is assigned by root.
    fn by_root(&mut self, piece: &Piece, now: Instant) -> Result<Vec<Piece>> {
        let mut hint = self.root_before(piece.span.start())?;
        let mut pieces: Vec<Piece> = Vec::new();
        let mut roots = HashMap::<EntityId, Option<String>>::new();
        let mut from = piece.span.start();
        let things = self.things(piece.span, now, |_| ())?;
        for stretch in within(&things, piece.span) {
            let at = stretch.span.start();
            let root = match roots.entry(stretch.tag.entity) {
                Entry::Occupied(known) => known.get().clone(),
                Entry::Vacant(new) => new.insert(self.root_of(stretch.tag.entity)?).clone(),
            };
            if root != hint {
                pieces.extend(part(piece, Span::new(from, at), hint));
                (from, hint) = (at, root);
            }
        }
        pieces.extend(part(piece, Span::new(from, piece.span.end()), hint));
        Ok(pieces)
    }

    fn root_before(&self, at: Instant) -> Result<Option<String>> {
        match self.store.last_strong(at)?.map(|event| event.sign) {
            Some(StoredSign::Heartbeat(_, _, entity)) => self.root_of(entity),
            _ => Ok(None),
        }
    }

    /// Returns the workspace root of an entity, or its folder, as the user would write it.
    fn root_of(&self, entity: EntityId) -> Result<Option<String>> {
        let (entity, root) = self.store.entity(entity)?;
        Ok(self.folder_of(&entity, root))
    }

    /// Returns the workspace root that a thing was seen under, or its folder, as the user would write it.
    pub(super) fn folder_of(&self, entity: &Entity, root: Option<String>) -> Option<String> {
        let folder = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
        let holds = |root: &String, path: &str| {
            let rest = path.strip_prefix(root.trim_end_matches('/'));
            rest.is_some_and(|rest| rest.starts_with('/'))
        };
        let root = match entity {
            // A terminal's own folder may lie elsewhere.
            Entity::Unnamed { root: Some(own) } => match root {
                Some(root) if holds(&root, own) => Some(root),
                _ => Some(own.clone()),
            },
            Entity::Unnamed { root: None } => root,
            // A rule on the root would not name a file outside of it.
            Entity::Path(path) => match root {
                Some(root) if holds(&root, path) => Some(root),
                _ => folder(path),
            },
            Entity::Url(url) => url.split('/').nth(2).map(str::to_owned),
            Entity::Private => None,
        };
        root.map(|root| self.short(&root))
    }

    /// Writes a folder below the user's own with `~`.
    pub(super) fn short(&self, path: &str) -> String {
        self.home.shorten(path)
    }
}

fn part(of: &Piece, span: Option<Span>, hint: Option<String>) -> Option<Piece> {
    let piece = Piece { hint, ..of.clone() };
    span.map(|span| Piece { span, ..piece })
}

/// Splits a span at changes of the notes under it; a part without a stretch has no note.
fn covered(
    span: Span,
    stretches: &[Stretch<Tagged>],
    note: impl Fn(&Tagged) -> Option<String>,
) -> impl Iterator<Item = (Span, Option<String>)> {
    let mut parts: Vec<(Span, Option<String>)> = Vec::new();
    let mut from = span.start();
    for stretch in within(stretches, span) {
        parts.extend(Span::new(from, stretch.span.start()).map(|gap| (gap, None)));
        parts.push((stretch.span, note(&stretch.tag)));
        from = stretch.span.end();
    }
    parts.extend(Span::new(from, span.end()).map(|gap| (gap, None)));
    parts.into_iter()
}
