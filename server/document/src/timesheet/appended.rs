//! The work behind an invoice, row by row.

use keeptab_core::invoice::{Appendix, AppendixRow, Content};
use serde::Serialize;

use super::sheet::Sheet;
use super::{TimesheetPaper, TimesheetRow};
use crate::words::Words;

/// The printed form of the timesheet behind an invoice.
#[derive(Serialize)]
pub(crate) struct Appended {
    heading: &'static str,
    /// The time zone of its days.
    zone: String,
    /// The tables of a timesheet.
    sheet: Sheet,
}

impl Appended {
    /// Prints an appendix. Its hours add up as those of a timesheet do.
    pub(crate) fn of(appendix: &Appendix, content: &Content) -> Self {
        let words = Words::of(content.language);
        let paper = TimesheetPaper {
            seller: content.seller.clone(),
            client: content.buyer.clone(),
            language: content.language,
            period: content.period,
            time_zone: appendix.time_zone.clone(),
            rows: appendix.rows.iter().map(row).collect(),
            signature: false,
            fonts: Vec::new(),
        };
        Self {
            heading: words.work_in_detail,
            zone: format!("{} {}", words.time_zone, appendix.time_zone),
            sheet: Sheet::of(&paper),
        }
    }
}

fn row(row: &AppendixRow) -> TimesheetRow {
    TimesheetRow {
        day: row.day,
        from: None,
        to: None,
        length: row.length,
        project: row.project.clone(),
        key: row.key,
        note: row.note.clone(),
        billable: true,
        paths: row.paths.clone(),
    }
}
