//! The week as a timesheet: written, looked at, applied.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use chrono::NaiveDate;
use keeptab_core::budget::Budget;
use keeptab_core::calendar::{DayName, Month, Week, WeekName};
use keeptab_core::entry::Entry;
use keeptab_core::instant::Instant;
use keeptab_core::money::{Amount, Currency};
use keeptab_core::plain::counted;
use keeptab_core::timesheet::{Edit, Heading, Parsed, Problem, Revision, Sheet, parse, print};
use keeptab_store::Written;
use keeptab_system::home::write_whole;
use keeptab_system::plain::{self, LONGEST_TEXT};
use schemars::JsonSchema;
use serde::Serialize;

use super::Engine;
use super::checking::Built;
use super::done::{Details, Done, Undo, in_shell};
use super::doubts::usual::answered;
use super::ledger::Entered;
use super::taking::Taken;
use super::worth::{Owed, owed};

/// A timesheet that was written for the user.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SheetView {
    /// The week.
    pub week: Week,
    /// The revision of the text.
    pub revision: Revision,
    /// The path of the file.
    pub path: PathBuf,
    /// The text of the file.
    pub text: String,
    /// The outcome in words.
    pub outcome: String,
    /// The command that takes back what was applied, if anything was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undo: Option<Undo>,
    /// The new entries, with their counted lengths.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<Taken>,
}

impl Engine {
    /// Writes the sheet of a week to its file, unless there are edits in it that were not applied.
    ///
    /// # Errors
    ///
    /// If the store cannot be read, or the file cannot be written.
    pub fn review(&mut self, week: Option<Week>, write: bool, now: Instant) -> Result<SheetView> {
        let week = week.unwrap_or_else(|| self.week_at(now));
        let path = self.sheet_file(week);
        if let Some(text) = self.unapplied(&path)?.filter(|_| write) {
            let parsed = parse(&text);
            return Ok(SheetView {
                week,
                revision: parsed.stamp().map_or(Revision(0), |stamp| stamp.revision),
                outcome: format!(
                    "{week} has edits that are not applied, and is left as it is: save it, or delete the file to begin again"
                ),
                path,
                text,
                undo: None,
                entries: Vec::new(),
            });
        }
        let written = self.written(week, now)?;
        if write {
            write_whole(&path, written.text.as_bytes())?;
        }
        Ok(SheetView {
            week,
            revision: written.sheet.revision,
            path,
            text: written.text,
            undo: None,
            entries: Vec::new(),
            outcome: format!("{week} as it is now; saving what you change in it applies it"),
        })
    }

    /// Applies the user's edits of a sheet, all or nothing, and writes the sheet again.
    ///
    /// # Errors
    ///
    /// If a line is wrong, an edit touches time that changed after the sheet was written, or the store or the file
    /// cannot be written.
    pub fn apply_sheet(&mut self, parsed: &Arc<Parsed>, write: bool, now: Instant) -> Result<SheetView> {
        let checked = self.check(parsed, now)?;
        let problems = &checked.review.problems;
        if problems.iter().any(Problem::is_error) {
            let errors = problems.iter().filter(|problem| problem.is_error());
            let told = errors.map(|problem| {
                let column = parsed.position(problem.range.start).utf16 + 1;
                format!("{}:{column}: {problem}", problem.line + 1)
            });
            bail!("nothing was applied\n{}", told.collect::<Vec<_>>().join("\n"));
        }
        let mut edits = checked.review.edits.clone();
        if let Some(problem) = ahead(&edits, now) {
            bail!("{problem}");
        }
        let entries = self.taken_of(&edits)?;
        self.keep_gone(&mut edits)?;
        let (week, revision) = (checked.base.week, checked.base.revision);
        let changes = edits.len();
        let breaks = answered(&checked.usual, &parsed.usual(), &edits);
        let done = applied(changes, breaks.len()).with_entries(entries.clone());
        edits.extend(breaks);
        if !edits.is_empty() {
            self.store.apply(&edits, now)?;
        }
        self.store.sheet_applied(revision, parsed.text())?;
        let path = self.sheet_file(week);
        let write = write && self.unapplied(&path)?.is_none();
        let written = self.written(week, now)?;
        if write {
            write_whole(&path, written.text.as_bytes())?;
        }
        Ok(SheetView {
            week,
            revision: written.sheet.revision,
            path,
            text: written.text,
            outcome: done.summary,
            undo: done.undo,
            entries,
        })
    }

