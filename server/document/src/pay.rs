//! Codes for banking apps: the EPC's for SEPA payments, and the Swiss QR-bill.

use keeptab_core::invoice::{Content, Paper, is_in_sepa};
use keeptab_core::money::Currency;

mod code;
mod epc;
mod reference;
mod swiss;

pub(crate) use code::Code;
pub(crate) use swiss::Bill;

/// The payment code of an invoice.
pub(crate) enum Pay {
    /// A code to scan, for a SEPA credit transfer.
    Epc(Code),
    /// A payment part at the foot of the last page, for a Swiss or Liechtenstein account.
    Swiss(Box<Bill>),
}

impl Pay {
    /// Returns the code for the currency and account. Only an issued invoice with an amount due may have one.
    pub(crate) fn of(paper: &Paper<'_>) -> Option<Self> {
        let content = paper.content;
        let due = content.totals.due;
        let payable = due.value().is_sign_positive() && !due.is_zero();
        let number = paper.number?;
        let iban: String = content.iban.as_ref()?.split_whitespace().collect();
        if content.kind.credited().is_some() || !payable || due.value().to_string().len() > MOST {
            return None;
        }
        let swiss = iban.starts_with("CH") || iban.starts_with("LI");
        match content.currency.code() {
            "CHF" | "EUR" if swiss => Bill::of(content, number, &iban).map(|bill| Self::Swiss(Box::new(bill))),
            _ if content.currency == Currency::EUR && is_in_sepa(&iban) => {
                epc::code(content, number, &iban).map(Self::Epc)
            }
            _ => None,
        }
    }

    /// Returns the reason why the invoices of a seller with an account cannot have a code, if there is one.
    pub(crate) fn lacking(content: &Content) -> Option<&'static str> {
        let iban = content.iban.as_ref()?;
        let swiss = iban.starts_with("CH") || iban.starts_with("LI");
        if !swiss || !matches!(content.currency.code(), "CHF" | "EUR") || content.kind.credited().is_some() {
            return None;
        }
        (!Bill::can_pay(&content.seller)).then_some(NO_BILL)
    }

    /// Draws the code.
    pub(crate) fn svg(&self) -> String {
        match self {
            Self::Epc(code) => code.svg(false),
            Self::Swiss(bill) => bill.code().svg(true),
        }
    }
}

const NO_BILL: &str = "the invoice has no QR-bill: it needs the postcode, city and country of [business]";

/// The maximum length of an amount: both codes allow up to 999999999.99.
const MOST: usize = 12;

/// Shortens a text to a number of characters, at their boundaries.
fn short(text: &str, most: usize) -> String {
    let text = crate::text::clean(text);
    text.chars().take(most).collect::<String>().trim_end().to_owned()
}
