//! Time away: the gaps of a day, how they are offered, and how they are counted.

use std::fmt;

use anyhow::{Context as _, Result, bail, ensure};
use chrono::NaiveDate;
use keeptab_core::activity::Actor;
use keeptab_core::clock::{Clock, Clocks};
use keeptab_core::correction::{Change, To};
use keeptab_core::instant::{Instant, Length, Span, subtract, united};
use keeptab_core::rule::ProjectId;
use keeptab_core::timeline::Tag;
use keeptab_core::timesheet::Edit;
use keeptab_store::{EntityId, StoredSign};
use schemars::JsonSchema;
use serde::Serialize;

use super::Engine;
use super::done::{Details, Done};
use super::ledger::Ledger;
use super::view::table;

/// An idle gap is offered for this long after it ended.
const OFFERED_FOR: Length = Length::from_minutes(60);
/// A longer gap is taken for the night, not for a call.
const LONGEST_CALL: Length = Length::from_minutes(4 * 60);

/// The gaps of a day between its first and last counted instant.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Gaps(Vec<Gap>);

/// Time without human work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Gap {
    /// The start by the clock of the day, such as `12:10`.
    pub from: String,
    /// The end, in the same form.
    pub to: String,
    /// The length in seconds.
    pub seconds: i64,
    /// True if a window was in front all the while: human heartbeats are never further apart than the idle timeout,
    /// and no boundary parts them.
    pub attended: bool,
}

impl Gaps {
    /// Returns them in the order of time.
    #[must_use]
    pub fn gaps(&self) -> &[Gap] {
        &self.0
    }
}

impl Gap {
    /// Describes the length of the gap and whether the person was there.
    #[must_use]
    pub fn said(&self) -> String {
        let length = Length::from_secs(self.seconds);
        if self.attended {
            format!("away {length}, in the editor all the while")
        } else {
            format!("away {length}")
        }
    }
}

impl fmt::Display for Gaps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(first) = self.0.first() else {
            return write!(f, "no gaps");
        };
        let row = |gap: &Gap| {
            let there = if gap.attended {
                "in the editor all the while"
            } else {
                ""
            };
            vec![
                format!("{}-{}", gap.from, gap.to),
                Length::from_secs(gap.seconds).to_string(),
                there.to_owned(),
            ]
        };
        let rows: Vec<Vec<String>> = self.0.iter().map(row).collect();
        table(f, &["away", "time", ""], &rows, &[1])?;
        write!(f, "\n\n`keeptab away {}-{} PROJECT` counts one", first.from, first.to)?;
        if let Some(gap) = self.0.iter().find(|gap| gap.attended) {
            write!(
                f,
                "; `keeptab away {}-{}` counts it to what was in front",
                gap.from, gap.to
            )?;
        }
        Ok(())
    }
}

impl Engine {
    /// Lists the gaps of a day that are longer than the idle timeout.
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    pub fn away(&mut self, day: Option<NaiveDate>, now: Instant) -> Result<Gaps> {
        let (day, ledger) = self.of_day(day, now)?;
        let gaps = self.gaps(&ledger).into_iter().map(|gap| self.gap(day, gap));
        Ok(Gaps(gaps.collect::<Result<_>>()?))
    }

    /// Returns the last gap of a day that ended at most an hour ago and is at most four hours long, unless the person
    /// said that it was a break.
    pub(super) fn offered_gap(&self, day: NaiveDate, ledger: &Ledger, now: Instant) -> Result<Option<Gap>> {
        let recent = |gap: &Span| now - gap.end() <= OFFERED_FOR && gap.length() <= LONGEST_CALL;
        let Some(gap) = self.gaps(ledger).into_iter().rfind(recent) else {
            return Ok(None);
        };
        let corrections = self.store.corrections(gap)?.into_iter();
        let breaks = corrections.filter(|correction| correction.change == Change::Erase);
        let breaks = united(breaks.map(|correction| correction.span).collect());
        let is_open = !subtract(gap, &breaks).is_empty();
        is_open.then(|| self.gap(day, gap)).transpose()
    }

