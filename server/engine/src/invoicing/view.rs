//! The view of an invoice in answers.

mod draft;
mod list;
mod parts;
mod payment;
mod summary;
mod text;

use std::path::PathBuf;

use chrono::NaiveDate;
use keeptab_core::billing::{Grouping, LineKind};
use keeptab_core::calendar::Range;
use keeptab_core::invoice::{DraftId, InvoiceNumber, Issued, Paper, PaymentKind, Standing, numbers};
use keeptab_core::money::{Amount, Currency};
use keeptab_store::{GivenBack, ItemRow};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

use super::Changed;
use crate::taking::TakenEntry;

use draft::{LeftOutView, ReservesView};
pub use list::InvoiceList;
use parts::{AllowanceView, CreditedView, GivenBackView, HomeTaxView, ItemView, LineView, Period, TaxView};
use payment::{GrantView, PaymentView, PrepaymentView, WaivedView};
pub use text::told_item;

/// One invoice or draft.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvoiceView {
    /// The draft's number; an issued invoice has none.
    draft: Option<DraftId>,
    /// The number; a draft has none.
    pub number: Option<InvoiceNumber>,
    /// `invoice` or `credit-note`.
    kind: KindView,
    /// The invoice that a credit note takes back.
    #[serde(skip_serializing_if = "Option::is_none")]
    credits: Option<InvoiceNumber>,
    /// `draft`, `issued`, `sent`, `part-paid`, `paid`, `written-off` or `cancelled`.
    pub status: &'static str,
    /// True if it should have been paid.
    pub overdue: bool,
    /// The client's id.
    pub client: String,
    #[serde(skip)]
    client_name: String,
    /// The day on which it is issued.
    issue_date: Option<NaiveDate>,
    /// The day by which it is to be paid.
    due_date: Option<NaiveDate>,
    /// The first and last day of the work.
    period: Option<Period>,
    /// The currency of all amounts.
    currency: Option<Currency>,
    /// The lines, in printed order.
    lines: Vec<LineView>,
    /// True if each line of time is of one day.
    #[serde(skip)]
    by_day: bool,
    /// The discounts.
    allowances: Vec<AllowanceView>,
    /// The sum of the lines.
    line_total: Option<Amount>,
    /// The sum of the discounts.
    allowance_total: Option<Amount>,
    /// The sum without tax: lines less discounts.
    net_total: Option<Amount>,
    /// The taxes, one for each category and rate.
    taxes: Vec<TaxView>,
    /// The sum of the taxes.
    tax_total: Option<Amount>,
    /// The tax in the currency in which it is owed, if that is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    home_tax: Option<HomeTaxView>,
    /// The sum with tax.
    gross_total: Option<Amount>,
    /// The amount that was paid before it was issued.
    prepaid: Option<Amount>,
    /// The parts of the prepaid amount that are credit from other invoices.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    prepayments: Vec<PrepaymentView>,
    /// The amount due when it was issued: gross less prepaid.
    due: Option<Amount>,
    /// The amount paid since it was issued.
    paid: Option<Amount>,
    /// The amount still owed; negative if it is owed to the client.
    pub owed: Option<Amount>,
    /// The client's credit from it, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    credit: Option<Amount>,
    /// The discount for early payment that was taken, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    discount: Option<WaivedView>,
    /// The amount that was written off, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    written_off: Option<WaivedView>,
    /// The discounts for early payment that can be taken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    grants: Vec<GrantView>,
    /// The day on which it was sent.
    sent_on: Option<NaiveDate>,
    /// The payments since it was issued.
    payments: Vec<PaymentView>,
    /// The credit notes that took it back, or some of it.
    credited_by: Vec<CreditedView>,
    /// The buyer's reference (EN 16931 BT-10).
    buyer_reference: Option<String>,
    /// The number of the order (BT-13).
    order_reference: Option<String>,
    /// The number of the contract (BT-12).
    #[serde(skip_serializing_if = "Option::is_none")]
    contract_reference: Option<String>,
    /// The number of the project (BT-11).
    #[serde(skip_serializing_if = "Option::is_none")]
    project_reference: Option<String>,
    /// The number that the client knows the seller by.
    #[serde(skip_serializing_if = "Option::is_none")]
    supplier_number: Option<String>,
    /// The notes that are printed.
    notes: Vec<String>,
    /// The note, which only the user sees.
    #[serde(skip_serializing_if = "Option::is_none")]
    private_note: Option<String>,
    /// The items added to a draft by hand, each with the id by which it is removed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    items: Vec<ItemView>,
    /// The items added by hand that a credit note gave back.
    #[serde(skip_serializing_if = "Option::is_none")]
    given_back: Option<GivenBackView>,
    /// Its documents, by absolute path.
    pub files: Vec<PathBuf>,
    /// The projects that a draft holds, unless it holds all.
    #[serde(skip_serializing_if = "Option::is_none")]
    reserves: Option<ReservesView>,
    #[serde(skip)]
    told_reserves: String,
    #[serde(skip)]
    range: Option<Range>,
    /// The time of its range that it does not bill, with the reason.
    left_out: Vec<LeftOutView>,
    /// The billed entries that lost time to others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    entries: Vec<TakenEntry>,
    /// The differences from its preview.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Changed>,
    /// A warning before the next step.
    pub warnings: Vec<String>,
    /// The problem with it, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

