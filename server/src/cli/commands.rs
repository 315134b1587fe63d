//! The list of commands. Each is a file in the folder `commands`, and a line here; the parser, the help, the manual, completion,
//! the palette, `keeptab schema` and the table in PROTOCOL.md follow from both.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Result, anyhow};
use clap::{Args, Subcommand};
use keeptab_engine::Engine;
use keeptab_present::flow::Call;
use keeptab_system::home::Home;

use super::output::Output;
use super::{Cli, following, help, keys, output, range, terminal};
use schema::Shape;

pub use doctor::check_up;

/// The time limit of a command's look for damage of the database.
const GLANCE: Duration = Duration::from_millis(50);

/// A command: its words, as the parser reads them, and its call of the engine.
pub(super) trait Command: Args {
    /// The facts about it.
    const ABOUT: About;

    /// True if it looks for damage of the database first.
    const LOOKS: bool = false;

    /// Returns the call of the engine, for the shell and the palette.
    ///
    /// # Errors
    ///
    /// If the words are invalid, or work in a shell only.
    fn call(self) -> Result<Call> {
        Err(in_shell_only(Self::ABOUT.name))
    }

    /// Runs the command in a shell, and prints its answer.
    ///
    /// # Errors
    ///
    /// If the command fails.
    fn run(self, home: Home, output: &Output) -> Result<ExitCode> {
        let mut engine = output.open(home)?;
        if Self::LOOKS {
            engine.store().refuse_damage(GLANCE)?;
        }
        answered(&mut engine, self.call()?, output)
    }
}

/// The facts about a command.
pub(super) struct About {
    /// Its name.
    pub(super) name: &'static str,
    /// The palette's command of that name when it gets no arguments, for PROTOCOL.md; `None` if the palette has none.
    pub(super) palette: Option<&'static str>,
    /// The examples of the command, and of each command within it by all of its words. They are for Jane, whose client is acme
    /// and whose project is acme/api.
    pub(super) examples: &'static [(&'static str, &'static [&'static str])],
    /// The schemas of what it prints with `--json`; of each command within it by all of its words.
    pub(super) answers: &'static [(&'static str, Shape)],
}

/// Declares commands, in the groups of the help and in its order. A group without a title is hidden.
macro_rules! commands {
    ($($title:literal { $($module:ident::$name:ident),+ $(,)? })+) => {
        $($(mod $module;)+)+

        /// A command with its words.
        #[derive(Debug, Subcommand)]
        pub(super) enum Action {
            $($(
                #[command(name = <$module::$name as Command>::ABOUT.name)]
                $name(Box<$module::$name>),
            )+)+
        }

        impl Action {
            /// Returns the call of the engine.
            pub(super) fn call(self) -> Result<Call> {
                match self {
                    $($(Self::$name(words) => words.call(),)+)+
                }
            }

            /// Runs the command in a shell.
            pub(super) fn run(self, home: Home, output: &Output) -> Result<ExitCode> {
                match self {
                    $($(Self::$name(words) => words.run(home, output),)+)+
                }
            }
        }

        /// The groups of the help with their commands.
        pub(super) const GROUPS: &[(&str, &[About])] = &[
            $(($title, &[$(<$module::$name as Command>::ABOUT),+]),)+
        ];
    };
}

commands! {
    "Track" {
        status::Status,
        start::Start,
        stop::Stop,
        add::Add,
        away::Away,
        pause::Pause,
        resume::Resume,
        watch::Watch,
    }
    "Review" {
        report::Report,
        review::Review,
        change::Change,
        undo::Undo,
        assign::Assign,
        explain::Explain,
        dashboard::Dashboard,
    }
    "Bill" {
        invoice::Invoice,
        client::Client,
        project::Project,
    }
    "Bring in" {
        import::Import,
    }
    "Look after" {
        init::Init,
        install::Install,
        doctor::Doctor,
        backup::Backup,
        restore::Restore,
        salvage::Salvage,
        forget::Forget,
        export::Export,
        demo::Demo,
        config::Config,
        schema::Schema,
        completions::Completions,
        man::Man,
    }
    "Started by editors and browsers" {
        lsp::Lsp,
        browser_host::BrowserHost,
    }
    "" {
        complete::Complete,
        typeset::Typeset,
    }
}

/// Returns the facts about all commands.
pub(super) fn all() -> impl Iterator<Item = &'static About> {
    GROUPS.iter().flat_map(|(_, commands)| *commands)
}

/// Returns the examples of a command, by its words behind `keeptab`.
pub(super) fn examples(path: &str) -> &'static [&'static str] {
    let mut examples = all().flat_map(|about| about.examples);
    examples.find(|(of, _)| *of == path).map_or(&[], |(_, lines)| lines)
}

/// Makes a call, and prints its answer.
fn answered(engine: &mut Engine, call: Call, output: &Output) -> Result<ExitCode> {
    let answer = terminal::execute(engine, call)?;
    let exit = output.answer(&answer)?;
    output.warn_of_config(engine);
    Ok(exit)
}

fn in_shell_only(name: &str) -> anyhow::Error {
    anyhow!("`{name}` works in a shell only\nhint: run `keeptab {name}` there")
}
