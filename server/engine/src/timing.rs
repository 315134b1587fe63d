//! Time by hand: a timer that is started, shown, and counted when it stops.

use anyhow::{Context as _, Result, bail};
use keeptab_core::clock::Clock;
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::rule::ProjectId;
use keeptab_core::timeline::Tag;
use keeptab_core::timesheet::NewEntryLine;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Engine;
use super::done::{Details, Done};

/// A timer that is to run.
#[derive(Clone, Debug)]
pub struct Start {
    /// The project it is for.
    pub project: ProjectId,
    /// The clock time of today at which it began; now unless given.
    pub at: Option<Clock>,
    /// The description of the work.
    pub note: Option<String>,
}

/// A running timer, as stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Timer {
    pub(super) project: ProjectId,
    pub(super) since: Instant,
    #[serde(default)]
    note: Option<String>,
}

/// A running timer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Timed {
    /// The project.
    pub project: ProjectId,
    /// The start by the clock of the day on which it lies, such as `09:10`.
    pub from: String,
    /// The description of the work.
    pub note: Option<String>,
}

const TIMER: &str = "timer";

impl Engine {
    /// Returns the timer that runs.
    pub(super) fn timer(&self) -> Result<Option<Timer>> {
        let text = self.store.setting(TIMER)?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Returns a timer as clients show it.
    pub(super) fn timed(&self, timer: &Timer) -> Timed {
        let calendar = &self.config.calendar;
        Timed {
            project: timer.project.clone(),
            from: Clock::of(calendar, calendar.day_of(timer.since), timer.since).to_string(),
            note: timer.note.clone(),
        }
    }

    /// Starts timing by hand. A running timer ends where the new one begins, and its time is counted.
    ///
    /// # Errors
    ///
    /// If the project is unknown, the start lies ahead, before the start of the running timer, or where all time since is
    /// counted already, or the store cannot be written.
    pub fn start(&mut self, start: &Start, now: Instant) -> Result<Done> {
        self.known(&start.project)?;
        let note = start.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
        let timer = Timer {
            project: start.project.clone(),
            since: self.startable(start.at, now)?,
            note: note.map(str::to_owned),
        };
        let held = self.held(&timer, now)?;
        let before = self.timer()?.map(|_| self.stop_at(timer.since, now)).transpose()?;
        self.store.set_setting(TIMER, Some(&serde_json::to_string(&timer)?))?;
        let mut text = format!("timing {}", timer.project);
        if start.at.is_some() {
            text = format!("{text} since {}", self.timed(&timer).from);
        }
        if let Some(before) = &before {
            text = format!("{text}, after {}", before.summary);
        }
        for words in held {
            text = format!("{text}\n{words}");
        }
        let details = Details {
            note: timer.note,
            project: Some(timer.project),
            since: Some(timer.since.to_rfc3339()),
            ..Details::default()
        };
        let undo = before.as_ref().and_then(|before| before.undo);
        let before = before.map(Box::new);
        let mut done = Done::new(format!("{text}\nhint: `keeptab stop` counts it")).with(Details { before, ..details });
        done.undo = undo;
        Ok(done)
    }

    /// Returns the instant at which a timer would begin.
    ///
    /// # Errors
    ///
    /// If it lies ahead, before the start of the running timer, or where all time since is counted already.
    pub fn startable(&self, at: Option<Clock>, now: Instant) -> Result<Instant> {
        let Some(at) = at else { return Ok(now) };
        let calendar = &self.config.calendar;
        let since = at.instant(calendar, calendar.day_of(now))?;
        if since > now {
            bail!("{at} is still to come\nhint: `keeptab add` takes the time of another day, with `--day` and `--at`");
        }
        let since = match self.timer()?.filter(|timer| since < timer.since) {
            None => since,
            // The clock time of the running timer is cut to its minute.
            Some(timer) if timer.since - since < Length::from_minutes(1) => timer.since.min(now),
            Some(timer) => {
                let Timed { project, from, .. } = self.timed(&timer);
                bail!("{project} is timed since {from} already\nhint: stop it first, or start at {from} or later");
            }
        };
        let taken = self.taken(&self.timer_entry((since, now), None, None), &[])?;
        if taken.is_nothing() {
            let words = taken.words().unwrap_or_default();
            bail!("nothing was started: {words}\nhint: start when that time is over, or without `--at`");
        }
        Ok(since)
    }

    /// Says how much of the time since a timer's start others have, and how much captured time it takes over.
    fn held(&mut self, timer: &Timer, now: Instant) -> Result<Vec<String>> {
        let Some(span) = Span::new(timer.since, now) else {
            return Ok(Vec::new());
        };
        let taken = self.taken(&self.timer_entry((timer.since, now), None, None), &[])?;
        let mut words: Vec<String> = taken.words().into_iter().collect();
        let own = self.config.index_of(&timer.project);
        let ledger = self.ledger(span, None, now)?;
        let others = ledger.open.iter().filter(|stretch| match stretch.tag.tag {
            Tag::Project(index) => Some(index.0) != own,
            Tag::Unassigned => true,
            Tag::Private => false,
        });
        let moved = others
            .filter_map(|stretch| stretch.span.intersect(span))
            .map(Span::length);
        let moved: Length = moved.sum();
        if moved.whole_seconds() >= 60 {
            words.push(format!(
                "{moved} tracked elsewhere since then counts for {} instead",
                timer.project
            ));
        }
        Ok(words)
    }

    /// Ends the timer: its time becomes an entry of the project.
    ///
    /// # Errors
    ///
    /// If no timer runs or the store cannot be written.
    pub fn stop(&mut self, now: Instant) -> Result<Done> {
        self.stop_at(now, now)
    }

    fn stop_at(&mut self, end: Instant, now: Instant) -> Result<Done> {
        let timer = self
            .timer()?
            .context("nothing is timed by hand\nhint: `keeptab start PROJECT` begins")?;
        self.store.set_setting(TIMER, None)?;
        let Some(span) = Span::new(timer.since, end) else {
            let summary = if end == timer.since {
                format!("no time for {}", timer.project)
            } else {
                "the clock was set back; nothing was counted".to_owned()
            };
            return Ok(Done::new(summary).with(Details {
                project: Some(timer.project),
                ..Details::default()
            }));
        };
        let text = format!("{} for {}", span.length(), timer.project);
        let entry = self.timer_entry((timer.since, end), Some(timer.project), timer.note);
        // A timer over time that is billed already is stored with a counted length of 0, so that no timer is lost.
        self.add_entry(entry, text, now)
    }

    fn timer_entry(
        &self,
        (since, end): (Instant, Instant),
        project: Option<ProjectId>,
        note: Option<String>,
    ) -> NewEntryLine {
        let span = Span::new(since, end);
        NewEntryLine {
            project,
            day: self.config.calendar.day_of(since),
            span,
            length: span.map_or(Length::ZERO, Span::length),
            note,
            billable: true,
            beside: false,
        }
    }
}
