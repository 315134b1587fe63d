//! From options to calls of the engine.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand, ValueEnum, ValueHint};
use keeptab_config::{Edit, Place};
use keeptab_core::calendar::{DayName, Named, Range, WeekName};
use keeptab_core::cell::Cells;
use keeptab_core::clock::{Clock, Clocks};
use keeptab_core::instant::Length;
use keeptab_core::length::read_length;
use keeptab_core::money::Price;
use keeptab_core::rule::{ProjectId, glob_of_word};
use keeptab_core::timesheet::parse;
use keeptab_engine::{Addition, By, Done, Engine, SheetFormat, Start};
use keeptab_present::flow::Call;
use keeptab_system::plain::{self, LONGEST_TEXT};

use super::output::csv;
use super::range::RangeArgs;
use super::terminal;

/// The options of `report`.
#[derive(Debug, Args)]
pub(super) struct ReportArgs {
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
    pub(super) csv: bool,
    /// Write exact texts into the CSV, also those that a spreadsheet would run
    #[arg(long, requires = "csv")]
    pub(super) raw: bool,
}

/// Returns the form of texts in table cells: exact if `raw`, or else guarded against formulas.
pub(super) fn cells(raw: bool) -> Cells {
    if raw { Cells::Raw } else { Cells::Guarded }
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

impl ReportArgs {
    pub(super) fn call(&self) -> Call {
        let (range, by) = self.wanted();
        Call::new(move |engine, now| engine.report(range, by, now))
    }

    /// Returns the call whose answer is the CSV.
    pub(super) fn csv_call(&self) -> Call {
        let (range, by) = self.wanted();
        let cells = cells(self.raw);
        Call::new(move |engine, now| Ok(Done::new(csv(&engine.report(range, by, now)?, cells)?)))
    }

    /// Returns the range and the meaning of a row.
    pub(super) fn wanted(&self) -> (Option<Range>, By) {
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

/// The options of `add`.
#[derive(Debug, Args)]
pub(super) struct AddArgs {
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

impl AddArgs {
    pub(super) fn call(self) -> Call {
        let addition = Addition {
            project: ProjectId::new(self.project),
            length: self.length,
            day: None,
            at: self.at,
            note: self.note,
            billable: !self.not_billable,
            beside: self.beside,
        };
        Call::new(move |engine, now| {
            let day = self.day.map(|day| engine.day_named(day, now));
            engine.add(&Addition { day, ..addition }, now)
        })
    }
}

/// The options of `start`.
#[derive(Debug, Args)]
pub(super) struct StartArgs {
    /// The project's id
    project: String,
    /// The start, such as 9:10; now unless given
    #[arg(long, value_name = "TIME")]
    at: Option<Clock>,
    /// The note
    #[arg(long)]
    note: Option<String>,
}

impl StartArgs {
    pub(super) fn call(self) -> Call {
        let start = Start {
            project: ProjectId::new(self.project),
            at: self.at,
            note: self.note,
        };
        Call::new(move |engine, now| engine.start(&start, now))
    }
}

/// The options of `review`.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the shell")]
#[derive(Debug, Args)]
pub(super) struct ReviewArgs {
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

impl ReviewArgs {
    pub(super) fn call(self) -> Result<Call> {
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

/// The options of `away`.
#[derive(Debug, Args)]
pub(super) struct AwayArgs {
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

impl AwayArgs {
    pub(super) fn call(self) -> Result<Call> {
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

/// The options of `assign`.
#[derive(Debug, Args)]
pub(super) struct AssignArgs {
    /// A folder or glob of files, or of pages where it has a scheme
    #[arg(requires = "project", value_hint = ValueHint::AnyPath)]
    folder: Option<String>,
    /// The project's id
    project: Option<String>,
}

impl AssignArgs {
    pub(super) fn call(self) -> Result<Call> {
        Ok(match (self.folder, self.project) {
            (Some(folder), Some(project)) => {
                let rule = Edit::AddRule {
                    project: ProjectId::new(project),
                    glob: glob_of_word(&rooted(&folder)?),
                };
                Call::new(move |engine, now| engine.assign(&rule, now))
            }
            _ => Call::new(Engine::unassigned),
        })
    }
}

fn edit(edit: Edit) -> Call {
    Call::new(move |engine, now| engine.edit(&edit, now))
}

/// Returns a folder given relative to the current one as an absolute path.
fn rooted(folder: &str) -> Result<String> {
    if folder.starts_with(['~', '/', '*', '[', '{']) {
        return Ok(folder.to_owned());
    }
    Ok(absolute(folder)?.replace('\\', "/"))
}

/// The options of `explain`.
#[derive(Debug, Args)]
#[group(skip)]
#[command(group(clap::ArgGroup::new("subject").required(true)))]
pub(super) struct ExplainArgs {
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

impl ExplainArgs {
    pub(super) fn call(self) -> Result<Call> {
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
fn absolute(target: &str) -> Result<String> {
    if target.contains("://") {
        return Ok(target.to_owned());
    }
    Ok(std::path::absolute(target)?.to_string_lossy().into_owned())
}

/// The actions on projects.
#[derive(Debug, Subcommand)]
pub(super) enum ProjectAction {
    /// List them
    List,
    /// Add one to the config
    Add {
        /// Its id, such as acme/api
        id: String,
        /// The client's id
        #[arg(long)]
        client: Option<String>,
        /// Its name on invoices
        #[arg(long)]
        name: Option<String>,
        /// Its hourly rate
        #[arg(long)]
        rate: Option<String>,
        /// A folder or glob of its files; may be given several times
        #[arg(long = "path", value_name = "GLOB")]
        paths: Vec<String>,
        /// A glob of its pages; may be given several times
        #[arg(long = "url", value_name = "GLOB")]
        urls: Vec<String>,
    },
}

impl ProjectAction {
    pub(super) fn call(self) -> Call {
        match self {
            Self::List => Call::new(Engine::catalogue),
            Self::Add {
                id,
                client,
                name,
                rate,
                paths,
                urls,
            } => edit(Edit::AddProject {
                id: ProjectId::new(id),
                client,
                name,
                // The config refuses what is no rate.
                rate: rate.map(|rate| rate.parse().map_or(rate, |price: Price| price.to_string())),
                paths,
                urls,
            }),
        }
    }
}

/// The actions on clients.
#[derive(Debug, Subcommand)]
pub(super) enum ClientAction {
    /// List them
    List,
    /// Add one to the config
    Add(Box<ClientArgs>),
}

/// A new client.
#[derive(Debug, Args)]
pub(super) struct ClientArgs {
    /// Its id, such as acme
    id: String,
    /// Its name on invoices
    #[arg(long)]
    name: String,
    /// Street lines; may be given several times
    #[arg(long)]
    address: Vec<String>,
    /// Postal code
    #[arg(long)]
    postcode: Option<String>,
    /// City
    #[arg(long)]
    city: Option<String>,
    /// Country: two letters
    #[arg(long)]
    country: Option<String>,
    /// VAT id, or its number for GST or sales tax
    #[arg(long)]
    vat_id: Option<String>,
    /// The e-mail address to which its invoices go
    #[arg(long)]
    email: Option<String>,
    /// Its currency, where it is not yours
    #[arg(long)]
    currency: Option<String>,
}

impl ClientAction {
    pub(super) fn call(self) -> Result<Call> {
        Ok(match self {
            Self::List => Call::new(Engine::catalogue),
            Self::Add(client) => {
                let place = Place {
                    address: client.address,
                    postcode: client.postcode,
                    city: client.city,
                    country: client.country,
                    vat_id: client.vat_id,
                    tax_number: None,
                    email: client.email,
                };
                edit(Edit::AddClient {
                    id: client.id,
                    name: client.name,
                    place: terminal::complete(place)?,
                    currency: client.currency,
                })
            }
        })
    }
}
