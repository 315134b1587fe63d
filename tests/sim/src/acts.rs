//! The actors: each act calls engines as hosts, shells and editors do.

mod billing;
mod hand;
pub(crate) mod machine;
mod work;

use anyhow::Error;
use keeptab_core::calendar::{Calendar, Range};
use keeptab_core::rule::ProjectId;
use keeptab_engine::By;
use keeptab_store::{Trouble, trouble};
use serde_json::Value;

use crate::plan::{Act, Step};
use crate::world::{Answer, World};

/// The projects of the config.
pub(crate) const PROJECTS: [&str; 3] = ["api", "web", "ops"];
/// The clients of the config.
pub(crate) const CLIENTS: [&str; 2] = ["acme", "bolt"];

/// Returns a project by the number of a plan.
pub(crate) fn project(nth: u8) -> ProjectId {
    ProjectId::new(PROJECTS[usize::from(nth) % PROJECTS.len()])
}

impl World {
    /// Lets an actor act.
    pub(crate) fn act(&mut self, step: &Step) -> Answer {
        let host = step.host;
        match &step.act {
            Act::Work {
                source,
                file,
                beats,
                gap,
                is_weak,
            } => self.work(host, *source, *file, (*beats, *gap), *is_weak),
            Act::Again { source } => self.send_again(host, *source),
            Act::Agent { source, file, beats } => self.agent(host, *source, *file, *beats),
            Act::Outside { file } => self.outside(host, *file),
            Act::Lock => self.lock(host),
            Act::Pause => self.pause(host),
            Act::Add {
                project,
                days_ago,
                quarter,
                minutes,
                is_beside,
            } => self.add(host, *project, (*days_ago, *quarter, *minutes), *is_beside),
            Act::Start { project } => self.start(host, *project),
            Act::Stop => self.stop(host),
            Act::Fill { nth, project } => self.fill(host, *nth, *project),
            Act::Review { nth, change, weeks_ago } => self.review(host, *nth, *change, *weeks_ago),
            Act::Draft { client } => self.draft(host, *client),
            Act::Discard { client } => self.discard(host, *client),
            Act::Issue { client } => self.issue(host, *client),
            Act::Send { nth } => self.send(host, *nth),
            Act::Pay { nth, percent } => self.pay(host, *nth, *percent),
            Act::Cancel { nth, is_partial, keeps } => self.cancel(host, *nth, *is_partial, *keeps),
            Act::Numbers { next } => self.numbers(host, *next),
            Act::Import { rows, days_ago, once } => self.import(host, rows, *days_ago, *once),
            Act::UndoImport => self.undo_import(host),
            Act::Undo => self.undo(host),
            Act::ThereAndBack { project, minutes } => self.there_and_back(host, *project, *minutes),
            Act::Config { rate, moves } => self.configure(host, *rate, *moves),
            Act::Look => self.look(host),
            Act::Backup => self.back_up(host),
            Act::Restore { nth } => self.restore(host, *nth),
            Act::Close => self.close(host),
            Act::Kill => {
                self.kill(host);
                Answer::done("killed between two calls")
            }
            Act::Power => self.fail_power(),
            Act::Sleep { hours } => self.sleep(host, *hours),
            Act::Clock { minutes } => self.set_clock(host, *minutes),
        }
    }

    /// Returns the answer to a failed call. Trouble with the disk or with other programs needs a cause.
    pub(crate) fn refused(&self, error: &Error) -> Answer {
        let words = format!("{error:#}");
        let words = format!("refused: {}", self.plainly(words.lines().next().unwrap_or_default()));
        let seen = self.disk.seen();
        let is_trouble = matches!(trouble(error), Some(Trouble::Locked | Trouble::Disk | Trouble::Damaged));
        let broken = (is_trouble && seen.fault.is_none()).then(|| format!("trouble without a cause: {error:#}"));
        Answer {
            broken,
            ..Answer::refused(words)
        }
    }

    /// Returns words without what differs from run to run: the folder of the home, and names of files beside their place.
    fn plainly(&self, words: &str) -> String {
        let mut words = words.replace(&*self.disk.root().to_string_lossy(), "~");
        while let Some(from) = words.find("/.keeptab-") {
            let is_end = |letter: char| letter == ':' || letter == ' ';
            let end = words[from..].find(is_end).map_or(words.len(), |end| from + end);
            words.replace_range(from..end, "/NEW");
        }
        words
    }

    /// Returns the calendar of the person.
    pub(crate) fn calendar(&self) -> Calendar {
        let open = self.hosts.iter().flatten().next();
        open.map_or_else(
            || Calendar::new(chrono_tz::Europe::Berlin),
            |engine| engine.config().calendar,
        )
    }

    /// Returns the report of all time, by project and day.
    pub(crate) fn report(&mut self, host: u8) -> anyhow::Result<Value> {
        let report = self.ask(host, |engine, now| engine.report(Some(Range::All), By::Day, now))?;
        Ok(serde_json::to_value(report)?)
    }
}
