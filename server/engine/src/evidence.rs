//! Evidence behind a stretch of time: heartbeats, corrections and entries, by id.

use std::collections::BTreeMap;
use std::fmt;

use anyhow::{Context as _, Result};
use chrono::NaiveDate;
use keeptab_core::activity::{Actor, EventId, Strength};
use keeptab_core::clock::{Clock, Clocks};
use keeptab_core::entry::EntryId;
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::rule::ProjectId;
use keeptab_core::timeline::Tag;
use keeptab_store::StoredSign;
use schemars::JsonSchema;
use serde::Serialize;

use super::Engine;
use super::view::table;

/// The timeline of a span with its evidence.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Evidence {
    /// The stretches of counted time in the range.
    stretches: Vec<StretchRow>,
    /// The heartbeats in the range, in order of time.
    heartbeats: Vec<HeartbeatRow>,
    /// The corrections that reach into the span, by id.
    corrections: Vec<u64>,
    /// The entries of the day, by id.
    entries: Vec<EntryId>,
}

/// A stretch of counted time.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct StretchRow {
    /// Its beginning.
    from: String,
    /// Its end.
    to: String,
    /// Its length.
    seconds: i64,
    /// The project that it counts to.
    project: Option<ProjectId>,
    /// `open`, `billed`, `unassigned` or `private`.
    state: &'static str,
}

/// Heartbeats of one source on one thing.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct HeartbeatRow {
    /// The file, the folder or the page.
    entity: String,
    /// The person, or an agent.
    actor: Actor,
    /// True if the person only looked: such heartbeats count no time.
    weak: bool,
    /// The number of the machine that saw it.
    device: u32,
    /// The number of the editor or browser that sent it.
    source: u32,
    /// Runs of sequence numbers: `12-40, 44`.
    seqs: String,
    /// The number of heartbeats that are shown as one.
    count: usize,
}

