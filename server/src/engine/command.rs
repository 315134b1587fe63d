//! The closed list of what can be asked of the engine, and of what it answers.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use keeptab_core::activity::Cause;
use keeptab_core::billing::Grouping;
use keeptab_core::calendar::{Range, Week};
use keeptab_core::cell::Cells;
use keeptab_core::chain::Hash;
use keeptab_core::clock::{Clock, Clocks};
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::invoice::{Format, InvoiceNumber, Item};
use keeptab_core::rule::ProjectId;
use keeptab_core::timesheet::Parsed;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::activity::{Batch, RootNames};
use super::away::Gaps;
use super::behind::Behind;
use super::changing::LineChange;
use super::checking::Checked;
use super::comparing::Comparison;
use super::configuring::Proof;
use super::dashboard::{Dashboard, Form};
use super::evidence::Evidence;
use super::importing::{ImportList, ImportRequest, ImportView, Survey};
use super::invoicing::{Filter, Scope, Sending, Verification};
use super::outside::{Followed, Outside, Saved};
use super::pages::Pages;
use super::reporting::{By, Report};
use super::reviewing::SheetView;
use super::safety::{SafetyCommand, SafetyReply};
use super::statusing::Status;
use super::touching::{Lately, Standing};
use super::unassigned::Roots;
use super::view::{Catalogue, Explanation, InvoiceList, InvoiceView, Words};
use crate::config::Edit;
use crate::store::Taken;

