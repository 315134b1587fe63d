//! Work behind some stretches: the things touched, for how long, by whom, and the rule that names them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;

use anyhow::Result;
use keeptab_core::activity::{Actor, Strength};
use keeptab_core::entity::Entity;
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::rule::{ProjectId, Rule, Subject, Target};
use keeptab_core::timeline::{Tag, within};
use keeptab_store::{EntityId, StoredSign};
use schemars::JsonSchema;
use serde::Serialize;

use super::Engine;

/// The work behind some stretches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Behind {
    /// The things that the person touched, the longest first.
    pub touched: Vec<Touched>,
    /// The time on private things.
    pub private: Length,
    /// The languages of the files, the one with the most time first.
    pub languages: Vec<String>,
    /// The number of things that agents changed, and the number of their changes.
    pub agents: (usize, usize),
    /// The rules' result for the thing that was touched longest.
    pub rule: Option<Won>,
    /// The likely projects, the likeliest first.
    pub likely: Vec<ProjectId>,
    /// One path per repository that may have commits, those touched longest first.
    #[serde(skip)]
    pub places: Vec<PathBuf>,
    /// The subjects of the user's commits, once they were looked up.
    pub commits: Vec<String>,
    /// The note that the commits propose.
    pub note: Option<String>,
}

/// A touched thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Touched {
    /// The name, as the user would write it.
    pub name: String,
    /// True if it is a page.
    pub page: bool,
    /// The time credited to it.
    pub time: Length,
    /// The number of heartbeats in these stretches.
    pub count: usize,
}

/// The rules' result for one thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Won {
    /// The thing, as the user would write it.
    pub of: String,
    /// The glob of the rule that wins, and its project; `None` if no rule names the thing.
    pub by: Option<(String, ProjectId)>,
}

/// Sums of the heartbeats on one thing.
#[derive(Clone, Copy, Default)]
struct Sum {
    time: Length,
    count: usize,
    agents: usize,
}

/// A touched thing with its stored fields and sums.
struct Thing {
    entity: Entity,
    root: Option<String>,
    language: Option<String>,
    tag: Tag,
    sum: Sum,
}

/// The most repositories that are searched for commits.
const PLACES: usize = 3;

/// Returns one path per workspace root, or per folder if there is no root.
fn places<'a>(things: impl Iterator<Item = &'a Thing>) -> Vec<PathBuf> {
    let mut seen = HashSet::new();
    let place = |thing: &'a Thing| match &thing.entity {
        Entity::Path(path) => {
            let place = thing
                .root
                .as_deref()
                .or_else(|| path.rsplit_once('/').map(|(folder, _)| folder));
            place.filter(|place| place.starts_with('/') || place.contains(":/"))
        }
        _ => None,
    };
    let places = things.filter_map(place).filter(|place| seen.insert(*place));
    places.take(PLACES).map(PathBuf::from).collect()
}

impl Engine {
    /// Returns the work behind some stretches, which do not overlap.
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    pub fn behind(&mut self, spans: &[Span], now: Instant) -> Result<Behind> {
        let mut sums = BTreeMap::new();
        for span in spans {
            self.add_seen(*span, now, &mut sums)?;
        }
        let mut things = Vec::new();
        for (id, sum) in sums.into_iter().filter(|(_, sum)| sum.is_something()) {
            let (entity, root) = self.store.entity(id)?;
            things.push(Thing {
                language: self.store.language(id)?,
                tag: self.tag(id)?,
                entity,
                root,
                sum,
            });
        }
        // Ties are sorted by name.
        things.sort_by(|a, b| (b.sum.time, b.sum.count, &a.entity).cmp(&(a.sum.time, a.sum.count, &b.entity)));
        Ok(self.said(&things))
    }

    /// Adds up the heartbeats of a span; time is counted as the timeline counts it. Looking at a thing does not touch
    /// it.
    fn add_seen(&mut self, span: Span, now: Instant, sums: &mut BTreeMap<EntityId, Sum>) -> Result<()> {
        let things = self.things(span, now, |event| match event.sign {
            StoredSign::Heartbeat(kind, actor, entity)
                if kind.strength() == Strength::Strong && span.contains(event.at) && event.at <= now =>
            {
                let sum = sums.entry(entity).or_default();
                match actor {
                    Actor::Human => sum.count += 1,
                    Actor::Agent => sum.agents += 1,
                }
            }
            _ => {}
        })?;
        for stretch in within(&things, span) {
            sums.entry(stretch.tag.entity).or_default().time += stretch.span.length();
        }
        Ok(())
    }

