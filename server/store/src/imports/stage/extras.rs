//! Records that only keeptab's own export has: saves, corrections and invoices.

use anyhow::Result;
use keeptab_core::correction::Change;
use keeptab_core::entry::Beside;
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::rule::NamedRoot;
use rusqlite::params;

use super::super::super::{entries, spans};
use super::Stage;

/// A record's place: the file, and the line in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    /// The place of the file, from 1.
    pub file: u32,
    /// The line.
    pub line: u64,
}

/// The id of a fact: the device that wrote it, and its number there.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    /// The device.
    pub device: String,
    /// Its number.
    pub n: i64,
}

/// The fields of an entry that only keeptab's own export has.
#[derive(Clone, Debug, Default)]
pub struct OwnEntry {
    /// Its number in the export.
    pub number: i64,
    /// The id of its fact; exports of the first version have none.
    pub origin: Option<Origin>,
    /// True if its fingerprint is one of another tool.
    pub has_fingerprint: bool,
    /// The instant at which it was made.
    pub made_at: Option<Instant>,
    /// The save that made it, as the export numbers them.
    pub apply: Option<i64>,
    /// The place of the entry that it replaces.
    pub place: Option<(Instant, Origin)>,
    /// True if it counts beside other time.
    pub beside: Beside,
    /// The name that overlapping rows of one file share.
    pub rows: Option<String>,
    /// The instants that were free when it was written; `None` if all of them were.
    pub free: Option<Vec<Span>>,
    /// True if the import that brought it was taken back.
    pub undone: bool,
}

/// A save of an export.
#[derive(Clone, Debug)]
pub struct NewApply {
    /// Its number in the export.
    pub number: i64,
    /// The id of its fact.
    pub origin: Option<Origin>,
    /// The instant at which it was made.
    pub made_at: Instant,
    /// True if it was taken back.
    pub undone: bool,
}

/// An entry of an export that a save took away, both as the export numbers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewVoid {
    /// The record's place.
    pub at: At,
    /// The entry.
    pub entry: i64,
    /// The save.
    pub apply: i64,
}

/// Facts of an import that was taken back, by their numbers on a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewUndone {
    /// The device.
    pub device: String,
    /// The first one.
    pub first: i64,
    /// The last one.
    pub last: i64,
}

/// A correction of an export.
#[derive(Clone, Debug)]
pub struct NewCorrection {
    /// The record's place.
    pub at: At,
    /// The save that it came with, as the export numbers them.
    pub apply: i64,
    /// The id of its fact.
    pub origin: Option<Origin>,
    /// The instant at which it was made.
    pub made_at: Instant,
    /// The instants it applies to.
    pub span: Span,
    /// The change.
    pub change: Change,
}

/// An invoice of an export.
#[derive(Clone, Debug)]
pub struct NewInvoice {
    /// The record's place.
    pub at: At,
    /// Its number.
    pub number: String,
    /// `invoice` or `credit`.
    pub kind: String,
    /// The invoice that it cancels.
    pub cancels: Option<String>,
    /// The client's id.
    pub client: String,
    /// The civil day of issue.
    pub issue_date: String,
    /// The instant of issue.
    pub issued_at: Instant,
    /// The civil day on which it was sent.
    pub sent_on: Option<String>,
    /// The note, which only the user sees.
    pub note: Option<String>,
    /// The content as JSON.
    pub content: String,
}

/// The time that a line of an invoice of an export bills.
#[derive(Clone, Debug)]
pub struct NewClaim {
    /// The record's place.
    pub at: At,
    /// The invoice's number.
    pub invoice: String,
    /// The line.
    pub line: i64,
    /// The entry, as the export numbers them, or `None` if it is captured time.
    pub entry: Option<i64>,
    /// True if it is still billed.
    pub live: bool,
    /// The billed length; the whole entry if `None`.
    pub length: Option<Length>,
    /// The billed instants.
    pub spans: Vec<Span>,
    /// Its number in the hash chain, if the export has it.
    pub id: Option<i64>,
}

/// A line of an invoice of an export that a credit note took back.
#[derive(Clone, Debug)]
pub struct NewCredit {
    /// The record's place.
    pub at: At,
    /// The invoice's number.
    pub invoice: String,
    /// The line.
    pub line: i64,
    /// The credit note's number.
    pub credit_note: String,
}

