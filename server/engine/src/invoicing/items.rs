//! Items that are added to a draft by hand: fees, expenses, discounts, advances, notes.

use std::fmt::Write as _;

use anyhow::{Context as _, Result, bail};
use keeptab_core::instant::Instant;
use keeptab_core::invoice::{Content, Covers, DiscountError, DraftId, Item, Reduction, numbers};
use keeptab_store::{DraftRow, GivenBack};
use rust_decimal::Decimal;

use super::compute::{Wanted, project_of};
use super::scope::told;
use super::view::InvoiceView;
use super::{Which, no_business, no_draft, parse_which};
use crate::Engine;

impl Engine {
    /// Adds an item to a draft, or to a new one of a client without a draft.
    ///
    /// # Errors
    ///
    /// If the draft or the client is unknown, the amount is invalid, or the store cannot be written.
    pub fn add_item(&mut self, which: &str, item: &Item, now: Instant) -> Result<InvoiceView> {
        check(item)?;
        let (draft, made) = match parse_which(which) {
            Which::Client(client) => self.draft_for(&client, item, now)?,
            _ => (self.find_draft(which)?.id, false),
        };
        let id = self.store.add_item(draft, item)?;
        let shown = self.show(&draft.0.to_string(), now).and_then(|view| {
            let covers_work = matches!(item, Item::Discount(discount) if discount.covers == Covers::Work);
            if covers_work && !view.has_work() {
                bail!(DiscountError::NoLine);
            }
            Ok(view)
        });
        if made {
            let shown = shown.and_then(|view| self.credited(draft, view, now));
            return self.kept(draft, shown);
        }
        // An item that cannot be billed is not kept.
        shown.or_else(|error| self.store.remove_item(draft, id).and(Err(error)))
    }

    /// Returns the client's open draft that can hold an item, or a new one, and true if it is new.
    fn draft_for(&mut self, client: &str, item: &Item, now: Instant) -> Result<(DraftId, bool)> {
        let config = &self.config;
        config.business.as_ref().with_context(no_business)?;
        let known = config.clients.get(client).with_context(|| no_draft(client))?;
        let project = match item {
            Item::Charge(charge) => charge.project.as_ref(),
            _ => None,
        };
        let project = project.map(|id| project_of(config, client, id)).transpose()?;
        let currency = project.map_or(known.currency, |project| project.terms.currency);
        let drafts = self.drafts_of(client)?;
        let is_charge = matches!(item, Item::Charge(_));
        let holds = |draft: &&DraftRow| !is_charge || item.fits(&draft.reserves.selection, currency);
        let holding: Vec<DraftRow> = drafts.iter().filter(holds).cloned().collect();
        if let Some(draft) = self.only(client, holding)? {
            return Ok((draft.id, false));
        }
        let reserves = self.for_fees(client, currency, now)?;
        if let Some(other) = drafts.iter().find(|draft| draft.reserves.meets(&reserves)) {
            let (id, told) = (other.id.0, told(&other.reserves, &config.calendar));
            anyhow::bail!(
                "draft {id} of {client} ({told}) does not hold it by itself\nhint: name the draft to put it there: `keeptab invoice item add {id} …`"
            );
        }
        Ok((self.store.add_draft(&reserves, now)?, true))
    }

    /// Removes items that a credit note gave back from their draft if it could not be billed with them, and returns
    /// the reason.
    pub(super) fn refusal(&mut self, back: &GivenBack, now: Instant) -> Result<Option<String>> {
        let draft = self.find_draft(&back.draft.0.to_string())?;
        let items = self.store.items(draft.id)?;
        let Err(error) = self.compute(&Wanted::of(&draft, &items), now) else {
            return Ok(None);
        };
        if back.made {
            self.store.discard_draft(draft.id)?;
        } else {
            for item in &back.items {
                self.store.remove_item(draft.id, item.id)?;
            }
        }
        Ok(Some(error.to_string()))
    }

