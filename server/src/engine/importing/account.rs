//! The result of an import: the rows of the files, the new ones, and the refused ones with the reason.

mod cuts;
mod landed;
mod print;

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use keeptab_core::calendar::Week;
use keeptab_core::instant::{Instant, Length};
use keeptab_core::rule::ProjectId;
use serde::Serialize;

use self::cuts::Cuts;
use self::landed::Landed;
use super::heartbeats::Counted;
use super::names::{Names, Proposal};
use crate::config::Config;
use crate::import::{DateOrder, Source};
use crate::store::{Amounts, BatchId, NewEntry, Overlap};

/// Complaints that are kept by word; beyond it they are counted.
const MOST_COMPLAINTS: usize = 1_000;
/// The most rows to show as imported, from the start and from the end.
const SHOWN: usize = 3;

/// The running totals of an import.
#[derive(Default)]
pub(super) struct Account {
    files: Vec<FileView>,
    /// All rows read.
    pub(super) rows: u64,
    /// Heartbeats of tools that bring them.
    pub(super) heartbeats: u64,
    /// Rows of other users.
    pub(super) others: u64,
    /// Entries that an earlier file had too.
    overlapping: u64,
    /// Lines of entries that were still running.
    pub(super) running: Lines,
    /// Files of a folder that are left.
    pub(super) skipped: Vec<Skipped>,
    /// Rows that are left out on purpose, by kind.
    left: BTreeMap<String, u64>,
    /// The time that the heartbeats count.
    pub(super) counted: Counted,
    refused: Complaints,
    flagged: Complaints,
    projects: BTreeMap<ProjectId, Length>,
    unassigned: Length,
    billed_elsewhere: Length,
    cuts: Cuts,
    first: Vec<Landed>,
    last: VecDeque<Landed>,
    days: Option<(NaiveDate, NaiveDate)>,
}

/// Lines, the first by number.
#[derive(Default)]
pub(super) struct Lines {
    count: u64,
    first: Vec<u64>,
}

impl Lines {
    pub(super) fn push(&mut self, line: u64) {
        self.count += 1;
        if self.first.len() < MOST_COMPLAINTS {
            self.first.push(line);
        }
    }
}

#[derive(Default)]
struct Complaints {
    count: u64,
    first: Vec<Complaint>,
}

/// A refused or contradictory row.
#[derive(Clone, Debug, Serialize)]
pub struct Complaint {
    file: String,
    line: u64,
    why: String,
}

/// A file of an import.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FileView {
    file: String,
    source: String,
    /// The zone of its clock times, if they have none.
    time_zone: Option<String>,
    /// The order of its dates, if it has dates.
    dates: Option<DateOrder>,
}

/// A file of a folder that is left, with the reason.
#[derive(Clone, Debug, Serialize)]
pub struct Skipped {
    /// Its name.
    pub(super) file: String,
    /// The reason.
    pub(super) why: String,
}

/// Rows that are left out on purpose: breaks, days off, sums.
#[derive(Clone, Debug, Serialize)]
pub struct LeftOut {
    what: String,
    rows: u64,
}

/// The size of a part of an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// Entries.
    pub entries: u64,
    /// The total length of the entries.
    pub seconds: i64,
    /// Heartbeats and boundaries.
    pub heartbeats: u64,
    /// Corrections.
    pub corrections: u64,
    /// Invoices.
    pub invoices: u64,
}

impl Part {
    fn of(amounts: Amounts) -> Self {
        Self {
            entries: amounts.entries,
            seconds: amounts.length.whole_seconds(),
            heartbeats: amounts.events,
            corrections: amounts.corrections,
            invoices: amounts.invoices,
        }
    }
}

/// A client of an import.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClientPart {
    client: Option<String>,
    seconds: i64,
}

/// A project of an import.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProjectPart {
    client: Option<String>,
    project: Option<ProjectId>,
    /// The name in the file, of one that the config does not have.
    name: Option<String>,
    seconds: i64,
    /// True if it is added to the config.
    is_new: bool,
    /// The rate that was seen, of a new one.
    rate: Option<String>,
    currency: Option<String>,
}

