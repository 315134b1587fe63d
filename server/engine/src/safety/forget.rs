//! Forgetting: the part of the history to forget, its removal, and the rewriting of all copies of the database.

use std::collections::HashSet;
use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use chrono::NaiveDate;
use keeptab_core::calendar::Range;
use keeptab_core::entity::Entity;
use keeptab_core::instant::Instant;
use keeptab_core::rule::{Rule, RuleSet, Subject, Target};
use keeptab_store::{Forgotten, Removed, Scope, brief};
use keeptab_system::disk;
use keeptab_system::home::{Beside, Home};
use schemars::JsonSchema;
use serde::Serialize;

use super::{archive, backup};
use crate::Engine;
use crate::comparing::{Moved, difference};
use crate::reporting::By;

/// The part of the history to forget, as the user names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Forget {
    /// The matches of a glob, as in the config; a folder, a file or a page without a wildcard includes everything
    /// below it.
    Named(String),
    /// Everything that the config's present rules ignore.
    Ignored,
    /// Whole days.
    Time(Range),
}

/// The records that were forgotten, or would be.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Forgetting {
    /// True if it is done.
    pub done: bool,
    /// The records that go.
    #[serde(flatten)]
    pub removed: Removed,
    /// The projects whose time or money changes.
    pub moved: Vec<Moved>,
    /// Timesheets with edits that are not applied. They are unchanged, and may still hold forgotten time.
    pub edited: Vec<PathBuf>,
    /// The instants at which things were forgotten that a copy of the database may still hold, RFC 3339.
    pub unfinished: Vec<String>,
    /// The result for the copies of the database; `None` until they are rewritten.
    pub copies: Option<Copies>,
}

/// The result for the copies of the database in the home.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Copies {
    /// The rewritten copies.
    pub written: Vec<PathBuf>,
    /// The copies that may still hold forgotten records.
    pub failed: Vec<Failed>,
}

/// A copy that may still hold forgotten records.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Failed {
    /// The file.
    pub file: PathBuf,
    /// The reason why it cannot be rewritten.
    pub why: String,
}

impl Engine {
    /// Forgets a part of the history, or describes its removal; with `None`, only lists unfinished removals.
    ///
    /// # Errors
    ///
    /// If the range or the glob is invalid, or the store or a sheet cannot be written.
    pub fn forget(&mut self, what: Option<&Forget>, yes: bool, now: Instant) -> Result<Forgetting> {
        let mut forgetting = Forgetting {
            done: yes,
            removed: Removed::default(),
            moved: Vec::new(),
            edited: Vec::new(),
            unfinished: Vec::new(),
            copies: None,
        };
        if let Some(what) = what {
            let scope = self.scope_of(what, now)?;
            let before = self.report(Some(Range::All), By::Project, now)?;
            let after = if yes {
                let (unedited, edited) = self.sheet_files()?;
                forgetting.removed = self.store.forget(&scope, now)?;
                self.forget_read();
                self.write_unknown(&unedited, now)?;
                forgetting.edited = edited.into_iter().map(|week| self.sheet_file(week)).collect();
                self.report(Some(Range::All), By::Project, now)?
            } else {
                forgetting.removed = self.store.try_forgetting(&scope, now)?;
                self.forget_read();
                self.keeps_days = false;
                let after = self.report(Some(Range::All), By::Project, now);
                self.keeps_days = true;
                self.store.have_again()?;
                self.forget_read();
                after?
            };
            forgetting.moved = difference(&before, &after);
        }
        let unfinished = self.store.forgotten_here_alone()?.into_iter();
        forgetting.unfinished = unfinished.map(Instant::to_rfc3339).collect();
        Ok(forgetting)
    }

    /// Returns the number of stored files, folders and pages that the rules ignore.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn ignored_and_kept(&self) -> Result<usize> {
        Ok(self.store.things()?.iter().filter(|thing| self.ignores(thing)).count())
    }

    fn forget_read(&mut self) {
        self.readings.clear();
        self.forget_computed();
    }

    fn scope_of(&self, what: &Forget, now: Instant) -> Result<Scope> {
        Ok(match what {
            Forget::Time(range) => {
                let calendar = self.config.calendar;
                let range = range.resolved(&calendar, now)?;
                let days = range.days(&calendar, now);
                // The days of all time are compared as text, which a year of more than four digits would break.
                let all = || NaiveDate::from_ymd_opt(0, 1, 1).zip(NaiveDate::from_ymd_opt(9999, 12, 31));
                let (first, last) = days.or_else(all).context("there are no such days")?;
                Scope::Time {
                    span: range.span(&calendar, now),
                    first,
                    last,
                }
            }
            Forget::Ignored => {
                let things = self.store.things()?.into_iter();
                Scope::Things(topmost(things.filter(|thing| self.ignores(thing)).collect()))
            }
            Forget::Named(glob) => {
                let subject = Subject::of(glob);
                let rule = Rule::new(Target::Ignore, subject, glob, &self.home.platform())?;
                ensure!(!rule.is_exception(), "a glob to forget has no !");
                // The folder itself too, so that another machine forgets what only that one has seen of it.
                let folder = folder_of(&rule).map(|text| match subject {
                    Subject::Path => Entity::Path(text),
                    Subject::Url => Entity::Url(text),
                });
                let rules = RuleSet::new(vec![rule]).with_roots(self.config.rules.roots());
                let things = self.store.things()?.into_iter();
                let named = things.filter(|thing| rules.resolve(thing).is_some());
                Scope::Things(topmost(folder.into_iter().chain(named).collect()))
            }
        })
    }
}

