//! The user's own hand: calls that are timed, time that is added, gaps that are counted, and undo.

use std::fmt;

use anyhow::{Context as _, Result, bail};
use chrono::NaiveDate;
use keeptab_core::correction::{Change, To};
use keeptab_core::instant::{Instant, Length, Span, subtract, united};
use keeptab_core::rule::ProjectId;
use keeptab_core::timesheet::{Edit, NewEntryLine};
use serde::{Deserialize, Serialize};

use super::Engine;
use super::command::Addition;
use super::ledger::Ledger;
use super::view::{Words, table};

/// A timer that runs, as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Timer {
    pub(super) project: ProjectId,
    pub(super) since: Instant,
}

const TIMER: &str = "timer";

/// The gaps of a day between its first and last counted instant.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Gaps(Vec<Gap>);

/// Time at which nobody was seen working.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// By the clock of the day: `12:10`.
    pub from: String,
    /// The same.
    pub to: String,
    /// How long it is.
    pub seconds: i64,
}

impl Gaps {
    /// Returns them in the order of time.
    #[must_use]
    pub fn gaps(&self) -> &[Gap] {
        &self.0
    }
}

impl fmt::Display for Gaps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return write!(f, "no gaps");
        }
        let row = |gap: &Gap| {
            vec![
                format!("{}-{}", gap.from, gap.to),
                Length::from_secs(gap.seconds).to_string(),
            ]
        };
        let rows: Vec<Vec<String>> = self.0.iter().map(row).collect();
        table(f, &["away", "time"], &rows, &[1])?;
        write!(
            f,
            "\n\n`keeptab away {}-{} PROJECT` counts one",
            self.0[0].from, self.0[0].to
        )
    }
}

