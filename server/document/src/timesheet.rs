//! A timesheet that a client signs before the invoice.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use keeptab_core::instant::Length;
use keeptab_core::invoice::{Asset, Language, Party};

use crate::manuscript::{self, Manuscript};
use crate::world::{Fonts, Template};
use crate::{DocumentError, brought};

mod appended;
mod csv;
mod sheet;
mod tally;

pub(crate) use appended::Appended;
pub use csv::timesheet_csv;
use sheet::Sheet;

/// The content of a timesheet. It has no amounts of money.
///
/// Each row is shown in whole minutes and in hundredths of an hour, so that the shown lengths add up: a day, a project
/// and the whole show the sum of their rows as printed. Within the billable rows of a project and key, and within its
/// other rows, the remainder of rounding a row is carried to the next. So they add up to their exact length rounded
/// half up, which is the quantity of an invoice without a rounding policy. If all of them have whole minutes, each is
/// shown exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimesheetPaper {
    /// The seller, who worked.
    pub seller: Party,
    /// The client.
    pub client: Party,
    /// The language.
    pub language: Language,
    /// The first and last civil day.
    pub period: (NaiveDate, NaiveDate),
    /// The zone of its days and clock times, such as `Europe/Berlin`.
    pub time_zone: String,
    /// The work, in the order in which it is shown within a day.
    pub rows: Vec<TimesheetRow>,
    /// True if the client has a place to sign.
    pub signature: bool,
    /// Font files beside the built-in ones.
    pub fonts: Vec<Asset>,
}

/// A stretch of work, or an entry without clock times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimesheetRow {
    /// The civil day of the work.
    pub day: NaiveDate,
    /// The clock time at which it began, as shown: `09:02`, or `25:10` after midnight.
    pub from: Option<String>,
    /// The clock time at which it ended, as shown.
    pub to: Option<String>,
    /// The length.
    pub length: Length,
    /// The project's name.
    pub project: String,
    /// Distinguishes equal names: the project, or behind an invoice the key of its lines.
    pub key: usize,
    /// The note, if any.
    pub note: Option<String>,
    /// True if it will be billed.
    pub billable: bool,
    /// The files and pages behind it; empty on a timesheet to sign.
    pub paths: Vec<String>,
}

impl TimesheetPaper {
    /// Returns the characters that neither a built-in face nor one of its own fonts can show.
    #[must_use]
    pub fn missing_characters(&self) -> BTreeSet<char> {
        manuscript::missing_characters(&Sheet::of(self), &brought(&self.fonts, self.client.country.as_deref()))
    }

    fn manuscript<'a>(&'a self, sheet: &Sheet) -> Manuscript<'a> {
        Manuscript {
            template: Template::Timesheet,
            title: sheet.title(),
            author: &self.seller.name,
            mark: format!("{}\n{}", self.seller.name, self.client.name),
            date: self.period.1,
            files: Vec::new(),
            inside: None,
            fonts: Fonts {
                bill: false,
                brought: brought(&self.fonts, self.client.country.as_deref()),
            },
        }
    }
}

/// Renders a timesheet as a PDF/A-3b, dated with the last day of its period.
///
/// Characters that its faces lack are printed as `\u{fffd}`; [`TimesheetPaper::missing_characters`] lists
/// them.
///
/// # Errors
///
/// If typst refuses the template or its result. No timesheet should cause this.
pub fn timesheet(paper: &TimesheetPaper) -> Result<Vec<u8>, DocumentError> {
    let sheet = Sheet::of(paper);
    paper.manuscript(&sheet).pdf(&sheet)
}

#[cfg(test)]
mod tests;