/// The kind of document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum KindView {
    #[default]
    Invoice,
    CreditNote,
}

impl InvoiceView {
    /// Shows an issued invoice with what became of it.
    #[must_use]
    pub fn of_issued(issued: &Issued, standing: &Standing, today: NaiveDate) -> Self {
        let credited = |credit: &keeptab_core::invoice::CreditedBy| CreditedView {
            number: credit.number.clone(),
            lines: credit.lines.iter().map(|line| line + 1).collect(),
            gross: credit.gross,
        };
        Self {
            number: Some(issued.number().clone()),
            status: standing.status(issued).word(),
            overdue: standing.is_overdue(issued, today),
            paid: Some(standing.paid(issued)),
            owed: Some(standing.owed(issued)),
            credit: Some(standing.credit(issued)).filter(|credit| !credit.is_zero()),
            discount: WaivedView::of(issued, standing, PaymentKind::Discount),
            written_off: WaivedView::of(issued, standing, PaymentKind::WriteOff),
            grants: payment::grants(issued, standing, today),
            sent_on: standing.sent_on,
            payments: standing.payments.iter().map(PaymentView::from).collect(),
            credited_by: standing.credits.iter().map(credited).collect(),
            private_note: standing.note.clone(),
            ..Self::of_paper(&issued.paper())
        }
    }

    /// Shows a draft.
    #[must_use]
    pub fn of_draft(id: DraftId, paper: &Paper<'_>) -> Self {
        Self {
            draft: Some(id),
            ..Self::of_paper(paper)
        }
    }

    /// Shows a draft that cannot be computed, and why.
    #[must_use]
    pub fn of_empty_draft(id: DraftId, client: &str, trouble: String) -> Self {
        Self {
            draft: Some(id),
            status: "draft",
            client: client.to_owned(),
            client_name: client.to_owned(),
            trouble: Some(trouble),
            ..Self::default()
        }
    }

    fn of_paper(paper: &Paper<'_>) -> Self {
        let content = paper.content;
        let credited = content.kind.credited();
        let totals = &content.totals;
        Self {
            kind: if credited.is_some() {
                KindView::CreditNote
            } else {
                KindView::Invoice
            },
            credits: credited.map(|credited| credited.number.clone()),
            status: "draft",
            client: content.client.clone(),
            client_name: content.buyer.name.clone(),
            issue_date: Some(paper.issue_date),
            due_date: Some(paper.due_date),
            period: Some(content.period.into()),
            currency: Some(content.currency),
            lines: content.lines.iter().enumerate().map(LineView::of).collect(),
            by_day: content.grouping == Grouping::Day,
            allowances: content.allowances.iter().map(AllowanceView::from).collect(),
            line_total: Some(totals.lines),
            allowance_total: Some(totals.allowances),
            net_total: Some(totals.net),
            taxes: totals.taxes.iter().map(TaxView::from).collect(),
            tax_total: Some(totals.tax),
            home_tax: content.home_tax.as_ref().map(HomeTaxView::from),
            gross_total: Some(totals.gross),
            prepaid: Some(totals.prepaid),
            prepayments: payment::prepayments(content),
            due: Some(totals.due),
            buyer_reference: content.buyer_reference.clone(),
            order_reference: content.order_reference.clone(),
            contract_reference: content.contract_reference.clone(),
            project_reference: content.project_reference.clone(),
            supplier_number: content.supplier_number.clone(),
            notes: content.notes.clone(),
            ..Self::default()
        }
    }

