//! An invoice in all its formats, and timesheets: PDF typeset by typst in process, electronic invoices, HTML, CSV and
//! JSON.
//!
//! All are functions of their argument alone: the same [`Paper`] or [`TimesheetPaper`] gives the same bytes, on any
//! machine and at any time. Read in this order: `sheet` and `timesheet` (the printed text), `words` (the languages),
//! `template/` (the layout), `manuscript` (the file), `world` (the files that typst can read), `text` (the cleaning of
//! user text); then `einvoice` (EN 16931), `facturx` (the electronic invoice inside the PDF) and `pay` (payment codes).

use std::collections::BTreeSet;

use keeptab_core::invoice::{Asset, Content, Format, Paper};
use thiserror::Error;
use typst::foundations::Bytes;

mod apart;
mod country;
mod csv;
mod date;
mod einvoice;
mod facturx;
mod font;
mod html;
mod json;
mod letter;
mod manuscript;
mod number;
mod party;
mod pay;
mod sheet;
mod tax;
mod text;
mod timesheet;
mod words;
mod world;
mod xml;

use einvoice::Profile;
use font::Brought;
use manuscript::Manuscript;
use pay::Pay;
use sheet::Sheet;
use words::Words;
use world::{Fonts, Template};

pub use apart::{serve, typeset_apart};
pub use einvoice::Lacking;
pub use font::{UnusableFont, shown_by};
pub use letter::{Letter, letter};
pub use timesheet::{TimesheetPaper, TimesheetRow, timesheet, timesheet_csv};

/// Renders an invoice, or a draft in a format that is not an electronic invoice.
///
/// # Errors
///
/// If the invoice lacks something that the format requires, or typst refuses the template.
pub fn render(paper: &Paper<'_>, format: Format) -> Result<Vec<u8>, DocumentError> {
    match format {
        Format::Pdf => pdf(paper),
        Format::XRechnung => einvoice::write(paper, Profile::XRechnung),
        Format::XRechnungUbl => einvoice::write(paper, Profile::XRechnungUbl),
        Format::Ubl => einvoice::write(paper, Profile::Peppol),
        Format::Html => html::html(paper),
        Format::Csv => Ok(csv::csv(paper)),
        Format::Json => Ok(json::json(paper)?),
    }
}

/// Renders an invoice or a draft as a PDF/A-3b. An invoice has its electronic form inside if it can have one;
/// [`lacking`] gives the reason if not.
///
/// Characters that its faces lack are printed as `\u{fffd}`; [`missing_characters`] lists them.
///
/// # Errors
///
/// If typst refuses the template. Only a template of the user's own should cause this.
pub fn pdf(paper: &Paper<'_>) -> Result<Vec<u8>, DocumentError> {
    match printed(paper) {
        Err(error @ (DocumentError::Typeset(_) | DocumentError::Pdf(_) | DocumentError::Template { .. })) => {
            let stationery = &paper.content.stationery;
            match &stationery.logo {
                Some(logo) if prints_without_logo(paper) => Err(DocumentError::Logo(logo.name.clone())),
                _ => Err(error),
            }
        }
        printed => printed,
    }
}

fn printed(paper: &Paper<'_>) -> Result<Vec<u8>, DocumentError> {
    let pay = Pay::of(paper);
    manuscript(paper, pay.as_ref())?.pdf(&Sheet::of(paper, pay))
}

/// Returns whether the paper prints without its logo. A picture can be broken in many ways, so this is tried out.
fn prints_without_logo(paper: &Paper<'_>) -> bool {
    let mut content = paper.content.clone();
    content.stationery.logo = None;
    let plain = Paper {
        content: &content,
        ..*paper
    };
    printed(&plain).is_ok()
}

/// Returns the requirements of a format that an invoice or a draft does not meet, if any; for the PDF, those of the
/// electronic invoice inside.
#[must_use]
pub fn lacking(paper: &Paper<'_>, format: Format) -> Option<Lacking> {
    let profile = match format {
        Format::Pdf => Profile::FacturX,
        Format::XRechnung => Profile::XRechnung,
        Format::XRechnungUbl => Profile::XRechnungUbl,
        Format::Ubl => Profile::Peppol,
        Format::Html | Format::Csv | Format::Json => return None,
    };
    einvoice::lacking(paper.content, profile)
}

/// Returns the characters of an invoice that no face can show: neither a built-in one, which cover Latin, Greek and
/// Cyrillic, nor one of its own fonts.
#[must_use]
pub fn missing_characters(paper: &Paper<'_>) -> BTreeSet<char> {
    manuscript::missing_characters(&Sheet::of(paper, None), &brought_for(paper.content))
}

