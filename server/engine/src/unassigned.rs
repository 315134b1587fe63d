//! Folders whose time is unassigned, because no rule names them.

mod folders;

use std::collections::BTreeMap;
use std::fmt;

use anyhow::Result;
use chrono::Days;
use keeptab_core::correction::To;
use keeptab_core::entity::Entity;
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::plain::shell;
use keeptab_core::rule::{Subject, escaped};
use keeptab_core::timeline::within;
use schemars::JsonSchema;
use serde::Serialize;

use super::Engine;
use super::view::table;

/// The least unassigned time in seven days for which a folder is proposed: a short look into one is not a project.
const WORTH_A_QUESTION: Length = Length::from_minutes(5);

/// The time after which a folder without a rule is proposed again.
const AGAIN_AFTER: Length = Length::from_minutes(7 * 24 * 60);

/// The workspace roots with unassigned time in this week, those with most of it first.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Roots(pub Vec<Root>);

impl Roots {
    /// Returns those that a rule can name: the home folder and the roots of disks and hosts hold everything.
    pub fn folders(&self) -> impl Iterator<Item = &Root> {
        self.0.iter().filter(|root| !folders::is_everything(&root.root))
    }
}

/// A workspace root that no rule names, or a folder of work outside of workspaces.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Root {
    /// The folder, `~` for the user's own, or the host of a page.
    pub root: String,
    /// The unassigned seconds in it.
    pub seconds: i64,
}

impl Root {
    /// Returns it as a rule can name it, with any character escaped: a folder from the root or from `~`, or a site.
    #[must_use]
    pub fn target(&self) -> String {
        target_of(&self.root)
    }
}

/// Returns a root as a rule can name it; see [`Root::target`].
#[must_use]
pub fn target_of(root: &str) -> String {
    let drive = root.get(1..3).is_some_and(|rest| rest.starts_with(":/"));
    let host = root.contains("://") && Subject::of(root) == Subject::Path;
    if drive || host || root.starts_with(['~', '/']) {
        escaped(root)
    } else {
        format!("https://{}", escaped(root))
    }
}

impl Engine {
    /// Lists the roots of this week's unassigned time.
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    pub fn unassigned(&mut self, now: Instant) -> Result<Roots> {
        let calendar = self.config.calendar;
        let (first, last) = calendar.week_of(calendar.day_of(now));
        let span = calendar.days(first, last);
        let ledger = self.ledger(span, None, now)?;
        let mut roots: BTreeMap<String, Length> = BTreeMap::new();
        let mut outside = BTreeMap::<String, Vec<(String, Length)>>::new();
        for piece in self.pieces(&ledger, span, now)? {
            match (&piece.to, piece.hint) {
                (To::Unassigned, Some(root)) if folders::is_everything(&root) => {
                    let work = self.by_folder(&root, piece.span, now)?;
                    outside.entry(root).or_default().extend(work);
                }
                (To::Unassigned, Some(root)) => *roots.entry(root).or_default() += piece.span.length(),
                _ => {}
            }
        }
        for (everything, work) in outside {
            for (folder, length) in folders::deepest(&everything, work) {
                *roots.entry(folder).or_default() += length;
            }
        }
        let root = |(root, length): (String, Length)| Root {
            root,
            seconds: length.whole_seconds(),
        };
        let mut roots: Vec<Root> = roots.into_iter().map(root).collect();
        roots.sort_by_key(|root| std::cmp::Reverse(root.seconds));
        Ok(Roots(roots))
    }

    /// Returns the folders of the things in a span, with their time: for work outside of any workspace.
    fn by_folder(&mut self, everything: &str, span: Span, now: Instant) -> Result<Vec<(String, Length)>> {
        let mut folders = Vec::new();
        for stretch in within(&self.things(span, now, |_| ())?, span) {
            let (entity, _) = self.store.entity(stretch.tag.entity)?;
            let folder = self.folder_of(&entity, None);
            let folder = folder.unwrap_or_else(|| everything.to_owned());
            folders.push((folder, stretch.span.length()));
        }
        Ok(folders)
    }

