//! From values to the bytes of a PDF: what all documents share.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use serde_json::Value;
use typst::comemo;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::world::{Desk, Template};
use crate::{DocumentError, text};

/// A document on its way to print.
pub(crate) struct Manuscript<'a> {
    /// Its layout.
    pub(crate) template: Template,
    /// What it is called.
    pub(crate) title: String,
    /// Who wrote it.
    pub(crate) author: &'a str,
    /// What tells it from others of its title.
    pub(crate) mark: String,
    /// The day that the file says it was made on.
    pub(crate) date: NaiveDate,
}

impl Manuscript<'_> {
    /// Lays values out on pages.
    pub(crate) fn typeset(&self, sheet: &impl Serialize) -> Result<PagedDocument, DocumentError> {
        let mut values: Value = serde_json::to_value(sheet)?;
        text::fit(&mut values, &mut BTreeSet::new());
        let desk = Desk::new(self.template, serde_json::to_vec(&values)?);
        let document = typst::compile::<PagedDocument>(&desk).output;
        let mut document = document.map_err(|errors| DocumentError::Typeset(told(&errors)))?;
        let info = document.info_mut();
        info.title = Some(text::clean(&self.title).into());
        info.author = vec![text::clean(self.author).into()];
        Ok(document)
    }

    /// Prints values as a PDF/A-3b.
    pub(crate) fn pdf(&self, sheet: &impl Serialize) -> Result<Vec<u8>, DocumentError> {
        let bytes = self.typeset(sheet).and_then(|document| self.write(&document));
        comemo::evict(0);
        bytes
    }

    fn write(&self, document: &PagedDocument) -> Result<Vec<u8>, DocumentError> {
        static STANDARDS: LazyLock<Result<PdfStandards, String>> =
            LazyLock::new(|| PdfStandards::new(&[PdfStandard::A_3b]).map_err(|error| error.message().to_string()));
        let Self { date, title, mark, .. } = self;
        let day = |part: u32| u8::try_from(part).unwrap_or_default();
        let midnight = Datetime::from_ymd_hms(date.year(), day(date.month()), day(date.day()), 0, 0, 0);
        let options = PdfOptions {
            ident: Smart::Custom(format!("{title}\n{mark}")),
            creator: Smart::Custom(Some("keeptab".to_owned())),
            timestamp: midnight.map(Timestamp::new_utc),
            standards: STANDARDS.clone().map_err(DocumentError::Pdf)?,
            ..PdfOptions::default()
        };
        typst_pdf::pdf(document, &options).map_err(|errors| DocumentError::Pdf(told(&errors)))
    }
}

/// Returns the characters of a sheet that no built-in face can show.
pub(crate) fn missing_characters(sheet: &impl Serialize) -> BTreeSet<char> {
    let mut missing = BTreeSet::new();
    // A sheet is made of texts only, so that this cannot fail; printing it would tell.
    if let Ok(mut values) = serde_json::to_value(sheet) {
        text::fit(&mut values, &mut missing);
    }
    missing
}

fn told(errors: &[SourceDiagnostic]) -> String {
    let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    messages.join("; ")
}
