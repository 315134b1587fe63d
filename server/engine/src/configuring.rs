//! Reading, watching over and editing the config.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use chrono_tz::Tz;
use keeptab_config::{Assigned, Config, Edit, Finding, Severity, Surroundings};
use keeptab_core::instant::Instant;
use keeptab_core::rule::Target;
use keeptab_system::home::{Home, lock_file, write_through};
use keeptab_system::plain::{self, LONGEST_TEXT};

use super::done::{Details, Done};
use super::{Engine, comparing};

/// A config that is being written and is not in force.
#[derive(Clone, Debug)]
pub struct Proof {
    /// The config if it is valid; else the config in force.
    pub config: Config,
    /// True if it is valid.
    pub is_good: bool,
    /// The findings, by line.
    pub findings: Vec<Finding>,
}

impl Engine {
    /// Returns whether the config names the user's own business.
    #[must_use]
    pub fn has_business(&self) -> bool {
        self.config.business.is_some()
    }

    /// Reads a config that is being written.
    ///
    /// # Errors
    ///
    /// If the store cannot be read. Mistakes in the text are findings, not errors.
    pub fn proof(&self, text: &str) -> Result<Proof> {
        let (config, mut findings) = self.read_config(text)?;
        let is_good = config.is_some();
        let config = config.unwrap_or_else(|| self.config.clone());
        if is_good {
            findings.extend(self.missing(&config)?);
        }
        Ok(Proof {
            config,
            is_good,
            findings,
        })
    }

