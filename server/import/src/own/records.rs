//! The records of an export.

use serde::{Deserialize, Serialize};

/// Bytes of a file in one record: as base64 they fit into a cell of a spreadsheet.
pub const PART: usize = 24_000;

/// One record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Own {
    /// The version of the export: the first record of a JSON file.
    Keeptab(u32),
    /// An editor or a browser.
    Source(SourceRecord),
    /// A heartbeat or a boundary.
    Event(EventRecord),
    /// Time that brings its own seconds.
    Entry(EntryRecord),
    /// A save: what undo takes back whole.
    Apply(ApplyRecord),
    /// An entry that a save took away.
    Void(VoidRecord),
    /// A change that the user made in review.
    Correction(CorrectionRecord),
    /// Facts of an import that was taken back.
    Undone(UndoneRecord),
    /// An issued invoice or credit note.
    Invoice(InvoiceRecord),
    /// The time that a line of an invoice bills.
    Claim(ClaimRecord),
    /// A line of an invoice that a credit note took back.
    Credit(CreditRecord),
    /// A payment of an invoice.
    Payment(PaymentRecord),
    /// The counter of a series of invoice numbers.
    Series(SeriesRecord),
    /// The other names of a workspace root.
    Root(RootRecord),
    /// Captured time that an invoice of another home bills.
    Elsewhere(ElsewhereRecord),
    /// A part of a file that invoices are printed with.
    Asset(AssetRecord),
    /// A part of a rendered document.
    Document(DocumentRecord),
    /// A link of the hash chain.
    Link(LinkRecord),
}

/// An editor or a browser on a machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SourceRecord {
    /// Its place among all sources: at the same instant, the heartbeat with the lower place comes first.
    pub place: u32,
    /// The machine.
    pub device: String,
    /// Its name on that machine.
    pub source: String,
    /// The highest number that was taken of it.
    pub taken: u64,
}

/// A heartbeat or a boundary.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventRecord {
    /// The instant, RFC 3339.
    pub at: String,
    /// The machine.
    pub device: String,
    /// The source on it.
    pub source: String,
    /// Its number within the source.
    pub seq: u64,
    /// `edit`, `navigate`, …, or `suspend`, `lock`, `clock`, `pause`, which cut time.
    pub kind: String,
    /// `human` or `agent`; `None` for a boundary.
    pub actor: Option<String>,
    /// `path`, `url`, `unnamed` or `private`; `None` for a boundary.
    pub entity: Option<String>,
    /// The path or the URL; for an unnamed entity the workspace root.
    pub text: Option<String>,
    /// The workspace root.
    pub root: Option<String>,
    /// The language of the file.
    pub language: Option<String>,
}

/// Time that brings its own seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EntryRecord {
    /// Its number in this export.
    pub entry: i64,
    /// The civil day it counts for.
    pub day: String,
    /// The start, RFC 3339, if it has clock times.
    pub from: Option<String>,
    /// The end, RFC 3339.
    pub to: Option<String>,
    /// Its length.
    pub milliseconds: i64,
    /// The project's id.
    pub project: Option<String>,
    /// The description of the work.
    pub note: Option<String>,
    /// The hourly rate, if it has its own.
    #[serde(default)]
    pub rate: Option<String>,
    /// True if it may be billed.
    pub billable: bool,
    /// True if another tool billed it.
    pub billed_elsewhere: bool,
    /// The fingerprint of an imported one.
    pub fingerprint: Option<String>,
    /// The device that made it; absent in the first version.
    #[serde(default)]
    pub device: Option<String>,
    /// Its number among the facts of that device.
    #[serde(default)]
    pub n: Option<i64>,
    /// The instant at which it was made, RFC 3339.
    #[serde(default)]
    pub made_at: Option<String>,
    /// The save that made it.
    #[serde(default)]
    pub apply: Option<i64>,
    /// The place of the entry that it replaces: the instant at which that one was made, its device and its number.
    #[serde(default)]
    pub place: Option<String>,
    /// `rows` if it counts beside earlier rows of its file, `all` if beside everything.
    #[serde(default)]
    pub beside: Option<String>,
    /// The name that overlapping rows of one file share.
    #[serde(default)]
    pub rows: Option<String>,
    /// The instants that were free when it was written; `None` if all of them were.
    #[serde(default)]
    pub free: Option<String>,
    /// True if the import that brought it was taken back.
    #[serde(default)]
    pub undone: bool,
}

/// A save of a timesheet, a fill, an addition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApplyRecord {
    /// Its number in this export.
    pub apply: i64,
    /// The device that made it.
    pub device: Option<String>,
    /// Its number among the facts of that device.
    pub n: Option<i64>,
    /// The instant, RFC 3339.
    pub made_at: String,
    /// True if it was taken back.
    pub undone: bool,
}

/// An entry that a save took away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VoidRecord {
    /// The entry, by its number in this export.
    pub voided: i64,
    /// The save, by its number in this export.
    pub apply: i64,
}

/// Facts of an import that was taken back, by their device and numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UndoneRecord {
    /// The device.
    pub device: String,
    /// The first number.
    pub first: i64,
    /// The last number.
    pub last: i64,
}

