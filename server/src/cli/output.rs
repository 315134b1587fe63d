//! Where the command line prints. A reader that went away is no error.

use std::fmt::Display;
use std::io::{ErrorKind, Write as _};
use std::process::ExitCode;

use anyhow::Result;
use keeptab_core::cell::Cells;
use serde_json::Value;

use crate::clock;
use crate::engine::{Engine, Reply};
use crate::home::Home;

/// Prints as text or as JSON.
pub(super) struct Output {
    json: bool,
}

impl Output {
    pub(super) fn new(json: bool) -> Self {
        Self { json }
    }

    /// Prints an answer of the engine. One that says that something is wrong is a failure.
    pub(super) fn reply(&self, reply: &Reply) -> Result<ExitCode> {
        let printed = self.either(reply, || reply.json())?;
        Ok(match reply {
            Reply::Verification(verification) if !verification.holds() => ExitCode::FAILURE,
            _ => printed,
        })
    }

    /// Prints text, or JSON if that was asked for.
    pub(super) fn either(&self, text: impl Display, json: impl FnOnce() -> Value) -> Result<ExitCode> {
        if self.json {
            Self::line(serde_json::to_string_pretty(&json())?)
        } else {
            Self::line(text)
        }
    }

    /// Prints a report as CSV.
    pub(super) fn csv(reply: &Reply, cells: Cells) -> Result<ExitCode> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        if let Reply::Report(report) = reply {
            report.rows.iter().try_for_each(|row| writer.serialize(row))?;
        }
        let exact = writer.into_inner()?;
        let mut writer = csv::Writer::from_writer(Vec::new());
        let mut records = csv::ReaderBuilder::new().has_headers(false).from_reader(&*exact);
        for record in records.records() {
            writer.write_record(record?.iter().map(|text| cells.value(text).into_owned()))?;
        }
        let bytes = writer.into_inner()?;
        Self::line(String::from_utf8_lossy(&bytes).trim_end())
    }

    /// Says that the config is broken, to whoever reads text: what was printed goes by the last one that was right.
    pub(super) fn warn_of_config(&self, engine: &Engine) {
        if let Some(broken) = engine.broken().filter(|_| !self.json) {
            warn(&format!("the last config that was right is in force: {broken}"));
        }
    }

    /// Says, once, what entries lost that were older than the rule that no time counts twice.
    fn warn_of_lost(&self, engine: &mut Engine) {
        if !self.json
            && let Some(lost) = engine.take_lost()
        {
            warn(&lost);
        }
    }

    /// Opens the engine, and says what has to be said once.
    pub(super) fn open(&self, home: Home) -> Result<Engine> {
        let mut engine = Engine::open_or_read(home, clock::now())?;
        self.warn_of_lost(&mut engine);
        Ok(engine)
    }

    /// Prints a line.
    pub(super) fn line(text: impl Display) -> Result<ExitCode> {
        let mut stdout = std::io::stdout().lock();
        match writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
            _ => Ok(ExitCode::SUCCESS),
        }
    }
}

/// Prints on stderr what does not stop a command.
pub(super) fn warn(message: &str) {
    let _ = writeln!(std::io::stderr(), "warning: {message}");
}

/// Prints an error on stderr, the hint on a line of its own.
pub fn report_error(error: &anyhow::Error) {
    let _ = writeln!(std::io::stderr(), "error: {error:#}");
}
