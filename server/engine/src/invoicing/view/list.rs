//! The list of invoices and drafts, with the amounts owed.

use std::collections::BTreeMap;
use std::fmt;

use chrono::NaiveDate;
use keeptab_core::money::{Amount, Currency};
use schemars::JsonSchema;
use serde::Serialize;

use super::InvoiceView;
use crate::view::table;

/// All invoices and drafts, or some of them.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct InvoiceList {
    invoices: Vec<InvoiceView>,
    /// The sentence for an empty list, with the next step.
    #[serde(skip)]
    none: String,
}

impl InvoiceList {
    /// Returns them, drafts last.
    #[must_use]
    pub fn invoices(&self) -> &[InvoiceView] {
        &self.invoices
    }

    /// Makes a list; `none` is the sentence for an empty one.
    #[must_use]
    pub fn new(invoices: Vec<InvoiceView>, none: String) -> Self {
        Self { invoices, none }
    }

    /// Returns the amounts of each client by currency: owed, overdue, owed to the client, discounts taken and written off.
    fn owed(&self) -> BTreeMap<(String, Currency), [Amount; 5]> {
        let mut owed = BTreeMap::new();
        for view in &self.invoices {
            let (Some(currency), Some(amount)) = (view.currency(), view.owed) else {
                continue;
            };
            let (zero, waived) = (Amount::zero(currency), [view.discounted(), view.written_off()]);
            if amount.is_zero() && waived.iter().all(Option::is_none) {
                continue;
            }
            let [open, overdue, credit, rest @ ..] = owed.entry((view.client.clone(), currency)).or_insert([zero; 5]);
            if let Some(amount) = view.open() {
                *open = *open + amount;
                if view.overdue {
                    *overdue = *overdue + amount;
                }
            } else {
                *credit = *credit - amount;
            }
            for (sum, waived) in rest.iter_mut().zip(waived) {
                *sum = waived.map_or(*sum, |(_, waived)| *sum + waived);
            }
        }
        owed
    }
}

impl fmt::Display for InvoiceList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.invoices.is_empty() {
            return f.write_str(&self.none);
        }
        let row = |view: &InvoiceView| {
            let date = |date: Option<NaiveDate>| date.map(|date| date.to_string()).unwrap_or_default();
            let credits = view.credits.as_ref();
            vec![
                view.name(),
                credits.map_or_else(|| "invoice".to_owned(), |of| format!("credit note for {of}")),
                view.state().to_owned(),
                view.client.clone(),
                date(view.issue_date),
                date(view.due_date.filter(|_| credits.is_none())),
                view.money(view.gross_total),
                view.owed_sum(),
            ]
        };
        let rows: Vec<Vec<String>> = self.invoices.iter().map(row).collect();
        let head = ["number", "kind", "status", "client", "issued", "due", "total", "owed"];
        table(f, &head, &rows, &[6, 7])?;
        let owed = self.owed();
        if owed.is_empty() {
            return Ok(());
        }
        let mut all = BTreeMap::<Currency, [Amount; 5]>::new();
        let mut rows = Vec::new();
        let row = |name: String, currency: Currency, [open, rest @ ..]: [Amount; 5]| {
            let some = |amount: Amount| {
                let shown = (!amount.is_zero()).then(|| format!("{currency} {amount}"));
                shown.unwrap_or_default()
            };
            let mut row = vec![name, format!("{currency} {open}")];
            row.extend(rest.into_iter().map(some));
            row
        };
        for ((client, currency), sums) in owed {
            let zero = Amount::zero(currency);
            let whole = all.entry(currency).or_insert([zero; 5]);
            for (whole, sum) in whole.iter_mut().zip(sums) {
                *whole = *whole + sum;
            }
            rows.push(row(client, currency, sums));
        }
        rows.extend(
            all.into_iter()
                .map(|(currency, sums)| row("in all".into(), currency, sums)),
        );
        writeln!(f)?;
        let head = ["client", "owed", "overdue", "credit", "discount", "written off"];
        table(f, &head, &rows, &[1, 2, 3, 4, 5])
    }
}
