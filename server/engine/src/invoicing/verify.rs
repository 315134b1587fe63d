//! Verification that every invoice still matches its claims: amounts, sums, numbers and stored bytes. `attest`
//! compares it with the hash chain.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use anyhow::Result;
use keeptab_core::billing::{Claim, Line};
use keeptab_core::calendar::Calendar;
use keeptab_core::chain::Hash;
use keeptab_core::instant::Length;
use keeptab_core::invoice::{Content, InvoiceNumber, Item, PaymentKind, Totals};
use keeptab_core::money::{Amount, Measure, Unit};
use keeptab_core::plain::counted;
use keeptab_store::{AuditedClaim, InvoiceRow, Store};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

use super::attest::{ChainView, Files};
use super::credit::used;
use crate::Engine;

/// The result of a verification.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Verification {
    /// The number of invoices and credit notes that were verified.
    pub invoices: usize,
    /// The number of amounts that were derived again.
    pub amounts: usize,
    /// The number of stored documents that match their checksum.
    pub documents: usize,
    /// The files in the folder of invoices.
    pub files: Files,
    /// The hash chain.
    pub chain: ChainView,
    /// The disagreements.
    pub problems: Vec<Disagreement>,
}

/// A disagreement between stored and derived values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Disagreement {
    /// The invoice; `None` if all of them are concerned.
    pub number: Option<InvoiceNumber>,
    /// The message.
    pub problem: String,
}

impl Verification {
    /// Returns true if there is no disagreement.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.problems.is_empty()
    }

    pub(super) fn wrong(&mut self, number: Option<&InvoiceNumber>, problem: impl Into<String>) {
        self.problems.push(Disagreement {
            number: number.cloned(),
            problem: problem.into(),
        });
    }

    /// Compares a figure with the one derived from the claims.
    fn same(&mut self, number: &InvoiceNumber, what: &str, stored: impl fmt::Display, again: impl fmt::Display) {
        self.amounts += 1;
        let (stored, again) = (stored.to_string(), again.to_string());
        if stored != again {
            self.wrong(Some(number), format!("{what} is {stored}, and comes to {again}"));
        }
    }
}

/// Verifies the money of invoices, from one store alone.
#[derive(Clone, Copy)]
pub(super) struct Audit<'e> {
    pub(super) store: &'e Store,
    pub(super) calendar: Calendar,
}

impl Engine {
    /// Derives the money of one invoice or of all again from the claims, and compares it, also with the hash chain and
    /// with the files in the folder of invoices. Missing files are written, missing documents rendered. The chain must still have a head that was
    /// noted.
    ///
    /// # Errors
    ///
    /// If there is no such invoice, or the store cannot be read. A disagreement is a result, not an error.
    pub fn verify(&mut self, number: Option<&InvoiceNumber>, head: Option<Hash>) -> Result<Verification> {
        let (rows, mut found) = self.audit().derive(number)?;
        for row in &rows {
            self.verify_files(row, &mut found)?;
        }
        if let Some(head) = head {
            self.audit().verify_head(head, &mut found)?;
        }
        Ok(found)
    }

    /// Returns the disagreements of invoices, without their files.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn audit_invoices(&self) -> Result<Vec<String>> {
        let (_, found) = self.audit().derive(None)?;
        let line = |problem: Disagreement| match problem.number {
            Some(number) => format!("{number}: {}", problem.problem),
            None => problem.problem,
        };
        Ok(found.problems.into_iter().map(line).collect())
    }

    fn audit(&self) -> Audit<'_> {
        Audit {
            store: &self.store,
            calendar: self.config.calendar,
        }
    }
}

