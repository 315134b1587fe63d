//! Bytes on disk per heartbeat.

use anyhow::{Context as _, Result};
use rusqlite::Connection;

use super::{Bench, runs};
use crate::clock::Evening;
use crate::direct::Direct;
use crate::editor::{Editor, activity};
use crate::history::{Heartbeat, history};
use crate::home::{Home, size};
use crate::sample::Sample;
use crate::table::{Reach, Table, Unit};

/// Number of heartbeats written.
const COUNT: u32 = 1_000_000;
/// Working days of one editor: two editors per quarter keep the number of started hosts small.
const DAYS: usize = 60;

/// The tables of most trackers: rows in the order of arrival, and an index that covers sums over a range.
const PLAIN: &str = "
    CREATE TABLE plain (id INTEGER PRIMARY KEY, at INTEGER, source INTEGER, seq INTEGER, sign INTEGER, entity INTEGER);
    CREATE INDEX covering ON plain (at, source, seq, sign, entity);";

/// Sends a million heartbeats through hosts, two at a time, and measures the growth of the file. One round, because the
/// growth is always the same.
pub fn measure(bench: &Bench, table: &mut Table) -> Result<()> {
    let heartbeats = history(usize::try_from(COUNT)?, DAYS, Evening::now());
    let home = Home::settled(&bench.host)?;
    let empty = home.checkpointed_size()?;
    through_hosts(bench, &home, &heartbeats)?;
    let grown = home.checkpointed_size()? - empty;

    let tight = home.path().join("tight.db");
    Connection::open(home.database())?.execute("VACUUM INTO ?1", [tight.to_str().context("not text")?])?;
    let tight = size(&tight)? - empty;

    let other = Home::settled(&bench.host)?;
    let mut direct = Direct::open(&other.database())?;
    direct.connection().execute_batch(PLAIN)?;
    for heartbeats in heartbeats.chunks(10_000) {
        direct.name(heartbeats)?;
        let transaction = direct.connection().unchecked_transaction()?;
        direct.insert("plain", heartbeats)?;
        transaction.commit()?;
    }
    let plain = other.checkpointed_size()? - empty;

    let each = |bytes: f64| Sample::from_iter([bytes / f64::from(COUNT)]);
    let (grown, tight, plain) = (each(grown), each(tight), each(plain));
    let peer = Some(("table with covering index", &plain));
    table.row(
        "bytes a heartbeat on disk",
        Unit::Bytes,
        &grown,
        peer,
        Reach::AtMost(40.0),
    )?;
    table.row("the same", Unit::Bytes, &grown, Some(("vacuumed", &tight)), Reach::None)
}

/// Sends each heartbeat through the host of its window, in the order of time.
fn through_hosts(bench: &Bench, home: &Home, heartbeats: &[Heartbeat]) -> Result<()> {
    let mut open: Vec<(u32, Editor)> = Vec::new();
    for run in runs(heartbeats, 100) {
        let Some(last) = run.last() else { continue };
        let known = open.iter().position(|(window, _)| *window == last.window);
        let place = if let Some(place) = known {
            place
        } else {
            if open.len() == 2 {
                open.remove(0).1.end()?;
            }
            let mut editor = Editor::start(&bench.host, home.path())?;
            editor.open(&format!("nvim-{}", last.window))?;
            open.push((last.window, editor));
            open.len() - 1
        };
        let events: Vec<_> = run.iter().map(Heartbeat::wire).collect();
        open[place].1.send(&activity(&events))?;
        open[place].1.taken(last.seq)?;
    }
    open.into_iter().try_for_each(|(_, editor)| editor.end())
}