impl Engine {
    /// Returns the evidence behind the time between two clock times of a day.
    ///
    /// # Errors
    ///
    /// If that day does not have these clock times, or the store cannot be read.
    pub fn evidence(&mut self, day: Option<NaiveDate>, times: Clocks, now: Instant) -> Result<Evidence> {
        let calendar = self.config.calendar;
        let day = day.unwrap_or_else(|| calendar.day_of(now));
        let span = Span::new(times.from.instant(&calendar, day)?, times.to.instant(&calendar, day)?);
        let span = span.context("the stretch ends before it begins\nhint: write it as 9:00-10:00")?;
        let ledger = self.ledger(span, Some((day, day)), now)?;
        let mut rows: Vec<(Span, Option<ProjectId>, &'static str)> = Vec::new();
        for stretch in &ledger.open {
            rows.push(match stretch.tag.tag {
                Tag::Project(index) => (
                    stretch.span,
                    Some(self.config.projects[index.0].terms.project.clone()),
                    "open",
                ),
                Tag::Unassigned => (stretch.span, None, "unassigned"),
                Tag::Private => (stretch.span, None, "private"),
            });
        }
        for claim in &ledger.claims {
            let invoice = self.store.invoice_numbered(claim.invoice)?;
            let project = invoice
                .content()
                .lines
                .get(claim.line)
                .and_then(|line| Some(self.config.present(line.project.as_ref()?)));
            rows.push((claim.span, project, "billed"));
        }
        rows.sort_by_key(|(span, ..)| *span);
        let clock = |at| Clock::exact(&calendar, day, at);
        let stretches = rows.into_iter().map(|(span, project, state)| StretchRow {
            from: clock(span.start()),
            to: clock(span.end()),
            seconds: span.length().whole_seconds(),
            project,
            state,
        });
        Ok(Evidence {
            stretches: stretches.collect(),
            heartbeats: self.heartbeats(span)?,
            corrections: self
                .store
                .corrections(span)?
                .iter()
                .map(|correction| correction.id)
                .collect(),
            entries: ledger.entries.iter().map(|entered| entered.entry.id).collect(),
        })
    }

    /// Returns the heartbeats that credit a span: those in it, the last strong one before it, and the weak ones since.
    fn heartbeats(&self, span: Span) -> Result<Vec<HeartbeatRow>> {
        let reach = self.config.reach();
        let wide = Span::new(span.start() - reach, span.end()).unwrap_or(span);
        let mut seen = Vec::new();
        self.store.events(wide, |event| {
            if let StoredSign::Heartbeat(kind, actor, entity) = event.sign {
                let weak = kind.strength() == Strength::Weak;
                if event.at < span.start() {
                    if actor == Actor::Agent {
                        return;
                    }
                    if !weak {
                        seen.clear();
                    }
                }
                seen.push((event.id, actor, entity, weak));
            }
        })?;
        let mut groups = BTreeMap::<(u32, i64, bool, bool), Vec<EventId>>::new();
        for (id, actor, entity, weak) in seen {
            groups
                .entry((id.source.0, entity.0, actor == Actor::Agent, weak))
                .or_default()
                .push(id);
        }
        let mut rows = Vec::new();
        for ((source, entity, agent, weak), ids) in groups {
            rows.push(HeartbeatRow {
                entity: self.store.entity(keeptab_store::EntityId(entity))?.0.to_string(),
                actor: if agent { Actor::Agent } else { Actor::Human },
                weak,
                device: ids.first().map(|id| id.device.0).unwrap_or_default(),
                source,
                seqs: runs(ids.iter().map(|id| id.seq.0).collect()),
                count: ids.len(),
            });
        }
        Ok(rows)
    }
}

/// Writes numbers as runs: `1-3, 7`.
fn runs(mut numbers: Vec<u64>) -> String {
    numbers.sort_unstable();
    numbers.dedup();
    let joined = numbers.chunk_by(|a, b| a + 1 == *b).map(|run| match run {
        [one] => one.to_string(),
        [first, .., last] => format!("{first}-{last}"),
        [] => String::new(),
    });
    joined.collect::<Vec<_>>().join(", ")
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = |row: &StretchRow| {
            let project = row.project.as_ref().map(ToString::to_string).unwrap_or_default();
            vec![
                row.from.clone(),
                row.to.clone(),
                Length::from_secs(row.seconds).to_string(),
                project,
                row.state.into(),
            ]
        };
        let rows: Vec<Vec<String>> = self.stretches.iter().map(row).collect();
        let is_empty = rows.is_empty() && self.heartbeats.is_empty();
        if is_empty && self.corrections.is_empty() && self.entries.is_empty() {
            return write!(f, "nothing was seen then, and no time was entered");
        }
        table(f, &["from", "to", "time", "project", ""], &rows, &[2])?;
        let row = |row: &HeartbeatRow| {
            let id = format!("{}/{}/{}", row.device, row.source, row.seqs);
            let actor = if row.actor == Actor::Agent { "agent" } else { "" };
            let looked = if row.weak { "looked at" } else { "" };
            let how = [actor, looked].join(" ").trim().to_owned();
            vec![row.entity.clone(), row.count.to_string(), id, how]
        };
        let rows: Vec<Vec<String>> = self.heartbeats.iter().map(row).collect();
        writeln!(f)?;
        table(f, &["heartbeats on", "", "device/source/seq", ""], &rows, &[1])?;
        let list = |ids: Vec<String>| ids.join(", ");
        if !self.corrections.is_empty() {
            let ids = self.corrections.iter().map(ToString::to_string).collect();
            write!(f, "\n\ncorrections {}", list(ids))?;
        }
        if !self.entries.is_empty() {
            write!(
                f,
                "\n\nentries {}",
                list(self.entries.iter().map(|id| id.0.to_string()).collect())
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_runs() {
        assert_eq!(runs(vec![3, 1, 2, 7, 7, 9, 10]), "1-3, 7, 9-10");
        assert_eq!(runs(vec![]), "");
    }
}
