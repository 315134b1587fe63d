//! The closed list of what can be asked of the engine, and of what it answers.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use keeptab_core::billing::Grouping;
use keeptab_core::calendar::{Range, Week};
use keeptab_core::cell::Cells;
use keeptab_core::chain::Hash;
use keeptab_core::clock::{Clock, Clocks};
use keeptab_core::instant::{Instant, Length};
use keeptab_core::invoice::{Format, InvoiceNumber, Item};
use keeptab_core::rule::ProjectId;
use keeptab_core::timesheet::Parsed;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::Engine;
use super::activity::{Batch, RootNames};
use super::away::Gaps;
use super::changing::LineChange;
use super::comparing::Comparison;
use super::dashboard::Dashboard;
use super::done::Done;
use super::evidence::Evidence;
use super::importing::{ImportList, ImportRequest, ImportView};
use super::invoicing::{Filter, Scope, Sending, Verification};
use super::reporting::{By, Report};
use super::reviewing::SheetView;
use super::safety::{SafetyCommand, SafetyReply};
use super::statusing::Status;
use super::unassigned::Roots;
use super::view::{Catalogue, Explanation, InvoiceList, InvoiceView};
use crate::config::Edit;
use crate::store::Taken;

/// All commands and queries of the engine. State changes in no other way.
#[derive(Clone, Debug)]
pub enum Command {
    /// Records a batch of events.
    Record(Arc<Batch>),
    /// Stores the other names of workspace roots.
    Roots(Vec<RootNames>),
    /// Looks up the other names of workspace roots on the disk, for an editor that does not report them.
    FindRoots(Vec<String>),
    /// Pauses or resumes tracking.
    Pause(bool),
    /// Starts a timer for a call or a meeting.
    Start {
        /// The project it is for.
        project: ProjectId,
    },
    /// Stops the timer and counts its time.
    Stop,
    /// Adds time that was not captured.
    Add(Addition),
    /// Returns the gaps of a day.
    Away {
        /// The day; today unless given.
        day: Option<NaiveDate>,
    },
    /// Counts uncounted time in a stretch of a day.
    Fill {
        /// The day; today unless given.
        day: Option<NaiveDate>,
        /// From and to.
        times: Clocks,
        /// The project; `None` for the thing in front, if the person was there all the while.
        project: Option<ProjectId>,
    },
    /// Marks the gaps of a stretch of a day as a break: later arrivals in them do not count either.
    Break {
        /// The day; today unless given.
        day: Option<NaiveDate>,
        /// From and to.
        times: Clocks,
    },
    /// Returns the folders of this week's unassigned time.
    Unassigned,
    /// Changes one line of the week as its timesheet would.
    Change(LineChange),
    /// Undoes the latest save of corrections as a whole.
    Undo,
    /// Changes the config file.
    Edit(Box<Edit>),
    /// Returns the status bar's contents.
    Status,
    /// Returns totals.
    Report {
        /// The range; this week if `None`.
        range: Option<Range>,
        /// The meaning of a row.
        by: By,
    },
    /// Returns the dashboard around a week.
    Dashboard {
        /// The week; the present one unless given.
        week: Option<Week>,
        /// A further range with totals.
        range: Option<Range>,
        /// The form.
        form: Form,
    },
    /// Drafts an invoice and reserves projects × range for it, or shows the open draft of these.
    Draft {
        /// The client's id, or an open draft.
        which: String,
        /// The scope that it bills.
        scope: Scope,
        /// The grouping of its time into lines; the client's if `None`.
        grouping: Option<Grouping>,
        /// The civil day of issue; the day on which it is issued unless given.
        date: Option<NaiveDate>,
    },
    /// Discards a draft, which frees its time.
    Discard {
        /// The draft, or its client.
        which: String,
    },
    /// Issues an invoice.
    Issue {
        /// The draft, or the client.
        which: String,
        /// The scope to bill: an open draft, or else time without a draft.
        scope: Scope,
        /// The civil day of issue; the draft's or today unless given.
        date: Option<NaiveDate>,
    },
    /// Adds an item to a draft by hand.
    AddItem {
        /// The draft, or its client; without an open draft it gets one.
        which: String,
        /// The item.
        item: Box<Item>,
    },
    /// Removes an item that was added by hand.
    RemoveItem {
        /// The draft, or its client.
        which: String,
        /// Its number.
        item: i64,
    },
    /// Returns invoices and drafts.
    Invoices(Filter),
    /// Returns one invoice or draft.
    Show {
        /// A number, a draft or a client.
        which: String,
    },
    /// Writes the documents of an invoice to its folder.
    Render {
        /// The invoice's number.
        number: InvoiceNumber,
        /// The formats; those of the config if empty.
        formats: Vec<Format>,
    },
    /// Opens a mail with an invoice, and marks it as sent.
    Send {
        /// The invoice's number.
        number: InvoiceNumber,
        /// The way of sending.
        sending: Sending,
        /// The civil day; today unless given.
        date: Option<NaiveDate>,
    },
    /// Records a payment.
    Pay {
        /// The invoice's number.
        number: InvoiceNumber,
        /// The amount; all that is owed if `None`, negative for a refund.
        amount: Option<Decimal>,
        /// The civil day; today unless given.
        date: Option<NaiveDate>,
    },
    /// Cancels an invoice, or some of its lines, by a credit note.
    Cancel {
        /// The invoice's number.
        number: InvoiceNumber,
        /// The places of the lines, from 0; all unless given.
        lines: Option<Vec<usize>>,
        /// True if the time stays billed.
        keep: bool,
        /// The civil day of the credit note; today unless given.
        date: Option<NaiveDate>,
    },
    /// Sets or removes an invoice's note, which only the user sees.
    Annotate {
        /// The invoice's number.
        number: InvoiceNumber,
        /// The note.
        note: Option<String>,
    },
    /// Derives the figures of invoices from their claims again, and compares, also with the hash chain.
    Verify {
        /// The invoice; all unless given.
        number: Option<InvoiceNumber>,
        /// The hash of a link that the user noted: the chain must still have it.
        head: Option<Hash>,
    },
    /// Starts a month's numbers at a higher one.
    StartNumbers {
        /// The first number.
        number: Option<InvoiceNumber>,
        /// The first counter of this month, in place of a number.
        next: Option<u32>,
    },
    /// Writes documents to a folder.
    ExportInvoices {
        /// The invoices to write.
        filter: Filter,
        /// The folder.
        folder: PathBuf,
    },
    /// Explains the project of a file or page.
    Explain {
        /// A path or URI.
        uri: String,
    },
    /// Returns the evidence behind a stretch of a day.
    Evidence {
        /// The day; today unless given.
        day: Option<NaiveDate>,
        /// From and to.
        times: Clocks,
    },
    /// Returns the time and money that another config would move.
    Compare {
        /// The other config; the one in force if `None`.
        path: Option<PathBuf>,
    },
    /// Writes the timesheet of a week for the user.
    Review {
        /// The week; the present one unless given.
        week: Option<Week>,
        /// True to write its file too; false for an editor that has it open and writes it itself.
        write: bool,
    },
    /// Applies the user's edits of a timesheet, all or nothing.
    ApplySheet {
        /// The text.
        parsed: Arc<Parsed>,
        /// True to write the refreshed text to its file too.
        write: bool,
    },
    /// Writes a week's time for a client to sign off.
    Approve {
        /// The week; the present one unless given.
        week: Option<Week>,
        /// The client's id; the one with time in it unless given.
        client: Option<String>,
        /// The format.
        format: SheetFormat,
    },
    /// Returns clients and projects.
    Catalogue,
    /// Imports files, or shows a preview.
    Import(Arc<ImportRequest>),
    /// Returns the imports that are not undone.
    Imports,
    /// Undoes an import: the latest if `None`.
    UndoImport(Option<i64>),
    /// A command about backups, forgetting or a damaged database.
    Safety(SafetyCommand),
}

