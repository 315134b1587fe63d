//! Discounts of released time: the invoice that bills the time again takes them.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, RoundingStrategy};

use super::discount::Covers;
use super::number::InvoiceNumber;
use super::totals::Allowance;
use crate::billing::Line;
use crate::entry::Place;
use crate::instant::{Length, Span, united};
use crate::money::{Amount, Currency, Tax};

/// A line of time that a credit note took back, with its share of the invoice's discounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Released {
    /// The invoice.
    pub number: InvoiceNumber,
    /// The currency of the share.
    pub currency: Currency,
    /// The share, before tax.
    pub share: Amount,
    /// The time that the line billed.
    pub time: Vec<BilledTime>,
    /// The time that later invoices of the client billed.
    pub again: Vec<BilledTime>,
}

/// Time that one claim bills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BilledTime {
    /// The entry, by the place that it has in common with its replacements; `None` if the time was captured.
    pub entry: Option<Place>,
    /// The length that counts.
    pub length: Length,
    /// Its instants. An entry without clock times, or beside other time, has none.
    pub spans: Vec<Span>,
}

impl BilledTime {
    /// Returns how much of it is billed again: a part of its length, which need not be whole milliseconds.
    ///
    /// Instants are compared with instants. Without them an entry is compared with itself and its replacements, by length.
    fn billed_again(&self, again: &[&BilledTime]) -> Decimal {
        let whole: Length = self.spans.iter().map(|span| span.length()).sum();
        let whole = if self.spans.is_empty() { self.length } else { whole };
        let (mut spans, mut length) = (Vec::new(), Length::ZERO);
        for other in again {
            if !self.spans.is_empty() && !other.spans.is_empty() {
                let own = self.spans.iter();
                spans.extend(own.flat_map(|own| other.spans.iter().filter_map(|span| span.intersect(*own))));
            } else if self.entry.is_some() && self.entry == other.entry {
                length += other.length;
            }
        }
        length += united(spans).iter().map(|span| span.length()).sum();
        let part = Decimal::from(self.length.millis()) * Decimal::from(length.min(whole).millis());
        part.checked_div(Decimal::from(whole.millis())).unwrap_or_default()
    }
}

impl Released {
    /// Returns the part of the share for the time that is billed again; all of the share for all of the time.
    fn up_to(&self, again: &[&BilledTime]) -> Amount {
        let whole: Length = self.time.iter().map(|time| time.length).sum();
        let part: Decimal = self.time.iter().map(|time| time.billed_again(again)).sum();
        let share = (self.share.value() * part).checked_div(Decimal::from(whole.millis()));
        Amount::rounded(share.unwrap_or_default(), self.currency)
    }
}

/// Returns the discounts that lines inherit from the released time that they bill again, as allowances.
///
/// `time` is the billed time of each line, in the order of `lines`; `given` are the invoice's other allowances. If
/// several invoices take parts of a share, the parts add up to the share, to the cent. A discount never exceeds what
/// the other discounts leave of the lines. A share in another currency is ignored.
#[must_use]
pub fn carried(
    released: &[Released],
    lines: &[Line],
    time: &[Vec<BilledTime>],
    given: &[Allowance],
    currency: Currency,
) -> Vec<Allowance> {
    let zero = Amount::zero(currency);
    let mut sums = BTreeMap::<(&InvoiceNumber, Tax), Amount>::new();
    for released in released.iter().filter(|released| released.currency == currency) {
        let mut again: Vec<&BilledTime> = released.again.iter().collect();
        let mut before = released.up_to(&again);
        for (line, time) in lines.iter().zip(time) {
            again.extend(time);
            let after = released.up_to(&again);
            let sum = sums.entry((&released.number, line.tax)).or_insert(zero);
            *sum = *sum + (after - before);
            before = after;
        }
    }
    let mut allowances = Vec::<Allowance>::new();
    for ((number, tax), amount) in sums {
        // Released time is billed again as time: expenses have no part in its discount.
        let lines = lines
            .iter()
            .filter(|line| line.tax == tax && Covers::Work.takes(line.kind));
        let base = lines.fold(zero, |sum, line| sum + line.amount);
        let others = given.iter().chain(&allowances).filter(|other| other.tax == tax);
        let left = others.fold(base.value(), |left, other| {
            let share = (other.amount.value() * base.value()).checked_div(other.base.value());
            left - share.unwrap_or_default().min(other.amount.value())
        });
        let left = left.round_dp_with_strategy(currency.exponent(), RoundingStrategy::ToZero);
        let amount = amount.min(Amount::rounded(left, currency));
        if amount > zero {
            allowances.push(Allowance {
                reason: format!("discount of {number}"),
                percent: None,
                base,
                amount,
                tax,
                of: Some(number.clone()),
                covers: Covers::Work,
            });
        }
    }
    allowances
}
