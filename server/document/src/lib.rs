//! An invoice as a PDF, typeset by typst in process.
//!
//! [`pdf`] is a function of its argument alone: the same [`Paper`] gives the same bytes, on any machine and at any
//! time. Read in this order: `sheet` (what is printed), `words` (in which language), `template/invoice.typ` (how it
//! is laid out), `world` (what typst sees), `text` (what happens to the user's words before that).

use std::collections::BTreeSet;
use std::sync::LazyLock;

use chrono::Datelike;
use keeptab_core::invoice::Paper;
use serde_json::Value;
use thiserror::Error;
use typst::comemo;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

mod country;
mod date;
mod font;
mod number;
mod party;
mod sheet;
mod tax;
mod text;
mod words;
mod world;

use sheet::Sheet;
use world::Desk;

/// Renders an invoice or a draft as a PDF/A-3b.
///
/// Characters that the built-in faces lack are printed as `\u{fffd}`; [`missing_characters`] tells which.
///
/// # Errors
///
/// Where typst refuses the template or its result, which no invoice should bring about.
pub fn pdf(paper: &Paper<'_>) -> Result<Vec<u8>, DocumentError> {
    let bytes = typeset(paper).and_then(|document| write(&document, paper));
    comemo::evict(0);
    bytes
}

/// Returns the characters of an invoice that no built-in face can show. They cover Latin, Greek and Cyrillic.
#[must_use]
pub fn missing_characters(paper: &Paper<'_>) -> BTreeSet<char> {
    let mut missing = BTreeSet::new();
    // A sheet is made of texts only, so that this cannot fail; `pdf` would tell.
    if let Ok(mut values) = serde_json::to_value(Sheet::of(paper)) {
        text::fit(&mut values, &mut missing);
    }
    missing
}

/// An invoice that could not be rendered.
#[derive(Debug, Error)]
pub enum DocumentError {
    /// Its values could not be handed to typst.
    #[error("the invoice could not be printed: {0}\nhint: {REPORT}")]
    Values(#[from] serde_json::Error),
    /// typst could not lay it out.
    #[error("the invoice could not be typeset: {0}\nhint: {REPORT}")]
    Typeset(String),
    /// It could not be written as PDF/A.
    #[error("the invoice could not be written as PDF/A: {0}\nhint: {REPORT}")]
    Pdf(String),
}

const REPORT: &str = "this is a fault of keeptab and nothing was lost; report it, and render the invoice again later";

fn typeset(paper: &Paper<'_>) -> Result<PagedDocument, DocumentError> {
    let mut values: Value = serde_json::to_value(Sheet::of(paper))?;
    text::fit(&mut values, &mut BTreeSet::new());
    let desk = Desk::new(serde_json::to_vec(&values)?);
    let document = typst::compile::<PagedDocument>(&desk).output;
    let mut document = document.map_err(|errors| DocumentError::Typeset(told(&errors)))?;
    let info = document.info_mut();
    info.title = Some(title(paper).into());
    info.author = vec![text::clean(&paper.content.seller.name).into()];
    Ok(document)
}

fn title(paper: &Paper<'_>) -> String {
    let number = paper.number.map(ToString::to_string);
    number.unwrap_or_else(|| words::Words::of(paper.content.language).draft_invoice.to_owned())
}

fn write(document: &PagedDocument, paper: &Paper<'_>) -> Result<Vec<u8>, DocumentError> {
    static STANDARDS: LazyLock<Result<PdfStandards, String>> =
        LazyLock::new(|| PdfStandards::new(&[PdfStandard::A_3b]).map_err(|error| error.message().to_string()));
    let date = paper.issue_date;
    let day = |part: u32| u8::try_from(part).unwrap_or_default();
    let midnight = Datetime::from_ymd_hms(date.year(), day(date.month()), day(date.day()), 0, 0, 0);
    let options = PdfOptions {
        ident: Smart::Custom(format!("{}\n{}", title(paper), paper.content.seller.name)),
        creator: Smart::Custom(Some("keeptab".to_owned())),
        timestamp: midnight.map(Timestamp::new_utc),
        standards: STANDARDS.clone().map_err(DocumentError::Pdf)?,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(document, &options).map_err(|errors| DocumentError::Pdf(told(&errors)))
}

fn told(errors: &[SourceDiagnostic]) -> String {
    let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    messages.join("; ")
}

#[cfg(test)]
mod tests;
