//! The user's own hand: *Start Timer*, *Add Time…*, *Away…*.

use anyhow::{Context as _, Result, bail};
use keeptab_core::calendar::clock_length;
use keeptab_core::rule::ProjectId;
use keeptab_engine::thread::Handle;
use keeptab_engine::{Addition, Engine, ProjectRow};

use super::{Ask, Input, Item, Outcome, Pick};

/// Asks for a project and starts its timer.
///
/// # Errors
///
/// If the engine returns an error.
pub async fn start_timer(ask: &impl Ask, engine: &Handle) -> Result<Option<Outcome>> {
    let Some(project) = pick_project(ask, engine, "Time by hand…").await? else {
        return Ok(None);
    };
    let done = engine.ask(move |engine, now| engine.start(&project, now)).await?;
    Ok(Some(Outcome::told(done)))
}

/// Asks for a project, a length and a note, and adds the time to today.
///
/// # Errors
///
/// If the engine returns an error, or the length cannot be read.
pub async fn add_time(ask: &impl Ask, engine: &Handle) -> Result<Option<Outcome>> {
    let Some(project) = pick_project(ask, engine, "Add time for…").await? else {
        return Ok(None);
    };
    let input = |title: &str, value: &str, prompt: &str| Input {
        title: title.into(),
        value: value.into(),
        prompt: prompt.into(),
    };
    let Some(length) = ask.input(input("How long?", "0:30", "Hours and minutes")).await else {
        return Ok(None);
    };
    let length = clock_length(length.trim()).context("that is no length of time\nhint: write it as 0:45")?;
    let Some(note) = ask
        .input(input("What was it?", "", "A note for the invoice, or nothing"))
        .await
    else {
        return Ok(None);
    };
    let addition = Addition {
        project,
        length,
        day: None,
        at: None,
        note: Some(note.trim().to_owned()).filter(|note| !note.is_empty()),
        billable: true,
        beside: false,
    };
    let done = engine.ask(move |engine, now| engine.add(&addition, now)).await?;
    Ok(Some(Outcome::told(done)))
}

/// Asks for a gap of today and the project to count it to.
///
/// # Errors
///
/// If the engine returns an error.
pub async fn count_gap(ask: &impl Ask, engine: &Handle) -> Result<Option<Outcome>> {
    let gaps = engine.ask(|engine, now| engine.away(None, now)).await?;
    let item = |gap: &keeptab_engine::Gap| Item {
        label: format!("{}-{}", gap.from, gap.to),
        detail: gap.said(),
        value: format!("{}-{}", gap.from, gap.to),
    };
    let items: Vec<Item> = gaps.gaps().iter().rev().map(item).collect();
    if items.is_empty() {
        bail!("there is no gap today that could be counted");
    }
    let pick = Pick {
        title: "Count which gap?".into(),
        placeholder: "gap".into(),
        items,
        ..Pick::default()
    };
    let Some(gap) = ask.pick(pick).await else {
        return Ok(None);
    };
    let Some(project) = pick_project(ask, engine, &format!("Count {gap} to…")).await? else {
        return Ok(None);
    };
    let times = gap.parse()?;
    let fill = move |engine: &mut Engine, now| engine.fill(None, times, Some(&project), now);
    Ok(Some(Outcome::told(engine.ask(fill).await?)))
}

/// Lets the user choose a project.
pub(super) async fn pick_project(ask: &impl Ask, engine: &Handle, title: &str) -> Result<Option<ProjectId>> {
    let catalogue = engine.ask(Engine::catalogue).await?;
    let item = |project: &ProjectRow| Item {
        label: project.id.to_string(),
        detail: project.name.clone(),
        value: project.id.to_string(),
    };
    let items: Vec<Item> = catalogue.projects.iter().map(item).collect();
    if items.is_empty() {
        bail!("there is no project yet\nhint: add one with `keeptab project add`, or in keeptab.toml");
    }
    let pick = Pick {
        title: title.into(),
        placeholder: "project".into(),
        items,
        ..Pick::default()
    };
    Ok(ask.pick(pick).await.map(ProjectId::new))
}
