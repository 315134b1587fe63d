//! `keeptab invoice pay` and `write-off`: from words to commands of the engine.

use chrono::NaiveDate;
use clap::Args;
use keeptab_core::invoice::{InvoiceNumber, Paying, PaymentKind};
use keeptab_core::money::number;
use keeptab_present::flow::Call;
use rust_decimal::Decimal;

/// A payment.
#[derive(Debug, Args)]
pub(in crate::cli) struct PayArgs {
    /// The number
    number: InvoiceNumber,
    /// How much; below 0 where money went back, or to take a wrong payment back
    #[arg(long, allow_hyphen_values = true, value_parser = number)]
    amount: Option<Decimal>,
    /// The day it came in; today unless given
    #[arg(long, value_name = "DAY")]
    date: Option<NaiveDate>,
    /// Take the discount for early payment, even if it is late or the amount differs
    #[arg(long)]
    take_discount: bool,
    /// Write off the rest, for a reason
    #[arg(long, value_name = "REASON")]
    write_off: Option<String>,
    /// Take a discount back: the client owes it again
    #[arg(long, conflicts_with_all = ["amount", "take_discount", "write_off", "yes"])]
    undo_discount: bool,
    /// Keep what is too much as the client's credit, without a question
    #[arg(long)]
    yes: bool,
}

impl PayArgs {
    pub(super) fn call(self) -> Call {
        let (number, date) = (self.number, self.date);
        if self.undo_discount {
            return Call::new(move |engine, now| engine.take_back(&number, PaymentKind::Discount, date, now));
        }
        let paying = Paying {
            amount: self.amount,
            takes_discount: self.take_discount,
            write_off: self.write_off,
            overpays: self.yes,
        };
        Call::of_payment(paying, move |engine, paying, now| {
            engine.pay(&number, paying, date, now)
        })
    }
}

/// A write-off.
#[derive(Debug, Args)]
pub(in crate::cli) struct WriteOffArgs {
    /// The number
    number: InvoiceNumber,
    /// Why it is not paid
    #[arg(long, value_name = "TEXT", required_unless_present = "undo")]
    reason: Option<String>,
    /// The day; today unless given
    #[arg(long, value_name = "DAY")]
    date: Option<NaiveDate>,
    /// Take it back: the client owes it again
    #[arg(long, conflicts_with = "reason")]
    undo: bool,
}

impl WriteOffArgs {
    pub(super) fn call(self) -> Call {
        let (number, date) = (self.number, self.date);
        if self.undo {
            return Call::new(move |engine, now| engine.take_back(&number, PaymentKind::WriteOff, date, now));
        }
        let paying = Paying {
            write_off: self.reason,
            ..Paying::default()
        };
        Call::new(move |engine, now| engine.pay(&number, &paying, date, now))
    }
}
