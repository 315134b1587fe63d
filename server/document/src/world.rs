//! What typst may see of the world: a template, one file of values, two fonts. No disk, no network, no clock.

use std::sync::{LazyLock, OnceLock};

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::font::FONTS;

/// What is laid out.
#[derive(Clone, Copy)]
pub(crate) enum Template {
    /// An invoice or a draft.
    Invoice,
    /// A timesheet.
    Timesheet,
}

/// What is the same for all documents, made once a process.
struct Shared {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    invoice: Source,
    timesheet: Source,
    look: OnceLock<Source>,
}

static SHARED: LazyLock<Shared> = LazyLock::new(|| Shared {
    library: LazyHash::new(Library::default()),
    book: LazyHash::new(FontBook::from_fonts(FONTS.iter())),
    invoice: Source::detached(include_str!("../template/invoice.typ")),
    timesheet: Source::detached(include_str!("../template/timesheet.typ")),
    look: OnceLock::new(),
});

/// The world of one document.
pub(crate) struct Desk {
    template: Template,
    values: Bytes,
}

impl Desk {
    /// Takes the values of a document, as JSON.
    pub(crate) fn new(template: Template, values: Vec<u8>) -> Self {
        Self {
            template,
            values: Bytes::new(values),
        }
    }

    fn template(&self) -> &'static Source {
        match self.template {
            Template::Invoice => &SHARED.invoice,
            Template::Timesheet => &SHARED.timesheet,
        }
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &SHARED.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &SHARED.book
    }

    fn main(&self) -> FileId {
        self.template().id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main() {
            Ok(self.template().clone())
        } else if id.get().vpath().get_without_slash() == "look.typ" {
            let made = || Source::new(id, include_str!("../template/look.typ").to_owned());
            Ok(SHARED.look.get_or_init(made).clone())
        } else {
            Err(FileError::NotSource)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id.get().vpath().get_without_slash() == "sheet.json" {
            Ok(self.values.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
