//! The engine: one store, one config, and everything that can be asked or done.
//!
//! It is plain and synchronous. A host runs it on a thread of its own ([`thread`]); a command on the shell calls it.

mod activity;
mod approving;
mod assigning;
mod away;
mod behind;
mod budgeting;
mod changing;
mod checking;
mod comparing;
mod configuring;
mod dashboard;
mod days;
mod done;
mod doubts;
mod evidence;
mod explaining;
mod exporting;
mod failure;
mod following;
mod handwork;
mod importing;
mod invoicing;
mod ledger;
mod outside;
mod packed;
mod pages;
mod papers;
mod pieces;
mod reading;
mod recording;
mod reporting;
mod reviewing;
mod rooting;
mod safety;
mod statusing;
mod taking;
mod things;
pub mod thread;
mod timing;
mod touching;
mod unassigned;
mod view;
mod worth;

use std::collections::HashMap;

use anyhow::{Result, anyhow};
use keeptab_config::{Config, Finding};
use keeptab_core::instant::{Instant, Span};
use keeptab_core::timeline::Tag;
use keeptab_store::{EntityId, Store};
use keeptab_system::home::Home;

pub use activity::{Activity, Batch, RootNames, What};
pub use approving::SheetFormat;
pub use away::{Gap, Gaps};
pub use behind::{Behind, Touched, Won};
pub use changing::LineChange;
pub use checking::Checked;
pub use comparing::Comparison;
pub use configuring::{Proof, usual_zone};
pub use dashboard::Dashboard;
pub use done::{Done, Undo, in_shell};
pub use doubts::{About, Doubt, Usual};
pub use evidence::Evidence;
pub use exporting::Exported;
pub use failure::{Code, Failure, Refused, SeveralDrafts};
pub use handwork::Addition;
pub use importing::{ImportList, ImportRequest, ImportView, Lacking, LongDay, Progress};
pub use invoicing::{Filter, InvoiceList, InvoiceView, Scope, Sending, State, Verification};
pub use outside::{Followed, Outside, Saved};
pub use pages::Pages;
pub use reporting::{By, Report};
pub use reviewing::SheetView;
pub use safety::{Backup, BackupFile, Forget, Forgetting, Restoration, Salvage, backup_files, restore, salvage};
pub use statusing::Status;
pub use timing::{Start, Timed};
pub use touching::{Lately, Standing};
pub use unassigned::{Root, Roots, target_of};
pub use view::{Catalogue, ClientRow, Explanation, ProjectRow, table};
pub use worth::{Offered, Owed};

pub use keeptab_document::typeset_apart;

/// The address space that a template of the user's own may take, in bytes; allocators reserve some for each processor.
#[cfg(unix)]
const TEMPLATE_MEMORY: u64 = 4 << 30;

/// Typesets a document with a template of the user's own: the job comes on stdin, the result goes to stdout.
///
/// # Errors
///
/// If stdin has no job, or stdout cannot be written.
pub fn typeset() -> Result<()> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let (current, maximum) = (Some(TEMPLATE_MEMORY), Some(TEMPLATE_MEMORY));
        setrlimit(Resource::As, Rlimit { current, maximum })?;
    }
    Ok(keeptab_document::serve(
        std::io::stdin().lock(),
        std::io::stdout().lock(),
    )?)
}

/// All state of a host.
pub struct Engine {
    home: Home,
    store: Store,
    /// The config in force: the file's, or the last good one if the file is broken.
    config: Config,
    /// The findings in the file as it is now.
    findings: Vec<Finding>,
    /// True if the file is the config in force.
    file_is_good: bool,
    /// True if a config came into force before.
    opened: bool,
    /// The message on time moved by the last edit of the config, until it is shown.
    moved: Option<String>,
    /// The number of stored things that a new rule ignores, until it is shown.
    forgettable: Option<usize>,
    /// The message that the store's file was removed or replaced, until it is shown.
    followed: Option<String>,
    /// True if computed days are stored; false while another config is only tried.
    keeps_days: bool,
    /// The project of each entity under the config in force.
    tags: HashMap<EntityId, Tag>,
    /// Partially read days, kept so that reading can resume.
    readings: Vec<reading::Reading>,
    unbilled: Option<statusing::UnbilledBefore>,
    /// The other names of workspace roots.
    roots: rooting::Roots,
    /// The last comparison of a timesheet in the editor.
    kept: checking::Kept,
}