/// A change that the user made in review.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CorrectionRecord {
    /// The save that it came with.
    pub apply: i64,
    /// The instant at which it was made, RFC 3339.
    pub made_at: String,
    /// The first instant of its span.
    pub from: String,
    /// The end of its span.
    pub to: String,
    /// `assign`, `fill`, `erase`, `note` or `billable`.
    pub change: String,
    /// For `assign` and `fill`: the project's id, `?` for unassigned, `-` for private.
    pub target: Option<String>,
    /// For `note`: the text.
    pub note: Option<String>,
    /// For `billable`: true if the time is billable.
    pub billable: Option<bool>,
    /// The device that made it; absent in the first version.
    #[serde(default)]
    pub device: Option<String>,
    /// Its number among the facts of that device.
    #[serde(default)]
    pub n: Option<i64>,
}

/// An issued invoice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvoiceRecord {
    /// Its number.
    pub number: String,
    /// `invoice` or `credit`.
    pub kind: String,
    /// The invoice that a credit note cancels.
    pub cancels: Option<String>,
    /// The client's id.
    pub client: String,
    /// The civil day of issue.
    pub issue_date: String,
    /// The instant of issue, RFC 3339.
    pub issued_at: String,
    /// The civil day on which it was sent.
    pub sent_on: Option<String>,
    /// The note, which only the user sees.
    pub note: Option<String>,
    /// The content as JSON.
    pub content: String,
}

/// The time that a line of an invoice bills.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClaimRecord {
    /// The number of the invoice.
    pub invoice: String,
    /// The line, from 0.
    pub line: i64,
    /// The start of a billed stretch of the timeline, RFC 3339; `None` for an entry.
    pub from: Option<String>,
    /// The end, RFC 3339.
    pub to: Option<String>,
    /// An entry, by its number in this export.
    pub entry: Option<i64>,
    /// True if it is still billed.
    pub live: bool,
    /// For an entry: the billed length; absent in the first version.
    #[serde(default)]
    pub milliseconds: Option<i64>,
    /// For an entry: the billed instants.
    #[serde(default)]
    pub spans: Option<String>,
    /// Its number in the hash chain; absent before version 3.
    #[serde(default)]
    pub claim: Option<i64>,
}

/// A line of an invoice that a credit note took back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreditRecord {
    /// The number of the invoice.
    pub invoice: String,
    /// The line, from 0.
    pub line: i64,
    /// The number of the credit note.
    pub credit_note: String,
}

/// A payment of an invoice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentRecord {
    /// The number of the invoice.
    pub invoice: String,
    /// The amount.
    pub amount: String,
    /// The civil day of the payment.
    pub day: String,
    /// The instant at which it was recorded, RFC 3339.
    pub made_at: String,
    /// Its number in the hash chain; absent before version 3.
    #[serde(default)]
    pub payment: Option<i64>,
    /// The number of the invoice that used it as credit, if it was used.
    #[serde(default)]
    pub used_by: Option<String>,
    /// `discount` or `write-off`; money if absent.
    #[serde(default)]
    pub kind: Option<String>,
    /// The reason of a write-off.
    #[serde(default)]
    pub reason: Option<String>,
    /// The bases and taxes of a discount or a write-off, as JSON.
    #[serde(default)]
    pub taxes: Option<String>,
}

/// The counter of a run of invoice numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SeriesRecord {
    /// The business's short name in its invoice numbers: 1 to 12 capital letters and digits.
    pub org: String,
    /// The month: 202611.
    pub month: i64,
    /// The next number.
    pub next: i64,
    /// The day of the last one.
    pub last_date: Option<String>,
    /// The first number.
    pub first: i64,
}

/// The other names of a workspace root.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RootRecord {
    /// The root as the editor names it.
    pub root: String,
    /// Its path without symbolic links.
    pub real: Option<String>,
    /// The corresponding folder in the repository's main working tree.
    pub repository: Option<String>,
}

/// Captured time that an invoice of another home bills.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ElsewhereRecord {
    /// The number of that invoice.
    pub elsewhere: String,
    /// The start, RFC 3339.
    pub from: String,
    /// The end, RFC 3339.
    pub to: String,
}

/// A part of a logo or a template.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssetRecord {
    /// The SHA-256 of the whole, which invoices name.
    pub asset: String,
    /// The place of the part, from 0.
    pub part: u32,
    /// Base64 of at most [`PART`] bytes.
    pub bytes: String,
}

/// A part of a rendered document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentRecord {
    /// The number of the invoice.
    pub invoice: String,
    /// `pdf`, `xrechnung`, …
    pub format: String,
    /// The SHA-256 of the whole.
    pub sha256: String,
    /// The place of the part, from 0.
    pub part: u32,
    /// Base64 of at most [`PART`] bytes.
    pub bytes: String,
}

/// A link of the hash chain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkRecord {
    /// Its place, from 1.
    pub n: i64,
    /// The kind of the record, with the version of its form.
    pub kind: String,
    /// The record in its canonical form.
    pub record: String,
    /// The hash, in hexadecimal digits.
    pub hash: String,
}
