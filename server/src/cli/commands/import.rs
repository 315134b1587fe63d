//! `keeptab import`: history of other tools.

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Result, anyhow};
use chrono::NaiveDate;
use clap::Args;
use keeptab_engine::thread::Handle;
use keeptab_engine::{Done, ImportList, ImportRequest, ImportView, Lacking, Progress};
use keeptab_import::{DateOrder, Mapping, Unknown};
use keeptab_present::flow::{self, Call};
use keeptab_system::clock;
use keeptab_system::home::Home;
use schemars::json_schema;

use super::output::Output;
use super::schema::of;
use super::terminal::Terminal;
use super::{About, Command, in_shell_only};

/// Bring history over from another tool
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the shell")]
#[derive(Debug, Args)]
pub(in crate::cli) struct Import {
    /// The files that other tools exported; a folder or a ZIP stands for the files in it
    files: Vec<PathBuf>,
    /// The tool, or a saved mapping; recognised from the file unless given
    #[arg(long, value_name = "SOURCE")]
    from: Option<String>,
    /// The sheet of a workbook; the first that can be read unless given
    #[arg(long, value_name = "SHEET")]
    sheet: Option<String>,
    /// The zone of clock times that name none; your business's unless given
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<chrono_tz::Tz>,
    /// The order of dates, where the file leaves it open: dmy, mdy or ymd
    #[arg(long, value_name = "ORDER")]
    dates: Option<DateOrder>,
    /// The columns of a table by field, such as date=Day,hours=Hrs,project=Job
    #[arg(long, value_name = "COLUMNS")]
    map: Option<Mapping>,
    /// Keep the mapping under a name, for --from
    #[arg(long, value_name = "NAME", requires = "map")]
    save_map: Option<String>,
    /// The user whose rows are imported, if the file has several users
    #[arg(long)]
    user: Option<String>,
    /// The other tool billed all time before this day: it is never billed here
    #[arg(long, value_name = "DAY")]
    billed_before: Option<NaiveDate>,
    /// Count the common time of rows of one file that overlap once; each counts in full unless given
    #[arg(long, value_name = "HOW", value_parser = ["once"])]
    overlaps: Option<String>,
    /// A tag that is a project, of tools that know tags alone; may be given several times
    #[arg(long, value_name = "TAG")]
    project_tag: Vec<String>,
    /// Take days of more than 24 hours as they are
    #[arg(long)]
    long_days: bool,
    /// Let the file say that what was billed is not
    #[arg(long)]
    unbill: bool,
    /// Only show what would be imported
    #[arg(long)]
    dry_run: bool,
    /// Import without asking
    #[arg(long, conflicts_with = "dry_run")]
    yes: bool,
    /// Take an import back: the latest unless one is named
    #[arg(long, value_name = "IMPORT", num_args = 0..=1, conflicts_with_all = ["files", "list"])]
    undo: Option<Vec<i64>>,
    /// List the imports
    #[arg(long, conflicts_with = "files")]
    list: bool,
}

impl Import {
    /// Returns the call of the engine, if there is no question to the user.
    pub(in crate::cli) fn unasked(self, progress: Progress) -> Option<Call> {
        match self {
            Self { list: true, .. } => Some(Call::new(|engine, _| engine.imports())),
            Self { undo: Some(batch), .. } => {
                let batch = batch.first().copied();
                Some(Call::new(move |engine, now| engine.undo_import(batch, now)))
            }
            Self { yes, dry_run, .. } if yes || dry_run => {
                let mut request = self.request();
                request.progress = progress;
                Some(Call::new(move |engine, now| engine.import(&request, now)))
            }
            _ => None,
        }
    }

    /// Returns the import to run.
    pub(in crate::cli) fn request(self) -> ImportRequest {
        ImportRequest {
            files: self.files,
            from: self.from,
            sheet: self.sheet,
            zone: self.time_zone,
            order: self.dates,
            mapping: self.map,
            save_mapping: self.save_map,
            user: self.user,
            billed_before: self.billed_before,
            overlaps_once: self.overlaps.is_some(),
            project_tags: self.project_tag,
            has_long_days: self.long_days,
            unbill: self.unbill,
            is_dry: self.dry_run,
            progress: Progress::default(),
        }
    }
}

