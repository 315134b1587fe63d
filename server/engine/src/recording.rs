//! Taking what editors saw.

use anyhow::Result;
use keeptab_core::activity::{Cause, Kind};
use keeptab_core::entity::Entity;
use keeptab_core::instant::Instant;
use keeptab_core::rule::Target;
use keeptab_store::{NewEvent, NewSign, Taken};

use super::Engine;
use super::activity::{Activity, Batch, What};
use super::done::{Details, Done};

/// The source of what keeptab itself records on this device.
const OWN_SOURCE: &str = "keeptab";

/// The most bytes of a file, page, folder or language; an event with more is left out.
pub(super) const LONGEST: usize = 4096;

impl Engine {
    /// Takes a batch in one commit. While tracking is paused, it is acknowledged and nothing is kept.
    pub(super) fn record(&mut self, batch: &Batch, now: Instant) -> Result<Taken> {
        let paused = self.store.paused()?;
        let events: Vec<NewEvent> = batch
            .events
            .iter()
            .map(|activity| self.event(activity, paused))
            .collect();
        self.store.take(&batch.source, &events, self.recent(now))
    }

    /// Keeps a boundary of this device.
    ///
    /// # Errors
    ///
    /// If the store cannot be written.
    pub fn cut(&mut self, cause: Cause, at: Instant, now: Instant) -> Result<Taken> {
        let boundary = NewEvent {
            seq: None,
            at,
            sign: NewSign::Boundary(cause),
        };
        self.store.take(OWN_SOURCE, &[boundary], self.recent(now))
    }

    /// Pauses or resumes tracking for every host.
    ///
    /// # Errors
    ///
    /// If the store cannot be written.
    pub fn pause(&mut self, paused: bool, now: Instant) -> Result<Done> {
        if paused && !self.store.paused()? {
            self.cut(Cause::Pause, now, now)?;
        }
        self.store.set_paused(paused)?;
        let words = if paused {
            "paused: nothing is tracked until `keeptab resume`"
        } else {
            "tracking"
        };
        Ok(Done::new(words).with(Details {
            paused: Some(paused),
            ..Details::default()
        }))
    }

    fn event(&self, activity: &Activity, paused: bool) -> NewEvent {
        NewEvent {
            seq: activity.seq,
            at: activity.at,
            sign: self.sign(&activity.what, paused),
        }
    }

    fn sign(&self, what: &What, paused: bool) -> NewSign {
        match what {
            _ if paused => NewSign::Nothing,
            What::Nothing => NewSign::Nothing,
            What::Cut(cause) => NewSign::Boundary(*cause),
            What::Work {
                kind,
                actor,
                uri,
                root,
                cwd,
                language,
                private,
            } => {
                let texts = [uri, root, cwd, language].into_iter().flatten();
                if texts.map(String::len).any(|length| length > LONGEST) {
                    return NewSign::Nothing;
                }
                let entity = if *private {
                    Entity::Private
                } else {
                    self.entity(uri.as_deref(), cwd.as_deref(), root.as_deref())
                };
                let is_page = *kind == Kind::Visit || *kind == Kind::Focus && matches!(entity, Entity::Url(_));
                if is_page && !self.is_named(&entity) {
                    return NewSign::Nothing;
                }
                let secret = entity == Entity::Private;
                NewSign::Heartbeat {
                    kind: *kind,
                    actor: *actor,
                    root: root
                        .as_deref()
                        .filter(|_| !secret)
                        .map(|root| Entity::unnamed(Some(root)))
                        .filter(|root| !self.ignores(root)),
                    language: language.clone().filter(|_| !secret),
                    entity,
                }
            }
        }
    }

    /// Returns true if a page may be stored: a browser that is late to hear of a changed rule must not put a page on
    /// the disk that no rule names now.
    fn is_named(&self, page: &Entity) -> bool {
        *page == Entity::Private || self.config.rules.resolve(page).is_some()
    }

    /// Returns the entity of an event. A file or root that an ignore rule names never reaches the disk.
    fn entity(&self, uri: Option<&str>, cwd: Option<&str>, root: Option<&str>) -> Entity {
        let entity = Entity::seen(uri, cwd, root);
        if self.ignores(&entity) { Entity::Private } else { entity }
    }

    /// Returns whether an ignore rule names a file, a page or a folder.
    pub(super) fn ignores(&self, entity: &Entity) -> bool {
        self.config.rules.resolve(entity) == Some(&Target::Ignore)
    }
}
