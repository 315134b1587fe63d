//! From values to the bytes of a PDF: the part that all documents share.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use serde_json::Value;
use typst::comemo;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Bytes, Datetime, Smart};
use typst::{World, WorldExt};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::font::Brought;
use crate::world::{Desk, File, Fonts, Template};
use crate::{DocumentError, apart, facturx, text};

/// A document that is being printed.
pub(crate) struct Manuscript<'a> {
    /// Its layout.
    pub(crate) template: Template,
    /// The title.
    pub(crate) title: String,
    /// The author.
    pub(crate) author: &'a str,
    /// A text that distinguishes it from other documents of its title.
    pub(crate) mark: String,
    /// The creation date of the file.
    pub(crate) date: NaiveDate,
    /// The files that its layout reads besides the values: a logo, a code.
    pub(crate) files: Vec<File>,
    /// The electronic invoice inside, if any.
    pub(crate) inside: Option<Vec<u8>>,
    /// Its fonts beside the built-in ones.
    pub(crate) fonts: Fonts,
}

impl Manuscript<'_> {
    /// Lays values out on pages.
    pub(crate) fn typeset(&self, sheet: &impl Serialize) -> Result<PagedDocument, DocumentError> {
        let mut values: Value = serde_json::to_value(sheet)?;
        text::fit(&mut values, &self.fonts.brought, &mut BTreeSet::new());
        let mut files = self.files.clone();
        files.push(("sheet.json".to_owned(), Bytes::new(serde_json::to_vec(&values)?)));
        if let Some(inside) = &self.inside {
            files.push((facturx::NAME.to_owned(), Bytes::new(inside.clone())));
        }
        let desk = Desk::new(&self.template, files, self.inside.is_some(), self.fonts.clone());
        let document = typst::compile::<PagedDocument>(&desk).output;
        let mut document = document.map_err(|errors| self.refused(&errors, &desk))?;
        let info = document.info_mut();
        info.title = Some(text::clean(&self.title).into());
        info.author = vec![text::clean(self.author).into()];
        Ok(document)
    }

    /// Prints values as a PDF/A-3b, with a template of the user's own in a process of its own.
    pub(crate) fn pdf(&self, sheet: &impl Serialize) -> Result<Vec<u8>, DocumentError> {
        if let Template::Own(template) = &self.template
            && let Some(printed) = apart::print(self, template, serde_json::to_value(sheet)?)
        {
            return printed;
        }
        self.print(sheet)
    }

    /// Prints values in process.
    pub(crate) fn print(&self, sheet: &impl Serialize) -> Result<Vec<u8>, DocumentError> {
        let bytes = self.typeset(sheet).and_then(|document| self.write(&document));
        // Keep the cache for the next document: a draft that is shown again, or issued, differs in few places.
        comemo::evict(1);
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
        let pdf = typst_pdf::pdf(document, &options).map_err(|errors| DocumentError::Pdf(told(&errors)))?;
        if self.inside.is_none() {
            return Ok(pdf);
        }
        let unlike = || DocumentError::Pdf("its metadata are not where they were".to_owned());
        facturx::declare(&pdf).ok_or_else(unlike)
    }

    /// Returns the error in a layout, with its place if the layout is the user's.
    fn refused(&self, errors: &[SourceDiagnostic], desk: &Desk) -> DocumentError {
        let first = errors.first().filter(|_| matches!(self.template, Template::Own(_)));
        let Some(error) = first else {
            return DocumentError::Typeset(told(errors));
        };
        // An error inside a built-in function has its place in the trace.
        let spans = std::iter::once(error.span).chain(error.trace.iter().map(|point| point.span.into()));
        let Template::Own(template) = &self.template else {
            return DocumentError::Typeset(told(errors));
        };
        let mut lines = spans
            .filter(|span| span.id() == Some(template.id()))
            .filter_map(|span| {
                let start = desk.range(span)?.start;
                desk.source(template.id()).ok()?.lines().byte_to_line(start)
            });
        DocumentError::Template {
            name: template.id().vpath().get_without_slash().to_owned(),
            line: lines.next().map_or(1, |line| line + 1),
            message: error.message.to_string(),
        }
    }
}

/// Returns the characters of a sheet that neither a built-in face nor one of these can show.
pub(crate) fn missing_characters(sheet: &impl Serialize, faces: &Brought) -> BTreeSet<char> {
    let mut missing = BTreeSet::new();
    // A sheet consists of texts only, so this cannot fail; printing would report it.
    if let Ok(mut values) = serde_json::to_value(sheet) {
        text::fit(&mut values, faces, &mut missing);
    }
    missing
}

fn told(errors: &[SourceDiagnostic]) -> String {
    let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    messages.join("; ")
}
