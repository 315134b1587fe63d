//! *Create Invoice…*: client, preview, issue.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Result, bail};
use keeptab_core::billing::BillingError;
use keeptab_core::calendar::{Range, Week};
use keeptab_core::instant::Length;
use keeptab_core::invoice::Selection;
use keeptab_core::money::Currency;
use keeptab_core::rule::ProjectId;
use serde::Deserialize;

use super::{Ask, Item, Outcome, Pick};
use crate::engine::thread::Handle;
use crate::engine::{Command, InvoiceView, Reply, Scope, SeveralDrafts};

/// The values that are known before the first question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// The client's id; asked for unless given.
    #[serde(default)]
    pub client: Option<String>,
    /// The week that is billed; all unbilled time up to now unless given.
    #[serde(default)]
    pub week: Option<Week>,
    /// The projects that are billed; all unless given.
    #[serde(default)]
    pub projects: Option<BTreeSet<ProjectId>>,
    /// The currency that is billed; asked for if there are several.
    #[serde(default)]
    pub currency: Option<Currency>,
}

/// Asks for a client unless one is given, shows the draft, and issues it if the user confirms.
///
/// # Errors
///
/// If the engine returns an error.
pub async fn create_invoice(ask: &impl Ask, engine: &Handle, wanted: Wanted) -> Result<Option<Outcome>> {
    let client = match wanted.client {
        Some(client) => Some(client),
        None => pick_client(ask, engine).await?,
    };
    let Some(client) = client else {
        return Ok(None);
    };
    let scope = Scope {
        range: wanted.week.map(Range::Week),
        selection: Selection {
            projects: wanted.projects,
            currency: wanted.currency,
        },
    };
    let drafted = match engine.ask(draft(client.clone(), scope.clone())).await {
        Ok(reply) => Some(reply),
        Err(error) => {
            let command = if let Some(several) = error.downcast_ref::<SeveralDrafts>() {
                pick_draft(ask, several).await.map(|which| Command::Show { which })
            } else if let Some(BillingError::MixedCurrencies(currencies)) = error.downcast_ref() {
                let picked = pick_currency(ask, currencies.iter()).await;
                picked.map(|currency| {
                    draft(
                        client,
                        Scope {
                            selection: Selection::of_currency(currency),
                            ..scope
                        },
                    )
                })
            } else {
                return Err(error);
            };
            match command {
                Some(command) => Some(engine.ask(command).await?),
                None => None,
            }
        }
    };
    let Some(Reply::Invoice(draft)) = drafted else {
        return Ok(None);
    };
    settle(ask, engine, *draft).await
}

fn draft(which: String, scope: Scope) -> Command {
    Command::Draft {
        which,
        scope,
        grouping: None,
        date: None,
    }
}

/// Asks for one of a client's open drafts.
pub async fn pick_draft(ask: &impl Ask, several: &SeveralDrafts) -> Option<String> {
    let item = |(id, reserves): &(keeptab_core::invoice::DraftId, String)| Item {
        label: format!("draft {}", id.0),
        detail: reserves.clone(),
        value: id.0.to_string(),
    };
    let pick = Pick {
        title: format!("Which draft of {}?", several.client),
        placeholder: "draft".into(),
        items: several.drafts.iter().map(item).collect(),
        ..Pick::default()
    };
    ask.pick(pick).await
}

async fn pick_currency(
    ask: &impl Ask,
    currencies: impl Iterator<Item = (&Currency, &BTreeSet<ProjectId>)>,
) -> Option<Currency> {
    let item = |(currency, projects): (&Currency, &BTreeSet<ProjectId>)| {
        let projects: Vec<&str> = projects.iter().map(ProjectId::as_str).collect();
        Item {
            label: currency.to_string(),
            detail: projects.join(", "),
            value: currency.to_string(),
        }
    };
    let pick = Pick {
        title: "One invoice has one currency. Which?".into(),
        placeholder: "currency".into(),
        items: currencies.map(item).collect(),
        ..Pick::default()
    };
    ask.pick(pick).await?.parse().ok()
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
        ..Pick::default()
    };
    Ok(ask.pick(pick).await)
}

/// Shows a draft and asks what becomes of it. Time in another currency can be drafted next, as often as there is any.
pub(super) async fn settle(ask: &impl Ask, engine: &Handle, draft: InvoiceView) -> Result<Option<Outcome>> {
    let mut draft = draft;
    loop {
        let picked = ask.pick(choices(&draft)).await;
        let other = picked.as_deref().and_then(|value| value.parse::<Currency>().ok());
        let Some(currency) = other else {
            return settled(engine, &draft, picked.as_deref()).await;
        };
        let scope = Scope {
            range: draft.range(),
            selection: Selection::of_currency(currency),
        };
        let Reply::Invoice(next) = engine.ask(self::draft(draft.client, scope)).await? else {
            return Ok(None);
        };
        draft = *next;
    }
}

/// Returns the next steps for a draft.
fn choices(draft: &InvoiceView) -> Pick {
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
    // The preview names what is missing; the draft can be issued once that is fixed.
    let ready = draft.trouble.is_none();
    if ready {
        let label = format!("Issue {}", draft.sum());
        items.insert(
            0,
            choice(label, "gives it its number; it cannot be changed then", "issue"),
        );
    }
    for currency in draft.other_currencies() {
        let label = format!("Draft the time in {currency}");
        items.push(choice(label, "a draft of its own; this one stays", currency.code()));
    }
    // The shell's first line has names and dates; here the title has them.
    let shown = draft.to_string();
    let rest = shown.split_once('\n').map_or("", |(_, rest)| rest);
    Pick {
        title: format!("Invoice for {}, {}\n{rest}", draft.client, draft.name()),
        placeholder: if ready { "issue it?" } else { "what about it?" }.into(),
        items,
        document: paper(draft),
    }
}

async fn settled(engine: &Handle, draft: &InvoiceView, picked: Option<&str>) -> Result<Option<Outcome>> {
    let which = draft.which();
    let reply = match picked {
        Some("issue") => {
            let issue = Command::Issue {
                which,
                scope: Scope::default(),
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
                open,
                external: true,
                ..Outcome::of(text)
            }));
        }
    };
    let open = match &reply {
        Reply::Invoice(invoice) => invoice.files.first().cloned(),
        _ => None,
    };
    Ok(Some(Outcome {
        open,
        external: true,
        ..Outcome::told(&reply)
    }))
}

/// Returns the PDF of an invoice or draft, if it was written.
pub(super) fn paper(view: &InvoiceView) -> Option<PathBuf> {
    let is_pdf = |file: &&PathBuf| file.extension().is_some_and(|extension| extension == "pdf");
    view.files.iter().find(is_pdf).cloned()
}
