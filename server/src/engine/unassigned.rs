//! What no rule names: the folders whose time is unassigned.

use std::collections::BTreeMap;
use std::fmt;

use anyhow::Result;
use keeptab_core::correction::To;
use keeptab_core::instant::{Instant, Length};
use keeptab_core::rule::escaped;
use serde::Serialize;

use super::Engine;
use super::view::table;

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
