//! A client's credit: the next draft takes it as an advance payment.

use anyhow::Result;
use keeptab_core::instant::Instant;
use keeptab_core::invoice::{Credit, DraftId, Item, Totals};
use keeptab_core::money::{Amount, Currency};
use keeptab_store::ItemRow;

use super::compute::{Computed, Wanted};
use super::view::InvoiceView;
use crate::Engine;

impl Engine {
    /// Puts the client's credit on a draft that was just made.
    pub(super) fn credited(&mut self, draft: DraftId, view: InvoiceView, now: Instant) -> Result<InvoiceView> {
        let Some(currency) = view.currency() else {
            return Ok(view);
        };
        if self.store.take_credit(draft, &view.client, currency)? {
            return self.show(&draft.0.to_string(), now);
        }
        Ok(view)
    }

    /// Puts the client's credit on the oldest draft of the client in that currency, and returns it.
    pub(super) fn credit_to_draft(
        &mut self,
        client: &str,
        currency: Currency,
        now: Instant,
    ) -> Result<Option<DraftId>> {
        for draft in self.drafts_of(client)? {
            let items = self.store.items(draft.id)?;
            let computed = self.compute(&Wanted::of(&draft, &items), now);
            if computed.is_ok_and(|computed| computed.content.currency == currency) {
                self.store.take_credit(draft.id, client, currency)?;
                return Ok(Some(draft.id));
            }
        }
        Ok(None)
    }

    /// Returns the invoice without a draft as it would be issued, with the client's credit.
    pub(super) fn compute_with_credit(&mut self, wanted: Wanted<'_>, now: Instant) -> Result<Computed> {
        let computed = self.compute(&wanted, now)?;
        let items = self.store.free_credit(&wanted.of.client, computed.content.currency)?;
        if items.is_empty() {
            return Ok(computed);
        }
        let items: Vec<ItemRow> = items.into_iter().map(|item| ItemRow { id: 0, item }).collect();
        let items = &items[..];
        self.compute(&Wanted { items, ..wanted }, now)
    }

    /// Returns the items added by hand, with the part of each credit that is left and usable. Credits without a usable
    /// part are left out.
    pub(super) fn with_credit(&self, items: &[ItemRow], totals: &Totals, currency: Currency) -> Result<Vec<Item>> {
        let zero = Amount::zero(currency);
        let (mut left, mut with) = (totals.due, Vec::new());
        for ItemRow { item, .. } in items {
            let Item::Credit(credit) = item else {
                with.push(item.clone());
                continue;
            };
            let row = self.store.invoice(&credit.of)?;
            let mut there = row.standing.credit(&row.invoice);
            if row.invoice.content().currency != currency {
                there = zero;
            }
            let used = used(&with, Some(credit), currency);
            let amount = Amount::rounded(credit.amount, currency).min(there - used).min(left);
            if amount > zero {
                left = left - amount;
                with.push(Item::Credit(Credit {
                    of: credit.of.clone(),
                    amount: amount.value(),
                }));
            }
        }
        Ok(with)
    }
}

/// Returns how much credit items use, of one invoice or of all.
pub(super) fn used(items: &[Item], of: Option<&Credit>, currency: Currency) -> Amount {
    let amounts = items.iter().filter_map(|item| match item {
        Item::Credit(credit) if of.is_none_or(|of| of.of == credit.of) => Some(credit.amount),
        _ => None,
    });
    Amount::rounded(amounts.sum(), currency)
}
