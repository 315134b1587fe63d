//! A change to one line of the week: the correction that the timesheet would make.

use anyhow::{Context as _, Result, bail};
use chrono::NaiveDate;
use keeptab_core::calendar::Week;
use keeptab_core::instant::Instant;
use keeptab_core::rule::ProjectId;
use keeptab_core::timesheet::{Alteration, Line, Place, Problem, Revision, Sheet, TimeText, alter, parse, review};
use sha2::{Digest as _, Sha256};

use super::Engine;
use super::checking::Built;
use super::done::Done;
use super::reviewing::{ahead, applied};

/// A change of one line.
#[derive(Clone, Debug)]
pub struct LineChange {
    /// The day; today unless given.
    pub day: Option<NaiveDate>,
    /// The line's time as the timesheet shows it, or its key.
    pub line: String,
    /// The change.
    pub alteration: Alteration,
}

impl Engine {
    /// Changes one line of a day as one apply.
    ///
    /// # Errors
    ///
    /// If the line no longer exists, the sheet refuses the change, or the store cannot be written.
    pub fn change(&mut self, change: &LineChange, now: Instant) -> Result<Done> {
        let LineChange { day, line, alteration } = change;
        let calendar = self.config.calendar;
        let day = day.unwrap_or_else(|| calendar.day_of(now));
        let week = Week::of(calendar.week_of(day).1);
        // The revision only has to be the same for both texts.
        let Built { sheet, .. } = self.sheet(week, Revision(1), now)?;
        let place = find(&sheet, day, line)?;
        let parsed = parse(&alter(&sheet, place, alteration)?);
        let projects = self.config.projects.iter();
        let projects: Vec<ProjectId> = projects.map(|project| project.terms.project.clone()).collect();
        let mut review = review(&sheet, &parsed, &sheet, &projects);
        self.judge(&mut review, &parsed)?;
        if let Some(problem) = review.problems.iter().find(|problem| Problem::is_error(problem)) {
            bail!("nothing was changed: {problem}");
        }
        if let Some(problem) = ahead(&review.edits, now) {
            bail!("{problem}");
        }
        let mut edits = review.edits;
        let taken = self.taken_of(&edits)?;
        self.keep_gone(&mut edits)?;
        if !edits.is_empty() {
            self.store.apply(&edits, now)?;
        }
        Ok(applied(edits.len(), 0).with_entries(taken))
    }
}

/// Returns a key that names one line, as long as it is unchanged.
pub(super) fn key(day: NaiveDate, line: &Line) -> String {
    let mut hash = Sha256::new();
    hash.update(day.to_string());
    hash.update(serde_json::to_vec(line).unwrap_or_default());
    let bytes = hash.finalize();
    let first = bytes.iter().take(6);
    first.fold(0_u64, |key, byte| key << 8 | u64::from(*byte)).to_string()
}

fn find(sheet: &Sheet, day: NaiveDate, name: &str) -> Result<Place> {
    let index = sheet.days.iter().position(|known| known.date == day);
    let lines = index.and_then(|index| sheet.days.get(index)).map(|day| &day.lines);
    let lines = lines.with_context(|| format!("nothing is counted on {day}\nhint: `--day` names another"))?;
    let shown = |line: &Line| TimeText::of(&line.time, &sheet.calendar, day).to_string();
    // A key is a number, and no time is.
    let is_it = |line: &Line| {
        if name.bytes().all(|byte| byte.is_ascii_digit()) {
            key(day, line) == name
        } else {
            shown(line) == name
        }
    };
    let mut found = (0..).zip(lines).filter(|(_, line)| is_it(line));
    match (found.next(), found.next()) {
        (Some((line, _)), None) => Ok(Place {
            day: index.unwrap_or_default(),
            line,
        }),
        (Some(_), Some(_)) => bail!("{day} has more than one line {name}\nhint: change it in the timesheet"),
        _ if name.contains(':') => {
            let known: Vec<String> = lines.iter().map(shown).collect();
            bail!("{day} has no line {name}\nhint: its lines are {}", known.join(", "))
        }
        _ => bail!(keeptab_core::timesheet::AlterError::Gone),
    }
}
