//! Measures the host against a peer or a floor in the same run, and prints a Markdown table.
//!
//! A number above its limit fails nothing: the machine may be busy, and the ratio to the peer shows it.

mod clock;
mod direct;
mod editor;
mod history;
mod home;
mod measure;
mod process;
mod sample;
mod sessions;
mod table;
mod trace;

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Parser, ValueEnum};

use crate::measure::{Bench, Peers};
use crate::table::Table;

/// Measure keeptab's host.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    /// The host; the `keeptab` beside this program unless given
    host: Option<PathBuf>,
    /// Number of rounds of each measurement
    #[arg(long, default_value_t = 5)]
    rounds: u32,
    /// Measure only this; may be repeated
    #[arg(long, value_enum)]
    only: Vec<Measurement>,
    /// A Python that has WeasyPrint, to print invoices beside
    #[arg(long, value_name = "PYTHON")]
    weasyprint: Option<PathBuf>,
    #[command(flatten)]
    peers: Peers,
}

/// The measurements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Measurement {
    /// `initialize` answered after exec
    Initialize,
    /// Memory and wake-ups of a host at rest
    Idle,
    /// Bytes a heartbeat on disk
    Bytes,
    /// 100,000 events at once
    Burst,
    /// One event until it is committed
    Latency,
    /// The status bar with ten years behind it
    Status,
    /// Reports of ten years, as whole processes
    Report,
    /// Reports and the status bar over 100,000 imported sessions, beside other tools
    Sessions,
    /// A timesheet of 500 lines in the editor
    Sheet,
    /// An invoice as PDF
    Paper,
    /// Processor time of a working day
    Day,
    /// The commits of a repository
    Commits,
    /// 100,000 rows of another tool
    Import,
    /// 250 MB of another tool
    Huge,
    /// 100,000 rows in other tools' own formats, beside these tools
    Peers,
}

impl Measurement {
    fn run(self, bench: &Bench, table: &mut Table) -> Result<()> {
        match self {
            Self::Initialize => measure::initialize(bench, table),
            Self::Idle => measure::idle(bench, table),
            Self::Bytes => measure::bytes(bench, table),
            Self::Burst => measure::burst(bench, table),
            Self::Latency => measure::latency(bench, table),
            Self::Status => measure::status(bench, table),
            Self::Report => measure::report(bench, table),
            Self::Sessions => measure::sessions(bench, table),
            Self::Sheet => measure::sheet(bench, table),
            Self::Paper => measure::paper(bench, table),
            Self::Day => measure::day(bench, table),
            Self::Commits => measure::commits(bench, table),
            Self::Import => measure::import(bench, table),
            Self::Huge => measure::huge(bench, table),
            Self::Peers => measure::peers(bench, table),
        }
    }
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let here = std::env::current_exe().context("this program's own place is not known")?;
    let host = arguments.host.unwrap_or_else(|| here.with_file_name("keeptab"));
    let bench = Bench::new(
        host,
        here.with_file_name("keeptab-bench-echo"),
        arguments.rounds,
        arguments.weasyprint,
        arguments.peers,
    )?;
    let mut table = Table::new();
    for measurement in Measurement::value_variants() {
        if arguments.only.is_empty() || arguments.only.contains(measurement) {
            measurement.run(&bench, &mut table)?;
        }
    }
    Ok(())
}