    /// Describes the drafts that can no longer be billed, with the way to discard them.
    pub(crate) fn emptied_drafts(&mut self, now: Instant) -> Result<String> {
        let mut said = String::new();
        for draft in self.store.drafts()? {
            let items = self.store.items(draft.id)?;
            if self.compute(&Wanted::of(&draft, &items), now).is_err() {
                let (id, client) = (draft.id.0, &draft.reserves.client);
                let _ = write!(
                    said,
                    "\ndraft {id} of {client} has nothing to bill now\nhint: `keeptab invoice discard {id}` gives its range back"
                );
            }
        }
        Ok(said)
    }

    /// Removes an item that was added by hand, by its number on the draft as it was shown last.
    ///
    /// # Errors
    ///
    /// If there is no such draft or item, or the store cannot be written.
    pub fn remove_item(&mut self, which: &str, number: usize, now: Instant) -> Result<InvoiceView> {
        let draft = self.find_draft(which)?;
        let items = self.store.items(draft.id)?;
        // Time that came in since then does not change the numbers that the user sees.
        let shown = match self.store.preview(draft.id)? {
            Some(content) => Ok(content),
            None => self
                .compute(&Wanted::of(&draft, &items), now)
                .map(|computed| computed.content),
        };
        let time = shown.as_ref().map_or(0, time_lines);
        let numbers = numbers(time, items.iter().map(|row| &row.item));
        let Some(place) = numbers.iter().position(|known| *known == number) else {
            let id = draft.id.0;
            if (1..=time).contains(&number) {
                bail!(
                    "line {number} is time, and no item\nhint: `keeptab review` changes time; `keeptab invoice show {id}` numbers the items"
                );
            }
            bail!("draft {id} has no item {number}\nhint: `keeptab invoice show {id}` numbers them");
        };
        self.store.remove_item(draft.id, items[place].id)?;
        self.show(&draft.id.0.to_string(), now)
    }
}

/// Returns the number of lines of time: what an item is numbered behind.
pub(super) fn time_lines(content: &Content) -> usize {
    let charges = content.items.iter().filter(|item| item.is_line()).count();
    content.lines.len().saturating_sub(charges)
}

/// Refuses values that an invoice cannot have.
fn check(item: &Item) -> Result<()> {
    let above = |value: Decimal, what: &str| {
        let fits = value > Decimal::ZERO && value <= Decimal::from(1_000_000_000);
        fits.then_some(())
            .with_context(|| format!("{what} of {value} cannot be right\nhint: it is more than 0"))
    };
    let said = |text: &str, what: &str| {
        let empty = text.trim().is_empty();
        (!empty)
            .then_some(())
            .with_context(|| format!("{what} is empty\nhint: say what it is for"))
    };
    match item {
        Item::Charge(charge) => {
            said(&charge.description, "the description")?;
            above(charge.quantity, "a quantity")?;
            if charge.quantity.scale() > 4 {
                anyhow::bail!(
                    "a quantity of {} cannot be right\nhint: it has four decimals at most",
                    charge.quantity
                );
            }
            Ok(())
        }
        Item::Discount(discount) => {
            said(&discount.reason, "the reason")?;
            match discount.of {
                Reduction::Percent(percent) if percent > Decimal::ONE_HUNDRED || percent.scale() > 4 => {
                    anyhow::bail!(
                        "{percent}% cannot be taken off\nhint: a discount is up to 100%, with four decimals at most"
                    )
                }
                Reduction::Percent(value) | Reduction::Amount(value) => above(value, "a discount"),
            }
        }
        Item::Prepaid(amount) => above(*amount, "an advance"),
        Item::Credit(credit) => above(credit.amount, "a credit"),
        // Its text was checked when it was read.
        Item::Exchange(_) => Ok(()),
        Item::Note(text) => said(text, "the note"),
    }
}
