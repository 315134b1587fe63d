//! Completion of a command line, for editors and shells.

use clap::{Arg, ArgAction, Command, CommandFactory as _, ValueHint};
use keeptab_core::calendar::DAY_WORDS;
use keeptab_present::flow::Known;

use super::Cli;

/// Returns the words that may follow these; the first is a command. The caller matches a word that is only begun.
///
/// With `begun`, the part of the next word that is there, options come only after a dash, or if nothing else can follow. Where a file
/// can, nothing is returned: the caller lists files.
#[must_use]
pub fn complete(words: &[&str], begun: Option<&str>, known: &Known) -> Vec<String> {
    let mut root = Cli::command();
    root.build();
    let mut words = words.iter().copied();
    // The palette's own word for a report with bars.
    let name = words.next().map(|name| if name == "totals" { "report" } else { name });
    let Some(mut command) = name.and_then(|name| root.find_subcommand(name)) else {
        return Vec::new();
    };
    let (mut given, mut positionals, mut open) = (Vec::new(), 0, None);
    for word in words {
        if open.take().is_some() {
            continue;
        }
        if let Some(option) = word.strip_prefix("--") {
            let (name, value) = option.split_once('=').map_or((option, false), |(name, _)| (name, true));
            let option = command.get_opts().find(|arg| arg.get_long() == Some(name));
            open = option.filter(|arg| !value && arg.get_action().takes_values());
            given.push(name);
        } else if let Some(inner) = command.find_subcommand(word).filter(|_| positionals == 0) {
            command = inner;
        } else {
            positionals += 1;
        }
    }
    match open {
        Some(option) => values(option, known),
        None => following(command, positionals, (&given, begun), known),
    }
}

/// Returns all commands.
pub(super) fn commands() -> Vec<String> {
    let root = Cli::command();
    let shown = root.get_subcommands().filter(|command| !command.is_hide_set());
    shown.map(|command| command.get_name().to_owned()).collect()
}

/// Returns commands within a command, values of its next argument, and its options.
fn following(
    command: &Command,
    positionals: usize,
    (given, begun): (&[&str], Option<&str>),
    known: &Known,
) -> Vec<String> {
    let inner = command.get_subcommands().filter(|_| positionals == 0);
    let inner = inner.map(Command::get_name).filter(|name| *name != "help");
    let last = || command.get_positionals().last();
    let again = |arg: &&Arg| matches!(arg.get_action(), ArgAction::Append);
    let next = command
        .get_positionals()
        .nth(positionals)
        .or_else(|| last().filter(again));
    let mut all: Vec<String> = inner.map(str::to_owned).collect();
    all.extend(next.into_iter().flat_map(|arg| values(arg, known)));
    if begun.is_some_and(|begun| !begun.starts_with('-'))
        && (!all.is_empty() || next.is_some_and(|arg| arg.get_value_hint() == ValueHint::AnyPath))
    {
        return all;
    }
    let options = command
        .get_arguments()
        .filter(|arg| !arg.is_global_set() && !is_help(arg));
    let options = options.filter_map(|arg| {
        let again = matches!(arg.get_action(), ArgAction::Append);
        arg.get_long().filter(|name| again || !given.contains(name))
    });
    all.extend(options.map(|name| format!("--{name}")));
    all
}

fn is_help(arg: &Arg) -> bool {
    matches!(
        arg.get_action(),
        ArgAction::Help | ArgAction::HelpLong | ArgAction::HelpShort | ArgAction::Version
    )
}

