//! 100,000 events as fast as they can be sent, as when a plugin reconnects after days without a host.

use std::time::Duration;

use anyhow::Result;

use super::Bench;
use crate::clock::{self, Evening};
use crate::direct::Direct;
use crate::editor::{Editor, Program, activity};
use crate::history::{Heartbeat, history};
use crate::home::Home;
use crate::sample::Sample;
use crate::table::{Reach, Table, Unit};

const COUNT: u32 = 100_000;
const BATCH: usize = 100;

/// Measures the host, the echo reading the same messages, and `SQLite` writing the same rows.
pub fn measure(bench: &Bench, table: &mut Table) -> Result<()> {
    let mut heartbeats = history(usize::try_from(COUNT)?, usize::MAX, Evening::now());
    for (heartbeat, seq) in heartbeats.iter_mut().zip(1..) {
        (heartbeat.window, heartbeat.seq) = (0, seq);
    }
    let messages: Vec<Vec<u8>> = heartbeats.chunks(BATCH).map(message).collect();
    let [mut host, mut echo, mut each, mut batches] = [const { Sample::new() }; 4];
    let (mut host_peak, mut echo_peak) = (Sample::default(), Sample::default());
    for _ in 0..bench.rounds {
        host.add(rate(send(
            &bench.host,
            &Home::settled(&bench.host)?,
            &messages,
            &mut host_peak,
        )?));
        each.add(rate(write(bench, &heartbeats, 1)?));
        echo.add(rate(send(&bench.echo, &Home::empty()?, &messages, &mut echo_peak)?));
        batches.add(rate(write(bench, &heartbeats, BATCH)?));
    }
    let reach = Reach::AtLeast(100_000.0);
    table.row(
        "burst of 100,000 events",
        Unit::Events,
        &host,
        Some(("SQLite, a commit a row", &each)),
        reach,
    )?;
    table.row(
        "the same",
        Unit::Events,
        &host,
        Some(("SQLite, a commit a batch of 100", &batches)),
        Reach::None,
    )?;
    table.row(
        "the same",
        Unit::Events,
        &host,
        Some(("echo, which only reads them", &echo)),
        Reach::None,
    )?;
    let peer = Some(("echo", &echo_peak));
    table.row(
        "peak memory in it (VmHWM)",
        Unit::Megabytes,
        &host_peak,
        peer,
        Reach::None,
    )
}

fn message(batch: &[Heartbeat]) -> Vec<u8> {
    let events: Vec<_> = batch.iter().map(Heartbeat::wire).collect();
    activity(&events)
}

fn rate(time: Duration) -> f64 {
    f64::from(COUNT) / time.as_secs_f64()
}

/// Sends everything to a program and waits until it is taken.
fn send(program: &Program, home: &Home, messages: &[Vec<u8>], peak: &mut Sample) -> Result<Duration> {
    let mut editor = Editor::start(program, home.path())?;
    editor.open("burst")?;
    let begun = clock::now();
    for message in messages {
        editor.send(message)?;
    }
    let taken = editor.taken(COUNT)?;
    peak.add(editor.process().megabytes("VmHWM")?);
    editor.end()?;
    Ok(taken - begun)
}

/// Writes the rows of the same heartbeats, `at_once` per commit.
fn write(bench: &Bench, heartbeats: &[Heartbeat], at_once: usize) -> Result<Duration> {
    let home = Home::settled(&bench.host)?;
    let mut direct = Direct::open(&home.database())?;
    direct.name(heartbeats)?;
    let begun = clock::now();
    for heartbeats in heartbeats.chunks(at_once) {
        direct.commit(heartbeats)?;
    }
    Ok(clock::now() - begun)
}
