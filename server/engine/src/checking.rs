//! Comparison of a timesheet in an editor with the written sheet and with the ledger, at every key.
//!
//! A result is cached until the text, the week's time or the config changes.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Result;
use keeptab_core::calendar::Week;
use keeptab_core::entry::EntryId;
use keeptab_core::instant::Instant;
use keeptab_core::money::Price;
use keeptab_core::rule::ProjectId;
use keeptab_core::timesheet::{Parsed, Problem, ProblemKind, Review, Revision, Sheet, Stamp, Token, review};
use keeptab_store::UtcDay;

use super::Engine;
use super::doubts::{Doubt, Usual};
use super::worth::{Offered, Owed, offered};

/// A timesheet that is open in an editor, compared with the ledger.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The sheet as it was written.
    pub base: Sheet,
    /// The sheet as it would be written now.
    pub now: Sheet,
    /// The edits that saving would make, and the problems of the text.
    pub review: Review,
    /// The questions to the user.
    pub doubts: Vec<Doubt>,
    /// The gaps that applying takes as breaks if the text names them.
    pub usual: Vec<Usual>,
    /// The unbilled amounts of the week, as the ledger stands.
    pub owed: Vec<Owed>,
    /// The projects of the config, in its order.
    pub projects: Vec<Offered>,
    /// The entries' own rates.
    pub rates: BTreeMap<EntryId, Price>,
}

/// A week as it would be written.
#[derive(Clone, Debug)]
pub(super) struct Built {
    /// The sheet.
    pub(super) sheet: Sheet,
    /// The questions about it.
    pub(super) doubts: Vec<Doubt>,
    /// Its usual breaks.
    pub(super) usual: Vec<Usual>,
    /// The unbilled amounts of it.
    pub(super) owed: Vec<Owed>,
    /// Its entries' own rates.
    pub(super) rates: BTreeMap<EntryId, Price>,
}

/// The last comparison.
#[derive(Default)]
pub(super) struct Kept {
    week: Option<KeptWeek>,
    /// A sheet as written, which never changes.
    base: Option<(Stamp, Arc<Sheet>)>,
    /// A text with its result, valid as long as the week is.
    text: Option<(Arc<Parsed>, Arc<Checked>)>,
}

/// A week as built, with the state it was built from.
struct KeptWeek {
    of: (Week, Revision),
    /// The revisions of the past and of the week's days.
    state: (i64, i64),
    at: Instant,
    built: Arc<Built>,
}

impl Engine {
    /// Compares a sheet in an editor with the written sheet and with the ledger.
    ///
    /// # Errors
    ///
    /// If the store cannot be read. Mistakes in the sheet are findings, not errors.
    pub fn check(&mut self, parsed: &Arc<Parsed>, now: Instant) -> Result<Arc<Checked>> {
        let Some(base) = self.base(parsed)? else {
            return self.alone(parsed, now).map(Arc::new);
        };
        let built = self.built(base.week, base.revision, now)?;
        if let Some((text, checked)) = &self.kept.text
            && Arc::ptr_eq(text, parsed)
        {
            return Ok(Arc::clone(checked));
        }
        let now = &built.sheet;
        let projects = self.config.projects.iter();
        let projects: Vec<ProjectId> = projects.map(|one| one.terms.project.clone()).collect();
        let mut review = review(&base, parsed, now, &projects);
        self.judge(&mut review, parsed)?;
        let checked = Arc::new(Checked {
            review,
            base: Sheet::clone(&base),
            now: now.clone(),
            doubts: built.doubts.clone(),
            usual: built.usual.clone(),
            owed: built.owed.clone(),
            projects: offered(&self.config),
            rates: built.rates.clone(),
        });
        self.kept.text = Some((Arc::clone(parsed), Arc::clone(&checked)));
        Ok(checked)
    }

    /// Drops the last comparison, as the config has changed.
    pub(super) fn forget_compared(&mut self) {
        self.kept = Kept::default();
    }

    /// Returns the sheet that a text was written from, if its stamp is one that was written.
    fn base(&mut self, parsed: &Parsed) -> Result<Option<Arc<Sheet>>> {
        let Some(stamp) = parsed.stamp() else {
            return Ok(None);
        };
        if let Some((_, base)) = self.kept.base.as_ref().filter(|(kept, _)| *kept == stamp) {
            return Ok(Some(Arc::clone(base)));
        }
        let written = self.store.written(stamp)?;
        self.kept.text = None;
        self.kept.base = written.map(|written| (stamp, Arc::new(written.sheet)));
        Ok(self.kept.base.as_ref().map(|(_, base)| Arc::clone(base)))
    }

    /// Returns a week as it is now, built again only if its time changed.
    fn built(&mut self, week: Week, revision: Revision, now: Instant) -> Result<Arc<Built>> {
        let calendar = self.config.calendar;
        let (first, last) = calendar.week_of(week.monday());
        let span = calendar.days(first, last);
        // Read first: a change while the week is built makes the next call build it again.
        let days = self
            .store
            .revision_of(UtcDay::of(span.start()), UtcDay::of(span.end()))?;
        let state = (self.store.past_revision()?, days);
        let reaches = span.end() + self.config.reach();
        if let Some(kept) = &self.kept.week
            && kept.of == (week, revision)
            && kept.state == state
            && kept.at <= now
            && !self.store.any_event(kept.at, now.min(reaches))?
        {
            return Ok(Arc::clone(&kept.built));
        }
        self.kept.text = None;
        let built = Arc::new(self.sheet(week, revision, now)?);
        self.kept.week = Some(KeptWeek {
            of: (week, revision),
            state,
            at: now,
            built: Arc::clone(&built),
        });
        Ok(built)
    }

    /// Returns the problems of a text that cannot be compared with a written sheet.
    fn alone(&mut self, parsed: &Parsed, now: Instant) -> Result<Checked> {
        let week = parsed.header().map(|(_, header)| header.week.value);
        let week = week.unwrap_or_else(|| self.week_at(now));
        let built = self.built(week, Revision(0), now)?;
        let now = &built.sheet;
        let mut problems = parsed.problems.clone();
        problems.push(unknown(parsed));
        Ok(Checked {
            base: now.clone(),
            now: now.clone(),
            review: Review {
                problems,
                ..Review::default()
            },
            doubts: built.doubts.clone(),
            usual: built.usual.clone(),
            owed: built.owed.clone(),
            projects: offered(&self.config),
            rates: built.rates.clone(),
        })
    }
}

/// Returns the problem that a text comes from no written sheet.
fn unknown(parsed: &Parsed) -> Problem {
    let header = parsed.header();
    let place = match header {
        Some((line, header)) => {
            let stamp = header.stamp.as_ref().map(|token: &Token<Stamp>| token.range.clone());
            (line, stamp.unwrap_or_else(|| header.week.range.clone()))
        }
        None => (0, 0..parsed.lines.first().map_or(0, |line| line.range.end)),
    };
    let (message, hint) = match header {
        Some((_, header)) if header.stamp.is_some() => (
            "this text was not written by this keeptab, or long ago",
            "review the week anew, and make the changes there",
        ),
        Some(_) => (
            "the header has no revision, which names the text that was written",
            "review the week anew, and make the changes there",
        ),
        None => (
            "the header is missing",
            "review the week anew; it begins with `# 2026-W47 …`",
        ),
    };
    Problem::error(ProblemKind::Header, place, message, hint)
}

#[cfg(test)]
mod tests;