impl Audit<'_> {
    /// Returns the invoices and what disagrees with them, from one snapshot.
    fn derive(&self, number: Option<&InvoiceNumber>) -> Result<(Vec<InvoiceRow>, Verification)> {
        self.store.snapshot(|_| self.derived(number))
    }

    fn derived(&self, number: Option<&InvoiceNumber>) -> Result<(Vec<InvoiceRow>, Verification)> {
        let mut found = Verification {
            invoices: 0,
            amounts: 0,
            documents: 0,
            files: Files::default(),
            chain: ChainView::default(),
            problems: Vec::new(),
        };
        self.verify_chain(number, &mut found)?;
        let mut rows = Vec::new();
        if let Some(number) = number {
            rows.push(self.store.invoice(number)?);
        } else {
            for row in self.store.readable_invoices()? {
                match row {
                    Ok(row) => rows.push(row),
                    Err(error) => found.wrong(None, format!("{error:#}")),
                }
            }
        }
        for row in &rows {
            if let Err(error) = self.verify_one(row, &mut found) {
                found.wrong(Some(row.invoice.number()), format!("{error:#}"));
            }
        }
        if number.is_none() {
            for damage in self.store.integrity()? {
                found.wrong(
                    None,
                    format!("the database is damaged: {damage}\nhint: `keeptab doctor` says what to do"),
                );
            }
            self.verify_series(&rows, &mut found)?;
            let doubled = self.store.doubled_claims()?;
            if doubled > 0 {
                found.wrong(None, format!("{doubled} stretches of time are billed twice"));
            }
        }
        Ok((rows, found))
    }

    fn verify_one(&self, row: &InvoiceRow, found: &mut Verification) -> Result<()> {
        found.invoices += 1;
        let (number, content) = (row.invoice.number(), row.invoice.content());
        let mut claims = BTreeMap::<usize, Vec<AuditedClaim>>::new();
        for claim in self.store.claims_of(row.id)? {
            claims.entry(claim.line).or_default().push(claim);
        }
        let credits = content.kind.credited().is_some();
        for (index, line) in content.lines.iter().enumerate() {
            let what = |part: &str| format!("the {part} of line {}", index + 1);
            let amount = Amount::rounded(line.quantity * line.price.value(), content.currency);
            found.same(number, &what("amount"), line.amount, amount);
            // A credit note claims no time: its lines were claimed by its invoice.
            if !credits {
                let claims = claims.remove(&index).unwrap_or_default();
                verify_time(number, &what, line, &claims, content, found);
                verify_release(row, index, &claims, found);
            }
        }
        if !claims.is_empty() {
            found.wrong(Some(number), "it bills time on lines that it does not have");
        }
        verify_sums(number, content, found);
        verify_payments(row, found);
        for asset in content.stationery.assets().filter(|asset| asset.is_gone()) {
            let problem = format!("{}, which it is printed with, is gone from the database", asset.name);
            found.wrong(Some(number), problem);
        }
        for item in &content.items {
            if let Item::Credit(credit) = item {
                let of = self.store.invoice(&credit.of)?.standing;
                let booked = of
                    .payments
                    .iter()
                    .filter(|payment| payment.used_by.as_ref() == Some(number));
                let zero = Amount::zero(content.currency);
                let booked = booked.fold(zero, |sum, payment| sum - payment.amount);
                let what = format!("the credit of {}", credit.of);
                found.same(
                    number,
                    &what,
                    used(&content.items, Some(credit), content.currency),
                    booked,
                );
            }
        }
        for (format, intact) in self.store.documents(number)? {
            found.documents += usize::from(intact);
            if !intact {
                found.wrong(Some(number), format!("the stored {format} is not what was rendered"));
            }
        }
        Ok(())
    }

    fn verify_series(&self, rows: &[InvoiceRow], found: &mut Verification) -> Result<()> {
        let mut counters = BTreeMap::<(String, i64), BTreeSet<u32>>::new();
        for row in rows {
            let number = row.invoice.number();
            let key = (number.series().org().as_str().to_owned(), number.series().month());
            if !counters.entry(key).or_default().insert(number.counter()) {
                found.wrong(Some(number), "its number is there twice");
            }
        }
        for series in self.store.all_series()? {
            let name = format!("{}-{}", series.org.as_str(), series.month);
            let there = counters
                .remove(&(series.org.as_str().to_owned(), series.month))
                .unwrap_or_default();
            let wanted: BTreeSet<u32> = (series.first..series.next).collect();
            for counter in wanted.difference(&there) {
                found.wrong(None, format!("{name}-{counter:04} is missing: the series has a gap"));
            }
            for counter in there.difference(&wanted) {
                found.wrong(None, format!("{name}-{counter:04} lies outside its series"));
            }
        }
        for (org, month) in counters.into_keys() {
            found.wrong(None, format!("{org}-{month} has invoices and no counter"));
        }
        Ok(())
    }
}

