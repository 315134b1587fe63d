//! `initialize` answered after exec.

use std::path::Path;

use anyhow::Result;

use super::Bench;
use crate::editor::{Editor, Program};
use crate::home::Home;
use crate::sample::Sample;
use crate::table::{Reach, Table, Unit};

/// Starts per round; one start takes a few milliseconds.
const STARTS: u32 = 6;

/// Measures the start of a host without a home, of one with ten years behind it, and of the echo.
pub fn measure(bench: &Bench, table: &mut Table) -> Result<()> {
    let decade = bench.decade()?;
    let (mut fresh, mut old, mut echo) = (Sample::default(), Sample::default(), Sample::default());
    for _ in 0..bench.rounds * STARTS {
        let empty = Home::empty()?;
        start(&bench.host, empty.path(), &mut fresh)?;
        start(&bench.echo, empty.path(), &mut echo)?;
        start(&bench.host, decade.path(), &mut old)?;
    }
    let peer = Some(("echo", &echo));
    let ms = Unit::Milliseconds;
    table.row(
        "`initialize` answered after exec, empty home",
        ms,
        &fresh,
        peer,
        Reach::Ratio(2.0),
    )?;
    table.row(
        "the same, 2 million heartbeats present",
        ms,
        &old,
        peer,
        Reach::Ratio(2.0),
    )
}

fn start(program: &Program, home: &Path, sample: &mut Sample) -> Result<()> {
    let mut editor = Editor::start(program, home)?;
    sample.add_time(editor.initialize("bench")?);
    editor.end()
}
