//! Saves that other programs than an editor made, in the folders of projects that ask for them.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::Result;
use keeptab_config::Watch;
use keeptab_core::activity::{Actor, Kind};
use keeptab_core::entity::Entity;
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::rule::{ProjectId, Subject, Target};
use keeptab_store::{NewEvent, NewSign, StoredSign};
use schemars::JsonSchema;
use serde::Serialize;

use super::Engine;

/// The source of these saves on this device.
const SOURCE: &str = "watch";
/// If an editor reports a file so close to a save, it made the save, or shows the program that did.
const BEFORE: Length = Length::from_millis(15_000);
const AFTER: Length = Length::from_millis(3000);

/// The folders to watch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Followed {
    /// Folders, none of them within another.
    pub folders: Vec<PathBuf>,
    /// Globs that are too wide to be watched.
    pub too_wide: Vec<String>,
}

/// A file that was written.
#[derive(Clone, Debug)]
pub struct Saved {
    /// The instant.
    pub at: Instant,
    /// Its path.
    pub path: String,
    /// True if it is the first of many that were written at once.
    pub many: bool,
}

/// The recorded saves.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Outside(pub Vec<OutsideRow>);

/// A recorded save.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OutsideRow {
    at: String,
    project: ProjectId,
    path: String,
    actor: Actor,
    many: bool,
}

impl Engine {
    /// Returns the folders of the projects that ask for watching.
    pub fn followed(&self) -> Followed {
        let mut folders = BTreeSet::new();
        let mut too_wide = Vec::new();
        let home = self.home.platform().home.map(PathBuf::from);
        for rule in self.config.rules.rules() {
            let watched = matches!(rule.target(), Target::Project(id) if self.watch(id) != Watch::Off);
            let elsewhere = rule.prefix().contains("//");
            if !watched || rule.is_exception() || rule.subject() != Subject::Path || elsewhere {
                continue;
            }
            let folder = rule.folder().map(Path::new);
            let narrow = folder.filter(|folder| {
                folder.is_absolute()
                    && folder.parent().is_some()
                    && !home.as_ref().is_some_and(|home| home.starts_with(folder))
            });
            match narrow {
                Some(folder) => {
                    folders.insert(folder.to_owned());
                }
                None => too_wide.push(rule.text().to_owned()),
            }
        }
        let mut outermost: Vec<PathBuf> = Vec::new();
        // Sorted, so that a folder comes before its subfolders.
        for folder in folders {
            if !outermost.iter().any(|outer| folder.starts_with(outer)) {
                outermost.push(folder);
            }
        }
        Followed {
            folders: outermost,
            too_wide,
        }
    }

    /// Records saves that no editor reported: as human work if the config says so, as evidence otherwise. Many files
    /// at once are not human work.
    ///
    /// # Errors
    ///
    /// If the store cannot be written.
    pub fn outside(&mut self, saves: &[Saved], now: Instant) -> Result<Outside> {
        let mut rows = Vec::new();
        let mut events = Vec::new();
        if self.store.paused()? {
            return Ok(Outside::default());
        }
        for save in saves {
            let entity = Entity::from_uri(&save.path, None);
            let Some(Target::Project(project)) = self.config.rules.resolve(&entity) else {
                continue;
            };
            let watch = self.watch(project);
            if watch == Watch::Off || (!save.many && self.was_told(&entity, save.at)?) {
                continue;
            }
            let actor = if watch == Watch::Human && !save.many {
                Actor::Human
            } else {
                Actor::Agent
            };
            rows.push(OutsideRow {
                at: save.at.to_rfc3339(),
                project: project.clone(),
                path: entity.to_string(),
                actor,
                many: save.many,
            });
            events.push(NewEvent {
                seq: None,
                at: save.at,
                sign: NewSign::Heartbeat {
                    kind: Kind::Outside,
                    actor,
                    entity,
                    root: None,
                    language: None,
                },
            });
        }
        if !events.is_empty() {
            self.store.take(SOURCE, &events, self.recent(now))?;
        }
        Ok(Outside(rows))
    }

    fn watch(&self, project: &ProjectId) -> Watch {
        self.config.project(project).map_or(Watch::Off, |project| project.watch)
    }

    /// Returns whether an editor told of a file at about an instant.
    fn was_told(&self, entity: &Entity, at: Instant) -> Result<bool> {
        let Some(span) = Span::new(at - BEFORE, at + AFTER) else {
            return Ok(false);
        };
        let mut seen = Vec::new();
        self.store.events(span, |event| match event.sign {
            StoredSign::Heartbeat(kind, _, entity) if kind != Kind::Outside => seen.push(entity),
            _ => {}
        })?;
        seen.sort_unstable();
        seen.dedup();
        for id in seen {
            if self.store.entity(id)?.0 == *entity {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl fmt::Display for Outside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, row) in self.0.iter().enumerate() {
            let end = if index + 1 < self.0.len() { "\n" } else { "" };
            let what = match (row.many, row.actor) {
                (true, _) => "many files at once, not counted, beginning with",
                (false, Actor::Human) => "saved by you:",
                (false, Actor::Agent) => "saved by a program, not counted:",
            };
            write!(f, "{}  {}  {what} {}{end}", row.at, row.project, row.path)?;
        }
        Ok(())
    }
}
