//! A timesheet as CSV.

use csv::{Terminator, WriterBuilder};
use keeptab_core::cell::Cells;

use super::tally::{Tallied, Tally};
use super::{TimesheetPaper, TimesheetRow};

const HEADER: [&str; 8] = ["date", "from", "to", "duration", "hours", "project", "note", "billable"];

/// Writes the rows of a timesheet as CSV (RFC 4180): UTF-8, CRLF, one header, and the lengths of the PDF.
///
/// `date` is ISO 8601, `duration` hours and minutes (`1:45`), `hours` the same with two decimals (`1.75`, always with a
/// point), `billable` `true` or `false`.
///
/// A spreadsheet would run a text that looks like a formula; `cells` decides if such texts are guarded.
#[must_use]
pub fn timesheet_csv(paper: &TimesheetPaper, cells: Cells) -> Vec<u8> {
    // Writing to memory cannot fail, and all records are as long as the header.
    written(&Tally::of(paper), cells).unwrap_or_default()
}

fn written(tally: &Tally<'_>, cells: Cells) -> csv::Result<Vec<u8>> {
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record(HEADER)?;
    for tallied in tally.rows() {
        writer.write_record(record(tallied, cells))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn record(&Tallied { row, shown }: &Tallied<'_>, cells: Cells) -> [String; HEADER.len()] {
    let TimesheetRow { from, to, note, .. } = row;
    let text = |text: &Option<String>| cells.write(text.as_deref().unwrap_or_default()).into_owned();
    [
        row.day.to_string(),
        text(from),
        text(to),
        shown.minutes().to_string(),
        shown.hours().to_string(),
        cells.write(&row.project).into_owned(),
        text(note),
        row.billable.to_string(),
    ]
}
