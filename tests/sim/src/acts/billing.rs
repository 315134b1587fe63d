//! Drafts, invoices, payments and credit notes.

use anyhow::{Context as _, Result};
use keeptab_core::invoice::{InvoiceNumber, Paying};
use keeptab_engine::{InvoiceView, Scope, Sending};
use rust_decimal::Decimal;

use super::CLIENTS;
use crate::world::{Answer, World};

fn client(nth: u8) -> &'static str {
    CLIENTS[usize::from(nth) % CLIENTS.len()]
}

impl World {
    fn invoice(&mut self, host: u8, nth: u8) -> Result<InvoiceNumber> {
        let rows = self.host(host)?.store().invoices()?;
        let row = rows
            .get(usize::from(nth) % rows.len().max(1))
            .context("there is no invoice")?;
        Ok(row.invoice.number().clone())
    }

    /// Returns the answer with an issued document. Nobody may learn of a failure and have the document all the same.
    fn issued(&mut self, made: Result<InvoiceView>) -> Answer {
        if self.disk.seen().is_dead {
            return Answer::refused("killed");
        }
        match made {
            Ok(view) => {
                self.figures.invoices += 1;
                let number = view.number.as_ref().map(ToString::to_string).unwrap_or_default();
                let words = format!("{} {}", view.name(), view.sum());
                Answer::done(words).promises([format!("number {number}")])
            }
            Err(error) => {
                let mut answer = self.refused(&error);
                let present = self.contents().unwrap_or_default();
                if let Some(number) = present.numbers.difference(&self.last.numbers).next() {
                    answer.broken = Some(format!("{number} was issued, and the user was told: {error:#}"));
                }
                answer
            }
        }
    }

    fn viewed(&mut self, view: Result<InvoiceView>) -> Answer {
        match view {
            Ok(_) if self.disk.seen().is_dead => Answer::refused("killed"),
            Ok(view) => Answer::done(format!("{} {}", view.name(), view.sum())),
            Err(error) => self.refused(&error),
        }
    }

    pub(super) fn draft(&mut self, host: u8, nth: u8) -> Answer {
        let view = self.ask(host, |engine, now| {
            engine.draft(client(nth), &Scope::default(), None, None, now)
        });
        self.viewed(view)
    }

    pub(super) fn discard(&mut self, host: u8, nth: u8) -> Answer {
        match self.ask(host, |engine, _| engine.discard(client(nth))) {
            Ok(done) => Answer::done(done.summary),
            Err(error) => self.refused(&error),
        }
    }

    pub(super) fn issue(&mut self, host: u8, nth: u8) -> Answer {
        let made = self.ask(host, |engine, now| {
            engine.issue(client(nth), &Scope::default(), None, now)
        });
        self.issued(made)
    }

    pub(super) fn send(&mut self, host: u8, nth: u8) -> Answer {
        let view = self
            .invoice(host, nth)
            .and_then(|number| self.ask(host, |engine, now| engine.send(&number, Sending::Mark, None, now)));
        self.viewed(view)
    }

    pub(super) fn pay(&mut self, host: u8, nth: u8, percent: u8) -> Answer {
        let payments = self.payments();
        let paid = self.invoice(host, nth).and_then(|number| {
            let amount = (percent < 100).then(|| Decimal::new(i64::from(percent) * 17, 1));
            self.ask(host, |engine, now| engine.pay(&number, &Paying::of(amount), None, now))
        });
        let mut answer = self.viewed(paid);
        let after = self
            .contents()
            .map_or(payments, |contents| payments_in(&contents.ledger));
        if answer.is_done && after == payments {
            answer.broken = Some("a payment was acknowledged and is not there".to_owned());
        }
        if !answer.is_done && after != payments && !self.disk.seen().is_dead {
            answer.broken = Some(format!("a payment was refused and is there: {}", answer.words));
        }
        answer
    }

    fn payments(&self) -> usize {
        payments_in(&self.last.ledger)
    }

    pub(super) fn cancel(&mut self, host: u8, nth: u8, is_partial: bool, keeps: bool) -> Answer {
        let made = self.invoice(host, nth).and_then(|number| {
            let lines = is_partial.then(|| vec![0]);
            self.ask(host, |engine, now| {
                engine.cancel(&number, lines, keeps, None, None, now)
            })
        });
        self.issued(made)
    }

    pub(super) fn numbers(&mut self, host: u8, next: u8) -> Answer {
        match self.ask(host, |engine, now| engine.start_numbers(None, Some(next.into()), now)) {
            Ok(done) if !self.disk.seen().is_dead => Answer::done(done.summary),
            Ok(_) => Answer::refused("killed"),
            Err(error) => self.refused(&error),
        }
    }
}

fn payments_in(ledger: &crate::rows::Rows) -> usize {
    ledger.keys().filter(|key| key.starts_with("payment ")).count()
}
