//! The result of an import: the rows of the files, the new ones, and the refused ones with the reason.

mod cuts;
mod fold;
mod landed;
mod print;
mod view;

use std::collections::{BTreeMap, VecDeque};

use chrono::NaiveDate;
use chrono_tz::Tz;
use keeptab_config::Config;
use keeptab_core::instant::{Instant, Length};
use keeptab_core::rule::ProjectId;
use keeptab_import::{AWAY, DateOrder, File, Recognised, WINDOWS};
use keeptab_store::{Amounts, BatchId, NewEntry, Overlap};

use self::cuts::Cuts;
use self::landed::Landed;
use self::view::{ClientPart, Complaint, FileView, LeftOut, Part, ProjectPart};
use super::heartbeats::Counted;
use super::names::{Names, Proposal};
use super::rates::Rates;

pub use self::view::{ImportView, Skipped};

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
    /// The rates and the amounts of the files.
    pub(super) rates: Rates,
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

impl Account {
    /// Begins a file.
    pub(super) fn begin(&mut self, file: &File, read: &Recognised) {
        self.files.push(FileView {
            file: file.name(),
            source: read.source.to_string(),
            sheet: read.sheet.clone(),
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
            let money = project
                .as_ref()
                .map(|id| self.rates.part(id, proposal, config))
                .unwrap_or_default();
            projects.push(ProjectPart {
                money,
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
        let has_windows = self.left.contains_key(WINDOWS) && !self.left.contains_key(AWAY);
        let hint = (has_windows && self.heartbeats == 0).then(|| {
            "titles of windows name no project; export the buckets of the browser's or the editor's watcher as well"
                .to_owned()
        });
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
            hint,
            flagged_rows: self.flagged.count,
            flagged: self.flagged.first,
            clients: clients
                .into_iter()
                .map(|(client, length)| ClientPart {
                    name: client.as_ref().and_then(|id| names.client_name(id)).map(str::to_owned),
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
