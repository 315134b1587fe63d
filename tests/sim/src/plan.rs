//! A seed's plan: all that happens, chosen before it happens, so that a plan without some steps is a plan, too.

use std::fmt;

use keeptab_sim_disk::Fault;

/// The number of hosts: windows and terminals that share a home.
pub const HOSTS: u8 = 3;
/// The number of sources of activity: editors, then a browser.
pub const SOURCES: u8 = 4;

/// A step: who does what, when, and what the disk does meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The time since the step before, in seconds.
    pub after: i64,
    /// The host that acts.
    pub host: u8,
    /// The act.
    pub act: Act,
    /// The change of the disk, counted from 0 within the step, that has a fault.
    pub fault: Option<(u64, Fault)>,
}

/// A step of an actor. Its numbers choose among the things that are there by then.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "a variant says what its numbers choose")]
pub enum Act {
    /// An editor or a browser reports work: `beats` heartbeats, `gap` seconds apart, that end at the present.
    Work {
        source: u8,
        file: u8,
        beats: u8,
        gap: i64,
        is_weak: bool,
    },
    /// An editor sends its last batch again, as after a lost answer.
    Again { source: u8 },
    /// An agent works in an editor.
    Agent { source: u8, file: u8, beats: u8 },
    /// A program that is no editor saved a file.
    Outside { file: u8 },
    /// The screen is locked.
    Lock,
    /// Tracking is paused or goes on.
    Pause,
    /// Somebody adds an entry; the start in quarters of an hour from nine o'clock some days ago.
    Add {
        project: u8,
        days_ago: u8,
        quarter: Option<u8>,
        minutes: u16,
        is_beside: bool,
    },
    /// A timer starts.
    Start { project: u8 },
    /// The timer ends.
    Stop,
    /// A gap of today is counted to a project.
    Fill { nth: u8, project: u8 },
    /// The week's sheet is written, a line of it is changed, and it is applied.
    Review { nth: u8, change: u8, weeks_ago: u8 },
    /// A draft is made.
    Draft { client: u8 },
    /// A draft is discarded.
    Discard { client: u8 },
    /// A client's time is billed.
    Issue { client: u8 },
    /// An invoice is marked as sent.
    Send { nth: u8 },
    /// An invoice is paid, in part or in full.
    Pay { nth: u8, percent: u8 },
    /// An invoice is cancelled, or one line of it.
    Cancel { nth: u8, is_partial: bool, keeps: bool },
    /// The number of the next invoice is set.
    Numbers { next: u8 },
    /// Rows of another tool are imported: the start in quarters of an hour as in `Add`, and the minutes.
    Import {
        rows: Vec<(u8, u16)>,
        days_ago: u8,
        once: bool,
    },
    /// The latest import is taken back.
    UndoImport,
    /// The latest change is taken back.
    Undo,
    /// A change that is taken back at once; all is as it was.
    ThereAndBack { project: u8, minutes: u16 },
    /// The user edits the config: another rate, another place of a project.
    Config { rate: u8, moves: bool },
    /// Reports, the status and the invoices are looked at.
    Look,
    /// The backup of the day, by the host that commits first.
    Backup,
    /// A backup is restored.
    Restore { nth: u8 },
    /// A window is closed; its host ends in order.
    Close,
    /// A host is killed between two calls.
    Kill,
    /// The power fails.
    Power,
    /// The machine sleeps for some hours.
    Sleep { hours: u8 },
    /// The clock is set, by some minutes.
    Clock { minutes: i64 },
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "after {}, host {}: {:?}", Elapsed(self.after), self.host, self.act)?;
        match self.fault {
            Some((nth, Fault::Refuse)) => write!(f, "; the disk refuses change {nth}"),
            Some((nth, Fault::Kill)) => write!(f, "; killed at change {nth}"),
            None => Ok(()),
        }
    }
}

struct Elapsed(i64);

impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            seconds @ 0..120 => write!(f, "{seconds} s"),
            seconds @ 120..7200 => write!(f, "{} min", seconds / 60),
            seconds @ 7200..172_800 => write!(f, "{} h", seconds / 3600),
            seconds => write!(f, "{} days", seconds / 86_400),
        }
    }
}

/// The kinds of worlds: each seed has one, so that some worlds fail often and some never.
#[derive(Clone, Copy, Debug)]
struct Weather {
    /// One step in so many has a fault of the disk; 0 for none.
    faults: u32,
    /// One step in so many is a failure of the power.
    power: u32,
}

