//! Invoices and timesheets as PDF, typeset by typst in process, and timesheets as CSV.
//!
//! All are functions of their argument alone: the same [`Paper`] or [`TimesheetPaper`] gives the same bytes, on any
//! machine and at any time. Read in this order: `sheet` and `timesheet` (what is printed), `words` (in which language),
//! `template/` (how it is laid out), `manuscript` (how it becomes a file), `world` (what typst sees), `text` (what
//! happens to the user's words before that).

use std::collections::BTreeSet;

use keeptab_core::invoice::Paper;
use thiserror::Error;

mod country;
mod date;
mod font;
mod manuscript;
mod number;
mod party;
mod sheet;
mod tax;
mod text;
mod timesheet;
mod words;
mod world;

use manuscript::Manuscript;
use sheet::Sheet;
use words::Words;
use world::Template;

pub use timesheet::{TimesheetPaper, TimesheetRow, timesheet, timesheet_csv};

/// Renders an invoice or a draft as a PDF/A-3b.
///
/// Characters that the built-in faces lack are printed as `\u{fffd}`; [`missing_characters`] tells which.
///
/// # Errors
///
/// Where typst refuses the template or its result, which no invoice should bring about.
pub fn pdf(paper: &Paper<'_>) -> Result<Vec<u8>, DocumentError> {
    manuscript(paper).pdf(&Sheet::of(paper))
}

/// Returns the characters of an invoice that no built-in face can show. They cover Latin, Greek and Cyrillic.
#[must_use]
pub fn missing_characters(paper: &Paper<'_>) -> BTreeSet<char> {
    manuscript::missing_characters(&Sheet::of(paper))
}

/// A document that could not be rendered.
#[derive(Debug, Error)]
pub enum DocumentError {
    /// Its values could not be handed to typst.
    #[error("the document could not be printed: {0}\nhint: {REPORT}")]
    Values(#[from] serde_json::Error),
    /// typst could not lay it out.
    #[error("the document could not be typeset: {0}\nhint: {REPORT}")]
    Typeset(String),
    /// It could not be written as PDF/A.
    #[error("the document could not be written as PDF/A: {0}\nhint: {REPORT}")]
    Pdf(String),
}

const REPORT: &str = "this is a fault of keeptab and nothing was lost; report it, and render the document again later";

fn manuscript<'a>(paper: &Paper<'a>) -> Manuscript<'a> {
    let content = paper.content;
    let number = paper.number.map(ToString::to_string);
    Manuscript {
        template: Template::Invoice,
        title: number.unwrap_or_else(|| Words::of(content.language).draft_invoice.to_owned()),
        author: &content.seller.name,
        mark: content.seller.name.clone(),
        date: paper.issue_date,
    }
}

#[cfg(test)]
mod tests;