/// Reads the faces of a document's own fonts, for a reader in a country.
pub(crate) fn brought(fonts: &[Asset], country: Option<&str>) -> Brought {
    Brought::of(
        fonts.iter().map(|font| Bytes::new(font.bytes.clone())).collect(),
        country,
    )
}

fn brought_for(content: &Content) -> Brought {
    brought(&content.stationery.fonts, content.buyer.country.as_deref())
}

/// Returns the reason why an invoice has no code for banking apps although its account suggests one.
#[must_use]
pub fn lacking_code(content: &Content) -> Option<&'static str> {
    Pay::lacking(content)
}

/// A document that could not be rendered.
#[derive(Debug, Error)]
pub enum DocumentError {
    /// Its values could not be serialised.
    #[error("the document could not be printed: {0}\nhint: {REPORT}")]
    Values(#[from] serde_json::Error),
    /// Its elements could not be written.
    #[error("the document could not be written: {0}\nhint: {REPORT}")]
    Write(#[from] std::io::Error),
    /// typst could not lay it out.
    #[error("the document could not be typeset: {0}\nhint: {REPORT}")]
    Typeset(String),
    /// It could not be written as PDF/A.
    #[error("the document could not be written as PDF/A: {0}\nhint: {REPORT}")]
    Pdf(String),
    /// The user's template is broken.
    #[error("{name}:{line}: {message}\nhint: mend the template and try again")]
    Template {
        /// The template's file.
        name: String,
        /// The line, from 1.
        line: usize,
        /// The error in it.
        message: String,
    },
    /// The logo cannot be printed.
    #[error("{0} is no picture that can be printed\nhint: take an SVG, PNG or JPEG")]
    Logo(String),
    /// A file that it is printed with is lost.
    #[error("{name}, which it is printed with, is gone from the database\nhint: {PUT_BACK} {sha256}")]
    Gone {
        /// The file.
        name: String,
        /// The SHA-256 of its bytes.
        sha256: String,
    },
    /// It lacks something that its format requires.
    #[error("{0}")]
    Lacking(Lacking),
}

const PUT_BACK: &str =
    "import an export that has it, or put the very file back where the config names it; its SHA-256 is";
const REPORT: &str = "this is a fault of keeptab and nothing was lost; report it, and render the document again later";

fn manuscript<'a>(paper: &Paper<'a>, pay: Option<&Pay>) -> Result<Manuscript<'a>, DocumentError> {
    let content = paper.content;
    let number = paper.number.map(ToString::to_string);
    let stationery = &content.stationery;
    stationery.assets().try_for_each(there)?;
    let mut files = Vec::new();
    if let Some(logo) = &stationery.logo {
        files.push((picture(logo)?.to_owned(), Bytes::new(logo.bytes.to_vec())));
    }
    if let Some(pay) = pay {
        files.push(("pay.svg".to_owned(), Bytes::from_string(pay.svg())));
    }
    // A draft is not an invoice, and an invoice that lacks something is printed without its electronic form.
    let inside = match einvoice::write(paper, Profile::FacturX) {
        Ok(inside) => Some(inside),
        Err(DocumentError::Lacking(_)) => None,
        Err(error) => return Err(error),
    };
    let own = |template: &Asset| Template::own(&template.name, &String::from_utf8_lossy(&template.bytes));
    Ok(Manuscript {
        template: stationery.template.as_ref().map_or(Template::Invoice, own),
        title: number.unwrap_or_else(|| Words::of(content.language).draft_invoice.to_owned()),
        author: &content.seller.name,
        mark: content.seller.name.clone(),
        date: paper.issue_date,
        files,
        inside,
        fonts: Fonts {
            bill: matches!(pay, Some(Pay::Swiss(_))),
            brought: brought_for(content),
        },
    })
}

fn there(asset: &Asset) -> Result<(), DocumentError> {
    if !asset.is_gone() {
        return Ok(());
    }
    Err(DocumentError::Gone {
        name: asset.name.clone(),
        sha256: asset.sha256.clone(),
    })
}

/// Returns the name of the logo for the template, by the type of its bytes.
fn picture(logo: &Asset) -> Result<&'static str, DocumentError> {
    let head = logo.bytes.get(..512).unwrap_or(&logo.bytes);
    if head.starts_with(b"\x89PNG") {
        Ok("logo.png")
    } else if head.starts_with(b"\xff\xd8\xff") {
        Ok("logo.jpg")
    } else if String::from_utf8_lossy(head).contains("<svg") || head.starts_with(b"<?xml") {
        Ok("logo.svg")
    } else {
        Err(DocumentError::Logo(logo.name.clone()))
    }
}

#[cfg(test)]
mod tests;
