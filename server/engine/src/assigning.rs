//! *Assign*: a rule for the files or pages of a project, and the way back.

use anyhow::Result;
use keeptab_config::{Assigned, Edit};
use keeptab_core::instant::Instant;
use keeptab_system::plain::{self, LONGEST_TEXT};
use serde::{Deserialize, Serialize};

use super::Engine;
use super::done::{Details, Done};

/// The setting that holds the rules that can be taken back.
const SETTING: &str = "assigned";
/// The most rules that are kept.
const KEPT: usize = 20;

/// A rule that was written, and when.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    at: Instant,
    assigned: Assigned,
}

impl Engine {
    /// Writes a rule, or a project with one, so that [`Engine::undo`] takes it back.
    ///
    /// # Errors
    ///
    /// As [`Engine::edit`].
    pub fn assign(&mut self, edit: &Edit, now: Instant) -> Result<Done> {
        let (done, assigned) = self.change_config(edit, now)?;
        let Some(assigned) = assigned else { return Ok(done) };
        let mut kept = self.kept_rules()?;
        kept.push(Kept { at: now, assigned });
        self.keep_rules(&kept)?;
        Ok(done.undoable())
    }

    /// Takes the latest rule back if it was written at or after an instant. Returns `None` if there is no such rule; one
    /// that the user removed by hand is forgotten.
    pub(super) fn undo_rule(&mut self, since: Option<Instant>, now: Instant) -> Result<Option<Done>> {
        let mut kept = self.kept_rules()?;
        let text = plain::read_text(&self.home.config_file(), LONGEST_TEXT).unwrap_or_default();
        while kept.last().is_some_and(|last| !last.assigned.stands(&text)) {
            kept.pop();
        }
        let latest = kept.last().filter(|last| since.is_none_or(|since| last.at >= since));
        let Some(Kept { assigned, .. }) = latest.cloned() else {
            return Ok(None);
        };
        let (done, _) = self.change_config(&Edit::TakeBack(assigned.clone()), now)?;
        kept.pop();
        self.keep_rules(&kept)?;
        let name = assigned.name();
        let moved = done.summary.split_once('\n').map(|(_, moved)| format!("\n{moved}"));
        let text = format!("taken back: {name}{}", moved.unwrap_or_default());
        Ok(Some(Done::new(text).with(Details {
            what: Some(name),
            config: Some(self.home.config_file()),
            ..Details::default()
        })))
    }

    fn kept_rules(&self) -> Result<Vec<Kept>> {
        let text = self.store.setting(SETTING)?;
        // Rules that another version wrote in another form cannot be taken back.
        Ok(text
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default())
    }

    fn keep_rules(&mut self, kept: &[Kept]) -> Result<()> {
        let first = kept.len().saturating_sub(KEPT);
        let text = serde_json::to_string(&kept[first..])?;
        self.store.set_setting(SETTING, Some(&text))
    }
}
