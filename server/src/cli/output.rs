//! The only place that prints for the command line, so that no text of others is more than text to a terminal.
//!
//! Words for people never have a control character. Data (JSON, CSV, a page) keeps them for programs; JSON writes them
//! as escapes, and on a terminal the others are escaped. A reader that went away is not an error.

use std::fmt::Display;
use std::io::{ErrorKind, IsTerminal as _, Write};
use std::process::ExitCode;

use anyhow::Result;
use keeptab_core::cell::Cells;
use keeptab_core::plain;
use keeptab_engine::{Engine, Failure, Report};
use keeptab_present::flow::Answer;
use keeptab_system::clock;
use keeptab_system::home::Home;
use serde::Serialize;
use serde_json::Value;

/// Prints as text or as JSON.
pub(super) struct Output {
    json: bool,
}

impl Output {
    pub(super) fn new(json: bool) -> Self {
        Self { json }
    }

    /// Returns true if JSON was asked for.
    pub(super) fn is_json(&self) -> bool {
        self.json
    }

    /// Prints the answer to a command. One that reports a problem gives a failing exit code.
    pub(super) fn answer(&self, answer: &Answer) -> Result<ExitCode> {
        let printed = self.either(answer, || answer.data())?;
        Ok(if answer.is_problem { ExitCode::FAILURE } else { printed })
    }

    /// Prints text, or JSON if that was asked for.
    pub(super) fn either(&self, text: impl Display, json: impl FnOnce() -> Value) -> Result<ExitCode> {
        if self.json {
            Self::print_json(&json())
        } else {
            Self::line(text)
        }
    }

    /// Prints text, or the data behind it if JSON was asked for.
    pub(super) fn written(&self, text: impl Display, data: &impl Serialize) -> Result<ExitCode> {
        self.either(text, || serde_json::to_value(data).unwrap_or_default())
    }

    /// Reports that a command cannot be understood, or needs an answer that nobody can give; the exit code is 2.
    pub(super) fn refuse(&self, error: &anyhow::Error) -> Result<ExitCode> {
        report_error(error, self.json);
        Ok(ExitCode::from(2))
    }

    /// Prints JSON.
    fn print_json(data: &impl Serialize) -> Result<ExitCode> {
        Self::print(&plain::json(&serde_json::to_string_pretty(data)?))
    }

    /// Prints a report as CSV.
    pub(super) fn csv(report: &Report, cells: Cells) -> Result<ExitCode> {
        Self::data(&csv(report, cells)?)
    }

    /// Warns readers of text that the config is broken: the output follows the last good one.
    pub(super) fn warn_of_config(&self, engine: &Engine) {
        if let Some(broken) = engine.broken().filter(|_| !self.json) {
            warn(&format!("the last config that was right is in force: {broken}"));
        }
    }

    /// Warns, once, of the time that entries from before the rule "no time counts twice" lost.
    pub(super) fn warn_of_lost(&self, engine: &mut Engine) {
        if !self.json
            && let Some(lost) = engine.take_lost()
        {
            warn(&lost);
        }
    }

    /// Opens the engine, and prints the warnings that are due once.
    pub(super) fn open(&self, home: Home) -> Result<Engine> {
        let mut engine = Engine::open_or_read(home, clock::now())?;
        self.warn_of_lost(&mut engine);
        Ok(engine)
    }

    /// Prints words for people.
    pub(super) fn line(text: impl Display) -> Result<ExitCode> {
        Self::print(&plain::terminal(&text.to_string()))
    }

    /// Prints what programs read, byte for byte unless a terminal would.
    pub(super) fn data(text: &str) -> Result<ExitCode> {
        if std::io::stdout().is_terminal() {
            Self::line(text)
        } else {
            Self::print(text)
        }
    }

    /// Returns a writer of JSON to stdout, one record a line.
    pub(super) fn json_lines() -> JsonLines {
        JsonLines(Vec::new())
    }

    fn print(text: &str) -> Result<ExitCode> {
        let mut stdout = std::io::stdout().lock();
        match writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
            _ => Ok(ExitCode::SUCCESS),
        }
    }
}

/// Returns the form of texts in table cells: exact if `raw`, or else guarded against formulas.
pub(super) fn cells(raw: bool) -> Cells {
    if raw { Cells::Raw } else { Cells::Guarded }
}

/// Returns a report as CSV.
pub(super) fn csv(report: &Report, cells: Cells) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    report.rows.iter().try_for_each(|row| writer.serialize(row))?;
    let exact = writer.into_inner()?;
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut records = csv::ReaderBuilder::new().has_headers(false).from_reader(&*exact);
    for record in records.records() {
        writer.write_record(record?.iter().map(|text| cells.value(text).into_owned()))?;
    }
    let bytes = writer.into_inner()?;
    Ok(String::from_utf8_lossy(&bytes).trim_end().to_owned())
}

/// Writes JSON to stdout, a line at a time, each as [`plain::json`] has it.
pub(super) struct JsonLines(Vec<u8>);

impl Write for JsonLines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.extend_from_slice(bytes);
        if let Some(end) = self.0.iter().rposition(|byte| *byte == b'\n') {
            let rest = self.0.split_off(end + 1);
            let whole = std::mem::replace(&mut self.0, rest);
            let text = String::from_utf8_lossy(&whole);
            std::io::stdout().lock().write_all(plain::json(&text).as_bytes())?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let text = String::from_utf8_lossy(&self.0);
        let mut stdout = std::io::stdout().lock();
        stdout.write_all(plain::json(&text).as_bytes())?;
        self.0.clear();
        stdout.flush()
    }
}

/// Prints words on stderr, without a line's end.
pub(super) fn prompt(words: &str) -> std::io::Result<()> {
    let mut stderr = std::io::stderr().lock();
    stderr.write_all(plain::terminal(words).as_bytes())?;
    stderr.flush()
}

/// Prints on stderr what does not stop a command.
pub(super) fn warn(message: &str) {
    let _ = prompt(&format!("warning: {message}\n"));
}

/// Prints an error: on stderr, the hint on a line of its own; for a program on stdout, as JSON.
pub fn report_error(error: &anyhow::Error, json: bool) {
    let failure = Failure::of(error);
    if json {
        let _ = Output::print_json(&failure);
    } else {
        let _ = prompt(&format!("error: {failure}\n"));
    }
}

/// Prints a wrong command line, which may name a stranger's file, on stderr, or the help that was asked for on stdout.
pub fn report_usage(error: &clap::Error, json: bool) -> ExitCode {
    if !error.use_stderr() {
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    let words = error.render().to_string();
    if json {
        let _ = Output::print_json(&Failure::of_usage(&words));
    } else {
        let _ = prompt(&words);
    }
    ExitCode::from(2)
}
