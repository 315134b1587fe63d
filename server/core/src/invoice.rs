//! Invoices: what is printed, and what makes a number.

mod content;
mod number;
mod party;

pub use content::{Content, Draft, DraftId, Issued, Paper, Status, TaxSubtotal, Totals};
pub use number::{InvoiceNumber, NumberError, Org, Series};
pub use party::{Contact, Language, Party, Problem, problems};
