//! New entries: the counted length of each, and the holders of its other time.

use std::fmt::Write as _;

use anyhow::{Result, bail};
use chrono::NaiveDate;
use keeptab_core::entry::{Beside, EntryId, counted_length};
use keeptab_core::instant::{Length, Span, subtract};
use keeptab_core::rule::ProjectId;
use keeptab_core::timesheet::{Edit, NewEntryLine, Parsed, Problem, ProblemKind, Resolved, Review};
use keeptab_store::Holder;
use schemars::JsonSchema;
use serde::Serialize;

use super::Engine;
use super::ledger::Entered;

/// The most entries that lost time at a migration to report one by one.
const MOST_LOST: usize = 20;

/// The counted length of an entry, and the holders of its other time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Taken {
    /// The entry's id, once it is stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<i64>,
    /// The length of the entry.
    pub seconds: i64,
    /// The length that counts.
    pub counted_seconds: i64,
    /// The holders of the time that does not count.
    #[serde(rename = "taken")]
    pub by: Vec<Taker>,
}

/// An entry that lost time to others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TakenEntry {
    /// The civil day.
    pub day: NaiveDate,
    /// The project.
    pub project: Option<ProjectId>,
    /// The description of the work.
    pub note: Option<String>,
    /// The counted length, and the holders of the other time.
    #[serde(flatten)]
    pub taken: Taken,
}

/// The holder of some of an entry's time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Taker {
    /// The amount.
    pub seconds: i64,
    /// An invoice's number, an entry or an import, in words.
    pub by: String,
}

impl Taken {
    /// Returns true if an entry has a length and none of it counts.
    pub fn is_nothing(&self) -> bool {
        self.counted_seconds == 0 && self.seconds > 0
    }

    /// Refuses an entry without a free span.
    pub fn refuse_nothing(&self) -> Result<()> {
        if self.is_nothing() {
            let words = self.words().unwrap_or_default();
            bail!("nothing was added: {words}\nhint: `--beside` counts it beside that time, and marks it for good");
        }
        Ok(())
    }

    /// Returns a sentence with the counted length and the holders of the other time; `None` if the entry counts in
    /// full.
    pub fn words(&self) -> Option<String> {
        if self.counted_seconds == self.seconds {
            return None;
        }
        let (counted, all) = (Length::from_secs(self.counted_seconds), Length::from_secs(self.seconds));
        let mut words = format!("{counted} of {all} counts");
        for (nth, taker) in self.by.iter().enumerate() {
            let mark = if nth == 0 { ':' } else { ',' };
            let _ = write!(words, "{mark} {} {}", Length::from_secs(taker.seconds), taker.by);
        }
        Some(words)
    }
}

impl Engine {
    /// Returns the length that a new entry would count, and the holders of its other time; entries in `replaces` hold
    /// none of it.
    pub(super) fn taken(&self, entry: &NewEntryLine, replaces: &[EntryId]) -> Result<Taken> {
        let mut taken = Taken {
            entry: None,
            seconds: entry.length.whole_seconds(),
            counted_seconds: entry.length.whole_seconds(),
            by: Vec::new(),
        };
        let Some(span) = entry.span.filter(|_| !entry.beside) else {
            return Ok(taken);
        };
        let (by, held) = self.takers(&[span], replaces)?;
        taken.by = by;
        taken.counted_seconds = counted_length(span, entry.length, &held.free(span)).whole_seconds();
        Ok(taken)
    }

    /// Returns the counted length of a stored entry, and the present holders of its other time.
    pub(super) fn taken_from(&self, entered: &Entered) -> Result<TakenEntry> {
        let Entered { entry, counted, .. } = entered;
        let gone = entry
            .span
            .map(|span| subtract(span, &counted.spans))
            .unwrap_or_default();
        let (mut by, held) = self.takers(&gone, &[entry.id])?;
        let free = gone.iter().flat_map(|part| held.free(*part)).map(Span::length);
        let seconds = free.sum::<Length>().whole_seconds();
        if seconds > 0 {
            // Spans do not grow back when the other entry is undone or the invoice is credited.
            by.push(Taker {
                seconds,
                by: "was taken when it was added".to_owned(),
            });
        }
        Ok(TakenEntry {
            day: entry.day,
            project: entry.project.clone(),
            note: entry.note.clone(),
            taken: Taken {
                entry: Some(entry.id.0),
                seconds: entry.length.whole_seconds(),
                counted_seconds: counted.length.whole_seconds(),
                by,
            },
        })
    }

    /// Returns the holders of some spans with their shares, each instant once, and all instants held.
    fn takers(&self, spans: &[Span], except: &[EntryId]) -> Result<(Vec<Taker>, keeptab_core::entry::Taken)> {
        let mut held = keeptab_core::entry::Taken::default();
        let mut takers = Vec::<Taker>::new();
        for span in spans {
            for (part, holder) in self.store.holders(*span, except)? {
                let Some(part) = part.intersect(*span) else { continue };
                let new: Length = held.free(part).into_iter().map(Span::length).sum();
                held.add(part);
                if new.is_zero() {
                    continue;
                }
                let (seconds, by) = (new.whole_seconds(), self.named(&holder)?);
                match takers.iter_mut().find(|taker| taker.by == by) {
                    Some(known) => known.seconds += seconds,
                    None => takers.push(Taker { seconds, by }),
                }
            }
        }
        Ok((takers, held))
    }