impl Engine {
    /// Returns the timer that runs.
    pub(super) fn timer(&self) -> Result<Option<Timer>> {
        let text = self.store.setting(TIMER)?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Starts timing by hand. What was timed before is counted first.
    pub(super) fn start(&mut self, project: &ProjectId, now: Instant) -> Result<Words> {
        self.known(project)?;
        let before = if self.timer()?.is_some() {
            format!("{}\n", self.stop(now)?)
        } else {
            String::new()
        };
        let timer = Timer {
            project: project.clone(),
            since: now,
        };
        self.store.set_setting(TIMER, Some(&serde_json::to_string(&timer)?))?;
        Ok(Words::new(format!(
            "{before}timing {project}; `keeptab stop` counts it"
        )))
    }

    /// Ends the timer: all of its time becomes the project's.
    pub(super) fn stop(&mut self, now: Instant) -> Result<Words> {
        let timer = self
            .timer()?
            .context("nothing is timed by hand\nhint: `keeptab start PROJECT` begins")?;
        self.store.set_setting(TIMER, None)?;
        let Some(span) = Span::new(timer.since, now) else {
            return Ok(Words::new("the clock was set back; nothing was counted"));
        };
        let to = To::Project(timer.project.clone());
        self.store.apply(
            &[
                Edit::Correct(span, Change::Assign { to: to.clone() }),
                Edit::Correct(span, Change::Fill { to }),
            ],
            now,
        )?;
        Ok(Words::new(format!(
            "{} for {}; `keeptab undo` takes it back",
            span.length(),
            timer.project
        )))
    }

    /// Adds an entry.
    pub(super) fn add(&mut self, addition: &Addition, now: Instant) -> Result<Words> {
        self.known(&addition.project)?;
        if addition.length.is_zero() {
            bail!("there is no time to add\nhint: give it as 0:45 or 45m");
        }
        let day = addition.day.unwrap_or_else(|| self.config.calendar.day_of(now));
        let span = match addition.at {
            Some(at) => {
                let start = self.config.calendar.at_clock(day, at);
                Span::new(start, start + addition.length)
            }
            None => None,
        };
        let entry = NewEntryLine {
            project: Some(addition.project.clone()),
            day,
            span,
            length: addition.length,
            note: addition.note.clone(),
            billable: addition.billable,
        };
        self.store.apply(&[Edit::Add(entry)], now)?;
        Ok(Words::new(format!(
            "{} on {day} for {}; `keeptab undo` takes it back",
            addition.length, addition.project
        )))
    }

    /// Lists the gaps of a day that are longer than the idle timeout.
    pub(super) fn away(&mut self, day: Option<NaiveDate>, now: Instant) -> Result<Gaps> {
        let calendar = self.config.calendar;
        let day = day.unwrap_or_else(|| calendar.day_of(now));
        let ledger = self.ledger(calendar.day(day), Some((day, day)), now)?;
        Ok(Gaps(self.gaps(&ledger).into_iter().map(|gap| self.gap(gap)).collect()))
    }

    /// Shows a gap by the clock.
    pub(super) fn gap(&self, gap: Span) -> Gap {
        let clock = |at| self.config.calendar.local(at).format("%H:%M").to_string();
        Gap {
            from: clock(gap.start()),
            to: clock(gap.end()),
            seconds: gap.length().whole_seconds(),
        }
    }

    /// Returns the gaps between what is counted that are longer than the idle timeout.
    pub(super) fn gaps(&self, ledger: &Ledger) -> Vec<Span> {
        let mut counted: Vec<Span> = ledger.open.iter().map(|stretch| stretch.span).collect();
        counted.extend(ledger.claims.iter().map(|claim| claim.span));
        counted.extend(ledger.entries.iter().filter_map(|entry| entry.span));
        counted.sort();
        let mut gaps = Vec::new();
        let mut end: Option<Instant> = None;
        for span in counted {
            let gap = end.and_then(|end| Span::new(end, span.start()));
            gaps.extend(gap.filter(|gap| gap.length() > self.config.counting.idle_timeout));
            end = end.max(Some(span.end()));
        }
        gaps
    }

    /// Counts what was not counted between two clock times of a day.
    pub(super) fn fill(
        &mut self,
        day: Option<NaiveDate>,
        (from, to): (Length, Length),
        project: &ProjectId,
        now: Instant,
    ) -> Result<Words> {
        self.known(project)?;
        let calendar = self.config.calendar;
        let day = day.unwrap_or_else(|| calendar.day_of(now));
        let span = Span::new(calendar.at_clock(day, from), calendar.at_clock(day, to).min(now));
        let span = span.context("the gap ends before it begins\nhint: write it as 12:10-13:00")?;
        let before = self.counted(span, now)?;
        let to = To::Project(project.clone());
        self.store.apply(&[Edit::Correct(span, Change::Fill { to })], now)?;
        let added = self.counted(span, now)? - before;
        Ok(Words::new(format!(
            "{added} more for {project}; `keeptab undo` takes it back"
        )))
    }

    /// Keeps the gaps of a stretch of a day uncounted, whatever arrives later.
    pub(super) fn break_off(
        &mut self,
        day: Option<NaiveDate>,
        (from, to): (Length, Length),
        now: Instant,
    ) -> Result<Words> {
        let calendar = self.config.calendar;
        let day = day.unwrap_or_else(|| calendar.day_of(now));
        let (start, end) = (calendar.at_clock(day, from), calendar.at_clock(day, to).min(now));
        // Clock times are shown cut to the minute: the gap may end a little later, where the next work begins.
        let minute = Span::new(start, (end + Length::from_minutes(1)).min(now));
        let span = Span::new(start, end).and(minute);
        let span = span.context("the break ends before it begins\nhint: write it as 12:10-13:00")?;
        let ledger = self.ledger(span, Some((day, day)), now)?;
        let mut counted: Vec<Span> = ledger.open.iter().map(|stretch| stretch.span).collect();
        counted.extend(ledger.claims.iter().map(|claim| claim.span));
        let entries = ledger.entries.iter();
        let entries = entries.chain(ledger.claimed_entries.iter().map(|(entry, ..)| entry));
        counted.extend(entries.filter_map(|entry| entry.span));
        let whole = |gap: Span| {
            if gap.end() == span.end() {
                Span::new(gap.start(), end)
            } else {
                Some(gap)
            }
        };
        let gaps = subtract(span, &united(counted)).into_iter().filter_map(whole);
        let edits: Vec<Edit> = gaps.map(|gap| Edit::Correct(gap, Change::Erase)).collect();
        if edits.is_empty() {
            bail!("all of that time is counted\nhint: to take it away, delete or trim its lines in the timesheet");
        }
        self.store.apply(&edits, now)?;
        Ok(Words::new("a break; `keeptab undo` takes it back"))
    }

    /// Takes the latest corrections back, unless some of that time is billed.
    pub(super) fn undo(&mut self, now: Instant) -> Result<Words> {
        let latest = self.store.latest_apply()?;
        let latest = latest.context("there is nothing to take back")?;
        let mut bills = Vec::new();
        for span in latest.spans {
            bills.extend(self.store.claims(span)?.iter().map(|claim| claim.invoice));
        }
        let claimed = self.store.claimed_entries(None)?;
        bills.extend(
            claimed
                .iter()
                .filter(|(entry, ..)| latest.made.contains(entry))
                .map(|(_, invoice, _)| *invoice),
        );
        if let Some(invoice) = bills.first() {
            let number = self.store.invoice_numbered(*invoice)?;
            bail!(
                "{} bills some of that time\nhint: a credit note has to release it first",
                number.number()
            );
        }
        self.store.undo(latest.id, now)?;
        Ok(Words::new("taken back"))
    }

    fn counted(&mut self, span: Span, now: Instant) -> Result<Length> {
        let ledger = self.ledger(span, None, now)?;
        Ok(ledger.open.iter().map(|stretch| stretch.span.length()).sum())
    }

    fn known(&self, project: &ProjectId) -> Result<()> {
        if self.config.project(project).is_some() {
            return Ok(());
        }
        let ids: Vec<&str> = self
            .config
            .projects
            .iter()
            .map(|project| project.terms.project.as_str())
            .collect();
        let hint = if ids.is_empty() {
            "add one with `keeptab project add`".into()
        } else {
            format!("projects are {}", ids.join(", "))
        };
        bail!("there is no project `{project}`\nhint: {hint}");
    }
}
