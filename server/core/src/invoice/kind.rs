//! Invoices and credit notes.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::number::InvoiceNumber;
use crate::money::Amount;

/// The type of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A commercial invoice: 380 of UNCL 1001.
    #[default]
    Invoice,
    /// A credit note: 381. It takes an invoice back, in full or for some lines.
    CreditNote(Credited),
}

/// The lines that a credit note takes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Credited {
    /// The invoice (BT-25).
    pub number: InvoiceNumber,
    /// Its day of issue (BT-26).
    pub issue_date: NaiveDate,
    /// The places of the credited lines on it, from 0.
    pub lines: Vec<usize>,
    /// True if it takes back all lines that were left.
    pub in_full: bool,
    /// True if the time stays billed.
    pub kept: bool,
    /// The share of the discounts of each line of time, before tax, as (place, amount). The invoice that bills the time
    /// again takes it. Lines without a share are left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shares: Vec<(usize, Amount)>,
}

impl Kind {
    /// Returns the lines that a credit note takes back; `None` for an invoice.
    #[must_use]
    pub fn credited(&self) -> Option<&Credited> {
        match self {
            Self::Invoice => None,
            Self::CreditNote(credited) => Some(credited),
        }
    }
}
