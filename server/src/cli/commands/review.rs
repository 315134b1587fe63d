//! `keeptab review`: the week as a timesheet.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use clap::Args;
use keeptab_core::calendar::WeekName;
use keeptab_core::timesheet::parse;
use keeptab_engine::{Done, Engine, SheetFormat, SheetView};
use keeptab_present::flow::Call;
use keeptab_system::plain::{self, LONGEST_TEXT};

use super::output::cells;
use super::schema::either;
use super::{About, Command};

/// Write the week as a timesheet to review, or apply one
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the shell")]
#[derive(Debug, Args)]
pub(in crate::cli) struct Review {
    /// The week: 2026-W47, 47 for the latest of that number, or last; the present one unless given
    #[arg(conflicts_with_all = ["apply", "undo"], allow_negative_numbers = true)]
    week: Option<WeekName>,
    /// Apply an edited timesheet, all or nothing; - reads it from standard input
    #[arg(long, value_name = "FILE", conflicts_with = "undo")]
    apply: Option<PathBuf>,
    /// Write a PDF for a client to sign instead
    #[arg(long, conflicts_with_all = ["apply", "undo"])]
    pdf: bool,
    /// Write a CSV for a client instead
    #[arg(long, conflicts_with_all = ["apply", "undo", "pdf"])]
    csv: bool,
    /// Write exact texts into the CSV, also those that a spreadsheet would run
    #[arg(long, requires = "csv")]
    raw: bool,
    /// The client whose time it is, where the week has that of several
    #[arg(long, value_name = "CLIENT", conflicts_with_all = ["apply", "undo"])]
    client: Option<String>,
    /// Take the latest change back, as `undo` does
    #[arg(long)]
    undo: bool,
}

impl Command for Review {
    const ABOUT: About = About {
        name: "review",
        palette: Some("writes this week's timesheet and opens it; with a week, that one; with `--pick` asks which"),
        examples: &[(
            "review",
            &[
                "keeptab review",
                "keeptab review 2026-W47 --pdf --client acme",
                "keeptab review --apply 2026-W47.timesheet",
            ],
        )],
        answers: &[("review", either::<SheetView, Done>)],
    };

    fn call(self) -> Result<Call> {
        Ok(match self.apply {
            Some(file) => {
                let text = if file.as_os_str() == "-" {
                    plain::text(std::io::stdin(), LONGEST_TEXT)
                } else {
                    plain::read_text(&file, LONGEST_TEXT)
                };
                let text = text.with_context(|| format!("{} cannot be read", file.display()))?;
                let parsed = Arc::new(parse(&text));
                Call::new(move |engine, now| engine.apply_sheet(&parsed, true, now))
            }
            None if self.undo => Call::new(Engine::undo),
            None if self.pdf || self.csv || self.client.is_some() => {
                let format = if self.csv {
                    SheetFormat::Csv(cells(self.raw))
                } else {
                    SheetFormat::Pdf
                };
                Call::new(move |engine, now| {
                    let week = self.week.map(|week| engine.week_named(week, now));
                    engine.approve(week, self.client.as_deref(), format, now)
                })
            }
            None => Call::new(move |engine, now| {
                let week = self.week.map(|week| engine.week_named(week, now));
                engine.review(week, true, now)
            }),
        })
    }
}