/// Returns the values that an argument can have, as far as its name tells.
pub(super) fn values(arg: &Arg, known: &Known) -> Vec<String> {
    let listed = arg.get_possible_values();
    if !listed.is_empty() {
        return listed.iter().map(|value| value.get_name().to_owned()).collect();
    }
    match arg.get_id().as_str() {
        "project" => known.projects.clone(),
        "client" => known.clients.clone(),
        "draft" => {
            let drafts = known.invoices.iter().filter(|word| word.parse::<i64>().is_ok());
            known.clients.iter().chain(drafts).cloned().collect()
        }
        "which" => [known.clients.as_slice(), known.invoices.as_slice()].concat(),
        "number" => known.invoices.clone(),
        "week" | "shown" => known.weeks.iter().cloned().chain(["last".to_owned()]).collect(),
        "month" => vec!["last".to_owned()],
        "day" | "from" | "to" => DAY_WORDS.map(str::to_owned).to_vec(),
        "when" => DAY_WORDS.into_iter().chain(["last"]).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn check(line: &str, expected: &Expect) {
        checked(line, None, expected);
    }

    #[track_caller]
    fn checked(line: &str, begun: Option<&str>, expected: &Expect) {
        let strings = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let known = Known {
            projects: strings(&["acme/api", "shop"]),
            clients: strings(&["acme"]),
            weeks: strings(&["2026-W47", "2026-W46"]),
            invoices: strings(&["JDS-202611-0001"]),
        };
        let words: Vec<&str> = line.split_whitespace().collect();
        expected.assert_eq(&complete(&words, begun, &known).join(" "));
    }

    #[test]
    fn names_that_there_are_come_before_options() {
        check("start", &expect!["acme/api shop --at --note"]);
        check(
            "add",
            &expect!["acme/api shop --day --at --note --not-billable --beside"],
        );
        check(
            "add acme/api 0:45 --not-billable",
            &expect!["--day --at --note --beside"],
        );
        check(
            "review",
            &expect!["2026-W47 2026-W46 last --apply --pdf --csv --raw --client --undo"],
        );
        check("invoice show", &expect!["acme JDS-202611-0001"]);
    }

    #[test]
    fn options_come_after_a_dash_or_alone() {
        checked("start", Some(""), &expect!["acme/api shop"]);
        checked("start", Some("ac"), &expect!["acme/api shop"]);
        checked("start", Some("-"), &expect!["acme/api shop --at --note"]);
        checked("start shop", Some(""), &expect!["--at --note"]);
        checked("review", Some(""), &expect!["2026-W47 2026-W46 last"]);
        checked(
            "invoice",
            Some(""),
            &expect!["draft discard item issue list show render send pay write-off cancel note verify start export"],
        );
        // A file comes next: the shell knows its files.
        checked("import", Some(""), &expect![""]);
        checked("import one.csv", Some(""), &expect![""]);
        checked("restore", Some(""), &expect![""]);
        checked("explain", Some(""), &expect![""]);
        checked("assign", Some(""), &expect![""]);
        checked("assign ~/x", Some(""), &expect!["acme/api shop"]);
        checked("restore", Some("--"), &expect!["--yes"]);
        checked("restore old.db.gz", Some(""), &expect!["--yes"]);
    }

    #[test]
    fn an_option_is_followed_by_its_value() {
        check("report --by", &expect!["client project day week month"]);
        check("report --week", &expect!["2026-W47 2026-W46 last"]);
        check("totals --week", &expect!["2026-W47 2026-W46 last"]);
        check("add --note", &expect![""]);
        check(
            "report --by=client",
            &expect![
                "today yesterday monday tuesday wednesday thursday friday saturday sunday last --today --day --week --month --all --from --to --csv --raw"
            ],
        );
        check(
            "project add x --path ~/x",
            &expect!["--client --name --rate --path --url"],
        );
    }

    #[test]
    fn commands_lie_within_commands() {
        check(
            "invoice",
            &expect!["draft discard item issue list show render send pay write-off cancel note verify start export"],
        );
        check("project", &expect!["list add"]);
        check("project add --client", &expect!["acme"]);
    }

    #[test]
    fn nothing_follows_what_is_unknown() {
        check("", &expect![""]);
        check("dance", &expect![""]);
        check("stop", &expect![""]);
        check("start shop again", &expect!["--at --note"]);
    }
}
