//! The words of a command that the palette or an editor's command line gives: whole, a question for help, or lacking something.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, CommandFactory as _};
use keeptab_present::flow::{Argument, Known, Missing};

use super::{Cli, following, help};

/// The state of a command's words.
pub enum Words {
    /// They can be run.
    Whole,
    /// They ask for the help, which this is.
    Help(String),
    /// They lack this.
    Lacking(Missing),
}

/// Looks at the words of a command.
///
/// # Errors
///
/// If one of them is wrong: a sentence, without the usage.
pub fn look(name: &str, words: &[&str], known: &Known) -> anyhow::Result<Words> {
    if let Some(problem) = without_amount([name].into_iter().chain(words.iter().copied())) {
        anyhow::bail!("{problem}");
    }
    let mut root = Cli::command();
    root.build();
    let all = || ["keeptab", name].into_iter().chain(words.iter().copied());
    let Err(error) = root.clone().try_get_matches_from(all()) else {
        return Ok(Words::Whole);
    };
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Ok(Words::Help(help::of_words(all()))),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        | ErrorKind::MissingSubcommand
        | ErrorKind::MissingRequiredArgument => {
            let (path, command) = inner(&root, name, words);
            let ways = lacking(command, &error, known);
            if ways.is_empty() {
                return Err(sentence(&error));
            }
            Ok(Words::Lacking(Missing {
                command: path,
                ways,
                answers: Vec::new(),
            }))
        }
        _ => Err(sentence(&help::sharpened(error))),
    }
}

/// Returns the innermost command that the words name, and its name.
fn inner<'a>(root: &'a Command, name: &str, words: &[&str]) -> (String, &'a Command) {
    let mut path = name.to_owned();
    let mut command = root.find_subcommand(name).unwrap_or(root);
    for word in words {
        let Some(found) = command.find_subcommand(word) else {
            break;
        };
        command = found;
        path = format!("{path} {word}");
    }
    (path, command)
}

/// Returns the ways to give the first thing that a command lacks.
fn lacking(command: &Command, error: &clap::Error, known: &Known) -> Vec<Argument> {
    let named: Vec<String> = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::Strings(all)) => all.clone(),
        Some(ContextValue::String(one)) => vec![one.clone()],
        _ => Vec::new(),
    };
    if named.is_empty() {
        let inner = command
            .get_subcommands()
            .filter(|inner| inner.get_name() != "help" && !inner.is_hide_set());
        return inner.map(of_command).collect();
    }
    // A word by its place comes before options: it says what they are about.
    let lacks = |arg: &&Arg| named.contains(&arg.to_string());
    let by_place = command.get_positionals().find(lacks);
    if let Some(arg) = by_place.or_else(|| command.get_arguments().find(lacks)) {
        return vec![of_arg(arg, known)];
    }
    let group = command.get_groups().find(|group| group.is_required_set());
    let members = group.into_iter().flat_map(clap::ArgGroup::get_args);
    let members = members.filter_map(|id| command.get_arguments().find(|arg| arg.get_id() == id));
    members.map(|arg| of_arg(arg, known)).collect()
}

fn of_command(command: &Command) -> Argument {
    Argument {
        word: Some(command.get_name().to_owned()),
        help: command.get_about().map(ToString::to_string).unwrap_or_default(),
        ..Argument::default()
    }
}

fn of_arg(arg: &Arg, known: &Known) -> Argument {
    let names = arg.get_value_names().unwrap_or_default().iter();
    let values = if arg.get_action().takes_values() {
        names.map(ToString::to_string).collect()
    } else {
        Vec::new()
    };
    Argument {
        word: arg.get_long().map(|name| format!("--{name}")),
        help: arg.get_help().map(ToString::to_string).unwrap_or_default(),
        values,
        known: following::values(arg, known),
    }
}

/// Returns the problem if an option stands where a fee's or an expense's amount should. Because a description may begin with a dash,
/// the command line's own reader takes the option for the amount.
pub(super) fn without_amount<'a>(words: impl Iterator<Item = &'a str>) -> Option<String> {
    let words: Vec<&str> = words.collect();
    // A shell asks how such a line may go on.
    if words.get(1) == Some(&"complete") {
        return None;
    }
    let added = words.windows(3).position(|three| three == ["invoice", "item", "add"])?;
    let options = words.get(added..)?.windows(3);
    let (of, option) = options.into_iter().find_map(|three| match three {
        [of @ ("--fee" | "--expense"), _, option] if is_option(option) => Some((of, option)),
        _ => None,
    })?;
    Some(format!(
        "`{of}` has a description and an amount, and `{option}` is no amount\nhint: write {of} \"Setup\" 500"
    ))
}

fn is_option(word: &str) -> bool {
    let name = word.strip_prefix("--").unwrap_or_default();
    name.starts_with(|letter: char| letter.is_ascii_lowercase())
}

