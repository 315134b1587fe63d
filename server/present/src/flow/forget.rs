//! *Forget…*: what, how much that is, and whether to do it.

use anyhow::Result;
use keeptab_engine::thread::Handle;

use super::{Ask, Call, Input, Outcome, is_sure};

/// Asks for a folder, a page or a day unless words name one, shows what would be removed, and asks whether to. `parse` reads
/// words as the shell does.
///
/// # Errors
///
/// The engine's answer.
pub async fn forget(
    ask: &impl Ask,
    engine: &Handle,
    words: &[String],
    parse: impl Fn(&[&str]) -> Result<Call>,
) -> Result<Option<Outcome>> {
    let mut words = words.to_vec();
    if words.is_empty() {
        let input = Input {
            title: "What should be forgotten?".into(),
            value: String::new(),
            prompt: "A folder, a page, or a day such as 2026-11-16".into(),
        };
        let Some(what) = ask.input(input).await else {
            return Ok(None);
        };
        let what = what.trim();
        let is_day = what.parse::<chrono::NaiveDate>().is_ok();
        words = if is_day {
            vec!["--from".into(), what.into()]
        } else {
            vec![what.into()]
        };
    }
    let parse = |words: &[String]| parse(&words.iter().map(String::as_str).collect::<Vec<_>>());
    let would = parse(&words)?.ask(engine).await?;
    if !is_sure(ask, &would, "forget it?", ("Forget", "for good, in the backups too")).await {
        return Ok(None);
    }
    words.push("--yes".into());
    Ok(Some(Outcome::told(parse(&words)?.ask(engine).await?)))
}
