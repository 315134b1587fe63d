//! The period and the projects of a new invoice.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, ensure};
use chrono::NaiveDate;
use keeptab_core::calendar::{Month, Range};
use keeptab_core::instant::Length;
use keeptab_core::invoice::Selection;
use keeptab_core::rule::ProjectId;
use keeptab_engine::thread::Handle;
use keeptab_engine::{By, Engine, Filter, ProjectRow, Scope, State};

use super::handwork::ask_until;
use super::{Ask, Input, Item, Pick};

/// Asks for what an invoice bills. A client with an open draft is not asked: the draft has its period.
pub(super) async fn pick_scope(ask: &impl Ask, engine: &Handle, client: &str) -> Result<Option<Scope>> {
    let drafts = Filter {
        client: Some(client.to_owned()),
        state: Some(State::Draft),
        ..Filter::default()
    };
    let drafts = engine.ask(move |engine, now| engine.invoices(&drafts, now)).await?;
    if !drafts.invoices().is_empty() {
        return Ok(Some(Scope::default()));
    }
    let (this, last) = engine.ask(|engine, now| Ok(engine.months(now))).await?;
    let item = |label: &str, detail: String, value: &str| Item {
        label: label.into(),
        detail,
        value: value.into(),
    };
    let pick = Pick {
        title: "Bill which time?".into(),
        placeholder: "period".into(),
        items: vec![
            item("All unbilled", "up to now".into(), "all"),
            item("This month", unbilled(engine, client, this).await?, "this"),
            item("Last month", unbilled(engine, client, last).await?, "last"),
            item("Some days…", "from a first to a last day".into(), "days"),
            item("One project…", "all of it that is unbilled".into(), "project"),
        ],
        ..Pick::default()
    };
    let range = match ask.pick(pick).await.as_deref() {
        Some("all") => return Ok(Some(Scope::default())),
        Some("this") => Range::Month(this),
        Some("last") => Range::Month(last),
        Some("days") => match days(ask).await {
            Some(range) => range,
            None => return Ok(None),
        },
        Some("project") => return project(ask, engine, client).await,
        _ => return Ok(None),
    };
    Ok(Some(Scope::from(Some(range))))
}

/// Returns a month with the client's time that no invoice bills.
async fn unbilled(engine: &Handle, client: &str, month: Month) -> Result<String> {
    let report = move |engine: &mut Engine, now| engine.report(Some(Range::Month(month)), By::Client, now);
    let report = engine.ask(report).await?;
    let of_client = report.rows.iter().filter(|row| row.client.as_deref() == Some(client));
    let seconds = of_client
        .map(|row| row.billable_seconds - row.invoiced_seconds)
        .sum::<i64>();
    Ok(format!("{month}  {} unbilled", Length::from_secs(seconds.max(0))))
}

async fn days(ask: &impl Ask) -> Option<Range> {
    let question = |title: &str| Input {
        title: title.into(),
        value: String::new(),
        prompt: "Day, as 2026-11-22".into(),
    };
    let read = |text: &str| {
        text.parse::<NaiveDate>()
            .context("that is no day\nhint: write it as 2026-11-22")
    };
    let from = ask_until(ask, question("The first day?"), read).await?;
    let to = ask_until(ask, question("The last day?"), |text| {
        let to = read(text)?;
        ensure!(to >= from, "the last day is before the first, {from}");
        Ok(to)
    });
    Some(Range::Days(from, to.await?))
}

async fn project(ask: &impl Ask, engine: &Handle, client: &str) -> Result<Option<Scope>> {
    let catalogue = engine.ask(Engine::catalogue).await?;
    let item = |project: &ProjectRow| Item {
        label: project.name.clone(),
        detail: project.id.to_string(),
        value: project.id.to_string(),
    };
    let of_client = catalogue
        .projects
        .iter()
        .filter(|project| project.client.as_deref() == Some(client));
    let pick = Pick {
        title: "Bill which project?".into(),
        placeholder: "project".into(),
        items: of_client.map(item).collect(),
        ..Pick::default()
    };
    Ok(ask.pick(pick).await.map(|id| Scope {
        range: None,
        selection: Selection {
            projects: Some(BTreeSet::from([ProjectId::new(id)])),
            currency: None,
        },
    }))
}
