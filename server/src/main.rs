//! keeptab tracks working time in the editor and turns the reviewed week into an invoice.

mod browser;
mod cli;
mod log;
mod login;
mod lsp;
mod outside;
#[cfg(test)]
mod plugins;
mod wire;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use keeptab_system::home::Home;

use crate::cli::{Cli, Host};

fn main() -> ExitCode {
    let cli = match cli::parse() {
        Ok(cli) => cli,
        Err(error) => return cli::report_usage(&error, asks_for_json()),
    };
    let json = cli.json();
    run(cli).unwrap_or_else(|error| {
        cli::report_error(&error, json);
        ExitCode::FAILURE
    })
}

fn run(cli: Cli) -> Result<ExitCode> {
    if let Some(program) = this_program() {
        keeptab_engine::typeset_apart(program, cli::TYPESET);
    }
    let home = home()?;
    let host = match cli.into_host() {
        Ok(host) => host,
        Err(cli) => {
            let done = cli.run(home.clone());
            return done.inspect_err(|error| log::note(&home, &keeptab_store::chain_of(error)));
        }
    };
    log::start(&home, lsp::GONE);
    log::panics();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let orderly = match host {
        Host::Lsp => runtime.block_on(lsp::run(home)),
        Host::Browser { caller } => runtime.block_on(browser::run(home, &caller)),
    };
    // Reading stdin cannot be interrupted; the process ends without waiting for it.
    runtime.shutdown_background();
    Ok(if orderly { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Returns this very program, also after an update has put another in its place.
fn this_program() -> Option<PathBuf> {
    let same = PathBuf::from("/proc/self/exe");
    if same.exists() {
        Some(same)
    } else {
        std::env::current_exe().ok()
    }
}

/// Returns whether a command line that could not be parsed has `--json` in it.
fn asks_for_json() -> bool {
    std::env::args_os().any(|word| word == "--json")
}

/// Reads the environment, which nothing else does.
#[expect(clippy::disallowed_methods, reason = "this is the place")]
fn home() -> Result<Home> {
    let user = std::env::home_dir();
    let home = match std::env::var_os("KEEPTAB_HOME").filter(|folder| !folder.is_empty()) {
        Some(folder) => Home::at(std::path::absolute(PathBuf::from(folder))?, user),
        None => Home::of_platform(user)?,
    };
    Ok(home.in_zone(std::env::var("TZ").ok()))
}
