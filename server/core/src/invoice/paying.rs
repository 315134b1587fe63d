//! The records of a payment: money, a discount taken, an amount written off, and an amount paid back.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use thiserror::Error;

use super::content::Issued;
use super::number::InvoiceNumber;
use super::payment::{Payment, PaymentKind, down_to, split, with_tax};
use super::standing::Standing;
use crate::money::{Amount, Currency, Tax};

/// The limit of one payment: sums of many stay far below what a decimal holds.
const MOST: Decimal = Decimal::from_parts(3_567_587_328, 232, 0, false, 0);

/// A payment as it is noted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paying {
    /// The amount; below 0 if money went back. All that is owed if `None`, or no money if the rest is written off.
    pub amount: Option<Decimal>,
    /// True if the discount for early payment is taken even if it is late, or the amount differs.
    pub takes_discount: bool,
    /// The reason why the rest is written off, if it is.
    pub write_off: Option<String>,
    /// True if what exceeds the amount owed becomes the client's credit.
    pub overpays: bool,
}

impl Paying {
    /// Notes a payment as it came in; all that is owed if `None`.
    #[must_use]
    pub fn of(amount: Option<Decimal>) -> Self {
        Self {
            amount,
            ..Self::default()
        }
    }
}

/// More is paid than is owed, and nobody has said that it is right.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}\nhint: with --yes, the {currency} {over} becomes the client's credit", self.sentence())]
pub struct Overpaid {
    /// The invoice.
    pub number: InvoiceNumber,
    /// The currency.
    pub currency: Currency,
    /// The amount paid.
    pub amount: Amount,
    /// The amount owed.
    pub owed: Amount,
    /// The amount that is too much.
    pub over: Amount,
    /// The words about a discount that was taken, if one was.
    pub discount: String,
}

impl Overpaid {
    /// Returns the sentence about it, without the next step.
    #[must_use]
    pub fn sentence(&self) -> String {
        let Self {
            number,
            currency,
            amount,
            owed,
            over,
            discount,
        } = self;
        format!("{currency} {amount} is {over} more than the {currency} {owed} owed on {number}{discount}")
    }
}

/// The reason why a payment is not noted.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PayError {
    /// A credit note is not paid.
    #[error("{0} is a credit note\nhint: what goes back is noted on {1}: `keeptab invoice pay {1} --amount -10`")]
    CreditNote(InvoiceNumber, InvoiceNumber),
    /// Nothing is owed.
    #[error("nothing is owed on {0}\nhint: `keeptab invoice show {0}` lists what was paid")]
    NothingOwed(InvoiceNumber),
    /// The amount is zero, above the limit, or has more decimals than the currency.
    #[error(
        "{0} is no amount of {1}\nhint: it is not 0, and has {2} decimals at most and is not above 1,000,000,000,000"
    )]
    NoAmount(Decimal, Currency, u32),
    /// More goes back than came in.
    #[error(
        "{currency} {paid} was paid on {number}, so {back} cannot go back\nhint: an amount below 0 is money returned"
    )]
    NotPaid {
        /// The invoice.
        number: InvoiceNumber,
        /// The currency.
        currency: Currency,
        /// The amount paid since it was issued.
        paid: Amount,
        /// The amount that would go back.
        back: Amount,
    },
    /// More is paid than is owed.
    #[error(transparent)]
    Overpaid(#[from] Overpaid),
    /// The payment leaves nothing to discount or to write off.
    #[error("{1} {2} pays {0} in full\nhint: leave --take-discount and --write-off out")]
    NothingLeft(InvoiceNumber, Currency, Amount),
    /// The invoice grants no discount for early payment.
    #[error("{0} grants no cash discount\nhint: `keeptab invoice write-off {0} --reason TEXT` closes the rest")]
    NoDiscount(InvoiceNumber),
    /// The discount was taken before.
    #[error("the discount of {0} was taken before\nhint: `keeptab invoice pay {0} --undo-discount` takes it back")]
    DiscountTaken(InvoiceNumber),
    /// A write-off has no reason.
    #[error("a write-off has a reason\nhint: say it with --reason, such as --reason \"bank fees\"")]
    NoReason,
    /// There is no discount or write-off to take back.
    #[error("no {1} is there to take back on {0}\nhint: `keeptab invoice show {0}` lists what was paid")]
    NotWaived(InvoiceNumber, &'static str),
}

/// Returns what a payment books on a civil day, in order; never empty.
///
/// # Errors
///
/// If nothing is owed, the amount does not fit, or there is no discount to take.
pub fn pay(invoice: &Issued, standing: &Standing, paying: &Paying, day: NaiveDate) -> Result<Vec<Payment>, PayError> {
    let (content, number) = (invoice.content(), invoice.number());
    let (currency, owed) = (content.currency, standing.owed(invoice));
    let zero = Amount::zero(currency);
    if let Some(credited) = content.kind.credited() {
        return Err(PayError::CreditNote(number.clone(), credited.number.clone()));
    }
    let grants = if paying.takes_discount {
        Some(standing.grants(invoice)?)
    } else {
        None
    };
    let money = match paying.amount {
        Some(value) => {
            let amount = Amount::rounded(value, currency);
            if amount.value() != value || amount.is_zero() || value.abs() > MOST {
                return Err(PayError::NoAmount(value, currency, currency.exponent()));
            }
            amount
        }
        None if paying.write_off.is_some() => zero,
        None => match &grants {
            Some(grants) => (owed - grants.of(day, None).map_or(zero, |grant| grant.amount)).max(zero),
            None => owed,
        },
    };
    let paid = standing.paid(invoice);
    if money < zero && zero - money > paid + content.totals.prepaid {
        return Err(PayError::NotPaid {
            number: number.clone(),
            currency,
            paid,
            back: zero - money,
        });
    }
    let nothing_left = |money: Amount| {
        if money.is_zero() {
            PayError::NothingOwed(number.clone())
        } else {
            PayError::NothingLeft(number.clone(), currency, money)
        }
    };
    let mut booked = Vec::new();
    if !money.is_zero() {
        booked.push(Payment::of_money(day, money));
    }
    // Money that still comes in was not lost: it takes back what was written off before it is too much.
    let written_off = standing.sum_of(invoice, PaymentKind::WriteOff);
    let back = (money - owed.max(zero)).max(zero).min(written_off);
    if !back.is_zero() {
        booked.push(standing.less(invoice, PaymentKind::WriteOff, written_off - back, day));
    }
    let mut rest = owed + back - money;
    let over = (zero - rest).min(money);
    if over > zero && !paying.overpays {
        let taken = standing.sum_of(invoice, PaymentKind::Discount);
        let discount = if taken.is_zero() {
            String::new()
        } else {
            format!(" after a discount of {taken}, which `keeptab invoice pay {number} --undo-discount` takes back")
        };
        return Err(PayError::Overpaid(Overpaid {
            number: number.clone(),
            currency,
            amount: money,
            owed: owed.max(zero) + back,
            over,
            discount,
        }));
    }
    let taken = match grants {
        Some(_) if rest <= zero => return Err(nothing_left(money)),
        Some(grants) => grants.of(day, Some(rest)).map_or(zero, |grant| grant.amount.min(rest)),
        None if money > zero && rest > zero => standing.granted(invoice, day, rest),
        None => zero,
    };
    let mut waive = |kind, amount: Amount| {
        let taxes = split(amount, &standing.claimed(invoice), currency);
        booked.push(Payment::waived(kind, day, taxes, currency));
    };
    if taken > zero {
        waive(PaymentKind::Discount, taken);
        rest = rest - taken;
    }
    if let Some(reason) = &paying.write_off {
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(PayError::NoReason);
        }
        if rest <= zero {
            return Err(nothing_left(money));
        }
        waive(PaymentKind::WriteOff, rest);
        if let Some(last) = booked.last_mut() {
            last.reason = Some(reason.to_owned());
        }
    }
    if booked.is_empty() {
        return Err(PayError::NothingOwed(number.clone()));
    }
    Ok(booked)
}

