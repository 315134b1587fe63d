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
use keeptab_engine::thread::Handle;
use keeptab_engine::{Engine, InvoiceView, Scope, SeveralDrafts};
use serde::Deserialize;

use super::{Ask, Item, Outcome, Pick};

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
    let drafted = match draft(engine, client.clone(), scope.clone()).await {
        Ok(drafted) => drafted,
        Err(error) => {
            if let Some(several) = error.downcast_ref::<SeveralDrafts>() {
                let Some(which) = pick_draft(ask, several).await else {
                    return Ok(None);
                };
                engine.ask(move |engine, now| engine.show(&which, now)).await?
            } else if let Some(BillingError::MixedCurrencies(currencies)) = error.downcast_ref() {
                let Some(currency) = pick_currency(ask, currencies.iter()).await else {
                    return Ok(None);
                };
                let selection = Selection::of_currency(currency);
                draft(engine, client, Scope { selection, ..scope }).await?
            } else {
                return Err(error);
            }
        }
    };
    settle(ask, engine, drafted).await
}

async fn draft(engine: &Handle, which: String, scope: Scope) -> Result<InvoiceView> {
    let draft = move |engine: &mut Engine, now| engine.draft(&which, &scope, None, None, now);
    engine.ask(draft).await
}

/// Asks for one of a client's open drafts.
pub(super) async fn pick_draft(ask: &impl Ask, several: &SeveralDrafts) -> Option<String> {
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
    let catalogue = engine.ask(Engine::catalogue).await?;
    let item = |client: &keeptab_engine::ClientRow| Item {
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
        draft = self::draft(engine, draft.client, scope).await?;
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
    Ok(Some(match picked {
        Some("issue") => {
            let issue = move |engine: &mut Engine, now| engine.issue(&which, &Scope::default(), None, now);
            let invoice = engine.ask(issue).await?;
            Outcome {
                open: invoice.files.first().cloned(),
                external: true,
                ..Outcome::told(invoice)
            }
        }
        Some("discard") => Outcome::told(engine.ask(move |engine, _| engine.discard(&which)).await?),
        _ => {
            let text = format!(
                "Kept as a draft for {}; `invoice discard` gives the time back.",
                draft.client
            );
            Outcome {
                open: draft.files.first().cloned(),
                external: true,
                ..Outcome::of(text)
            }
        }
    }))
}

/// Returns the PDF of an invoice or draft, if it was written.
pub(super) fn paper(view: &InvoiceView) -> Option<PathBuf> {
    let is_pdf = |file: &&PathBuf| file.extension().is_some_and(|extension| extension == "pdf");
    view.files.iter().find(is_pdf).cloned()
}
