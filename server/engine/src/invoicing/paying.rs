//! Payments, and what closes an invoice without money.

use anyhow::Result;
use chrono::NaiveDate;
use keeptab_core::instant::Instant;
use keeptab_core::invoice::{DraftId, InvoiceNumber, Paying, PaymentKind};
use keeptab_core::money::Amount;
use keeptab_store::InvoiceRow;

use super::view::InvoiceView;
use crate::Engine;

impl Engine {
    /// Records a payment; all that is owed unless an amount is given. A payment that leaves just a discount that can still be
    /// taken closes the invoice.
    ///
    /// # Errors
    ///
    /// If there is no such invoice, the payment is refused, or the store cannot be written. The error is
    /// [`keeptab_core::invoice::Overpaid`] if more is paid than is owed, and nobody has agreed to it.
    pub fn pay(
        &mut self,
        number: &InvoiceNumber,
        paying: &Paying,
        date: Option<NaiveDate>,
        now: Instant,
    ) -> Result<InvoiceView> {
        let day = self.past_day(date, now)?;
        let row = self.store.pay(number, paying, day, now)?;
        let mut view = self.issued_view(&row, now)?;
        view.warnings.extend(rest(&row, day));
        view.warnings.extend(self.offer_credit(&row, now)?);
        Ok(view)
    }

    /// Takes back all that was discounted or written off: the client owes it again.
    ///
    /// # Errors
    ///
    /// If there is no such invoice, nothing to take back, or the store cannot be written.
    pub fn take_back(
        &mut self,
        number: &InvoiceNumber,
        kind: PaymentKind,
        date: Option<NaiveDate>,
        now: Instant,
    ) -> Result<InvoiceView> {
        let day = self.past_day(date, now)?;
        let row = self.store.take_back(number, kind, day, now)?;
        self.issued_view(&row, now)
    }

    /// Puts the client's credit from an invoice on an open draft, and says so.
    pub(super) fn offer_credit(&mut self, row: &InvoiceRow, now: Instant) -> Result<Option<String>> {
        let (content, number) = (row.invoice.content(), row.invoice.number());
        let credit = row.standing.credit(&row.invoice);
        if credit.is_zero() {
            return Ok(None);
        }
        let taken = self.credit_to_draft(&content.client, content.currency, now)?;
        let taken = taken.map_or_else(
            || "the next draft takes it".to_owned(),
            |DraftId(draft)| format!("draft {draft} takes it"),
        );
        Ok(Some(format!(
            "{} {credit} that was paid on {number} is the client's credit: {taken}; or note what went back with `keeptab invoice pay {number} --amount {}`",
            content.currency,
            row.standing.owed(&row.invoice)
        )))
    }
}

/// Returns how the rest of a partly paid invoice can be closed, if some is owed.
fn rest(row: &InvoiceRow, day: NaiveDate) -> Vec<String> {
    let (content, number) = (row.invoice.content(), row.invoice.number());
    let owed = row.standing.owed(&row.invoice);
    if owed <= Amount::zero(content.currency) {
        return Vec::new();
    }
    let grants = row.standing.grants(&row.invoice).ok();
    let grant = grants.and_then(|grants| grants.of(day, Some(owed)));
    // One that leaves some of it owed would book that as paid.
    let grant = grant.filter(|grant| grant.amount >= owed).map(|grant| {
        let can = if grant.until < day { "could" } else { "can" };
        format!(
            "the discount of {} {} {can} be taken until {}: `keeptab invoice pay {number} --take-discount` takes it",
            content.currency, grant.amount, grant.until
        )
    });
    let write_off = format!(
        "to close it without {} {owed}: `keeptab invoice write-off {number} --reason TEXT`",
        content.currency
    );
    grant.into_iter().chain([write_off]).collect()
}