/// Returns what takes back all that was discounted or written off.
///
/// # Errors
///
/// If there is no such discount or write-off.
pub fn take_back(
    invoice: &Issued,
    standing: &Standing,
    kind: PaymentKind,
    day: NaiveDate,
) -> Result<Payment, PayError> {
    if standing.sum_of(invoice, kind).is_zero() {
        return Err(PayError::NotWaived(invoice.number().clone(), kind.word()));
    }
    let zero = Amount::zero(invoice.content().currency);
    Ok(standing.less(invoice, kind, zero, day))
}

/// Returns what a credit note takes back of a discount and a write-off; `after` is the standing with the credit note.
///
/// A discount stays with the lines that are left, in each tax by itself. A write-off is taken back as far as the rest is no
/// longer owed, so that it never becomes the client's credit.
#[must_use]
pub fn after_credit(invoice: &Issued, before: &Standing, after: &Standing, day: NaiveDate) -> Vec<Payment> {
    let currency = invoice.content().currency;
    let zero = Amount::zero(currency);
    let (old, new) = (before.claimed(invoice), after.claimed(invoice));
    let parts = before.taxes_of(PaymentKind::Discount);
    let kept = parts.iter().map(|part| {
        let claim = |of: &BTreeMap<Tax, Amount>| of.get(&part.tax).map_or(Decimal::ZERO, |sum| sum.value());
        let share = claim(&new).checked_div(claim(&old)).unwrap_or_default();
        let share = share.clamp(Decimal::ZERO, Decimal::ONE);
        Amount::rounded(with_tax(part).value() * share, currency)
    });
    let kept: Vec<Amount> = kept.collect();
    let mut booked = Vec::new();
    let discount = Payment::waived(PaymentKind::Discount, day, down_to(&parts, &kept, currency), currency);
    let discounted = before.sum_of(invoice, PaymentKind::Discount) + discount.amount;
    if !discount.taxes.is_empty() {
        booked.push(discount);
    }
    let written_off = before.sum_of(invoice, PaymentKind::WriteOff);
    let claim = new.values().fold(zero, |sum, claim| sum + *claim);
    let open = claim - invoice.content().totals.prepaid - before.paid(invoice) - discounted;
    let left = open.max(zero).min(written_off);
    if left < written_off {
        booked.push(before.less(invoice, PaymentKind::WriteOff, left, day));
    }
    booked
}