/// Returns the plan of a seed: about 60 steps unless `steps` says otherwise.
#[must_use]
pub fn plan(seed: u64, steps: usize) -> Vec<Step> {
    let mut random = fastrand::Rng::with_seed(seed ^ 0x5eed);
    let weather = match random.u8(..4) {
        0 => Weather { faults: 0, power: 0 },
        1 => Weather { faults: 12, power: 30 },
        2 => Weather { faults: 3, power: 15 },
        _ => Weather { faults: 6, power: 0 },
    };
    (0..steps).map(|_| step(&mut random, weather)).collect()
}

fn step(random: &mut fastrand::Rng, weather: Weather) -> Step {
    let act = if weather.power > 0 && random.u32(..weather.power) == 0 {
        Act::Power
    } else {
        act(random)
    };
    let after = match random.u8(..20) {
        0..9 => random.i64(1..300),
        9..15 => random.i64(300..2400),
        15..18 => random.i64(2400..20_000),
        18 => random.i64(20_000..100_000),
        _ => random.i64(100_000..3_000_000),
    };
    let fault = (weather.faults > 0 && random.u32(..weather.faults) == 0).then(|| {
        let fault = if random.bool() { Fault::Refuse } else { Fault::Kill };
        // Early changes more often than late ones: most acts make few.
        let nth = random.u64(..4) * random.u64(..8) + random.u64(..4);
        (nth, fault)
    });
    Step {
        after,
        host: random.u8(..HOSTS),
        act,
        fault,
    }
}

fn act(random: &mut fastrand::Rng) -> Act {
    match random.u32(..100) {
        0..22 => Act::Work {
            source: random.u8(..SOURCES),
            file: random.u8(..6),
            beats: random.u8(1..14),
            gap: [20, 120, 300, 600, 899, 901][random.usize(..6)],
            is_weak: random.u8(..5) == 0,
        },
        22..24 => Act::Again {
            source: random.u8(..SOURCES),
        },
        24 => Act::Agent {
            source: random.u8(..3),
            file: random.u8(..6),
            beats: random.u8(1..20),
        },
        25 => Act::Outside { file: random.u8(..6) },
        26 => Act::Lock,
        27 => Act::Pause,
        28..37 => Act::Add {
            project: random.u8(..3),
            days_ago: random.u8(..3),
            quarter: random.bool().then(|| random.u8(..40)),
            minutes: random.u16(1..200),
            is_beside: random.u8(..8) == 0,
        },
        37..39 => Act::Start {
            project: random.u8(..3),
        },
        39..41 => Act::Stop,
        41..44 => Act::Fill {
            nth: random.u8(..4),
            project: random.u8(..3),
        },
        44..49 => Act::Review {
            nth: random.u8(..8),
            change: random.u8(..4),
            weeks_ago: random.u8(..2),
        },
        49..52 => Act::Draft { client: random.u8(..2) },
        52 => Act::Discard { client: random.u8(..2) },
        53..61 => Act::Issue { client: random.u8(..2) },
        61 => Act::Send { nth: random.u8(..9) },
        62..65 => Act::Pay {
            nth: random.u8(..9),
            percent: [10, 50, 100, 100][random.usize(..4)],
        },
        65..69 => Act::Cancel {
            nth: random.u8(..9),
            is_partial: random.bool(),
            keeps: random.u8(..4) == 0,
        },
        69 => Act::Numbers { next: random.u8(1..60) },
        70..74 => Act::Import {
            rows: (0..random.usize(1..5))
                .map(|_| (random.u8(..40), random.u16(1..150)))
                .collect(),
            days_ago: random.u8(..4),
            once: random.bool(),
        },
        74 => Act::UndoImport,
        75..79 => Act::Undo,
        79..82 => Act::ThereAndBack {
            project: random.u8(..3),
            minutes: random.u16(1..90),
        },
        82..84 => Act::Config {
            rate: random.u8(50..150),
            moves: random.u8(..3) == 0,
        },
        88..91 => Act::Backup,
        91 => Act::Restore { nth: random.u8(..3) },
        92..95 => Act::Close,
        95..97 => Act::Kill,
        97 => Act::Sleep {
            hours: random.u8(1..14),
        },
        98 => Act::Clock {
            minutes: random.i64(-90..90),
        },
        _ => Act::Look,
    }
}
