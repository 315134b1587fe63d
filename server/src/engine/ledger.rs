//! From kept events to the timeline.

use std::collections::HashMap;

use anyhow::Result;
use keeptab_core::activity::{Event, Sign};
use keeptab_core::entity::Entity;
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::rule::Target;
use keeptab_core::timeline::{Crediting, Stretch, within, without};

use super::Engine;
use crate::config::Config;
use crate::store::{Claim, EntityId, Store, StoredSign};

/// What an instant is credited to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tag {
    /// A project, by its place in the config.
    Project(usize),
    /// No project.
    Unassigned,
    /// Private.
    Private,
}

/// The timeline of a span.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// What no invoice bills.
    pub open: Vec<Stretch<Tag>>,
    /// What live invoices bill, clipped to the span.
    pub claims: Vec<Claim>,
}

impl Engine {
    /// Computes the timeline of a span, up to `now`.
    pub(super) fn ledger(&mut self, span: Span, now: Instant) -> Result<Ledger> {
        let counting = self.config.counting;
        // A gap reaches at most this far into the span or out of it.
        let reach = counting.idle_timeout.max(counting.tail) + Length::from_millis(1);
        let wide = Span::new(span.start() - reach, span.end() + reach).unwrap_or(span);
        let mut crediting = Crediting::new(counting, now);
        let mut failed = None;
        let (store, config, tags) = (&self.store, &self.config, &mut self.tags);
        store.events(wide, |event| {
            let sign = match event.sign {
                StoredSign::Boundary(_) => Sign::Boundary,
                StoredSign::Heartbeat(_, actor, entity) => match tag(store, config, tags, entity) {
                    Ok(tag) => Sign::Heartbeat { actor, tag },
                    Err(error) => {
                        failed = Some(error);
                        return;
                    }
                },
            };
            crediting.push(Event {
                at: event.at,
                id: event.id,
                sign,
            });
        })?;
        if let Some(error) = failed {
            return Err(error);
        }
        let clip = |claim: Claim| claim.span.intersect(span).map(|span| Claim { span, ..claim });
        let claims: Vec<Claim> = self.store.claims(span)?.into_iter().filter_map(clip).collect();
        let billed: Vec<Span> = claims.iter().map(|claim| claim.span).collect();
        Ok(Ledger {
            open: without(&within(&crediting.finish(), span), &billed),
            claims,
        })
    }

    /// Returns what an entity's time is credited to under the config in force.
    pub(super) fn tag(&mut self, entity: EntityId) -> Result<Tag> {
        tag(&self.store, &self.config, &mut self.tags, entity)
    }
}

fn tag(store: &Store, config: &Config, tags: &mut HashMap<EntityId, Tag>, id: EntityId) -> Result<Tag> {
    if let Some(tag) = tags.get(&id) {
        return Ok(*tag);
    }
    let (entity, _) = store.entity(id)?;
    let tag = match (&entity, config.rules.resolve(&entity)) {
        (Entity::Private, _) | (_, Some(Target::Ignore)) => Tag::Private,
        (_, Some(Target::Project(project))) => config.index_of(project).map_or(Tag::Unassigned, Tag::Project),
        (_, None) => Tag::Unassigned,
    };
    tags.insert(id, tag);
    Ok(tag)
}
