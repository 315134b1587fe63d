//! Invoices by state: drafts, owed, overdue, paid.

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::NaiveDate;
use keeptab_core::instant::Instant;
use keeptab_core::money::{Amount, Currency};
use schemars::JsonSchema;
use serde::Serialize;

use super::names::Names;
use crate::statusing::Money;
use crate::{Engine, Filter, InvoiceView};

/// The most settled invoices to list, the newest.
const SETTLED: usize = 40;

/// All invoices.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct Invoices {
    /// The sums by state, currency and client.
    sums: Vec<Sum>,
    /// The clients' credit, by currency.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    credit: Vec<Money>,
    /// The discounts for early payment that were taken, by currency.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    discounts: Vec<Money>,
    /// The amounts written off, by currency.
    #[serde(rename = "writtenOff", skip_serializing_if = "Vec::is_empty")]
    written_off: Vec<Money>,
    /// The newest first.
    list: Vec<Row>,
    /// The number of settled invoices that are not listed.
    older: usize,
}

/// The state of an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "InvoiceState")]
enum State {
    /// It has no number yet.
    Draft,
    /// It was issued, and something of it is owed.
    Owed,
    /// It is owed, and its due date is past.
    Overdue,
    /// Nothing of it is owed.
    Paid,
    /// A credit note takes it back.
    Cancelled,
    /// It is a credit note.
    Credit,
}

/// The invoices of a client in one state and currency.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "StateSum")]
struct Sum {
    /// Their state.
    state: State,
    /// The place of the client.
    client: usize,
    /// The number of invoices.
    count: usize,
    /// The sum of their amounts.
    amount: Amount,
    /// The currency.
    currency: Currency,
}

/// An invoice or a draft.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Invoice")]
struct Row {
    /// The number, or the name of a draft.
    name: String,
    /// The state.
    state: State,
    /// The state in the words of `invoice list`.
    status: &'static str,
    /// The place of the client.
    client: usize,
    /// The day of issue; a draft has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    issued: Option<NaiveDate>,
    /// The due date; a draft has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<NaiveDate>,
    /// Days until it is due; negative once it is past.
    #[serde(skip_serializing_if = "Option::is_none")]
    days: Option<i64>,
    /// The amount with tax.
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<Amount>,
    /// The amount still owed, if some was paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    open: Option<Amount>,
    /// The currency of its amounts.
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<Currency>,
}

impl State {
    fn of(view: &InvoiceView) -> Self {
        match view.status {
            "draft" => Self::Draft,
            _ if view.is_credit_note() => Self::Credit,
            "paid" | "written-off" => Self::Paid,
            "cancelled" => Self::Cancelled,
            _ if view.overdue => Self::Overdue,
            _ => Self::Owed,
        }
    }

    /// Returns true if a payment is expected.
    fn waits(self) -> bool {
        matches!(self, Self::Owed | Self::Overdue)
    }

    /// Returns true if nothing more is expected.
    fn is_settled(self) -> bool {
        matches!(self, Self::Paid | Self::Cancelled | Self::Credit)
    }
}

fn monies(sums: BTreeMap<Currency, Amount>) -> Vec<Money> {
    let money = |(currency, amount)| Money { amount, currency };
    sums.into_iter().map(money).collect()
}

impl Engine {
    /// Lists invoices and drafts with their states.
    pub(super) fn invoice_board(&mut self, names: &mut Names, now: Instant) -> Result<Invoices> {
        let today = self.config.calendar.day_of(now);
        let views = self.invoices(&Filter::default(), now)?;
        let mut sums = BTreeMap::<(State, Currency, usize), (usize, Amount)>::new();
        let [mut credit, mut discounts, mut written_off] = [const { BTreeMap::<Currency, Amount>::new() }; 3];
        let mut list = Vec::new();
        for view in views.invoices().iter().rev() {
            let state = State::of(view);
            let client = names.client_called(&view.client, view.client_name());
            for (sums, amount) in [
                (&mut credit, view.currency().zip(view.credit())),
                (&mut discounts, view.discounted()),
                (&mut written_off, view.written_off()),
            ] {
                if let Some((currency, amount)) = amount {
                    let sum = sums.entry(currency).or_insert_with(|| Amount::zero(currency));
                    *sum = *sum + amount;
                }
            }
            // Only the rest of a partly paid invoice is owed.
            let open = view.open().filter(|_| state.waits());
            if let Some((currency, amount)) = view.gross().map(|(currency, gross)| (currency, open.unwrap_or(gross))) {
                let (count, sum) = sums
                    .entry((state, currency, client))
                    .or_insert((0, Amount::zero(currency)));
                *count += 1;
                *sum = *sum + amount;
            }
            list.push(Row {
                name: view.name(),
                state,
                status: view.status,
                client,
                issued: view.issue_date().filter(|_| state != State::Draft),
                due: view.due_on().filter(|_| state != State::Draft),
                days: view
                    .due_on()
                    .filter(|_| state.waits())
                    .map(|due| (due - today).num_days()),
                amount: view.gross().map(|(_, amount)| amount),
                open: open.filter(|open| view.gross().is_some_and(|(_, gross)| gross != *open)),
                currency: view.gross().map(|(currency, _)| currency),
            });
        }
        let mut settled = 0;
        let all = list.len();
        list.retain(|row| {
            settled += usize::from(row.state.is_settled());
            !row.state.is_settled() || settled <= SETTLED
        });
        let sum = |((state, currency, client), (count, amount))| Sum {
            state,
            client,
            count,
            amount,
            currency,
        };
        Ok(Invoices {
            sums: sums.into_iter().map(sum).collect(),
            credit: monies(credit),
            discounts: monies(discounts),
            written_off: monies(written_off),
            older: all - list.len(),
            list,
        })
    }
}
