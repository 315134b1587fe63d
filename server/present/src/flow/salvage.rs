//! *Salvage a Damaged Database…*: the damaged file and the new one.

use std::path::PathBuf;

use anyhow::Result;
use keeptab_engine::thread::Handle;

use super::{Ask, Input, Outcome};

/// Asks for a damaged file and a new one, and writes the readable content of the one into the other.
///
/// # Errors
///
/// If the engine returns an error.
pub async fn salvage(ask: &impl Ask, engine: &Handle) -> Result<Option<Outcome>> {
    let input = |title: &str, value: String, prompt: &str| Input {
        title: title.into(),
        value,
        prompt: prompt.into(),
    };
    let Some(file) = ask.input(input("Which damaged file?", String::new(), "Its path")).await else {
        return Ok(None);
    };
    let proposed = format!("{file}.salvaged.db");
    let Some(to) = ask
        .input(input("Where to?", proposed, "A file that is not there yet"))
        .await
    else {
        return Ok(None);
    };
    let (file, to) = (PathBuf::from(file), PathBuf::from(to));
    let salvaged = engine.ask(move |engine, now| engine.salvage(&file, &to, now)).await?;
    Ok(Some(Outcome::told(salvaged)))
}
