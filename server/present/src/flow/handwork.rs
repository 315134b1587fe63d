//! The user's own hand: *Start Timer*, *Add Time…*, *Away…*.

use anyhow::{Context as _, Result, bail};
use chrono::NaiveDate;
use keeptab_core::clock::{Clock, Clocks};
use keeptab_core::instant::Length;
use keeptab_core::length::{self, LengthError};
use keeptab_core::rule::ProjectId;
use keeptab_engine::thread::Handle;
use keeptab_engine::{Addition, Engine, Start};

use super::added::{Where, chosen_project, project_pick};
use super::{Ask, Input, Item, Outcome, Pick};

/// Stands for a timer with a start and a note; no id has a blank.
const EARLIER: &str = " ";

/// Asks for a project and starts the timer. One row of the choice leads to questions for a start and a note; there, a wrong answer
/// is asked for again.
///
/// # Errors
///
/// If the engine returns an error.
pub async fn start_timer(ask: &impl Ask, engine: &Handle) -> Result<Option<Outcome>> {
    let title = "Time by hand…";
    let earlier = Item {
        label: "Earlier, or with a note…".into(),
        detail: "asks for the project, the start and the note".into(),
        value: EARLIER.into(),
    };
    let catalogue = engine.ask(Engine::catalogue).await?;
    // Without a project there is nothing to begin earlier.
    let other = Some(earlier).filter(|_| !catalogue.projects.is_empty());
    let mut picked = ask.pick(project_pick(&catalogue, title, other)).await;
    let is_earlier = picked.as_deref() == Some(EARLIER);
    if is_earlier {
        picked = ask.pick(project_pick(&catalogue, title, None)).await;
    }
    let Some(chosen) = chosen_project(ask, engine, picked, Where::Proposed(None)).await? else {
        return Ok(None);
    };
    let mut start = Start {
        project: chosen.id,
        at: None,
        note: None,
    };
    if is_earlier && !ask_start(ask, engine, &mut start).await? {
        return Ok(None);
    }
    let done = engine.ask(move |engine, now| engine.start(&start, now)).await?;
    Ok(Some(Outcome::told(done)))
}

/// Asks for the start and the note of a timer. Returns false if the user gave up.
async fn ask_start(ask: &impl Ask, engine: &Handle, start: &mut Start) -> Result<bool> {
    let mut question = input("Since when?", "", "Clock time, as 9:10; nothing is now");
    start.at = loop {
        let Some((text, at)) = ask_until(ask, question.clone(), read_start).await else {
            return Ok(false);
        };
        match engine.ask(move |engine, now| engine.startable(at, now)).await {
            Ok(_) => break at,
            Err(problem) => question = again(&input("Since when?", "", "Clock time"), text, &problem),
        }
    };
    start.note = ask
        .input(input("What is it?", "", "A note for the invoice, or nothing"))
        .await;
    Ok(start.note.is_some())
}

fn read_start(text: &str) -> Result<(String, Option<Clock>)> {
    let at = Some(text).filter(|text| !text.is_empty()).map(str::parse).transpose()?;
    Ok((text.to_owned(), at))
}

fn input(title: &str, value: &str, prompt: &str) -> Input {
    Input {
        title: title.into(),
        value: value.into(),
        prompt: prompt.into(),
    }
}

/// Asks for a project, a day, a length or clock times, and a note, and adds the time. A wrong answer is asked for again.
///
/// # Errors
///
/// If the engine returns an error.
pub async fn add_time(ask: &impl Ask, engine: &Handle) -> Result<Option<Outcome>> {
    let Some(project) = pick_project(ask, engine, "Add time for…").await? else {
        return Ok(None);
    };
    let day = input("Which day?", "", "Day, as 2026-11-22; nothing is today");
    let Some(day) = ask_until(ask, day, read_day).await else {
        return Ok(None);
    };
    let mut length = input(
        "How long?",
        "0:30",
        "Hours and minutes as 0:45, 45m or 1.5, or clock times as 9:10-10:00",
    );
    let (length, at) = loop {
        let Some((text, times)) = ask_until(ask, length.clone(), read_length).await else {
            return Ok(None);
        };
        let times = match times {
            TimeOrLength::Length(known) => break (known, None),
            TimeOrLength::Times(times) => times,
        };
        match engine.ask(move |engine, now| engine.clocked(day, times, now)).await {
            Ok(known) => break (known, Some(times.from)),
            Err(problem) => {
                let question = input("How long?", "", "Hours and minutes, or clock times");
                length = again(&question, text, &problem);
            }
        }
    };
    let Some(note) = ask
        .input(input("What was it?", "", "A note for the invoice, or nothing"))
        .await
    else {
        return Ok(None);
    };
    let addition = Addition {
        project,
        length,
        day,
        at,
        note: Some(note.trim().to_owned()).filter(|note| !note.is_empty()),
        billable: true,
        beside: false,
    };
    let done = engine.ask(move |engine, now| engine.add(&addition, now)).await?;
    Ok(Some(Outcome::told(done)))
}

fn read_day(text: &str) -> Result<Option<NaiveDate>> {
    let day = Some(text).filter(|text| !text.is_empty());
    day.map(str::parse)
        .transpose()
        .context("that is no day\nhint: write it as 2026-11-22")
}

enum TimeOrLength {
    Length(Length),
    Times(Clocks),
}

fn read_length(text: &str) -> Result<(String, TimeOrLength)> {
    let read = match length::read_length(text) {
        Ok(length) => TimeOrLength::Length(length),
        Err(bare @ LengthError::Bare(_)) => return Err(bare.into()),
        Err(LengthError::Unknown) => {
            let times = text.parse().map(TimeOrLength::Times);
            times
                .ok()
                .context("that is no length of time\nhint: write it as 0:45 or 9:10-10:00")?
        }
    };
    Ok((text.to_owned(), read))
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

/// Lets the user choose a project or add one.
async fn pick_project(ask: &impl Ask, engine: &Handle, title: &str) -> Result<Option<ProjectId>> {
    let picked = super::added::pick_project(ask, engine, title, Where::Proposed(None)).await?;
    Ok(picked.map(|picked| picked.id))
}

/// Asks until an answer can be read. Returns `None` if the user gave up.
pub(super) async fn ask_until<T>(ask: &impl Ask, question: Input, read: impl Fn(&str) -> Result<T>) -> Option<T> {
    let mut input = question.clone();
    loop {
        let text = ask.input(input).await?;
        match read(text.trim()) {
            Ok(value) => return Some(value),
            Err(problem) => input = again(&question, text, &problem),
        }
    }
}

/// Returns a question with the answer that was wrong, and the reason.
fn again(question: &Input, answer: String, problem: &anyhow::Error) -> Input {
    Input {
        prompt: format!("{}: {}", question.prompt, problem.to_string().replace('\n', "; ")),
        value: answer,
        ..question.clone()
    }
}