/// The result of an import or of a dry run.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportView {
    /// True if nothing was written.
    pub dry_run: bool,
    /// The batch that was written.
    pub batch: Option<i64>,
    /// The files.
    pub files: Vec<FileView>,
    /// All rows of them.
    pub rows: u64,
    /// The size of the import.
    pub total: Part,
    /// The part of it that is new.
    pub new: Part,
    /// The part of it that is there already.
    pub already_there: Part,
    /// Entries that another tool billed or released since the last import.
    pub billed_changed: u64,
    /// Entries of this home that the files replace or take away.
    pub taken_away: u64,
    /// The conflicts with time and invoices that are there.
    #[serde(flatten)]
    pub cuts: Cuts,
    /// Time of the files that another tool billed.
    pub billed_elsewhere_seconds: i64,
    /// The time that the heartbeats count by themselves.
    pub counted_seconds: i64,
    /// Rows of other users.
    pub others: u64,
    /// Rows that an earlier file has too.
    pub overlapping: u64,
    /// Rows of entries that were still running.
    pub running: u64,
    /// The lines of the first of them.
    pub running_lines: Vec<u64>,
    /// Files of a folder that no known tool wrote.
    pub skipped: Vec<Skipped>,
    /// Rows that are left out on purpose, by kind.
    pub left_out: Vec<LeftOut>,
    /// The number of refused rows.
    pub refused_rows: u64,
    /// The first refused rows, with the reason.
    pub refused: Vec<Complaint>,
    /// The number of rows that contradict themselves.
    pub flagged_rows: u64,
    /// The first of these, with the contradiction.
    pub flagged: Vec<Complaint>,
    /// The sums by client.
    pub clients: Vec<ClientPart>,
    /// The sums by project.
    pub projects: Vec<ProjectPart>,
    /// The first rows, as imported.
    pub first: Vec<String>,
    /// The last rows, as imported.
    pub last: Vec<String>,
    /// The first day of it.
    pub from: Option<NaiveDate>,
    /// The last day of it.
    pub to: Option<NaiveDate>,
}

impl ImportView {
    /// Returns true if rows were refused, or if restored invoices differ from their hash chain.
    #[must_use]
    pub fn has_problem(&self) -> bool {
        self.refused_rows > 0 || !self.cuts.chain.is_empty()
    }

    /// Returns the first week with imported time.
    #[must_use]
    pub fn first_week(&self) -> Option<Week> {
        self.from.map(Week::of)
    }

    /// Describes the new rows.
    #[must_use]
    pub fn news(&self) -> String {
        match (&self.new, self.billed_changed) {
            (new, 0) if *new == Part::default() => format!("{} entries that are gone", self.taken_away),
            (new, changed) if *new == Part::default() => format!("what was billed since of {changed} entries"),
            (new, _) => print::part(new),
        }
    }

    /// Returns in one line how it went.
    #[must_use]
    pub fn summary(&self) -> String {
        let refused = match self.refused_rows {
            0 => String::new(),
            1 => "; 1 row was refused".to_owned(),
            count => format!("; {count} rows were refused"),
        };
        let there = if self.already_there == Part::default() {
            String::new()
        } else {
            format!("; {} already there", print::part(&self.already_there))
        };
        match self.batch {
            Some(batch) => format!("imported as {batch}: {}{there}{refused}", print::part(&self.new)),
            None => format!("nothing in it is new{refused}"),
        }
    }

    /// Returns the unbilled length of an import that spans over two months: most of it has probably been paid.
    #[must_use]
    pub fn unbilled_of_old(&self) -> Option<Length> {
        let (from, to) = self.from.zip(self.to)?;
        let unbilled = self.total.seconds - self.billed_elsewhere_seconds;
        (unbilled > 0 && to - from > TimeDelta::days(62)).then(|| Length::from_secs(unbilled))
    }

