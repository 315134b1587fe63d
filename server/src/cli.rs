//! The command line: the same words as the palette.

mod answers;
mod change;
mod command;
mod complete;
mod dashboard;
mod demo;
mod doctor;
mod examples;
mod export;
mod follow;
mod forget;
mod help;
mod import;
mod init;
mod install;
mod invoice;
mod manual;
mod output;
mod payment;
mod range;
mod schema;
mod shell;
mod terminal;
mod words;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::{Parser, Subcommand};
use keeptab_core::calendar::Range;
use keeptab_core::invoice::InvoiceNumber;
use keeptab_engine::{By, Engine, Progress};
use keeptab_present::flow::Call;
use keeptab_system::clock;
use keeptab_system::home::Home;

use command::{
    AddArgs, AssignArgs, AwayArgs, ClientAction, ExplainArgs, ProjectAction, ReportArgs, ReviewArgs, StartArgs,
};
use invoice::InvoiceAction;
use output::Output;

pub use complete::complete;
pub use doctor::doctor;
pub use help::parse;
pub use output::{report_error, report_usage};
pub use words::{Words, look};

/// The word that lays out a document in a process of its own.
pub const TYPESET: &str = "typeset";

/// The time limit of a command's look for damage of the database.
const GLANCE: Duration = Duration::from_millis(50);

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

#[derive(Debug, Subcommand)]
enum Action {
    /// Ask what an invoice needs and write the config
    Init(Box<keeptab_present::flow::Answers>),
    /// Run the host; editors start it
    Lsp {
        /// Speak on stdin and stdout, as always
        #[arg(long)]
        stdio: bool,
    },
    /// Run the host of the browser extension; browsers start it
    BrowserHost {
        /// The caller, as the browser names it
        #[arg(required = true, allow_hyphen_values = true)]
        caller: Vec<String>,
    },
    /// Show what is being tracked
    Status,
    /// Show totals; this week unless a range is given
    Report(ReportArgs),
    /// List projects or add one
    Project {
        #[command(subcommand)]
        action: Option<ProjectAction>,
    },
    /// List clients or add one
    Client {
        #[command(subcommand)]
        action: Option<ClientAction>,
    },
    /// Draft, issue and look at invoices
    Invoice {
        #[command(subcommand)]
        action: InvoiceAction,
    },
    /// Say where the time of a file, a page or a stretch goes, and why; or what another config would move
    Explain(ExplainArgs),
    /// Time a call or a meeting by hand
    Start(StartArgs),
    /// End what was started, and count it
    Stop,
    /// Add time that was not captured
    Add(AddArgs),
    /// List the gaps of a day, or count one
    Away(AwayArgs),
    /// List the folders that no rule names, or assign one to a project
    Assign(AssignArgs),
    /// Write the week as a timesheet to review, or apply one
    Review(ReviewArgs),
    /// Change one line of a day: retag, split, note or erase it
    Change(change::ChangeArgs),
    /// Show the week as a picture, in the browser
    Dashboard(dashboard::DashboardArgs),
    /// Take the latest change back: a save of the week, added time, a changed line, or an assigned folder
    Undo,
    /// Stop tracking, in every editor
    Pause,
    /// Go on tracking
    Resume,
    /// Bring history over from another tool
    Import(Box<import::ImportArgs>),
    /// Write a checked, compressed copy of the database; one a day is written by itself
    Backup {
        /// The new file; unless given, the backup of the day
        file: Option<std::path::PathBuf>,
    },
    /// Put a backup in the place of the database; invoices that it lacks are carried over
    Restore {
        /// The backup
        file: std::path::PathBuf,
        /// Do it, and do not only show what it would do
        #[arg(long)]
        yes: bool,
    },
    /// Remove what was tracked of a folder, a page or some days, in backups too; billed time stays
    Forget(forget::ForgetArgs),
    /// Write all that a damaged database still holds into a new file
    Salvage {
        /// The damaged file; the database unless given
        file: Option<std::path::PathBuf>,
        /// The new file, which is not there yet
        #[arg(long, value_name = "NEW")]
        to: std::path::PathBuf,
    },
    /// Write everything that is kept, as JSON or as tables
    Export(export::ExportArgs),
    /// Follow the folders of projects with `watch`, without an editor, until it is ended
    Watch,
    /// Put the plugin where an editor finds it
    Install(install::InstallArgs),
    /// Check the config, the database and the surroundings
    Doctor,
    /// Print what editors and programs want to know of the config
    Config {
        #[command(subcommand)]
        action: ConfigAction,
    },
    /// Print the JSON schema of what commands print with --json
    Schema {
        /// The words of one command, such as invoice list; all commands unless given
        command: Vec<String>,
    },
    /// Print the completion script of a shell
    Completions {
        /// The shell
        shell: shell::Shell,
    },
    /// Print the manual page, or write those of all commands
    Man {
        /// The folder for the pages of all commands, such as ~/.cargo/share/man/man1
        #[arg(long, value_name = "FOLDER")]
        to: Option<std::path::PathBuf>,
    },
    /// Print the words that may follow; completion scripts ask for them
    #[command(hide = true)]
    Complete {
        /// The part of the next word that is there
        #[arg(long, allow_hyphen_values = true)]
        begun: Option<String>,
        /// The words so far, without the one that is begun
        #[arg(allow_hyphen_values = true, trailing_var_arg = true)]
        words: Vec<String>,
    },
    /// Lay out a document with a template of the user's own; keeptab starts it
    #[command(name = TYPESET, hide = true)]
    Typeset,
    /// Replay a recorded week in a home of its own and bill it
    Demo {
        /// The folder to keep it in; a new one unless given
        #[arg(long)]
        home: Option<std::path::PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
enum ConfigAction {
    /// Print the JSON schema of keeptab.toml
    Schema,
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
            Action::Lsp { .. } => Ok(Host::Lsp),
            Action::BrowserHost { caller } => Ok(Host::Browser { caller }),
            action => Err(Box::new(Self { action, ..self })),
        }
    }

