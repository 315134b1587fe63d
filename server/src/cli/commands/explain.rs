//! `keeptab explain`: the reasons behind the time.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueHint};
use keeptab_core::calendar::DayName;
use keeptab_core::clock::Clocks;
use keeptab_engine::{Comparison, Evidence, Explanation};
use keeptab_present::flow::Call;
use schemars::json_schema;

use super::schema::of;
use super::{About, Command};

/// Say where the time of a file, a page or a stretch goes, and why; or what another config would move
#[derive(Debug, Args)]
#[group(skip)]
#[command(group(clap::ArgGroup::new("subject").required(true)))]
pub(in crate::cli) struct Explain {
    /// A path or URL, to show the rule that names it
    #[arg(group = "subject", value_hint = ValueHint::AnyPath)]
    target: Option<String>,
    /// A stretch of a day, such as 9:00-10:30, to show the evidence behind it
    #[arg(long, value_name = "FROM-TO", group = "subject")]
    at: Option<Clocks>,
    /// The day of the stretch; today unless given
    #[arg(long, value_name = "DAY", requires = "at")]
    day: Option<DayName>,
    /// Another config, to show the time and money that it would move
    #[arg(long, value_name = "FILE", group = "subject")]
    config: Option<PathBuf>,
    /// The total of all time at an idle timeout of 5, 10 and 15 minutes
    #[arg(long, group = "subject")]
    idle: bool,
}

impl Command for Explain {
    const ABOUT: About = About {
        name: "explain",
        palette: Some("needs a path or URI"),
        examples: &[(
            "explain",
            &[
                "keeptab explain ~/work/acme/api/src/main.rs",
                "keeptab explain --at 9:00-10:30 --day 2026-11-27",
            ],
        )],
        answers: &[("explain", |generator| {
            let shapes = [of::<Explanation>, of::<Evidence>, of::<Comparison>].map(|shape| shape(generator));
            json_schema!({ "anyOf": shapes })
        })],
    };

    fn call(self) -> Result<Call> {
        Ok(match self {
            Self { target: Some(uri), .. } => {
                let uri = absolute(&uri)?;
                Call::new(move |engine, _| engine.explain(&uri))
            }
            Self {
                at: Some(times), day, ..
            } => Call::new(move |engine, now| {
                let day = day.map(|day| engine.day_named(day, now));
                engine.evidence(day, times, now)
            }),
            Self { config, .. } => Call::new(move |engine, now| engine.compare(config.as_deref(), now)),
        })
    }
}

/// Returns a URI unchanged, and a path as an absolute path.
pub(super) fn absolute(target: &str) -> Result<String> {
    if target.contains("://") {
        return Ok(target.to_owned());
    }
    Ok(std::path::absolute(target)?.to_string_lossy().into_owned())
}
