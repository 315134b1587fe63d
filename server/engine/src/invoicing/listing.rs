//! All invoices and drafts, or some of them.

use anyhow::Result;
use keeptab_core::calendar::Month;
use keeptab_core::instant::Instant;
use keeptab_core::plain;

use super::compute::Wanted;
use super::items::time_lines;
use super::view::{InvoiceList, InvoiceView};
use crate::Engine;

/// A filter on invoices; the default lets all pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those of this client.
    pub client: Option<String>,
    /// Only those in this state.
    pub state: Option<State>,
    /// Only those issued in this month.
    pub month: Option<Month>,
    /// Only those past their due date.
    pub overdue: bool,
    /// Only those with an amount owed.
    pub unpaid: bool,
}

/// The state of an invoice or a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Not issued.
    Draft,
    /// Issued with a number.
    Issued,
    /// Sent.
    Sent,
    /// Partly paid.
    PartPaid,
    /// Fully paid or credited.
    Paid,
    /// More was written off than paid.
    WrittenOff,
    /// Credit notes took back all of it.
    Cancelled,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Issued => "issued",
            Self::Sent => "sent",
            Self::PartPaid => "part-paid",
            Self::Paid => "paid",
            Self::WrittenOff => "written-off",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Filter {
    /// Returns whether an invoice or draft is wanted.
    pub(super) fn takes(&self, view: &InvoiceView) -> bool {
        let of_month = |month: &Month| view.issue_date().is_some_and(|day| Month::of(day) == *month);
        self.client.as_ref().is_none_or(|client| *client == view.client)
            && self.state.is_none_or(|state| state.word() == view.status)
            && self.month.as_ref().is_none_or(of_month)
            && (!self.overdue || view.overdue)
            && (!self.unpaid || view.is_unpaid())
    }
}

impl Engine {
    /// Returns invoices, credit notes and drafts.
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    pub fn invoices(&mut self, filter: &Filter, now: Instant) -> Result<InvoiceList> {
        let today = self.config.calendar.day_of(now);
        let mut views = Vec::new();
        for row in self.store.invoices()? {
            views.push(InvoiceView::of_issued(&row.invoice, &row.standing, today));
        }
        for draft in self.store.drafts()? {
            let items = self.store.items(draft.id)?;
            match self.compute(&Wanted::of(&draft, &items), now) {
                Ok(computed) => {
                    let mut view = self.drafted(&draft, &items, &computed, today);
                    // The numbers by which `item remove` takes them: those of the draft as it was shown last.
                    if let Some(preview) = self.store.preview(draft.id)? {
                        view.items(&items, time_lines(&preview));
                    }
                    views.push(view);
                }
                // An emptied draft still holds its range, and can still be discarded.
                Err(error) => {
                    let mut view = InvoiceView::of_empty_draft(draft.id, &draft.reserves.client, format!("{error:#}"));
                    view.reserves(&draft.reserves, &self.config.calendar);
                    views.push(view);
                }
            }
        }
        let is_empty = views.is_empty();
        views.retain(|view| filter.takes(view));
        let none = if is_empty {
            format!("No invoice has been made yet.\nhint: {}", self.first_step())
        } else {
            "No invoice is like that.\nhint: `keeptab invoice list` shows all".to_owned()
        };
        Ok(InvoiceList::new(views, none))
    }

    /// Returns the next step towards the first invoice.
    fn first_step(&self) -> String {
        let clients: Vec<&str> = self.config.clients.keys().map(String::as_str).collect();
        match &*clients {
            _ if self.config.business.is_none() => "`keeptab init` asks what an invoice needs".to_owned(),
            [] => "`keeptab client add` names whom to bill".to_owned(),
            [client] => format!(
                "`keeptab invoice draft {}` shows what can be billed",
                plain::shell(client)
            ),
            clients => format!(
                "`keeptab invoice draft CLIENT` shows what can be billed; clients are {}",
                clients.join(", ")
            ),
        }
    }
}
