//! Fields of an invoice that a list shows.

use chrono::NaiveDate;
use keeptab_core::money::{Amount, Currency};

use super::InvoiceView;

impl InvoiceView {
    /// Returns the last day to pay it.
    #[must_use]
    pub fn due_on(&self) -> Option<NaiveDate> {
        self.due_date
    }

    /// Returns the sum to pay.
    #[must_use]
    pub fn gross(&self) -> Option<(Currency, Amount)> {
        self.currency.zip(self.gross_total)
    }

    /// Returns the first and last day of the work.
    #[must_use]
    pub fn period(&self) -> Option<(NaiveDate, NaiveDate)> {
        self.period.map(|period| (period.from, period.to))
    }
}