    /// Returns the sheet of a week as it is now, under the newest revision if nothing has changed since.
    fn written(&mut self, week: Week, now: Instant) -> Result<Written> {
        let newest = self.store.newest_sheet(week)?;
        let revision = newest.as_ref().map_or(Revision(0), |newest| newest.sheet.revision);
        let Built { sheet, .. } = self.sheet(week, revision, now)?;
        match newest.filter(|newest| newest.sheet == sheet && newest.text == print(&sheet)) {
            Some(newest) => Ok(newest),
            None => self.store.write_sheet(sheet, print, now),
        }
    }

    /// Builds the sheet of a week, with its doubts and unbilled amounts.
    pub(super) fn sheet(&mut self, week: Week, revision: Revision, now: Instant) -> Result<Built> {
        let calendar = self.config.calendar;
        let (first, last) = calendar.week_of(week.monday());
        let span = calendar.days(first, last);
        let ledger = self.ledger(span, Some((first, last)), now)?;
        let pieces = self.pieces(&ledger, span, now)?;
        let (doubts, usual) = self.doubts(&pieces, &ledger, span, now)?;
        let owed = owed(&self.config, &ledger)?;
        let spent = self.spent(&ledger)?;
        let mut budgets = self.budgets(|project| spent.has(project), Some(last), now)?;
        budgets.retain(Budget::is_near);
        let clients: BTreeSet<&str> = owed.iter().map(|owed| owed.client.as_str()).collect();
        let abroad = clients
            .into_iter()
            .filter_map(|client| self.config.doubtful_tax(client));
        let warned: Vec<String> = abroad.chain(budgets.iter().map(ToString::to_string)).collect();
        let heading = Heading {
            revision,
            unbilled: unbilled(&owed),
            doubts: doubts.iter().map(|doubt| doubt.text.clone()).chain(warned).collect(),
            usual: usual.iter().map(|usual| usual.when.clone()).collect(),
        };
        let mut entries = Vec::new();
        for entered in &ledger.entries {
            entries.push((self.entry_shown(entered), entered.counted.length, None));
        }
        for billed in &ledger.claimed_entries {
            let number = self.number_of(billed.invoice)?.to_string();
            entries.push((
                self.entry_shown(&billed.entered),
                billed.entered.counted.length,
                Some(number),
            ));
        }
        let sheet = Sheet::of(week, &calendar, heading, pieces, entries);
        let rates = ledger.entered().map(|entered| &entered.entry);
        Ok(Built {
            sheet,
            doubts,
            usual,
            owed,
            rates: rates.filter_map(|entry| Some((entry.id, entry.rate?))).collect(),
        })
    }

    /// Returns an entry as a sheet shows it: under its project's present id, or unassigned if that is gone.
    fn entry_shown(&self, entered: &Entered) -> Entry {
        let project = entered.project.and_then(|index| self.config.projects.get(index.0));
        Entry {
            project: project.map(|project| project.terms.project.clone()),
            ..entered.entry.clone()
        }
    }

    /// Returns the week that the user named.
    #[must_use]
    pub fn week_named(&self, name: WeekName, now: Instant) -> Week {
        name.week(&self.config.calendar, now)
    }

    /// Returns the day that the user named.
    #[must_use]
    pub fn day_named(&self, name: DayName, now: Instant) -> NaiveDate {
        name.day(&self.config.calendar, now)
    }

