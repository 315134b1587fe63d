//! Everything that is kept, record by record.

mod bills;

use std::collections::HashMap;

use anyhow::Result;
use keeptab_core::activity::{Actor, SourceId};
use keeptab_core::correction::{Change, Correction, To};
use keeptab_core::entity::Entity;
use keeptab_core::entry::Beside;
use keeptab_core::instant::Span;
use keeptab_core::plain::counted;
use keeptab_import::{
    ApplyRecord, CorrectionRecord, EntryRecord, EventRecord, Own, RootRecord, SourceRecord, UndoneRecord, VoidRecord,
};
use keeptab_store::{EntityId, EntryRow, Origin, Store, StoredEvent, StoredSign};
use serde::Serialize;

use super::Engine;

/// Takes records.
pub type Sink<'s> = &'s mut dyn FnMut(Own) -> Result<()>;

/// The outcome of an export.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// The damage of the database, so that records may be missing; `None` if it has none.
    pub damage: Option<String>,
}

impl Engine {
    /// Passes all stored records to the sink, from one snapshot.
    ///
    /// # Errors
    ///
    /// If the database cannot be read, or the sink fails.
    pub fn export(&self, sink: Sink<'_>) -> Result<Exported> {
        self.store().snapshot(|store| {
            let newer = events(store, sink)?;
            facts(store, sink)?;
            bills::write(store, sink)?;
            // A damaged page can hide rows from a reader without an error.
            let damage = store.integrity()?.into_iter().next();
            let newer = (newer > 0).then(|| format!("{} of a kind that is not known", counted(newer, "event")));
            Ok(Exported {
                damage: damage.or(newer),
            })
        })
    }
}

/// Passes the user's saves, undone or not: another home that has some of them gets the rest.
fn facts(store: &Store, sink: Sink<'_>) -> Result<()> {
    for apply in store.export_applies()? {
        let origin = apply.origin.as_ref();
        sink(Own::Apply(ApplyRecord {
            apply: apply.number,
            device: origin.map(|origin| origin.device.clone()),
            n: origin.map(|origin| origin.n),
            made_at: apply.made_at.to_rfc3339(),
            undone: apply.undone,
        }))?;
    }
    store.export_entries(|row| sink(Own::Entry(entry_record(row))))?;
    for (voided, apply) in store.export_voids()? {
        sink(Own::Void(VoidRecord { voided, apply }))?;
    }
    let origins = store.correction_origins()?;
    for correction in store.corrections(Span::ALL)? {
        let origin = origins.get(&correction.id);
        sink(Own::Correction(record(correction, origin)))?;
    }
    for undone in store.export_undone()? {
        sink(Own::Undone(UndoneRecord {
            device: undone.device,
            first: undone.first,
            last: undone.last,
        }))?;
    }
    Ok(())
}

fn entry_record(row: EntryRow) -> EntryRecord {
    let entry = row.entry;
    let times = entry
        .span
        .map(|span| (span.start().to_rfc3339(), span.end().to_rfc3339()));
    let (device, n) = row.origin.map(|origin| (origin.device, origin.n)).unzip();
    let whole: Vec<Span> = entry.span.filter(|_| entry.beside != Beside::All).into_iter().collect();
    EntryRecord {
        entry: entry.id.0,
        day: entry.day.to_string(),
        from: times.as_ref().map(|(from, _)| from.clone()),
        to: times.map(|(_, to)| to),
        milliseconds: entry.length.millis(),
        project: entry.project.map(|project| project.to_string()),
        note: entry.note,
        rate: entry.rate.map(|rate| rate.to_string()),
        billable: entry.billable,
        billed_elsewhere: entry.billed_elsewhere,
        fingerprint: row.fingerprint,
        device,
        n,
        made_at: Some(row.made_at.to_rfc3339()),
        apply: row.apply,
        place: row
            .place
            .map(|(at, origin)| format!("{} {} {}", at.to_rfc3339(), origin.device, origin.n)),
        beside: match entry.beside {
            Beside::No => None,
            Beside::Rows => Some("rows".to_owned()),
            Beside::All => Some("all".to_owned()),
        },
        rows: entry.rows.map(|rows| rows.to_string()),
        free: (entry.free != whole).then(|| spans(&entry.free)),
        undone: row.undone,
    }
}

/// Writes spans in order.
fn spans(spans: &[Span]) -> String {
    let one = |span: &Span| format!("{}/{}", span.start().to_rfc3339(), span.end().to_rfc3339());
    spans.iter().map(one).collect::<Vec<_>>().join(",")
}

