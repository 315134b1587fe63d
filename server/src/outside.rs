//! Watches the folders of projects that ask for it: saves that no editor reports are work too, or evidence of it.
//!
//! Among all hosts and `keeptab watch`, one process watches at a time: the one that holds a lock. The system frees the
//! lock when the process ends, however it ends. The others sleep in the kernel until then.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use anyhow::{Context as _, Result};
use keeptab_core::instant::{Instant, Length};
use keeptab_engine::thread::Handle;
use keeptab_engine::{Followed, Outside, Saved};
use keeptab_system::clock;
use keeptab_system::home::{Home, lock_file};
use keeptab_watch::{Bursts, Changes, Tree, Verdict};
use tracing::{info, warn};

/// The delay after a change of the config before it is used, so that the engine has read it.
const SETTLED: Duration = Duration::from_millis(500);
/// The longest time between a file's last write and its closing or renaming for it to count as a save. Longer ago, the
/// file was only looked at, unpacked or moved here.
const FRESH: Length = Length::from_millis(10_000);

/// News about the watching.
pub enum News<'a> {
    /// These folders are watched from now on, `count` folders with all below them.
    Following { folders: &'a [PathBuf], count: usize },
    /// Another process watches; this one waits for its end.
    Waiting,
    /// An event was recorded.
    Kept(&'a Outside),
    /// A problem, with the next step.
    Trouble(&'a str),
}

enum Signal {
    Config,
    Changes(Changes),
}

/// A handle to report changes of the config; cheap to clone.
#[derive(Clone)]
pub struct Follower {
    sender: Sender<Signal>,
}

impl Follower {
    /// Notifies the watcher that the config file may have changed.
    pub fn config_touched(&self) {
        let _ = self.sender.send(Signal::Config);
    }
}

/// Follows on a thread of its own until the process ends.
pub fn start(engine: Handle, home: &Home, tell: impl FnMut(News<'_>) + Send + 'static) -> Follower {
    let (sender, receiver) = channel();
    let lock = home.watch_lock();
    let own = sender.clone();
    std::thread::spawn(move || {
        let mut thread = Thread {
            engine,
            lock,
            held: None,
            sender: own,
            signals: receiver,
            tell,
        };
        if let Err(error) = thread.run() {
            warn!("folders are not followed: {error:#}");
            (thread.tell)(News::Trouble(&keeptab_engine::Failure::of(&error).line()));
        }
    });
    Follower { sender }
}

struct Thread<T> {
    engine: Handle,
    lock: PathBuf,
    /// The lock, while there is anything to follow.
    held: Option<File>,
    sender: Sender<Signal>,
    signals: Receiver<Signal>,
    tell: T,
}

impl<T: FnMut(News<'_>)> Thread<T> {
    fn run(&mut self) -> Result<()> {
        loop {
            let Some(wanted) = self.wanted() else {
                return Ok(());
            };
            for glob in &wanted.too_wide {
                let hint = "name the folders of the project, or leave `watch` out";
                let text = format!("`{glob}` is too wide to be watched\nhint: {hint}");
                (self.tell)(News::Trouble(&text));
            }
            if wanted.folders.is_empty() {
                self.held = None;
                if !self.config_changed() {
                    return Ok(());
                }
            } else if self.held.is_none() {
                self.held = Some(self.alone()?);
                // Much may have changed while others followed.
            } else {
                self.follow(&wanted)?;
            }
        }
    }

    /// Asks the engine for the folders to watch; `None` once it has stopped.
    fn wanted(&self) -> Option<Followed> {
        self.engine.ask_and_wait(|engine, _| Ok(engine.followed())).ok()
    }

    /// Waits until no other process follows.
    fn alone(&mut self) -> Result<File> {
        let lock = lock_file(&self.lock).with_context(|| format!("cannot make {}", self.lock.display()))?;
        if lock.try_lock().is_err() {
            (self.tell)(News::Waiting);
            lock.lock()
                .with_context(|| format!("cannot lock {}", self.lock.display()))?;
        }
        Ok(lock)
    }

    /// Waits until the config has changed; false once no sender is left.
    fn config_changed(&self) -> bool {
        loop {
            match self.signals.recv() {
                Ok(Signal::Config) => {
                    std::thread::sleep(SETTLED);
                    return true;
                }
                Ok(Signal::Changes(_)) => {}
                Err(_) => return false,
            }
        }
    }

    /// Watches until the folders to watch change.
    fn follow(&mut self, wanted: &Followed) -> Result<()> {
        let sender = self.sender.clone();
        let there = wanted.folders.iter().filter(|folder| folder.is_dir()).cloned();
        let mut tree = Tree::start(there.collect(), move |changes| {
            let _ = sender.send(Signal::Changes(changes));
        })?;
        let mut bursts = Bursts::default();
        info!("{} folders are followed", tree.folders());
        (self.tell)(News::Following {
            folders: &wanted.folders,
            count: tree.folders(),
        });
        loop {
            if let Some(problem) = tree.take_problem() {
                warn!("{problem}");
                (self.tell)(News::Trouble(&problem));
            }
            match self.next(&bursts) {
                Some(Signal::Changes(changes)) => tree.take(changes, &mut bursts),
                Some(Signal::Config) => {
                    std::thread::sleep(SETTLED);
                    if self.wanted().as_ref() != Some(wanted) {
                        return Ok(());
                    }
                }
                None => {}
            }
            let saves: Vec<Saved> = bursts.over(clock::now()).into_iter().flat_map(saves).collect();
            if !saves.is_empty() {
                self.keep(saves);
                tree.mend();
            }
        }
    }

    /// Returns the next signal; `None` if a burst ends first. Without a burst, it waits without a limit.
    fn next(&self, bursts: &Bursts) -> Option<Signal> {
        let Some(next) = bursts.next() else {
            return self.signals.recv().ok();
        };
        let left = (next - clock::now()).millis().max(0);
        let left = Duration::from_millis(u64::try_from(left).unwrap_or_default());
        self.signals.recv_timeout(left).ok()
    }

    fn keep(&mut self, saves: Vec<Saved>) {
        match self.engine.ask_and_wait(move |engine, now| engine.outside(&saves, now)) {
            Ok(outside) if !outside.0.is_empty() => (self.tell)(News::Kept(&outside)),
            Ok(_) => {}
            Err(error) => warn!("a save was not kept: {error:#}"),
        }
    }
}

/// Returns the saves of a burst, file by file. A file that is gone was temporary.
fn saves(verdict: Verdict) -> Vec<Saved> {
    let saved = |path: &Path, at, many| Saved {
        at,
        path: path.to_string_lossy().into_owned(),
        many,
    };
    match verdict {
        Verdict::Storm { at, first } => vec![saved(&first, at, true)],
        Verdict::Saved(files) => {
            let fresh = files.into_iter().filter(|(path, at)| is_fresh(path, *at));
            fresh.map(|(path, at)| saved(&path, at, false)).collect()
        }
    }
}

fn is_fresh(path: &Path, at: Instant) -> bool {
    let modified = std::fs::symlink_metadata(path).ok().filter(std::fs::Metadata::is_file);
    let modified = modified.and_then(|file| file.modified().ok());
    modified.is_some_and(|modified| Instant::from(chrono::DateTime::<chrono::Utc>::from(modified)) >= at - FRESH)
}
