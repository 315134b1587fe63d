//! What no rule names: the folders whose time is unassigned.

use std::collections::BTreeMap;
use std::fmt;

use anyhow::Result;
use chrono::Days;
use keeptab_core::correction::To;
use keeptab_core::entity::Entity;
use keeptab_core::instant::{Instant, Length};
use keeptab_core::rule::escaped;
use serde::Serialize;

use super::Engine;
use super::view::table;

/// A folder is worth a question once so much of seven days' time is unassigned in it: a look into one is no project.
const WORTH_A_QUESTION: Length = Length::from_minutes(5);

/// The workspace roots with unassigned time in this week, those with most of it first.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Roots(pub Vec<Root>);

/// A workspace root that no rule names.
#[derive(Clone, Debug, Serialize)]
pub struct Root {
    /// The folder, `~` for the user's own, or the host of a page.
    pub root: String,
    /// How much time is unassigned in it.
    pub seconds: i64,
}

impl Root {
    /// Returns it as a rule can name it, whatever letters it has: a folder from the root or from `~`, or a site.
    #[must_use]
    pub fn target(&self) -> String {
        target_of(&self.root)
    }
}

/// Returns a root as a rule can name it; see [`Root::target`].
#[must_use]
pub fn target_of(root: &str) -> String {
    let drive = root.get(1..3).is_some_and(|rest| rest.starts_with(":/"));
    if drive || root.starts_with(['~', '/']) {
        escaped(root)
    } else {
        format!("https://{}", escaped(root))
    }
}

impl Engine {
    /// Lists the roots of this week's unassigned time.
    pub(super) fn unassigned(&mut self, now: Instant) -> Result<Roots> {
        let calendar = self.config.calendar;
        let (first, last) = calendar.week_of(calendar.day_of(now));
        let span = calendar.days(first, last);
        let ledger = self.ledger(span, None, now)?;
        let mut roots: BTreeMap<String, Length> = BTreeMap::new();
        for piece in self.pieces(&ledger, span, now)? {
            if let (To::Unassigned, Some(root)) = (&piece.to, piece.hint) {
                *roots.entry(root).or_default() += piece.span.length();
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

    /// Returns the folder that the person works in, where no rule names it: once for each folder, whichever host asks.
    pub fn offer(&mut self, now: Instant) -> Result<Option<Root>> {
        // Before there are projects, or while none can be added, there is nothing to propose.
        let has_words = self.config.business.is_some() || !self.config.projects.is_empty();
        if !has_words || self.broken().is_some() {
            return Ok(None);
        }
        let calendar = self.config.calendar;
        let today = calendar.day_of(now);
        let span = calendar.days(today - Days::new(6), today);
        let ledger = self.ledger(span, None, now)?;
        let pieces = self.pieces(&ledger, span, now)?;
        let mut roots: BTreeMap<&str, (Length, Instant)> = BTreeMap::new();
        for piece in pieces.iter().filter(|piece| piece.to == To::Unassigned) {
            if let Some(root) = &piece.hint {
                let (length, end) = roots.entry(root).or_insert((Length::ZERO, piece.span.end()));
                *length += piece.span.length();
                *end = (*end).max(piece.span.end());
            }
        }
        let lately = now - self.config.counting.idle_timeout;
        let here = roots
            .into_iter()
            .filter(|(root, (length, end))| *length >= WORTH_A_QUESTION && *end >= lately && !self.has_rule(root))
            .max_by_key(|(_, (length, _))| *length);
        let Some((root, (length, _))) = here else {
            return Ok(None);
        };
        let root = root.to_owned();
        if !self.store.is_first(&format!("offered {root}"))? {
            return Ok(None);
        }
        Ok(Some(Root {
            root,
            seconds: length.whole_seconds(),
        }))
    }
}

impl Engine {
    /// Whether a rule names what lies in a root. Sites have rules of their own, and a whole home is no project: neither is
    /// proposed.
    fn has_rule(&self, root: &str) -> bool {
        let Some(folder) = self.home.lengthen(root) else {
            return true;
        };
        if matches!(root, "~" | "/") {
            return true;
        }
        let inside = Entity::Path(format!("{}/_", folder.trim_end_matches('/')));
        self.config.rules.resolve(&inside).is_some()
    }
}

impl fmt::Display for Roots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(most) = self.0.first() else {
            return write!(f, "no folder of this week is unassigned");
        };
        let row = |root: &Root| vec![root.root.clone(), Length::from_secs(root.seconds).to_string()];
        let rows: Vec<Vec<String>> = self.0.iter().map(row).collect();
        table(f, &["unassigned", "time"], &rows, &[1])?;
        write!(f, "\n\n`keeptab assign {} PROJECT` writes a rule for it", most.root)
    }
}