    /// Returns true if there is anything to write.
    #[must_use]
    pub fn brings_something(&self) -> bool {
        self.new != Part::default() || self.billed_changed > 0 || self.taken_away > 0
    }
}

impl Account {
    /// Begins a file.
    pub(super) fn begin(&mut self, file: &Path, source: Source) {
        let name = file.file_name().unwrap_or(file.as_os_str());
        self.files.push(FileView {
            file: name.to_string_lossy().into_owned(),
            source: source.to_string(),
            time_zone: None,
            dates: None,
        });
    }

    /// Finishes a file with the zone of its clock times, if they have none, and the order of its dates.
    pub(super) fn end(&mut self, zone: Option<Tz>, dates: Option<DateOrder>) {
        if let Some(file) = self.files.last_mut() {
            file.time_zone = zone.map(|zone| zone.name().to_owned());
            file.dates = dates;
        }
    }

    /// Subtracts the entries that an earlier file has too.
    pub(super) fn overlap(&mut self, overlap: &Overlap) {
        self.overlapping = overlap.entries;
        for (project, is_billed, length) in &overlap.lengths {
            match project {
                None => self.unassigned = self.unassigned - *length,
                Some(project) => {
                    if let Some(sum) = self.projects.get_mut(project) {
                        *sum = *sum - *length;
                    }
                }
            }
            if *is_billed {
                self.billed_elsewhere = self.billed_elsewhere - *length;
            }
        }
    }

    /// Takes an entry.
    pub(super) fn entry(&mut self, line: u64, entry: &NewEntry<'_>) {
        match entry.project {
            None => self.unassigned += entry.length,
            Some(project) => match self.projects.get_mut(project) {
                Some(sum) => *sum += entry.length,
                None => drop(self.projects.insert(project.clone(), entry.length)),
            },
        }
        if entry.billed == Some(true) {
            self.billed_elsewhere += entry.length;
        }
        let (first, last) = self.days.unwrap_or((entry.day, entry.day));
        self.days = Some((first.min(entry.day), last.max(entry.day)));
        if self.first.len() < SHOWN {
            let mut landed = Landed::default();
            landed.take(line, entry);
            self.first.push(landed);
        } else {
            // The texts of the one that is shown no longer are written over: most rows are shown for a moment only.
            let mut landed = (self.last.len() == SHOWN)
                .then(|| self.last.pop_front())
                .flatten()
                .unwrap_or_default();
            landed.take(line, entry);
            self.last.push_back(landed);
        }
    }

    pub(super) fn refuse(&mut self, line: u64, why: String) {
        let file = self.file();
        self.refused.push(file, line, why);
    }

    /// Counts a row that is left out on purpose. Kinds beyond a hundred are no kinds.
    pub(super) fn left_out(&mut self, what: String) {
        let what = if self.left.len() < 100 {
            what
        } else {
            "others".to_owned()
        };
        *self.left.entry(what).or_default() += 1;
    }

    pub(super) fn flag(&mut self, line: u64, why: String) {
        let file = self.file();
        self.flagged.push(file, line, why);
    }

    fn file(&self) -> String {
        self.files.last().map_or_else(String::new, |file| file.file.clone())
    }

    /// Returns the tools, each once.
    pub(super) fn origin(&self) -> String {
        let mut names: Vec<&str> = self.files.iter().map(|file| &*file.source).collect();
        names.dedup();
        names.join(", ")
    }

    /// Returns the names of the files.
    pub(super) fn file_names(&self) -> String {
        let names: Vec<&str> = self.files.iter().map(|file| &*file.file).collect();
        names.join(", ")
    }