/// Derives the tracked time and the quantity of a line from its claims.
fn verify_time(
    number: &InvoiceNumber,
    what: &dyn Fn(&str) -> String,
    line: &Line,
    claims: &[AuditedClaim],
    content: &Content,
    found: &mut Verification,
) {
    let claimed: Length = claims.iter().map(|claim| claim.length).sum();
    found.same(number, &what("time"), line.tracked.millis(), claimed.millis());
    let unit = match line.unit {
        Measure::Hour => Unit::Hour,
        Measure::Day => Unit::Day,
        Measure::Each => return,
    };
    // Lines of the first version do not store their rounding.
    if let (Some(rounding), Some(calendar)) = (&line.rounding, &content.calendar) {
        let claims: Vec<(Claim, Length)> = claims.iter().map(|claim| (claim.claim, claim.length)).collect();
        let (_, quantity) = rounding.again(&claims, unit, calendar);
        found.same(number, &what("quantity"), line.quantity, quantity);
    }
}

/// Compares the live claims of the line with its credit notes.
fn verify_release(row: &InvoiceRow, line: usize, claims: &[AuditedClaim], found: &mut Verification) {
    let number = row.invoice.number();
    let credited = row.standing.credits.iter().find(|credit| credit.lines.contains(&line));
    let released = credited.is_some_and(|credit| !credit.kept);
    let held = claims.iter().filter(|claim| claim.live).count();
    if released && held > 0 {
        found.wrong(
            Some(number),
            format!("line {} is cancelled and still holds its time", line + 1),
        );
    }
    if !released && held < claims.len() {
        found.wrong(Some(number), format!("line {} has lost some of its time", line + 1));
    }
}

/// Adds the parts of discounts and write-offs up again. No more is taken back of either than there was.
fn verify_payments(row: &InvoiceRow, found: &mut Verification) {
    let (number, standing) = (row.invoice.number(), &row.standing);
    let zero = Amount::zero(row.invoice.content().currency);
    for payment in &standing.payments {
        let parts = payment.taxes.iter();
        let sum = parts.fold(zero, |sum, part| sum + part.base + part.amount);
        if payment.kind != PaymentKind::Money {
            let what = format!("the {} of {}", payment.kind.word(), payment.day);
            found.same(number, &what, payment.amount, sum);
        }
    }
    for kind in [PaymentKind::Discount, PaymentKind::WriteOff] {
        if standing.sum_of(&row.invoice, kind) < zero {
            found.wrong(
                Some(number),
                format!("more of its {} was taken back than there was", kind.word()),
            );
        }
    }
}

/// Adds lines and allowances up again (EN 16931 BR-CO-10 to 17).
fn verify_sums(number: &InvoiceNumber, content: &Content, found: &mut Verification) {
    for allowance in &content.allowances {
        let lines = content.lines.iter().filter(|line| allowance.takes(line));
        let base = lines.fold(Amount::zero(content.currency), |sum, line| sum + line.amount);
        found.same(number, "the base of a discount", allowance.base, base);
        if let Some(percent) = allowance.percent {
            let amount = Amount::rounded(base.value() * percent / Decimal::ONE_HUNDRED, content.currency);
            found.same(number, "a discount", allowance.amount, amount);
        }
    }
    let stored = &content.totals;
    let again = Totals::reduced(&content.lines, &content.allowances, stored.prepaid, content.currency);
    let sums = [
        ("the sum of the lines", stored.lines, again.lines),
        ("the sum of the discounts", stored.allowances, again.allowances),
        ("the net total", stored.net, again.net),
        ("the tax", stored.tax, again.tax),
        ("the gross total", stored.gross, again.gross),
        ("what is due", stored.due, again.due),
    ];
    for (what, stored, again) in sums {
        found.same(number, what, stored, again);
    }
    if let Some(home) = content.home_tax {
        found.same(
            number,
            "the tax in its own currency",
            home.amount,
            home.again(again.tax).amount,
        );
    }
    if stored.taxes != again.taxes {
        found.wrong(Some(number), "its tax subtotals do not follow from its lines");
    }
}

impl fmt::Display for Verification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let looked = [
            counted(self.invoices, "invoice"),
            format!("{} derived again", counted(self.amounts, "amount")),
            format!("{} intact", counted(self.documents, "document")),
            format!("{} intact", counted(self.files.intact, "file")),
        ];
        write!(f, "{}{}{}", looked.join(", "), self.files, self.chain)?;
        for Disagreement { number, problem } in &self.problems {
            let number = number.as_ref().map(|number| format!("{number}: ")).unwrap_or_default();
            write!(f, "\n{number}{problem}")?;
        }
        match self.files.trouble.len() {
            _ if !self.holds() => Ok(()),
            0 => write!(f, "\nall agrees"),
            missing => write!(
                f,
                "\nall that is there agrees; missing: {}",
                counted(missing, "document")
            ),
        }?;
        Ok(())
    }
}
