//! The world of a seed: a disk, a clock, hosts, and the people and programs that use them.

use std::fmt;
use std::path::PathBuf;

use anyhow::Result;
use keeptab_core::chain::Hash;
use keeptab_core::instant::{Instant, Length};
use keeptab_engine::{Activity, Engine};
use keeptab_sim_disk::{Disk, Seen};
use keeptab_system::home::Home;

use crate::plan::{Act, HOSTS, SOURCES, Step};
use crate::rows::{self, Contents, Rows};

/// The config at the start; steps change rates and places of it.
pub const CONFIG: &str = r#"[business]
name = "Jane"
org = "JDS"
city = "Berlin"
country = "DE"
currency = "EUR"
time_zone = "Europe/Berlin"

[client.acme]
name = "Acme"
city = "Wien"
country = "AT"

[client.bolt]
name = "Bolt"
city = "Graz"
country = "AT"
rounding = { increment = "15m", mode = "up", per = "day" }

[project.api]
client = "acme"
rate = "95.00"
paths = ["/w/api"]

[project.web]
client = "acme"
rate = "110.00"
paths = ["/w/web"]

[project.ops]
client = "bolt"
rate = "80.00"
paths = ["/w/ops"]
urls = ["https://ops.example/**"]
"#;

/// Days around which much can go wrong: both nights of the clock change, ends of months and years, an ordinary week.
const BEGINNINGS: [i64; 6] = [
    1_774_591_200_000, // 2026-03-27T06:00Z
    1_792_735_200_000, // 2026-10-23T06:00Z
    1_798_610_400_000, // 2026-12-30T06:00Z
    1_772_258_400_000, // 2026-02-28T06:00Z
    1_794_808_800_000, // 2026-11-16T06:00Z
    1_782_799_200_000, // 2026-06-30T06:00Z
];

/// An editor or a browser: it keeps what nobody acknowledged, and sends it again.
#[derive(Debug, Default)]
pub struct Source {
    pub name: String,
    /// The number of the next event.
    pub next: u64,
    /// The events that are not acknowledged.
    pub waiting: Vec<Activity>,
    /// The events that were acknowledged last.
    pub last: Vec<Activity>,
    /// The times that the editor was started.
    starts: u32,
}

/// How far a step went, for figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Steps.
    pub steps: u64,
    /// Steps that did something.
    pub done: u64,
    /// Hosts that were killed.
    pub kills: u64,
    /// Changes that the disk refused.
    pub refusals: u64,
    /// Failures of the power.
    pub power: u64,
    /// Invoices and credit notes.
    pub invoices: u64,
    /// Backups that were restored.
    pub restores: u64,
    /// Changes of files.
    pub changes: u64,
    /// Simulated time, in seconds.
    pub seconds: u64,
}

impl std::ops::AddAssign for Figures {
    fn add_assign(&mut self, other: Self) {
        self.steps += other.steps;
        self.done += other.done;
        self.kills += other.kills;
        self.refusals += other.refusals;
        self.power += other.power;
        self.invoices += other.invoices;
        self.restores += other.restores;
        self.changes += other.changes;
        self.seconds += other.seconds;
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} steps ({} done), {} changes of the disk, {} refused by it, {} kills, {} failures of the power, {} invoices and \
             credit notes, {} restores, {} days",
            self.steps,
            self.done,
            self.changes,
            self.refusals,
            self.kills,
            self.power,
            self.invoices,
            self.restores,
            self.seconds / 86_400
        )
    }
}

/// The answer to a step.
#[derive(Debug)]
pub struct Answer {
    /// The answer in words, for the story.
    pub words: String,
    /// True if the actor was told that it is done.
    pub is_done: bool,
    /// Keys of rows that must be there if it is done.
    pub promised: Vec<String>,
    /// A law that the act itself saw broken.
    pub broken: Option<String>,
}

impl Answer {
    pub fn done(words: impl Into<String>) -> Self {
        Self {
            words: words.into(),
            is_done: true,
            promised: Vec::new(),
            broken: None,
        }
    }

    pub fn refused(words: impl Into<String>) -> Self {
        Self {
            is_done: false,
            ..Self::done(words)
        }
    }

    pub fn promises(mut self, keys: impl IntoIterator<Item = String>) -> Self {
        self.promised.extend(keys);
        self
    }
}

/// A backup that somebody has, with what it holds.
#[derive(Debug)]
pub struct BackedUp {
    pub file: PathBuf,
    pub contents: Contents,
}

