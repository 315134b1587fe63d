//! Credit notes, which take back lines of an invoice.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use thiserror::Error;

use super::content::{Content, Issued};
use super::discount::{Covers, Discount, Reduction};
use super::item::Item;
use super::kind::{Credited, Kind};
use super::number::InvoiceNumber;
use super::totals::{Allowance, Totals};
use crate::billing::{Line, LineKind};
use crate::money::{Amount, Tax};

/// The reason why there can be no credit note.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CreditError {
    /// The invoice is a credit note itself.
    #[error("{0} is a credit note, which cannot be cancelled\nhint: issue a new invoice for what is to be billed")]
    CreditNote(InvoiceNumber),
    /// The invoice has no such line.
    #[error("{0} has no line {1}\nhint: its lines are 1 to {2}")]
    NoLine(InvoiceNumber, usize, usize),
    /// The line was credited before.
    #[error("line {1} of {0} is cancelled already\nhint: `keeptab invoice show {0}` says by which credit note")]
    Twice(InvoiceNumber, usize),
    /// All lines were credited before.
    #[error("{0} is cancelled already\nhint: `keeptab invoice show {0}` says by which credit note")]
    Nothing(InvoiceNumber),
    /// The date lies before that of the invoice.
    #[error("{0} lies before {1}, the day on which the invoice was issued\nhint: use --date {1} or later")]
    Before(NaiveDate, NaiveDate),
}

/// Returns the first and last day of the work on some lines; `None` if no line has a day.
#[must_use]
pub fn period(lines: &[Line]) -> Option<(NaiveDate, NaiveDate)> {
    let periods = lines.iter().filter_map(|line| line.period);
    periods.reduce(|whole, part| (whole.0.min(part.0), whole.1.max(part.1)))
}

/// Writes the credit note for some lines of an invoice, or for all that are left. Its period is that of these lines.
///
/// `before` are the places of the lines that other credit notes took back. The amounts of a credit note are positive.
/// Discounts on the lines are taken back with them, so that the credit notes for all lines add up to the invoice's net.
///
/// # Errors
///
/// If the invoice is a credit note, if the date lies before that of the invoice, or if a line does not exist or was
/// credited before.
pub fn credit(
    invoice: &Issued,
    before: &BTreeSet<usize>,
    lines: Option<&[usize]>,
    kept: bool,
    date: NaiveDate,
) -> Result<Content, CreditError> {
    let number = || invoice.number().clone();
    let (content, issue_date) = (invoice.content(), invoice.issue_date());
    if content.kind.credited().is_some() {
        return Err(CreditError::CreditNote(number()));
    }
    if date < issue_date {
        return Err(CreditError::Before(date, issue_date));
    }
    let count = content.lines.len();
    let left: BTreeSet<usize> = (0..count).filter(|line| !before.contains(line)).collect();
    if left.is_empty() {
        return Err(CreditError::Nothing(number()));
    }
    let wanted: BTreeSet<usize> = lines.map_or_else(|| left.clone(), |lines| lines.iter().copied().collect());
    for line in &wanted {
        if *line >= count {
            return Err(CreditError::NoLine(number(), line + 1, count));
        }
        if before.contains(line) {
            return Err(CreditError::Twice(number(), line + 1));
        }
    }
    let allowances = if wanted.len() == count {
        content.allowances.clone()
    } else {
        parts(content, &content.allowances, before, &wanted)
    };
    let shares = if kept {
        BTreeMap::new()
    } else {
        shares(content, before, &wanted)
    };
    let is_time = |line: &usize| content.lines.get(*line).is_some_and(|line| line.kind == LineKind::Time);
    let shares = shares.into_iter().filter(|(line, _)| is_time(line)).collect();
    let lines: Vec<_> = wanted
        .iter()
        .filter_map(|line| content.lines.get(*line))
        .cloned()
        .collect();
    let totals = Totals::reduced(&lines, &allowances, Amount::zero(content.currency), content.currency);
    Ok(Content {
        kind: Kind::CreditNote(Credited {
            number: number(),
            issue_date,
            in_full: wanted == left,
            lines: wanted.into_iter().collect(),
            kept,
            shares,
        }),
        home_tax: content.home_tax.map(|home| home.again(totals.tax)),
        period: period(&lines).unwrap_or(content.period),
        totals,
        lines,
        allowances,
        items: Vec::new(),
        payment_days: 0,
        month_end: None,
        terms: None,
        cash_discount: None,
        notes: Vec::new(),
        appendix: None,
        ..content.clone()
    })
}

