//! `keeptab change`: one line of the week, changed as its timesheet would.

use anyhow::Result;
use clap::Args;
use keeptab_core::calendar::DayName;
use keeptab_core::clock::{Clock, Clocks};
use keeptab_core::correction::To;
use keeptab_core::rule::ProjectId;
use keeptab_core::timesheet::{Alteration, Revised};
use keeptab_engine::{Done, LineChange};
use keeptab_present::flow::Call;

use super::schema::of;
use super::{About, Command};

/// Change one line of a day: retag, split, note or erase it
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("change").required(true).multiple(true)))]
pub(in crate::cli) struct Change {
    /// The line's time as the timesheet shows it: 09:02-10:47, +0:45
    line: String,
    /// The day, such as 2026-11-16 or yesterday; today unless given
    #[arg(long, value_name = "DAY")]
    day: Option<DayName>,
    /// The project's id; ? for unassigned, - for private
    #[arg(long, value_name = "PROJECT", group = "change", allow_hyphen_values = true)]
    to: Option<String>,
    /// The note; an empty one removes it
    #[arg(long, group = "change", allow_hyphen_values = true)]
    note: Option<String>,
    /// Mark it as billable
    #[arg(long, group = "change", conflicts_with = "not_billable")]
    billable: bool,
    /// Mark it as not billable
    #[arg(long, group = "change")]
    not_billable: bool,
    /// Change only what comes from this time on
    #[arg(long, value_name = "TIME")]
    split: Option<Clock>,
    /// Its clock times from now on, such as 9:10-10:00
    #[arg(long, value_name = "FROM-TO", group = "change", conflicts_with = "split")]
    times: Option<Clocks>,
    /// Do not count it: it was no work
    #[arg(long, group = "change", conflicts_with_all = ["to", "note", "billable", "not_billable", "split", "times"])]
    erase: bool,
}

impl Command for Change {
    const ABOUT: About = About {
        name: "change",
        palette: Some(
            "needs a line of a day and what becomes of it: `[\"09:02-10:47\", \"--day=2026-11-16\", \
             \"--to=acme/api\"]`, `--note=`, `--billable`, `--not-billable`, `--erase`; with `--split=10:00` \
             only what comes from then on. The line is its time as the timesheet shows it, or the `key` of a \
             block of the dashboard",
        ),
        examples: &[(
            "change",
            &[
                "keeptab change 09:02-10:47 --to acme/api",
                "keeptab change 09:02-10:47 --split 10:00 --note \"release notes\"",
            ],
        )],
        answers: &[("change", of::<Done>)],
    };

    fn call(self) -> Result<Call> {
        let revised = Revised {
            to: self.to.map(|to| match to.as_str() {
                "?" => To::Unassigned,
                "-" => To::Private,
                _ => To::Project(ProjectId::new(to)),
            }),
            note: self.note,
            billable: (self.billable || self.not_billable).then_some(self.billable),
        };
        let alteration = match (self.split, self.times) {
            _ if self.erase => Alteration::Erase,
            (Some(at), _) => Alteration::Split(at, revised),
            (None, Some(times)) => Alteration::Move(times, revised),
            (None, None) => Alteration::Revise(revised),
        };
        let change = LineChange {
            day: None,
            line: self.line,
            alteration,
        };
        Ok(Call::new(move |engine, now| {
            let day = self.day.map(|day| engine.day_named(day, now));
            engine.change(&LineChange { day, ..change }, now)
        }))
    }
}
