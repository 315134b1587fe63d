//! The manual: one page for the program, one for each command.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Args, CommandFactory as _};
use clap_mangen::Man as Page;
use keeptab_system::home::Home;
use schemars::JsonSchema;
use serde::Serialize;

use super::help::groups;
use super::output::Output;
use super::schema::of;
use super::{About, Cli, Command, examples};

/// The exit codes.
const EXIT_STATUS: [(&str, &str); 3] = [
    ("0", "The command did what it was asked for."),
    (
        "1",
        "It failed, and changed nothing unless it says so; or it found a problem, as doctor and verify do.",
    ),
    (
        "2",
        "The command line is wrong, or there is a question and no terminal to ask it in.",
    ),
];

/// The variables that the program reads.
const ENVIRONMENT: [(&str, &str); 3] = [
    (
        "KEEPTAB_HOME",
        "A folder for the config and all data, in place of the platform's own folders.",
    ),
    ("NO_COLOR", "If it is set, help has no colours. Nothing else has any."),
    ("COLUMNS", "The width of help where there is no terminal."),
];

/// The files that people look for.
const FILES: [(&str, &str); 3] = [
    ("~/.config/keeptab/keeptab.toml", "The config."),
    ("~/.local/share/keeptab/keeptab.db", "The database."),
    ("~/.local/share/keeptab/invoices", "The documents of issued invoices."),
];

/// The folder of the manual's pages.
#[derive(Serialize, JsonSchema)]
struct Pages<'a> {
    /// Its path.
    folder: &'a Path,
}

/// Print the manual page, or write those of all commands
#[derive(Debug, Args)]
pub(in crate::cli) struct Man {
    /// The folder for the pages of all commands, such as ~/.cargo/share/man/man1
    #[arg(long, value_name = "FOLDER")]
    to: Option<PathBuf>,
}

impl Command for Man {
    const ABOUT: About = About {
        name: "man",
        palette: None,
        examples: &[("man", &["keeptab man --to ~/.cargo/share/man/man1"])],
        answers: &[("man", of::<Pages>)],
    };

    fn run(self, _: Home, output: &Output) -> Result<ExitCode> {
        manual(self.to.as_deref(), output)
    }
}

/// Prints the page of the program, or writes the pages of all commands into a folder.
fn manual(to: Option<&Path>, output: &Output) -> Result<ExitCode> {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    let Some(folder) = to else {
        return Output::data(page(&command, "")?.trim_end());
    };
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    write_pages(&command, "", folder).with_context(|| format!("{} cannot be written to", folder.display()))?;
    let text = format!(
        "written to {}; `man keeptab` finds them in a folder man1 on its path",
        folder.display()
    );
    output.written(&text, &Pages { folder })
}

/// Writes the page of a command, and of all commands within it.
fn write_pages(command: &clap::Command, path: &str, folder: &Path) -> Result<()> {
    fs::write(folder.join(format!("{}.1", name(path))), page(command, path)?)?;
    for inner in command.get_subcommands().filter(|inner| !inner.is_hide_set()) {
        let path = format!("{path} {}", inner.get_name());
        write_pages(inner, path.trim_start(), folder)?;
    }
    Ok(())
}

/// Returns the name of the page of a command, such as `keeptab-invoice-issue`.
fn name(path: &str) -> String {
    let words = ["keeptab"].into_iter().chain(path.split_whitespace());
    words.collect::<Vec<_>>().join("-")
}

/// Returns the page of a command.
fn page(command: &clap::Command, path: &str) -> Result<String> {
    let man = Page::new(command.clone());
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    if path.is_empty() {
        page.extend(commands(command).bytes());
    } else if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    man.render_options_section(&mut page)?;
    let mut page = String::from_utf8(page)?;
    let lines = examples(path);
    if !lines.is_empty() {
        let lines: Vec<String> = lines.iter().map(|line| plain(line)).collect();
        let _ = write!(page, ".SH EXAMPLES\n.nf\n{}\n.fi\n", lines.join("\n"));
    }
    page += &section("EXIT STATUS", &EXIT_STATUS);
    if path.is_empty() {
        page += &section("ENVIRONMENT", &ENVIRONMENT);
        page += &section("FILES", &FILES);
    } else {
        page += ".SH \"SEE ALSO\"\n\\fBkeeptab\\fR(1)\n";
    }
    Ok(page)
}

/// Returns the commands of the program in their groups.
fn commands(command: &clap::Command) -> String {
    let mut text = ".SH COMMANDS\n".to_owned();
    for (title, names) in groups() {
        let _ = writeln!(text, ".SS \"{title}\"");
        for inner in names.iter().filter_map(|name| command.find_subcommand(name)) {
            let page = plain(&name(inner.get_name()));
            let about = inner.get_about().map(ToString::to_string).unwrap_or_default();
            let _ = write!(text, ".TP\n\\fB{page}\\fR(1)\n{}\n", plain(&about));
        }
    }
    text
}

/// Returns a section that is a list of terms.
fn section(title: &str, terms: &[(&str, &str)]) -> String {
    let mut text = format!(".SH \"{title}\"\n");
    for (term, words) in terms {
        let _ = write!(text, ".TP\n{}\n{}\n", plain(term), plain(words));
    }
    text
}

/// Escapes a line for roff, so that each sign is printed as it is.
fn plain(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    if line.starts_with(['.', '\'']) {
        text += "\\&";
    }
    for letter in line.chars() {
        match letter {
            '\\' => text += "\\e",
            '-' => text += "\\-",
            '~' => text += "\\(ti",
            '^' => text += "\\(ha",
            '\'' => text += "\\(aq",
            '`' => text += "\\(ga",
            '"' => text += "\\(dq",
            _ => text.push(letter),
        }
    }
    text
}
