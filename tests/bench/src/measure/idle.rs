//! The cost of an idle host.

use std::path::Path;

use anyhow::Result;

use super::Bench;
use crate::clock;
use crate::editor::{Editor, Program};
use crate::home::Home;
use crate::sample::Sample;
use crate::table::{Reach, Table, Unit};

/// Milliseconds for a program to settle: tokio keeps a spare thread for ten seconds.
const SETTLE: u64 = 13_000;
/// Milliseconds over which wake-ups are counted.
const WATCH: u64 = 10_000;

#[derive(Default)]
struct AtRest {
    rss: Sample,
    anonymous: Sample,
    switches: Sample,
}

/// Measures memory and wake-ups of a host with an empty home, of one with ten years behind it, and of the echo.
pub fn measure(bench: &Bench, table: &mut Table) -> Result<()> {
    let decade = bench.decade()?;
    let [mut fresh, mut old, mut echo] = [AtRest::default(), AtRest::default(), AtRest::default()];
    for _ in 0..bench.rounds.min(3) {
        let empty = Home::empty()?;
        // Idle programs do not disturb each other.
        let editors = [
            open(&bench.host, empty.path())?,
            open(&bench.host, decade.path())?,
            open(&bench.echo, empty.path())?,
        ];
        clock::sleep(SETTLE);
        let before = editors.each_ref().map(|editor| editor.process().threads());
        clock::sleep(WATCH);
        for ((at_rest, editor), before) in [&mut fresh, &mut old, &mut echo].into_iter().zip(&editors).zip(before) {
            let process = editor.process();
            at_rest.switches.add(process.threads()?.switches_since(&before?));
            at_rest.rss.add(process.megabytes("VmRSS")?);
            at_rest.anonymous.add(process.megabytes("RssAnon")?);
        }
        for editor in editors {
            editor.end()?;
        }
    }
    for (of, host) in [("empty home", &fresh), ("2 million heartbeats", &old)] {
        let mb = Unit::Megabytes;
        let peer = Some(("echo", &echo.rss));
        table.row(
            &format!("memory of an idle host (RSS), {of}"),
            mb,
            &host.rss,
            peer,
            Reach::AtMost(10.0),
        )?;
        let peer = Some(("echo", &echo.anonymous));
        table.row("of it its own (RssAnon)", mb, &host.anonymous, peer, Reach::None)?;
        let peer = Some(("echo", &echo.switches));
        table.row(
            "its context switches in 10 s",
            Unit::Times,
            &host.switches,
            peer,
            Reach::AtMost(1.0),
        )?;
    }
    Ok(())
}

fn open(program: &Program, home: &Path) -> Result<Editor> {
    let mut editor = Editor::start(program, home)?;
    editor.open("idle")?;
    Ok(editor)
}
