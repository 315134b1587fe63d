//! The measurements, and the code that they share.

mod burst;
mod bytes;
mod commits;
mod day;
mod idle;
mod import;
mod initialize;
mod latency;
mod paper;
mod peers;
mod report;
mod sessions;
mod sheet;
mod status;

use std::cell::OnceCell;
use std::path::PathBuf;

use anyhow::{Result, ensure};

use crate::clock::Evening;
use crate::direct::Direct;
use crate::editor::Program;
use crate::history::{Heartbeat, history};
use crate::home::{Home, checkpoint};
use sessions::Imported;

pub use burst::measure as burst;
pub use bytes::measure as bytes;
pub use commits::measure as commits;
pub use day::measure as day;
pub use idle::measure as idle;
pub use import::{huge, measure as import};
pub use initialize::measure as initialize;
pub use latency::measure as latency;
pub use paper::measure as paper;
pub use peers::{Peers, measure as peers};
pub use report::measure as report;
pub use sessions::measure as sessions;
pub use sheet::measure as sheet;
pub use status::measure as status;

/// Heartbeats of ten years.
const DECADE: usize = 2_000_000;

/// The least that has to be read if no sums are stored.
const SCAN: &str = "SELECT count(*), sum(at), sum(entity) FROM event WHERE sign < 32";

/// The programs to measure, and the number of rounds.
pub struct Bench {
    host: Program,
    echo: Program,
    rounds: u32,
    /// A Python that has WeasyPrint, if given.
    weasyprint: Option<PathBuf>,
    peers: Peers,
    decade: OnceCell<Home>,
    imported: OnceCell<Imported>,
}

impl Bench {
    /// Prepares to measure a host.
    ///
    /// # Errors
    ///
    /// If a program does not exist.
    pub fn new(host: PathBuf, echo: PathBuf, rounds: u32, weasyprint: Option<PathBuf>, peers: Peers) -> Result<Self> {
        for path in [&host, &echo] {
            ensure!(
                path.is_file(),
                "there is no {}\nhint: build keeptab and keeptab-bench",
                path.display()
            );
        }
        Ok(Self {
            host: Program {
                path: host,
                arguments: &["lsp"],
            },
            echo: Program {
                path: echo,
                arguments: &[],
            },
            rounds,
            weasyprint,
            peers,
            decade: OnceCell::new(),
            imported: OnceCell::new(),
        })
    }

    /// Returns a home with ten years in it, made at the first call.
    fn decade(&self) -> Result<&Home> {
        if let Some(home) = self.decade.get() {
            return Ok(home);
        }
        let home = Home::settled(&self.host)?;
        let mut direct = Direct::open(&home.database())?;
        for heartbeats in history(DECADE, 1, Evening::now()).chunks(100_000) {
            direct.name(heartbeats)?;
            direct.commit(heartbeats)?;
        }
        direct.touch_days()?;
        checkpoint(direct.connection())?;
        Ok(self.decade.get_or_init(|| home))
    }

    /// Returns 100,000 imported sessions, made at the first call.
    fn imported(&self) -> Result<&Imported> {
        if let Some(imported) = self.imported.get() {
            return Ok(imported);
        }
        let imported = Imported::make(self)?;
        Ok(self.imported.get_or_init(|| imported))
    }
}

/// Splits heartbeats into runs of one window, each at most `most` long.
fn runs(heartbeats: &[Heartbeat], most: usize) -> impl Iterator<Item = &[Heartbeat]> {
    let of_one_window = heartbeats.chunk_by(|one, next| one.window == next.window);
    of_one_window.flat_map(move |run| run.chunks(most))
}
