//! *Create Invoice…*: client, preview, issue.

use anyhow::{Result, bail};
use keeptab_core::calendar::Week;
use keeptab_core::instant::Length;
use serde::Deserialize;

use super::{Ask, Item, Outcome, Pick};
use crate::engine::thread::Handle;
use crate::engine::{Command, InvoiceView, Reply};

/// What is known before the first question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// The client's id; asked for unless given.
    #[serde(default)]
    pub client: Option<String>,
    /// The week that is billed; all unbilled time up to now unless given.
    #[serde(default)]
    pub week: Option<Week>,
}

/// Asks for a client unless one is wanted, shows the draft, and issues it if the user says so.
///
/// # Errors
///
/// What the engine says.
pub async fn create_invoice(ask: &impl Ask, engine: &Handle, wanted: Wanted) -> Result<Option<Outcome>> {
    let client = match wanted.client {
        Some(client) => Some(client),
        None => pick_client(ask, engine).await?,
    };
    let Some(client) = client else {
        return Ok(None);
    };
    let draft = match wanted.week {
        Some(week) => Command::DraftWeek { client, week },
        None => Command::Draft {
            client,
            range: None,
            grouping: None,
        },
    };
    let Reply::Invoice(draft) = engine.ask(draft).await? else {
        return Ok(None);
    };
    settle(ask, engine, *draft).await
}

async fn pick_client(ask: &impl Ask, engine: &Handle) -> Result<Option<String>> {
    let Reply::Catalogue(catalogue) = engine.ask(Command::Catalogue).await? else {
        return Ok(None);
    };
    let item = |client: &crate::engine::ClientRow| Item {
        label: client.name.clone(),
        detail: format!("{} unbilled", Length::from_secs(client.unbilled_seconds)),
        value: client.id.clone(),
    };
    let items: Vec<Item> = catalogue.clients.iter().map(item).collect();
    if items.is_empty() {
        bail!("there is no client yet\nhint: add one with `keeptab client add`, or in keeptab.toml");
    }
    let pick = Pick {
        title: "Create an invoice for…".into(),
        placeholder: "client".into(),
        items,
    };
    Ok(ask.pick(pick).await)
}

/// Shows a draft and asks what becomes of it.
pub(super) async fn settle(ask: &impl Ask, engine: &Handle, draft: InvoiceView) -> Result<Option<Outcome>> {
    let which = draft.which();
    let choice = |label: String, detail: &str, value: &str| Item {
        label,
        detail: detail.into(),
        value: value.into(),
    };
    let mut items = vec![
        choice(
            "Keep as draft".into(),
            "holds the time until it is issued or discarded",
            "keep",
        ),
        choice("Discard".into(), "gives the time back", "discard"),
    ];
    // What is not right yet is said in the preview; it can be issued once it is mended.
    let ready = draft.trouble.is_none();
    if ready {
        let label = format!("Issue {}", draft.sum());
        items.insert(
            0,
            choice(label, "gives it its number; it cannot be changed then", "issue"),
        );
    }
    // The first line of what the shell prints is names and dates; here it is a title.
    let shown = draft.to_string();
    let rest = shown.split_once('\n').map_or("", |(_, rest)| rest);
    let pick = Pick {
        title: format!("Invoice for {}, {}\n{rest}", draft.client, draft.name()),
        placeholder: if ready { "issue it?" } else { "what about it?" }.into(),
        items,
    };
    let reply = match ask.pick(pick).await.as_deref() {
        Some("issue") => {
            let issue = Command::Issue {
                which,
                range: None,
                date: None,
            };
            engine.ask(issue).await?
        }
        Some("discard") => engine.ask(Command::Discard { which }).await?,
        _ => {
            let text = format!(
                "Kept as a draft for {}; `invoice discard` gives the time back.",
                draft.client
            );
            let open = draft.files.first().cloned();
            return Ok(Some(Outcome {
                text,
                open,
                external: true,
            }));
        }
    };
    let open = match &reply {
        Reply::Invoice(invoice) => invoice.files.first().cloned(),
        _ => None,
    };
    Ok(Some(Outcome {
        text: reply.to_string(),
        open,
        external: true,
    }))
}
