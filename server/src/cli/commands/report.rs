//! `keeptab report`: totals of a range.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, ValueEnum};
use keeptab_core::calendar::{Named, Range};
use keeptab_engine::{By, Done};
use keeptab_present::flow::Call;
use keeptab_system::clock;
use keeptab_system::home::Home;

use super::output::{Output, cells, csv};
use super::range::RangeArgs;
use super::schema::of;
use super::{About, Command, answered};

/// Show totals; this week unless a range is given
#[derive(Debug, Args)]
pub(in crate::cli) struct Report {
    /// A day, a week or a month: yesterday, monday, last, 47, 2026-W47, 2026-11; this week unless given
    #[arg(value_name = "RANGE", value_parser = Named::of_report, allow_negative_numbers = true, conflicts_with_all = ["range", "from"])]
    when: Option<Named>,
    #[command(flatten)]
    range: RangeArgs,
    /// The grouping of rows
    #[arg(long, value_enum, default_value_t)]
    by: ByArg,
    /// Print CSV
    #[arg(long)]
    pub(in crate::cli) csv: bool,
    /// Write exact texts into the CSV, also those that a spreadsheet would run
    #[arg(long, requires = "csv")]
    pub(in crate::cli) raw: bool,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum ByArg {
    Client,
    #[default]
    Project,
    Day,
    Week,
    Month,
}

impl Report {
    /// Returns the call whose answer is the CSV.
    pub(in crate::cli) fn csv_call(&self) -> Call {
        let (range, by) = self.wanted();
        let cells = cells(self.raw);
        Call::new(move |engine, now| Ok(Done::new(csv(&engine.report(range, by, now)?, cells)?)))
    }

    /// Returns the range and the meaning of a row.
    pub(in crate::cli) fn wanted(&self) -> (Option<Range>, By) {
        let by = match self.by {
            ByArg::Client => By::Client,
            ByArg::Project => By::Project,
            ByArg::Day => By::Day,
            ByArg::Week => By::Week,
            ByArg::Month => By::Month,
        };
        (self.when.map(Range::Named).or_else(|| self.range.range()), by)
    }
}

impl Command for Report {
    const ABOUT: About = About {
        name: "report",
        palette: Some("totals of this week"),
        examples: &[(
            "report",
            &[
                "keeptab report --today",
                "keeptab report --month 2026-11 --by client",
                "keeptab report --week 2026-W47 --csv > week.csv",
            ],
        )],
        answers: &[("report", of::<keeptab_engine::Report>)],
    };

    fn call(self) -> Result<Call> {
        let (range, by) = self.wanted();
        Ok(Call::new(move |engine, now| engine.report(range, by, now)))
    }

    fn run(self, home: Home, output: &Output) -> Result<ExitCode> {
        let mut engine = output.open(home)?;
        if !self.csv {
            return answered(&mut engine, self.call()?, output);
        }
        let (range, by) = self.wanted();
        let report = engine.ask(clock::now(), |engine, now| engine.report(range, by, now))?;
        let exit = Output::csv(&report, cells(self.raw))?;
        output.warn_of_config(&engine);
        Ok(exit)
    }
}
