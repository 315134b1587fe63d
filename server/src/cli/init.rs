//! `keeptab init`.

use std::process::ExitCode;

use anyhow::Result;
use keeptab_config::Finding;
use keeptab_engine::Status;
use keeptab_engine::thread::{Door, Handle};
use keeptab_present::flow::{Answers, init_with};
use keeptab_store::Taken;
use keeptab_system::home::Home;
use serde_json::json;

use super::output::Output;
use super::terminal::Terminal;

/// A listener that ignores all notifications.
pub(super) struct Nobody;

impl Door for Nobody {
    fn taken(&self, _: Taken) {}
    fn status(&self, _: &Status) {}
    fn config(&self, _: &[Finding]) {}
    fn tell(&self, _: &str) {}
}

pub(super) fn run(mut answers: Answers, home: Home, output: &Output) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(async {
        if let Some(terminal) = Terminal::open()
            && !answers.ask_rest(&terminal).await
        {
            Output::line("nothing was written")?;
            return Ok(ExitCode::FAILURE);
        }
        let (engine, thread) = Handle::start(home.clone(), Nobody);
        let outcome = init_with(answers, &engine, &home).await;
        engine.stop();
        let _ = thread.join();
        let outcome = outcome?;
        output.either(&outcome.text, || json!({ "config": outcome.open }))
    })
}
