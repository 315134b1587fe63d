//! *Restore a Backup…*: which one, what that would do, and whether to do it.

use std::path::PathBuf;

use anyhow::{Result, bail};
use keeptab_engine::thread::Handle;
use keeptab_engine::{BackupFile, backup_files};

use super::{Ask, Item, Outcome, Pick, is_sure};

/// Asks for a backup, shows what restoring it would do, and asks whether to.
///
/// # Errors
///
/// The engine's answer.
pub async fn restore(ask: &impl Ask, engine: &Handle) -> Result<Option<Outcome>> {
    let backups = engine.ask(|engine, _| Ok(backup_files(engine.home()))).await?;
    if backups.is_empty() {
        bail!("there is no backup yet\nhint: *Back Up Now* writes the first");
    }
    let item = |backup: &BackupFile| Item {
        label: backup.day.to_string(),
        detail: format!("{} KiB", backup.bytes.div_ceil(1024)),
        value: backup.file.to_string_lossy().into_owned(),
    };
    let pick = Pick {
        title: "Which backup?".into(),
        placeholder: "day".into(),
        items: backups.iter().map(item).collect(),
        ..Pick::default()
    };
    let Some(file) = ask.pick(pick).await else {
        return Ok(None);
    };
    let file = PathBuf::from(file);
    let restore = |yes| {
        let file = file.clone();
        engine.ask(move |engine, now| engine.restore(&file, yes, now))
    };
    let would = restore(false).await?;
    let detail = "the present database is kept under another name";
    if !is_sure(ask, &would, "restore it?", ("Restore", detail)).await {
        return Ok(None);
    }
    Ok(Some(Outcome::told(restore(true).await?)))
}