    /// Returns the open workspace root that the person works in, if no rule names it: once a week per root, whichever host
    /// asks.
    ///
    /// # Errors
    ///
    /// If the store cannot be read or written.
    pub fn offer(&mut self, open: &[String], now: Instant) -> Result<Option<Root>> {
        // Before there are projects, or while none can be added, there is nothing to propose.
        if !self.has_words() || self.broken().is_some() {
            return Ok(None);
        }
        let mut unnamed = BTreeMap::new();
        for root in open.iter().filter_map(|root| self.unnamed_root(root)) {
            if !self.was_offered(&root, now)? {
                unnamed.insert(root, (Length::ZERO, Instant::EARLIEST));
            }
        }
        if unnamed.is_empty() {
            return Ok(None);
        }
        let calendar = self.config.calendar;
        let today = calendar.day_of(now);
        let span = calendar.days(today - Days::new(6), today);
        let ledger = self.ledger(span, None, now)?;
        for piece in self.pieces(&ledger, span, now)? {
            let root = piece.hint.filter(|_| piece.to == To::Unassigned);
            if let Some((length, end)) = root.and_then(|root| unnamed.get_mut(&root)) {
                *length += piece.span.length();
                *end = (*end).max(piece.span.end());
            }
        }
        let lately = now - self.config.counting.idle_timeout;
        let here = unnamed
            .into_iter()
            .filter(|(_, (length, end))| *length >= WORTH_A_QUESTION && *end >= lately)
            .max_by_key(|(_, (_, end))| *end);
        let Some((root, (length, _))) = here else {
            return Ok(None);
        };
        // Another host may have been faster.
        if !self.store.keep_once_since(&offered(&root), now, now - AGAIN_AFTER)? {
            return Ok(None);
        }
        Ok(Some(Root {
            root,
            seconds: length.whole_seconds(),
        }))
    }

    /// Returns true if a root was offered in the last seven days. An earlier version kept no time; it is taken as long ago.
    fn was_offered(&self, root: &str, now: Instant) -> Result<bool> {
        let kept = self.store.setting(&offered(root))?;
        let at = kept.and_then(|at| at.parse().ok()).map(Instant::from_millis);
        Ok(at.is_some_and(|at| at > now - AGAIN_AFTER))
    }

    /// Returns a workspace root in the form of its time's entity, if it is a folder without a rule. The home folder is
    /// never proposed.
    fn unnamed_root(&self, uri: &str) -> Option<String> {
        let entity = Entity::unnamed(Some(uri));
        let Entity::Unnamed { root: Some(folder) } = &entity else {
            return None;
        };
        let root = self.home.shorten(folder);
        let rules = &self.config.rules;
        let about = [entity.clone(), Entity::Path(folder.clone())];
        let is_named = (0..rules.rules().len()).any(|index| about.iter().any(|entity| rules.is_match(index, entity)));
        (!is_named && Subject::of(folder) == Subject::Path && !folders::is_everything(&root)).then_some(root)
    }
}

/// Returns the setting that stores when a root was offered.
fn offered(root: &str) -> String {
    format!("offered {root}")
}

impl fmt::Display for Roots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return write!(f, "no folder of this week is unassigned");
        }
        let row = |root: &Root| vec![root.root.clone(), Length::from_secs(root.seconds).to_string()];
        let rows: Vec<Vec<String>> = self.0.iter().map(row).collect();
        table(f, &["unassigned", "time"], &rows, &[1])?;
        match self.folders().next() {
            Some(most) => {
                let folder = shell(&most.target());
                write!(f, "\n\n`keeptab assign {folder} PROJECT` writes a rule for it")
            }
            None => write!(
                f,
                "\n\n`keeptab review` gives that time to a project: it lies in no folder of its own"
            ),
        }
    }
}