impl Command for Import {
    const ABOUT: About = About {
        name: "import",
        palette: Some(
            "asks for a file and for what it leaves open, asks with what would be imported as the question's \
             text (of months that are not billed also which day is the first unbilled one, and shows it again; \
             a client without `keeptab/pick` opens it as a file), imports it with `$/progress`, opens its first \
             week; with a path does not ask for that; with `--dry-run`, `--yes`, `--list` or `--undo` asks \
             nothing",
        ),
        examples: &[(
            "import",
            &[
                "keeptab import Toggl_time_entries.csv --dry-run",
                "keeptab import hours.csv --map date=Day,hours=Hrs,project=Job --yes",
                "keeptab import --undo",
            ],
        )],
        answers: &[("import", |generator| {
            let shapes = [of::<ImportView>, of::<ImportList>, of::<Done>].map(|shape| shape(generator));
            json_schema!({ "anyOf": shapes })
        })],
    };

    fn call(self) -> Result<Call> {
        let call = self.unasked(Progress::default());
        call.ok_or_else(|| in_shell_only(Self::ABOUT.name))
    }

    fn run(self, home: Home, output: &Output) -> Result<ExitCode> {
        if self.files.is_empty() && !self.list && self.undo.is_none() {
            return output.refuse(&anyhow!(
                "there is nothing to import\nhint: name a file, or --list the imports"
            ));
        }
        if self.yes || self.dry_run || self.list || self.undo.is_some() {
            return directly(self, home, output);
        }
        match Terminal::open() {
            Some(terminal) if !output.is_json() => converse(&terminal, self.request(), home),
            _ => output.refuse(&anyhow!(
                "there is nobody to ask\nhint: look at it with --dry-run, then import it with --yes"
            )),
        }
    }
}

/// Does it without a question.
fn directly(arguments: Import, home: Home, output: &Output) -> Result<ExitCode> {
    let Some(call) = arguments.unasked(progress()) else {
        return Ok(ExitCode::FAILURE);
    };
    let mut engine = output.open(home)?;
    let answer = call.run(&mut engine, clock::now());
    clear_progress();
    match answer {
        Ok(answer) => {
            let exit = output.answer(&answer)?;
            output.warn_of_config(&engine);
            Ok(exit)
        }
        Err(error) if error.is::<Lacking>() || error.is::<Unknown>() => output.refuse(&error),
        Err(error) => Err(error),
    }
}

/// Asks for missing values, shows the preview, and asks for confirmation.
fn converse(terminal: &Terminal, mut request: ImportRequest, home: Home) -> Result<ExitCode> {
    request.progress = progress();
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(async {
        let (engine, thread) = Handle::start(home, super::init::Nobody);
        let show = |view: &ImportView| {
            clear_progress();
            Output::line(view).map(|_| None)
        };
        let imported = flow::import(terminal, &engine, request, show).await;
        engine.stop();
        let _ = thread.join();
        clear_progress();
        if let Some(view) = imported? {
            let printed = Output::line(&view)?;
            Ok(if view.has_problem() { ExitCode::FAILURE } else { printed })
        } else {
            Output::line("nothing was imported")?;
            Ok(ExitCode::FAILURE)
        }
    })
}

/// Shows the progress, if stderr is a terminal.
fn progress() -> Progress {
    if !std::io::stderr().is_terminal() {
        return Progress::default();
    }
    let shown = AtomicU64::new(u64::MAX);
    Progress(Some(Arc::new(move |done, all| {
        let percent = done.saturating_mul(100) / all.max(1);
        if shown.swap(percent, Ordering::Relaxed) != percent {
            let _ = write!(std::io::stderr(), "\r{percent:3} %");
        }
    })))
}

fn clear_progress() {
    if std::io::stderr().is_terminal() {
        let _ = write!(std::io::stderr(), "\r\x1b[K");
    }
}