/// The world.
pub struct World {
    pub home: Home,
    pub now: Instant,
    pub hosts: Vec<Option<Engine>>,
    pub sources: Vec<Source>,
    /// The contents after the last step.
    pub last: Contents,
    /// The contents that a failure of the power must not lose.
    pub durable: Contents,
    /// All identities that anybody can have seen.
    pub identities: Rows,
    pub backups: Vec<BackedUp>,
    /// A head of the chain that somebody noted.
    pub head: Option<Hash>,
    /// All texts that the config file ever had.
    pub configs: Vec<String>,
    pub figures: Figures,
    pub story: Vec<String>,
    pub step: usize,
    /// The last, so that it outlives the hosts.
    pub disk: Disk,
}

impl World {
    /// Makes the world of a seed: an empty home with a config.
    ///
    /// # Errors
    ///
    /// If the disk cannot be made.
    pub fn new(seed: u64) -> Result<Self> {
        let disk = Disk::new(seed)?;
        let home = Home::at(disk.root().to_owned(), None);
        std::fs::write(home.config_file(), CONFIG)?;
        let beginning = BEGINNINGS[usize::try_from(seed % 6)?];
        let now = Instant::from_millis(beginning);
        let mut world = Self {
            disk,
            home,
            now,
            hosts: (0..HOSTS).map(|_| None).collect(),
            sources: (0..SOURCES).map(|_| Source::default()).collect(),
            last: Contents::default(),
            durable: Contents::default(),
            identities: Rows::new(),
            backups: Vec::new(),
            head: None,
            configs: vec![CONFIG.to_owned()],
            figures: Figures::default(),
            story: Vec::new(),
            step: 0,
        };
        world.start_editors();
        world.host(0)?;
        world.disk.settle()?;
        world.durable = world.contents()?;
        world.last = world.durable.clone();
        Ok(world)
    }

    /// Starts all editors anew: their sources have new names, and what they had not sent is gone.
    pub fn start_editors(&mut self) {
        for (nth, source) in self.sources.iter_mut().enumerate() {
            let starts = source.starts + 1;
            *source = Source {
                name: format!("source-{nth}-{starts}"),
                next: 1,
                starts,
                ..Source::default()
            };
        }
    }

    /// Returns an engine, which is opened if it is not open.
    ///
    /// # Errors
    ///
    /// If it cannot be opened.
    pub fn host(&mut self, nth: u8) -> Result<&mut Engine> {
        let (home, now) = (self.home.clone(), self.now);
        let slot = &mut self.hosts[usize::from(nth % HOSTS)];
        match slot {
            Some(engine) => Ok(engine),
            None => Ok(slot.insert(Engine::open(home, now)?)),
        }
    }

    /// Makes a call of a host.
    ///
    /// # Errors
    ///
    /// If the host cannot be opened, or the call fails.
    pub fn ask<T>(&mut self, host: u8, call: impl FnOnce(&mut Engine, Instant) -> Result<T>) -> Result<T> {
        let now = self.now;
        self.host(host)?.ask(now, call)
    }

    /// Ends a host without a word.
    pub fn kill(&mut self, host: u8) {
        self.disk.kill();
        self.hosts[usize::from(host % HOSTS)] = None;
        let _ = self.disk.end();
        self.disk.begin(None);
    }

    /// Reads the database as it is.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn contents(&self) -> Result<Contents> {
        let path = self.home.database();
        if !path.exists() {
            return Ok(Contents::default());
        }
        self.disk.calmly(|| Contents::read(&rows::open(&path)?))
    }

    /// Makes a step and checks all laws after it. The error says which law is broken.
    ///
    /// # Errors
    ///
    /// If a law is broken.
    pub fn take(&mut self, step: &Step) -> Result<(), String> {
        self.step += 1;
        self.now = self.now + Length::from_secs(step.after);
        self.disk.begin(step.fault);
        let answer = self.act(step);
        let seen = self.disk.seen();
        if seen.is_dead {
            self.hosts[usize::from(step.host % HOSTS)] = None;
        }
        let _ = self.disk.end();
        self.note(step, &answer, &seen);
        let held = self.laws(step, &answer, &seen);
        if let Err(law) = &held {
            self.story.push(format!("     BROKEN: {law}"));
        }
        held
    }

    fn note(&mut self, step: &Step, answer: &Answer, seen: &Seen) {
        let figures = &mut self.figures;
        figures.steps += 1;
        figures.changes += seen.changes;
        figures.seconds += u64::try_from(step.after).unwrap_or_default();
        figures.done += u64::from(answer.is_done);
        figures.kills += u64::from(seen.is_dead || step.act == Act::Kill);
        figures.refusals += u64::from(seen.fault.is_some() && !seen.is_dead);
        figures.power += u64::from(step.act == Act::Power);
        let fault = seen.fault.as_ref().map(|fault| format!("\n     the disk: {fault}"));
        self.story.push(format!(
            "{:3}. {} {step}\n     {}{}",
            self.step,
            self.now.to_rfc3339(),
            answer.words,
            fault.unwrap_or_default()
        ));
    }
}
