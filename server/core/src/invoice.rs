//! Invoices and credit notes: their content, sums and numbers, and what happens to them later.

mod appendix;
mod carried;
mod cash_discount;
mod check;
mod content;
mod credit;
mod discount;
mod format;
mod home_tax;
mod item;
mod kind;
mod month_end;
mod national;
mod number;
mod party;
mod paying;
mod payment;
mod reservation;
mod standing;
mod stationery;
mod totals;

pub use appendix::{Appendix, AppendixPolicy, AppendixRow};
pub use carried::{BilledTime, Released, carried};
pub use cash_discount::CashDiscount;
pub use check::{bic, doubtful_vat_id, has_prefixed_vat_ids, iban, is_in_eu, is_in_sepa, names_country};
pub use content::{Content, Draft, DraftId, Issued, Paper};
pub use credit::{CreditError, credit, given_back, period};
pub use discount::{Covers, Discount, DiscountError, Reduction, allowances};
pub use format::{Format, FormatError};
pub use home_tax::{ExchangeError, ExchangeRate, HomeTax};
pub use item::{Charge, Credit, Item, numbers};
pub use kind::{Credited, Kind};
pub use month_end::MonthEnd;
pub use national::{exceeded_length, lacks_account, lacks_buyer_id};
pub use number::{InvoiceNumber, NumberError, Org, Series};
pub use party::{Contact, ElectronicAddress, Language, Party, Problem, has_sales_tax, problems};
pub use paying::{Overpaid, PayError, Paying, after_credit, pay, take_back};
pub use payment::{Payment, PaymentKind};
pub use reservation::{Reservation, Selection};
pub use standing::{CreditedBy, Grant, Grants, Standing, Status};
pub use stationery::{Asset, Stationery};
pub use totals::{Allowance, TaxSubtotal, Totals};

#[cfg(test)]
mod tests;
