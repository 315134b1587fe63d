//! A payment of an invoice, the discount that it takes, and what is written off.

use anyhow::{Context as _, Result};
use chrono::NaiveDate;
use keeptab_core::instant::Instant;
use keeptab_core::invoice::{InvoiceNumber, Paying, PaymentKind};
use keeptab_core::money::number;
use keeptab_engine::thread::Handle;
use keeptab_engine::{Engine, InvoiceView};
use rust_decimal::Decimal;

use super::{Ask, Call, Input, Item, Outcome};

/// A step that is about money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Pay,
    Discount,
    WriteOff,
    UndoDiscount,
    UndoWriteOff,
}

const STEPS: [(Step, &str); 5] = [
    (Step::Pay, "pay"),
    (Step::Discount, "discount"),
    (Step::WriteOff, "write-off"),
    (Step::UndoDiscount, "undo-discount"),
    (Step::UndoWriteOff, "undo-write-off"),
];

impl Step {
    /// Returns the step that a choice names, if it is one about money.
    pub(super) fn of(value: &str) -> Option<Self> {
        STEPS.iter().find(|(_, name)| *name == value).map(|(step, _)| *step)
    }

    fn item(self, label: String, detail: String) -> Item {
        let value = STEPS
            .iter()
            .find(|(step, _)| *step == self)
            .map_or("", |(_, name)| name);
        Item {
            label,
            detail,
            value: value.into(),
        }
    }
}

/// Returns the steps that are open for an invoice.
pub(super) fn steps(view: &InvoiceView) -> Vec<Item> {
    let mut items = Vec::new();
    if view.is_unpaid() {
        let label = format!("Mark as paid: {}", view.owed_sum());
        items.push(Step::Pay.item(label, "all of it, or a part".into()));
    }
    if let Some((amount, until)) = view.granted() {
        let detail = format!("until {until}; the rest is marked as paid");
        items.push(Step::Discount.item(format!("Take the discount: {amount}"), detail));
    }
    if view.open().is_some() {
        let label = format!("Write off: {}", view.owed_sum());
        items.push(Step::WriteOff.item(label, "closes the invoice without it".into()));
    }
    let back = |step: Step, what: &str, sum: Option<(_, _)>| {
        let (currency, amount): (keeptab_core::money::Currency, keeptab_core::money::Amount) = sum?;
        let label = format!("Take back the {what}: {currency} {amount}");
        Some(step.item(label, "the client owes it again".into()))
    };
    items.extend(back(Step::UndoDiscount, "discount", view.discounted()));
    items.extend(back(Step::UndoWriteOff, "write-off", view.written_off()));
    items
}

/// Asks what a step needs, and does it.
pub(super) async fn take(
    ask: &impl Ask,
    engine: &Handle,
    view: &InvoiceView,
    (step, number): (Step, InvoiceNumber),
) -> Result<Option<Outcome>> {
    let paying = match step {
        Step::Pay => {
            let Some(amount) = amount(ask, view).await? else {
                return Ok(None);
            };
            Paying::of(Some(amount))
        }
        Step::Discount => Paying {
            takes_discount: true,
            ..Paying::default()
        },
        Step::WriteOff => {
            let prompt = "Why it is not paid, such as bank fees";
            let Some(reason) = ask.input(input("Write it off?", String::new(), prompt)).await else {
                return Ok(None);
            };
            Paying {
                write_off: Some(reason),
                ..Paying::default()
            }
        }
        Step::UndoDiscount | Step::UndoWriteOff => {
            let kind = if step == Step::UndoDiscount {
                PaymentKind::Discount
            } else {
                PaymentKind::WriteOff
            };
            let back = move |engine: &mut Engine, now| engine.take_back(&number, kind, None, now);
            return Ok(Some(Outcome::told(engine.ask(back).await?)));
        }
    };
    let date = if step == Step::WriteOff {
        None
    } else {
        match day(ask).await? {
            Some(date) => date,
            None => return Ok(None),
        }
    };
    let pay = move |engine: &mut Engine, paying: &Paying, now: Instant| engine.pay(&number, paying, date, now);
    made(ask, engine, Call::of_payment(paying, pay)).await
}

/// Makes a call. If its error asks something, asks the user and makes the call that follows.
async fn made(ask: &impl Ask, engine: &Handle, mut call: Call) -> Result<Option<Outcome>> {
    let again = call.take_again();
    let error = match call.ask(engine).await {
        Ok(answer) => return Ok(Some(Outcome::told(answer))),
        Err(error) => error,
    };
    let Some(again) = again.filter(|again| again.is_asked_by(&error)) else {
        return Err(error);
    };
    match again.ask(ask, &error).await {
        Some(call) => Ok(Some(Outcome::told(call.ask(engine).await?))),
        None => Ok(None),
    }
}

fn input(title: &str, value: String, prompt: &str) -> Input {
    Input {
        title: title.into(),
        value,
        prompt: prompt.into(),
    }
}

/// Asks how much came in.
async fn amount(ask: &impl Ask, view: &InvoiceView) -> Result<Option<Decimal>> {
    let owed = view.owed.map(|owed| owed.to_string()).unwrap_or_default();
    let prompt = "Amount; below 0 where money went back";
    let Some(text) = ask.input(input("How much was paid?", owed, prompt)).await else {
        return Ok(None);
    };
    Ok(Some(number(&text)?))
}

/// Asks when; the inner `None` is today.
async fn day(ask: &impl Ask) -> Result<Option<Option<NaiveDate>>> {
    let prompt = "Day, as 2026-11-22; nothing is today";
    let Some(day) = ask.input(input("When?", String::new(), prompt)).await else {
        return Ok(None);
    };
    let day = Some(day.trim()).filter(|day| !day.is_empty());
    let day = day.map(str::parse).transpose();
    Ok(Some(day.context("that is no day\nhint: write it as 2026-11-22")?))
}
