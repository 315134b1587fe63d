//! `keeptab dashboard`: the week as a picture, written to a file and opened in the browser.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use keeptab_core::calendar::WeekName;
use keeptab_engine::{Done, Engine};
use keeptab_present::flow::{Answer, Call};
use keeptab_present::page;
use keeptab_system::clock;
use keeptab_system::home::Home;
use serde_json::json;

use super::output::Output;
use super::range::RangeArgs;
use super::{About, Command};

/// Show the week as a picture, in the browser
#[derive(Debug, Args)]
pub(in crate::cli) struct Dashboard {
    /// The week: 2026-W47, 47 for the latest of that number, or last; the present one unless given
    #[arg(id = "shown", value_name = "WEEK", allow_negative_numbers = true)]
    week: Option<WeekName>,
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

impl Command for Dashboard {
    const ABOUT: About = About {
        name: "dashboard",
        palette: Some(
            "writes this week as a page and opens it in the browser; with a week, that one. `--text` answers it \
             as text bars, `--page` as `{ page }`, the HTML for an editor's own view, `--data` as the document \
             that the page shows; with a range, its totals too",
        ),
        examples: &[("dashboard", &["keeptab dashboard", "keeptab dashboard 2026-W47 --text"])],
        answers: &[],
    };

    fn call(self) -> Result<Call> {
        let (week, range) = (self.week, self.range.range());
        let named = move |engine: &Engine, now| week.map(|week| engine.week_named(week, now));
        let dashboard = move |engine: &mut Engine, now| engine.dashboard(named(engine, now), range, now);
        Ok(match self.output {
            _ if self.text => Call::new(move |engine, now| Ok(Done::new(dashboard(engine, now)?.text()))),
            _ if self.data => Call::new(move |engine, now| Answer::of_data(&dashboard(engine, now)?)),
            _ if self.page => Call::new(move |engine, now| {
                let html = page::html(&dashboard(engine, now)?)?;
                Answer::of_data(&json!({ "page": html }))
            }),
            output => Call::new(move |engine, now| {
                let week = named(engine, now);
                keeptab_present::dashboard::write(engine, week, range, output, now)
            }),
        })
    }

    fn run(mut self, home: Home, output: &Output) -> Result<ExitCode> {
        self.output = self.output.map(std::path::absolute).transpose()?;
        let opens = self.output.is_none() && !output.is_json() && std::io::stdout().is_terminal();
        // Without a file to write, the JSON is the page's data.
        self.data |= output.is_json() && self.output.is_none() && !self.text && !self.page;
        let mut engine = output.open(home)?;
        if self.page && !output.is_json() {
            let (week, range) = (self.week, self.range.range());
            let page = engine.ask(clock::now(), |engine, now| {
                let week = week.map(|week| engine.week_named(week, now));
                page::html(&engine.dashboard(week, range, now)?)
            })?;
            output.warn_of_config(&engine);
            return Output::data(&page);
        }
        let answer = self.call()?.run(&mut engine, clock::now())?;
        output.warn_of_config(&engine);
        if let Some(path) = answer.files.first().filter(|_| opens) {
            // The path is printed as well, for users without a browser here.
            let _ = open::that_detached(path);
        }
        output.answer(&answer)
    }
}