impl Engine {
    /// Opens the store and reads the config.
    ///
    /// # Errors
    ///
    /// If the store cannot be opened.
    pub fn open(home: Home, now: Instant) -> Result<Self> {
        let store = Store::open(&home.database(), now)?;
        Self::on(home, store, now)
    }

    /// Opens the store, read-only if it cannot be written, and reads the config.
    ///
    /// # Errors
    ///
    /// If the store cannot be read either.
    pub fn open_or_read(home: Home, now: Instant) -> Result<Self> {
        let store = Store::open_or_read(&home.database(), now)?;
        Self::on(home, store, now)
    }

    fn on(home: Home, store: Store, now: Instant) -> Result<Self> {
        let config = configuring::empty(&home);
        let mut engine = Self {
            home,
            store,
            config,
            findings: Vec::new(),
            file_is_good: false,
            opened: false,
            keeps_days: true,
            moved: None,
            forgettable: None,
            followed: None,
            tags: HashMap::new(),
            readings: Vec::new(),
            unbilled: None,
            roots: rooting::Roots::default(),
            kept: checking::Kept::default(),
        };
        engine.look_at_roots()?;
        engine.reload(now)?;
        engine.opened = true;
        Ok(engine)
    }

    /// Makes a call on the file that lies at the store's path.
    ///
    /// # Errors
    ///
    /// If the call fails; the message says why, and after `hint:` what to do next.
    pub fn ask<T>(&mut self, now: Instant, call: impl FnOnce(&mut Self, Instant) -> Result<T>) -> Result<T> {
        let answer = self.ask_in_place(now, call);
        answer.map_err(|error| self.explained(error))
    }

    /// Adds the cause to an error: that of the store, or the error in a config that was never valid and so names nobody.
    fn explained(&self, error: anyhow::Error) -> anyhow::Error {
        let names_nobody = matches!(
            Failure::of(&error).code,
            Code::NoBusiness | Code::UnknownClient | Code::UnknownProject
        );
        match self
            .mistake()
            .filter(|_| names_nobody && self.config.business.is_none())
        {
            Some(Finding {
                line, column, message, ..
            }) => {
                anyhow!("the config is broken: keeptab.toml:{line}:{column}: {message}")
            }
            None => self.store.explained(error),
        }
    }

    /// Returns the instant from which on events cannot change the days before today: neither a gap nor a short stretch
    /// over midnight reaches past it.
    fn recent(&self, now: Instant) -> Instant {
        self.today(now).start() + self.config.reach() + self.config.absorb
    }

    /// Returns the present civil day.
    fn today(&self, now: Instant) -> Span {
        let calendar = self.config.calendar;
        calendar.day(calendar.day_of(now))
    }

    /// Returns the folders.
    #[must_use]
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// Returns the store, for reading.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Returns the config in force.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Returns the look of documents.
    fn papers(&self) -> papers::Papers<'_> {
        papers::Papers::of(&self.config, &self.home)
    }

    /// Returns the findings of the config file.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Returns, once, the message on time moved by the last edit of the config.
    pub fn take_moved(&mut self) -> Option<String> {
        self.moved.take()
    }

    /// Returns, once, the number of stored files, folders and pages that a new rule ignores.
    pub fn take_forgettable(&mut self) -> Option<usize> {
        self.forgettable.take()
    }

    /// Returns whether the config file is the config in force.
    #[must_use]
    pub fn file_is_good(&self) -> bool {
        self.file_is_good
    }
}

#[cfg(test)]
mod tests;
