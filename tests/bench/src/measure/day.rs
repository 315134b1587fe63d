//! Processor time of a working day.

use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::Bench;
use crate::clock::{self, Evening};
use crate::editor::{Editor, Program, activity};
use crate::home::Home;
use crate::sample::Sample;
use crate::table::{Reach, Table, Unit};
use crate::trace;

/// The start of the recorded day, in milliseconds after midnight.
const MORNING: i64 = 8 * 3_600_000;
/// Number of events that are sent one by one.
const PACED: u32 = 20;
/// Milliseconds between them: a little over one second, the shortest interval of the status.
const PACE: u64 = 1_050;

/// Measures the host and the echo: a whole day sent at once, and one event per second at noon.
pub fn measure(bench: &Bench, table: &mut Table) -> Result<()> {
    let events = trace::day(Evening::now().today() + MORNING)?;
    let count = u32::try_from(events.len())?;
    let [mut host, mut echo] = [const { Sample::new() }; 2];
    for _ in 0..bench.rounds {
        host.add_time(at_once(&bench.host, &Home::settled(&bench.host)?, &events)?);
        echo.add_time(at_once(&bench.echo, &Home::empty()?, &events)?);
    }
    let what = format!("processor time of a recorded 8-hour day, {count} events sent at once");
    table.row(
        &what,
        Unit::Milliseconds,
        &host,
        Some(("echo", &echo)),
        Reach::AtMost(1000.0),
    )?;

    let [mut host, mut echo] = [const { Sample::new() }; 2];
    for _ in 0..bench.rounds.min(3) {
        host.add_time(paced(&bench.host, &Home::settled(&bench.host)?, &events)? * count);
        echo.add_time(paced(&bench.echo, &Home::empty()?, &events)? * count);
    }
    let what = format!("the same at its own pace: {PACED} events at noon, a second apart, × {count} ÷ {PACED}");
    table.row(
        &what,
        Unit::Milliseconds,
        &host,
        Some(("echo", &echo)),
        Reach::AtMost(1000.0),
    )
}

/// Sends one event per message, as the plugins do, and returns the processor time used.
fn at_once(program: &Program, home: &Home, events: &[Value]) -> Result<Duration> {
    let mut editor = Editor::start(program, home.path())?;
    editor.open("day")?;
    let before = editor.process().threads()?;
    for event in events {
        editor.send(&activity(std::slice::from_ref(event)))?;
    }
    editor.taken(last(events)?)?;
    // The status bar follows within a second.
    clock::sleep(PACE);
    let after = editor.process().threads()?;
    editor.end()?;
    Ok(after.cpu_since(&before))
}

/// Returns the processor time of one event after half a day.
fn paced(program: &Program, home: &Home, events: &[Value]) -> Result<Duration> {
    let (morning, rest) = events.split_at(events.len() / 2);
    let mut editor = Editor::start(program, home.path())?;
    editor.open("day")?;
    editor.send(&activity(morning))?;
    editor.taken(last(morning)?)?;
    clock::sleep(PACE);
    let before = editor.process().threads()?;
    for event in rest.iter().take(usize::try_from(PACED)?) {
        editor.send(&activity(std::slice::from_ref(event)))?;
        clock::sleep(PACE);
    }
    let after = editor.process().threads()?;
    editor.end()?;
    Ok(after.cpu_since(&before) / PACED)
}

fn last(events: &[Value]) -> Result<u32> {
    let seq = events.last().and_then(|event| event["seq"].as_u64());
    Ok(u32::try_from(seq.context("there are no events")?)?)
}