    /// Reads the config file and puts it in force if it is valid. Returns true if anything changed.
    ///
    /// # Errors
    ///
    /// If the store cannot be read or written. A file that is not valid leaves the config in force.
    pub fn reload(&mut self, now: Instant) -> Result<bool> {
        let path = self.home.config_file();
        let text = match plain::read_text(&path, LONGEST_TEXT) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => {
                let hint = match error.kind() {
                    ErrorKind::FileTooLarge | ErrorKind::InvalidInput => "put a config there that was written by hand",
                    _ => "is it yours, and UTF-8?",
                };
                let message = format!("{} cannot be read: {error}\nhint: {hint}", path.display());
                return self.fall_back(vec![Finding::new(Severity::Error, "", 0..0, message)]);
            }
        };
        let in_force = self.store.config_in_force()?;
        // An editor that saves may empty the file first. An empty file is no change, or ignored work would be
        // recorded.
        let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
            if in_force.as_deref().is_none_or(str::is_empty) {
                return Ok(self.put(empty(&self.home), Vec::new(), true));
            }
            let hint = "put it back, or run `keeptab init`";
            let message = format!("{} is gone or empty\nhint: {hint}", path.display());
            return self.fall_back(vec![Finding::new(Severity::Error, "", 0..0, message)]);
        };
        match self.read_config(&text)? {
            (Some(mut config), mut findings) => {
                findings.extend(self.missing(&config)?);
                let fresh = in_force.as_deref() != Some(&*text);
                if !self.store.is_read_only() && (fresh || self.store.links_in_force()?.is_none()) {
                    let clients = config
                        .clients
                        .iter()
                        .map(|(id, client)| ("client", &**id, &*client.party.name));
                    let projects = config.projects.iter().map(|project| {
                        let terms = &project.terms;
                        ("project", terms.project.as_str(), &*terms.name)
                    });
                    let names: Vec<_> = clients.chain(projects).collect();
                    // Reported only if it changes while the engine runs, not at the first start.
                    if fresh && in_force.is_some() && self.opened {
                        self.moved = comparing::sentence(&self.moved_by(&config, now)?);
                        self.forgettable = self.newly_ignored(&config)?;
                    }
                    let links = serde_json::to_string(config.rules.links())?;
                    self.store.put_config_in_force(&text, &links, &names, now)?;
                    // Another host may have been quicker; all compare with the same.
                    if self.store.links_in_force()?.is_some_and(|stored| stored != links)
                        && let (Some(stored), _) = self.read_config(&text)?
                    {
                        config = stored;
                    }
                }
                // Another host may have put it in force already, but for this host it is new.
                let news = !self.file_is_good || config.counting_hash() != self.config.counting_hash();
                self.put(config, findings, true);
                Ok(fresh || news)
            }
            (None, findings) => self.fall_back(findings),
        }
    }

    /// Returns the error in the config's file, if it is the reason why the last good one is in force.
    pub fn broken(&self) -> Option<String> {
        self.mistake().map(|finding| format!("keeptab.toml:{finding}"))
    }

    /// Returns the first error in the config's file.
    pub(super) fn mistake(&self) -> Option<&Finding> {
        let is_error = |finding: &&Finding| finding.severity == Severity::Error;
        self.findings.iter().find(is_error).filter(|_| !self.file_is_good)
    }

    /// Returns warnings about projects that history uses and the config lacks: their time is unassigned until they are
    /// back.
    fn missing(&self, config: &Config) -> Result<Vec<Finding>> {
        let named = self
            .store
            .named_projects()?
            .into_iter()
            .filter(|id| config.index_of(id).is_none());
        let finding = |id| {
            let hint = format!("add [project.\"{id}\"] again, or say was = [\"{id}\"] under its new name");
            Finding::new(
                Severity::Warning,
                "",
                0..0,
                format!("history uses project `{id}`, which is gone\nhint: {hint}"),
            )
        };
        Ok(named.map(finding).collect())
    }

    /// Returns how many things that are kept a config ignores, if it has a rule for that which the present one lacks.
    fn newly_ignored(&self, config: &Config) -> Result<Option<usize>> {
        let ignoring = |config: &Config| -> BTreeSet<String> {
            let rules = config.rules.rules().iter();
            let rules = rules.filter(|rule| *rule.target() == Target::Ignore);
            rules.map(|rule| rule.text().to_owned()).collect()
        };
        if ignoring(config).is_subset(&ignoring(&self.config)) {
            return Ok(None);
        }
        let things = self.store.things()?;
        let ignored = things
            .iter()
            .filter(|thing| config.rules.resolve(thing) == Some(&Target::Ignore));
        Ok(Some(ignored.count()).filter(|count| *count > 0))
    }

    /// Keeps the last good config in force and stores the findings of the file.
    fn fall_back(&mut self, findings: Vec<Finding>) -> Result<bool> {
        let changed = self.findings != findings;
        let last = self.store.config_in_force()?.unwrap_or_default();
        let (config, _) = self.read_config(&last)?;
        self.put(config.unwrap_or_else(|| empty(&self.home)), findings, false);
        Ok(changed)
    }

    fn put(&mut self, config: Config, findings: Vec<Finding>, good: bool) -> bool {
        let changed = self.findings != findings || self.file_is_good != good;
        self.config = config;
        self.findings = findings;
        self.file_is_good = good;
        self.forget_computed();
        changed
    }

    /// Drops results that were computed with other rules.
    pub(super) fn forget_computed(&mut self) {
        self.tags.clear();
        self.unbilled = None;
        self.forget_compared();
    }

    /// Changes the config file, having checked that it stays good.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or written, or would be no valid config afterwards.
    pub fn edit(&mut self, edit: &Edit, now: Instant) -> Result<Done> {
        let (done, _) = self.change_config(edit, now)?;
        Ok(done)
    }

    /// Changes the config file, and returns the rule that was written, if any.
    pub(super) fn change_config(&mut self, edit: &Edit, now: Instant) -> Result<(Done, Option<Assigned>)> {
        let path = self.home.config_file();
        let _alone = hold(&self.home.database().with_extension("lock"))?;
        let text = match plain::read_text(&path, LONGEST_TEXT) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error).with_context(|| format!("{} cannot be read", path.display())),
        };
        let changed = edit.apply(&text)?;
        let (config, findings) = self.read_config(&changed)?;
        if config.is_none() {
            let first = findings.iter().find(|finding| finding.severity == Severity::Error);
            let message = first.map_or("the config would be broken", |finding| &finding.message);
            bail!("{message}");
        }
        write_through(&path, changed.as_bytes())?;
        self.reload(now)?;
        let mut said = format!("written to {}", path.display());
        // Warnings about what was just written.
        let (_, known) = self.read_config(&text)?;
        let is_known = |finding: &&Finding| known.iter().any(|known| known.message == finding.message);
        let moved = self.take_moved();
        let warnings = findings.iter().filter(|finding| !is_known(finding));
        for more in moved.iter().chain(warnings.map(|finding| &finding.message)) {
            said.push('\n');
            said.push_str(more);
        }
        let assigned = Assigned::of(edit, &text, &changed);
        let details = Details {
            config: Some(path),
            ..Details::default()
        };
        Ok((Done::new(said).with(details), assigned))
    }
}

/// Waits until no other program changes the config. Dropping the result frees it.
pub(super) fn hold(path: &Path) -> Result<File> {
    let lock = lock_file(path).with_context(|| format!("cannot make {}", path.display()))?;
    lock.lock().with_context(|| format!("cannot lock {}", path.display()))?;
    Ok(lock)
}

/// Returns the config for a home without one.
pub(super) fn empty(home: &Home) -> Config {
    Config::empty(surroundings(home).zone)
}

pub(super) fn surroundings(home: &Home) -> Surroundings {
    Surroundings {
        platform: home.platform(),
        zone: system_zone(),
        is_folder: |folder| Path::new(folder).is_dir(),
    }
}

/// Returns the system's time zone; UTC if it is unknown. All hosts agree on it, for it depends on no environment.
fn system_zone() -> Tz {
    let name = iana_time_zone::get_timezone().ok();
    name.and_then(|name| name.parse().ok()).unwrap_or(Tz::UTC)
}

/// Returns the time zone to propose: that of the user's environment, else the system's.
#[must_use]
pub fn usual_zone(home: &Home) -> Tz {
    let named = home.zone().and_then(|zone| zone.parse().ok());
    named.unwrap_or_else(system_zone)
}
