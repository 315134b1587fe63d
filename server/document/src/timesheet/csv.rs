//! A timesheet as CSV.

use csv::{Terminator, WriterBuilder};

use super::tally::{Tallied, Tally};
use super::{TimesheetPaper, TimesheetRow};

const HEADER: [&str; 8] = ["date", "from", "to", "duration", "hours", "project", "note", "billable"];

/// Writes the rows of a timesheet as CSV (RFC 4180): UTF-8, CRLF, one header, the same lengths as in the PDF.
///
/// `date` is ISO 8601, `duration` hours and minutes (`1:45`), `hours` the same with two decimals (`1.75`, always with a
/// point), `billable` `true` or `false`.
///
/// A spreadsheet would run a text that looks like a formula. So a text that begins with `=`, `+`, `-`, `@`, a tab, a
/// carriage return or a line feed gets an apostrophe before it.
#[must_use]
pub fn timesheet_csv(paper: &TimesheetPaper) -> Vec<u8> {
    // It is written to memory, and all records are as long as the header: nothing here can fail.
    written(&Tally::of(paper)).unwrap_or_default()
}

fn written(tally: &Tally<'_>) -> csv::Result<Vec<u8>> {
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record(HEADER)?;
    for tallied in tally.rows() {
        writer.write_record(record(tallied))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn record(&Tallied { row, shown }: &Tallied<'_>) -> [String; HEADER.len()] {
    let TimesheetRow { from, to, note, .. } = row;
    let text = |text: &Option<String>| literal(text.as_deref().unwrap_or_default());
    [
        row.day.to_string(),
        text(from),
        text(to),
        shown.minutes().to_string(),
        shown.hours().to_string(),
        literal(&row.project),
        text(note),
        row.billable.to_string(),
    ]
}

fn literal(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}
