//! The help: commands in groups by task, each with examples.

use std::fmt::Write as _;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory as _, FromArgMatches as _, Parser as _};

use super::Cli;
use super::commands::{GROUPS, examples};
use super::words::without_amount;

/// Returns the groups of commands by what people do with them, each with its title and names, in the order of the help.
pub(super) fn groups() -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    let shown = GROUPS.iter().filter(|(title, _)| !title.is_empty());
    shown.map(|(title, commands)| {
        let names = commands.iter().map(|about| about.name);
        // clap's own.
        let own = (*title == "Look after").then_some("help");
        (*title, names.chain(own).collect())
    })
}

/// Parses the arguments of this process.
///
/// # Errors
///
/// If they are wrong, or ask for help or for the version; [`report_usage`](super::report_usage) prints the error.
pub fn parse() -> Result<Cli, clap::Error> {
    let words: Vec<String> = std::env::args_os()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    if let Some(problem) = without_amount(words.iter().map(String::as_str)) {
        return Err(clap::Error::raw(ErrorKind::WrongNumberOfValues, format!("{problem}\n")));
    }
    Cli::try_parse().or_else(|error| match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            Cli::from_arg_matches(&with_help(Cli::command()).try_get_matches()?)
        }
        _ => Err(sharpened(error)),
    })
}

/// Leaves only the likeliest of the commands that an error proposes: that with the fewest letters to change.
pub(super) fn sharpened(mut error: clap::Error) -> clap::Error {
    let (typed, proposed) = (ContextKind::InvalidSubcommand, ContextKind::SuggestedSubcommand);
    if let (Some(ContextValue::String(typed)), Some(ContextValue::Strings(all))) =
        (error.get(typed), error.get(proposed))
        && let Some(nearest) = all.iter().min_by_key(|known| strsim::osa_distance(typed, known))
    {
        let nearest = ContextValue::Strings(vec![nearest.clone()]);
        error.insert(proposed, nearest);
    }
    error
}

/// Returns the help that words ask for, as plain text.
pub(super) fn of_words<'a>(words: impl Iterator<Item = &'a str>) -> String {
    match with_help(Cli::command()).try_get_matches_from(words) {
        Err(error) => error.render().to_string().trim().to_owned(),
        Ok(_) => String::new(),
    }
}

/// Adds the help to the command line. The width is the one that the command line has by then.
fn with_help(command: Command) -> Command {
    let command = with_examples(command, "");
    let header = *command.get_styles().get_header();
    let mut list = String::new();
    for (title, lines) in grouped(&command) {
        let _ = write!(list, "{header}{title}:{header:#}\n{lines}\n");
    }
    command.help_template(format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{list}{header}Options:{header:#}\n{{options}}{{after-help}}"
    ))
}

/// Adds the examples to a command, and to all commands within it.
fn with_examples(command: Command, path: &str) -> Command {
    let header = *command.get_styles().get_header();
    let lines = examples(path);
    let command = command.mut_subcommands(|inner| {
        let path = format!("{path} {}", inner.get_name());
        with_examples(inner, path.trim_start())
    });
    if lines.is_empty() {
        return command;
    }
    let title = if lines.len() == 1 { "Example" } else { "Examples" };
    command.after_help(format!("{header}{title}:{header:#}\n  {}", lines.join("\n  ")))
}

