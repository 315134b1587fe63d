//! Invoices and credit notes.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::number::InvoiceNumber;
use crate::money::Amount;

/// What a document is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A commercial invoice: 380 of UNCL 1001.
    #[default]
    Invoice,
    /// A credit note: 381. It takes an invoice back, in full or for some lines.
    CreditNote(Credited),
}

/// What a credit note takes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credited {
    /// The invoice (BT-25).
    pub number: InvoiceNumber,
    /// Its day of issue (BT-26).
    pub issue_date: NaiveDate,
    /// The places of the credited lines on it, from 0.
    pub lines: Vec<usize>,
    /// Whether nothing of the invoice stands any more.
    pub in_full: bool,
    /// True if the time stays billed all the same.
    pub kept: bool,
    /// The share of the discounts that each line of time had, before tax, as (place, amount): whoever bills the time again
    /// takes it. Without the lines that had none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shares: Vec<(usize, Amount)>,
}

impl Kind {
    /// Returns what a credit note takes back; an invoice takes nothing.
    #[must_use]
    pub fn credited(&self) -> Option<&Credited> {
        match self {
            Self::Invoice => None,
            Self::CreditNote(credited) => Some(credited),
        }
    }
}
