//! `keeptab add`: time that was not captured.

use anyhow::Result;
use clap::Args;
use keeptab_core::calendar::DayName;
use keeptab_core::clock::Clock;
use keeptab_core::instant::Length;
use keeptab_core::length::read_length;
use keeptab_core::rule::ProjectId;
use keeptab_engine::{Addition, Done};
use keeptab_present::flow::Call;

use super::schema::of;
use super::{About, Command};

/// Add time that was not captured
#[derive(Debug, Args)]
pub(in crate::cli) struct Add {
    /// The project's id
    project: String,
    /// The length: 0:45, 45m or 1.5
    #[arg(value_parser = read_length)]
    length: Length,
    /// The day, such as 2026-11-16 or yesterday; today unless given
    #[arg(long, value_name = "DAY")]
    day: Option<DayName>,
    /// The start, such as 14:30; captured time under the entry is not counted again
    #[arg(long, value_name = "TIME")]
    at: Option<Clock>,
    /// The note
    #[arg(long)]
    note: Option<String>,
    /// Do not bill it
    #[arg(long)]
    not_billable: bool,
    /// Count it beside time that is there already, and mark it for good
    #[arg(long, requires = "at")]
    beside: bool,
}

impl Command for Add {
    const ABOUT: About = About {
        name: "add",
        palette: Some("asks for a project, a day, a length or clock times, and a note"),
        examples: &[(
            "add",
            &[
                "keeptab add acme/api 0:45 --note \"call with Sam\"",
                "keeptab add acme/api 1:30 --day 2026-11-26 --at 14:00",
            ],
        )],
        answers: &[("add", of::<Done>)],
    };

    const LOOKS: bool = true;

    fn call(self) -> Result<Call> {
        let addition = Addition {
            project: ProjectId::new(self.project),
            length: self.length,
            day: None,
            at: self.at,
            note: self.note,
            billable: !self.not_billable,
            beside: self.beside,
        };
        Ok(Call::new(move |engine, now| {
            let day = self.day.map(|day| engine.day_named(day, now));
            engine.add(&Addition { day, ..addition }, now)
        }))
    }
}
