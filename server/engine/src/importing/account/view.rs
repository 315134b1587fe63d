//! The account as data.

use chrono::{NaiveDate, TimeDelta};
use keeptab_core::calendar::Week;
use keeptab_core::instant::Length;
use keeptab_core::plain::counted;
use keeptab_core::rule::ProjectId;
use keeptab_import::DateOrder;
use keeptab_store::Amounts;
use schemars::JsonSchema;
use serde::Serialize;

use super::super::rates::MoneyPart;
use super::cuts::Cuts;
use super::print;

/// A refused or contradictory row.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Complaint {
    /// The file.
    pub(super) file: String,
    /// The line, from 1.
    pub(super) line: u64,
    /// The reason, in words.
    pub(super) why: String,
}

/// A file of an import.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FileView {
    /// The file.
    pub(super) file: String,
    /// The format that it was read as, such as `toggl`.
    pub(super) source: String,
    /// The sheet that is read, if it is a workbook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sheet: Option<String>,
    /// The zone of its clock times, if they have none.
    pub(super) time_zone: Option<String>,
    /// The order of its dates, if it has dates.
    pub(super) dates: Option<DateOrder>,
}

/// A file of a folder that is left, with the reason.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Skipped {
    /// Its name.
    pub(in crate::importing) file: String,
    /// The reason.
    pub(in crate::importing) why: String,
}

/// Rows that are left out on purpose: breaks, days off, sums.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LeftOut {
    /// The kind of row, in words.
    pub(super) what: String,
    /// The number of rows.
    pub(super) rows: u64,
}

/// The size of a part of an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
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
    pub(super) fn of(amounts: Amounts) -> Self {
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
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClientPart {
    /// The client's id.
    pub(super) client: Option<String>,
    /// The name in the file, of one that the config does not have.
    pub(super) name: Option<String>,
    /// The time that it would get.
    pub(super) seconds: i64,
}

/// A project of an import.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProjectPart {
    /// The client's id.
    pub(super) client: Option<String>,
    /// The project's id.
    pub(super) project: Option<ProjectId>,
    /// The name in the file, of one that the config does not have.
    pub(super) name: Option<String>,
    /// The time that it would get.
    pub(super) seconds: i64,
    /// True if it is added to the config.
    pub(super) is_new: bool,
    /// The rate that was seen, of a new one.
    pub(super) rate: Option<String>,
    /// The currency of the amounts.
    pub(super) currency: Option<String>,
    /// The rates of the file and its amounts.
    #[serde(flatten)]
    pub(super) money: MoneyPart,
}

/// The result of an import or of a dry run.
#[derive(Clone, Debug, Serialize, JsonSchema)]
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
    /// A sentence about what to do, if the files bring no time.
    pub hint: Option<String>,
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
            (new, 0) if *new == Part::default() => {
                format!("{} that no longer stand there", counted(self.taken_away, "entry"))
            }
            (new, changed) if *new == Part::default() => {
                format!("what was billed since of {}", counted(changed, "entry"))
            }
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