    /// Returns the counted length of each entry that a sheet adds, and the holders of its other time, in the order of
    /// the edits.
    pub(super) fn taken_of(&self, edits: &[Edit]) -> Result<Vec<Taken>> {
        let replaced = replaced(edits);
        let made = edits.iter().filter_map(|edit| match edit {
            Edit::Add(entry) => Some((entry, None)),
            Edit::Replace { entry, with } => Some((with, Some(*entry))),
            Edit::Void(_) | Edit::Correct(..) => None,
        });
        made.map(|(entry, of)| {
            let kept = of.map(|id| self.store.entry(id)).transpose()?;
            match kept.filter(|old| old.span == entry.span || old.beside == Beside::All) {
                // With the same clock times it keeps its instants.
                Some(_) => Ok(Taken {
                    entry: None,
                    seconds: entry.length.whole_seconds(),
                    counted_seconds: entry.length.whole_seconds(),
                    by: Vec::new(),
                }),
                None => self.taken(entry, &replaced),
            }
        })
        .collect()
    }

    /// Adds a warning for each new entry of a review that loses time. An entry without a free span is an error.
    pub(super) fn judge(&self, review: &mut Review, parsed: &Parsed) -> Result<()> {
        let taken = self.taken_of(&review.edits)?;
        let made = review.edits.iter().filter_map(|edit| match edit {
            Edit::Add(entry) => Some(entry),
            Edit::Replace { with, .. } => Some(with),
            Edit::Void(_) | Edit::Correct(..) => None,
        });
        let mut found = Vec::new();
        for (entry, taken) in made.zip(&taken) {
            let Some(words) = taken.words() else { continue };
            let is_it = |line: &&Resolved| !line.unchanged && line.day == entry.day && line.span == entry.span;
            let line = review.lines.iter().find(is_it).map_or(0, |line| line.line);
            let range = parsed.lines.get(line).map_or(0..0, |line| line.range.clone());
            let hint = "no time counts twice; change its clock times, or delete the line";
            let problem = Problem::error(ProblemKind::Entry, (line, range), words, hint);
            found.push(if taken.is_nothing() {
                problem
            } else {
                problem.as_warning()
            });
        }
        review.problems.extend(found);
        review
            .problems
            .sort_by_key(|problem| (problem.line, problem.range.start));
        if review.problems.iter().any(Problem::is_error) {
            review.edits.clear();
        }
        Ok(())
    }

    /// Returns, once, what entries lost that were older than the rule that no time counts twice.
    pub fn take_lost(&mut self) -> Option<String> {
        let lost = self.store.take_lost().ok().filter(|lost| !lost.is_empty())?;
        let sum: Length = lost.iter().map(|lost| lost.before - lost.after).sum();
        let mut words = format!(
            "no time counts twice any more: {} entries that are not billed lose {sum}, which other entries or invoices have",
            lost.len()
        );
        for lost in lost.iter().take(MOST_LOST) {
            let project = lost.project.as_deref().unwrap_or("no project");
            let note = lost.note.as_deref().unwrap_or_default();
            let _ = write!(
                words,
                "\n  {} {project} {} is {} {note}",
                lost.day, lost.before, lost.after
            );
        }
        if let Some(more) = lost.len().checked_sub(MOST_LOST).filter(|more| *more > 0) {
            let _ = write!(words, "\n  … and {more} more");
        }
        Some(words)
    }

    fn named(&self, holder: &Holder) -> Result<String> {
        Ok(match holder {
            Holder::Invoice(invoice) => format!("is billed by {}", self.number_of(*invoice)?),
            Holder::Elsewhere(number) => format!("is billed by {number} of another home"),
            Holder::Entry(_, Some(batch)) => format!("came with import {}", batch.0),
            Holder::Entry(entry, None) => {
                let project = entry.project.as_ref().map_or("no project", |id| id.as_str());
                match entry.span {
                    Some(span) => {
                        let clock = |at| self.config.calendar.local(at).format("%H:%M");
                        format!("is in {}-{} of {project}", clock(span.start()), clock(span.end()))
                    }
                    None => format!("is in an entry of {project}"),
                }
            }
        })
    }

    /// Keeps the project of an entry that review changes and that only seems to have none: the config has it no longer.
    pub(super) fn keep_gone(&self, edits: &mut [Edit]) -> Result<()> {
        for edit in edits {
            if let Edit::Replace { entry, with } = edit
                && with.project.is_none()
                && let Some(project) = self.store.entry(*entry)?.project
                && self.config.index_of(&project).is_none()
            {
                with.project = Some(project);
            }
        }
        Ok(())
    }
}

/// Returns the entries that edits take away.
fn replaced(edits: &[Edit]) -> Vec<EntryId> {
    let gone = edits.iter().filter_map(|edit| match edit {
        Edit::Void(entry) | Edit::Replace { entry, .. } => Some(*entry),
        Edit::Add(_) | Edit::Correct(..) => None,
    });
    gone.collect()
}