/// Returns the file, folder or page that a glob without a wildcard names.
fn folder_of(rule: &Rule) -> Option<String> {
    let glob = rule.glob();
    let (named, rest) = keeptab_core::rule::literal(&glob);
    matches!(rest, "" | "**").then(|| named.trim_end_matches('/').to_owned())
}

/// Removes things that are below another.
fn topmost(mut things: Vec<Entity>) -> Vec<Entity> {
    let text = |thing: &Entity| match thing {
        Entity::Path(text) | Entity::Url(text) | Entity::Unnamed { root: Some(text) } => {
            text.trim_end_matches('/').to_owned()
        }
        Entity::Unnamed { root: None } | Entity::Private => String::new(),
    };
    things.sort_by_key(|thing| text(thing).len());
    let mut kept = HashSet::new();
    things.retain(|thing| {
        let text = text(thing);
        let mut above = text.match_indices('/').map(|(end, _)| &text[..end]).chain([&*text]);
        !above.any(|above| kept.contains(above)) && kept.insert(text.clone())
    });
    things
}

/// Rewrites the database and its copies, so that none of them holds forgotten records. Runs on any thread.
///
/// # Errors
///
/// If the database cannot be read or written. The answer names a copy that cannot be rewritten.
fn write_anew(home: &Home, now: Instant) -> Result<Copies> {
    let _lock = backup::lock(home, File::lock)?;
    let database = home.database();
    let forgotten = Forgotten::of(&database)?;
    let mut copies = Copies::default();
    if forgotten.is_nothing() {
        return Ok(copies);
    }
    Forgotten::clean(&database)?;
    for file in backup::copies(home) {
        match write_copy_anew(&forgotten, &file, now) {
            Ok(true) => copies.written.push(file),
            Ok(false) => {}
            Err(error) => copies.failed.push(Failed {
                file,
                why: brief(&error),
            }),
        }
    }
    if copies.failed.is_empty() {
        forgotten.note_everywhere(&database, now)?;
    }
    Ok(copies)
}

fn write_copy_anew(forgotten: &Forgotten, file: &Path, now: Instant) -> Result<bool> {
    ensure!(
        !file.to_string_lossy().ends_with("wal"),
        "it is the log of a database that is not there"
    );
    let (old, new) = (Beside::database(file)?, Beside::database(file)?);
    archive::unpack(file, old.path())?;
    if !forgotten.reach(old.path(), new.path(), now)? {
        return Ok(false);
    }
    if archive::is_packed(file)? {
        let packed = Beside::new(file)?;
        archive::compress(new.path(), packed.file())?;
        packed.put()?;
    } else {
        new.put()?;
        // All of it is in the file.
        for end in ["-wal", "-shm"] {
            let mut log = file.as_os_str().to_owned();
            log.push(end);
            let _ = disk::remove(Path::new(&log));
        }
    }
    Ok(true)
}

impl Forgetting {
    /// Finishes what was done in the database: its free space and its copies forget too. Runs on any thread.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn finish(mut self, home: &Home, now: Instant) -> Result<Self> {
        if self.done {
            let copies = write_anew(home, now)?;
            if copies.failed.is_empty() {
                self.unfinished.clear();
            }
            self.copies = Some(copies);
        }
        Ok(self)
    }
}

impl fmt::Display for Forgetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Removed {
            events,
            first,
            last,
            things,
            names,
            entries,
            corrections,
            billed,
        } = &self.removed;
        let several = |count: u64, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
        if self.removed.is_nothing() && *billed == 0 {
            writeln!(f, "  nothing is kept of it in the database")?;
        } else {
            let events = several(*events, "event", "events");
            match first.zip(*last) {
                Some((first, last)) if first == last => writeln!(f, "  {events} of {first}")?,
                Some((first, last)) => writeln!(f, "  {events} from {first} to {last}")?,
                None => writeln!(f, "  {events}")?,
            }
        }
        if *things > 0 {
            writeln!(
                f,
                "  {}:",
                several(*things, "file, folder or page", "files, folders and pages")
            )?;
        }
        for name in names {
            writeln!(f, "    {name}")?;
        }
        let more = things.saturating_sub(names.len() as u64);
        if more > 0 {
            writeln!(f, "    and {more} more")?;
        }
        for (count, one, many) in [
            (*entries, "entry", "entries"),
            (*corrections, "correction", "corrections"),
        ] {
            if count > 0 {
                writeln!(f, "  {}", several(count, one, many))?;
            }
        }
        if !self.moved.is_empty() {
            let moved: Vec<String> = self.moved.iter().map(Moved::words).collect();
            writeln!(f, "  unbilled time: {}", moved.join(", "))?;
        }
        if *billed > 0 {
            writeln!(
                f,
                "  {} of these stay, for invoices bill their time",
                several(*billed, "record", "records")
            )?;
        }
        if !self.done {
            return write!(
                f,
                "nothing was removed yet\nhint: with --yes it is forgotten for good, in the backups too; that cannot be undone"
            );
        }
        write!(f, "forgotten for good")?;
        if let Some(copies) = &self.copies {
            if !copies.written.is_empty() {
                let count = u64::try_from(copies.written.len()).unwrap_or(u64::MAX);
                write!(
                    f,
                    ", and in {}",
                    several(count, "copy of the database", "copies of the database")
                )?;
            }
            for file in &self.edited {
                write!(
                    f,
                    "\n{} has edits that are not applied, and may still hold it",
                    file.display()
                )?;
            }
            for Failed { file, why } in &copies.failed {
                write!(f, "\n{} may still hold it: {why}", file.display())?;
            }
            if !copies.failed.is_empty() {
                write!(f, "\nhint: remove these files, then run `keeptab forget --yes`")?;
            }
        }
        Ok(())
    }
}
