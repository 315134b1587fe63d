//! Laws about the whole history: caches, weak heartbeats, invoices and their documents.

use std::path::Path;

use anyhow::Result;
use keeptab_core::calendar::Range;
use keeptab_core::instant::Instant;
use keeptab_engine::{By, Engine, restore};
use keeptab_system::home::Home;
use serde_json::Value;

use super::said;
use crate::rows;
use crate::world::World;

impl World {
    /// Checks the laws that read everything.
    pub(super) fn whole(&mut self) -> Result<(), String> {
        let reopened = (0..crate::plan::HOSTS)
            .find(|host| self.hosts[usize::from(*host)].is_some())
            .unwrap_or(0);
        self.caches_are_a_full_computation(reopened)?;
        self.invoices_derive(reopened)?;
        self.backups_restore()
    }

    /// The latest backup can be restored, whatever happened since.
    fn backups_restore(&self) -> Result<(), String> {
        let Some(backup) = self.backups.iter().rfind(|backup| backup.file.exists()) else {
            return Ok(());
        };
        let tried = self.disk.calmly(|| restore(&self.home, &backup.file, false, self.now));
        tried
            .map(drop)
            .map_err(|error| format!("the latest backup cannot be restored: {error:#}"))
    }

    /// A host that kept what it computed answers as one that begins with a copy without caches. Without its weak heartbeats,
    /// the copy has the same total.
    fn caches_are_a_full_computation(&mut self, host: u8) -> Result<(), String> {
        let now = self.now;
        // A host that missed a change of the config, because the disk failed, reads it before it answers.
        self.ask(host, Engine::reload).map_err(said)?;
        let kept = self.ask(host, totals).map_err(said)?;
        let text = self
            .ask(host, |engine, _| engine.store().config_in_force())
            .map_err(said)?;
        let folder = self.disk.aside().map_err(said)?;
        let home = Home::at(folder.clone(), None);
        let copied = (|| -> Result<()> {
            std::fs::write(home.config_file(), text.unwrap_or_default())?;
            let connection = rows::open(&self.home.database())?;
            connection.execute("VACUUM INTO ?1", [home.database().to_string_lossy()])?;
            Ok(())
        })();
        copied.map_err(said)?;
        forget(&home.database(), "").map_err(said)?;
        let fresh = fresh(&home, now).map_err(said)?;
        if fresh != kept {
            return Err(format!("caches say {kept}, and a full computation says {fresh}"));
        }
        forget(&home.database(), "DELETE FROM event WHERE sign = 6").map_err(said)?;
        let strong = self::fresh(&home, now).map_err(said)?;
        let total = |report: &Value| {
            let sum = ["totalSeconds", "privateSeconds"]
                .iter()
                .filter_map(|key| report[0][key].as_i64());
            sum.sum::<i64>()
        };
        if total(&strong) != total(&fresh) {
            return Err(format!(
                "weak heartbeats count: {} s with them, {} without",
                total(&fresh),
                total(&strong)
            ));
        }
        std::fs::remove_dir_all(&folder).map_err(said)
    }

    /// Each invoice derives again from its claims, its documents are what was rendered first, and the chain still has the head
    /// that was noted last.
    fn invoices_derive(&mut self, host: u8) -> Result<(), String> {
        let noted = self.head.take();
        let found = self.ask(host, |engine, _| engine.verify(None, noted)).map_err(said)?;
        if !found.holds() {
            return Err(format!("verify: {found}"));
        }
        self.head = found.chain.head.as_deref().and_then(|head| head.parse().ok());
        Ok(())
    }
}

/// Returns the totals of a host, by day and by client.
fn totals(engine: &mut Engine, now: Instant) -> Result<Value> {
    let by = |engine: &mut Engine, by: By| -> Result<Value> {
        Ok(serde_json::to_value(engine.report(Some(Range::All), by, now)?)?)
    };
    Ok(Value::Array(vec![by(engine, By::Day)?, by(engine, By::Client)?]))
}

fn fresh(home: &Home, now: Instant) -> Result<Value> {
    totals(&mut Engine::open(home.clone(), now)?, now)
}

/// Removes caches from a copy, and whatever else a statement says.
fn forget(database: &Path, more: &str) -> Result<()> {
    let connection = rusqlite::Connection::open(database)?;
    connection.execute_batch(&format!("DELETE FROM day_cache; DELETE FROM entry_month; {more}"))?;
    Ok(())
}