/// Returns the list of commands as clap lays it out, cut into the groups.
fn grouped(command: &Command) -> Vec<(&'static str, String)> {
    let list = command.clone().help_template("{subcommands}").render_help();
    let mut chunks: Vec<String> = Vec::new();
    for line in list.ansi().to_string().lines() {
        match chunks.last_mut() {
            // The rest of a description that is too long for a line.
            Some(chunk) if line.starts_with("   ") => {
                let _ = writeln!(chunk, "{line}");
            }
            _ => chunks.push(format!("{line}\n")),
        }
    }
    let names = command.get_subcommands().filter(|inner| !inner.is_hide_set());
    let names = names.map(Command::get_name).chain(["help"]);
    let chunks: Vec<(&str, String)> = names.zip(chunks).collect();
    let of_group = |names: &[&str]| {
        let lines = names.iter().filter_map(|name| chunks.iter().find(|(of, _)| of == name));
        lines.map(|(_, line)| line.as_str()).collect::<String>()
    };
    groups().map(|(title, names)| (title, of_group(&names))).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use expect_test::expect;

    use super::*;
    use crate::cli::commands::all;

    /// Returns the words of a line, as a shell would.
    fn words(line: &str) -> Vec<String> {
        let line = line.split(" > ").next().unwrap_or_default();
        let parts = line.split('"').enumerate();
        let words = parts.map(|(index, part)| match index % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        });
        words.collect::<Vec<_>>().concat()
    }

    /// Returns the words behind `keeptab` of each command that the help shows.
    fn shown(command: &Command, path: &str) -> BTreeSet<String> {
        let inner = command.get_subcommands().filter(|inner| !inner.is_hide_set());
        let paths = inner.flat_map(|inner| {
            let path = format!("{path} {}", inner.get_name()).trim_start().to_owned();
            let mut within = shown(inner, &path);
            within.insert(path);
            within
        });
        paths.collect()
    }

    #[test]
    fn each_command_stands_in_one_group() {
        let mut grouped: Vec<&str> = groups().flat_map(|(_, names)| names).collect();
        grouped.sort_unstable();
        let command = Cli::command();
        let shown = command.get_subcommands().filter(|inner| !inner.is_hide_set());
        let mut all: Vec<&str> = shown.map(Command::get_name).chain(["help"]).collect();
        all.sort_unstable();
        assert_eq!(grouped, all);
    }

    #[test]
    fn each_command_has_an_example_that_runs_it() {
        let examples: Vec<_> = all().flat_map(|about| about.examples).collect();
        let with_example: BTreeSet<String> = examples.iter().map(|(path, _)| (*path).to_owned()).collect();
        assert_eq!(shown(&Cli::command(), ""), with_example);
        assert_eq!(examples.len(), with_example.len(), "one is there twice");
        for (path, lines) in examples {
            assert!(!lines.is_empty(), "{path}");
            for line in *lines {
                let words = words(line);
                let runs_it = words.join(" ").starts_with(&format!("keeptab {path}"));
                assert!(runs_it, "{line} is an example of {path}");
                if let Err(error) = Cli::try_parse_from(&words) {
                    panic!("{line}\n{error}");
                }
            }
        }
    }

    #[test]
    fn a_typo_gets_the_nearest_command() {
        for (typed, meant) in [
            ("reprot", "report"),
            ("statsu", "status"),
            ("stpo", "stop"),
            ("exprot", "export"),
            ("invoices", "invoice"),
        ] {
            let error = Cli::try_parse_from(["keeptab", typed]).expect_err(typed);
            let said = sharpened(error).to_string();
            assert!(said.contains(&format!("exists: '{meant}'\n")), "{said}");
        }
        // Nothing is near.
        let error = Cli::try_parse_from(["keeptab", "xyzzy"]).expect_err("no command");
        assert!(!sharpened(error).to_string().contains("tip:"));
    }

    #[test]
    fn the_help_is_in_groups() {
        let help = with_help(Cli::command().term_width(80)).render_help().to_string();
        let lines = help.lines().take_while(|line| !line.starts_with("Review"));
        expect![[r#"
            Tracks working time in the editor and turns the reviewed week into an invoice

            Usage: keeptab [OPTIONS] <COMMAND>

            Track:
              status        Show what is being tracked
              start         Time a call or a meeting by hand
              stop          End what was started, and count it
              add           Add time that was not captured
              away          List the gaps of a day, or count one
              pause         Stop tracking, in every editor
              resume        Go on tracking
              watch         Follow the folders of projects with `watch`, without an editor,
                            until it is ended
        "#]]
        .assert_eq(&(lines.collect::<Vec<_>>().join("\n").trim_end().to_owned() + "\n"));
        // Each command is there, and what stands between groups and options is not cut.
        for (title, names) in groups() {
            assert!(help.contains(&format!("\n{title}:\n")), "{title}");
            for name in names {
                assert!(help.contains(&format!("\n  {name} ")), "{name}");
            }
        }
        assert!(help.contains("\n\nOptions:\n"), "{help}");
    }
}
