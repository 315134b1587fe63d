//! Payments, discounts and write-offs of an invoice, and the credit that it used.

use chrono::NaiveDate;
use keeptab_core::invoice::{Content, Grants, InvoiceNumber, Issued, Payment, PaymentKind, Standing};
use keeptab_core::money::{Amount, Currency};
use schemars::JsonSchema;
use serde::Serialize;

use super::InvoiceView;
use super::parts::TaxView;

/// A payment.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PaymentView {
    /// The day.
    pub(super) day: NaiveDate,
    /// The amount, with tax.
    pub(super) amount: Amount,
    /// The kind.
    pub(super) kind: PaymentKind,
    /// The reason of a write-off; of what a credit note took back, its number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
    /// The bases and taxes that a discount or a write-off takes off.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) taxes: Vec<TaxView>,
    /// The invoice that it prepaid, if it was used as credit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) used_by: Option<InvoiceNumber>,
}

impl From<&Payment> for PaymentView {
    fn from(payment: &Payment) -> Self {
        Self {
            day: payment.day,
            amount: payment.amount,
            kind: payment.kind,
            reason: payment.reason.clone(),
            taxes: payment.taxes.iter().map(TaxView::from).collect(),
            used_by: payment.used_by.clone(),
        }
    }
}

/// The sum of a discount or a write-off.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct WaivedView {
    /// The sum, with tax.
    amount: Amount,
    /// The bases and taxes that it takes off.
    taxes: Vec<TaxView>,
}

impl WaivedView {
    /// Returns the sum of a kind, if there is one.
    pub(super) fn of(issued: &Issued, standing: &Standing, kind: PaymentKind) -> Option<Self> {
        let amount = standing.sum_of(issued, kind);
        (!amount.is_zero()).then(|| Self {
            amount,
            taxes: standing.taxes_of(kind).iter().map(TaxView::from).collect(),
        })
    }
}

/// A discount for early payment that can be taken.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct GrantView {
    /// The last day on which it can be taken.
    pub(super) until: NaiveDate,
    /// The amount, with tax.
    pub(super) amount: Amount,
    /// True if its days are over.
    pub(super) late: bool,
}

/// Returns the discounts that can be taken, if an amount is owed.
pub(super) fn grants(issued: &Issued, standing: &Standing, today: NaiveDate) -> Vec<GrantView> {
    let is_owed = standing.owed(issued) > Amount::zero(issued.content().currency);
    let grants = standing.grants(issued).ok().filter(|_| is_owed);
    let grants = grants.iter().flat_map(Grants::all);
    grants
        .map(|grant| GrantView {
            until: grant.until,
            amount: grant.amount,
            late: grant.until < today,
        })
        .collect()
}

/// Credit that an invoice used.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct PrepaymentView {
    /// The invoice that was overpaid.
    pub(super) of: InvoiceNumber,
    /// The amount of it that was used.
    pub(super) amount: Amount,
}

/// Returns the credit that an invoice uses, by the invoices that were overpaid.
pub(super) fn prepayments(content: &Content) -> Vec<PrepaymentView> {
    let prepayment = |(of, amount)| PrepaymentView { of, amount };
    content.prepayments().into_iter().map(prepayment).collect()
}

impl InvoiceView {
    /// Returns the discount that was taken, with its currency.
    #[must_use]
    pub fn discounted(&self) -> Option<(Currency, Amount)> {
        self.currency
            .zip(self.discount.as_ref().map(|discount| discount.amount))
    }

    /// Returns the amount that was written off, with its currency.
    #[must_use]
    pub fn written_off(&self) -> Option<(Currency, Amount)> {
        self.currency.zip(self.written_off.as_ref().map(|sum| sum.amount))
    }

    /// Returns the largest discount for early payment that can be taken, such as `EUR 2.38`, and its last day.
    #[must_use]
    pub fn granted(&self) -> Option<(String, NaiveDate)> {
        let grant = self.grants.iter().max_by_key(|grant| grant.amount)?;
        Some((self.money(Some(grant.amount)), grant.until))
    }
}