fn record(correction: Correction, origin: Option<&Origin>) -> CorrectionRecord {
    let Correction {
        apply,
        made_at,
        span,
        change,
        ..
    } = correction;
    let mut record = CorrectionRecord {
        apply: apply.0,
        made_at: made_at.to_rfc3339(),
        device: origin.map(|origin| origin.device.clone()),
        n: origin.map(|origin| origin.n),
        from: span.start().to_rfc3339(),
        to: span.end().to_rfc3339(),
        change: String::new(),
        target: None,
        note: None,
        billable: None,
    };
    let target = |to: To| match to {
        To::Project(project) => project.to_string(),
        To::Unassigned => "?".to_owned(),
        To::Private => "-".to_owned(),
    };
    let name = match change {
        Change::Assign { to } => {
            record.target = Some(target(to));
            "assign"
        }
        Change::Fill { to } => {
            record.target = Some(target(to));
            "fill"
        }
        Change::Erase => "erase",
        Change::Note { text } => {
            record.note = Some(text);
            "note"
        }
        Change::Billable { billable } => {
            record.billable = Some(billable);
            "billable"
        }
    };
    name.clone_into(&mut record.change);
    record
}

/// The stored fields of a touched thing.
struct Thing {
    kind: &'static str,
    text: Option<String>,
    root: Option<String>,
    language: Option<String>,
}

/// Passes events to the sink, and returns the number of events of an unknown kind.
fn events(store: &Store, sink: Sink<'_>) -> Result<u64> {
    let mut names = HashMap::<SourceId, (String, String)>::new();
    for (place, source) in store.sources()?.into_iter().enumerate() {
        names.insert(source.id, (source.device.clone(), source.name.clone()));
        sink(Own::Source(SourceRecord {
            place: u32::try_from(place)?,
            device: source.device,
            source: source.name,
            taken: source.taken.0,
        }))?;
    }
    for root in store.roots()? {
        sink(Own::Root(RootRecord {
            root: root.root,
            real: root.real,
            repository: root.repository,
        }))?;
    }
    let mut things = HashMap::<EntityId, Thing>::new();
    let (mut newer, mut failed) = (0, None);
    store.events_until(Span::ALL, |event| {
        let written = event_record(store, &names, &mut things, &event).and_then(|own| {
            newer += u64::from(own.is_none());
            own.map_or(Ok(()), &mut *sink)
        });
        match written {
            Ok(()) => std::ops::ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                std::ops::ControlFlow::Break(())
            }
        }
    })?;
    failed.map_or(Ok(newer), Err)
}

fn event_record(
    store: &Store,
    names: &HashMap<SourceId, (String, String)>,
    things: &mut HashMap<EntityId, Thing>,
    event: &StoredEvent,
) -> Result<Option<Own>> {
    let (kind, actor, thing) = match event.sign {
        StoredSign::Heartbeat(kind, actor, entity) => {
            if let std::collections::hash_map::Entry::Vacant(e) = things.entry(entity) {
                e.insert(thing(store, entity)?);
            }
            (word(kind)?, Some(actor), things.get(&entity))
        }
        StoredSign::Boundary(cause) => (word(cause)?, None, None),
        StoredSign::Newer => return Ok(None),
    };
    let (device, source) = names.get(&event.id.source).cloned().unwrap_or_default();
    Ok(Some(Own::Event(EventRecord {
        at: event.at.to_rfc3339(),
        device,
        source,
        seq: event.id.seq.0,
        kind,
        actor: actor.map(|actor| if actor == Actor::Agent { "agent" } else { "human" }.to_owned()),
        entity: thing.map(|thing| thing.kind.to_owned()),
        text: thing.and_then(|thing| thing.text.clone()),
        root: thing.and_then(|thing| thing.root.clone()),
        language: thing.and_then(|thing| thing.language.clone()),
    })))
}

fn thing(store: &Store, id: EntityId) -> Result<Thing> {
    let (entity, root) = store.entity(id)?;
    let (kind, text) = match entity {
        Entity::Path(path) => ("path", Some(path)),
        Entity::Url(url) => ("url", Some(url)),
        Entity::Unnamed { root } => ("unnamed", root),
        Entity::Private => ("private", None),
    };
    Ok(Thing {
        kind,
        text,
        root,
        language: store.language(id)?,
    })
}

/// Writes a kind or a cause as the wire does.
fn word(word: impl Serialize) -> Result<String> {
    let value = serde_json::to_value(word)?;
    Ok(value.as_str().unwrap_or_default().to_owned())
}