/// A payment of an export.
#[derive(Clone, Debug)]
pub struct NewPayment {
    /// The record's place.
    pub at: At,
    /// The invoice's number.
    pub invoice: String,
    /// The amount.
    pub amount: String,
    /// The civil day of the payment.
    pub day: String,
    /// The instant at which the payment was recorded.
    pub made_at: Instant,
    /// Its number in the hash chain, if the export has it.
    pub id: Option<i64>,
    /// The number of the invoice that used it as credit.
    pub used_by: Option<String>,
    /// The kind, unless it is money.
    pub kind: Option<String>,
    /// The reason of a write-off.
    pub reason: Option<String>,
    /// The bases and taxes of a discount or a write-off, as JSON.
    pub taxes: Option<String>,
}

/// Captured time of an export that an invoice of another home bills.
#[derive(Clone, Debug)]
pub struct NewElsewhere {
    /// The invoice's number.
    pub invoice: String,
    /// The instants.
    pub span: Span,
}

/// The counter of a run of numbers of an export.
#[derive(Clone, Debug)]
pub struct NewSeries {
    /// The seller's name in numbers.
    pub org: String,
    /// The month.
    pub month: i64,
    /// The next number.
    pub next: i64,
    /// The day of the last one.
    pub last_date: Option<String>,
    /// The first number.
    pub first: i64,
}

impl Stage<'_> {
    /// Stores the fields that an export has for the entry that was taken last.
    pub(super) fn own(&mut self, span: Option<Span>, own: &OwnEntry) -> Result<()> {
        let sql =
            "INSERT INTO stage.own (n, number, device, origin, keeps, made_at, apply, place_at, place_device, place_n,
                       beside, rows, free, undone)
                   VALUES (last_insert_rowid(), ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
        let place = own.place.as_ref();
        let span = span.filter(|_| own.beside != Beside::All);
        self.transaction.prepare_cached(sql)?.execute(params![
            own.number,
            own.origin.as_ref().map(|origin| &origin.device),
            own.origin.as_ref().map(|origin| origin.n),
            own.has_fingerprint || own.origin.is_none(),
            own.made_at.map(Instant::millis),
            own.apply,
            place.map(|(at, _)| at.millis()),
            place.map(|(_, origin)| &origin.device),
            place.map(|(_, origin)| origin.n),
            entries::code(own.beside),
            own.rows,
            own.free.as_ref().and_then(|free| spans::write(span, free)),
            own.undone,
        ])?;
        Ok(())
    }

    /// Returns the place of a line of the file that is read.
    #[must_use]
    pub fn at(&self, line: u64) -> At {
        At { file: self.file, line }
    }

    /// Takes a save.
    pub fn apply(&mut self, apply: NewApply) {
        self.staged.applies.push(apply);
    }

    /// Stages the removal of an entry by a save.
    pub fn void(&mut self, void: NewVoid) {
        self.staged.voids.push(void);
    }

    /// Stages the facts of an import that was taken back.
    pub fn undone(&mut self, undone: NewUndone) {
        self.staged.undone.push(undone);
    }

    /// Takes a correction.
    pub fn correction(&mut self, correction: NewCorrection) {
        self.staged.corrections.push(correction);
    }

    /// Takes an invoice.
    pub fn invoice(&mut self, invoice: NewInvoice) {
        self.staged.invoices.push(invoice);
    }

    /// Takes the claim of an invoice's line.
    pub fn claim(&mut self, claim: NewClaim) {
        self.staged.claims.push(claim);
    }

    /// Takes a line that a credit note took back.
    pub fn credit(&mut self, credit: NewCredit) {
        self.staged.credits.push(credit);
    }

    /// Takes a payment.
    pub fn payment(&mut self, payment: NewPayment) {
        self.staged.payments.push(payment);
    }

    /// Takes the other names of a root.
    pub fn root(&mut self, root: NamedRoot) {
        self.staged.roots.push(root);
    }

    /// Takes time that an invoice of another home bills.
    pub fn elsewhere(&mut self, elsewhere: NewElsewhere) {
        self.staged.elsewhere.push(elsewhere);
    }

    /// Takes a counter.
    pub fn series(&mut self, series: NewSeries) {
        self.staged.series.push(series);
    }
}
