//! `keeptab start`: time by hand, from now or a time of today.

use anyhow::Result;
use clap::Args;
use keeptab_core::clock::Clock;
use keeptab_core::rule::ProjectId;
use keeptab_engine::Done;
use keeptab_present::flow::Call;

use super::schema::of;
use super::{About, Command};

/// Time a call or a meeting by hand
#[derive(Debug, Args)]
pub(in crate::cli) struct Start {
    /// The project's id
    project: String,
    /// The start, such as 9:10; now unless given
    #[arg(long, value_name = "TIME")]
    at: Option<Clock>,
    /// The note
    #[arg(long)]
    note: Option<String>,
}

impl Command for Start {
    const ABOUT: About = About {
        name: "start",
        palette: Some(
            "asks for a project, and for a start and a note if that is chosen; with `[\"PROJECT\", \"--at=9:10\", \"--note=…\"]` asks \
             nothing",
        ),
        examples: &[(
            "start",
            &[
                "keeptab start acme/api",
                "keeptab start acme/api --at 9:10 --note \"call with Sam\"",
            ],
        )],
        answers: &[("start", of::<Done>)],
    };

    fn call(self) -> Result<Call> {
        let start = keeptab_engine::Start {
            project: ProjectId::new(self.project),
            at: self.at,
            note: self.note,
        };
        Ok(Call::new(move |engine, now| engine.start(&start, now)))
    }
}