    /// Runs the command and prints its result.
    ///
    /// # Errors
    ///
    /// If the command fails.
    pub fn run(self, home: Home) -> Result<ExitCode> {
        let output = Output::new(self.json);
        match self.action {
            Action::Init(answers) => init::run(*answers, home, &output),
            Action::Import(arguments) => import::run(*arguments, home, &output, self.json),
            Action::Export(arguments) => export::run(&arguments, home, &output),
            Action::Install(arguments) => install::run(&arguments, &home, &output),
            Action::Watch => follow::run(&home, self.json),
            Action::Doctor => doctor::run(home, &output),
            Action::Salvage { file, to } => {
                let file = file.unwrap_or_else(|| home.database());
                let salvaged =
                    keeptab_engine::salvage(&std::path::absolute(file)?, &std::path::absolute(to)?, clock::now())?;
                output.written(&salvaged, &salvaged)
            }
            // The file may not be a database any more.
            Action::Restore { file, yes } => {
                let restored = keeptab_engine::restore(&home, &std::path::absolute(file)?, yes, clock::now())?;
                output.written(&restored, &restored)
            }
            Action::Config {
                action: ConfigAction::Schema,
            } => Output::data(&serde_json::to_string_pretty(&schema::schema())?),
            Action::Schema { command } => Output::data(&serde_json::to_string_pretty(&answers::schema(&command)?)?),
            Action::Completions { shell } => shell::completions(shell),
            Action::Complete { begun, words } => shell::following(&words, begun.as_deref(), home),
            Action::Man { to } => manual::manual(to.as_deref(), &output),
            Action::Typeset => keeptab_engine::typeset().map(|()| ExitCode::SUCCESS),
            Action::Demo { home } => demo::run(home, &output),
            Action::Report(arguments) if arguments.csv => {
                let mut engine = output.open(home)?;
                let (range, by) = arguments.wanted();
                let report = engine.ask(clock::now(), |engine, now| engine.report(range, by, now))?;
                let exit = Output::csv(&report, command::cells(arguments.raw))?;
                output.warn_of_config(&engine);
                Ok(exit)
            }
            Action::Dashboard(arguments) => dashboard::run(arguments, self.json, home, &output),
            action => {
                let mut engine = output.open(home)?;
                if let Action::Status | Action::Add(_) | Action::Stop = action {
                    engine.store().refuse_damage(GLANCE)?;
                }
                if let Action::Invoice { action } = &action
                    && !action.is_confirmed()
                {
                    return Output::line("Nothing was cancelled.");
                }
                let call = action.call()?.context("this is not a command of the engine")?;
                let answer = terminal::execute(&mut engine, call)?;
                let exit = output.answer(&answer)?;
                output.warn_of_config(&engine);
                Ok(exit)
            }
        }
    }
}

