//! *Invoices…*: look at one, send it, record a payment, cancel it.

use anyhow::{Context as _, Result, bail};
use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::invoice::{paper, settle};
use super::{Ask, Input, Item, Outcome, Pick};
use crate::engine::thread::Handle;
use crate::engine::{Command, Filter, InvoiceView, Reply, Sending};

/// Asks for an invoice or a draft, shows it, and asks what becomes of it.
///
/// # Errors
///
/// The engine's answer.
pub async fn invoices(ask: &impl Ask, engine: &Handle) -> Result<Option<Outcome>> {
    let Reply::Invoices(list) = engine.ask(Command::Invoices(Filter::default())).await? else {
        return Ok(None);
    };
    let item = |invoice: &InvoiceView| {
        let owed = if invoice.is_unpaid() && invoice.owed_sum() != invoice.sum() {
            format!(", {} owed", invoice.owed_sum())
        } else {
            String::new()
        };
        let reserves = invoice.told_reserves();
        let reserves = if reserves.is_empty() {
            String::new()
        } else {
            format!("  {reserves}")
        };
        Item {
            label: invoice.name(),
            detail: format!(
                "{}  {}  {}{owed}{reserves}",
                invoice.client,
                invoice.state(),
                invoice.sum()
            ),
            value: invoice.which(),
        }
    };
    let items: Vec<Item> = list.invoices().iter().rev().map(item).collect();
    if items.is_empty() {
        bail!("there are no invoices yet\nhint: *Create Invoice* makes the first");
    }
    let pick = Pick {
        title: "Which invoice?".into(),
        placeholder: "invoice".into(),
        items,
        ..Pick::default()
    };
    let Some(which) = ask.pick(pick).await else {
        return Ok(None);
    };
    let Reply::Invoice(view) = engine.ask(Command::Show { which }).await? else {
        return Ok(None);
    };
    if view.number.is_none() {
        return settle(ask, engine, *view).await;
    }
    act(ask, engine, &view).await
}

/// Asks what becomes of an issued invoice.
async fn act(ask: &impl Ask, engine: &Handle, view: &InvoiceView) -> Result<Option<Outcome>> {
    let Some(number) = view.number.clone() else {
        return Ok(None);
    };
    let choice = |label: String, detail: &str, value: &str| Item {
        label,
        detail: detail.into(),
        value: value.into(),
    };
    let mut items = vec![
        choice("Open".into(), "shows the document", "open"),
        choice("Send".into(), "opens a mail with it in your mail program", "send"),
    ];
    if !view.is_sent() {
        items.push(choice("Mark as sent".into(), "you sent it yourself", "sent"));
    }
    if view.is_unpaid() {
        let label = format!("Mark as paid: {}", view.owed_sum());
        items.push(choice(label, "all of it, or a part", "pay"));
    }
    if !view.is_credit_note() && view.status != "cancelled" {
        items.push(choice(
            "Cancel".into(),
            "by a credit note; what it bills can be billed again",
            "cancel",
        ));
        items.push(choice("Cancel, time stays billed".into(), "by a credit note", "keep"));
    }
    items.push(choice("Note".into(), "only you see it", "note"));
    let pick = Pick {
        title: view.to_string(),
        placeholder: "what about it?".into(),
        items,
        document: paper(view),
    };
    let command = match ask.pick(pick).await.as_deref() {
        Some("open") => {
            return Ok(Some(Outcome {
                open: view.files.first().cloned(),
                external: true,
                ..Outcome::of(view.to_string())
            }));
        }
        Some(how @ ("send" | "sent")) => Some(Command::Send {
            number,
            sending: if how == "send" { Sending::Open } else { Sending::Mark },
            date: None,
        }),
        Some("pay") => payment(ask, view).await?,
        Some(how @ ("cancel" | "keep")) => cancellation(ask, view, how == "keep").await,
        Some("note") => note(ask, view).await,
        _ => None,
    };
    let Some(command) = command else {
        return Ok(None);
    };
    let opens = matches!(command, Command::Cancel { .. });
    let reply = engine.ask(command).await?;
    let open = match &reply {
        Reply::Invoice(invoice) if opens => invoice.files.first().cloned(),
        _ => None,
    };
    Ok(Some(Outcome {
        open,
        external: true,
        ..Outcome::told(&reply)
    }))
}

/// Asks how much came in, and when.
async fn payment(ask: &impl Ask, view: &InvoiceView) -> Result<Option<Command>> {
    let (Some(number), Some(owed)) = (view.number.clone(), view.owed) else {
        return Ok(None);
    };
    let input = |title: &str, value: String, prompt: &str| Input {
        title: title.into(),
        value,
        prompt: prompt.into(),
    };
    let amount = input(
        "How much was paid?",
        owed.to_string(),
        "amount; below 0 where money went back",
    );
    let Some(amount) = ask.input(amount).await else {
        return Ok(None);
    };
    let number_of = |text: &str| Decimal::from_str_exact(text).ok();
    let amount = number_of(amount.trim()).context("that is no amount\nhint: write it with a point, such as 95.00")?;
    let Some(day) = ask
        .input(input("When?", String::new(), "day, as 2026-11-22; nothing is today"))
        .await
    else {
        return Ok(None);
    };
    let day = Some(day.trim()).filter(|day| !day.is_empty());
    let date: Option<NaiveDate> = day
        .map(str::parse)
        .transpose()
        .context("that is no day\nhint: write it as 2026-11-22")?;
    Ok(Some(Command::Pay {
        number,
        amount: Some(amount),
        date,
    }))
}

/// Asks for confirmation: a number that is given is never taken back.
async fn cancellation(ask: &impl Ask, view: &InvoiceView, keep: bool) -> Option<Command> {
    let number = view.number.clone()?;
    let choice = |label: String, detail: &str, value: &str| Item {
        label,
        detail: detail.into(),
        value: value.into(),
    };
    let time = if keep {
        "its time stays billed"
    } else {
        "what it bills can be billed again"
    };
    let pick = Pick {
        title: format!("Cancel {number} by a credit note?"),
        placeholder: "sure?".into(),
        items: vec![
            choice(format!("Cancel {number}"), time, "yes"),
            choice("Leave it".into(), "nothing happens", "no"),
        ],
        ..Pick::default()
    };
    let meant = ask.pick(pick).await.as_deref() == Some("yes");
    meant.then_some(Command::Cancel {
        number,
        lines: None,
        keep,
        date: None,
    })
}

async fn note(ask: &impl Ask, view: &InvoiceView) -> Option<Command> {
    let number = view.number.clone()?;
    let input = Input {
        title: format!("A note on {number}"),
        value: view.private_note().unwrap_or_default().to_owned(),
        prompt: "only you see it; nothing removes it".into(),
    };
    let note = Some(ask.input(input).await?);
    Some(Command::Annotate { number, note })
}