    /// Finishes it with the written records.
    pub(super) fn done(
        self,
        batch: Option<BatchId>,
        names: &Names<'_>,
        all: Amounts,
        new: Amounts,
        config: &Config,
    ) -> ImportView {
        let there = Amounts {
            entries: all.entries.saturating_sub(new.entries),
            length: all.length - new.length,
            events: all.events.saturating_sub(new.events),
            corrections: all.corrections.saturating_sub(new.corrections),
            invoices: all
                .invoices
                .saturating_sub(new.invoices + self.cuts.unrestored.len() as u64),
            updated: new.updated,
            taken_away: new.taken_away,
            unrestored: self.cuts.unrestored.len() as u64,
            elsewhere: new.elsewhere,
        };
        let mut view = self.view(batch, names, all, there, config);
        view.dry_run = false;
        view
    }

    /// Ends it with how much there is and how much of it was there before.
    pub(super) fn view(
        self,
        batch: Option<BatchId>,
        names: &Names<'_>,
        all: Amounts,
        there: Amounts,
        config: &Config,
    ) -> ImportView {
        let new = Amounts {
            entries: all.entries.saturating_sub(there.entries),
            length: all.length - there.length,
            events: all.events.saturating_sub(there.events),
            corrections: all.corrections.saturating_sub(there.corrections),
            invoices: all.invoices.saturating_sub(there.invoices + there.unrestored),
            ..Amounts::default()
        };
        let mut sums: BTreeMap<Option<ProjectId>, Length> = self
            .projects
            .into_iter()
            .map(|(id, length)| (Some(id), length))
            .collect();
        for (project, length) in &self.counted.projects {
            *sums.entry(Some(project.clone())).or_default() += *length;
        }
        let unassigned = self.unassigned + self.counted.unassigned;
        if !unassigned.is_zero() {
            sums.insert(None, unassigned);
        }
        let mut clients = BTreeMap::<Option<String>, Length>::new();
        let mut projects = Vec::new();
        for (project, length) in sums {
            let client = project.as_ref().and_then(|project| names.client_of(project));
            *clients.entry(client.clone()).or_default() += length;
            let proposal = project.as_ref().and_then(|project| names.proposal(project));
            projects.push(ProjectPart {
                client,
                name: proposal.map(|proposal| proposal.name.clone()),
                seconds: length.whole_seconds(),
                is_new: proposal.is_some(),
                rate: proposal.and_then(Proposal::rate),
                currency: proposal.and_then(Proposal::currency),
                project,
            });
        }
        let by_heartbeat = self.counted.span.map(|(first, last)| {
            let day = |at: Instant| config.calendar.day_of(at);
            (day(first), day(last))
        });
        let days = self.days.into_iter().chain(by_heartbeat);
        let days = days.reduce(|(first, last), (from, to)| (first.min(from), last.max(to)));
        ImportView {
            dry_run: true,
            batch: batch.map(|batch| batch.0),
            files: self.files,
            rows: self.rows,
            total: Part::of(all),
            new: Part::of(new),
            already_there: Part::of(there),
            billed_changed: there.updated,
            taken_away: there.taken_away,
            cuts: self.cuts,
            billed_elsewhere_seconds: self.billed_elsewhere.whole_seconds(),
            counted_seconds: self.counted.total().whole_seconds(),
            others: self.others,
            overlapping: self.overlapping,
            running: self.running.count,
            running_lines: self.running.first,
            skipped: self.skipped,
            left_out: self
                .left
                .into_iter()
                .map(|(what, rows)| LeftOut { what, rows })
                .collect(),
            refused_rows: self.refused.count,
            refused: self.refused.first,
            flagged_rows: self.flagged.count,
            flagged: self.flagged.first,
            clients: clients
                .into_iter()
                .map(|(client, length)| ClientPart {
                    client,
                    seconds: length.whole_seconds(),
                })
                .collect(),
            projects,
            first: self.first.iter().map(|row| row.shown(config.calendar)).collect(),
            last: self.last.iter().map(|row| row.shown(config.calendar)).collect(),
            from: days.map(|(first, _)| first),
            to: days.map(|(_, last)| last),
        }
    }
}

impl Complaints {
    fn push(&mut self, file: String, line: u64, why: String) {
        self.count += 1;
        if self.first.len() < MOST_COMPLAINTS {
            self.first.push(Complaint { file, line, why });
        }
    }
}
