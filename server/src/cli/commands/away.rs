//! `keeptab away`: gaps of a day.

use anyhow::Result;
use clap::Args;
use keeptab_core::calendar::DayName;
use keeptab_core::clock::Clocks;
use keeptab_core::rule::ProjectId;
use keeptab_engine::{Done, Engine, Gaps};
use keeptab_present::flow::Call;

use super::schema::either;
use super::{About, Command};

/// List the gaps of a day, or count one
#[derive(Debug, Args)]
pub(in crate::cli) struct Away {
    /// The gap to count, such as 12:10-13:00
    gap: Option<Clocks>,
    /// The project's id; without it the gap counts to what was in front, if you were there all the while
    #[arg(group = "what")]
    project: Option<String>,
    /// It was a break: do not count it, whatever arrives later
    #[arg(long = "break", group = "what", requires = "gap")]
    is_break: bool,
    /// The day, such as 2026-11-16 or yesterday; today unless given
    #[arg(long, value_name = "DAY")]
    day: Option<DayName>,
}

impl Command for Away {
    const ABOUT: About = About {
        name: "away",
        palette: Some(
            "asks which gap of today counts to which project; `[\"12:10-13:00\", \"PROJECT\"]` counts one, \
             without the project to what was in front, if it was attended; `[\"12:10-13:00\", \"--break\"]` \
             keeps it uncounted and unasked",
        ),
        examples: &[(
            "away",
            &[
                "keeptab away",
                "keeptab away 12:10-13:00 acme/api",
                "keeptab away 12:10-13:00 --break",
            ],
        )],
        answers: &[("away", either::<Gaps, Done>)],
    };

    fn call(self) -> Result<Call> {
        let day = move |engine: &Engine, now| self.day.map(|day| engine.day_named(day, now));
        Ok(match (self.gap, self.project) {
            (Some(times), None) if self.is_break => {
                Call::new(move |engine, now| engine.break_off(day(engine, now), times, now))
            }
            (Some(times), project) => {
                let project = project.map(ProjectId::new);
                Call::new(move |engine, now| engine.fill(day(engine, now), times, project.as_ref(), now))
            }
            (None, _) => Call::new(move |engine, now| engine.away(day(engine, now), now)),
        })
    }
}
