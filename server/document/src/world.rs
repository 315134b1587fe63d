//! What typst may see of the world: one template, one file of values, two fonts. No disk, no network, no clock.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::font::FONTS;

/// What is the same for all invoices, made once a process.
struct Shared {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    template: Source,
}

static SHARED: LazyLock<Shared> = LazyLock::new(|| Shared {
    library: LazyHash::new(Library::default()),
    book: LazyHash::new(FontBook::from_fonts(FONTS.iter())),
    template: Source::detached(include_str!("../template/invoice.typ")),
});

/// The world of one invoice.
pub(crate) struct Desk {
    values: Bytes,
}

impl Desk {
    /// Takes the values of an invoice, as JSON.
    pub(crate) fn new(values: Vec<u8>) -> Self {
        Self {
            values: Bytes::new(values),
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
        SHARED.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main() {
            Ok(SHARED.template.clone())
        } else {
            Err(FileError::NotSource)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id.get().vpath().get_without_slash() == "invoice.json" {
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