/// Everything that can be done or asked. State changes in no other way.
#[derive(Clone, Debug)]
pub enum Command {
    /// Takes what an editor saw.
    Record(Arc<Batch>),
    /// Takes the other names of workspace roots.
    Roots(Vec<RootNames>),
    /// Looks for the other names of workspace roots on the disk, for an editor that does not tell them.
    FindRoots(Vec<String>),
    /// Pauses or resumes tracking.
    Pause(bool),
    /// Keeps an instant at which time is cut.
    Cut {
        /// Why.
        cause: Cause,
        /// When.
        at: Instant,
    },
    /// Starts timing a call or a meeting by hand.
    Start {
        /// The project it is for.
        project: ProjectId,
    },
    /// Ends what was started, and counts it.
    Stop,
    /// Adds time that was not captured.
    Add(Addition),
    /// Asks for the gaps of a day.
    Away {
        /// The day; today unless given.
        day: Option<NaiveDate>,
    },
    /// Counts what was not counted in a stretch of a day.
    Fill {
        /// The day; today unless given.
        day: Option<NaiveDate>,
        /// From and to.
        times: Clocks,
        /// The project it is for; `None` for what was in front, where the person was there all the while.
        project: Option<ProjectId>,
    },
    /// Says that nobody worked in the gaps of a stretch of a day: what arrives there later does not count either.
    Break {
        /// The day; today unless given.
        day: Option<NaiveDate>,
        /// From and to.
        times: Clocks,
    },
    /// Asks for the folders of this week's unassigned time.
    Unassigned,
    /// Changes one line of the week as its timesheet would.
    Change(LineChange),
    /// Takes the latest corrections back whole.
    Undo,
    /// Reads the config again if the file has changed.
    Reload,
    /// Changes the config file.
    Edit(Box<Edit>),
    /// Asks for the status bar's contents.
    Status,
    /// Asks for totals.
    Report {
        /// Of which time; this week unless given.
        range: Option<Range>,
        /// In which rows.
        by: By,
    },
    /// Shows a week and all around it as a picture.
    Dashboard {
        /// The week; the present one unless given.
        week: Option<Week>,
        /// A range whose totals it shows besides.
        range: Option<Range>,
        /// As what.
        form: Form,
    },
    /// Drafts an invoice, reserving projects × range for it, or goes on with the open draft of these.
    Draft {
        /// The client's id, or an open draft.
        which: String,
        /// The scope that it bills.
        scope: Scope,
        /// How its time becomes lines; as the client's does unless given.
        grouping: Option<Grouping>,
        /// The civil day of issue; the day on which it is issued unless given.
        date: Option<NaiveDate>,
    },
    /// Gives a draft's time back.
    Discard {
        /// The draft, or the client whose it is.
        which: String,
    },
    /// Issues an invoice.
    Issue {
        /// The draft, or the client.
        which: String,
        /// The scope that it bills: an open draft, or else time of no draft.
        scope: Scope,
        /// The civil day of issue; the draft's or today unless given.
        date: Option<NaiveDate>,
    },
    /// Adds something to a draft by hand.
    AddItem {
        /// The draft, or its client, who gets one unless there is one.
        which: String,
        /// What is added.
        item: Box<Item>,
    },
    /// Takes something that was added by hand away.
    RemoveItem {
        /// The draft, or its client.
        which: String,
        /// Its number.
        item: i64,
    },
    /// Asks for invoices and drafts.
    Invoices(Filter),
    /// Asks for one invoice or draft.
    Show {
        /// A number, a draft or a client.
        which: String,
    },
    /// Writes the documents of an invoice to its folder.
    Render {
        /// Which.
        number: InvoiceNumber,
        /// In which formats; those of the config where there are none.
        formats: Vec<Format>,
    },
    /// Opens a mail with an invoice, and marks it as sent.
    Send {
        /// Which.
        number: InvoiceNumber,
        /// True if a mail is opened.
        sending: Sending,
        /// The civil day; today unless given.
        date: Option<NaiveDate>,
    },
    /// Notes what was paid.
    Pay {
        /// For which.
        number: InvoiceNumber,
        /// How much; all that is owed unless given, less than nothing where money went back.
        amount: Option<Decimal>,
        /// The civil day; today unless given.
        date: Option<NaiveDate>,
    },
    /// Cancels an invoice, or some of its lines, by a credit note.
    Cancel {
        /// Which.
        number: InvoiceNumber,
        /// The places of the lines, from 0; all unless given.
        lines: Option<Vec<usize>>,
        /// True if the time stays billed.
        keep: bool,
        /// The civil day of the credit note; today unless given.
        date: Option<NaiveDate>,
    },
    /// Keeps a note on an invoice that only the user sees, or takes it away.
    Annotate {
        /// On which.
        number: InvoiceNumber,
        /// The note.
        note: Option<String>,
    },
    /// Derives what invoices say from their claims again, and compares, also with the hash chain.
    Verify {
        /// The invoice; all unless given.
        number: Option<InvoiceNumber>,
        /// The hash of a link that was noted once: the chain has to have it still.
        head: Option<Hash>,
    },
    /// Lets a month's numbers begin higher.
    StartNumbers {
        /// The first number.
        number: Option<InvoiceNumber>,
        /// The first counter of this month, in its place.
        next: Option<u32>,
    },
    /// Writes documents to a folder.
    ExportInvoices {
        /// Of which invoices.
        filter: Filter,
        /// Where to.
        folder: PathBuf,
    },
    /// Asks where the time of a file or page goes.
    Explain {
        /// A path or URI.
        uri: String,
    },
    /// Asks what stands behind a stretch of a day.
    Evidence {
        /// The day; today unless given.
        day: Option<NaiveDate>,
        /// From and to.
        times: Clocks,
    },
    /// Asks what another config would move.
    Compare {
        /// The other config; the one in force unless given.
        path: Option<PathBuf>,
    },
    /// Writes the timesheet of a week for the user.
    Review {
        /// The week; the present one unless given.
        week: Option<Week>,
        /// Whether to write it to its file too; an editor that has it open writes that itself.
        write: bool,
    },
    /// Applies what the user made of a timesheet, all or nothing.
    ApplySheet {
        /// The text.
        parsed: Arc<Parsed>,
        /// Whether to write the refreshed text to its file too.
        write: bool,
    },
    /// Compares a timesheet in an editor with the ledger.
    CheckSheet(Arc<Parsed>),
    /// Asks what was worked on in some stretches, which do not overlap.
    Behind(Vec<Span>),
    /// Writes what a week holds for a client, for the client to sign off.
    Approve {
        /// The week; the present one unless given.
        week: Option<Week>,
        /// The client's id; the one with time in it unless given.
        client: Option<String>,
        /// As what.
        format: SheetFormat,
    },
    /// Reads a config in an editor, which is not in force.
    CheckConfig(Arc<Parsed>),
    /// Asks what was worked on lately, thing by thing.
    Touched,
    /// Asks what a project comes to.
    Standing(ProjectId),
    /// Asks for clients and projects.
    Catalogue,
    /// Asks what has to be said of files before they can be imported.
    Survey(Arc<ImportRequest>),
    /// Imports files, or only looks at them.
    Import(Arc<ImportRequest>),
    /// Asks for the imports that stand.
    Imports,
    /// Takes an import back: the latest unless one is named.
    UndoImport(Option<i64>),
    /// Does something about backups or a damaged database.
    Safety(SafetyCommand),
    /// Asks for the rules on pages.
    Pages,
    /// Asks which folders are to be followed.
    Followed,
    /// Keeps what other programs than editors saved.
    Outside(Vec<Saved>),
}

