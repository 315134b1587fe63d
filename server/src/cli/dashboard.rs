//! `keeptab dashboard`: the week as a picture, written to a file and opened in the browser.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use keeptab_core::calendar::Week;

use super::output::Output;
use super::range::RangeArgs;
use crate::clock;
use crate::engine::{Command, Form, Reply};
use crate::home::Home;

/// The options of `dashboard`.
#[derive(Debug, Args)]
pub(super) struct DashboardArgs {
    /// The week, such as 2026-W47; the present one unless given
    #[arg(id = "shown", value_name = "WEEK")]
    week: Option<Week>,
    /// A range whose totals stand first
    #[command(flatten)]
    range: RangeArgs,
    /// Write the page here, and do not open it
    #[arg(long, value_name = "FILE", group = "form")]
    output: Option<PathBuf>,
    /// Text bars instead
    #[arg(long, group = "form")]
    text: bool,
    /// Answer what the page shows; for editors
    #[arg(long, group = "form", hide = true)]
    data: bool,
    /// Answer the page itself; for editors
    #[arg(long, group = "form", hide = true)]
    page: bool,
}

impl DashboardArgs {
    pub(super) fn command(self) -> Result<Command> {
        Ok(Command::Dashboard {
            week: self.week,
            range: self.range.range()?,
            form: match self.output {
                _ if self.text => Form::Text,
                _ if self.data => Form::Data,
                _ if self.page => Form::Page,
                output => Form::File(output),
            },
        })
    }
}

pub(super) fn run(mut arguments: DashboardArgs, json: bool, home: Home, output: &Output) -> Result<ExitCode> {
    arguments.output = arguments.output.map(std::path::absolute).transpose()?;
    let opens = arguments.output.is_none() && !json && std::io::stdout().is_terminal();
    // Without a file to write, the JSON is the page's data.
    arguments.data |= json && arguments.output.is_none() && !arguments.text && !arguments.page;
    let mut engine = output.open(home)?;
    let reply = engine.execute(arguments.command()?, clock::now())?;
    output.warn_of_config(&engine);
    if let Reply::Page(page) = &reply
        && !json
    {
        return Output::data(page);
    }
    if let (true, Reply::Done(done)) = (opens, &reply)
        && let Some(path) = done.files.first()
    {
        // The path is printed as well, for users without a browser here.
        let _ = open::that_detached(path);
    }
    output.reply(&reply)
}