    /// Counts uncounted time between two clock times of a day: to a project, or to the thing in front.
    ///
    /// # Errors
    ///
    /// If the clock times are not a gap of that day, the project is unknown, or the store cannot be written.
    pub fn fill(
        &mut self,
        day: Option<NaiveDate>,
        times: Clocks,
        project: Option<&ProjectId>,
        now: Instant,
    ) -> Result<Done> {
        let (day, ledger) = self.of_day(day, now)?;
        let gap = self.exact(day, times, &ledger, now)?;
        let parts = if let Some(project) = project {
            self.known(project)?;
            vec![(gap, To::Project(project.clone()))]
        } else {
            ensure!(
                self.is_attended(gap)?,
                "nobody was in the editor all the while\nhint: name the project: `keeptab away {times} PROJECT`"
            );
            self.in_front(gap)?
        };
        let before = self.counted(gap, now)?;
        let mut names: Vec<String> = parts.iter().map(|(_, to)| name_of(to)).collect();
        names.sort();
        names.dedup();
        let fill = |(span, to): (Span, To)| Edit::Correct(span, Change::Fill { to });
        let edits: Vec<Edit> = parts.into_iter().map(fill).collect();
        self.store.apply(&edits, now)?;
        let added = self.counted(gap, now)? - before;
        let (names, projects) = (names.join(", "), names);
        let data = Details {
            day: Some(day),
            added_seconds: Some(added.whole_seconds()),
            projects: Some(projects),
            ..Details::default()
        };
        Ok(Done::new(format!("{added} more for {names}")).with(data).undoable())
    }

    /// Keeps the gaps of a stretch of a day uncounted, also for later arrivals.
    ///
    /// # Errors
    ///
    /// If no gap lies there, or the store cannot be written.
    pub fn break_off(&mut self, day: Option<NaiveDate>, times: Clocks, now: Instant) -> Result<Done> {
        let (day, ledger) = self.of_day(day, now)?;
        let span = self.exact(day, times, &ledger, now)?;
        let gaps = subtract(span, &counted_of(&ledger)).into_iter();
        let edits: Vec<Edit> = gaps.map(|gap| Edit::Correct(gap, Change::Erase)).collect();
        if edits.is_empty() {
            bail!("all of that time is counted\nhint: to take it away, delete or trim its lines in the timesheet");
        }
        self.store.apply(&edits, now)?;
        let broken = Details {
            day: Some(day),
            gaps: Some(edits.len()),
            ..Details::default()
        };
        Ok(Done::new("a break").with(broken).undoable())
    }

    fn of_day(&mut self, day: Option<NaiveDate>, now: Instant) -> Result<(NaiveDate, Ledger)> {
        let calendar = self.config.calendar;
        let day = day.unwrap_or_else(|| calendar.day_of(now));
        let ledger = self.ledger(calendar.day(day), Some((day, day)), now)?;
        Ok((day, ledger))
    }

    /// Returns the gaps between counted time that are longer than the idle timeout.
    fn gaps(&self, ledger: &Ledger) -> Vec<Span> {
        let counted = counted_of(ledger);
        let between = counted.iter().zip(counted.iter().skip(1));
        let gaps = between.filter_map(|(before, after)| Span::new(before.end(), after.start()));
        gaps.filter(|gap| gap.length() > self.config.counting.idle_timeout)
            .collect()
    }

    /// Shows a gap by the clock of a day.
    fn gap(&self, day: NaiveDate, gap: Span) -> Result<Gap> {
        let clock = |at| Clock::of(&self.config.calendar, day, at).to_string();
        Ok(Gap {
            from: clock(gap.start()),
            to: clock(gap.end()),
            seconds: gap.length().whole_seconds(),
            attended: self.is_attended(gap)?,
        })
    }