/// What a timesheet for a client is written as.
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
    /// How long it took.
    pub length: Length,
    /// The day; today unless given.
    pub day: Option<NaiveDate>,
    /// The clock time at which it began.
    pub at: Option<Clock>,
    /// What was done.
    pub note: Option<String>,
    /// True if it may be billed.
    pub billable: bool,
    /// True if it counts beside time that is there already.
    pub beside: bool,
}

/// What the engine answers.
#[derive(Debug)]
pub enum Reply {
    /// What was taken.
    Taken(Taken),
    /// Whether something changed.
    Changed(bool),
    /// A sentence.
    Words(Words),
    /// The status bar's contents.
    Status(Status),
    /// Totals.
    Report(Report),
    /// One invoice or draft.
    Invoice(Box<InvoiceView>),
    /// All of them.
    Invoices(InvoiceList),
    /// Whether they agree with their claims.
    Verification(Verification),
    /// Where time goes.
    Explanation(Explanation),
    /// Clients and projects.
    Catalogue(Catalogue),
    /// A timesheet that was written.
    Sheet(SheetView),
    /// A timesheet in an editor, compared.
    Checked(Arc<Checked>),
    /// What was worked on.
    Behind(Box<Behind>),
    /// A config in an editor, read.
    Proof(Box<Proof>),
    /// What was worked on lately.
    Touched(Vec<Lately>),
    /// What a project comes to.
    Standing(Standing),
    /// The gaps of a day.
    Gaps(Gaps),
    /// The folders of unassigned time.
    Roots(Roots),
    /// What stands behind a stretch of time.
    Evidence(Evidence),
    /// What another config would move.
    Comparison(Comparison),
    /// What has to be said of files.
    Survey(Survey),
    /// What an import did, or would do.
    Import(Box<ImportView>),
    /// The imports that stand.
    Imports(ImportList),
    /// The rules on pages.
    Pages(Pages),
    /// What is to be followed.
    Followed(Followed),
    /// What was kept of saves.
    Outside(Outside),
    /// The answer to a command about backups or a damaged database.
    Safety(SafetyReply),
    /// The week and all around it.
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
            Self::Words(words) => serde_json::to_value(words),
            Self::Status(status) => serde_json::to_value(status),
            Self::Report(report) => serde_json::to_value(report),
            Self::Invoice(invoice) => serde_json::to_value(invoice),
            Self::Invoices(invoices) => serde_json::to_value(invoices),
            Self::Verification(verification) => serde_json::to_value(verification),
            Self::Explanation(explanation) => serde_json::to_value(explanation),
            Self::Catalogue(catalogue) => serde_json::to_value(catalogue),
            Self::Sheet(sheet) => serde_json::to_value(sheet),
            Self::Checked(checked) => serde_json::to_value(&checked.doubts),
            Self::Behind(behind) => serde_json::to_value(behind),
            Self::Proof(proof) => serde_json::to_value(&proof.findings),
            Self::Touched(touched) => serde_json::to_value(touched),
            Self::Standing(standing) => serde_json::to_value(standing),
            Self::Gaps(gaps) => serde_json::to_value(gaps),
            Self::Roots(roots) => serde_json::to_value(roots),
            Self::Evidence(evidence) => serde_json::to_value(evidence),
            Self::Comparison(comparison) => serde_json::to_value(comparison),
            Self::Survey(survey) => serde_json::to_value(survey),
            Self::Import(import) => serde_json::to_value(import),
            Self::Imports(imports) => serde_json::to_value(imports),
            Self::Followed(followed) => serde_json::to_value(followed),
            Self::Outside(outside) => serde_json::to_value(outside),
            Self::Safety(reply) => serde_json::to_value(reply),
            Self::Pages(pages) => serde_json::to_value(pages),
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
            Self::Taken(_)
            | Self::Changed(_)
            | Self::Checked(_)
            | Self::Behind(_)
            | Self::Proof(_)
            | Self::Touched(_)
            | Self::Standing(_)
            | Self::Survey(_)
            | Self::Followed(_)
            | Self::Pages(_)
            | Self::Dashboard(_)
            | Self::Page(_) => Ok(()),
            Self::Outside(outside) => outside.fmt(f),
            Self::Sheet(sheet) => sheet.fmt(f),
            Self::Words(words) => words.fmt(f),
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