impl Action {
    /// Returns the call of the engine, if the engine runs this action.
    fn call(self) -> Result<Option<Call>> {
        Ok(Some(match self {
            Self::Status => Call::new(Engine::status),
            Self::Report(arguments) => arguments.call(),
            Self::Project { action } => action.map_or_else(|| Call::new(Engine::catalogue), ProjectAction::call),
            Self::Client { action } => action.map_or_else(|| Ok(Call::new(Engine::catalogue)), ClientAction::call)?,
            Self::Invoice { action } => action.call()?,
            Self::Explain(arguments) => arguments.call()?,
            Self::Start(arguments) => arguments.call(),
            Self::Stop => Call::new(Engine::stop),
            Self::Add(arguments) => arguments.call(),
            Self::Away(arguments) => arguments.call()?,
            Self::Assign(arguments) => arguments.call()?,
            Self::Review(arguments) => arguments.call()?,
            Self::Change(arguments) => arguments.call(),
            Self::Dashboard(arguments) => arguments.call()?,
            Self::Undo => Call::new(Engine::undo),
            Self::Pause => Call::new(|engine, now| engine.pause(true, now)),
            Self::Resume => Call::new(|engine, now| engine.pause(false, now)),
            Self::Import(arguments) => return Ok(arguments.call(Progress::default())),
            Self::Forget(arguments) => arguments.call()?,
            Self::Salvage { file: Some(file), to } => {
                let (file, to) = (std::path::absolute(file)?, std::path::absolute(to)?);
                Call::new(move |engine, now| engine.salvage(&file, &to, now))
            }
            Self::Restore { file, yes } => {
                let file = std::path::absolute(file)?;
                Call::new(move |engine, now| engine.restore(&file, yes, now))
            }
            Self::Backup { file } => {
                let file = file.map(std::path::absolute).transpose()?;
                Call::beside(move |engine, now| {
                    let job = engine.backup_job(file, now);
                    Ok(move || job.run())
                })
            }
            Self::Export(arguments) => arguments.call()?,
            Self::Init(_)
            | Self::Lsp { .. }
            | Self::BrowserHost { .. }
            | Self::Watch
            | Self::Install(_)
            | Self::Doctor
            | Self::Config { .. }
            | Self::Schema { .. }
            | Self::Completions { .. }
            | Self::Complete { .. }
            | Self::Man { .. }
            | Self::Typeset
            | Self::Salvage { file: None, .. }
            | Self::Demo { .. } => return Ok(None),
        }))
    }
}

/// Parses a command of the palette with its words, as the shell would.
///
/// # Errors
///
/// If the words are invalid; the message is the one that the shell would print.
pub fn parse_words(name: &str, words: &[&str]) -> Result<Call> {
    match action(name, words)?.call()? {
        Some(call) => Ok(call),
        None => bail!("`{name}` works in a shell only\nhint: run `keeptab {name}` there"),
    }
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
        Action::Invoice { action } => action.cancels(),
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
        Action::Import(arguments) => arguments.call(progress),
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