/// Returns what is wrong with the words, and the hint, without the usage.
pub(super) fn sentence(error: &clap::Error) -> anyhow::Error {
    let text = error.to_string();
    let text = text.trim_start_matches("error: ");
    let parts = text.split("\n\n").filter(|part| {
        let part = part.trim_start();
        !part.starts_with("Usage:") && !part.starts_with("For more information")
    });
    let mut parts = parts.map(str::trim);
    let said = parts.next().unwrap_or_default().replace("\n  ", " ");
    let tip = parts.find_map(|part| part.strip_prefix("tip: ").map(str::to_owned));
    match tip.filter(|_| !said.contains("\nhint: ")) {
        Some(tip) => anyhow::anyhow!("{said}\nhint: {}", tip.lines().next().unwrap_or_default()),
        None => anyhow::anyhow!("{said}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        Known {
            projects: vec!["acme/api".into()],
            clients: vec!["acme".into()],
            invoices: vec!["JDS-202611-0001".into()],
            ..Known::default()
        }
    }

    /// Returns the words of the first question of each way, with the values that are asked for.
    #[track_caller]
    fn lacks(line: &str) -> Vec<String> {
        let mut words = line.split_whitespace();
        let name = words.next().unwrap();
        match look(name, &words.collect::<Vec<_>>(), &known()).unwrap() {
            Words::Lacking(missing) => {
                let told = |way: &Argument| {
                    let word = way.word.iter().chain(&way.values).chain(&way.known);
                    word.map(String::as_str).collect::<Vec<_>>().join(" ")
                };
                missing.ways.iter().map(told).collect()
            }
            Words::Whole => vec!["whole".into()],
            Words::Help(text) => vec![text],
        }
    }

    #[test]
    fn what_a_command_lacks_is_found_one_by_one() {
        assert_eq!(lacks("start"), ["PROJECT acme/api"]);
        assert_eq!(lacks("start acme/api"), ["whole"]);
        assert_eq!(lacks("add acme/api"), ["LENGTH"]);
        assert_eq!(lacks("invoice cancel"), ["NUMBER JDS-202611-0001"]);
        assert_eq!(lacks("invoice item add"), ["DRAFT acme"]);
        let ways = lacks("invoice item add acme");
        assert!(ways.contains(&"--fee DESCRIPTION AMOUNT".to_owned()), "{ways:?}");
        assert_eq!(lacks("invoice item add acme --discount 10%"), ["--reason TEXT"]);
        assert!(lacks("invoice").contains(&"cancel".to_owned()));
        assert!(lacks("explain").contains(&"TARGET".to_owned()));
    }

    #[test]
    fn the_description_of_a_fee_may_begin_with_a_dash() {
        for option in ["--fee", "--expense"] {
            for (description, amount) in [("- Setup", "250"), ("--phase 2", "-10"), ("-", "ten")] {
                let words = ["item", "add", "acme", option, description, amount, "--quantity", "2"];
                let looked = look("invoice", &words, &known());
                assert!(matches!(looked, Ok(Words::Whole)), "{words:?}");
            }
        }
    }

    #[test]
    fn an_option_is_no_amount_of_a_fee() {
        for option in ["--quantity", "--json", "--fee"] {
            let words = ["item", "add", "acme", "--fee", "Setup", option, "2"];
            let said = match look("invoice", &words, &known()) {
                Err(error) => error.to_string(),
                Ok(_) => panic!("{option} is an amount"),
            };
            let hint = "hint: write --fee \"Setup\" 500";
            assert!(
                said.contains(&format!("`{option}` is no amount")) && said.ends_with(hint),
                "{said}"
            );
        }
        // Nor is it one of another command.
        assert_eq!(without_amount(["status", "--fee", "Setup", "--json"].into_iter()), None);
    }

    #[test]
    fn help_is_no_error() {
        let help = lacks("invoice cancel --help").concat();
        assert!(help.contains("keeptab invoice cancel JDS-202611-0001"), "{help}");
    }

    #[test]
    fn a_wrong_word_is_a_sentence_without_the_usage() {
        for line in [
            "report --weak",
            "add acme/api soon",
            "report --week someday",
            "invoice dance",
        ] {
            let words: Vec<&str> = line.split_whitespace().collect();
            let Err(error) = look(words[0], &words[1..], &known()) else {
                panic!("{line} is right");
            };
            let said = error.to_string();
            assert!(
                !said.contains("Usage") && !said.contains("--help") && !said.contains("\n\n"),
                "{said}"
            );
        }
    }

    #[test]
    fn every_command_of_the_palette_can_be_asked_for() {
        // Each word that a command lacks has a question.
        fn each(command: &Command, path: &mut Vec<String>) {
            let words: Vec<&str> = path.iter().map(String::as_str).collect();
            if let Some((name, words)) = words.split_first()
                && let Err(error) = look(name, words, &known())
            {
                panic!("{path:?}: {error}");
            }
            for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
                path.push(inner.get_name().to_owned());
                each(inner, path);
                path.pop();
            }
        }
        let mut root = Cli::command();
        root.build();
        each(&root, &mut Vec::new());
    }
}