    fn said(&self, things: &[Thing]) -> Behind {
        let open = || things.iter().filter(|thing| thing.tag != Tag::Private);
        let human = || open().filter(|thing| thing.sum.is_human());
        let agents = || open().filter(|thing| thing.sum.agents > 0);
        let touched = human().map(|thing| Touched {
            name: self.shown(&thing.entity),
            page: matches!(thing.entity, Entity::Url(_)),
            time: thing.sum.time,
            count: thing.sum.count,
        });
        let mut languages: Vec<(&str, Length)> = Vec::new();
        for thing in human() {
            let Some(language) = thing.language.as_deref() else {
                continue;
            };
            match languages.iter_mut().find(|(known, _)| *known == language) {
                Some((_, time)) => *time += thing.sum.time,
                None => languages.push((language, thing.sum.time)),
            }
        }
        languages.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
        let private = things.iter().filter(|thing| thing.tag == Tag::Private);
        Behind {
            touched: touched.collect(),
            private: private.map(|thing| thing.sum.time).sum(),
            languages: languages.into_iter().map(|(language, _)| language.to_owned()).collect(),
            agents: (agents().count(), agents().map(|thing| thing.sum.agents).sum()),
            rule: human().find_map(|thing| self.won(&thing.entity)),
            likely: self.likely(&open().collect::<Vec<_>>()),
            places: places(human()),
            commits: Vec::new(),
            note: None,
        }
    }

    /// Returns the rules' result for a file or page.
    fn won(&self, entity: &Entity) -> Option<Won> {
        if matches!(entity, Entity::Unnamed { root: None } | Entity::Private) {
            return None;
        }
        let rules = &self.config.rules;
        let winner = rules.winner(entity).and_then(|index| rules.rules().get(index));
        let by = winner.and_then(|rule| match rule.target() {
            Target::Project(project) => Some((rule.text().to_owned(), project.clone())),
            Target::Ignore => None,
        });
        Some(Won {
            of: self.shown(entity),
            by,
        })
    }

    /// Returns the projects that things may belong to: those that the rules name, by credited time, then those whose
    /// rules share the longest beginning with the things' paths.
    fn likely(&self, things: &[&Thing]) -> Vec<ProjectId> {
        let home = self.home.platform().home;
        let home = home.as_deref().unwrap_or_default();
        let mut named: HashMap<usize, (Length, usize)> = HashMap::new();
        let mut near: HashMap<usize, usize> = HashMap::new();
        for thing in things {
            if let Tag::Project(index) = thing.tag {
                let (time, count) = named.entry(index.0).or_default();
                *time += thing.sum.time;
                *count += thing.sum.count + thing.sum.agents;
                continue;
            }
            let root = thing.root.clone().map(Entity::Path);
            let entities = [Some(thing.entity.clone()), root];
            let places: HashSet<(&str, Subject)> = entities.iter().flatten().filter_map(place).collect();
            for rule in self.config.rules.rules().iter().filter(|rule| !rule.is_exception()) {
                let Target::Project(project) = rule.target() else {
                    continue;
                };
                let index = self.config.index_of(project);
                let common = places.iter().map(|place| common(rule, *place, home)).max();
                if let (Some(index), Some(common @ 1..)) = (index, common) {
                    let most = near.entry(index).or_default();
                    *most = common.max(*most);
                }
            }
        }
        let mut likely: Vec<usize> = named.keys().chain(near.keys()).copied().collect();
        likely.sort_unstable();
        likely.dedup();
        likely.sort_by_key(|index| std::cmp::Reverse((named.get(index), near.get(index))));
        let ids = likely.iter().filter_map(|index| self.config.projects.get(*index));
        ids.map(|project| project.terms.project.clone()).collect()
    }

    /// Returns an entity as the user would write it.
    fn shown(&self, entity: &Entity) -> String {
        match entity {
            Entity::Path(path) => self.short(path),
            Entity::Unnamed { root: Some(root) } => format!("{} (no file)", self.short(root)),
            other => other.to_string(),
        }
    }
}

impl Sum {
    fn is_human(self) -> bool {
        self.count > 0 || !self.time.is_zero()
    }

    fn is_something(self) -> bool {
        self.is_human() || self.agents > 0
    }
}

/// Counts the folders that a rule and a place have in common, below the home folder or the page's host.
fn common(rule: &Rule, (place, subject): (&str, Subject), home: &str) -> usize {
    let common = |a, b| parts(a).zip(parts(b)).take_while(|(a, b)| a == b).count();
    match subject {
        _ if rule.subject() != subject => 0,
        Subject::Path => {
            let free = common(home, place).min(common(home, rule.prefix()));
            common(rule.prefix(), place) - free
        }
        Subject::Url => common(rule.prefix(), place).saturating_sub(2),
    }
}

fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty())
}

fn place(entity: &Entity) -> Option<(&str, Subject)> {
    match entity {
        Entity::Path(path) => Some((path, Subject::Path)),
        Entity::Url(url) => Some((url, Subject::Url)),
        Entity::Unnamed { root } => root.as_deref().map(|root| (root, Subject::Path)),
        Entity::Private => None,
    }
}

#[cfg(test)]
mod tests;
