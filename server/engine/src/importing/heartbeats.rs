//! Heartbeats of other tools: kept like our own, and counted like our own.

use std::collections::BTreeMap;

use anyhow::Result;
use keeptab_config::Config;
use keeptab_core::activity::{Actor, DeviceId, Event, EventId, Seq, Sign, SourceId};
use keeptab_core::entity::Entity;
use keeptab_core::instant::{Instant, Length};
use keeptab_core::rule::{ProjectId, Target};
use keeptab_core::timeline::{Crediting, Tag, absorb, totals};
use keeptab_import::{Sighting, Source};
use keeptab_store::{NewEvent, NewImported, NewSign, NewSource, Stage};

use super::super::Engine;
use super::landing::fingerprint;

/// The interval of the heartbeats that a stretch becomes in which the person was seen.
const EVERY: Length = Length::from_minutes(1);

/// The time that heartbeats count by themselves, without time captured beside them.
#[derive(Clone, Debug, Default)]
pub(super) struct Counted {
    /// The counted time by project.
    pub(super) projects: BTreeMap<ProjectId, Length>,
    /// Time without a project.
    pub(super) unassigned: Length,
    /// Private time.
    pub(super) private: Length,
    /// The first and the last heartbeat.
    pub(super) span: Option<(Instant, Instant)>,
}

impl Counted {
    /// Returns the total without private time.
    pub(super) fn total(&self) -> Length {
        self.projects.values().copied().sum::<Length>() + self.unassigned
    }
}

/// Keeps one sighting.
pub(super) fn stage(stage: &mut Stage<'_>, config: &Config, source: Source, sighting: &Sighting) -> Result<()> {
    let entity = sighting.entity();
    let is_secret = entity == Entity::Private || config.rules.resolve(&entity) == Some(&Target::Ignore);
    let entity = if is_secret { Entity::Private } else { entity };
    let name = match &*sighting.bucket {
        "" => source.to_string(),
        bucket => format!("{source}:{bucket}"),
    };
    let place = stage.source(NewSource { device: None, name }, Seq(0));
    // Somebody may leave with a page or a file in front: unless they were seen, only the beginning and the end of a
    // stretch are heartbeats.
    let step = if sighting.is_present {
        EVERY
    } else {
        sighting.until - sighting.at
    };
    let mut at = sighting.at;
    loop {
        stage.event(&NewImported {
            source: place,
            event: NewEvent {
                seq: Some(number(&entity, at)),
                at,
                sign: NewSign::Heartbeat {
                    kind: sighting.kind,
                    actor: sighting.actor,
                    entity: entity.clone(),
                    root: None,
                    language: sighting.language.clone().filter(|_| !is_secret),
                },
            },
        })?;
        if at >= sighting.until || step.is_zero() {
            return Ok(());
        }
        at = (at + step).min(sighting.until);
    }
}

/// Returns the number of a heartbeat within its source: the same each time the same is imported.
fn number(entity: &Entity, at: Instant) -> Seq {
    let text = fingerprint(&[&format!("{entity:?}"), &at.millis().to_string()]);
    let digits = text.get(..15).unwrap_or_default();
    Seq(u64::from_str_radix(digits, 16).unwrap_or_default())
}

impl Engine {
    /// Counts what heartbeats are staged, by themselves, as the config in force has it.
    pub(super) fn count_staged(&self, now: Instant) -> Result<Counted> {
        let mut counted = Counted::default();
        let mut crediting = Crediting::new(self.config.counting, now);
        let mut tags = std::collections::HashMap::<Entity, Tag>::new();
        self.store.staged_heartbeats(|at, source, seq, kind, entity| {
            let tag = tags.get(&entity).copied().unwrap_or_else(|| {
                let tag = self.tag_of_entity(&entity);
                tags.insert(entity, tag);
                tag
            });
            let (first, _) = counted.span.unwrap_or((at, at));
            counted.span = Some((first, at));
            crediting.push(Event {
                at,
                id: EventId {
                    device: DeviceId(0),
                    source: SourceId(source),
                    seq,
                },
                sign: Sign::Heartbeat {
                    actor: Actor::Human,
                    strength: kind.strength(),
                    tag,
                },
            });
        })?;
        for (tag, length) in totals(&absorb(&crediting.finish(), self.config.absorb)) {
            match tag {
                Tag::Project(index) => {
                    let project = self
                        .config
                        .projects
                        .get(index.0)
                        .map(|project| project.terms.project.clone());
                    *counted
                        .projects
                        .entry(project.unwrap_or_else(|| ProjectId::new("")))
                        .or_default() += length;
                }
                Tag::Unassigned => counted.unassigned += length,
                Tag::Private => counted.private += length,
            }
        }
        Ok(counted)
    }
}
