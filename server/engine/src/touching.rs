//! Recent work by file and page, and totals of a project.
//!
//! Ten years of heartbeats are too many to read while somebody waits for a hover: files and pages are summed over the
//! present week and the last thirty days. A project's totals are cached by day, and cover all time.

use std::collections::HashMap;

use anyhow::Result;
use keeptab_core::billing::{Tally, Work};
use keeptab_core::calendar::Range;
use keeptab_core::entity::Entity;
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::money::{Amount, Currency};
use keeptab_core::rule::{ProjectId, glob_of};
use keeptab_store::EntityId;
use serde::Serialize;

use super::Engine;

/// The length of [`Lately::month`]: thirty days.
const LATELY: Length = Length::from_minutes(30 * 24 * 60);

/// A file or page, with the captured time that it was worked on.
#[derive(Clone, Debug, Serialize)]
pub struct Lately {
    /// The file or page.
    pub entity: Entity,
    /// A glob on the workspace root it was seen under, or on its folder, if it has one.
    pub glob: Option<String>,
    /// The time in the present week.
    pub week: Length,
    /// The time in the last thirty days.
    pub month: Length,
}

/// The totals of a project.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Standing {
    /// The time in the present week.
    pub week: Length,
    /// The time in all.
    pub all: Length,
    /// The amounts that could be invoiced now.
    pub unbilled: Vec<(Currency, Amount)>,
}

impl Engine {
    /// Returns the files and pages worked on lately, the longest first.
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    pub fn touched(&mut self, now: Instant) -> Result<Vec<Lately>> {
        let calendar = self.config.calendar;
        let (first, last) = calendar.week_of(calendar.day_of(now));
        let week = calendar.days(first, last);
        let lately = now - LATELY;
        let Some(span) = Span::new(lately.min(week.start()), now + Length::from_millis(1)) else {
            return Ok(Vec::new());
        };
        let mut sums = HashMap::<EntityId, (Length, Length)>::new();
        for stretch in self.things(span, now, |_| ())? {
            let within = |from: Instant| {
                let since = Span::new(from, Instant::LATEST).and_then(|since| stretch.span.intersect(since));
                since.map_or(Length::ZERO, Span::length)
            };
            let (of_week, of_lately) = sums.entry(stretch.tag.entity).or_default();
            *of_week += within(week.start());
            *of_lately += within(lately);
        }
        let mut touched = Vec::new();
        for (id, (week, lately)) in sums {
            let (entity, root) = self.store.entity(id)?;
            let glob = match entity {
                Entity::Path(_) | Entity::Unnamed { .. } => {
                    self.folder_of(&entity, root).and_then(|folder| glob(&folder))
                }
                Entity::Url(_) | Entity::Private => None,
            };
            touched.push(Lately {
                entity,
                glob,
                week,
                month: lately,
            });
        }
        touched.sort_by(|a, b| b.month.cmp(&a.month).then_with(|| a.entity.cmp(&b.entity)));
        Ok(touched)
    }

    /// Returns the totals of a project.
    ///
    /// # Errors
    ///
    /// If the project is unknown, or the store cannot be read.
    pub fn standing(&mut self, project: &ProjectId, now: Instant) -> Result<Standing> {
        let calendar = self.config.calendar;
        let (first, last) = calendar.week_of(calendar.day_of(now));
        let (week, _) = self.project_in(project, Range::Days(first, last), now)?;
        let (all, work) = self.project_in(project, Range::All, now)?;
        let mut tally = Tally::default();
        tally.add(&work, |project| self.terms_of(project), &calendar);
        let unbilled = tally.amounts(|project| self.terms_of(project));
        Ok(Standing {
            week,
            all,
            unbilled: unbilled.into_iter().collect(),
        })
    }

    /// Returns a project's time in a range, and its unbilled work.
    fn project_in(&mut self, project: &ProjectId, range: Range, now: Instant) -> Result<(Length, Vec<Work>)> {
        let calendar = self.config.calendar;
        let days = range.days(&calendar, now);
        let ledger = self.ledger(range.span(&calendar, now), days, now)?;
        let index = self.config.index_of(project);
        let mut work = ledger.work();
        work.retain(|work| Some(work.project.0) == index);
        let open: Length = work.iter().map(|work| work.time.length()).sum();
        let billed = self.claimed(&ledger)?.get(project).copied().unwrap_or_default();
        Ok((open + billed, work))
    }
}

/// Returns the glob that names all in a folder; nothing for one that holds everything.
fn glob(folder: &str) -> Option<String> {
    (folder.trim_end_matches('/').len() > 1).then(|| glob_of(folder))
}
