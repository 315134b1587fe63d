//! The user's own hand: time that is added, and undo.

use anyhow::{Context as _, Result, bail};
use chrono::NaiveDate;
use keeptab_core::clock::{Clock, Clocks};
use keeptab_core::entry::Entry;
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::plain::counted;
use keeptab_core::rule::ProjectId;
use keeptab_core::timesheet::{Edit, NewEntryLine};
use keeptab_import::Source;
use keeptab_store::Applied;

use super::Engine;
use super::done::{Details, Done};
use super::failure::{Code, Refused};

/// Time that was not captured.
#[derive(Clone, Debug)]
pub struct Addition {
    /// The project it is for.
    pub project: ProjectId,
    /// The length.
    pub length: Length,
    /// The day; today unless given.
    pub day: Option<NaiveDate>,
    /// The clock time at which it began.
    pub at: Option<Clock>,
    /// The description of the work.
    pub note: Option<String>,
    /// True if it may be billed.
    pub billable: bool,
    /// True if it counts beside time that is there already.
    pub beside: bool,
}

/// The longest entry.
const LONGEST: Length = Length::from_minutes(24 * 60);

impl Engine {
    pub(super) fn add_entry(&mut self, entry: NewEntryLine, text: String, now: Instant) -> Result<Done> {
        let mut taken = self.taken(&entry, &[])?;
        let data = Details {
            project: entry.project.clone(),
            day: Some(entry.day),
            note: entry.note.clone(),
            billable: Some(entry.billable),
            ..Details::default()
        };
        let (_, made) = self.store.apply(&[Edit::Add(entry)], now)?;
        taken.entry = made.first().map(|id| id.0);
        Ok(Done::new(text).with(data).with_entries(vec![taken]).undoable())
    }

    /// Returns the length between two clock times of a day; today unless given.
    ///
    /// # Errors
    ///
    /// If the day lacks one of them, or the second is not after the first.
    pub fn clocked(&self, day: Option<NaiveDate>, times: Clocks, now: Instant) -> Result<Length> {
        let calendar = &self.config.calendar;
        let day = day.unwrap_or_else(|| calendar.day_of(now));
        let span = Span::new(times.from.instant(calendar, day)?, times.to.instant(calendar, day)?);
        let span = span.filter(|span| !span.length().is_zero());
        Ok(span.context("the second time is not after the first")?.length())
    }

    /// Adds an entry.
    ///
    /// # Errors
    ///
    /// If the project is unknown, the length is zero or above 24 hours, the start is invalid, other time covers the
    /// entry, or the store cannot be written.
    pub fn add(&mut self, addition: &Addition, now: Instant) -> Result<Done> {
        self.known(&addition.project)?;
        if addition.length.is_zero() {
            bail!("there is no time to add\nhint: give it as 0:45 or 45m");
        }
        if addition.length > LONGEST {
            bail!(
                "{} is more than a day\nhint: add it day by day, 24 h at most each",
                addition.length
            );
        }
        let day = addition.day.unwrap_or_else(|| self.config.calendar.day_of(now));
        let span = match addition.at {
            Some(at) => {
                let start = at.instant(&self.config.calendar, day)?;
                Span::new(start, start + addition.length)
            }
            None => None,
        };
        let entry = NewEntryLine {
            project: Some(addition.project.clone()),
            day,
            span,
            length: addition.length,
            note: addition
                .note
                .as_deref()
                .map(str::trim)
                .filter(|note| !note.is_empty())
                .map(str::to_owned),
            billable: addition.billable,
            beside: addition.beside,
        };
        self.taken(&entry, &[])?.refuse_nothing()?;
        let text = format!("{} on {day} for {}", addition.length, addition.project);
        self.add_entry(entry, text, now)
    }