    /// Adds the items that were added to it by hand.
    pub fn items(&mut self, items: &[ItemRow], time: usize) {
        let numbers = numbers(time, items.iter().map(|row| &row.item));
        let view = |(number, row): (usize, &ItemRow)| ItemView {
            number,
            item: row.item.clone(),
        };
        self.items = numbers.into_iter().zip(items).map(view).collect();
        self.items.sort_by_key(|item| item.number);
    }

    /// Returns true if it has a line that is no expense.
    #[must_use]
    pub fn has_work(&self) -> bool {
        self.lines.iter().any(|line| line.kind != LineKind::Expense)
    }

    /// Adds the items that it gave back to a draft, or the reason why it could not.
    pub fn given_back(&mut self, back: &GivenBack, refusal: Option<String>) {
        self.given_back = Some(GivenBackView {
            draft: Some(back.draft).filter(|_| refusal.is_none()),
            items: back.items.iter().map(|row| row.item.clone()).collect(),
            because: refusal,
        });
    }

    /// Returns the word that names it: its number, the draft, or else the client.
    #[must_use]
    pub fn which(&self) -> String {
        match (&self.number, self.draft) {
            (Some(number), _) => number.to_string(),
            (None, Some(draft)) => draft.0.to_string(),
            (None, None) => self.client.clone(),
        }
    }

    /// Returns its number, or the name of the draft.
    #[must_use]
    pub fn name(&self) -> String {
        match (&self.number, self.draft) {
            (Some(number), _) => number.to_string(),
            (None, Some(draft)) => format!("draft {}", draft.0),
            (None, None) => String::new(),
        }
    }

    /// Returns the client's name as printed on it.
    #[must_use]
    pub fn client_name(&self) -> &str {
        &self.client_name
    }

    /// Returns its currency.
    #[must_use]
    pub fn currency(&self) -> Option<Currency> {
        self.currency
    }

    /// Returns the civil day of issue; of a draft, today.
    #[must_use]
    pub fn issue_date(&self) -> Option<NaiveDate> {
        self.issue_date
    }

    /// Returns the sum to pay with its currency, such as `EUR 1178.10`.
    #[must_use]
    pub fn sum(&self) -> String {
        self.money(self.due)
    }

    /// Returns the amount owed with its currency; empty if nothing is owed.
    #[must_use]
    pub fn owed_sum(&self) -> String {
        self.money(self.owed.filter(|owed| !owed.is_zero()))
    }

    fn money(&self, amount: Option<Amount>) -> String {
        match (self.currency, amount) {
            (Some(currency), Some(amount)) => format!("{currency} {amount}"),
            _ => String::new(),
        }
    }

    /// Returns the amount that the client owes on it: the one figure in lists and sums. An amount owed to the client
    /// is credit, and reduces no other invoice by itself.
    #[must_use]
    pub fn open(&self) -> Option<Amount> {
        self.owed.filter(|owed| owed.value() > Decimal::ZERO)
    }

    /// Returns the client's credit from it, if any.
    #[must_use]
    pub fn credit(&self) -> Option<Amount> {
        self.credit
    }

    /// Returns true if an amount is owed, by either side.
    #[must_use]
    pub fn is_unpaid(&self) -> bool {
        self.owed.is_some_and(|owed| !owed.is_zero())
    }

    /// Returns whether it was sent.
    #[must_use]
    pub fn is_sent(&self) -> bool {
        self.sent_on.is_some()
    }

    /// Returns the note that only the user sees.
    #[must_use]
    pub fn private_note(&self) -> Option<&str> {
        self.private_note.as_deref()
    }

    /// Returns whether it is a credit note.
    #[must_use]
    pub fn is_credit_note(&self) -> bool {
        self.kind == KindView::CreditNote
    }

    /// Returns its state in a word, `overdue` first.
    #[must_use]
    pub fn state(&self) -> &'static str {
        if self.overdue { "overdue" } else { self.status }
    }
}