    /// Returns the span between two clock times: a gap shown with these times, to the millisecond; else whole minutes,
    /// or the exact bound of a gap that begins or ends within one of them.
    fn exact(&self, day: NaiveDate, times: Clocks, ledger: &Ledger, now: Instant) -> Result<Span> {
        let calendar = &self.config.calendar;
        let is = |at: Instant, clock: Clock| Clock::of(calendar, day, at) == clock;
        let gaps = self.gaps(ledger);
        let listed = |gap: &&Span| is(gap.start(), times.from) && is(gap.end(), times.to);
        if let Some(gap) = gaps.iter().find(listed) {
            return Ok(*gap);
        }
        let (from, to) = (times.from.instant(calendar, day)?, times.to.instant(calendar, day)?);
        let counted = counted_of(ledger);
        let ends = counted.iter().map(|span| span.end());
        let start = ends.rev().find(|end| is(*end, times.from)).unwrap_or(from);
        let mut starts = counted.iter().map(|span| span.start());
        let end = starts.find(|at| *at > start && is(*at, times.to)).unwrap_or(to);
        Span::new(start, end.min(now)).context("the gap ends before it begins\nhint: write it as 12:10-13:00")
    }

    /// Returns true if the person was there all the while: human heartbeats in a gap, its ends included, are never
    /// further apart than the idle timeout, and no boundary of their devices parts them.
    fn is_attended(&self, gap: Span) -> Result<bool> {
        let (mut last, mut silence) = (gap.start(), Length::ZERO);
        let (mut devices, mut cuts) = (Vec::new(), Vec::new());
        self.store.events(gap, |event| match event.sign {
            StoredSign::Heartbeat(_, Actor::Human, _) => {
                silence = silence.max(event.at - last);
                last = event.at;
                devices.push(event.id.device);
            }
            StoredSign::Boundary(_) if event.at > gap.start() => cuts.push(event.id.device),
            _ => {}
        })?;
        silence = silence.max(gap.end() - last);
        Ok(silence <= self.config.counting.idle_timeout && !cuts.iter().any(|device| devices.contains(device)))
    }

    /// Splits a gap by the thing in front: from each heartbeat to the next, and first the thing that was worked on
    /// last.
    fn in_front(&mut self, gap: Span) -> Result<Vec<(Span, To)>> {
        let mut signs: Vec<(Instant, EntityId)> = Vec::new();
        if let Some(worked) = self.store.last_strong(gap.start())?
            && let StoredSign::Heartbeat(_, _, entity) = worked.sign
        {
            signs.push((gap.start(), entity));
        }
        self.store.events(gap, |event| {
            if let StoredSign::Heartbeat(_, Actor::Human, entity) = event.sign {
                signs.push((event.at, entity));
            }
        })?;
        let mut parts: Vec<(Span, To)> = Vec::new();
        let ends: Vec<Instant> = signs.iter().skip(1).map(|(at, _)| *at).chain([gap.end()]).collect();
        for ((at, entity), end) in signs.into_iter().zip(ends) {
            let to = match self.tag(entity)? {
                Tag::Project(index) => To::Project(self.config.projects[index.0].terms.project.clone()),
                Tag::Unassigned => To::Unassigned,
                Tag::Private => To::Private,
            };
            let Some(span) = Span::new(at, end) else { continue };
            match parts.last_mut() {
                Some((last, same)) if *same == to => *last = Span::new(last.start(), end).unwrap_or(span),
                _ => parts.push((span, to)),
            }
        }
        Ok(parts)
    }

    fn counted(&mut self, span: Span, now: Instant) -> Result<Length> {
        let ledger = self.ledger(span, None, now)?;
        Ok(ledger.open.iter().map(|stretch| stretch.span.length()).sum())
    }
}

/// Returns all spans that count in a ledger, in order and apart.
fn counted_of(ledger: &Ledger) -> Vec<Span> {
    let mut counted: Vec<Span> = ledger.open.iter().map(|stretch| stretch.span).collect();
    counted.extend(ledger.claims.iter().map(|claim| claim.span));
    counted.extend(ledger.entered().filter_map(|entered| entered.entry.span));
    united(counted)
}

fn name_of(to: &To) -> String {
    match to {
        To::Project(project) => project.to_string(),
        To::Unassigned => "no project".to_owned(),
        To::Private => "what is private".to_owned(),
    }
}
