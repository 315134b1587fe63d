//! Captured time by the thing that was touched, split as the timeline splits it between projects.

use anyhow::Result;
use keeptab_core::activity::{Event, Sign, SourceId};
use keeptab_core::instant::{Instant, Span};
use keeptab_core::timeline::{Crediting, Stretch, Tag};
use keeptab_store::{EntityId, StoredEvent, StoredSign};

use super::{Engine, ledger};

/// A thing, with the editor that it was touched in and the project of its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Thing {
    pub(super) entity: EntityId,
    pub(super) source: SourceId,
    pub(super) tag: Tag,
}

impl Engine {
    /// Returns the things that the person touched in a span, credited but not absorbed. The result is exact within the
    /// span, and may reach past it. Each event is passed to `each` first.
    pub(super) fn things(
        &mut self,
        span: Span,
        now: Instant,
        mut each: impl FnMut(&StoredEvent),
    ) -> Result<Vec<Stretch<Thing>>> {
        let reach = self.config.reach();
        let wide = Span::new(span.start() - reach, span.end() + reach).unwrap_or(span);
        let (store, config, tags) = (&self.store, &self.config, &mut self.tags);
        let mut failed = Ok(());
        let mut crediting = Crediting::finer(config.counting, now, |a: &Thing, b: &Thing| a.tag == b.tag);
        store.events(wide, |event| {
            each(&event);
            let sign = match event.sign {
                StoredSign::Heartbeat(kind, actor, entity) => {
                    let tag = match ledger::tag(store, config, tags, entity) {
                        Ok(tag) => tag,
                        Err(error) => return failed = Err(error),
                    };
                    Sign::Heartbeat {
                        actor,
                        strength: kind.strength(),
                        tag: Thing {
                            entity,
                            source: event.id.source,
                            tag,
                        },
                    }
                }
                StoredSign::Boundary(_) => Sign::Boundary,
                StoredSign::Newer => return,
            };
            let (at, id) = (event.at, event.id);
            crediting.push(Event { at, id, sign });
        })?;
        failed.map(|()| crediting.finish())
    }
}
