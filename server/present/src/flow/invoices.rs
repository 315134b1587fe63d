//! *Invoices…*: look at one, send it, record a payment, cancel it.

use anyhow::{Result, bail};
use keeptab_core::invoice::InvoiceNumber;
use keeptab_engine::thread::Handle;
use keeptab_engine::{Engine, Filter, InvoiceView, Sending};

use super::invoice::{paper, settle};
use super::{Ask, Input, Item, Outcome, Pick, payment};

/// Asks for an invoice or a draft unless one is named, shows it, and asks what becomes of it.
///
/// # Errors
///
/// The engine's answer.
pub async fn invoices(ask: &impl Ask, engine: &Handle, named: Option<String>) -> Result<Option<Outcome>> {
    let which = match named {
        Some(named) => Some(named),
        None => pick_invoice(ask, engine).await?,
    };
    let Some(which) = which else {
        return Ok(None);
    };
    let view = engine.ask(move |engine, now| engine.show(&which, now)).await?;
    match view.number.clone() {
        Some(number) => act(ask, engine, &view, number).await,
        None => settle(ask, engine, view).await,
    }
}

async fn pick_invoice(ask: &impl Ask, engine: &Handle) -> Result<Option<String>> {
    let list = |engine: &mut Engine, now| engine.invoices(&Filter::default(), now);
    let list = engine.ask(list).await?;
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
    Ok(ask.pick(pick).await)
}

/// Asks what becomes of an issued invoice.
async fn act(ask: &impl Ask, engine: &Handle, view: &InvoiceView, number: InvoiceNumber) -> Result<Option<Outcome>> {
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
    items.extend(payment::steps(view));
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
    let mut opens = false;
    let invoice = match ask.pick(pick).await.as_deref() {
        Some("open") => {
            return Ok(Some(Outcome {
                open: view.files.first().cloned(),
                external: true,
                ..Outcome::of(view.to_string())
            }));
        }
        Some(how @ ("send" | "sent")) => {
            let sending = if how == "send" { Sending::Open } else { Sending::Mark };
            let send = move |engine: &mut Engine, now| engine.send(&number, sending, None, now);
            engine.ask(send).await?
        }
        Some(how @ ("cancel" | "keep")) => {
            let keep = how == "keep";
            if !is_to_cancel(ask, &number, keep).await {
                return Ok(None);
            }
            opens = true;
            let cancel = move |engine: &mut Engine, now| engine.cancel(&number, None, keep, None, None, now);
            engine.ask(cancel).await?
        }
        Some("note") => {
            let Some(note) = note(ask, view, &number).await else {
                return Ok(None);
            };
            let annotate = move |engine: &mut Engine, now| engine.annotate(&number, Some(&note), now);
            engine.ask(annotate).await?
        }
        Some(other) => {
            return match payment::Step::of(other) {
                Some(step) => payment::take(ask, engine, view, (step, number)).await,
                None => Ok(None),
            };
        }
        None => return Ok(None),
    };
    Ok(Some(Outcome {
        open: invoice.files.first().filter(|_| opens).cloned(),
        external: true,
        ..Outcome::told(invoice)
    }))
}

/// Asks for confirmation: a number that is given is never taken back.
pub async fn is_to_cancel(ask: &impl Ask, number: &InvoiceNumber, keep: bool) -> bool {
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
            choice("Leave it".into(), "nothing happens", "no"),
            choice(format!("Cancel {number}"), time, "yes"),
        ],
        ..Pick::default()
    };
    ask.pick(pick).await.as_deref() == Some("yes")
}

async fn note(ask: &impl Ask, view: &InvoiceView, number: &InvoiceNumber) -> Option<String> {
    let input = Input {
        title: format!("A note on {number}"),
        value: view.private_note().unwrap_or_default().to_owned(),
        prompt: "Only you see it; nothing removes it".into(),
    };
    ask.input(input).await
}