    /// Returns the present month and the one before.
    #[must_use]
    pub fn months(&self, now: Instant) -> (Month, Month) {
        let this = Month::of(self.config.calendar.day_of(now));
        let (first, _) = this.bounds();
        (this, first.pred_opt().map_or(this, Month::of))
    }

    pub(super) fn week_at(&self, now: Instant) -> Week {
        let calendar = self.config.calendar;
        // A week is named by the Monday in it, whatever day weeks start on.
        let (_, last) = calendar.week_of(calendar.day_of(now));
        Week::of(last)
    }

    pub(super) fn sheet_file(&self, week: Week) -> PathBuf {
        self.home.timesheets().join(format!("{week}.timesheet"))
    }

    /// Returns the weeks of the timesheets in the home: those without and those with edits that were not applied.
    pub(super) fn sheet_files(&self) -> Result<(Vec<Week>, Vec<Week>)> {
        let files = std::fs::read_dir(self.home.timesheets())
            .into_iter()
            .flatten()
            .flatten();
        let mut weeks = (Vec::new(), Vec::new());
        for week in files.filter_map(|file| file.file_name().to_str()?.strip_suffix(".timesheet")?.parse().ok()) {
            match self.unapplied(&self.sheet_file(week))? {
                None => weeks.0.push(week),
                Some(_) => weeks.1.push(week),
            }
        }
        Ok(weeks)
    }

    /// Rewrites the timesheets of some weeks whose text is not known.
    pub(super) fn write_unknown(&mut self, weeks: &[Week], now: Instant) -> Result<()> {
        for week in weeks {
            let path = self.sheet_file(*week);
            if self.unapplied(&path)?.is_some() {
                let written = self.written(*week, now)?;
                write_whole(&path, written.text.as_bytes())?;
            }
        }
        Ok(())
    }

    /// Returns the text of a sheet's file if it has edits that were not applied.
    fn unapplied(&self, path: &Path) -> Result<Option<String>> {
        let text = match plain::read_text(path, LONGEST_TEXT) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("{} cannot be read", path.display())),
        };
        let stamp = parse(&text).stamp();
        let written = stamp.map(|stamp| self.store.written(stamp)).transpose()?.flatten();
        let known = written.is_some_and(|written| written.text == text || written.applied.as_ref() == Some(&text));
        Ok((!known && !text.trim().is_empty()).then_some(text))
    }
}

/// Sums the unbilled amounts by currency.
fn unbilled(owed: &[Owed]) -> Vec<(Currency, Amount)> {
    let mut sums = BTreeMap::new();
    for owed in owed.iter().filter(|owed| !owed.amount.is_zero()) {
        let sum = sums.entry(owed.currency).or_insert_with(|| Amount::zero(owed.currency));
        *sum = *sum + owed.amount;
    }
    sums.into_iter().collect()
}

/// Returns the number of applied changes and of usual breaks taken as breaks, with the command that undoes them.
pub(super) fn applied(changes: usize, breaks: usize) -> Done {
    let details = Details {
        changes: Some(changes),
        gaps: Some(breaks).filter(|breaks| *breaks > 0),
        ..Details::default()
    };
    let parts = [(changes, "change"), (breaks, "usual break")];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts.map(|(count, one)| counted(count, one)).collect();
    if parts.is_empty() {
        return Done::new("nothing was changed").with(details);
    }
    Done::new(format!("{} applied", parts.join(" and ")))
        .with(details)
        .undoable()
}

/// Returns the message that refuses edits which add time after `now`; `None` without such edits.
pub(super) fn ahead(edits: &[Edit], now: Instant) -> Option<String> {
    let fills = |edit: &&Edit| match edit {
        Edit::Correct(span, keeptab_core::correction::Change::Fill { .. }) => span.end() > now,
        _ => false,
    };
    edits
        .iter()
        .find(fills)
        .map(|_| "nothing was applied: time is added that has not come yet\nhint: end the line at the present".into())
}

impl fmt::Display for SheetView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", in_shell(&self.outcome, self.undo), self.path.display())
    }
}
