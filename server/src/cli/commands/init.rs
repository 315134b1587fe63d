//! `keeptab init`.

use std::mem;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;
use keeptab_config::Finding;
use keeptab_engine::Status;
use keeptab_engine::thread::{Door, Handle};
use keeptab_present::flow::{Answers, Outcome, change_with, check_first, check_vat_id, init_with};
use keeptab_store::Taken;
use keeptab_system::home::Home;
use schemars::JsonSchema;
use serde::Serialize;

use super::output::{Output, prompt};
use super::schema::of;
use super::terminal::Terminal;
use super::{About, Command};

/// A listener that ignores all notifications.
pub(super) struct Nobody;

impl Door for Nobody {
    fn taken(&self, _: Taken) {}
    fn status(&self, _: &Status) {}
    fn config(&self, _: &[Finding]) {}
    fn tell(&self, _: &str) {}
}

/// The place of the config that was written.
#[derive(Serialize, JsonSchema)]
struct Configured {
    /// The path of `keeptab.toml`.
    config: Option<PathBuf>,
}

/// Ask what an invoice needs and write the config
#[derive(Debug, Args)]
pub(in crate::cli) struct Init {
    #[command(flatten)]
    answers: Answers,
}

impl Command for Init {
    const ABOUT: About = About {
        name: "init",
        palette: Some("asks for all that an invoice needs and writes the config"),
        examples: &[(
            "init",
            &[
                "keeptab init",
                "keeptab init --name \"Jane Doe Software\" --country DE --city Berlin --currency EUR --tax-rate 19",
            ],
        )],
        answers: &[("init", of::<Configured>)],
    };

    fn run(self, home: Home, output: &Output) -> Result<ExitCode> {
        converse(self.answers, home, output)
    }
}

fn converse(mut answers: Answers, home: Home, output: &Output) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(async {
        let (engine, thread) = Handle::start(home.clone(), Nobody);
        let outcome = set_up(&mut answers, &engine, &home).await;
        engine.stop();
        let _ = thread.join();
        let Some(outcome) = outcome? else {
            Output::line(
                "Nothing is written. Answers of a first setup are kept: the next `keeptab init` proposes them.",
            )?;
            return Ok(ExitCode::FAILURE);
        };
        output.written(&outcome.text, &Configured { config: outcome.open })
    })
}

/// Asks what the options do not say, if there is somebody to ask. Returns `None` if the user gave up.
async fn set_up(answers: &mut Answers, engine: &Handle, home: &Home) -> Result<Option<Outcome>> {
    // Before the first question, not after the last.
    let today = check_first(engine, home).await?;
    let terminal = Terminal::open();
    if terminal.is_some() {
        let kept = if today.is_none() { ": your answers are kept" } else { "" };
        prompt(&format!(
            "Enter takes what stands in brackets, < goes back, Ctrl-C ends{kept}.\n"
        ))?;
    }
    let given = mem::take(answers);
    // Before the first question as well.
    let country = given.country.as_deref().or_else(|| today.as_ref()?.country.as_deref());
    check_vat_id(given.vat_id.as_deref(), country)?;
    check_vat_id(given.client_vat_id.as_deref(), given.client_country.as_deref())?;
    if let Some(today) = today {
        return change(given, today, terminal.as_ref(), engine, home).await;
    }
    *answers = given;
    if let Some(terminal) = &terminal
        && !answers.ask_rest(terminal, home, folder(home)).await
    {
        return Ok(None);
    }
    init_with(mem::take(answers), engine, home).await.map(Some)
}

/// Changes the business that is set up, by the options alone or, at a terminal, by questions as well.
async fn change(
    mut given: Answers,
    today: Answers,
    terminal: Option<&Terminal>,
    engine: &Handle,
    home: &Home,
) -> Result<Option<Outcome>> {
    match terminal {
        Some(terminal) => {
            if !given.ask_again(terminal, today).await {
                return Ok(None);
            }
        }
        None if given == Answers::default() => bail!(
            "your business is set up already\nhint: say what changes, as in `keeptab init --iban …`, or edit {}",
            home.config_file().display()
        ),
        None => given = given.or(today),
    }
    change_with(&given, engine, home).await.map(Some)
}

/// Returns the folder that is proposed for the first project: that of the repository around the present one, else the present
/// one, unless it is the user's own.
fn folder(home: &Home) -> Option<String> {
    let here = std::path::absolute(".").ok()?;
    let here = here
        .ancestors()
        .find(|folder| folder.join(".git").exists())
        .unwrap_or(&here);
    let folder = home.shorten(&here.to_str()?.replace('\\', "/"));
    (!["~", "~/", "/"].contains(&folder.as_str())).then_some(folder)
}