/// Returns the items of an invoice that can be billed anew after a credit note: the fees and expenses among the
/// credited lines, with their shares of the discounts as an amount; if all lines are credited at once, also the
/// discounts and notes as they were added. The shares of lines of time are stored on the credit note.
///
/// `before` are the places of the lines that other credit notes took back.
///
/// An advance or used credit does not come back: it becomes the client's credit on the cancelled invoice. The list
/// is empty if the time stays billed, or if the invoice is of a version that did not store its items.
#[must_use]
pub fn given_back(invoice: &Issued, before: &BTreeSet<usize>, credited: &Credited) -> Vec<Item> {
    let (number, invoice) = (invoice.number(), invoice.content());
    if credited.kept {
        return Vec::new();
    }
    let is_charge = |item: &&Item| matches!(item, Item::Charge(_));
    // Charges stand behind the lines of time, in the order in which they were added.
    let charges = invoice.items.iter().filter(is_charge).count();
    let first = invoice.lines.len().saturating_sub(charges);
    let whole = credited.lines.len() == invoice.lines.len();
    let mut place = first;
    let mut is_back = |item: &&Item| match item {
        Item::Charge(_) => {
            place += 1;
            credited.lines.contains(&(place - 1))
        }
        Item::Discount(_) | Item::Note(_) => whole,
        // A new invoice has the rate of its own day.
        Item::Prepaid(_) | Item::Credit(_) | Item::Exchange(_) => false,
    };
    let mut items: Vec<Item> = invoice.items.iter().filter(|item| is_back(item)).cloned().collect();
    let wanted = credited.lines.iter().copied().collect();
    let mut sums = BTreeMap::<Tax, Amount>::new();
    for (line, share) in shares(invoice, before, &wanted) {
        if let Some(of) = invoice.lines.get(line).filter(|_| line >= first) {
            let sum = sums.entry(of.tax).or_insert_with(|| Amount::zero(invoice.currency));
            *sum = *sum + share;
        }
    }
    items.extend(sums.into_iter().map(|(tax, amount)| {
        let given = invoice.allowances.iter();
        Item::Discount(Discount {
            reason: format!("discount of {number}"),
            of: Reduction::Amount(amount.value()),
            tax: Some(tax),
            covers: covered(given.filter(|allowance| allowance.tax == tax)),
        })
    }));
    items
}

/// Returns each line's share of the discounts. If all lines are credited at once, without those that come back as
/// items.
///
/// Computed line by line, as if a credit note took back each line alone, so that all shares add up to the credit note's
/// discounts.
fn shares(content: &Content, before: &BTreeSet<usize>, wanted: &BTreeSet<usize>) -> BTreeMap<usize, Amount> {
    let is_added = content.items.iter().any(|item| matches!(item, Item::Discount(_)));
    let come_back = wanted.len() == content.lines.len() && is_added;
    let allowances = content.allowances.iter();
    let allowances: Vec<Allowance> = allowances
        .filter(|allowance| !come_back || allowance.of.is_some())
        .cloned()
        .collect();
    let mut before = before.clone();
    let mut shares = BTreeMap::new();
    for line in wanted {
        let parts = parts(content, &allowances, &before, &BTreeSet::from([*line]));
        let share = parts
            .into_iter()
            .map(|part| part.amount)
            .reduce(|sum, share| sum + share);
        shares.extend(share.map(|share| (*line, share)));
        before.insert(*line);
    }
    shares
}

/// Returns the discounts on some lines: one allowance per tax, for all of its discounts.
///
/// Each is the share up to and including these lines, less the share of the lines before. So it never exceeds the
/// lines, is never negative, and all parts add up to the whole.
fn parts(
    content: &Content,
    allowances: &[Allowance],
    before: &BTreeSet<usize>,
    wanted: &BTreeSet<usize>,
) -> Vec<Allowance> {
    let zero = Amount::zero(content.currency);
    let taxes: BTreeSet<Tax> = allowances.iter().map(|allowance| allowance.tax).collect();
    let part = |tax: Tax| {
        let given = allowances.iter().filter(|allowance| allowance.tax == tax);
        let up_to = |lines: &BTreeSet<usize>| {
            let share = |allowance: &Allowance| {
                let base = base(content, allowance, lines).value();
                (allowance.amount.value() * base).checked_div(allowance.base.value())
            };
            Amount::rounded(given.clone().filter_map(share).sum(), content.currency)
        };
        let both: BTreeSet<usize> = before.union(wanted).copied().collect();
        let amount = up_to(&both) - up_to(before);
        let mut reasons: Vec<&str> = given.clone().map(|allowance| allowance.reason.as_str()).collect();
        reasons.dedup();
        let mut part = Allowance {
            reason: reasons.join(", "),
            // Rounded as a part of the whole, it may differ by a cent from that percentage of its own base.
            percent: None,
            base: zero,
            amount,
            tax,
            of: None,
            covers: covered(given),
        };
        part.base = base(content, &part, wanted);
        (!amount.is_zero()).then_some(part)
    };
    taxes.into_iter().filter_map(part).collect()
}

/// Returns the lines that some discounts cover together.
fn covered<'a>(mut allowances: impl Iterator<Item = &'a Allowance>) -> Covers {
    if allowances.all(|allowance| allowance.covers == Covers::Work) {
        Covers::Work
    } else {
        Covers::All
    }
}

/// Returns the sum of those lines that a discount reduces.
fn base(content: &Content, allowance: &Allowance, lines: &BTreeSet<usize>) -> Amount {
    let lines = lines.iter().filter_map(|line| content.lines.get(*line));
    let reduced = lines.filter(|line| allowance.takes(line));
    reduced.fold(Amount::zero(content.currency), |sum, line| sum + line.amount)
}
