//! The machine: windows that close, power, sleep, the clock, the config file, backups.

use std::path::Path;

use keeptab_core::activity::Cause;
use keeptab_core::instant::Length;
use keeptab_engine::{Engine, Filter, restore};
use keeptab_system::home::write_whole;

use super::project;
use crate::rows::{Contents, lost};
use crate::world::{Answer, BackedUp, CONFIG, World};

impl World {
    pub(super) fn close(&mut self, host: u8) -> Answer {
        self.hosts[usize::from(host % crate::plan::HOSTS)] = None;
        Answer::done("closed")
    }

    pub(super) fn fail_power(&mut self) -> Answer {
        self.disk.kill();
        self.hosts.iter_mut().for_each(|host| *host = None);
        let _ = self.disk.end();
        if let Err(error) = self.disk.fail_power() {
            return Answer {
                broken: Some(format!("the simulator's disk: {error}")),
                ..Answer::refused("")
            };
        }
        self.disk.begin(None);
        self.start_editors();
        Answer::done("the power failed; all hosts and editors are gone")
    }

    /// Sleeps: hosts cut the time at its beginning once they wake up.
    pub(super) fn sleep(&mut self, host: u8, hours: u8) -> Answer {
        let before = self.now;
        self.now = self.now + Length::from_minutes(i64::from(hours) * 60);
        self.cut(host, Cause::Suspend, before)
    }

    pub(super) fn set_clock(&mut self, host: u8, minutes: i64) -> Answer {
        let before = self.now;
        self.now = self.now + Length::from_minutes(minutes);
        let answer = self.cut(host, Cause::Clock, before);
        if minutes < 0 && answer.is_done {
            return self.cut(host, Cause::Clock, self.now);
        }
        answer
    }

    /// The user saves the config in an editor, and all open hosts read it.
    pub(super) fn configure(&mut self, host: u8, rate: u8, moves: bool) -> Answer {
        let text = CONFIG.replace("\"95.00\"", &format!("\"{rate}.00\""));
        let text = if moves {
            text.replace("\"/w/web\"", "\"/w/web\", \"/tmp\"")
        } else {
            text
        };
        self.configs.push(text.clone());
        if let Err(error) = write_whole(&self.home.config_file(), text.as_bytes()) {
            return Answer::refused(self.plainly(&format!("the file was not saved: {error:#}")));
        }
        let read = self.ask(host, Engine::reload);
        if !self.disk.seen().is_dead {
            // All hosts watch the file.
            let now = self.now;
            for engine in self.hosts.iter_mut().flatten() {
                let _ = engine.ask(now, Engine::reload);
            }
        }
        match read {
            Ok(_) => Answer::done(format!("{} has a rate of {rate}", project(0))),
            Err(error) => self.refused(&error),
        }
    }

    pub(super) fn look(&mut self, host: u8) -> Answer {
        let looked = self
            .ask(host, |engine, now| {
                engine.status(now)?;
                engine.invoices(&Filter::default(), now).map(drop)
            })
            .and_then(|()| self.report(host));
        match looked {
            Ok(report) => Answer::done(format!("{} s in all", report["totalSeconds"])),
            Err(error) => self.refused(&error),
        }
    }

    /// Makes the backup of the day, as the host does that commits first.
    pub(super) fn back_up(&mut self, host: u8) -> Answer {
        let now = self.now;
        let job = self.host(host).map(|engine| engine.backup_job(None, now));
        let made = job.and_then(|job| job.run());
        if self.disk.seen().is_dead {
            return Answer::refused("killed");
        }
        match made {
            Ok(backup) => {
                let contents = self.contents().unwrap_or_default();
                if let Some(broken) = self.is_whole(&backup.file, &contents) {
                    return Answer {
                        broken: Some(broken),
                        ..Answer::refused("")
                    };
                }
                self.backups
                    .retain(|known| known.file != backup.file && known.file.exists());
                let words = format!("{} events, {} invoices", backup.events, backup.invoices);
                let file = backup.file;
                self.backups.push(BackedUp { file, contents });
                Answer::done(words)
            }
            Err(error) => self.refused(&error),
        }
    }

    /// Returns why a backup cannot be restored with all that the database has, if so.
    fn is_whole(&self, file: &Path, contents: &Contents) -> Option<String> {
        match self.disk.calmly(|| restore(&self.home, file, false, self.now)) {
            Ok(tried) => {
                let count = |table: &str| contents.facts.keys().filter(|key| key.starts_with(table)).count();
                let has = (tried.backup.events, tried.backup.corrections, tried.backup.invoices);
                let wanted = [count("event "), count("correction "), contents.numbers.len()];
                let [events, corrections, invoices] = wanted.map(|count| count as u64);
                (has != (events, corrections, invoices))
                    .then(|| format!("a backup has {has:?} of {wanted:?} events, corrections and invoices"))
            }
            Err(error) => Some(format!("a backup cannot be restored: {error:#}")),
        }
    }

    /// Restores a backup while other hosts have the database open. All about invoices stays; all else is as in the backup.
    pub(super) fn restore(&mut self, host: u8, nth: u8) -> Answer {
        self.backups.retain(|backup| backup.file.exists());
        let Some(backup) = self.backups.get(usize::from(nth) % self.backups.len().max(1)) else {
            return Answer::refused("there is no backup");
        };
        let (file, wanted) = (backup.file.clone(), backup.contents.clone());
        let now = self.now;
        let restored = self.host(host).and_then(|engine| engine.restore(&file, true, now));
        if self.disk.seen().is_dead {
            return Answer::refused("killed");
        }
        match restored {
            Ok(restored) => {
                self.figures.restores += 1;
                // Events that came after the backup may come again.
                self.sources.iter_mut().for_each(|source| source.last.clear());
                let present = self.contents();
                let mut answer = Answer::done(format!("restored; kept: {:?}", restored.carried));
                answer.broken = match (&restored.unreadable, &present) {
                    (Some(why), _) => Some(format!("a whole database was taken for a damaged one: {why}")),
                    (None, Ok(present)) => told(lost(&wanted.facts, &present.facts)),
                    (None, Err(error)) => Some(format!("the restored home cannot be read: {error:#}")),
                };
                answer
            }
            Err(error) => self.refused(&error),
        }
    }
}

fn told(lost: Option<(&String, &String, Option<&String>)>) -> Option<String> {
    let (key, value, now) = lost?;
    Some(format!("a restored backup lacks {key} ({value}); it is {now:?}"))
}

/// Returns whether contents have all of others.
pub(crate) fn has_all(contents: &Contents, of: &Contents) -> bool {
    lost(&of.facts, &contents.facts).is_none()
}
