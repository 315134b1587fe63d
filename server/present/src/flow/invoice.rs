//! *Create Invoice…*: client, preview, issue.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::Result;
use keeptab_core::billing::BillingError;
use keeptab_core::calendar::{Range, Week};
use keeptab_core::instant::Length;
use keeptab_core::invoice::Selection;
use keeptab_core::money::Currency;
use keeptab_core::rule::ProjectId;
use keeptab_engine::thread::Handle;
use keeptab_engine::{ClientRow, Engine, InvoiceView, Scope, SeveralDrafts};
use serde::Deserialize;

use super::added;
use super::period::pick_scope;
use super::{Ask, Item, Next, Outcome, Pick};

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
    let named = Scope {
        range: wanted.week.map(Range::Week),
        selection: Selection {
            projects: wanted.projects,
            currency: wanted.currency,
        },
    };
    let (client, scope) = if let Some(client) = wanted.client {
        (client, named)
    } else {
        let Some(client) = pick_client(ask, engine).await? else {
            return Ok(None);
        };
        let Some(scope) = pick_scope(ask, engine, &client).await? else {
            return Ok(None);
        };
        (client, scope)
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
    let unbilled = |client: &ClientRow| format!("{} unbilled", Length::from_secs(client.unbilled_seconds));
    added::pick_client(ask, engine, "Create an invoice for…", unbilled).await
}

/// Shows a draft and asks what becomes of it. Time in another currency can be drafted next, as often as there is any.
pub(super) async fn settle(ask: &impl Ask, engine: &Handle, draft: InvoiceView) -> Result<Option<Outcome>> {
    let mut draft = draft;
    loop {
        let picked = ask.pick(choices(&draft)).await;
        if let (Some("look"), Some(paper)) = (picked.as_deref(), paper(&draft)) {
            ask.show(&paper);
            continue;
        }
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
    // No key that is pressed too often issues: what cannot be taken back never comes first.
    let mut items = vec![choice(
        "Keep as draft".into(),
        "holds the time until it is issued or discarded",
        "keep",
    )];
    // The preview names what is missing; the draft can be issued once that is fixed.
    let ready = draft.trouble.is_none();
    if ready {
        items.push(choice(
            format!("Issue {}", draft.sum()),
            "gives it its number; this cannot be taken back, only credited",
            "issue",
        ));
    }
    if paper(draft).is_some() {
        items.push(choice(
            "Look at the PDF".into(),
            "and come back to this question",
            "look",
        ));
    }
    items.push(choice("Discard".into(), "gives the time back", "discard"));
    for currency in draft.other_currencies() {
        let label = format!("Draft the time in {currency}");
        items.push(choice(label, "a draft of its own; this one stays", currency.code()));
    }
    // The shell's first line has names and dates; here the title has them.
    let shown = draft.to_string();
    let rest = shown.split_once('\n').map_or("", |(_, rest)| rest);
    Pick {
        title: format!(
            "Invoice for {}, {}{}\n{rest}",
            draft.client,
            draft.name(),
            told_period(draft)
        ),
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
        _ => kept(draft, picked.is_some()),
    }))
}

/// Says that a draft is kept, and offers to discard it. A draft that was kept on purpose is opened.
fn kept(draft: &InvoiceView, on_purpose: bool) -> Outcome {
    let text = format!(
        "The draft for {} is kept. It holds its time until it is issued or discarded.",
        draft.client
    );
    Outcome {
        open: draft.files.first().filter(|_| on_purpose).cloned(),
        external: true,
        next: Some(Next {
            action: "Discard",
            command: "keeptab.invoice",
            words: vec!["discard".into(), draft.which()],
        }),
        ..Outcome::of(text)
    }
}

/// Returns the days that a draft bills, in words.
fn told_period(draft: &InvoiceView) -> String {
    match draft.period() {
        Some((from, to)) if from == to => format!(", {from}"),
        Some((from, to)) => format!(", {from} to {to}"),
        None => String::new(),
    }
}

/// Returns the PDF of an invoice or draft, if it was written.
pub(super) fn paper(view: &InvoiceView) -> Option<PathBuf> {
    let is_pdf = |file: &&PathBuf| file.extension().is_some_and(|extension| extension == "pdf");
    view.files.iter().find(is_pdf).cloned()
}
