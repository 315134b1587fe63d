//! The command line: the same words as the palette.

mod commands;
mod following;
mod help;
mod keys;
mod output;
mod range;
mod terminal;
mod words;

use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::Parser;
use keeptab_core::calendar::Range;
use keeptab_core::invoice::InvoiceNumber;
use keeptab_engine::{By, Progress};
use keeptab_present::flow::Call;
use keeptab_system::home::Home;

use commands::Action;
use output::Output;

pub use commands::check_up;
pub use following::complete;
pub use help::parse;
pub use output::{report_error, report_usage};
pub use words::{Words, look};

/// The word that lays out a document in a process of its own.
pub const TYPESET: &str = "typeset";

/// Tracks working time in your editor and turns it into invoices.
#[derive(Debug, Parser)]
#[command(name = "keeptab", bin_name = "keeptab", version = env!("KEEPTAB_VERSION"), about, max_term_width = 100, subcommand_value_name = "COMMAND")]
pub struct Cli {
    /// Print JSON
    #[arg(long, global = true, display_order = 998)]
    json: bool,
    #[command(subcommand)]
    action: Action,
}

/// A program that runs beside an editor or a browser, until that ends.
#[derive(Debug)]
pub enum Host {
    /// Beside an editor.
    Lsp,
    /// Beside a browser.
    Browser {
        /// The caller's arguments, as the browser passes them.
        caller: Vec<String>,
    },
}

impl Cli {
    /// Returns whether the answer is to be JSON.
    #[must_use]
    pub fn json(&self) -> bool {
        self.json
    }

    /// Returns the host to run, or the command if it is not one.
    ///
    /// # Errors
    ///
    /// If it is not a host; the error is the command itself.
    pub fn into_host(self) -> Result<Host, Box<Self>> {
        match self.action {
            Action::Lsp(_) => Ok(Host::Lsp),
            Action::BrowserHost(host) => Ok(Host::Browser { caller: host.caller }),
            action => Err(Box::new(Self { action, ..self })),
        }
    }

    /// Runs the command and prints its result.
    ///
    /// # Errors
    ///
    /// If the command fails.
    pub fn run(self, home: Home) -> Result<ExitCode> {
        self.action.run(home, &Output::new(self.json))
    }
}

/// Returns the commands that the palette has under the shell's names, each with its answer if it gets no arguments.
pub fn palette() -> impl Iterator<Item = (&'static str, &'static str)> {
    commands::all().filter_map(|about| Some((about.name, about.palette?)))
}

/// Parses a command of the palette with its words, as the shell would.
///
/// # Errors
///
/// If the words are invalid; the message is the one that the shell would print.
pub fn parse_words(name: &str, words: &[&str]) -> Result<Call> {
    action(name, words)?.call()
}

/// Returns a report as CSV, if the words of the palette's `report` ask for it.
///
/// # Errors
///
/// If the words are invalid.
pub fn csv_of_report(given: &[&str]) -> Result<Option<Call>> {
    match action("report", given)? {
        Action::Report(arguments) if arguments.csv => Ok(Some(arguments.csv_call())),
        _ => Ok(None),
    }
}

/// Returns the number and whether the time stays billed, if the words of the palette's `invoice` cancel an invoice that is still to be
/// confirmed.
#[must_use]
pub fn cancels(given: &[&str]) -> Option<(InvoiceNumber, bool)> {
    match action("invoice", given).ok()? {
        Action::Invoice(invoice) => invoice.action.cancels(),
        _ => None,
    }
}

/// Parses the palette's words for an import without questions.
///
/// # Errors
///
/// If the words are invalid, or the import has a question.
pub fn import(words: &[&str], progress: Progress) -> Result<Call> {
    let call = match action("import", words)? {
        Action::Import(arguments) => arguments.unasked(progress),
        _ => None,
    };
    call.context("there is something to ask first\nhint: import with `--yes` or `--dry-run`")
}

/// Parses the palette's words for an import.
///
/// # Errors
///
/// If the words are invalid.
pub fn import_request(words: &[&str]) -> Result<keeptab_engine::ImportRequest> {
    match action("import", words)? {
        Action::Import(arguments) => Ok(arguments.request()),
        _ => bail!("this is no import"),
    }
}

/// Parses the palette's words for totals: the range and the meaning of a row.
///
/// # Errors
///
/// If the words are invalid.
pub fn report(words: &[&str]) -> Result<(Option<Range>, By)> {
    match action("report", words)? {
        Action::Report(arguments) => Ok(arguments.wanted()),
        _ => bail!("this is no report"),
    }
}

fn action(name: &str, given: &[&str]) -> Result<Action> {
    let parsed = Cli::try_parse_from(["keeptab", name].iter().chain(given));
    let cli = parsed.map_err(|error| words::sentence(&error))?;
    Ok(cli.action)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
