//! Looking back: *Review Week…*, *Totals…*.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use keeptab_core::calendar::{Named, Range, Week};
use keeptab_core::instant::Length;
use keeptab_engine::thread::Handle;
use keeptab_engine::{By, Engine, Report, SheetFormat};

use super::{Ask, Item, Outcome, Pick};

/// Asks for a week that has time in it, and writes its timesheet.
///
/// # Errors
///
/// If the engine returns an error.
pub async fn review_week(ask: &impl Ask, engine: &Handle) -> Result<Option<Outcome>> {
    let items = periods(engine, By::Week).await?;
    if items.is_empty() {
        bail!("nothing has been tracked yet\nhint: work in a folder of a project, then look again");
    }
    let Some(week) = pick(ask, "Review which week?", "week", items).await else {
        return Ok(None);
    };
    let week = week.parse()?;
    let view = engine
        .ask(move |engine, now| engine.review(Some(week), true, now))
        .await?;
    Ok(Some(Outcome {
        open: Some(view.path),
        ..Outcome::of(view.outcome)
    }))
}

/// Asks for a week, and for a client if it has time of several, and writes the client's timesheet as a PDF.
///
/// # Errors
///
/// If the engine returns an error.
pub async fn week_as_pdf(ask: &impl Ask, engine: &Handle) -> Result<Option<Outcome>> {
    let items = periods(engine, By::Week).await?;
    if items.is_empty() {
        bail!("nothing has been tracked yet\nhint: work in a folder of a project, then look again");
    }
    let Some(week) = pick(ask, "Which week on paper?", "week", items).await else {
        return Ok(None);
    };
    let week: Week = week.parse()?;
    let report = move |engine: &mut Engine, now| engine.report(Some(Range::Week(week)), By::Client, now);
    let report = engine.ask(report).await?;
    let clients: BTreeSet<String> = report.rows.into_iter().filter_map(|row| row.client).collect();
    let client = if clients.len() > 1 {
        let item = |client: String| Item {
            label: client.clone(),
            detail: String::new(),
            value: client,
        };
        let Some(client) = pick(ask, "Whose time?", "client", clients.into_iter().map(item).collect()).await else {
            return Ok(None);
        };
        Some(client)
    } else {
        None
    };
    let approve = move |engine: &mut Engine, now| engine.approve(Some(week), client.as_deref(), SheetFormat::Pdf, now);
    let done = engine.ask(approve).await?;
    Ok(Some(Outcome {
        open: done.files.first().cloned(),
        external: true,
        ..Outcome::told(done)
    }))
}

/// Asks for a range and shows its totals.
///
/// # Errors
///
/// If the engine returns an error.
pub async fn totals(ask: &impl Ask, engine: &Handle) -> Result<Option<Outcome>> {
    let fixed = |label: &str, value: &str| Item {
        label: label.into(),
        detail: String::new(),
        value: value.into(),
    };
    let mut items = vec![fixed("This week", ""), fixed("Today", "today")];
    items.extend(periods(engine, By::Month).await?);
    items.extend(periods(engine, By::Week).await?);
    items.push(fixed("All time", "all"));
    let Some(chosen) = pick(ask, "Totals of…", "range", items).await else {
        return Ok(None);
    };
    let range = match chosen.as_str() {
        "" => None,
        "all" => Some(Range::All),
        "today" => Some(Range::Today),
        other => Some(Range::Named(Named::of_report(other)?)),
    };
    let (text, _) = totals_of(engine, range, By::Project).await?;
    Ok(Some(Outcome::of(text)))
}

/// Shows a report with bars: its rows, and under them its time by day, week or month.
///
/// # Errors
///
/// If the engine returns an error.
pub async fn totals_of(engine: &Handle, range: Option<Range>, by: By) -> Result<(String, Report)> {
    let ask = |by| engine.ask(move |engine, now| engine.report(range, by, now));
    let report = ask(by).await?;
    let mut text = report.chart();
    let period = match range {
        Some(Range::Today | Range::Named(Named::Day(_))) => None,
        Some(Range::Month(_) | Range::Named(Named::Month(_))) => Some(By::Week),
        Some(Range::All) => Some(By::Month),
        Some(Range::Week(_) | Range::Days(..) | Range::Named(_)) | None => Some(By::Day),
    };
    if let Some(by) = period {
        text += &ask(by).await?.chart_of_periods();
    }
    Ok((text, report))
}

/// Returns the weeks or months with time in them, the newest first.
async fn periods(engine: &Handle, by: By) -> Result<Vec<Item>> {
    let report = move |engine: &mut Engine, now| engine.report(Some(Range::All), by, now);
    let report = engine.ask(report).await?;
    let item = |(period, seconds): (String, i64)| Item {
        label: period.clone(),
        detail: Length::from_secs(seconds).to_string(),
        value: period,
    };
    Ok(report.periods().into_iter().rev().map(item).collect())
}

async fn pick(ask: &impl Ask, title: &str, placeholder: &str, items: Vec<Item>) -> Option<String> {
    ask.pick(Pick {
        title: title.into(),
        placeholder: placeholder.into(),
        items,
        ..Pick::default()
    })
    .await
}