/// The form of the dashboard.
#[derive(Clone, Debug)]
pub enum Form {
    /// The document itself, for a page that requests more weeks when it needs them.
    Data,
    /// A page that requests more weeks from its editor and changes time through it.
    Page,
    /// Text bars, for a terminal.
    Text,
    /// A read-only page, written to a file; to keeptab's own if `None`.
    File(Option<PathBuf>),
}

impl Engine {
    pub(super) fn show_dashboard(
        &mut self,
        week: Option<Week>,
        range: Option<Range>,
        form: Form,
        now: Instant,
    ) -> anyhow::Result<Reply> {
        Ok(match form {
            Form::Data => Reply::Dashboard(Box::new(self.dashboard(week, range, now)?)),
            Form::Page => Reply::Page(self.dashboard(week, range, now)?.page()?),
            Form::Text => Reply::Done(Done::new(self.dashboard(week, range, now)?.text())),
            Form::File(path) => Reply::Done(self.write_dashboard(week, range, path, now)?),
        })
    }
}

/// The format of a timesheet for a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetFormat {
    /// On paper, to be signed.
    Pdf,
    /// For a spreadsheet.
    Csv(Cells),
}

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

/// A reply of the engine.
#[derive(Debug)]
pub enum Reply {
    /// The result of recording.
    Taken(Taken),
    /// True if something changed.
    Changed(bool),
    /// The outcome of a change.
    Done(Done),
    /// The status bar's contents.
    Status(Status),
    /// Totals.
    Report(Report),
    /// One invoice or draft.
    Invoice(Box<InvoiceView>),
    /// All of them.
    Invoices(InvoiceList),
    /// The result of a verification.
    Verification(Verification),
    /// The explanation of a project.
    Explanation(Explanation),
    /// Clients and projects.
    Catalogue(Catalogue),
    /// A written timesheet.
    Sheet(SheetView),
    /// The gaps of a day.
    Gaps(Gaps),
    /// The folders of unassigned time.
    Roots(Roots),
    /// The evidence behind a stretch of time.
    Evidence(Evidence),
    /// The time and money that another config would move.
    Comparison(Comparison),
    /// The result of an import or of a dry run.
    Import(Box<ImportView>),
    /// The imports that are not undone.
    Imports(ImportList),
    /// The reply to a command about backups, forgetting or a damaged database.
    Safety(SafetyReply),
    /// The dashboard around a week.
    Dashboard(Box<Dashboard>),
    /// A page of HTML.
    Page(String),
}