    /// Takes the latest change back: corrections, unless some of that time is billed, or a rule that *assign* wrote.
    ///
    /// # Errors
    ///
    /// If there is nothing to take back, an import came after it, an invoice bills it, the rule was changed since, or the
    /// store cannot be written.
    pub fn undo(&mut self, now: Instant) -> Result<Done> {
        let latest = self.store.latest_apply()?;
        // An export of keeptab's own brings changes with their own times.
        let foreign = self
            .store
            .batches()?
            .into_iter()
            .filter(|batch| batch.origin != Source::Keeptab.name());
        let import = foreign.max_by_key(|batch| batch.made_at);
        let imported = import.as_ref().map(|import| import.made_at);
        let since = latest.as_ref().map(|latest| latest.made_at).max(imported);
        if let Some(done) = self.undo_rule(since, now)? {
            return Ok(done);
        }
        if let Some(import) =
            import.filter(|import| latest.as_ref().is_none_or(|latest| latest.made_at < import.made_at))
        {
            bail!(
                "the latest change is import {} of {}, with {}\nhint: `keeptab import --undo {}` takes all of it back",
                import.id.0,
                import.files,
                counted(import.entries, "entry"),
                import.id.0
            );
        }
        let latest = latest.context("there is nothing to take back")?;
        let what = self.name_of_change(&latest)?;
        let mut bills = Vec::new();
        let corrections = latest.spans.len();
        for span in latest.spans {
            let captured = self
                .store
                .claims(span)?
                .into_iter()
                .filter(|claim| claim.entry.is_none());
            bills.extend(captured.map(|claim| claim.invoice));
        }
        let claimed = self.store.claimed_entries(None)?;
        bills.extend(
            claimed
                .iter()
                .filter(|claim| latest.made.contains(&claim.entry))
                .map(|claim| claim.invoice),
        );
        if let Some(invoice) = bills.first() {
            let number = self.store.invoice_numbered(*invoice)?.number().to_string();
            bail!(
                "{number} bills some of {what}\nhint: `keeptab invoice cancel {number}` releases it, by a credit note"
            );
        }
        self.store.undo(latest.id, now)?;
        let emptied = self.emptied_drafts(now)?;
        let text = format!("taken back: {what}{emptied}");
        Ok(Done::new(text).with(Details {
            what: Some(what),
            taken_back_entries: Some(latest.made.len()),
            taken_back_corrections: Some(corrections),
            ..Details::default()
        }))
    }

    /// Names what an apply changed: an entry, or its changes with their times.
    fn name_of_change(&self, applied: &Applied) -> Result<String> {
        let made: Vec<Entry> = applied
            .made
            .iter()
            .map(|id| self.store.entry(*id))
            .collect::<Result<_>>()?;
        if let ([entry], []) = (&*made, &*applied.spans) {
            let project = entry.project.as_ref().map_or("no project", ProjectId::as_str);
            return Ok(format!("{} on {} for {project}", entry.length, entry.day));
        }
        let calendar = &self.config.calendar;
        let starts = applied.spans.iter().map(|span| span.start());
        let first = starts.clone().min().map(|start| calendar.day_of(start));
        let last = starts.max().map(|start| calendar.day_of(start));
        let first = made.iter().map(|entry| entry.day).chain(first).min();
        let last = made.iter().map(|entry| entry.day).chain(last).max();
        let (Some(first), Some(last)) = (first, last) else {
            return Ok("a change".to_owned());
        };
        Ok(match &*applied.spans {
            [span] if made.is_empty() => {
                let clock = |at: Instant| calendar.local(at).format("%H:%M");
                format!("the change of {first}, {}–{}", clock(span.start()), clock(span.end()))
            }
            spans => {
                let count = counted(spans.len() + made.len(), "change");
                if first == last {
                    format!("{count} of {first}")
                } else {
                    format!("{count} from {first} to {last}")
                }
            }
        })
    }

    pub(super) fn known(&self, project: &ProjectId) -> Result<()> {
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
        let words = format!("there is no project `{project}`\nhint: {hint}");
        Err(Refused::new(Code::UnknownProject, words).into())
    }
}
