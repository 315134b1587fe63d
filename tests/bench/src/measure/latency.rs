//! The time from one event to its commit, at the pace of a person.

use std::time::Duration;

use anyhow::{Context as _, Result};

use super::Bench;
use crate::clock::{self, Evening};
use crate::direct::Direct;
use crate::editor::{Editor, Program, activity};
use crate::history::{Heartbeat, history};
use crate::home::Home;
use crate::sample::Sample;
use crate::table::{Reach, Table, Unit};

const COUNT: usize = 500;
/// Milliseconds between events: a few files touched per second, not a flood.
const PACE: u64 = 5;

/// The percentiles of each round.
#[derive(Default)]
struct Rounds {
    half: Sample,
    most: Sample,
    first: Sample,
}

/// Measures hosts with an empty home and with ten years behind them, the echo, and `SQLite` committing one row.
pub fn measure(bench: &Bench, table: &mut Table) -> Result<()> {
    let heartbeats = history(COUNT, 1, Evening::now());
    let [mut fresh, mut old, mut echo, mut floor] = [const { Rounds::new() }; 4];
    for round in 0..bench.rounds {
        fresh.add(&through(&bench.host, &Home::settled(&bench.host)?, &heartbeats, round)?);
        echo.add(&through(&bench.echo, &Home::empty()?, &heartbeats, round)?);
        old.add(&through(&bench.host, bench.decade()?, &heartbeats, round)?);
        floor.add(&direct(bench, &heartbeats)?);
    }
    let ms = Unit::Milliseconds;
    let sqlite = "SQLite, commit of a row";
    for (of, host) in [("empty home", &fresh), ("2 million heartbeats", &old)] {
        table.row(
            &format!("event to `taken`, p50, {of}"),
            ms,
            &host.half,
            Some((sqlite, &floor.half)),
            Reach::None,
        )?;
        table.row("p99", ms, &host.most, Some((sqlite, &floor.most)), Reach::AtMost(2.0))?;
        table.row("p99", ms, &host.most, Some(("echo", &echo.most)), Reach::None)?;
        table.row(
            "the first after the start",
            ms,
            &host.first,
            Some(("echo", &echo.first)),
            Reach::None,
        )?;
    }
    Ok(())
}

impl Rounds {
    const fn new() -> Self {
        Self {
            half: Sample::new(),
            most: Sample::new(),
            first: Sample::new(),
        }
    }

    fn add(&mut self, (first, rest): &(Duration, Sample)) {
        self.first.add_time(*first);
        self.half.add(rest.percentile(50));
        self.most.add(rest.percentile(99));
    }
}

/// Sends the events one by one as they happen. The first is sent as soon as the host accepts messages.
fn through(program: &Program, home: &Home, heartbeats: &[Heartbeat], round: u32) -> Result<(Duration, Sample)> {
    let mut editor = Editor::start(program, home.path())?;
    editor.open(&format!("latency-{round}"))?;
    let mut sample = Sample::default();
    let mut first = None;
    for (heartbeat, seq) in heartbeats.iter().zip(1..) {
        let happened = Heartbeat {
            at: clock::wall(),
            seq,
            ..*heartbeat
        };
        let message = activity(&[happened.wire()]);
        let begun = clock::now();
        editor.send(&message)?;
        let took = editor.taken(seq)? - begun;
        match first {
            Some(_) => sample.add_time(took),
            None => first = Some(took),
        }
        clock::sleep(PACE);
    }
    editor.end()?;
    Ok((first.context("there are no events")?, sample))
}

fn direct(bench: &Bench, heartbeats: &[Heartbeat]) -> Result<(Duration, Sample)> {
    let home = Home::settled(&bench.host)?;
    let mut direct = Direct::open(&home.database())?;
    direct.name(heartbeats)?;
    let mut sample = Sample::default();
    for heartbeat in heartbeats {
        let begun = clock::now();
        direct.commit(&[*heartbeat])?;
        sample.add_time(clock::now() - begun);
        clock::sleep(PACE);
    }
    Ok((Duration::ZERO, sample))
}