impl Reply {
    pub(super) fn invoice(view: InvoiceView) -> Self {
        Self::Invoice(Box::new(view))
    }

    /// Returns the answer as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        let value = match self {
            Self::Taken(taken) => Ok(json!({ "seq": taken.seq })),
            Self::Changed(changed) => Ok(json!({ "changed": changed })),
            Self::Done(done) => serde_json::to_value(done),
            Self::Status(status) => serde_json::to_value(status),
            Self::Report(report) => serde_json::to_value(report),
            Self::Invoice(invoice) => serde_json::to_value(invoice),
            Self::Invoices(invoices) => serde_json::to_value(invoices),
            Self::Verification(verification) => serde_json::to_value(verification),
            Self::Explanation(explanation) => serde_json::to_value(explanation),
            Self::Catalogue(catalogue) => serde_json::to_value(catalogue),
            Self::Sheet(sheet) => serde_json::to_value(sheet),
            Self::Gaps(gaps) => serde_json::to_value(gaps),
            Self::Roots(roots) => serde_json::to_value(roots),
            Self::Evidence(evidence) => serde_json::to_value(evidence),
            Self::Comparison(comparison) => serde_json::to_value(comparison),
            Self::Import(import) => serde_json::to_value(import),
            Self::Imports(imports) => serde_json::to_value(imports),
            Self::Safety(reply) => serde_json::to_value(reply),
            Self::Dashboard(dashboard) => serde_json::to_value(dashboard),
            Self::Page(page) => Ok(json!({ "page": page })),
        };
        value.unwrap_or_default()
    }
}

/// Shown as the shell prints it.
impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Taken(_) | Self::Changed(_) | Self::Dashboard(_) | Self::Page(_) => Ok(()),
            Self::Sheet(sheet) => sheet.fmt(f),
            Self::Done(done) => done.fmt(f),
            Self::Status(status) => status.fmt(f),
            Self::Report(report) => report.fmt(f),
            Self::Invoice(invoice) => invoice.fmt(f),
            Self::Invoices(invoices) => invoices.fmt(f),
            Self::Verification(verification) => verification.fmt(f),
            Self::Explanation(explanation) => explanation.fmt(f),
            Self::Catalogue(catalogue) => catalogue.fmt(f),
            Self::Gaps(gaps) => gaps.fmt(f),
            Self::Roots(roots) => roots.fmt(f),
            Self::Evidence(evidence) => evidence.fmt(f),
            Self::Comparison(comparison) => comparison.fmt(f),
            Self::Import(import) => import.fmt(f),
            Self::Imports(imports) => imports.fmt(f),
            Self::Safety(reply) => reply.fmt(f),
        }
    }
}
