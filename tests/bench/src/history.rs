//! One person's work of many years: the same each time it is made, and dated so that it ends this evening.

use serde_json::{Value, json};

use crate::clock::{DAY, Evening};

/// Number of projects.
pub const PROJECTS: u32 = 40;
/// Number of clients that they belong to.
pub const CLIENTS: u32 = 8;
/// Number of files of a project.
const FILES: u32 = 250;
/// Number of heartbeats on a working day.
const A_DAY: usize = 766;
/// Number of editors that are open at once.
const SIDE_BY_SIDE: u32 = 2;

/// One heartbeat.
#[derive(Clone, Copy, Debug)]
pub struct Heartbeat {
    /// Epoch milliseconds.
    pub at: i64,
    /// The running editor that saw it, from 0.
    pub window: u32,
    /// Its sequence number within that editor, from 1.
    pub seq: u32,
    /// Its kind, as an index into [`KINDS`].
    pub kind: usize,
    /// True if an agent did it.
    pub agent: bool,
    /// The project, from 0.
    pub project: u32,
    /// The file within the project, from 0.
    pub file: u32,
}

/// The kinds of heartbeats that occur, in the store's order.
pub const KINDS: [&str; 3] = ["edit", "navigate", "save"];

impl Heartbeat {
    /// Returns the path of the file.
    #[must_use]
    pub fn path(&self) -> String {
        let (root, file) = (root(self.project), self.file);
        format!("{root}/src/module_{}/file_{file}.rs", file % 12)
    }

    /// Returns the heartbeat as an event of `keeptab/activity`.
    #[must_use]
    pub fn wire(&self) -> Value {
        json!({
            "seq": self.seq,
            "at": self.at,
            "kind": KINDS[self.kind],
            "uri": format!("file://{}", self.path()),
            "root": format!("file://{}", root(self.project)),
            "language": "rust",
            "actor": if self.agent { "agent" } else { "human" },
        })
    }
}

/// Returns the folder of a project.
#[must_use]
pub fn root(project: u32) -> String {
    format!("/home/jane/work/client-{}/project-{project}", project % CLIENTS)
}

/// Makes `count` heartbeats on weekdays and today, in order of time; each editor runs for `days` working days.
#[must_use]
pub fn history(count: usize, days: usize, evening: Evening) -> Vec<Heartbeat> {
    let mut random = fastrand::Rng::with_seed(0x006b_6565_7074_6162);
    let mut mornings: Vec<i64> = (0..)
        .map(|back| evening.today() - back * DAY)
        .filter(|midnight| *midnight == evening.today() || is_weekday(*midnight))
        .take(count.div_ceil(A_DAY))
        .collect();
    mornings.reverse();
    let mut heartbeats = Vec::with_capacity(count);
    let mut seqs: Vec<u32> = Vec::new();
    for (index, midnight) in mornings.into_iter().enumerate() {
        let generation = u32::try_from(index / days).unwrap_or_default();
        let mut at = midnight + 28_800_000 + random.i64(0..1_800_000);
        let mut project = 0;
        for nth in 0..A_DAY.min(count - heartbeats.len()) {
            if nth == 0 || random.u32(0..60) == 0 {
                // A few projects get most of a month's time.
                project = (generation * 3 + skewed(&mut random, 12)) % PROJECTS;
            }
            let window = generation * SIDE_BY_SIDE + project % SIDE_BY_SIDE;
            let place = usize::try_from(window).unwrap_or_default();
            seqs.resize(seqs.len().max(place + 1), 0);
            seqs[place] += 1;
            heartbeats.push(Heartbeat {
                at,
                window,
                seq: seqs[place],
                kind: [0, 0, 0, 0, 0, 0, 1, 1, 1, 2][random.usize(0..10)],
                agent: random.u32(0..30) == 0,
                project,
                file: skewed(&mut random, FILES),
            });
            at += gap(&mut random);
        }
    }
    heartbeats
}

/// Returns the time to the next heartbeat: mostly seconds, sometimes a pause, rarely a meeting.
fn gap(random: &mut fastrand::Rng) -> i64 {
    match random.u32(0..200) {
        0 => random.i64(900_000..2_400_000),
        1..30 => random.i64(30_000..150_000),
        _ => random.i64(2_000..30_000),
    }
}

/// Returns a number below `end`; small numbers are more frequent.
fn skewed(random: &mut fastrand::Rng, end: u32) -> u32 {
    let below = random.u32(0..end) + 1;
    random.u32(0..below)
}

/// Returns whether a day is a weekday. The epoch began on a Thursday; the zone's offset does not move noon to another
/// day.
#[must_use]
pub fn is_weekday(midnight: i64) -> bool {
    ((midnight + DAY / 2).div_euclid(DAY) + 3).rem_euclid(7) < 5
}
